"""Tokens by runs are put in order like the same tokens one by one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from test_tokens import TEXTS

from indexer.analysis import TokenRuns, _tokens, analyze_all
from indexer.engine.whoosh.gathered import GatheredField, GatheredPart, _sorted_by
from indexer.model.terms import Field

WORDS = "The the “Cease-fire” talks, talks U.S. US (NATO’s) F-16s 1,200 1200 e-mail foo_bar a.b x--y who"
LATIN = st.lists(st.sampled_from([*WORDS.split()]), max_size=12).map(" ".join)


def inverted(rows):
    """All fields of some rows of tokens, as they would be written."""
    fields = {field: GatheredField() for field in Field}
    part = GatheredPart(fields)
    for number, tokens in enumerate(rows):
        part.add(number, tokens)
    units = part.units(len(rows)).tolist()
    more = part.expand()
    found = {field: gathered.invert(more[field]) for field, gathered in fields.items() if gathered.terms}
    return units, part.tokens, found


def assert_same(one, other):
    assert one[:2] == other[:2]
    assert one[2].keys() == other[2].keys()
    for field, some in one[2].items():
        those = other[2][field]
        assert some.terms == those.terms
        for ours, theirs in zip(
            (some.frequencies, some.numbers, some.tf, *some.places),
            (those.frequencies, those.numbers, those.tf, *those.places),
            strict=True,
        ):
            assert ours.tolist() == theirs.tolist()


@settings(max_examples=40)
@given(st.lists(TEXTS | LATIN, max_size=8))
def test_runs_are_what_their_tokens_are(texts):
    rows = list(analyze_all(texts))
    assert_same(inverted(rows), inverted([tuple(row) for row in rows]))


@settings(max_examples=20)
@given(st.lists(LATIN, min_size=1, max_size=8))
def test_runs_of_several_tables_and_tokens_between_them(texts):
    rows = []
    for number, text in enumerate(texts):
        (row,) = analyze_all([text])
        assert isinstance(row, TokenRuns)
        rows.append(tuple(row) if number % 3 == 1 else row)
        if number % 3 == 2:  # what was met is forgotten
            _tokens._Latest.met = _tokens.Met(_tokens.cores)
    assert_same(inverted(rows), inverted([tuple(row) for row in rows]))


@settings(max_examples=50)
@given(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 3), max_size=50))
def test_halves_of_16_bits_sort_like_the_whole(values):
    numbers = np.array(values, dtype=np.uint32)
    assert _sorted_by(numbers).tolist() == np.argsort(numbers, kind="stable").tolist()
