"""Reads what `indexer.engine.whoosh.inverted` writes: the postings of one field of a segment."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayfile import ArrayFile, Column
from indexer.engine.whoosh.dictionary import Dictionary, Found
from indexer.engine.whoosh.inverted import BLOCK, OCCURRENCES, POSTINGS, WORDS, Inverted
from indexer.engine.whoosh.numbers import is_packed, unpack, unpack_one
from indexer.engine.whoosh.occurrences import OccurrenceReader
from indexer.engine.whoosh.posting_list import PostingList

__all__ = ["FieldReader"]

_CLOSE: Final = 8
"""Where one of so many terms is wanted, all are read."""

_Ints = NDArray[np.int64]


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
        self.occurrences = OccurrenceReader(file, name)
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
        tf = _cut(self.occurrences.tf(int(ends[0]), int(ends[-1])), starts - ends[0], stops - ends[0])
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
        return PostingList(self.occurrences, (first, last), (before[OCCURRENCES], ends[OCCURRENCES]), numbers)

    def bounds(self, place: int) -> tuple[int, NDArray[np.uint16], NDArray[np.uint16]]:
        """How many postings of the term come before its second block, and by block the bounds.

        The bounds are the largest `tf` (65,535 stands for that and more) and the shortest passage.
        """
        first, last = self._extent(POSTINGS, place)
        blocks = first // BLOCK, (last - 1) // BLOCK + 1
        return BLOCK - first % BLOCK, self._read("block.tf", *blocks), self._read("block.length", *blocks)

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
        start, stop = self.occurrences.first_of(begin), self.occurrences.first_of(end)
        places = tuple(column.astype(np.int64) for column in self.occurrences.places(start, stop))
        tf = self.occurrences.tf(begin, end).astype(np.int64)
        return Inverted(self.texts(first, last), frequencies, numbers, tf, places)

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


def _cut(values: NDArray[Any], starts: _Ints, stops: _Ints) -> NDArray[Any]:
    """The ranges `[start, stop)` of `values`, one after the other."""
    if int((stops - starts).sum()) == len(values):
        return values
    extents = zip(starts.tolist(), stops.tolist(), strict=True)
    return np.concatenate([values[start:stop] for start, stop in extents])
