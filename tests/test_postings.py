import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.whoosh.ascending import intersect, meet, ranges, unite, without
from indexer.engine.whoosh.postings import Occurrences, Postings, add, adjoin, count, merge

ROWS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(1, 2), st.integers(0, 8), st.integers(1, 3)),
    max_size=12,
    unique=True,
).map(lambda rows: sorted((n, p, p + length, s, s + size) for n, p, length, s, size in rows))


def occurrences(rows):
    if not rows:
        return Occurrences.none()
    number, position, end, start, stop = np.array(sorted(rows), dtype=np.int64).T
    return Occurrences.of(number, (position, end - position), (start, stop - start))


def rows(found):
    places = (found.begins, found.ends, found.starts, found.stops)
    columns = [found.numbers, *(place & 0xFFFF_FFFF for place in places)]
    return list(zip(*(column.tolist() for column in columns), strict=True))


@given(ROWS, ROWS)
def test_neighbours_are_those_that_begin_at_the_unit_where_the_other_ends(left, right):
    expected = [(a[0], a[1], b[2], a[3], b[4]) for a in left for b in right if a[0] == b[0] and b[1] == a[2]]
    assert sorted(rows(adjoin(occurrences(left), occurrences(right)))) == sorted(expected)


@given(st.text(alphabet="가나", min_size=3, max_size=14), st.text(alphabet="가나", min_size=2, max_size=6))
def test_bigrams_in_a_row_are_found_just_where_the_syllables_stand(text, wanted):
    def of(bigram):
        return occurrences(
            [(0, at, at + 1, at, at + 2) for at in range(len(text) - 1) if text[at : at + 2] == bigram]
        )

    joined = of(wanted[:2])
    for at in range(1, len(wanted) - 1):
        joined = adjoin(joined, of(wanted[at : at + 2]), syllables=True)
    expected = [at for at in range(len(text)) if text.startswith(wanted, at)]
    assert sorted(joined.starts.tolist()) == expected
    assert sorted(joined.stops.tolist()) == [at + len(wanted) for at in expected]


@given(st.lists(ROWS, max_size=4))
def test_merging_keeps_every_place_once_and_in_order(several):
    merged = rows(merge([occurrences(one) for one in several]))
    assert merged == sorted({row for one in several for row in one})


@given(ROWS)
def test_counting_tells_how_many_places_a_passage_has(some):
    counted = count(occurrences(some))
    numbers = [row[0] for row in some]
    assert dict(zip(counted.numbers.tolist(), counted.counts.tolist(), strict=True)) == {
        number: numbers.count(number) for number in numbers
    }


def test_nothing_has_no_neighbours():
    none = Occurrences.none()
    one = occurrences([(0, 0, 1, 0, 1)])
    assert rows(adjoin(none, one)) == rows(adjoin(one, none)) == rows(adjoin(none, none)) == []


def test_some_in_a_row_are_cut_out_and_put_together_again():
    some = occurrences([(0, 0, 1, 0, 1), (1, 2, 3, 4, 5), (2, 0, 1, 0, 1)])
    assert rows(some.between(1, 3)) == [(1, 2, 3, 4, 5), (2, 0, 1, 0, 1)]
    assert rows(Occurrences.joined([some.between(0, 1), some.between(1, 3)])) == rows(some)
    assert rows(Occurrences.joined([])) == []


# Drawing hundreds of numbers one by one takes seconds; of a long array the seed and the length are drawn.
LONG = st.builds(
    lambda seed, length: {*random.Random(seed).sample(range(601), length)},
    st.integers(0, 2**32),
    st.integers(250, 601),
)
ASCENDING = st.sets(st.integers(0, 3000)) | LONG


@given(ASCENDING, ASCENDING)
def test_two_sorted_arrays_are_met_however_long_they_are(one, other):
    left, right = (np.array(sorted(those), dtype=np.intp) for those in (one, other))
    mine, theirs = meet(left, right)
    assert left[mine].tolist() == right[theirs].tolist() == sorted(one & other)
    assert intersect(left, right).tolist() == sorted(one & other)
    assert without(left, right).tolist() == sorted(one - other)
    assert unite([left, right], 3001).tolist() == sorted(one | other)


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 9)), max_size=60),
    st.sampled_from([201, 5000]),
    st.sampled_from([np.uint8, np.uint32, np.float64]),
)
def test_postings_of_several_terms_are_summed_by_passage(postings, size, kind):
    numbers = np.array([number for number, _ in postings], dtype=np.intp)
    counts = np.array([count for _, count in postings], dtype=kind)
    found = add([Postings(numbers[:7], counts[:7]), Postings(numbers[7:], counts[7:])], size)
    expected = {number: sum(c for n, c in postings if n == number) for number, _ in postings}
    assert dict(zip(found.numbers.tolist(), found.counts.tolist(), strict=True)) == expected
    assert found.numbers.tolist() == sorted(expected)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 3)), max_size=8))
def test_ranges_one_after_the_other_some_of_them_empty(some):
    begins, lengths = (np.array([one[at] for one in some], dtype=np.intp) for at in (0, 1))
    expected = [number for begin, length in some for number in range(begin, begin + length)]
    assert ranges(begins, lengths).tolist() == expected
