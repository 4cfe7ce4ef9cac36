"""Numbers that are nearly always small, in as few bytes as hold most of them; the others stand beside.

Of a column `tf` of one byte, the array `tf` has a byte for every number; what does not fit has its index in
`tf.at` and itself in `tf.value`.  A column of no bytes has only the numbers that differ from the usual one.
So any number keeps its place, and a view is an answer wherever nothing stands beside.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayfile import ArrayFile, Column
from indexer.engine.whoosh.arrayformat import DamagedFileError
from indexer.engine.whoosh.arraywriter import ArrayFileWriter

__all__ = ["NarrowColumn", "NarrowReader", "NarrowWriter", "SpanReader", "SpanWriter"]

_START_BITS: Final = 12
"""Of a span's 16 bits those of its start; a passage is seldom longer than 4,095 code points."""
_MOST: Final = (1 << _START_BITS) - 1
_ASKED: Final = 64
"""Indices from which it pays to see whether they ascend."""
_TYPES: Final[dict[int, np.dtype[Any]]] = {1: np.dtype("u1"), 2: np.dtype("<u2")}


@dataclass(frozen=True, slots=True)
class NarrowColumn:
    """How a column is kept."""

    name: str
    bytes: int
    """Of each number: 0, 1 or 2."""
    usual: int = 0
    """The number that a column of no bytes does not write down."""


class NarrowWriter:
    """Writes one column, piece by piece."""

    def __init__(self, writer: ArrayFileWriter, prefix: str, column: NarrowColumn) -> None:
        self._writer = writer
        self._name = f"{prefix}.{column.name}"
        self._column = column
        self._written = 0

    def append(self, values: NDArray[Any]) -> None:
        """Puts `values` (from 0 to 2^32 - 1) at the end."""
        column = self._column
        if column.bytes:
            outside = values >> (8 * column.bytes) != 0
            self._writer.append(self._name, np.where(outside, 0, values).astype(_TYPES[column.bytes]))
        else:
            outside = values != column.usual
        at = np.flatnonzero(outside)
        self._writer.append(f"{self._name}.at", (at + self._written).astype("<u4"))
        self._writer.append(f"{self._name}.value", values[at].astype("<u4"))
        self._written += len(values)


class _Beside:
    """The indices of the numbers that stand beside, ascending.

    They are searched before they are checked, as a search looks at few of them; what it has found is checked
    together with what stands before and after it, so that a damaged file is never taken for a right answer.
    """

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._at = file.column(name)
        self._many = len(self._at)
        self._damage = f"{file.path.name}: {name} does not ascend"

    def between(self, start: int, stop: int) -> tuple[int, NDArray[np.int64]]:
        """The first of the numbers beside that is of `[start, stop)`, and where in these all such belong."""
        first, at = self.few(start, stop)
        return first, np.array(at, dtype=np.int64)

    def few(self, start: int, stop: int) -> tuple[int, list[int]]:
        """As `between`; for a few much faster."""
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
        """Which of `indices` stand beside, and which of those that stand beside each of them is."""
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


class NarrowReader:
    """Reads one column."""

    def __init__(self, file: ArrayFile, prefix: str, column: NarrowColumn) -> None:
        self._file = file
        self._name = f"{prefix}.{column.name}"
        self._column = column

    @cached_property
    def _values(self) -> Column:
        return self._file.column(self._name)

    @cached_property
    def _beside(self) -> _Beside:
        return _Beside(self._file, f"{self._name}.at")

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """The numbers `[start, stop)`: a view, or wider ones where some stand beside."""
        first, at = self._beside.few(start, stop)
        if self._column.bytes:
            values = self._values.read(start, stop)
        else:
            values = np.full(stop - start, self._column.usual, dtype=np.uint8)
        if at:
            values = values.astype(np.uint32)
            values[at] = self._file.read(f"{self._name}.value", first, first + len(at))
        return values

    def has_unusual(self, start: int, stop: int) -> bool:
        """Whether any of the numbers `[start, stop)` stands beside."""
        return self._beside.has(start, stop)

    def few(self, start: int, stop: int) -> list[int]:
        """The numbers `[start, stop)`; for a few much faster than `read`."""
        if not self._column.bytes:
            values = [self._column.usual] * (stop - start)
        else:
            values = self._values.few(start, stop)
            if 0 not in values:  # which stands for those beside
                return values
        first, at = self._beside.few(start, stop)
        if at:
            beside = self._file.column(f"{self._name}.value").few(first, first + len(at))
            for index, value in zip(at, beside, strict=True):
                values[index] = value
        return values

    def total(self, start: int, stop: int) -> tuple[int, int]:
        """The sum of the numbers `[start, stop)`, at least one, and the last of them."""
        if self._column.bytes == 1 and self._values.checked:
            values = self._values.values[start:stop].tobytes()  # bytes are added up twice as fast as a list
            if 0 not in values:
                return sum(values), values[-1]
        listed = self.few(start, stop)
        return sum(listed), listed[-1]

    def take(self, indices: NDArray[np.int64]) -> NDArray[np.int64]:
        """The numbers at `indices`."""
        if self._column.bytes:
            values = self._values.take(indices).astype(np.int64)
            where, places = self._beside.find_some(indices, (values == 0).nonzero()[0])
        else:
            values = np.full(len(indices), self._column.usual, dtype=np.int64)
            where, places = self._beside.find(indices)
        if len(where):
            values[where] = self._file.take(f"{self._name}.value", places)
        return values


