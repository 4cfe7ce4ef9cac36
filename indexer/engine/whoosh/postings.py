"""Where terms occur, as arrays, and what can be done with such arrays; pure.

All arrays of one value have the same length and are sorted by passage, then by place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Occurrences",
    "Postings",
    "add",
    "adjoin",
    "count",
    "intersect",
    "intersect_all",
    "meet",
    "merge",
    "unite",
]

_Ints = NDArray[np.int64]
_Numbers = NDArray[np.intp]
_SEVERAL: Final = 2
_SHIFT: Final = 32
"""A passage and a place in it make one sortable number: passages above, places in the lower 32 bits."""
_SEARCHED: Final = 200
"""Fewer numbers are always searched for."""
_LOOKED_AT: Final = 8
"""Numbers that can be marked and looked at in the time that one takes to be searched for."""
_CLEARED: Final = 50
"""Numbers whose marks can be cleared in the time that one takes to be marked and looked at."""
_DENSE: Final = 8
"""Where there is one number for every so many that there can be, it is no longer worth sorting them."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The passages that have a term, and how often."""

    numbers: _Numbers
    counts: NDArray[Any]
    """Small integers, or floats where the counts are weighted."""

    @classmethod
    def none(cls) -> Postings:
        """No posting at all."""
        return cls(np.empty(0, dtype=np.intp), np.empty(0, dtype=np.uint8))


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Every place where a term, or several in a row, occurs."""

    numbers: _Ints
    """The passage; repeated for each occurrence in it."""
    position: _Ints
    """First unit."""
    end: _Ints
    """The unit after the last."""
    start: _Ints
    """First code point."""
    stop: _Ints
    """The code point after the last."""

    @classmethod
    def none(cls) -> Occurrences:
        """No occurrence at all."""
        empty = np.empty(0, dtype=np.int64)
        return cls(empty, empty, empty, empty, empty)

    @classmethod
    def joined(cls, several: Sequence[Occurrences]) -> Occurrences:
        """Several, one after the other."""
        if len(several) == 1:
            return several[0]
        if not several:
            return cls.none()
        return cls(*(np.concatenate([getattr(one, name) for one in several]) for name in cls.__slots__))

    def between(self, first: int, last: int) -> Occurrences:
        """Those at the indices `[first, last)`."""
        return Occurrences(
            self.numbers[first:last],
            self.position[first:last],
            self.end[first:last],
            self.start[first:last],
            self.stop[first:last],
        )


def add(several: Sequence[Postings], size: int) -> Postings:
    """The passages that have any of several terms, with how often they have them together.

    Args:
        several: postings; here passages may come in any order, and more than once.
        size: what all passages are below.
    """
    several = [one for one in several if len(one.numbers)]
    if not several:
        return Postings.none()
    numbers = _joined([one.numbers for one in several])
    counts = _joined([one.counts for one in several])
    if len(numbers) * _DENSE > size:
        sums = np.bincount(numbers, counts, minlength=size)
        numbers = np.flatnonzero(sums != 0)
        return Postings(numbers, sums[numbers])
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order]
    begins = np.flatnonzero(_changes(numbers))
    if len(begins) == len(numbers):
        return Postings(numbers, counts[order])
    return Postings(numbers[begins], np.add.reduceat(counts[order].astype(np.float64), begins))


def meet(one: NDArray[Any], other: NDArray[Any]) -> tuple[_Numbers, _Numbers]:
    """What stands in both of two ascending arrays, each of which has every number once: where in each."""
    if _are_many(one, other):
        return _marks(other, one).nonzero()[0], _marks(one, other).nonzero()[0]
    if len(one) > len(other):
        at, few = meet(other, one)
        return few, at
    at = other.searchsorted(one)
    if len(at) and at[-1] == len(other):
        at = at[: at.searchsorted(len(other))]
    found = (other[at] == one[: len(at)]).nonzero()[0]
    return found, at[found]


def intersect(one: _Numbers, other: _Numbers) -> _Numbers:
    """The numbers that stand in both of two ascending arrays, each of which has every number once."""
    if one is other:
        return one
    return one[_marks(other, one)] if _are_many(one, other) else one[meet(one, other)[0]]


def without(one: _Numbers, other: _Numbers) -> _Numbers:
    """The numbers of `one` that do not stand in `other`; both are as for `intersect`."""
    return one[~_marks(other, one)] if _are_many(one, other) else np.delete(one, meet(one, other)[0])


def _are_many(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Whether a mark for each number that there can be costs less than to search for each that there is."""
    few = min(len(one), len(other))
    if few < _SEARCHED:
        return False
    size = max(int(one[-1]), int(other[-1]))
    return few * _LOOKED_AT > size // _CLEARED + len(one) + len(other)


