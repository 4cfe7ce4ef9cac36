"""The executor against a plain reference: the same words looked for one passage after another."""

import random
import tempfile
from pathlib import Path

import numpy as np
import pytest
from by_hand import document, found, phrase, put, query, tokens, word
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine.whoosh import WhooshEngine, scores
from indexer.engine.whoosh.sequences import phrase_postings
from indexer.model.query import AnyOf, Evidence, Phrase, Prefix, Query, Variant, Word
from indexer.model.terms import Field, Term, Token
from indexer.model.text import Span
from indexer.snippets import merge_spans

# --- random archives -----------------------------------------------------------------------------------

LETTERS = "abc"


@st.composite
def passages(draw):
    """A text of single letters; some pairs of neighbours also have a token that covers both, and bigrams."""
    text = " ".join(draw(st.text(alphabet=LETTERS, min_size=0, max_size=8)))
    units = text.split()
    made = list(tokens(text))
    made += [
        Token(Field.ENGLISH, units[at] + units[at + 1], Span(2 * at, 2 * at + 3), at, 2)
        for at in range(len(units) - 1)
        if draw(st.booleans())
    ]
    made += [
        Token(Field.KOREAN, units[at], Span(2 * at, 2 * at + 1), at)
        for at in range(len(units))
        if draw(st.booleans())
    ]
    for at in range(len(text) - 1):
        if draw(st.integers(0, 3)):
            term = (text[at : at + 2]).replace(" ", "_")
            made.append(Token(Field.BIGRAM, term, Span(at, at + 2), at // 2))
    return text, made


@st.composite
def archives(draw):
    """Several commits: documents with passages, of which some are replaced or removed later."""
    commits = []
    alive = {}
    for _ in range(draw(st.integers(1, 3))):
        removed = [name for name in sorted(alive) if draw(st.integers(0, 3)) == 0]
        added = []
        for name in ("p", "q", "r", "s"):
            if (name not in alive or name in removed) and draw(st.booleans()):
                lang, year = draw(st.sampled_from(["en", "ko"])), draw(st.sampled_from([0, 2020, 2021, 2023]))
                title, author = (
                    draw(st.sampled_from(["", "a", "a b", "c"])),
                    draw(st.sampled_from(["", "b", "c b"])),
                )
                made = draw(st.lists(passages(), max_size=4))
                added.append(document(name, lang=lang, year=year, title=title, author=author, passages=made))
        for name in removed:
            del alive[name]
        alive.update({one.info.id: one for one in added})
        commits.append((removed, added))
    return commits, alive


TERMS = st.sampled_from(
    [Term(Field.ENGLISH, t) for t in ("a", "b", "c", "ab", "bc", "x")] + [Term(Field.KOREAN, "a")]
)
BIGRAMS = st.lists(
    st.sampled_from([Term(Field.BIGRAM, t) for t in ("a_", "_b", "b_", "_a", "_c")]), min_size=1, max_size=4
)
VARIANTS = st.builds(
    Variant,
    st.lists(TERMS, min_size=1, max_size=3).map(tuple) | BIGRAMS.map(tuple),
    st.sampled_from([1.0, 0.5]),
)
EVIDENCE = st.builds(Evidence, TERMS, st.sampled_from([1.0, 0.3]))
WORDS = st.builds(
    Word,
    st.just("w"),
    st.lists(VARIANTS, min_size=1, max_size=2).map(tuple),
    st.lists(EVIDENCE, max_size=3).map(tuple),
    st.sampled_from([False, False, True]),
)
PREFIXES = st.builds(
    Prefix,
    st.just("p"),
    st.sampled_from(["a", "b", "x"]),
    st.sampled_from([(Field.ENGLISH,), (Field.KOREAN,), (Field.ENGLISH, Field.KOREAN)]),
    st.builds(Word, st.just("w"), st.just((Variant((Term(Field.ENGLISH, "a"),)),))),
)
PHRASES = st.builds(Phrase, st.just("f"), st.lists(WORDS, min_size=1, max_size=3).map(tuple))
SIMPLE = WORDS | PREFIXES | PHRASES
CLAUSES = SIMPLE | st.builds(AnyOf, st.lists(SIMPLE, min_size=1, max_size=3).map(tuple))


@st.composite
def queries(draw):
    few = st.lists(CLAUSES, max_size=3).map(tuple)
    seldom = st.lists(CLAUSES, max_size=1).map(tuple)
    return Query(
        "…",
        clauses=draw(few),
        nearby=draw(st.lists(PHRASES, max_size=1).map(tuple)),
        excluded=draw(seldom),
        titles=draw(seldom),
        authors=draw(seldom),
        lang=draw(st.sampled_from([None, None, "en", "ko"])),
        years=draw(st.sampled_from([None, None, (2020, 2021), (2023, 2023), (0, 3000)])),
    )


# --- the reference -------------------------------------------------------------------------------------


def places(clause, made):
    """Where `clause` stands in a passage of these tokens: (position, end, start, stop)."""
    match clause:
        case Word():
            return {place for variant in clause.variants for place in sequence(variant.terms, made)}
        case Prefix():
            expanded = {
                place(token)
                for token in made
                if token.field in clause.fields and token.term.startswith(clause.beginning)
            }
            return expanded | places(clause.word, made)
        case Phrase():
            joined = places(clause.words[0], made)
            for one in clause.words[1:]:
                joined = {(a[0], b[1], a[2], b[3]) for a in joined for b in places(one, made) if a[1] == b[0]}
            return joined
        case AnyOf():
            return {place for one in clause.clauses for place in places(one, made)}


def place(token):
    return token.position, token.position + token.length, token.span.start, token.span.end


def sequence(terms, made):
    joined = None
    for term in terms:
        here = {place(token) for token in made if (token.field, token.term) == (term.field, term.text)}
        if joined is None:
            joined = here
        elif term.field is Field.BIGRAM:
            joined = {(a[0], b[1], a[2], b[3]) for a in joined for b in here if b[2] == a[3] - 1}
        else:
            joined = {(a[0], b[1], a[2], b[3]) for a in joined for b in here if a[1] == b[0]}
    return joined


def is_optional(clause):
    return isinstance(clause, Word) and clause.optional


def expected(asked, alive):
    """By address: the spans, and how many of the words that count the passage has."""
    answer = {}
    for one in alive.values():
        year = one.info.date.year if one.info.date else 0
        about = all(places(c, one.title) for c in asked.titles) and all(
            places(c, one.authors) for c in asked.authors
        )
        in_years = asked.years is None or (year and asked.years[0] <= year <= asked.years[1])
        for indexed in one.passages:
            in_lang = asked.lang is None or indexed.passage.lang == asked.lang
            barred = any(places(clause, indexed.tokens) for clause in asked.excluded)
            required = [clause for clause in asked.clauses if not is_optional(clause)]
            having = [places(clause, indexed.tokens) for clause in required]
            if about and in_years and in_lang and not barred and (not required or any(having)):
                spans = {(start, stop) for found in having for _, _, start, stop in found}
                answer[indexed.passage.address] = (spans, sum(map(bool, having)), len(required))
    return answer


@settings(max_examples=40)
@given(archives(), st.lists(queries(), min_size=5, max_size=12))
def test_every_query_finds_and_marks_what_the_reference_does(archive, asked):
    commits, alive = archive
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder))
        for removed, added in commits:
            put(engine, *added, remove=removed)
        snapshot = engine.snapshot()
        for one in asked:
            ranking = snapshot.rank(one)
            numbers = [int(number) for number in ranking.numbers]
            addresses = [passage.address for passage in snapshot.passages(numbers)]
            wanted = expected(one, alive)
            assert sorted(addresses) == sorted(wanted)
            complete = [wanted[address][1] == wanted[address][2] for address in addresses]
            assert complete == sorted(complete, reverse=True), "passages with all the words come first"
            marked = [merge_spans(wanted[address][0]) for address in addresses]
            assert snapshot.spans(one, numbers) == marked
            assert all(score >= 0 for score in ranking.scores)


