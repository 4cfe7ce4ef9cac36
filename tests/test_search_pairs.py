"""Searching passages that say the same in both languages; the pairs are made by hand."""

from dataclasses import replace

import numpy as np
import pytest
from by_hand import document, put

from indexer.analysis import analyze
from indexer.engine import IndexedPassage
from indexer.engine.whoosh import WhooshEngine
from indexer.hits import numbers_of
from indexer.model.text import Span
from indexer.query import parse_query
from indexer.search import Archive
from indexer.settings import Settings

TEXTS = [
    ("en", "The boat of 1952 waited at the pier", (4, 5)),
    ("en", "Nobody has translated the boat yet", ()),
    ("en", "Salt and rope", (6,)),
    ("en", "Rope in 1952", (6,)),
    ("ko", "1952년의 배", (0,)),
    ("ko", "선착장에서 기다렸다", (0,)),
    ("ko", "소금과 밧줄, 1952", (2, 3)),
]


def paired(name, texts=TEXTS):
    made = document(name, passages=[(text, analyze(text)) for _, text, _ in texts])
    return replace(
        made,
        passages=tuple(
            IndexedPassage(replace(one.passage, lang=lang, partners=partners), one.tokens)
            for one, (lang, _, partners) in zip(made.passages, texts, strict=True)
        ),
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    settings = Settings(tmp_path_factory.mktemp("paired") / "data")
    engine = WhooshEngine(settings.index)
    put(engine, document("before", "something else"), paired("letters"))
    put(engine, paired("more"), document("after", "a boat alone"), remove=["before"])
    return Archive(settings, engine)


def sides(results):
    return [
        (hit.passage.ordinal, hit.pair.text if hit.pair else None)
        for hit in results.hits
        if hit.passage.document == "letters"
    ]


def test_a_hit_shows_all_its_partners_with_what_the_query_marks_in_them(archive):
    (hit,) = [
        h
        for h in archive.passages("pier 1952").hits
        if h.passage.document == "letters" and not h.passage.ordinal
    ]
    assert hit.pair.lang == "ko"
    assert hit.pair.text == "1952년의 배\n선착장에서 기다렸다"
    assert [hit.pair.text[span.slice] for span in hit.pair.highlights] == ["1952"]
    assert hit.pair.address == "letters-4"


def test_highlights_of_a_later_partner_count_from_the_start_of_the_joined_text(archive):
    (hit,) = [
        h for h in archive.passages("밧줄 rope 1952", lang="ko").hits if h.passage.document == "letters"
    ][:1]
    assert hit.pair.text == "Salt and rope\nRope in 1952"
    assert hit.pair.highlights == (Span(9, 13), Span(14, 18), Span(22, 26))


def test_both_sides_of_a_pair_are_one_hit(archive):
    results = archive.passages("1952", limit=100)
    assert sorted(ordinal for ordinal, _ in sides(results)) in ([0, 3], [0, 6], [3, 4], [4, 6])
    assert results.total == len(results.hits) == 4


def test_no_match_is_lost_by_folding(archive):
    """What matches is a hit, or stands in the side of one."""
    for query in ("1952", "rope", "boat", "salt 소금", "rope 밧줄 배"):
        matching = {
            hit.passage.text
            for lang in ("en", "ko")
            for hit in archive.passages(query, lang=lang, limit=100).hits
        }
        shown = archive.passages(query, limit=100).hits
        seen = {
            text
            for hit in shown
            for text in (hit.passage.text, *(hit.pair.text.split("\n") if hit.pair else ()))
        }
        assert matching <= seen, query


def test_facets_count_passages_by_language_and_pairs_once(archive):
    facets = archive.search("1952").facets
    assert facets.langs == {"en": 4, "ko": 4}
    assert (facets.total, facets.paired) == (4, 4)
    assert archive.search("1952", lang="en").total == 4


def test_lang_both_and_the_choice_find_what_is_paired(archive):
    assert parse_query("boat lang:both").paired
    for results in (archive.passages("boat lang:both"), archive.passages("boat", paired=True)):
        assert {hit.passage.ordinal for hit in results.hits} == {0}
    assert archive.search("boat").facets.paired == 2
    assert archive.passages("lang:both", limit=100).total == archive.passages("", paired=True).total == 6


def test_what_is_to_be_left_out_is_no_filter():
    assert not parse_query("-lang:both").paired


def test_partners_are_found_wherever_they_were_written(archive):
    columns = archive._engine.snapshot().columns
    (first,) = np.flatnonzero((columns.ordinal == 0) & (columns.pair > 0))[:1]
    near = numbers_of(columns, int(first), (4, 5))
    shuffled = np.random.default_rng(7).permutation(len(columns.ordinal))
    by_passage = (name for name in columns.__slots__ if name != "years")
    moved = replace(columns, **{name: getattr(columns, name)[shuffled] for name in by_passage})
    back = {int(old): new for new, old in enumerate(shuffled)}
    assert numbers_of(moved, back[int(first)], (4, 5)) == [back[number] for number in near]
