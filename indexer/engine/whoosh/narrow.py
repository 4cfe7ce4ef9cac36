"""Numbers that are nearly always small, in as few bytes as hold most of them; the others stand beside.

Of a column `tf` of one byte, the array `tf` has a byte for every number; what does not fit has its index in
`tf.at` and itself in `tf.value`.  A column of no bytes has only the numbers that differ from the usual one.
So any number keeps its place, and a view is an answer wherever nothing stands beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayfile import ArrayFile, Column
from indexer.engine.whoosh.arraywriter import ArrayFileWriter
from indexer.engine.whoosh.beside import Beside

__all__ = ["NarrowColumn", "NarrowReader", "NarrowWriter"]

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
    def _beside(self) -> Beside:
        return Beside(self._file, f"{self._name}.at")

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
