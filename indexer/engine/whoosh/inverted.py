"""The postings of one field of a segment as arrays.

Of each field, `NAME.` before the names:

    texts, text_ends   the terms in UTF-8, sorted by their bytes, one after the other, and where each ends
    posting_ends       how many postings the terms up to each have together
    numbers            16-bit words; see `indexer.engine.whoosh.numbers`
    number_ends        how many words the terms up to each take; only where they are not one for each posting
    tf                 how often a term occurs in a passage
    position, units, span
                       of each occurrence its first unit, how many units, and its code points
    block.occurrence, block.tf, block.length
                       of every 256 postings the first occurrence, the largest `tf` and the shortest passage

Blocks are counted over the whole field, so that a term needs no list of its own: its first and its last block
may hold postings of its neighbours, and what they tell are bounds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayfile import ArrayFile, ArrayFileWriter, DamagedFileError
from indexer.engine.whoosh.narrow import NarrowColumn, NarrowReader, NarrowWriter, SpanReader, SpanWriter
from indexer.engine.whoosh.numbers import pack, unpack, unpack_one

__all__ = ["BLOCK", "FieldReader", "FieldWriter", "Inverted"]

BLOCK: Final = 256
"""Postings that share bounds."""
_MOST: Final = 0xFFFF

_Ints = NDArray[np.int64]

TF: Final = NarrowColumn("tf", 1)
POSITION: Final = NarrowColumn("position", 1)
UNITS: Final = NarrowColumn("units", 0, 1)


@dataclass(frozen=True, slots=True)
class Inverted:
    """Some terms, each greater than the one before, with their postings."""

    terms: list[bytes]
    frequencies: _Ints
    """By term, how many passages have it."""
    numbers: _Ints
    """By posting, the number of the passage in its segment; ascending for each term."""
    tf: _Ints
    """By posting."""
    places: tuple[_Ints, ...]
    """By occurrence: position, units, start, length of the span."""


class FieldWriter:
    """Writes the postings of one field, some terms at a time, in the order of the terms."""

    def __init__(self, writer: ArrayFileWriter, name: str, lengths: NDArray[Any]) -> None:
        """Begins with the field `name` of a segment whose passages have these `lengths`."""
        self._writer = writer
        self._name = name
        self._lengths = lengths
        self._tf = NarrowWriter(writer, name, TF)
        self._positions = NarrowWriter(writer, name, POSITION)
        self._units = NarrowWriter(writer, name, UNITS)
        self._spans = SpanWriter(writer, name)
        self._ends = np.zeros(4, dtype=np.int64)
        self._open = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))

    def append(self, some: Inverted) -> None:
        """Writes terms that come after those written before."""
        if not some.terms:
            return
        texts = b"".join(some.terms)
        sizes = np.fromiter(map(len, some.terms), dtype=np.int64, count=len(some.terms))
        words, counts = pack(some.frequencies, some.numbers, len(self._lengths))
        self._put("texts", np.frombuffer(texts, dtype=np.uint8))
        self._put("text_ends", self._running(0, sizes))
        self._put("posting_ends", self._running(1, some.frequencies))
        if counts is not None:
            self._put("number_ends", self._running(2, counts))
        self._put("numbers", words)
        self._tf.append(some.tf)
        position, units, start, length = some.places
        self._positions.append(position)
        self._units.append(units)
        self._spans.append(start, length)
        self._add_blocks(some.tf, self._lengths[some.numbers].astype(np.int64))

    def finish(self) -> None:
        """Writes what is left of the last block."""
        if len(self._open[0]):
            self._write_blocks(*self._open)

    def _put(self, name: str, values: NDArray[Any]) -> None:
        self._writer.append(f"{self._name}.{name}", values)

    def _running(self, which: int, sizes: _Ints) -> NDArray[np.uint32]:
        ends = self._ends[which] + np.cumsum(sizes)
        self._ends[which] = ends[-1]
        if ends[-1] > np.iinfo(np.uint32).max:
            raise ValueError(f"the field {self._name} of one segment cannot hold so much")
        narrow: NDArray[np.uint32] = ends.astype("<u4")
        return narrow

    def _add_blocks(self, tf: _Ints, lengths: _Ints) -> None:
        tf, lengths = np.concatenate([self._open[0], tf]), np.concatenate([self._open[1], lengths])
        whole = len(tf) // BLOCK * BLOCK
        if whole:
            self._write_blocks(tf[:whole], lengths[:whole])
        self._open = tf[whole:], lengths[whole:]

    def _write_blocks(self, tf: _Ints, lengths: _Ints) -> None:
        begins = np.arange(0, len(tf), BLOCK)
        sums = np.add.reduceat(tf, begins)
        self._put("block.occurrence", (self._ends[3] + np.cumsum(sums) - sums).astype("<u4"))
        self._ends[3] += sums.sum()
        self._put("block.tf", np.minimum(np.maximum.reduceat(tf, begins), _MOST).astype("<u2"))
        self._put("block.length", np.minimum(np.minimum.reduceat(lengths, begins), _MOST).astype("<u2"))


class FieldReader:
    """Reads the postings of one field of a segment.  A term is named by its place in the sorted terms."""

    def __init__(self, file: ArrayFile, name: str, rows: int) -> None:
        """Opens the field `name` of a segment of so many `rows`."""
        self._file = file
        self._name = name
        self._rows = rows
        self.size = file.length(f"{name}.text_ends")
        self._tf = NarrowReader(file, name, TF)
        self._positions = NarrowReader(file, name, POSITION)
        self._units = NarrowReader(file, name, UNITS)
        self._spans = SpanReader(file, name)
        self._packed = f"{name}.number_ends" in file

    def __len__(self) -> int:
        return self.size

    def find(self, term: bytes) -> int | None:
        """The place of `term`; none where the field does not have it."""
        place = self.first_from(term)
        return place if place < self.size and self.text(place) == term else None

    def first_from(self, term: bytes) -> int:
        """The place of the first term that is not before `term`."""
        low, high = 0, self.size
        while low < high:
            middle = (low + high) // 2
            if self.text(middle) < term:
                low = middle + 1
            else:
                high = middle
        return low

    def beginning_with(self, prefix: bytes) -> tuple[int, int]:
        """The places `[first, last)` of the terms that begin with `prefix`."""
        end = prefix.rstrip(b"\xff")
        after = end[:-1] + bytes([end[-1] + 1]) if end else None
        return self.first_from(prefix), self.size if after is None else self.first_from(after)

    def text(self, place: int) -> bytes:
        """The term at `place`."""
        ends, texts = self._dictionary
        return bytes(texts[ends[place - 1] if place else 0 : ends[place]])

    @cached_property
    def _dictionary(self) -> tuple[memoryview, memoryview]:
        """Where the terms end, and the terms; not as arrays, which are slow to look into one by one."""
        if not self.size:
            return memoryview(b""), memoryview(b"")
        ends = self._file.read(f"{self._name}.text_ends")
        texts = self._file.read(f"{self._name}.texts")
        if int(ends[-1]) != len(texts):
            raise DamagedFileError(f"{self._file.path.name}: the terms of {self._name} end somewhere else")
        return ends.data.cast("B").cast("I"), texts.data

    def texts(self, first: int, last: int) -> list[bytes]:
        """The terms at the places `[first, last)`."""
        ends, texts = self._dictionary
        cuts = [ends[first - 1] if first else 0, *ends[first:last]]
        return [bytes(texts[start:stop]) for start, stop in pairwise(cuts)]

    def frequencies(self, first: int, last: int) -> _Ints:
        """How many passages have each of the terms at `[first, last)`, deleted passages among them."""
        return np.diff(self._bounds("posting_ends", first, last))

    def frequency(self, place: int) -> int:
        """How many passages have the term at `place`, deleted passages among them."""
        first, last = self._extent("posting_ends", place)
        return last - first

    def numbers(self, place: int) -> NDArray[Any]:
        """The passages that have the term at `place`, ascending: a view, or one widening."""
        first, last = self._extent("posting_ends", place)
        if not self._packed:
            return self._read("numbers", first, last)
        words = self._read("numbers", *self._extent("number_ends", place))
        return unpack_one(words, last - first, self._rows)

    def tf(self, place: int) -> NDArray[Any]:
        """How often each of the passages has the term at `place`."""
        return self._tf.read(*self._extent("posting_ends", place))

    def bounds(self, place: int) -> tuple[int, NDArray[np.uint16], NDArray[np.uint16]]:
        """How many postings of the term come before its second block, and by block the bounds.

        The bounds are the largest `tf` (65,535 stands for that and more) and the shortest passage.
        """
        first, last = self._extent("posting_ends", place)
        blocks = first // BLOCK, (last - 1) // BLOCK + 1
        return BLOCK - first % BLOCK, self._read("block.tf", *blocks), self._read("block.length", *blocks)

    def places(self, place: int) -> tuple[NDArray[Any], ...]:
        """Position, units, start and span of every occurrence of the term at `place`."""
        first, last = self._extent("posting_ends", place)
        start, stop = self._occurrence(first), self._occurrence(last)
        position, units = self._positions.read(start, stop), self._units.read(start, stop)
        return position, units, *self._spans.read(start, stop)

    def first_positions(self, place: int) -> NDArray[Any]:
        """The position of the term's first occurrence in each of its postings."""
        first, last = self._extent("posting_ends", place)
        start, stop = self._occurrence(first), self._occurrence(last)
        positions = self._positions.read(start, stop)
        if stop - start == last - first:  # each passage has it once
            return positions
        tf = self._tf.read(first, last)
        begins = np.cumsum(tf, dtype=np.int64) - tf
        firsts: NDArray[Any] = positions[begins]
        return firsts

    def places_at(self, place: int, postings: _Ints) -> tuple[_Ints, tuple[_Ints, ...]]:
        """Of the term's postings at these indices, `tf` and position, units, start and span."""
        first, last = self._extent("posting_ends", place)
        if last - first <= BLOCK * len(postings):
            counts = self._tf.read(first, last)
            starts = (self._occurrence(first) + np.cumsum(counts, dtype=np.int64) - counts)[postings]
            tf = counts[postings].astype(np.int64)
        else:
            tf = self._tf.take(first + postings)
            starts = self._occurrences(first + postings)
        at = np.repeat(starts - np.cumsum(tf) + tf, tf) + np.arange(int(tf.sum()))
        return tf, (self._positions.take(at), self._units.take(at), *self._spans.take(at))

    def pieces(self, most: int) -> Iterator[tuple[int, int]]:
        """The places of the terms in runs `[first, last)` of about `most` postings each."""
        ends = self._bounds("posting_ends", 0, self.size)
        first = 0
        while first < self.size:
            last = max(first + 1, int(np.searchsorted(ends, ends[first] + most, "right")) - 1)
            yield first, last
            first = last

    def invert(self, first: int, last: int) -> Inverted:
        """The terms at the places `[first, last)` with their postings."""
        ends = self._bounds("posting_ends", first, last)
        begin, end = int(ends[0]), int(ends[-1])
        frequencies = np.diff(ends)
        if self._packed:
            words = self._bounds("number_ends", first, last)
            numbers = unpack(frequencies, self._read("numbers", int(words[0]), int(words[-1])), self._rows)
        else:
            numbers = self._read("numbers", begin, end).astype(np.int64)
        start, stop = self._occurrence(begin), self._occurrence(end)
        position, units = self._positions.read(start, stop), self._units.read(start, stop)
        places = position.astype(np.int64), units.astype(np.int64), *self._spans.read(start, stop)
        tf = self._tf.read(begin, end).astype(np.int64)
        return Inverted(self.texts(first, last), frequencies, numbers, tf, places)

    def _read(self, name: str, first: int, last: int) -> NDArray[Any]:
        return self._file.read(f"{self._name}.{name}", first, last)

    def _extent(self, name: str, place: int) -> tuple[int, int]:
        if place:
            first, last = self._read(name, place - 1, place + 1).tolist()
        else:
            first, last = 0, int(self._read(name, 0, 1)[0])
        if first > last:
            raise DamagedFileError(f"{self._file.path.name}: {self._name}.{name} does not ascend")
        return first, last

    def _bounds(self, name: str, first: int, last: int) -> _Ints:
        """Where each of the terms at `[first, last)` begins, and where the last of them ends."""
        ends = np.zeros(last - first + 1, dtype=np.int64)
        if last > first:
            ends[first == 0 :] = self._read(name, max(0, first - 1), last)
        return ends

    def _occurrence(self, posting: int) -> int:
        """The first occurrence of the posting at the index `posting` of the field."""
        block = posting // BLOCK
        blocks = self._file.length(f"{self._name}.block.occurrence")
        if block == blocks:  # right after the last posting of a last block that is full
            return (
                self._occurrence(posting - 1) + int(self._tf.read(posting - 1, posting)[0]) if posting else 0
            )
        begin = int(self._read("block.occurrence", block, block + 1)[0])
        return begin + int(self._tf.read(block * BLOCK, posting).sum(dtype=np.int64))

    def _occurrences(self, postings: _Ints) -> _Ints:
        """The first occurrence of each of the postings at these indices of the field."""
        blocks = postings // BLOCK
        within = blocks[:, None] * BLOCK + np.arange(BLOCK)
        before = within < postings[:, None]
        tf = np.zeros(within.shape, dtype=np.int64)
        tf[before] = self._tf.take(within[before])
        begins: _Ints = self._file.take(f"{self._name}.block.occurrence", blocks) + tf.sum(axis=1)
        return begins
