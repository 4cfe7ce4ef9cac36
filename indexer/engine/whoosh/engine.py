"""Opens, writes and replaces the index on disk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final, cast

from whoosh.index import EmptyIndexError

from indexer.analysis import model_version
from indexer.engine.whoosh import store
from indexer.engine.whoosh.schema import SCHEMA
from indexer.engine.whoosh.snapshot import WhooshSnapshot
from indexer.engine.whoosh.toc import NAME, ArrayIndex, ArrayTOC
from indexer.errors import REBUILD, IndexMissingError, IndexOutdatedError, IndexWriteError
from indexer.versions import ANALYSIS_VERSION, SCHEMA_VERSION

if TYPE_CHECKING:
    from indexer.engine.whoosh.writer import WhooshWriter

__all__ = ["MEMORY", "WhooshEngine"]

MEMORY: Final = 1 << 30
"""Bytes that a writer may use, unless it is told otherwise."""
_DAMAGES: Final = (KeyError, TypeError, ValueError)
"""What is raised over JSON that is whole and not what we write."""
_ATTEMPTS: Final = 20
"""A commit between two looks at the folder makes the second fail; no reader meets so many in a row."""


@dataclass(frozen=True, slots=True)
class _Newest:
    """The commit that was the newest one when somebody looked."""

    snapshot: WhooshSnapshot
    stamp: store.Stamp | None
    """Of the index just before somebody looked again; none where it could not be trusted."""

    def is_current(self) -> bool:
        """Whether it is certain that nothing has been committed since."""
        return self.stamp is not None and self.stamp.holds()


class WhooshEngine:
    """See `indexer.engine.Engine`."""

    def __init__(self, index: Path, memory: int = MEMORY) -> None:
        """The index in the folder `index`.

        Args:
            index: what is there, or will be.
            memory: bytes that a writer may use for what it gathers, about; Kiwi's are not among them.
        """
        self._index = index
        self._memory = memory
        self._lock = Lock()
        self._newest: _Newest | None = None

    def snapshot(self) -> WhooshSnapshot:
        """See `indexer.engine.Engine.snapshot`."""
        newest = self._newest
        if newest is not None and (newest.is_current() or self._is_newest(newest)):
            if newest.snapshot.is_as_opened():
                return newest.snapshot
            newest = None  # what was written over must not be read any more
        # While one thread opens a new commit, the others go on with the one before it.
        if not self._lock.acquire(blocking=newest is None):
            return cast(_Newest, newest).snapshot
        try:
            return self._open_newest()
        finally:
            self._lock.release()

    def _is_newest(self, known: _Newest) -> bool:
        stamp = store.Stamp.of(self._index)
        try:
            same = _generation(store.current(self._index)) == known.snapshot.generation
        except (IndexMissingError, IndexOutdatedError):
            return False
        if same and self._newest is known:
            self._newest = _Newest(known.snapshot, stamp)
        return same

    def _open_newest(self) -> WhooshSnapshot:
        for _ in range(_ATTEMPTS):
            known = self._newest
            if known is not None and self._is_newest(known) and known.snapshot.is_as_opened():
                return known.snapshot
            folder = store.current(self._index)
            generation = _generation(folder)
            try:
                opened = _open(folder, generation)
            except (IndexMissingError, IndexOutdatedError):
                if not self._has_moved_on(folder, generation):
                    raise
            else:
                self._newest = _Newest(opened, None)
                return opened
        raise IndexOutdatedError(f"{self._index}: the index changes faster than it can be opened; try again")

    @contextmanager
    def writer(self, *, rebuild: bool = False) -> Iterator[WhooshWriter]:
        """See `indexer.engine.Engine.writer`."""
        from indexer.engine.whoosh.writer import WhooshWriter  # noqa: PLC0415 - whoever only reads needs none

        folder = None if rebuild else self._writable()
        fresh = folder is None
        try:
            store.discard_others(self._index, keep=self._kept())
            if folder is None:
                folder = store.new_folder(self._index, _versions())
                ArrayTOC.create(store.SyncedStorage(folder), SCHEMA, NAME)
            writer = WhooshWriter(folder, self._index if fresh else None, self._memory)
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
        """The folder to write on in; none where there is no index yet, or its table of contents is gone.

        Raises:
            IndexOutdatedError: there is one of another version.
        """
        try:
            folder = store.current(self._index)
        except IndexMissingError:
            return None
        store.check_versions(folder, _versions())
        return folder if any(folder.glob("*.toc")) else None


def _open(folder: Path, generation: str) -> WhooshSnapshot:
    """The commit `generation` in `folder`.

    Raises:
        IndexMissingError: there is no commit.
        IndexOutdatedError: it is of another version, or damaged, or has been removed by now.
    """
    store.check_versions(folder, _versions())
    try:
        index = ArrayIndex(store.SyncedStorage(folder))
        return WhooshSnapshot(index, generation, _committed(folder.parent, generation))
    except EmptyIndexError as error:
        raise store.missing(folder.parent) from error
    except (*_DAMAGES, OSError) as error:
        raise IndexOutdatedError(f"the index in {folder} is damaged ({error})", remedy=REBUILD) from error


def _versions() -> dict[str, str]:
    return {"the schema": SCHEMA_VERSION, "the analysis": ANALYSIS_VERSION, "Kiwi": model_version()}


def _generation(folder: Path) -> str:
    """The name of the newest commit in `folder`."""
    tocs = [path.name for path in folder.glob("*.toc")]
    return f"{folder.name}/{max(tocs, key=lambda name: (len(name), name), default='')}"


def _committed(index: Path, generation: str) -> dt.datetime:
    """When the commit `generation` was made, in UTC."""
    return dt.datetime.fromtimestamp((index / generation).stat().st_mtime, tz=dt.UTC)