def _marks(these: NDArray[Any], asked: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of `asked` stand in `these`."""
    marked = np.zeros(max(int(these[-1]), int(asked[-1])) + 1, dtype=bool)
    marked[these] = True
    found: NDArray[np.bool_] = marked.take(asked)
    return found


def intersect_all(several: Sequence[_Numbers]) -> _Numbers:
    """The numbers that stand in all of several such arrays (at least one)."""
    first, *others = sorted(several, key=len)
    for other in others:
        first = intersect(first, other)
    return first


def unite(several: Sequence[_Numbers], size: int) -> _Numbers:
    """The numbers that stand in any of several ascending arrays, ascending, each once.

    Args:
        several: the arrays.
        size: what all numbers are below.
    """
    several = [one for one in several if len(one)]
    if len(several) < _SEVERAL:
        return several[0] if several else np.empty(0, dtype=np.intp)
    if sum(map(len, several)) * _DENSE > size:
        there = np.zeros(size, dtype=bool)
        for one in several:
            there[one] = True
        return np.flatnonzero(there)
    numbers = np.concatenate(several)
    # What is put together from a few parts in order is put in order fastest by a sort that sees them.
    numbers.sort(kind="stable")
    return numbers[_changes(numbers)]


def merge(several: Sequence[Occurrences]) -> Occurrences:
    """All occurrences of several terms, each place once."""
    several = [one for one in several if len(one.numbers)]
    if len(several) < _SEVERAL:
        return several[0] if several else Occurrences.none()
    all_ = Occurrences.joined(several)
    where = (all_.numbers << _SHIFT) | all_.position
    # The bounds of fields of 20, 20 and 24 bits, which places of passages hardly ever exceed.
    length, span = all_.end - all_.position, all_.stop - all_.start
    if max(int(length.max()), int(span.max())) >> 20 or int(all_.start.max()) >> 23:
        columns: list[_Ints] = [all_.stop, all_.start, length, where]
    else:
        columns = [length << 43 | all_.start << 20 | span, where]
    order = np.lexsort(columns)
    new = reduce(np.logical_or, (_changes(column[order]) for column in columns))
    order = order[new]
    return Occurrences(*(getattr(all_, name)[order] for name in Occurrences.__slots__))


def adjoin(left: Occurrences, right: Occurrences, *, syllables: bool = False) -> Occurrences:
    """Where an occurrence of `right` begins just where one of `left` ends.

    Args:
        left: what comes first.
        right: what comes next.
        syllables: join bigrams, each of which begins one code point after the one before.
    """
    before = (left.numbers << _SHIFT) | (left.stop - 1 if syllables else left.end)
    after = (right.numbers << _SHIFT) | (right.start if syllables else right.position)
    order = None
    if (after[1:] < after[:-1]).any():
        order = np.argsort(after, kind="stable")
        after = after[order]
    low, high = after.searchsorted(before, "left"), after.searchsorted(before, "right")
    many = high - low
    first = np.flatnonzero(many)
    second = low[first]
    if len(first) < int(many.sum()):
        first = np.repeat(np.arange(len(before)), many)
        second = np.arange(len(first)) - np.repeat(np.cumsum(many) - many - low, many)
    if order is not None:
        second = order[second]
    return Occurrences(
        left.numbers[first], left.position[first], right.end[second], left.start[first], right.stop[second]
    )


def count(occurrences: Occurrences) -> Postings:
    """The passages of `occurrences`, with how many there are in each."""
    numbers = occurrences.numbers
    if not len(numbers):
        return Postings.none()
    begins = np.flatnonzero(_changes(numbers))
    return Postings(numbers[begins], np.diff(begins, append=len(numbers)))


def _changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of `values` differ from the one before."""
    new = np.empty(len(values), dtype=bool)
    new[:1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new


def _joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