@settings(max_examples=15)
@given(archives(), st.lists(queries(), min_size=3, max_size=5))
def test_scores_and_order_do_not_depend_on_how_the_index_was_written(archive, asked):
    commits, alive = archive
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        grown, fresh = WhooshEngine(Path(one)), WhooshEngine(Path(other))
        for removed, added in commits:
            put(grown, *added, remove=removed)
        put(fresh, *alive.values())
        grown.snapshot().warm()  # nor on whether something was read beforehand
        for query_ in asked:
            scores = []
            for engine in (grown, fresh):
                ranking = engine.snapshot().rank(query_)
                found_ = engine.snapshot().passages(int(n) for n in ranking.numbers)
                scores.append(
                    {p.address: round(float(s), 9) for p, s in zip(found_, ranking.scores, strict=True)}
                )
            assert scores[0] == scores[1]


# --- single rules --------------------------------------------------------------------------------------


@pytest.fixture
def engine(tmp_path):
    return WhooshEngine(tmp_path / "index")


def test_passages_with_all_the_words_come_before_a_better_one_with_some(engine):
    filler = " ".join("z" * 30)
    put(engine, document("d", "rare rare rare rare", f"rare common {filler}", *["common"] * 5))
    assert found(engine.snapshot(), query("rare", "common"))[0].startswith("rare common")


