"""One commit of the index, open for reading."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import groupby, islice
from typing import Any, Final

import numpy as np

from indexer.engine import Columns, Ranking, SourceState
from indexer.engine.whoosh import rows
from indexer.engine.whoosh.addressing import addresses_of, number_of
from indexer.engine.whoosh.closer import CloserLook
from indexer.engine.whoosh.columns import read_columns
from indexer.engine.whoosh.executor import Executor
from indexer.engine.whoosh.marking import mark
from indexer.engine.whoosh.scoring import Normal
from indexer.engine.whoosh.sums import Scratch, Sums
from indexer.engine.whoosh.term_postings import Leaf
from indexer.engine.whoosh.terms import Terms
from indexer.engine.whoosh.toc import ArrayIndex
from indexer.errors import UnknownDocumentError
from indexer.model.archive import Stats, Tally
from indexer.model.query import Query
from indexer.model.text import DocumentInfo, Passage, Span

__all__ = ["WhooshSnapshot", "leaves"]

_KEPT: Final = 1 << 15
"""Documents whose authors, titles and dates are kept after reading: some 700 bytes each."""


class WhooshSnapshot:
    """See `indexer.engine.Snapshot`."""

    def __init__(self, index: ArrayIndex, generation: str, committed: dt.datetime) -> None:
        """Opens the newest commit.

        Raises:
            OSError: one of its files is not there.
            DamagedFileError: one of its files is not whole.
        """
        # The files stay mapped, and so stay readable, when a later commit removes them.
        self._leaves = leaves(index.reader())
        self._files = tuple(leaf.segment.file for leaf in self._leaves)
        self._generation = generation
        self._committed = committed
        self._columns = read_columns(self._leaves)
        self._rows = _Rows(self._leaves, self._columns)
        self._terms = Terms(self._leaves)
        normal = Normal.of(self._columns)
        sums = Sums(normal, Scratch(len(self._columns.passage)))
        closer = CloserLook(self._terms, self._columns, normal, sums, self._rows.texts)
        self._executor = Executor(self._terms, self._columns, normal, closer, sums)

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
            documents=sum(int(np.count_nonzero(_living_entries(leaf))) for leaf in self._leaves),
            passages={"en": int(columns.passage.sum()) - korean, "ko": korean},
            committed=self._committed,
            generation=self._generation,
        )

    @property
    def columns(self) -> Columns:
        """See `indexer.engine.Snapshot.columns`."""
        return self._columns

    @property
    def checked(self) -> bool:
        """See `indexer.engine.Snapshot.checked`."""
        return all(file.checked for file in self._files)

    def is_as_opened(self) -> bool:
        """Whether its files are still those that were opened, as somebody wrote them.

        Raises:
            DamagedFileError: one of them has been found to be damaged.
        """
        for file in self._files:  # noqa: SIM110 - before each answer, and twice as fast as `all`
            if not file.is_as_opened():
                return False
        return True

    def check(self) -> None:
        """See `indexer.engine.Snapshot.check`."""
        for file in self._files:
            file.check_all()

    def warm(self) -> None:
        """See `indexer.engine.Snapshot.warm`."""
        self.check()
        for leaf in self._leaves:
            leaf.segment.passages.warm()
        self._rows.read_infos(_KEPT)
        self._terms.warm(self._executor.normal.worths)

    def rank(self, query: Query) -> Ranking:
        """See `indexer.engine.Snapshot.rank`."""
        return self._executor.rank(query)

    def spans(self, query: Query, numbers: Sequence[int]) -> list[tuple[Span, ...]]:
        """See `indexer.engine.Snapshot.spans`."""
        return mark(self._terms, query, numbers)

    def passages(self, numbers: Iterable[int]) -> list[Passage]:
        """See `indexer.engine.Snapshot.passages`."""
        return self._rows.passages([int(number) for number in numbers])

    def addresses(self, numbers: Iterable[int]) -> list[str]:
        """See `indexer.engine.Snapshot.addresses`."""
        return self._rows.addresses(list(numbers))

    def document(self, document_id: str) -> tuple[DocumentInfo, list[int]]:
        """See `indexer.engine.Snapshot.document`."""
        at, entry = self._entry(document_id)
        leaf = self._leaves[at]
        first, last = int(leaf.segment.entry_rows[entry]) + 1, int(leaf.segment.entry_ends[entry])
        return self._rows.info(at, entry), list(range(leaf.offset + first, leaf.offset + last))

    def info(self, document_id: str) -> DocumentInfo:
        """See `indexer.engine.Snapshot.info`."""
        return self._rows.info(*self._entry(document_id))

    def infos(self, numbers: Iterable[int]) -> list[DocumentInfo]:
        """See `indexer.engine.Snapshot.infos`."""
        return [self._rows.info_of(number) for number in numbers]

    def addressed(self, address: str) -> list[int]:
        """See `indexer.engine.Snapshot.addressed`."""
        if not address:
            return []
        wanted = number_of(address)
        found: list[int] = []
        for leaf in self._leaves:
            alike = np.flatnonzero(leaf.segment.column("address") == wanted) + leaf.offset
            found += [number for number in alike.tolist() if self._columns.passage[number]]
        return [at for at, known in zip(found, self.addresses(found), strict=True) if known == address]

    def documents(self) -> tuple[DocumentInfo, ...]:
        """See `indexer.engine.Snapshot.documents`."""
        by_id = sorted((rows.info(entry) for entry in self._entries), key=lambda info: info.id)
        return tuple(sorted(by_id, key=_written, reverse=True))

    def tallies(self) -> Mapping[str, Tally]:
        """See `indexer.engine.Snapshot.tallies`."""
        return {entry["id"]: found for entry in self._entries if (found := rows.tally(entry))}

    def sources(self) -> Mapping[str, tuple[SourceState, ...]]:
        """See `indexer.engine.Snapshot.sources`."""
        return {entry["id"]: rows.sources(entry) for entry in self._entries}

    def sources_of(self, document_id: str) -> tuple[SourceState, ...]:
        """See `indexer.engine.Snapshot.sources_of`."""
        at, entry = self._entry(document_id)
        return rows.sources(self._leaves[at].segment.entries[entry])

    @cached_property
    def _entries(self) -> list[dict[str, Any]]:
        return [
            entry
            for leaf in self._leaves
            for entry, living in zip(leaf.segment.entries.all(), _living_entries(leaf).tolist(), strict=True)
            if living
        ]

    def _entry(self, document_id: str) -> tuple[int, int]:
        """Where the document is: in which segment, and its index there.

        Raises:
            UnknownDocumentError: it is nowhere.
        """
        for at, leaf in enumerate(self._leaves):
            for entry in leaf.segment.entries_of(document_id):
                if leaf.living is None or leaf.living[leaf.segment.entry_rows[entry]]:
                    return at, entry
        raise UnknownDocumentError(f"there is no document {document_id!r} in this archive")


class _Rows:
    """Reads what is stored of the documents and passages of a commit.

    The caches and the executor hold this and not the snapshot, which holds them: a ring of all that a commit
    has opened would wait for the garbage collector.
    """

    def __init__(self, leaves: Sequence[Leaf], columns: Columns) -> None:
        self._offsets = [leaf.offset for leaf in leaves]
        self._stored = [leaf.segment.passages for leaf in leaves]
        self._addresses = [leaf.segment.addresses for leaf in leaves]
        # Single numbers come much faster out of views than out of arrays.
        self._place, self._ordinal = columns.place.data, columns.ordinal.data
        self._before = [int(columns.place[offset]) for offset in self._offsets]
        """By segment, the documents of the segments before it."""
        self._documents = [len(leaf.segment.entry_rows) for leaf in leaves]
        """By segment, how many there are."""
        self.info = lru_cache(_KEPT)(partial(_info, leaves))
        """What is said about a document: by its segment's place among all, and its index there."""

    def read_infos(self, most: int) -> None:
        """Reads what is said about so many documents, so that it is kept."""
        places = ((at, entry) for at, many in enumerate(self._documents) for entry in range(many))
        for at, entry in islice(places, most):
            self.info(at, entry)

    def info_of(self, number: int) -> DocumentInfo:
        """What is said about the document of a passage."""
        at = self._segment_of(number)
        return self.info(at, self._place[number] - self._before[at])

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """The passages with these numbers, in the same order."""
        found: list[Passage] = []
        place, ordinal, info = self._place, self._ordinal, self.info
        for at, some in self._by_segment(numbers):
            own = list(some)
            entries = [place[number] - self._before[at] for number in own]
            # Before it in its segment there is a row for each document, its own included, without a passage.
            first = self._offsets[at] + 1
            stored = self._stored[at].rows(
                [number - entry - first for number, entry in zip(own, entries, strict=True)]
            )
            found += [
                rows.passage(info(at, entry).id, ordinal[number], row)
                for number, entry, row in zip(own, entries, stored, strict=True)
            ]
        return found

    def _segment_of(self, number: int) -> int:
        return bisect_right(self._offsets, number) - 1

    def _by_segment(self, numbers: Sequence[int]) -> Iterable[tuple[int, Iterable[int]]]:
        if len(self._offsets) == 1:  # as after a rebuild
            return [(0, numbers)]
        return groupby(numbers, key=self._segment_of)

    def addresses(self, numbers: Sequence[int]) -> list[str]:
        """The addresses of some passages."""
        told: list[int] = []
        for at, some in self._by_segment(numbers):
            kept, offset = self._addresses[at], self._offsets[at]
            told += [kept[number - offset] for number in some]
        known = addresses_of(told)
        return [
            self.passages([number])[0].address if address is None else address
            for number, address in zip(numbers, known, strict=True)
        ]

    def texts(self, numbers: Iterable[int]) -> list[str]:
        """The texts of some passages."""
        return [passage.text for passage in self.passages(list(numbers))]


def _info(leaves: Sequence[Leaf], at: int, entry: int) -> DocumentInfo:
    return rows.info(leaves[at].segment.entries[entry])


def leaves(reader: Any) -> list[Leaf]:
    """The segments of one of Whoosh's readers over our codec."""
    opened: list[Leaf] = []
    for leaf, offset in reader.leaf_readers():
        if leaf.doc_count_all():
            segment = leaf.segment()
            living = segment.living() if segment.has_deletions() else None
            opened.append(Leaf(leaf.codec().open(leaf.storage(), segment), offset, living))
    return opened


def _living_entries(leaf: Leaf) -> Any:
    entries = leaf.segment.entry_rows
    return np.ones(len(entries), dtype=bool) if leaf.living is None else leaf.living[entries]


def _written(info: DocumentInfo) -> str:
    """What documents are put in the order of their dates by; strings are compared sooner than dates."""
    return info.date.isoformat() if info.date else ""
