"""Where terms occur, as arrays, and what can be done with such arrays; pure.

All arrays of one value have the same length and are sorted by passage, then by place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["FirstPositions", "Occurrences", "Postings", "add", "adjoin", "count", "intersect", "merge"]

_Ints = NDArray[np.int64]
_SEVERAL: Final = 2
_SHIFT: Final = 32
"""A passage and a place in it make one sortable number: passages above, places in the lower 32 bits."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The passages that have a term, and how often."""

    numbers: _Ints
    counts: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FirstPositions:
    """Of each passage that has a term, the unit at which it first occurs."""

    units: NDArray[np.float64]


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

    def take(self, chosen: NDArray[np.intp]) -> Occurrences:
        """Those at the indices `chosen`."""
        return Occurrences(
            self.numbers[chosen],
            self.position[chosen],
            self.end[chosen],
            self.start[chosen],
            self.stop[chosen],
        )


def add(several: Sequence[Postings]) -> Postings:
    """The passages that have any of several terms, with how often they have them together."""
    several = [one for one in several if len(one.numbers)]
    if len(several) < _SEVERAL:
        return several[0] if several else Postings(np.empty(0, dtype=np.int64), np.empty(0))
    counts: NDArray[np.float64] = np.bincount(  # type: ignore[assignment] # weighted: floats
        np.concatenate([one.numbers for one in several]), np.concatenate([one.counts for one in several])
    )
    numbers = np.flatnonzero(counts)
    return Postings(numbers, counts[numbers])


def intersect(one: _Ints, other: _Ints) -> _Ints:
    """The numbers that stand in both of two ascending arrays, each of which has every number once."""
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    at = np.searchsorted(many, few)
    within = at < len(many)
    within[within] = many[at[within]] == few[within]
    return few[within]


def merge(several: Sequence[Occurrences]) -> Occurrences:
    """All occurrences of several terms, each place once."""
    several = [one for one in several if len(one.numbers)]
    if len(several) < _SEVERAL:
        return several[0] if several else Occurrences.none()
    columns = [
        np.concatenate([getattr(one, name) for one in several]) for name in reversed(Occurrences.__slots__)
    ]
    order = np.lexsort(columns)
    columns = [column[order] for column in columns]
    new = np.ones(len(order), dtype=bool)
    new[1:] = reduce(np.logical_or, (column[1:] != column[:-1] for column in columns))
    return Occurrences(*(column[new] for column in reversed(columns)))


def adjoin(left: Occurrences, right: Occurrences, *, syllables: bool = False) -> Occurrences:
    """Where an occurrence of `right` begins just where one of `left` ends.

    Args:
        left: what comes first.
        right: what comes next.
        syllables: join bigrams, each of which begins one code point after the one before.
    """
    before = (left.numbers << _SHIFT) | (left.stop - 1 if syllables else left.end)
    after = (right.numbers << _SHIFT) | (right.start if syllables else right.position)
    order = np.argsort(after, kind="stable")
    after = after[order]
    low, high = np.searchsorted(after, before, "left"), np.searchsorted(after, before, "right")
    many = high - low
    first = np.repeat(np.arange(len(before)), many)
    offset = np.arange(len(first)) - np.repeat(np.cumsum(many) - many, many)
    second = order[np.repeat(low, many) + offset]
    return Occurrences(
        left.numbers[first], left.position[first], right.end[second], left.start[first], right.stop[second]
    )


def count(occurrences: Occurrences) -> Postings:
    """The passages of `occurrences`, with how many there are in each."""
    numbers = occurrences.numbers
    if not len(numbers):
        return Postings(numbers, np.empty(0))
    begins = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))
    return Postings(numbers[begins], np.diff(begins, append=len(numbers)).astype(np.float64))
