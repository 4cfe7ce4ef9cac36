"""Rankings and what is narrowed from them, against plain sorting of everything."""

import numpy as np
import pytest
from by_hand import document, put, query
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine.ranking import Gains, Ranking, best_of, reached_by
from indexer.engine.whoosh import WhooshEngine, scores
from indexer.model.query import Evidence, Phrase, Variant, Word
from indexer.model.terms import Field, Term
from indexer.narrow import Choice, group_by_document, narrow

SCORES = st.lists(st.sampled_from([0.0, 0.5, 1.0, 1.5, 7.25]), max_size=40)


def in_order(scores, before):
    """The indices, best first."""
    return sorted(range(len(scores)), key=lambda at: (not before[at], -scores[at], at))


@given(SCORES, st.integers(0, 45), st.data())
def test_the_best_are_the_first_of_all_in_order(scores, many, data):
    before = data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores)))
    values = np.array(scores, dtype=np.float32)
    everything = in_order(scores, before)
    assert best_of(values, many, np.array(before, dtype=bool)).tolist() == everything[:many]
    assert best_of(values, many).tolist() == in_order(scores, [True] * len(scores))[:many]


@given(
    st.integers(1, 30_000), st.integers(1, 2_000), st.sampled_from([1, 3, 100, 1 << 20]), st.integers(0, 99)
)
def test_of_many_scores_the_best_are_the_first_in_order(size, many, different, seed):
    values = np.random.default_rng(seed).integers(different, size=size).astype(np.float32)
    expected = np.lexsort((np.arange(size), -values))[:many]
    assert best_of(values, many).tolist() == expected.tolist()
    if many < size:
        assert np.count_nonzero(values >= reached_by(values, many)) >= many


def ascending(indices):
    """The indices, which are asked for in this order only: postings are read from front to back."""
    assert (np.diff(indices) > 0).all()
    return indices


@st.composite
def rankings(draw):
    """A ranking of some numbers, of which a few were looked at closer; and its order and scores as lists."""
    scores = draw(SCORES)
    before = draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores)))
    numbers = sorted(draw(st.sets(st.integers(0, 99), min_size=len(scores), max_size=len(scores))))
    order = in_order(scores, before)
    closer = draw(st.integers(0, 8))
    first = draw(st.permutations(order[:closer]))
    known = dict(enumerate(scores)) | {at: 100.0 - place for place, at in enumerate(first)}
    values = np.array(scores, dtype=np.float32)
    ranking = Ranking(
        np.array(numbers, dtype=np.intp),
        np.array(first, dtype=np.intp),
        np.array([known[at] for at in first]),
        lambda at: values if at is None else values[ascending(at)],
        np.array(before, dtype=bool),
        Gains.none(len(first)),
    )
    return ranking, [*first, *order[len(first) :]], known


@given(rankings(), st.integers(0, 45), st.data())
def test_a_ranking_is_put_in_order_as_far_as_somebody_looks(made, many, data):
    ranking, order, known = made
    assert ranking.best(many).tolist() == order[:many]
    assert ranking.numbers.tolist() == [ranking.matches[at] for at in order]
    assert ranking.scores.tolist() == [known[at] for at in order]
    some = sorted(data.draw(st.sets(st.sampled_from(order)) if order else st.just(set())))
    among = np.array(some, dtype=np.intp)
    assert ranking.best(many, among).tolist() == [at for at in order if at in some][:many]
    mixed = data.draw(st.permutations(some))
    assert ranking.scores_at(np.array(mixed, dtype=np.intp)).tolist() == [known[at] for at in mixed]
    chosen = np.isin(np.arange(len(order)), some)
    left = ranking.only(chosen)
    assert left.numbers.tolist() == [ranking.matches[at] for at in order if at in some]
    assert left.scores.tolist() == [known[at] for at in order if at in some]


# --- narrowing -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    engine = WhooshEngine(tmp_path_factory.mktemp("index"))
    rng = np.random.default_rng(11)
    made = []
    for n in range(40):
        texts = [" ".join(rng.choice(list("abcdz"), size=rng.integers(1, 9))) for _ in range(n % 7)]
        lang, year = ("ko", "en")[n % 2], (0, 2019, 2020, 2021, 2023)[n % 5]
        made.append(document(f"d{n}", *texts, lang=lang, year=year))
    put(engine, *made)
    return engine.snapshot()


