"""The postings of one field of a segment as arrays.

Of each field, `NAME.` before the names:

    texts              the terms in UTF-8, sorted by their bytes, one after the other
    ends               by term four numbers: the bytes, postings, words and occurrences of the terms up to it
    table              where a term stands among them; see `indexer.engine.whoosh.hashing`
    numbers            the passages of the postings in 16-bit words; see `indexer.engine.whoosh.numbers`
    tf                 how often a term occurs in a passage
    position, units, span
                       of each occurrence its first unit, how many units, and its code points
    block.occurrence, block.tf, block.length
                       of every 256 postings the first occurrence, the largest `tf` and the shortest passage

Blocks are counted over the whole field, so that a term needs no list of its own: its first and its last block
may hold postings of its neighbours, and what they tell are bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arraywriter import ArrayFileWriter
from indexer.engine.whoosh.hashing import hash_table, hashes
from indexer.engine.whoosh.narrow import NarrowColumn, NarrowWriter
from indexer.engine.whoosh.numbers import pack
from indexer.engine.whoosh.spans import SpanWriter

__all__ = [
    "BLOCK",
    "ENDS",
    "OCCURRENCES",
    "POSITION",
    "POSTINGS",
    "TEXTS",
    "TF",
    "UNITS",
    "WORDS",
    "FieldWriter",
    "Inverted",
]

BLOCK: Final = 256
"""Postings that share bounds."""
TEXTS: Final = 0
POSTINGS: Final = 1
WORDS: Final = 2
OCCURRENCES: Final = 3
ENDS: Final = (TEXTS, POSTINGS, WORDS, OCCURRENCES)
"""What is counted up to each term, in the order of `ends`."""
_MOST: Final = 0xFFFF
_COUNTED: Final = 0xFFFF_FFFF
"""Terms' bytes, postings, words or occurrences that a field of one segment can have."""

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
        self._ends = np.zeros(len(ENDS), dtype=np.int64)
        self._occurrences = 0
        """Of the blocks that are written."""
        self._hashes: list[NDArray[np.uint32]] = []
        self._open = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))

    def append(self, some: Inverted) -> None:
        """Writes terms that come after those written before."""
        if not some.terms:
            return
        texts = b"".join(some.terms)
        sizes = np.fromiter(map(len, some.terms), dtype=np.int64, count=len(some.terms))
        words, counts = pack(some.frequencies, some.numbers, len(self._lengths))
        begins = np.cumsum(some.frequencies) - some.frequencies
        occurrences = np.add.reduceat(some.tf, begins)
        many = (sizes, some.frequencies, some.frequencies if counts is None else counts, occurrences)
        self._put("texts", np.frombuffer(texts, dtype=np.uint8))
        self._put("ends", np.stack([self._running(at, one) for at, one in enumerate(many)], axis=1).ravel())
        self._put("numbers", words)
        self._hashes.append(hashes(some.terms))
        self._tf.append(some.tf)
        position, units, start, length = some.places
        self._positions.append(position)
        self._units.append(units)
        self._spans.append(start, length)
        self._add_blocks(some.tf, self._lengths[some.numbers].astype(np.int64))

    def finish(self) -> None:
        """Writes what is left of the last block, and where to look for each term."""
        if len(self._open[0]):
            self._write_blocks(*self._open)
        if self._hashes:
            self._put("table", hash_table(np.concatenate(self._hashes)))

    def _put(self, name: str, values: NDArray[Any]) -> None:
        self._writer.append(f"{self._name}.{name}", values)

    def _running(self, which: int, sizes: _Ints) -> NDArray[np.uint32]:
        """Where each of these ends.

        Raises:
            ValueError: the last cannot be written in 32 bits; nor could the index of an occurrence, wherever
                it is written down.
        """
        ends = self._ends[which] + np.cumsum(sizes)
        if int(ends[-1]) > _COUNTED:
            raise ValueError(f"the field {self._name} of one segment cannot hold so much")
        self._ends[which] = int(ends[-1])
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
        firsts = self._occurrences + np.cumsum(sums) - sums
        self._occurrences = int(firsts[-1] + sums[-1])
        self._put("block.occurrence", firsts.astype("<u4"))
        self._put("block.tf", np.minimum(np.maximum.reduceat(tf, begins), _MOST).astype("<u2"))
        self._put("block.length", np.minimum(np.minimum.reduceat(lengths, begins), _MOST).astype("<u2"))
