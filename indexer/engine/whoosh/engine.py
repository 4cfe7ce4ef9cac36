"""Opens, writes and replaces the index on disk."""

from __future__ import annotations

import datetime as dt
import pickle
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, Final

from whoosh.index import TOC, EmptyIndexError, FileIndex, IndexVersionError
from whoosh.index import IndexError as TocError
from whoosh.writing import SegmentWriter

from indexer.analysis import ANALYSIS_VERSION, model_version
from indexer.engine import IndexedDocument
from indexer.engine.whoosh import rows, store
from indexer.engine.whoosh.schema import SCHEMA, SCHEMA_VERSION
from indexer.engine.whoosh.snapshot import WhooshSnapshot
from indexer.errors import IndexLockedError, IndexMissingError, IndexOutdatedError, IndexWriteError

__all__ = ["WhooshEngine"]

_NAME: Final = "MAIN"
_DAMAGES: Final = (
    TocError,
    IndexVersionError,
    pickle.UnpicklingError,
    struct.error,
    EOFError,
    AssertionError,
    AttributeError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
)
"""What Whoosh raises on files that are not whole; it has no error of its own for them."""
_ATTEMPTS: Final = 20
"""A commit between two looks at the folder makes the second fail; no reader meets so many in a row."""


class WhooshEngine:
    """See `indexer.engine.Engine`."""

    def __init__(self, index: Path) -> None:
        self._index = index
        self._lock = Lock()
        self._newest: tuple[str, WhooshSnapshot] | None = None

    def snapshot(self) -> WhooshSnapshot:
        """See `indexer.engine.Engine.snapshot`."""
        with self._lock:
            for _ in range(_ATTEMPTS):
                folder = store.current(self._index)
                generation = _generation(folder)
                if self._newest is not None and self._newest[0] == generation:
                    return self._newest[1]
                try:
                    opened = _open(folder, generation)
                except (IndexMissingError, IndexOutdatedError):
                    if not self._has_moved_on(folder, generation):
                        raise
                else:
                    self._newest = (generation, opened)
                    return opened
        raise IndexOutdatedError(f"{self._index}: the index changes faster than it can be opened; try again")

    @contextmanager
    def writer(self, *, rebuild: bool = False) -> Iterator[_WhooshWriter]:
        """See `indexer.engine.Engine.writer`."""
        folder = None if rebuild else self._writable()
        fresh = folder is None
        try:
            store.discard_others(self._index, keep=self._kept())
            if folder is None:
                folder = store.new_folder(self._index, _versions())
                TOC.create(store.SyncedStorage(folder), SCHEMA, _NAME)
            writer = _WhooshWriter(folder, self._index if fresh else None)
            try:
                yield writer
            finally:
                writer.close()
        except OSError as error:
            raise IndexWriteError(
                f"{self._index}: cannot be written: {error.strerror or error}; what was there is untouched"
            ) from error

    def _has_moved_on(self, folder: Path, generation: str) -> bool:
        """Whether another commit has come since `generation` was the newest one of `folder`."""
        return store.current(self._index) != folder or _generation(folder) != generation

    def _kept(self) -> Path | None:
        with suppress(IndexMissingError, IndexOutdatedError):
            return store.current(self._index)
        return None

    def _writable(self) -> Path | None:
        """The folder to write on in; none where there is no index yet.

        Raises:
            IndexOutdatedError: there is one of another version.
        """
        try:
            folder = store.current(self._index)
        except IndexMissingError:
            return None
        store.check_versions(folder, _versions())
        return folder


class _WhooshWriter:
    """See `indexer.engine.Writer`."""

    def __init__(self, folder: Path, replace_in: Path | None) -> None:
        self._folder = folder
        self._replace_in = replace_in
        index = FileIndex(store.SyncedStorage(folder), schema=SCHEMA, indexname=_NAME)
        # The lock is held here and not by Whoosh's writer, which keeps it when its work fails.
        self._lock = index.lock("WRITELOCK")
        if not self._lock.acquire():
            raise IndexLockedError("another process is writing to the index; wait until it has finished")
        try:
            self._writer: Any = SegmentWriter(index, limitmb=256, _lk=False)
        except BaseException:
            self._lock.release()
            raise

    def remove(self, document_id: str) -> None:
        """See `indexer.engine.Writer.remove`."""
        self._writer.delete_by_term("document", document_id)
        self._writer.delete_by_term("entry_of", document_id)

    def add(self, document: IndexedDocument) -> None:
        """See `indexer.engine.Writer.add`."""
        # Never `update_document`: Whoosh 2.7.4 keeps both when one id comes twice in one session.
        self._writer.add_document(**rows.document_fields(document))
        for passage in document.passages:
            self._writer.add_document(**rows.passage_fields(document, passage))

    def commit(self) -> None:
        """See `indexer.engine.Writer.commit`."""
        self._writer.commit()
        if self._replace_in is not None:
            store.make_current(self._replace_in, self._folder)
            store.discard_others(self._replace_in, keep=self._folder)

    def close(self) -> None:
        """Gives up what was not committed."""
        try:
            if not self._writer.is_closed:
                with suppress(OSError):
                    self._writer.cancel()
        finally:
            self._lock.release()


def _open(folder: Path, generation: str) -> WhooshSnapshot:
    """The commit `generation` in `folder`.

    Raises:
        IndexMissingError: there is no commit.
        IndexOutdatedError: it is of another version, or damaged, or has been removed by now.
    """
    store.check_versions(folder, _versions())
    try:
        index = FileIndex(store.SyncedStorage(folder), schema=SCHEMA, indexname=_NAME)
        return WhooshSnapshot(index, generation, _committed(folder.parent, generation))
    except EmptyIndexError as error:
        raise IndexMissingError(store.missing(folder.parent)) from error
    except (*_DAMAGES, OSError) as error:
        raise IndexOutdatedError(
            f"the index in {folder} is damaged ({error}); run: hanyeong reindex --rebuild"
        ) from error


def _versions() -> dict[str, str]:
    return {"the schema": SCHEMA_VERSION, "the analysis": ANALYSIS_VERSION, "Kiwi": model_version()}


def _generation(folder: Path) -> str:
    """The name of the newest commit in `folder`."""
    tocs = [path.name for path in folder.glob("*.toc")]
    return f"{folder.name}/{max(tocs, key=lambda name: (len(name), name), default='')}"


def _committed(index: Path, generation: str) -> dt.datetime:
    """When the commit `generation` was made, in UTC."""
    return dt.datetime.fromtimestamp((index / generation).stat().st_mtime, tz=dt.UTC)
