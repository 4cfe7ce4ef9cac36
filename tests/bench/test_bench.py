"""The measurements run on a small scale, and measure what they say.  Nothing here is about time."""

import json
from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import analyze
from indexer.model.text import LANGS, Bilingual, Block, BlockKind, Document
from tests.bench.__main__ import main
from tests.bench.census import Census
from tests.bench.corpus import documents
from tests.bench.drawn import drawn
from tests.bench.engines import JOBS, PEERS, fed, installed
from tests.bench.figures import exponent, percentile_95
from tests.bench.invented import write_corpus
from tests.bench.questions import KINDS, as_json, draw, from_json
from tests.bench.store import Store, analyse

PASSAGES = 300


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, PASSAGES)
    return folder


@pytest.fixture(scope="module")
def store(corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("analysed") / "store"
    analyse(documents(corpus), folder, PASSAGES)
    return Store(folder)


def test_queries_of_every_kind_beside_every_peer(corpus, capsys):
    peers = installed(PEERS)
    few = ("--sizes", str(PASSAGES), "--each", "2", "--rounds", "1")
    assert main(["--only", "queries", "--data", str(corpus), *few, "--json", "--peers", *peers]) == 0
    found = json.loads(capsys.readouterr().out)
    (measured,) = found["queries"]
    assert measured["size"] == PASSAGES
    assert set(measured["built"]) == {"hanyeong", *peers}
    answered = {(one["engine"], one["kind"], one["job"]) for one in measured["timed"] if any(one["found"])}
    complete = {"hanyeong", *peers} - {"bm25s"}
    kinds = KINDS.keys() - {"page 5"}  # nothing is found so often in so few passages
    assert set(product(complete, kinds, JOBS)) <= answered
    assert f"finished page, against FTS5, at {PASSAGES}" in {goal["name"] for goal in found["goals"]}


def test_without_the_corpus_one_line_says_what_to_do(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--data", str(tmp_path)])
    assert ended.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "speed-en.jsonl.gz; name the folder that has the corpus with --data" in line


def test_a_store_gives_back_what_the_analysis_gave(store):
    for document in store.indexed(PASSAGES):
        for indexed in document.passages:
            # How much a token says, and whether it stands over others, matters in queries and is not indexed.
            expected = (replace(one, whole=False, weight=1.0) for one in analyze(indexed.passage.text))
            assert tuple(indexed.tokens) == tuple(expected)


def test_peers_get_the_same_passages_with_all_their_terms(store):
    ours = [indexed for document in store.indexed(PASSAGES) for indexed in document.passages]
    theirs = list(fed(store, PASSAGES))
    assert len(ours) == len(theirs) == PASSAGES
    for indexed, passage in zip(ours, theirs, strict=True):
        assert sorted(token.term for token in indexed.tokens) == sorted(
            f"{passage.words} {passage.others}".split()
        )


def test_copies_have_the_words_of_their_passages_each_with_its_tokens(store):
    both = list(store.indexed(2 * PASSAGES))
    real, copies = both[: len(both) // 2], both[len(both) // 2 :]
    moved = 0
    for one, other in zip(real, copies, strict=True):
        assert one.info.id != other.info.id
        for before, after in zip(one.passages, other.passages, strict=True):
            assert sorted(before.passage.text.split()) == sorted(after.passage.text.split())
            assert seen(before) == seen(after)
            assert [t.position for t in after.tokens] == sorted(t.position for t in after.tokens)
            moved += before.passage.text != after.passage.text
    assert moved > PASSAGES / 2  # titles of one word cannot


def seen(indexed):
    """What its tokens say and where they point, whatever the order."""
    text = indexed.passage.text
    return sorted((token.field, token.term, text[token.span.slice], token.length) for token in indexed.tokens)


def test_addresses_are_all_different(store):
    addresses = [indexed.passage.address for document in store.indexed(900) for indexed in document.passages]
    assert len(set(addresses)) == len(addresses) == 900


@settings(max_examples=20)
@given(size=st.integers(1, 4 * PASSAGES))
def test_texts_are_measured_without_being_read(store, size):
    texts = [passage.text for document in store.documents(size) for passage in document.passages]
    assert len(texts) == size
    assert Census(store).text_bytes(size) == sum(len(text.encode()) for text in texts)


@pytest.mark.parametrize("size", [1, 7, PASSAGES])
def test_terms_are_counted_in_the_passages_of_a_language(store, size):
    passages = [
        (passage.lang, set(rows["term"].tolist()))
        for document in store.documents(size)
        for passage, rows in zip(document.passages, document.rows, strict=True)
    ]
    for lang in LANGS:
        counted = Counter(term for its, terms in passages if its == lang for term in terms)
        found = Census(store).frequency(lang, size)
        assert {term: found[term] for term in np.flatnonzero(found)} == counted
        assert len(Census(store).places(lang, size)) == sum(its == lang for its, _ in passages)


def test_a_document_is_read_by_its_number(store):
    for number, document in enumerate(store.documents(store.real)):
        again = store.document(number)
        assert (again.info, again.passages, again.title) == (document.info, document.passages, document.title)
        assert all(np.array_equal(a, b) for a, b in zip(again.rows, document.rows, strict=True))


def test_drawn_queries_are_kept(store, monkeypatch):
    first = drawn(store, PASSAGES, 2)
    assert first == draw(store, PASSAGES, 2)
    monkeypatch.setattr("tests.bench.drawn.draw", None)
    assert drawn(store, PASSAGES, 2) == first
    with pytest.raises(TypeError):  # others are drawn
        drawn(store, PASSAGES, 2, skip=1)


def test_queries_are_the_same_each_time_and_others_for_warming(store):
    asked = draw(store, PASSAGES, 4)
    assert asked == draw(store, PASSAGES, 4)
    assert {one.kind for one in asked} == set(KINDS)
    other = draw(store, PASSAGES, 2, skip=2)
    for kind in KINDS:
        assert not {a.text for a in asked if a.kind == kind} & {b.text for b in other if b.kind == kind}


def test_a_query_survives_its_way_to_an_engine(store):
    for one in draw(store, PASSAGES, 2):
        assert from_json(as_json(one)) == one


@settings(max_examples=30)
@given(st.lists(st.text("가나다abc -·1", min_size=1, max_size=30), min_size=1, max_size=4))
def test_any_text_can_be_shuffled(tmp_path_factory, texts):
    words = [" ".join(text.split()) for text in texts]
    blocks = tuple(Block(BlockKind.PARAGRAPH, text) for text in words if text)
    if not blocks:
        return
    folder = tmp_path_factory.mktemp("any") / "store"
    analyse([Document("x", Bilingual(), (), None, blocks)], folder, 10)
    opened = Store(folder)
    (one,), (other,) = (list(opened.indexed(opened.real)), list(opened.indexed(2 * opened.real))[1:])
    assert list(map(seen, one.passages)) == list(map(seen, other.passages))


def test_figures():
    assert percentile_95([3.0]) == 3.0
    assert exponent([50, 100, 200], [1.0, 2.0, 4.0]) == pytest.approx(1)
