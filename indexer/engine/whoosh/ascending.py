"""What ascending arrays of numbers have in common, and what they have together; pure.

The numbers are those of passages or of postings; each stands once in an array.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["DENSE", "changes", "intersect", "intersect_all", "meet", "ranges", "unite", "without"]

_Numbers = NDArray[np.intp]
_SEVERAL: Final = 2
_SEARCHED: Final = 200
"""Fewer numbers are always searched for."""
_LOOKED_AT: Final = 8
"""Numbers that can be marked and looked at in the time that one takes to be searched for."""
_CLEARED: Final = 50
"""Numbers whose marks can be cleared in the time that one takes to be marked and looked at."""
DENSE: Final = 8
"""Where there is one number for every so many that there can be, it is no longer worth sorting them."""
_HALF_DENSE: Final = 4
"""The same for two arrays, of which one is told apart from the other first."""


def meet(one: NDArray[Any], other: NDArray[Any]) -> tuple[_Numbers, _Numbers]:
    """What stands in both of two ascending arrays, each of which has every number once: where in each."""
    if len(one) >= _SEARCHED and len(other) >= _SEARCHED and _are_many(one, other):
        return _marks(other, one).nonzero()[0], _marks(one, other).nonzero()[0]
    if len(one) > len(other):
        at, few = meet(other, one)
        return few, at
    at = other.searchsorted(one)
    if len(at) and at[-1] == len(other):
        at = at[: at.searchsorted(len(other))]
    found = (other.take(at) == one[: len(at)]).nonzero()[0]
    return found, at.take(found)


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
        several: the arrays, each of which has every number once.
        size: what all numbers are below.
    """
    several = [one for one in several if len(one)]
    if len(several) < _SEVERAL:
        return several[0] if several else np.empty(0, dtype=np.intp)
    many = sum(map(len, several))
    if len(several) == _SEVERAL and many * _HALF_DENSE < size and _are_many(*several):
        less, more = sorted(several, key=len)
        # Two kinds of evidence for a word have nearly the same passages.
        others = less[~_marks(more, less)]
        if not len(others):
            return more
        numbers = np.concatenate([more, others])
        numbers.sort(kind="stable")
        return numbers
    if many * DENSE > size:
        there = np.zeros(size, dtype=bool)
        for one in several:
            there[one] = True
        return np.flatnonzero(there)
    numbers = np.concatenate(several)
    # What is put together from a few parts in order is put in order fastest by a sort that sees them.
    numbers.sort(kind="stable")
    return numbers[changes(numbers)]


def changes(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of `values` differ from the one before."""
    new = np.empty(len(values), dtype=bool)
    new[:1] = True
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new


def ranges(begins: NDArray[np.intp], lengths: NDArray[Any]) -> NDArray[np.intp]:
    """The numbers of several ranges, one range after the other; some may be empty."""
    ends = lengths.cumsum(dtype=np.intp)
    total = int(ends[-1]) if len(ends) else 0
    if total == len(begins) and lengths.all():  # each has one
        return begins
    several: NDArray[np.intp] = (begins - ends + lengths).repeat(lengths)
    several += np.arange(total)
    return several
