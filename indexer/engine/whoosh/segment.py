"""One segment of the index: a file of arrays with some documents and their passages.

A *row* is what Whoosh calls a document.  Each document of the archive has a row, its entry, and its passages
have the rows right after it, in order; so a passage's document and ordinal need not be written down.
Titles and authors are indexed once, for the entry.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayfile import ArrayFile
from indexer.engine.whoosh.arraywriter import ArrayFileWriter
from indexer.engine.whoosh.fields import FieldReader
from indexer.engine.whoosh.inverted import FieldWriter
from indexer.engine.whoosh.narrow import NarrowColumn, NarrowReader, NarrowWriter
from indexer.engine.whoosh.schema import FIELDS
from indexer.engine.whoosh.stored import StoredReader, StoredWriter
from indexer.errors import DamagedFileError

__all__ = ["KOREAN", "TITLE", "SegmentReader", "SegmentWriter", "fingerprint"]

KOREAN: Final = 1
"""The flag of a passage that is mostly Korean."""
TITLE: Final = 2
"""The flag of a passage that is its document's title."""
_LENGTH: Final = NarrowColumn("row.length", 1)
_PAIR: Final = NarrowColumn("row.pair", 2)


def fingerprint(document_id: str) -> int:
    """64 bits that stand for a document's id in a column."""
    encoded = document_id.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(encoded, digest_size=8).digest(), "little")


class SegmentWriter:
    """Gathers a segment: rows first, then postings, field by field in any order."""

    def __init__(self, folder: Path) -> None:
        self.file = ArrayFileWriter(folder)
        self.rows = 0
        self.passages = StoredWriter(self.file, "passages")
        self.entries = StoredWriter(self.file, "entries")
        self._length = NarrowWriter(self.file, "columns", _LENGTH)
        self._pair = NarrowWriter(self.file, "columns", _PAIR)
        self._lengths: list[NDArray[np.uint32]] = []

    def add_columns(self, columns: Mapping[str, NDArray[Any]]) -> None:
        """Writes the columns of some documents: those of their entries and those of their rows.

        Args:
            columns: `entry.row`, `entry.date`, `entry.fingerprint` by document; `length`, `pair`, `flags`,
                `address` by row.
        """
        for name in ("entry.row", "entry.date", "entry.fingerprint", "flags", "address"):
            shift = self.rows if name == "entry.row" else 0
            self.file.append(f"columns.{name}", columns[name] + columns[name].dtype.type(shift))
        self._length.append(columns["length"])
        self._pair.append(columns["pair"])
        self._lengths.append(columns["length"])
        self.rows += len(columns["length"])

    def field(self, name: str) -> FieldWriter:
        """The writer of the field `name`, to be asked for once, after all rows."""
        lengths = np.concatenate([np.zeros(0, dtype="<u4"), *self._lengths])
        return FieldWriter(self.file, name, lengths)

    def write(self, file: Any) -> None:
        """Writes the segment to the open `file`."""
        self.passages.finish()
        self.entries.finish()
        self.file.append("rows", np.array([self.rows], dtype="<u4"))
        self.file.write(file)


class SegmentReader:
    """A segment, open for reading."""

    def __init__(self, file: ArrayFile) -> None:
        """Opens the segment in `file`.

        Raises:
            DamagedFileError: the file is none of a segment.
        """
        self.file = file
        self.rows = int(file.read("rows", 0, 1)[0])
        if self.rows != file.length("columns.flags"):
            raise DamagedFileError(f"{file.path.name} does not have the rows that it tells")
        self.passages = StoredReader(file, "passages")
        self.entries = StoredReader(file, "entries")
        self._fields = {name: FieldReader(file, name, self.rows) for name in FIELDS}

    def field(self, name: str) -> FieldReader:
        """The postings of the field `name`."""
        return self._fields[name]

    @cached_property
    def entry_rows(self) -> NDArray[np.int64]:
        """The rows of the documents, ascending."""
        return self.column("entry.row").astype(np.int64)

    @cached_property
    def entry_ends(self) -> NDArray[np.int64]:
        """By document, the row after that of its last passage."""
        return np.append(self.entry_rows[1:], self.rows)[: len(self.entry_rows)]

    def column(self, name: str) -> NDArray[Any]:
        """A column, by document where its name begins with `entry.`, else by row; a view."""
        return self.file.read(f"columns.{name}")

    @cached_property
    def addresses(self) -> memoryview:
        """By row, the address as a number (see `indexer.engine.whoosh.addressing`)."""
        # A single number is found much faster in a view than in an array.
        return self.column("address").data

    @cached_property
    def lengths(self) -> NDArray[Any]:
        """By row, the units of the passage."""
        return NarrowReader(self.file, "columns", _LENGTH).read(0, self.rows)

    @cached_property
    def pairs(self) -> NDArray[Any]:
        """By row, the number that the passages of a pair share in their document; 0 for no pair."""
        return NarrowReader(self.file, "columns", _PAIR).read(0, self.rows)

    def entries_of(self, document_id: str) -> list[int]:
        """The indexes of the documents with this id: several where some of them were deleted."""
        alike = np.flatnonzero(self.column("entry.fingerprint") == fingerprint(document_id))
        return [entry for entry in alike.tolist() if self.entries[entry]["id"] == document_id]

    def entry_of(self, row: int) -> int:
        """The index among the documents of the one whose entry or passage the row is."""
        # A single number is found much faster in a view than in an array.
        return bisect_right(self.entry_rows.data, row) - 1
