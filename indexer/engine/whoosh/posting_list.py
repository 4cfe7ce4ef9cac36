"""The postings of one term of a segment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.inverted import BLOCK
from indexer.engine.whoosh.occurrences import OccurrenceReader

__all__ = ["PostingList"]

_MANY: Final = 4 * BLOCK
"""Postings of a term from which it pays to find a few of them by their blocks."""
_RARE: Final = 16
"""Where one of so many postings is wanted, the others' first occurrences are not kept."""


class PostingList:
    """The postings of one term of a segment; each array is read when it is first asked for, and kept."""

    __slots__ = ("_begins", "_last", "_start", "_stop", "_tf", "first", "numbers", "occurrences", "once")

    numbers: NDArray[np.intp]
    """The rows that have the term, ascending."""
    first: int
    """The index of the first of them among the field's postings."""
    once: bool
    """Whether no passage has the term more than once."""

    def __init__(
        self,
        reader: OccurrenceReader,
        extent: tuple[int, int],
        stretch: tuple[int, int],
        numbers: NDArray[np.intp],
    ) -> None:
        """Made by `FieldReader.postings`.

        Args:
            reader: of the field's occurrences.
            extent: of the field's postings the term's first, and the one after its last.
            stretch: the same of its occurrences.
            numbers: the passages.
        """
        self.numbers = numbers
        self.occurrences = reader
        self.first, self._last = extent
        self._start, self._stop = stretch
        self.once = self._stop - self._start == self._last - self.first
        self._tf: NDArray[Any] | None = None
        self._begins: NDArray[np.uint32] | None = None

    def __len__(self) -> int:
        return self._last - self.first

    @property
    def tf(self) -> NDArray[Any]:
        """How often each of them has it."""
        if self._tf is None:
            self._tf = self.occurrences.tf(self.first, self._last)
        return self._tf

    @property
    def single(self) -> bool:
        """Whether the term covers one unit wherever it stands, as nearly all do."""
        return self.occurrences.are_single(self._start, self._stop)

    def _starts(self) -> NDArray[np.uint32] | None:
        """By posting its first occurrence, counted from the term's first; none where each has one."""
        if self._begins is None and not self.once:
            begins = self.tf.cumsum(dtype=np.uint32)
            begins -= self.tf
            self._begins = begins
        return self._begins

    def first_positions(self, which: NDArray[np.intp] | None = None) -> NDArray[Any]:
        """The position of the term's first occurrence in each of its postings, or of those at `which`."""
        positions = self.occurrences.positions(self._start, self._stop)
        if which is not None:
            return positions[self.runs(which)[0] - self._start]
        begins = self._starts()
        return positions if begins is None else positions.take(begins)

    def places(self) -> tuple[NDArray[Any], tuple[NDArray[Any], ...]]:
        """The postings' `tf`, and position, units, start and span of every occurrence of the term."""
        return self.tf, self.occurrences.places(self._start, self._stop)

    def few_runs(self, which: Iterable[int]) -> list[tuple[int, int]]:
        """Of a few postings at the indices `which`, the occurrences `[start, stop)` in the field."""
        first, last = self._start, self._stop
        size = len(self)
        if last - first == size:
            return [(first + at, first + at + 1) for at in which]
        if self._begins is None and size > _MANY:
            return self.occurrences.runs([self.first + at for at in which])
        begins = cast("NDArray[np.uint32]", self._starts()).data
        return [(first + begins[at], first + begins[at + 1] if at + 1 < size else last) for at in which]

    def runs(self, which: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[Any]]:
        """Of the postings at the indices `which`, the first occurrence in the field, and `tf`.

        The indices ascend; one may come several times.
        """
        start = self._start
        if self.once:
            return which + start, np.ones(len(which), dtype=np.uint8)
        tf = self.tf.take(which)
        if self._begins is None and 0 < len(which) * _RARE < len(self):
            # What lies between those that are wanted is summed up, and not each of the others counted.
            between = np.add.reduceat(self.tf[: which[-1] + 1], which, dtype=np.intp)
            # A title stands for all passages of its document; between a posting and itself lies nothing.
            between[:-1] *= which[1:] != which[:-1]
            begins = between.cumsum()
            begins -= between
            begins += start + int(self.tf[: which[0]].sum(dtype=np.int64))
            return begins, tf
        begins = cast("NDArray[np.uint32]", self._starts()).take(which).astype(np.intp)
        begins += start
        return begins, tf
