"""Documents that wait to be written as one segment: their rows as JSON, their tokens as arrays."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any, Final

import numpy as np

from indexer.engine import IndexedDocument
from indexer.engine.whoosh import rows
from indexer.engine.whoosh.addressing import numbers_of
from indexer.engine.whoosh.gathered import GatheredField, GatheredPart
from indexer.engine.whoosh.schema import AUTHOR, PARTS, TEXT, TITLE, field_name
from indexer.engine.whoosh.segment import SegmentWriter, fingerprint
from indexer.model.terms import Field

__all__ = ["Batch"]

_PER_TOKEN: Final = 95
"""Bytes of memory for a token: as it waits, and while it is put in order."""
_PER_TERM: Final = 200
_PER_ROW: Final = 60


class Batch:
    """See the module."""

    def __init__(self, folder: Path) -> None:
        self._writer = SegmentWriter(folder)
        self._fields = {part: {field: GatheredField() for field in Field} for part in PARTS}
        self._parts = {part: GatheredPart(fields) for part, fields in self._fields.items()}
        self._columns: dict[str, Any] = {
            "entry.row": array("I"),
            "entry.date": array("i"),
            "entry.fingerprint": array("Q"),
            "pair": array("I"),
            "flags": array("B"),
        }
        self._addresses: list[str] = []
        """By row; empty for that of a document."""

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self._columns["flags"])

    @property
    def memory(self) -> int:
        """Bytes that writing it will take, about; without the words that its tokens are told by."""
        tokens = sum(part.tokens for part in self._parts.values())
        terms = sum(len(field.terms) for fields in self._fields.values() for field in fields.values())
        return tokens * _PER_TOKEN + terms * _PER_TERM + self.rows * _PER_ROW

    @property
    def words(self) -> int:
        """Bytes that the words take by which its tokens are told, about."""
        tables = {id(table): table for part in self._parts.values() for table in part.tables}
        return sum(table.memory for table in tables.values())

    def add(self, document: IndexedDocument) -> None:
        """Puts in a document.

        Raises:
            ValueError: its passages are not in the order of their ordinals, from 0.
        """
        entry = self.rows
        columns = self._columns
        about = document.info
        columns["entry.row"].append(entry)
        columns["entry.date"].append(about.date.toordinal() if about.date else 0)
        columns["entry.fingerprint"].append(fingerprint(about.id))
        columns["pair"].append(0)
        columns["flags"].append(0)
        self._addresses.append("")
        self._writer.entries.append(rows.dump_document(document))
        self._parts[TITLE].add(entry, document.title)
        self._parts[AUTHOR].add(entry, document.authors)
        passages = [indexed.passage for indexed in document.passages]
        for ordinal, passage in enumerate(passages):
            if passage.ordinal != ordinal:
                raise ValueError(f"{about.id}: passage {passage.ordinal} stands where {ordinal} should")
        self._parts[TEXT].add(entry + 1, *[indexed.tokens for indexed in document.passages])
        columns["pair"].extend([rows.pair(document, one) if one.partners else 0 for one in passages])
        columns["flags"].extend(map(rows.flags, passages))
        self._addresses.extend([one.address for one in passages])
        append = self._writer.passages.append
        for row in map(rows.dump_passage, passages):
            append(row)

    def write(self, file: Any) -> int:
        """Writes the segment to the open `file`; returns the number of its rows."""
        columns = {name: np.array(values) for name, values in self._columns.items()}
        columns["address"] = numbers_of(self._addresses)
        self._writer.add_columns({**columns, "length": self._parts[TEXT].units(self.rows)})
        for part, fields in self._fields.items():
            more = self._parts[part].expand()
            for field, gathered in fields.items():
                if gathered.terms:
                    out = self._writer.field(field_name(part, field))
                    out.append(gathered.invert(more.pop(field)))
                    out.finish()
        self._writer.write(file)
        return self.rows

    def close(self) -> None:
        """Gives up what was gathered."""
        self._writer.file.close()
