"""The numbers that do not fit in a column of few bytes, and stand beside it with their indices there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayfile import ArrayFile
from indexer.errors import DamagedFileError

__all__ = ["Beside"]

_ASKED: Final = 64
"""Indices from which it pays to see whether they ascend."""


class Beside:
    """The indices of the numbers that stand beside, ascending.

    They are searched before they are checked, as a search looks at few of them; what it has found is checked
    together with what stands before and after it, so that a damaged file is never taken for a right answer.
    """

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._at = file.column(name)
        self._many = len(self._at)
        self._damage = f"{file.path.name}: {name} does not ascend"

    def few(self, start: int, stop: int) -> tuple[int, list[int]]:
        """The first of the numbers beside that is of `[start, stop)`, and where in these all such belong."""
        if not self._many:
            return 0, []
        first = bisect_left(self._at.values, start)
        last = bisect_left(self._at.values, stop, first)
        if first == last and self._at.checked:
            return first, []
        before, after = max(0, first - 1), min(self._many, last + 1)
        around = self._at.few(before, after)
        within = around[first - before : last - before]
        if (
            (first and around[0] >= start)
            or (last < after and around[-1] < stop)
            or (within and not start <= within[0] <= within[-1] < stop)
        ):
            raise DamagedFileError(self._damage)
        return first, [index - start for index in within]

    def has(self, start: int, stop: int) -> bool:
        """Whether any is of `[start, stop)`."""
        if not self._at.checked:
            return bool(self.few(start, stop)[1])
        first = bisect_left(self._at.values, start)
        return first < self._many and self._at.values[first] < stop

    def find(self, indices: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Which of `indices` stand beside, and which of those that stand beside each of them is.

        Many that ascend, as those of a term do, are found by what stands beside among them, where that is
        less; any others one by one, and what has not been checked with what stands around it.
        """
        if not self._many or not len(indices):
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
        if len(indices) >= _ASKED and self._at.checked and bool((indices[1:] > indices[:-1]).all()):
            first = bisect_left(self._at.values, int(indices[0]))
            last = bisect_right(self._at.values, int(indices[-1]), first)
            if last - first < len(indices):
                return self._find_among(indices, first, last)
        places = self._at.search(indices)
        last = self._many - 1
        at = np.minimum(places, last)
        here = self._at.take(at)
        if self._at.checked:
            where = (here == indices).nonzero()[0]
            return where, places[where]
        before = self._at.take(np.maximum(at - 1, 0))
        # Where the first or the last stands alone, nothing stands on its other side.
        wrong = ((here < indices) != (places > last)) | ((before >= indices) & (at > 0))
        if wrong.any():
            raise DamagedFileError(self._damage)
        where = (here == indices).nonzero()[0]
        return where, places[where]

    def _find_among(
        self, indices: NDArray[np.int64], first: int, last: int
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """As `find`, by those of the numbers beside at `[first, last)`, which are fewer than the `indices`.

        Args:
            indices: ascending, each once.
            first: the first number beside that is not before all of them.
            last: the first that is behind all of them.
        """
        beside = self._at.read(first, last).astype(indices.dtype)
        at = indices.searchsorted(beside)
        there = (indices.take(at) == beside).nonzero()[0]
        return at.take(there), there + first

    def find_some(
        self, indices: NDArray[np.int64], chosen: NDArray[np.intp]
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """As `find`, where only those of `indices` at `chosen` may stand beside: 0 is written for these."""
        if not len(chosen):
            return chosen, chosen
        where, places = self.find(indices[chosen])
        return chosen[where], places
