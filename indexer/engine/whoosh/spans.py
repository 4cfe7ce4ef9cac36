"""Where something starts in a text and how long it is, in 16 bits; what does not fit stands beside."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayfile import ArrayFile, Column
from indexer.engine.whoosh.arraywriter import ArrayFileWriter
from indexer.engine.whoosh.beside import Beside

__all__ = ["SpanReader", "SpanWriter"]

_START_BITS: Final = 12
"""Of a span's 16 bits those of its start; a passage is seldom longer than 4,095 code points."""
_MOST: Final = (1 << _START_BITS) - 1


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
    def _beside(self) -> Beside:
        return Beside(self._file, f"{self._name}.at")

    def read(self, start: int, stop: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the spans `[start, stop)` start, and how long they are."""
        first, at = self._beside.few(start, stop)
        return self._split(
            self._words.read(start, stop), np.array(at, dtype=np.intp), np.arange(first, first + len(at))
        )

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
