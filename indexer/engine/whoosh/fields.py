"""Reads what `indexer.engine.whoosh.inverted` writes: the postings of one field of a segment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayfile import ArrayFile, Column
from indexer.engine.whoosh.dictionary import Dictionary, Found
from indexer.engine.whoosh.inverted import BLOCK, OCCURRENCES, POSITION, POSTINGS, TF, UNITS, WORDS, Inverted
from indexer.engine.whoosh.narrow import NarrowReader, SpanReader
from indexer.engine.whoosh.numbers import is_packed, unpack, unpack_one
from indexer.engine.whoosh.postings import ranges

__all__ = ["FieldReader", "Place", "PostingList"]

_MANY: Final = 4 * BLOCK
"""Postings of a term from which it pays to find a few of them by their blocks."""

_RARE: Final = 16
"""Where one of so many postings is wanted, the others' first occurrences are not kept."""
_CLOSE: Final = 8
"""Where one of so many terms is wanted, all are read."""

_Ints = NDArray[np.int64]
Place = tuple[int, int, int, int]
"""Of an occurrence: its first unit and the one after its last, its first code point and the one after."""


class FieldReader:
    """Reads the postings of one field of a segment.  A term is named by its place in the sorted terms."""

    def __init__(self, file: ArrayFile, name: str, rows: int) -> None:
        """Opens the field `name` of a segment of so many `rows`."""
        self._file = file
        self._name = name
        self._rows = rows
        self._terms = Dictionary(file, name)
        self.size = self._terms.size
        self.find, self.first_from = self._terms.find, self._terms.first_from
        self.text, self.texts = self._terms.text, self._terms.texts
        self.beginning_with, self.warm = self._terms.beginning_with, self._terms.warm
        self._tf = NarrowReader(file, name, TF)
        self._positions = NarrowReader(file, name, POSITION)
        self._units = NarrowReader(file, name, UNITS)
        self._spans = SpanReader(file, name)
        self.tf, self.positions = self._tf.read, self._positions.read
        self._packed = is_packed(rows)

    @cached_property
    def _numbers(self) -> Column:
        return self._file.column(f"{self._name}.numbers")

    def __len__(self) -> int:
        return self.size

    def frequencies(self, first: int, last: int) -> _Ints:
        """How many passages have each of the terms at `[first, last)`, deleted passages among them."""
        return np.diff(self._bounds(POSTINGS, first, last))

    def frequency(self, place: int) -> int:
        """How many passages have the term at `place`, deleted passages among them."""
        first, last = self._extent(POSTINGS, place)
        return last - first

    def frequency_of(self, term: bytes) -> int:
        """How many passages have `term`, deleted passages among them."""
        found = self._terms.look_up(term)
        return found[2][POSTINGS] - found[1][POSTINGS] if found else 0

    def texts_at(self, places: _Ints) -> list[bytes]:
        """The terms at `places`, ascending."""
        if len(places) and int(places[-1]) - int(places[0]) < _CLOSE * len(places):
            first = int(places[0])
            texts = self.texts(first, int(places[-1]) + 1)
            return texts if len(texts) == len(places) else [texts[at] for at in (places - first).tolist()]
        return [self.text(place) for place in places.tolist()]

    def postings(self, place: int, offset: int = 0) -> PostingList:
        """The postings of the term at `place`; to the numbers of its rows `offset` is added."""
        return self._postings((place, *self._terms.ends(place)), offset)

    def find_postings(self, term: bytes, offset: int = 0) -> PostingList | None:
        """The postings of `term` as `postings` gives them; none where the field does not have it."""
        found = self._terms.look_up(term)
        return self._postings(found, offset) if found else None

    def extents(self, places: _Ints) -> tuple[_Ints, _Ints]:
        """Where in the field the postings of each of the terms at `places` (ascending) begin and end."""
        if not len(places):
            return places, places
        ends = self._bounds(POSTINGS, int(places[0]), int(places[-1]) + 1)
        return ends[places - places[0]], ends[places - places[0] + 1]

    def several(self, places: _Ints) -> tuple[NDArray[np.intp], NDArray[Any]]:
        """The postings of the terms at `places` (ascending, at least one), one term after the other.

        They are the passages and how often each has the term.
        """
        begin, end = int(places[0]), int(places[-1]) + 1
        ends = self._bounds(POSTINGS, begin, end)
        starts, stops = ends[places - begin], ends[places - begin + 1]
        tf = _cut(self.tf(int(ends[0]), int(ends[-1])), starts - ends[0], stops - ends[0])
        if not self._packed:
            whole = self._read("numbers", int(ends[0]), int(ends[-1]))
            return _cut(whole, starts - ends[0], stops - ends[0]).astype(np.intp), tf
        words = self._bounds(WORDS, begin, end)
        whole = self._read("numbers", int(words[0]), int(words[-1]))
        chosen = _cut(whole, words[places - begin] - words[0], words[places - begin + 1] - words[0])
        return unpack(stops - starts, chosen, self._rows), tf

    def _postings(self, found: Found, offset: int) -> PostingList:
        _, before, ends = found
        first, last = before[POSTINGS], ends[POSTINGS]
        words = self._numbers.read(before[WORDS], ends[WORDS])
        if self._packed:
            numbers = unpack_one(words, last - first, self._rows, offset)
        else:
            numbers = words.astype(np.intp)
            numbers += offset
        return PostingList(self, (first, last), (before[OCCURRENCES], ends[OCCURRENCES]), numbers)

    def bounds(self, place: int) -> tuple[int, NDArray[np.uint16], NDArray[np.uint16]]:
        """How many postings of the term come before its second block, and by block the bounds.

        The bounds are the largest `tf` (65,535 stands for that and more) and the shortest passage.
        """
        first, last = self._extent(POSTINGS, place)
        blocks = first // BLOCK, (last - 1) // BLOCK + 1
        return BLOCK - first % BLOCK, self._read("block.tf", *blocks), self._read("block.length", *blocks)

    def occurrence(self, posting: int) -> int:
        """The first occurrence of the posting at the index `posting` of the field."""
        begins = self._blocks
        block = posting // BLOCK
        if block == len(begins):  # right after the last posting of a last block that is full
            return (
                self.occurrence(posting - 1) + int(self._tf.read(posting - 1, posting)[0]) if posting else 0
            )
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

    def pieces(self, most: int) -> Iterator[tuple[int, int]]:
        """The places of the terms in runs `[first, last)` of about `most` postings each."""
        ends = self._bounds(POSTINGS, 0, self.size)
        first = 0
        while first < self.size:
            last = max(first + 1, int(np.searchsorted(ends, ends[first] + most, "right")) - 1)
            yield first, last
            first = last

    def invert(self, first: int, last: int) -> Inverted:
        """The terms at the places `[first, last)` with their postings."""
        ends = self._bounds(POSTINGS, first, last)
        begin, end = int(ends[0]), int(ends[-1])
        frequencies = np.diff(ends)
        if self._packed:
            words = self._bounds(WORDS, first, last)
            numbers = unpack(frequencies, self._read("numbers", int(words[0]), int(words[-1])), self._rows)
        else:
            numbers = self._read("numbers", begin, end).astype(np.int64)
        start, stop = self.occurrence(begin), self.occurrence(end)
        places = tuple(column.astype(np.int64) for column in self.places(start, stop))
        tf = self._tf.read(begin, end).astype(np.int64)
        return Inverted(self.texts(first, last), frequencies, numbers, tf, places)

    @cached_property
    def _blocks(self) -> Column:
        """By block of postings, its first occurrence."""
        return self._file.column(f"{self._name}.block.occurrence")

    def _read(self, name: str, first: int, last: int) -> NDArray[Any]:
        return self._file.read(f"{self._name}.{name}", first, last)

    def _extent(self, which: int, place: int) -> tuple[int, int]:
        before, ends = self._terms.ends(place)
        return before[which], ends[which]

    def _bounds(self, which: int, first: int, last: int) -> _Ints:
        """Where each of the terms at `[first, last)` begins, and where the last of them ends."""
        ends = np.zeros(last - first + 1, dtype=np.int64)
        if last > first:
            ends[first == 0 :] = self._terms.ends_of(which, max(0, first - 1), last)
        return ends


