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

from indexer.engine.whoosh.ascending import DENSE, changes, ranges
from indexer.frozen import quickly_made

__all__ = ["Occurrences", "Postings", "add", "adjoin", "count", "merge"]

_Ints = NDArray[np.int64]
_Numbers = NDArray[np.intp]
_SEVERAL: Final = 2
_SHIFT: Final = 32
"""A passage and a place in it make one sortable number: passages above, places in the lower 32 bits."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Postings:
    """The passages that have a term, and how often."""

    numbers: _Numbers
    counts: NDArray[Any]
    """Small integers, or floats where the counts are weighted."""

    @staticmethod
    def none() -> Postings:
        """No posting at all."""
        return _NO_POSTINGS


_NO_POSTINGS: Final = Postings(np.empty(0, dtype=np.intp), np.empty(0, dtype=np.uint8))


@quickly_made
@dataclass(frozen=True, slots=True)
class Occurrences:
    """Every place where a term, or several in a row, occurs.

    A place is told by numbers that have the passage in their upper 32 bits.
    """

    begins: _Ints
    """The passage and, in the lower bits, the first unit."""
    ends: _Ints
    """The passage and the unit after the last."""
    starts: _Ints
    """The passage and the first code point."""
    stops: _Ints
    """The passage and the code point after the last."""

    @classmethod
    def none(cls) -> Occurrences:
        """No occurrence at all."""
        empty = np.empty(0, dtype=np.int64)
        return cls(empty, empty, empty, empty)

    @classmethod
    def of(
        cls,
        numbers: _Ints,
        units: tuple[_Ints, _Ints | int] | None,
        points: tuple[_Ints, _Ints] | None,
    ) -> Occurrences:
        """Occurrences in the passages `numbers`.

        Args:
            numbers: the passage of each.
            units: of each the first, and how many; none where nobody asks.
            points: of each the first code point, and how many; none where nobody asks.
        """
        passages = numbers << _SHIFT
        return cls(*_stretch(passages, units), *_stretch(passages, points))

    @classmethod
    def joined(cls, several: Sequence[Occurrences]) -> Occurrences:
        """Several, one after the other."""
        if len(several) == 1:
            return several[0]
        if not several:
            return cls.none()
        return cls(
            np.concatenate([one.begins for one in several]),
            np.concatenate([one.ends for one in several]),
            np.concatenate([one.starts for one in several]),
            np.concatenate([one.stops for one in several]),
        )

    def __len__(self) -> int:
        return len(self.begins)

    @property
    def numbers(self) -> _Ints:
        """The passages; repeated for each occurrence in one."""
        return self.begins >> _SHIFT

    def take(self, order: _Numbers) -> Occurrences:
        """Those at the indices `order`."""
        return Occurrences(
            self.begins.take(order), self.ends.take(order), self.starts.take(order), self.stops.take(order)
        )

    def between(self, first: int, last: int) -> Occurrences:
        """Those at the indices `[first, last)`."""
        return Occurrences(
            self.begins[first:last], self.ends[first:last], self.starts[first:last], self.stops[first:last]
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
    if len(numbers) * DENSE > size:
        sums = np.bincount(numbers, counts, minlength=size)
        numbers = np.flatnonzero(sums != 0)
        return Postings(numbers, sums[numbers])
    if counts.dtype.kind == "u":
        return _add_whole(numbers, counts)
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order]
    begins = np.flatnonzero(changes(numbers))
    if len(begins) == len(numbers):
        return Postings(numbers, counts[order])
    return Postings(numbers[begins], np.add.reduceat(counts[order].astype(np.float64), begins))


def _add_whole(numbers: _Numbers, counts: NDArray[np.unsignedinteger[Any]]) -> Postings:
    """As `add` of counts that are whole numbers: these are sorted with the passages, as one number."""
    keys = numbers << _SHIFT
    keys |= counts
    keys.sort(kind="stable")  # which sees that each term's are sorted
    numbers = keys >> _SHIFT
    keys &= (1 << _SHIFT) - 1
    begins = changes(numbers).nonzero()[0]
    if len(begins) == len(numbers):
        return Postings(numbers, keys)
    sums = keys.cumsum()
    before = sums.take(begins) - keys.take(begins)
    return Postings(numbers.take(begins), np.diff(before, append=sums[-1]))


def merge(several: Sequence[Occurrences]) -> Occurrences:
    """All occurrences of several terms, each place once."""
    several = [one for one in several if len(one)]
    if len(several) < _SEVERAL:
        return several[0] if several else Occurrences.none()
    all_ = Occurrences.joined(several)
    all_ = all_.take(all_.begins.argsort(kind="stable"))
    if changes(all_.begins).all():
        return all_
    # Most that begin at the same unit are the same place, told by two of the terms.
    all_ = all_.take(_told_anew(all_))
    if changes(all_.begins).all():
        return all_
    all_ = all_.take(np.lexsort((all_.stops, all_.starts, all_.ends, all_.begins)))
    return all_.take(_told_anew(all_))


def _told_anew(occurrences: Occurrences) -> _Numbers:
    """The indices of those that are not the same as the one before."""
    columns = (occurrences.begins, occurrences.ends, occurrences.starts, occurrences.stops)
    told: _Numbers = reduce(np.logical_or, map(changes, columns)).nonzero()[0]
    return told


def adjoin(left: Occurrences, right: Occurrences, *, syllables: bool = False) -> Occurrences:
    """Where an occurrence of `right` begins just where one of `left` ends.

    Args:
        left: what comes first.
        right: what comes next.
        syllables: join bigrams, each of which begins one code point after the one before.
    """
    if not len(left) or not len(right):
        return Occurrences.none()
    before = left.stops - 1 if syllables else left.ends
    after = right.starts if syllables else right.begins
    order = None
    if (after[1:] < after[:-1]).any():
        order = after.argsort(kind="stable")
        after = after[order]
    low = after.searchsorted(before)
    many = after.searchsorted(before, "right")
    many -= low
    first = many.nonzero()[0]
    second = low[first]
    if len(first) < int(many.sum()):
        first = np.repeat(np.arange(len(before)), many)
        second = ranges(low, many)
    if order is not None:
        second = order[second]
    return Occurrences(
        left.begins.take(first), right.ends.take(second), left.starts.take(first), right.stops.take(second)
    )


def count(occurrences: Occurrences) -> Postings:
    """The passages of `occurrences`, with how many there are in each."""
    if not len(occurrences):
        return Postings.none()
    numbers = occurrences.numbers
    begins = changes(numbers).nonzero()[0]
    counts = np.empty(len(begins), dtype=np.intp)
    np.subtract(begins[1:], begins[:-1], out=counts[:-1])
    counts[-1] = len(numbers) - begins[-1]
    return Postings(numbers[begins], counts)


def _stretch(passages: _Ints, stretch: tuple[_Ints, _Ints | int] | None) -> tuple[_Ints, _Ints]:
    if stretch is None:
        return passages, passages
    first = passages | stretch[0]
    return first, first + stretch[1]


def _joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
