"""Writes commits: new documents as segments, deletions, and merges that keep the segments few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from whoosh.index import clean_files

from indexer.engine import IndexedDocument
from indexer.engine.whoosh import store
from indexer.engine.whoosh.batch import Batch
from indexer.engine.whoosh.codec import ArraySegment
from indexer.engine.whoosh.merging import merge_segments
from indexer.engine.whoosh.segment import SegmentReader, SegmentWriter
from indexer.engine.whoosh.toc import NAME, ArrayIndex, ArrayTOC
from indexer.errors import IndexLockedError

__all__ = ["WhooshWriter"]

_SMALLEST: Final = 1000
"""Rows up to which segments count as equally small."""
_FACTOR: Final = 4
"""So many segments of about one size are merged into one of the next."""
_APART: Final = 48 << 20
"""Bytes that stems and words take which are remembered apart from what waits, about."""
_MOST_DELETED: Final = 0.3
"""The share of a segment's rows from which it is written anew without what was deleted."""


class WhooshWriter:
    """See `indexer.engine.Writer`."""

    def __init__(self, folder: Path, replace_in: Path | None, memory: int) -> None:
        """Begins to write on the index in `folder`.

        Args:
            folder: an index, or a new one that nobody uses yet.
            replace_in: where it is to be put in the place of another at the commit.
            memory: bytes that may be used, about.

        Raises:
            IndexLockedError: another process is writing.
            OSError: the folder cannot be read or written.
            DamagedFileError: the index is damaged.
        """
        self._folder = folder
        self._replace_in = replace_in
        self._memory = memory
        self._storage = store.SyncedStorage(folder)
        self._batch: Batch | None = None
        self._uncommitted: list[ArraySegment] = []
        self._opened: dict[str, SegmentReader] = {}
        self._deleted: dict[str, list[tuple[int, int]]] = defaultdict(list)
        index = ArrayIndex(self._storage)
        self._lock = index.lock("WRITELOCK")
        if not self._lock.acquire():
            raise IndexLockedError("another process is writing to the index; wait until it has finished")
        try:
            self._toc = ArrayTOC.read(self._storage, NAME)
        except BaseException:
            self._lock.release()
            raise

    def remove(self, document_id: str) -> None:
        """See `indexer.engine.Writer.remove`."""
        for segment in self._toc.segments:
            opened = self._open(segment)
            for entry in opened.entries_of(document_id):
                run = int(opened.entry_rows[entry]), int(opened.entry_ends[entry])
                self._deleted[segment.segid].append(run)

    def add(self, document: IndexedDocument) -> None:
        """See `indexer.engine.Writer.add`."""
        if self._batch is None:
            self._batch = Batch(self._folder)
        self._batch.add(document)
        # However many words there are, what waits may take a part: else each document would be written alone.
        if self._batch.memory > max(self._memory - self._batch.words - _APART, self._memory // 4):
            self._write_batch()

    def commit(self) -> None:
        """See `indexer.engine.Writer.commit`."""
        self._write_batch()
        before = [segment.without(self._deleted[segment.segid]) for segment in self._toc.segments]
        segments = self._merge([*before, *self._uncommitted])
        toc = ArrayTOC(self._toc.schema, segments, self._toc.generation + 1)
        toc.write(self._storage, NAME)
        self._uncommitted = []
        clean_files(self._storage, NAME, toc.generation, segments)
        if self._replace_in is not None:
            store.make_current(self._replace_in, self._folder)
            store.discard_others(self._replace_in, keep=self._folder)

    def close(self) -> None:
        """Gives up what was not committed."""
        try:
            if self._batch is not None:
                self._batch.close()
            for segment in self._uncommitted:
                with suppress(OSError):
                    self._storage.delete_file(segment.file_name)
        finally:
            self._lock.release()

    def _open(self, segment: ArraySegment) -> SegmentReader:
        if segment.segid not in self._opened:
            self._opened[segment.segid] = segment.codec().open(self._storage, segment)
        return self._opened[segment.segid]

    def _write_batch(self) -> None:
        """Writes what has been gathered as a segment of its own."""
        if self._batch is None:
            return
        batch, self._batch = self._batch, None
        try:
            segment = self._write(batch)
            segment.rows = batch.rows
        finally:
            batch.close()

    def _write(self, content: Batch | SegmentWriter) -> ArraySegment:
        segment = ArraySegment(NAME)
        self._uncommitted.append(segment)
        with self._storage.create_file(segment.file_name) as file:
            content.write(file)
        return segment

    def _merge(self, segments: Sequence[ArraySegment]) -> list[ArraySegment]:
        """The segments after merging."""
        kept = [segment for segment in segments if segment.doc_count()]
        if self._replace_in is not None and len(kept) > 1:
            # Every query looks into every segment; who writes all anew has the time to make one of them.
            return [self._merge_into_one(kept)]
        while chosen := _to_merge(kept):
            merged = self._merge_into_one(chosen)
            at = kept.index(chosen[0])
            kept = [segment for segment in kept if segment not in chosen]
            kept.insert(min(at, len(kept)), merged)
        return kept

    def _merge_into_one(self, segments: Sequence[ArraySegment]) -> ArraySegment:
        writer = SegmentWriter(self._folder)
        try:
            parts: list[tuple[SegmentReader, NDArray[np.bool_]]] = [
                (self._open(segment), segment.living()) for segment in segments
            ]
            merge_segments(writer, parts, self._memory // 2)  # the words that were met are still there
            merged = self._write(writer)
            merged.rows = writer.rows
        finally:
            writer.file.close()
        return merged


def _to_merge(segments: Sequence[ArraySegment]) -> list[ArraySegment]:
    """The segments that should become one; none where they are as they should be."""
    for segment in segments:
        if segment.deleted_count() > _MOST_DELETED * segment.rows:
            return [segment]
    tiers: dict[int, list[ArraySegment]] = defaultdict(list)
    for segment in segments:
        tiers[_tier(segment.doc_count())].append(segment)
    return next((tier for _, tier in sorted(tiers.items()) if len(tier) >= _FACTOR), [])


def _tier(rows: int) -> int:
    tier = 0
    while rows > _SMALLEST:
        rows //= _FACTOR
        tier += 1
    return tier