class PostingList:
    """The postings of one term of a segment; each array is read when it is first asked for, and kept."""

    __slots__ = ("_begins", "_field", "_last", "_start", "_stop", "_tf", "first", "numbers", "once")

    numbers: NDArray[np.intp]
    """The rows that have the term, ascending."""
    first: int
    """The index of the first of them among the field's postings."""
    once: bool
    """Whether no passage has the term more than once."""

    def __init__(
        self,
        field: FieldReader,
        extent: tuple[int, int],
        occurrences: tuple[int, int],
        numbers: NDArray[np.intp],
    ) -> None:
        """Made by `FieldReader.postings`: the extents of the postings and of the occurrences in the field."""
        self.numbers = numbers
        self._field = field
        self.first, self._last = extent
        self._start, self._stop = occurrences
        self.once = self._stop - self._start == self._last - self.first
        self._tf: NDArray[Any] | None = None
        self._begins: NDArray[np.uint32] | None = None

    def __len__(self) -> int:
        return self._last - self.first

    @property
    def tf(self) -> NDArray[Any]:
        """How often each of them has it."""
        if self._tf is None:
            self._tf = self._field.tf(self.first, self._last)
        return self._tf

    @property
    def single(self) -> bool:
        """Whether the term covers one unit wherever it stands, as nearly all do."""
        return self._field.are_single(self._start, self._stop)

    def count_on(self) -> None:
        """Counts where the occurrences of each of them begin, which is kept."""
        self._starts()

    def _starts(self) -> NDArray[np.uint32] | None:
        """By posting its first occurrence, counted from the term's first; none where each has one."""
        if self._begins is None and not self.once:
            begins = self.tf.cumsum(dtype=np.uint32)
            begins -= self.tf
            self._begins = begins
        return self._begins

    def first_positions(self, which: NDArray[np.intp] | None = None) -> NDArray[Any]:
        """The position of the term's first occurrence in each of its postings, or of those at `which`."""
        positions = self._field.positions(self._start, self._stop)
        if which is not None:
            return positions[self.runs(which)[0] - self._start]
        begins = self._starts()
        return positions if begins is None else positions.take(begins)

    def places(self) -> tuple[NDArray[Any], tuple[NDArray[Any], ...]]:
        """The postings' `tf`, and position, units, start and span of every occurrence of the term."""
        return self.tf, self._field.places(self._start, self._stop)

    def few_runs(self, which: Iterable[int]) -> list[tuple[int, int]]:
        """Of a few postings at the indices `which`, the occurrences `[start, stop)` in the field."""
        first, last = self._start, self._stop
        size = len(self)
        if last - first == size:
            return [(first + at, first + at + 1) for at in which]
        if self._begins is None and size > _MANY:
            return self._field.runs([self.first + at for at in which])
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


def _cut(values: NDArray[Any], starts: _Ints, stops: _Ints) -> NDArray[Any]:
    """The ranges `[start, stop)` of `values`, one after the other."""
    if int((stops - starts).sum()) == len(values):
        return values
    extents = zip(starts.tolist(), stops.tolist(), strict=True)
    return np.concatenate([values[start:stop] for start, stop in extents])
