"""Documents that wait to be written as one segment: their rows as JSON, their tokens as arrays."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np

from indexer.analysis import Relative, TokenRuns
from indexer.engine import IndexedDocument
from indexer.engine.whoosh import rows
from indexer.engine.whoosh.inverted import Inverted
from indexer.engine.whoosh.schema import AUTHOR, FIELDS, TEXT, TITLE, field_name
from indexer.engine.whoosh.segment import SegmentWriter, fingerprint
from indexer.model import Field, Token

__all__ = ["Batch"]

_PER_TOKEN: Final = 110
"""Bytes of memory for a token: as it waits, and while it is put in order."""
_PER_TERM: Final = 200
_PER_ROW: Final = 60


class _Gathered:
    """The tokens of one field, in the order of their rows."""

    __slots__ = ("places", "terms")

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.places = array("I")
        """Six numbers for each token: term, row, position, units, start, span."""

    def invert(self) -> Inverted:
        """The tokens by term, then by row, then as they came."""
        places = np.frombuffer(self.places, dtype=np.uint32).reshape(-1, 6)
        texts = [term.encode("utf-8", "surrogatepass") for term in self.terms]
        order = sorted(range(len(texts)), key=texts.__getitem__)
        rank = np.empty(len(texts), dtype=np.uint64)
        rank[order] = np.arange(len(texts), dtype=np.uint64)
        keys = rank[places[:, 0]] << np.uint64(32) | np.arange(len(places), dtype=np.uint64)
        keys.sort()
        places = places[(keys & np.uint64(0xFFFFFFFF)).astype(np.intp)]
        term, row = (keys >> np.uint64(32)).astype(np.int64), places[:, 1].astype(np.int64)
        begins = np.flatnonzero(np.concatenate([[True], (np.diff(term) != 0) | (np.diff(row) != 0)]))
        return Inverted(
            [texts[number] for number in order],
            np.bincount(term[begins], minlength=len(texts)),
            row[begins],
            np.diff(begins, append=len(term)),
            tuple(places[:, column].astype(np.int64) for column in range(2, 6)),
        )


_Prepared = tuple[Callable[[Iterable[int]], None], int, int, int, int, int]
"""Where a token goes, and its term, first unit, units, start and span, the places as from its run."""


class Batch:
    """See the module."""

    def __init__(self, folder: Path) -> None:
        self._writer = SegmentWriter(folder)
        self._fields = {name: _Gathered() for name in FIELDS}
        self._by_part: dict[str, dict[Field, _Gathered]] = {
            part: {field: self._fields[field_name(part, field)] for field in Field}
            for part in (TEXT, TITLE, AUTHOR)
        }
        self._prepared: dict[tuple[str, int], tuple[Relative, list[_Prepared]]] = {}
        self._columns: dict[str, Any] = {
            "entry.row": array("I"),
            "entry.date": array("i"),
            "entry.fingerprint": array("Q"),
            "length": array("I"),
            "pair": array("I"),
            "flags": array("B"),
            "address": array("I"),
        }

    @property
    def rows(self) -> int:
        """How many there are."""
        return len(self._columns["length"])

    @property
    def memory(self) -> int:
        """Bytes that writing it will take, about."""
        tokens = sum(len(field.places) for field in self._fields.values()) // 6
        terms = sum(len(field.terms) for field in self._fields.values())
        return tokens * _PER_TOKEN + (terms + len(self._prepared)) * _PER_TERM + self.rows * _PER_ROW

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
        self._add_row(0, 0, 0, 0)
        self._writer.entries.append(rows.dump_document(document))
        self._add_tokens(TITLE, entry, document.title)
        self._add_tokens(AUTHOR, entry, document.authors)
        for ordinal, indexed in enumerate(document.passages):
            passage = indexed.passage
            if passage.ordinal != ordinal:
                raise ValueError(f"{about.id}: passage {passage.ordinal} stands where {ordinal} should")
            length = self._add_tokens(TEXT, entry + 1 + ordinal, indexed.tokens)
            pair, address = rows.pair(document, passage), rows.address_sum(passage.address)
            self._add_row(length, pair, rows.flags(passage), address)
            self._writer.passages.append(rows.dump_passage(passage))

    def write(self, file: Any) -> int:
        """Writes the segment to the open `file`; returns the number of its rows."""
        self._writer.add_columns({name: np.array(values) for name, values in self._columns.items()})
        for name, gathered in self._fields.items():
            if gathered.terms:
                field = self._writer.field(name)
                field.append(gathered.invert())
                field.finish()
        self._writer.write(file)
        return self.rows

    def close(self) -> None:
        """Gives up what was gathered."""
        self._writer.file.close()

    def _add_row(self, length: int, pair: int, flags: int, address: int) -> None:
        self._columns["length"].append(length)
        self._columns["pair"].append(pair)
        self._columns["flags"].append(flags)
        self._columns["address"].append(address)

    def _add_tokens(self, part: str, row: int, tokens: Iterable[Token]) -> int:
        """Puts in the tokens of one text; returns its units."""
        if isinstance(tokens, TokenRuns):
            return self._add_runs(part, row, tokens)
        fields = self._by_part[part]
        units = 0
        for token in tokens:
            gathered = fields[token.field]
            terms = gathered.terms
            number = terms.get(token.term)
            if number is None:
                number = terms[token.term] = len(terms)
            span, position, length = token.span, token.position, token.length
            gathered.places.extend((number, row, position, length, span.start, span.end - span.start))
            units = max(units, position + length)
        return units

    def _add_runs(self, part: str, row: int, tokens: TokenRuns) -> int:
        """As `_add_tokens`; what is the same for each occurrence of a run is made ready once."""
        units = 0
        for start, first, relative in tokens.runs:
            key = part, id(relative)
            # With the run itself, so that it lives on and no other can get its identity.
            known = self._prepared.get(key)
            if known is None:
                known = self._prepared[key] = relative, self._prepare(part, relative)
            for put, number, position, length, begin, span in known[1]:
                put((number, row, first + position, length, start + begin, span))
                units = max(units, first + position + length)
        return units

    def _prepare(self, part: str, relative: Relative) -> list[_Prepared]:
        prepared: list[_Prepared] = []
        for field, term, begin, end, position, length in relative:
            gathered = self._by_part[part][field]
            number = gathered.terms.setdefault(term, len(gathered.terms))
            prepared.append((gathered.places.extend, number, position, length, begin, end - begin))
        return prepared
