"""Where terms occur, as arrays, and what can be done with such arrays; pure.

All arrays of one value have the same length and are sorted by passage, then by place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Occurrences", "Postings", "add", "adjoin", "count", "merge"]

_Ints = NDArray[np.int64]
_SHIFT: Final = 32
"""A passage and a place in it make one sortable number: passages above, places in the lower 32 bits."""


@dataclass(frozen=True, slots=True)
class Postings:
    """The passages that have a term, and how often."""

    numbers: _Ints
    counts: NDArray[np.float64]
    first: NDArray[np.float64]
    """The unit at which the term first occurs in the passage."""


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
    numbers, where = np.unique(np.concatenate([one.numbers for one in several]), return_inverse=True)
    counts = np.zeros(len(numbers))
    np.add.at(counts, where, np.concatenate([one.counts for one in several]))
    first = np.full(len(numbers), np.inf)
    np.minimum.at(first, where, np.concatenate([one.first for one in several]))
    return Postings(numbers, counts, first)


def merge(several: Sequence[Occurrences]) -> Occurrences:
    """All occurrences of several terms, each place once."""
    if not several:
        return Occurrences.none()
    if len(several) == 1:
        return several[0]
    rows = np.unique(np.concatenate([_rows(one) for one in several]), axis=0)
    return Occurrences(*rows.T)


def _rows(one: Occurrences) -> _Ints:
    return np.stack([one.numbers, one.position, one.end, one.start, one.stop], axis=1)


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
    numbers, where, counts = np.unique(occurrences.numbers, return_index=True, return_counts=True)
    # The occurrences of a passage are sorted by place, so that its first one stands first.
    first = occurrences.position[where].astype(np.float64)
    return Postings(numbers, counts.astype(np.float64), first)