def test_words_that_stand_side_by_side_are_better(engine):
    put(engine, document("d", "b x x a", "a b x x", "x a x b"))
    asked = query("a", "b", nearby=(phrase("a", "b"),))
    assert found(engine.snapshot(), asked)[0] == "a b x x"


def test_a_rare_word_weighs_more_than_a_common_one(engine):
    put(engine, document("d", "common z", "rare z", *["common y"] * 6))
    assert found(engine.snapshot(), query("common", "rare"))[0] == "rare z"


def test_a_short_passage_is_better_than_a_long_one(engine):
    put(engine, document("d", "war " + "z " * 40, "war z"))
    assert found(engine.snapshot(), query("war"))[0] == "war z"


def test_an_optional_word_neither_finds_nor_marks(engine):
    put(engine, document("d", "the war", "the end", "war"))
    snapshot = engine.snapshot()
    asked = query(word("the", optional=True), "war")
    assert sorted(found(snapshot, asked)) == ["the war", "war"]
    assert {span for spans in snapshot.spans(asked, [1]) for span in spans} <= {Span(4, 7)}


def test_excluded_passages_never_come_through(engine):
    """Whoosh's AndNot lets some through, from about the second block of postings on."""
    texts = [f"war w{n}" + (" peace" if n % 3 == 0 else "") for n in range(1000)]
    put(engine, document("d", *texts))
    put(engine, document("e", *[f"{text} again" for text in texts]))
    hits = found(engine.snapshot(), query("war", excluded=(word("peace"),)))
    assert len(hits) == 2 * (1000 - 334)
    assert not [text for text in hits if "peace" in text]


@pytest.mark.parametrize("terms", [("a", "b"), ("b", "c")])
def test_a_phrase_is_found_across_many_blocks_of_postings(engine, terms):
    put(engine, document("d", *["a b", "b a", "b c a"] * 400))
    put(engine, document("e", *["c b a", "a b c"] * 400))
    left, right = terms
    everything = ["a b", "b a", "b c a"] * 400 + ["c b a", "a b c"] * 400
    expected_ = sorted(text for text in everything if f"{left} {right}" in text)
    assert sorted(found(engine.snapshot(), query(phrase(left, right)))) == expected_


def test_words_in_a_row_are_found_in_one_of_many_titles(engine):
    """A title stands for all passages of its document, and a few are looked for among very many."""
    others = [document(f"o{n}", "x", title="peace and more peace") for n in range(200)]
    texts = ("a", "b", "c")
    wanted = [document(name, *texts, title="peace treaty of peace") for name in ("v", "w")]
    put(engine, *others, *wanted, document("z", "x", "x", "x", title="treaty and then peace"))
    snapshot = engine.snapshot()
    for words in (("peace", "treaty"), ("treaty", "of", "peace")):
        hits = found(snapshot, query(titles=(phrase(*words),)))
        assert hits == [*texts, *texts]


def test_spans_of_single_passages_are_right_far_into_the_postings(engine):
    put(engine, document("d", *[f"{'x ' * (n % 5)}war" for n in range(700)]))
    put(engine, document("e", *[f"{'x ' * (n % 7)}war" for n in range(700)]))
    snapshot = engine.snapshot()
    numbers = [int(n) for n in snapshot.rank(query("war")).numbers]
    for chosen in ([numbers[-1]], numbers[::97], list(reversed(numbers[:5])), [numbers[3], numbers[3]]):
        texts = [passage.text for passage in snapshot.passages(chosen)]
        spans = snapshot.spans(query("war"), chosen)
        assert [[text[span.slice] for span in of] for text, of in zip(texts, spans, strict=True)] == [
            ["war"]
        ] * len(chosen)


def prefix(beginning):
    return Prefix(beginning, beginning, (Field.ENGLISH,), word(beginning))


