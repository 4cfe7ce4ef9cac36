"""Numbers that are nearly always small, in as few bytes as hold most of them; the others stand beside.

Of a column `tf` of one byte, the array `tf` has a byte for every number; what does not fit has its index in
`tf.at` and itself in `tf.value`.  A column of no bytes has only the numbers that differ from the usual one.
So any number keeps its place, and a view is an answer wherever nothing stands beside.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayfile import ArrayFile, ArrayFileWriter, Column

__all__ = ["NarrowColumn", "NarrowReader", "NarrowWriter", "SpanReader", "SpanWriter"]

_START_BITS: Final = 12
"""Of a span's 16 bits those of its start; a passage is seldom longer than 4,095 code points."""
_MOST: Final = (1 << _START_BITS) - 1
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
    def _beside(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        return self._file.read(f"{self._name}.at"), self._file.read(f"{self._name}.value")

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """The numbers `[start, stop)`: a view, or wider ones where some stand beside."""
        at, beside = self._beside
        first, last = _between(at, start, stop)
        if self._column.bytes:
            values = self._values.read(start, stop)
        else:
            values = np.full(stop - start, self._column.usual, dtype=np.uint8)
        if last > first:
            values = values.astype(np.uint32)
            values[at[first:last] - start] = beside[first:last]
        return values

    def few(self, start: int, stop: int) -> list[int]:
        """The numbers `[start, stop)`; for a few much faster than `read`."""
        at, beside = self._beside
        if not self._column.bytes:
            values = [self._column.usual] * (stop - start)
        else:
            values = self._values.few(start, stop)
            if 0 not in values:  # which stands for those beside
                return values
        if len(at):
            first, last = _between(at, start, stop)
            for index in range(first, last):
                values[int(at[index]) - start] = int(beside[index])
        return values

    def take(self, indices: NDArray[np.int64]) -> NDArray[np.int64]:
        """The numbers at `indices`."""
        at, beside = self._beside
        if self._column.bytes:
            values = self._values.take(indices).astype(np.int64)
        else:
            values = np.full(len(indices), self._column.usual, dtype=np.int64)
        where, places = _beside(at, indices)
        values[where] = beside[places]
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
    def _at(self) -> NDArray[np.uint32]:
        return self._file.read(f"{self._name}.at")

    def read(self, start: int, stop: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the spans `[start, stop)` start, and how long they are."""
        words = self._words.read(start, stop).astype(np.int64)
        first, last = _between(self._at, start, stop)
        if first == last:
            return _split(words)
        return self._with_beside(words, self._at[first:last].astype(np.int64) - start, np.arange(first, last))

    def few(self, start: int, stop: int) -> list[tuple[int, int]]:
        """The spans `[start, stop)`, each with its first code point and the one after its last."""
        spans: list[tuple[int, int]] = []
        for at, word in enumerate(self._words.few(start, stop), start):
            first, length = word & _MOST, word >> _START_BITS
            if not word:  # which stands for those beside: no span is empty
                index = bisect_left(self._at.data, at)
                first = self._file.column(f"{self._name}.start")[index]
                length = self._file.column(f"{self._name}.length")[index]
            spans.append((first, first + length))
        return spans

    def take(self, indices: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the spans at `indices` start, and how long they are."""
        words = self._words.take(indices).astype(np.int64)
        if not len(self._at):
            return _split(words)
        return self._with_beside(words, *_beside(self._at, indices))

    def _with_beside(
        self, words: NDArray[np.int64], where: NDArray[np.int64], beside: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        starts, lengths = _split(words)
        if len(where):
            starts[where] = self._file.take(f"{self._name}.start", beside)
            lengths[where] = self._file.take(f"{self._name}.length", beside)
        return starts, lengths


def _split(words: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return words & ((1 << _START_BITS) - 1), words >> _START_BITS


def _between(at: NDArray[np.uint32], start: int, stop: int) -> tuple[int, int]:
    """Which of the numbers that stand beside belong to the indices `[start, stop)`."""
    if not len(at):
        return 0, 0
    first = bisect_left(at.data, start)
    return first, bisect_left(at.data, stop, first)


def _beside(
    at: NDArray[np.uint32], indices: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of `indices` stand beside, and where in `at` each of them is."""
    if not len(at):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    # Of the same type: NumPy would otherwise widen all of `at` to look for a few.
    places = np.minimum(np.searchsorted(at, indices.astype(at.dtype)), len(at) - 1)
    where = np.flatnonzero(at[places] == indices)
    return where, places[where]