class SpanWriter:
    """Writes spans, each in 16 bits: where it starts and, above that, how long it is."""

    def __init__(self, writer: ArrayFileWriter, prefix: str) -> None:
        self._writer = writer
        self._name = f"{prefix}.span"
        self._written = 0

    def append(self, start: NDArray[Any], length: NDArray[Any]) -> None:
        """Puts spans at the end; both numbers of each are from 0 to 2^32 - 1."""
        outside = (start >> _START_BITS != 0) | (length >> (16 - _START_BITS) != 0)
        words = np.where(outside, 0, start | length << _START_BITS)
        at = np.flatnonzero(outside)
        self._writer.append(self._name, words.astype("<u2"))
        self._writer.append(f"{self._name}.at", (at + self._written).astype("<u4"))
        self._writer.append(f"{self._name}.start", start[at].astype("<u4"))
        self._writer.append(f"{self._name}.length", length[at].astype("<u4"))
        self._written += len(start)


class SpanReader:
    """Reads spans."""

    def __init__(self, file: ArrayFile, prefix: str) -> None:
        self._file = file
        self._name = f"{prefix}.span"

    @cached_property
    def _words(self) -> Column:
        return self._file.column(self._name)

    @cached_property
    def _beside(self) -> _Beside:
        return _Beside(self._file, f"{self._name}.at")

    def read(self, start: int, stop: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the spans `[start, stop)` start, and how long they are."""
        first, at = self._beside.between(start, stop)
        return self._split(self._words.read(start, stop), at, np.arange(first, first + len(at)))

    def few(self, start: int, stop: int) -> list[tuple[int, int]]:
        """The spans `[start, stop)`, each with its first code point and the one after its last."""
        words = self._words.few(start, stop)
        if 0 not in words:
            return _told(words)
        spans: list[tuple[int, int]] = []
        for at, word in enumerate(words, start):
            first, length = word & _MOST, word >> _START_BITS
            if not word:  # which stands for those beside: no span is empty
                index = self._beside.few(at, at + 1)[0]
                first = self._file.column(f"{self._name}.start")[index]
                length = self._file.column(f"{self._name}.length")[index]
            spans.append((first, first + length))
        return spans

    def several(self, runs: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
        """As `few`, of several runs `[start, stop)`."""
        if not self._words.checked:
            return [self.few(start, stop) for start, stop in runs]
        values = self._words.values
        found: list[list[tuple[int, int]]] = []
        for start, stop in runs:
            words = values[start:stop].tolist()
            if 0 in words or len(words) != stop - start:
                found.append(self.few(start, stop))
            else:
                found.append(_told(words))
        return found

    def take(self, indices: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the spans at `indices` start, and how long they are."""
        words = self._words.take(indices)
        return self._split(words, *self._beside.find_some(indices, (words == 0).nonzero()[0]))

    def _split(
        self, words: NDArray[Any], where: NDArray[np.int64], beside: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        words = words.astype(np.int64)
        starts, lengths = words & _MOST, words >> _START_BITS
        if len(where):
            starts[where] = self._file.take(f"{self._name}.start", beside)
            lengths[where] = self._file.take(f"{self._name}.length", beside)
        return starts, lengths


def _told(words: Iterable[int]) -> list[tuple[int, int]]:
    """The spans of these words, none of which stands beside."""
    return [(first := word & _MOST, first + (word >> _START_BITS)) for word in words]