def test_a_prefix_stands_for_the_200_most_frequent_words_and_says_so(engine):
    texts = [f"word{n:03}" for n in range(300)] + [f"word{n:03}" for n in range(200, 300)]
    put(engine, document("d", *texts))
    ranking = engine.snapshot().rank(query(prefix("word")))
    assert "too-many-expansions" in ranking.notices
    hits = set(found(engine.snapshot(), query(prefix("word"))))
    assert len(hits) == 200
    assert {f"word{n:03}" for n in range(200, 300)} <= hits


def test_a_prefix_of_exactly_200_words_is_not_cut(engine):
    put(engine, document("d", *[f"word{n:03}" for n in range(200)]))
    ranking = engine.snapshot().rank(query(prefix("word")))
    assert len(ranking.numbers) == 200
    assert ranking.notices == ()


def test_a_prefix_of_very_many_words_is_answered_soon(engine):
    put(engine, document("d", " ".join(f"word{n:05}" for n in range(12_000))))
    assert len(engine.snapshot().rank(query(prefix("word"))).numbers) == 1


def test_an_empty_index_answers_every_query_with_nothing(engine):
    put(engine)
    snapshot = engine.snapshot()
    for asked in (query("war"), query(phrase("a", "b")), query(prefix("a")), query(lang="ko"), query()):
        assert list(snapshot.rank(asked).numbers) == []


def test_the_best_of_a_word_s_variants_counts_once(engine):
    put(engine, document("d", "a b", "b"), document("e", *["c"] * 5))
    snapshot = engine.snapshot()
    twice = Word("a", (Variant((Term(Field.ENGLISH, "a"),)), Variant((Term(Field.ENGLISH, "b"),), 0.5)))
    once = Word("a", (Variant((Term(Field.ENGLISH, "a"),)),))
    assert snapshot.rank(query(twice)).scores[0] == pytest.approx(snapshot.rank(query(once)).scores[0])


def test_filters_alone_find_all_that_they_let_through(engine):
    put(
        engine,
        document("d", "a", lang="ko", year=2020),
        document("e", "b", year=2021),
        document("f", "c", year=0),
    )
    snapshot = engine.snapshot()
    assert found(snapshot, query(lang="ko")) == ["a"]
    assert found(snapshot, query(years=(2021, 2030))) == ["b"]
    assert found(snapshot, query(years=(0, 3000))) == ["a", "b"]


def test_a_score_does_not_depend_on_what_was_asked_before(engine, monkeypatch):
    monkeypatch.setattr(scores, "_LONG", 50)
    draw = random.Random(5)
    letters, weights = "abcdefgh", (60, 58, 55, 9, 2, 2, 1, 1)
    made = [" ".join(draw.choices(letters, weights, k=draw.randint(6, 30))) for _ in range(900)]
    put(engine, document("d", *made, title="d e"))

    def judged(letter):
        term = Term(Field.ENGLISH, letter)
        return Word(letter, (Variant((term,)),), (Evidence(term, 1.0),))

    asked = query(*map(judged, letters))
    first = engine.snapshot()
    again = WhooshEngine(engine._index).snapshot()
    for letter in "cab":
        again.rank(query(judged(letter))).weigh(None)
    rankings = [first.rank(asked)]
    known = rankings[0].scores.tolist(), rankings[0].weigh(None).tolist()
    rankings += [first.rank(asked), again.rank(asked)]
    for ranking in rankings:
        assert ranking.scores.tolist() == known[0]
        assert ranking.weigh(None).tolist() == known[1]
        assert np.array_equal(ranking.first, rankings[0].first)


def test_a_phrase_is_found_in_the_order_of_the_passages_whichever_segment_has_its_words(tmp_path):
    engine = WhooshEngine(tmp_path)
    put(engine, document("p", "b c", "b c x", "b b c"))
    put(engine, document("q", "a z b c", "a b z c b c"))
    snapshot = engine.snapshot()
    terms = {text: Term(Field.ENGLISH, text) for text in "abc"}
    # Only the later segment has the first of its forms.
    first = Word("b", (Variant((terms["a"], terms["c"])), Variant((terms["b"],))))
    asked = Phrase("b c", (first, Word("c", (Variant((terms["c"],)),))))
    size = len(snapshot.columns.passage)
    assert len(snapshot._leaves) == 2
    assert phrase_postings(snapshot._terms, asked, "text", size).numbers.tolist() == [1, 2, 3, 5, 6]
    assert found(snapshot, Query("b", (word("b"),), excluded=(asked,))) == []