@given(
    st.sampled_from("abcdz"),
    st.builds(
        Choice,
        lang=st.sampled_from([None, "en", "ko"]),
        years=st.sampled_from([None, (2019, 2020), (2021, 2021)]),
        sort=st.sampled_from(["relevance", "date"]),
    ),
    st.tuples(st.integers(0, 30), st.integers(1, 12)),
    st.booleans(),
)
def test_pages_of_what_was_narrowed_are_cut_from_the_whole_order(snapshot, term, choice, page, grouped):
    first, many = page
    columns, asked = snapshot.columns, query(term)
    ranking = snapshot.rank(asked)
    kept = [
        int(number)
        for number in ranking.numbers
        if choice.lang in (None, "ko" if columns.korean[number] else "en")
        and (choice.years is None or choice.years[0] <= columns.year[number] <= choice.years[1])
    ]
    if choice.sort == "date":
        kept.sort(key=lambda number: -columns.date[number])
    found = narrow(columns, asked, ranking, choice)
    assert found.numbers.tolist() == sorted(kept)
    shown = group_by_document(columns, found, first, first + many, grouped=grouped)
    groups = [[number] for number in kept]
    if grouped:
        by_document = {}
        for number in kept:
            by_document.setdefault(columns.document[number], []).append(number)
        groups = list(by_document.values())
    assert [found.numbers[one].tolist() for one in shown.shown] == groups[first : first + many]
    assert shown.groups == len(groups)
    assert shown.documents == len({columns.document[number] for number in kept})
    years = [
        int(columns.year[n])
        for n in ranking.matches
        if choice.lang in (None, "ko" if columns.korean[n] else "en")
    ]
    assert found.facets.years == {year: years.count(year) for year in set(years) - {0}}


# --- terms that are weighed later ----------------------------------------------------------------------


@settings(max_examples=25)
@given(st.lists(st.sampled_from("abcdz"), min_size=2, max_size=5, unique=True), st.data())
def test_terms_that_are_weighed_later_change_neither_order_nor_scores(snapshot, terms, data):
    weights = [data.draw(st.sampled_from([0.01, 0.1, 1.0, 5.0])) for _ in terms]
    asked = query(
        *(
            Word(
                text, (Variant((Term(Field.ENGLISH, text),)),), (Evidence(Term(Field.ENGLISH, text), weight),)
            )
            for text, weight in zip(terms, weights, strict=True)
        )
    )
    answers = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indexer.engine.whoosh.executor.CLOSER", 5)
        for long, little in ((10**9, 0.12), (0, 0.6)):
            patch.setattr(scores, "_LONG", long)
            patch.setattr(scores, "_LITTLE", little)
            found = snapshot._terms._found
            found._kept = type(found._kept)(1 << 20)
            ranking = snapshot.rank(asked)
            answers.append(dict(zip(ranking.numbers.tolist(), ranking.scores.tolist(), strict=True)))
    assert answers[0] == pytest.approx(answers[1], rel=1e-5)
    first, second = (list(answer.values())[:5] for answer in answers)
    assert first == pytest.approx(second, rel=1e-5), "the same scores in the same order"


# --- sums of few and of many ---------------------------------------------------------------------------


def two_words(first, second):
    words = [
        Word(text, (Variant((Term(Field.ENGLISH, text),)),), (Evidence(Term(Field.ENGLISH, text), 1.0),))
        for text in (first, second)
    ]
    return query(*words, nearby=(Phrase(f"{first} {second}", tuple(words)),))


@settings(max_examples=25)
@given(st.lists(st.sampled_from("abcdz"), min_size=2, max_size=2, unique=True), st.data())
def test_it_makes_no_difference_how_scores_are_added_up(snapshot, terms, data):
    asked = two_words(*terms)
    answers = []
    with pytest.MonkeyPatch.context() as patch:
        for few, rare, enough in ((10**9, 8, 10**9), (0, 0, 10**9), (0, 10**9, 0), (10**9, 0, 0)):
            patch.setattr("indexer.engine.whoosh.sums._FEW", few)
            patch.setattr("indexer.engine.whoosh.sums._RARE", rare)
            patch.setattr("indexer.engine.whoosh.executor._ENOUGH", enough)
            ranking = snapshot.rank(asked)
            some = st.sets(st.integers(0, max(0, len(ranking.matches) - 1)), max_size=len(ranking.matches))
            chosen = np.array(sorted(data.draw(some)), dtype=np.intp)
            weighed = ranking.weigh(chosen).tolist()
            assert weighed == ranking.weigh(None)[chosen].tolist()
            answers.append((ranking.numbers.tolist(), ranking.scores.tolist()))
    assert all(answer == answers[0] for answer in answers)
