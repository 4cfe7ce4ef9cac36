"""Where the terms of one field of a segment stand, as `indexer.engine.whoosh.inverted` writes it.

The postings of a field and their occurrences each lie in one row, term by term, and are named by their places
there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayfile import ArrayFile, Column
from indexer.engine.whoosh.ascending import ranges
from indexer.engine.whoosh.inverted import BLOCK, POSITION, TF, UNITS
from indexer.engine.whoosh.narrow import NarrowReader
from indexer.engine.whoosh.spans import SpanReader

__all__ = ["OccurrenceReader", "Place"]

Place = tuple[int, int, int, int]
"""Of an occurrence: its first unit and the one after its last, its first code point and the one after."""


class OccurrenceReader:
    """Reads them, many at a time or a few."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        """Opens those of the field `name`."""
        self._file = file
        self._name = name
        self._tf = NarrowReader(file, name, TF)
        self._positions = NarrowReader(file, name, POSITION)
        self._units = NarrowReader(file, name, UNITS)
        self._spans = SpanReader(file, name)
        self.tf, self.positions = self._tf.read, self._positions.read

    def first_of(self, posting: int) -> int:
        """The first occurrence of the posting at the index `posting` of the field."""
        begins = self._blocks
        block = posting // BLOCK
        if block == len(begins):  # right after the last posting of a last block that is full
            return self.first_of(posting - 1) + int(self._tf.read(posting - 1, posting)[0]) if posting else 0
        if posting == block * BLOCK:
            return begins[block]
        return begins[block] + int(self._tf.read(block * BLOCK, posting).sum(dtype=np.int64))

    def places(self, start: int, stop: int) -> tuple[NDArray[Any], ...]:
        """Position, units, start and span of the occurrences `[start, stop)`."""
        positions, units = self._positions.read(start, stop), self._units.read(start, stop)
        return positions, units, *self._spans.read(start, stop)

    def tf_at(self, postings: NDArray[np.intp]) -> NDArray[Any]:
        """The `tf` of a few postings at some indices of the field."""
        return self._tf.take(postings)

    def first_positions_at(self, postings: NDArray[np.intp]) -> NDArray[Any]:
        """The position of the first occurrence of each of a few postings at some indices of the field.

        However long the lists are that they are of, only what stands before them in their blocks is read.
        """
        blocks = postings // BLOCK
        firsts = blocks * BLOCK
        many = postings - firsts
        sums = np.concatenate([[0], self._tf.take(ranges(firsts, many)).cumsum()])
        ends = many.cumsum()
        begins = self._blocks.take(blocks) + (sums[ends] - sums[ends - many])
        return self._positions.take(begins)

    def units_at(
        self, occurrences: NDArray[np.intp], *, single: bool = False
    ) -> tuple[NDArray[Any], NDArray[Any] | int]:
        """Position and units of the occurrences at some indices of the field.

        Args:
            occurrences: the indices.
            single: that each has one unit is known beforehand (see `PostingList.single`).
        """
        return self._positions.take(occurrences), UNITS.usual if single else self._units.take(occurrences)

    def are_single(self, start: int, stop: int) -> bool:
        """Whether each of the occurrences `[start, stop)` has one unit."""
        return not self._units.has_unusual(start, stop)

    def spans_at(self, occurrences: NDArray[np.intp]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Start and length of the spans of the occurrences at some indices of the field."""
        return self._spans.take(occurrences)

    def run(self, posting: int) -> tuple[int, int]:
        """The occurrences `[start, stop)` of the posting at the index `posting` of the field."""
        return self.runs((posting,))[0]

    def runs(self, postings: Iterable[int]) -> list[tuple[int, int]]:
        """As `run`, of several postings."""
        blocks, total = self._blocks, self._tf.total
        begins = blocks.values if blocks.checked else blocks
        found: list[tuple[int, int]] = []
        for posting in postings:
            block = posting // BLOCK
            # So few numbers are added up one by one faster than as an array.
            before, last = total(block * BLOCK, posting + 1)
            stop = begins[block] + before
            found.append((stop - last, stop))
        return found

    def few_spans(self, start: int, stop: int) -> list[tuple[int, int]]:
        """Of the occurrences `[start, stop)` the first code point and the one after the last.

        For a few of them this is much faster than `places`.
        """
        return self._spans.few(start, stop)

    def several_spans(self, runs: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
        """As `few_spans`, of several runs of occurrences `[start, stop)`."""
        return self._spans.several(runs)

    def few_places(self, start: int, stop: int) -> list[Place]:
        """As `few_spans`, with the units."""
        return [
            (position, position + units, *span)
            for position, units, span in zip(
                self._positions.few(start, stop),
                self._units.few(start, stop),
                self._spans.few(start, stop),
                strict=True,
            )
        ]

    def several_places(self, begins: Sequence[int], many: Sequence[int]) -> Iterator[Place]:
        """The places of runs of occurrences, each from one of `begins` on and `many` long, in one row."""
        at = ranges(np.array(begins, dtype=np.intp), np.array(many, dtype=np.intp))
        (positions, units), (starts, lengths) = self.units_at(at), self.spans_at(at)
        ends, stops = positions + units, starts + lengths
        return zip(positions.tolist(), ends.tolist(), starts.tolist(), stops.tolist(), strict=True)

    @cached_property
    def _blocks(self) -> Column:
        """By block of postings, its first occurrence."""
        return self._file.column(f"{self._name}.block.occurrence")
