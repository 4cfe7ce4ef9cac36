"""One commit of the index, open for reading."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
from whoosh.index import FileIndex
from whoosh.reading import TermNotFound

from indexer.engine import Columns, Ranking, SourceState
from indexer.engine.whoosh import rows
from indexer.engine.whoosh.executor import Executor
from indexer.engine.whoosh.schema import FACTS
from indexer.engine.whoosh.terms import Terms, leaves
from indexer.errors import UnknownDocumentError
from indexer.model import DocumentInfo, Passage, Query, Span, Stats

__all__ = ["WhooshSnapshot"]


class WhooshSnapshot:
    """See `indexer.engine.Snapshot`."""

    def __init__(self, index: FileIndex, generation: str, committed: dt.datetime) -> None:
        self._reader = index.reader()
        self._lock = Lock()
        self._generation = generation
        self._committed = committed
        # Read now: once a later commit has removed the files, a column could not be opened any more.
        self._columns = _read_columns(self._reader)
        self._executor = Executor(Terms(self._reader, self._lock), self._columns)

    @property
    def generation(self) -> str:
        """See `indexer.engine.Snapshot.generation`."""
        return self._generation

    @cached_property
    def stats(self) -> Stats:
        """See `indexer.engine.Snapshot.stats`."""
        columns = self._columns
        korean = int((columns.korean & columns.passage).sum())
        return Stats(
            documents=len(self.documents()),
            passages={"en": int(columns.passage.sum()) - korean, "ko": korean},
            committed=self._committed,
            generation=self._generation,
        )

    @property
    def columns(self) -> Columns:
        """See `indexer.engine.Snapshot.columns`."""
        return self._columns

    def rank(self, query: Query) -> Ranking:
        """See `indexer.engine.Snapshot.rank`."""
        return self._executor.rank(query)

    def spans(self, query: Query, numbers: Sequence[int]) -> list[tuple[Span, ...]]:
        """See `indexer.engine.Snapshot.spans`."""
        return self._executor.spans(query, numbers)

    def passages(self, numbers: Iterable[int]) -> list[Passage]:
        """See `indexer.engine.Snapshot.passages`."""
        return [rows.passage(self._stored(number)) for number in numbers]

    def document(self, document_id: str) -> tuple[DocumentInfo, list[int]]:
        """See `indexer.engine.Snapshot.document`."""
        numbers = self._numbers("document", document_id)
        return self.info(document_id), sorted(numbers, key=lambda number: int(self._columns.ordinal[number]))

    def info(self, document_id: str) -> DocumentInfo:
        """See `indexer.engine.Snapshot.info`."""
        entry = self._numbers("entry_of", document_id)
        if not entry:
            raise UnknownDocumentError(f"there is no document {document_id!r} in this archive")
        return rows.info(self._stored(entry[0]))

    def addressed(self, address: str) -> list[int]:
        """See `indexer.engine.Snapshot.addressed`."""
        return self._numbers("address", address)

    def documents(self) -> tuple[DocumentInfo, ...]:
        """See `indexer.engine.Snapshot.documents`."""
        by_id = sorted((rows.info(entry) for entry in self._entries), key=lambda info: info.id)
        return tuple(sorted(by_id, key=lambda info: info.date or dt.date.min, reverse=True))

    def sources(self) -> Mapping[str, tuple[SourceState, ...]]:
        """See `indexer.engine.Snapshot.sources`."""
        return {entry["id"]: rows.sources(entry) for entry in self._entries}

    @cached_property
    def _entries(self) -> list[dict[str, Any]]:
        others = np.flatnonzero(~self._columns.passage).tolist()
        with self._lock:
            living = [number for number in others if not self._reader.is_deleted(number)]
        return [self._stored(number) for number in living]

    def _stored(self, number: int) -> dict[str, Any]:
        with self._lock:
            stored: dict[str, Any] = json.loads(self._reader.stored_fields(int(number))["stored"])
        return stored

    def _numbers(self, field: str, term: str) -> list[int]:
        with self._lock:
            try:
                return list(self._reader.postings(field, term.encode("utf-8", "surrogatepass")).all_ids())
            except TermNotFound:
                return []


def _read_columns(reader: Any) -> Columns:
    parts = [np.zeros(0, dtype=FACTS)]
    for leaf, _ in leaves(reader):
        column = leaf.column_reader("facts", translate=False)
        facts = np.frombuffer(b"".join(column), dtype=FACTS).copy()
        if leaf.has_deletions():
            deleted = [number for number in range(len(facts)) if leaf.is_deleted(number)]
            facts[deleted] = np.zeros((), dtype=FACTS)
        parts.append(facts)
    facts = np.concatenate(parts)
    return Columns(
        passage=facts["passage"].astype(bool),
        document=facts["document"],
        ordinal=facts["ordinal"],
        korean=facts["korean"].astype(bool),
        year=facts["year"].astype(np.int32),
        date=facts["date"],
        length=facts["length"].astype(np.float32),
    )
