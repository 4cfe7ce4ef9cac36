"""The index on disk: which folder is current, which versions wrote it, and that a power cut cannot hurt it.

`index/CURRENT` names the folder of the index in use, so that a rebuilt index replaces the old one in one
step.  Whoosh itself publishes a commit by renaming its table of contents (TOC) into place.
"""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from whoosh.filedb.filestore import FileStorage

from indexer.durable import sync, write_whole
from indexer.engine.whoosh.filestate import State, state_of
from indexer.errors import REBUILD, REINDEX, IndexMissingError, IndexOutdatedError

__all__ = [
    "Stamp",
    "SyncedStorage",
    "check_versions",
    "current",
    "discard_others",
    "make_current",
    "missing",
    "new_folder",
]

_CURRENT: Final = "CURRENT"
_VERSIONS: Final = "versions.json"
_UNSURE: Final = 2_500_000_000
"""Nanoseconds within which two changes may bear the same time: some file systems count in steps of 2 s."""


class SyncedStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's folder of files, with everything on the disk before a TOC is renamed and after.

    Whoosh 2.7.4 syncs nothing and keeps only the newest TOC: a power cut could leave it empty.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._written: set[str] = set()

    def create_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """A new file; remembered, so that it is synced before the next TOC names it."""
        self._written.add(name)
        return super().create_file(name, *args, **kwargs)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: FBT001, FBT002 - Whoosh's own signature
        """Renames a file; Whoosh does so only to publish a TOC."""
        folder = Path(self.folder)
        for name in self._written:
            if (folder / name).exists():
                sync(folder / name)
        self._written.clear()
        sync(folder)
        super().rename_file(oldname, newname, safe=safe)
        sync(folder)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the index looked like from outside: a commit and the replacing of an index change it."""

    index: str
    """The file that names the folder in use."""
    folder: str
    states: tuple[State, ...]

    @classmethod
    def of(cls, index: Path) -> Stamp | None:
        """The stamp of the index in the folder `index`.

        Returns:
            `None` where there is no index, or where it has changed so shortly before that another change may
            bear the same time.

        Source: the "racily clean" entries of git's index.
        """
        with suppress(OSError, IndexMissingError, IndexOutdatedError):
            files = str(index / _CURRENT), str(current(index))
            stamp = cls(*files, tuple(map(state_of, files)))
            latest = max(changed for _, changed, *_ in stamp.states)
            if time.time_ns() - latest > _UNSURE:
                return stamp
        return None

    def holds(self) -> bool:
        """Whether nothing has changed since."""
        try:
            return self.states == (state_of(self.index), state_of(self.folder))
        except OSError:
            return False


def current(index: Path) -> Path:
    """The folder of the index in use.

    Raises:
        IndexMissingError: there is none.
    """
    try:
        name = (index / _CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise missing(index) from None
    except OSError as error:
        raise IndexOutdatedError(f"{index / _CURRENT} cannot be read ({error})", remedy=REBUILD) from error
    except UnicodeDecodeError as error:
        raise IndexOutdatedError(f"{index / _CURRENT} is damaged", remedy=REBUILD) from error
    if not name or Path(name).name != name:
        raise IndexOutdatedError(f"{index / _CURRENT} is damaged", remedy=REBUILD)
    return index / name


def missing(index: Path) -> IndexMissingError:
    """The error to raise where there is no index in the folder `index` of an archive."""
    return IndexMissingError(f"there is no index in {index} yet", remedy=REINDEX)


def new_folder(index: Path, versions: Mapping[str, str]) -> Path:
    """An empty folder for an index that these versions write; not yet in use."""
    folder = index / f"generation-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    write_whole(folder / _VERSIONS, [json.dumps(dict(versions), indent=1, sort_keys=True), "\n"])
    return folder


def make_current(index: Path, folder: Path) -> None:
    """Puts the index in `folder` into use, in one step that a power cut cannot split."""
    write_whole(index / _CURRENT, [folder.name, "\n"])


def discard_others(index: Path, keep: Path | None) -> None:
    """Removes the folders of indexes that were replaced, or whose building was broken off."""
    for folder in index.glob("generation-*"):
        if folder != keep:
            shutil.rmtree(folder, ignore_errors=True)


def check_versions(folder: Path, versions: Mapping[str, str]) -> None:
    """Makes sure that the index in `folder` was written by these versions.

    Raises:
        IndexOutdatedError: it was not; the message names what has changed.
    """
    try:
        written = json.loads((folder / _VERSIONS).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexOutdatedError(f"the index in {folder} is damaged ({error})", remedy=REBUILD) from error
    for name, version in versions.items():
        if not isinstance(written, dict) or written.get(name) != version:
            raise IndexOutdatedError(f"the index was written with another version of {name}", remedy=REBUILD)
