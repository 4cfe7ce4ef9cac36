r"""What the last reindex saw of the sources, so that the next one can tell at a glance that nothing changed.

The file `index/stat-cache` lists all sources with their sizes and times, and what else the answer hangs on:
the files of the index and of the archive's folder, and the versions of what analyses.  It is compared as a
whole, before any library is loaded.  Whatever differs, or is missing, or damaged, only means that `reindex`
looks closely; so it needs no lock and can always be deleted.

Its sections stand apart by `\n\0\n`, which no section contains: a checksum of the rest; the surroundings; the
sources; of the sources that were so young that a later change might not show in their time, the digests of
their content; and the events that `reindex --json` prints.

Source: the "racily clean" files of git's index, https://git-scm.com/docs/racy-git
"""

from __future__ import annotations

import os
import sys
import time
import zlib

from indexer.listing import DOCUMENTS, INDEX, list_sources, list_tree
from indexer.versions import (
    ANALYSIS_VERSION,
    FORMAT_VERSION,
    LESSONS_VERSION,
    LEXICON_VERSION,
    SCHEMA_VERSION,
)

TYPE_CHECKING = False  # see indexer.versions
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Final

__all__ = ["NAME", "YOUNG", "Kept", "Look", "content"]

NAME: Final = "stat-cache"
"""The file's name in the folder of the index."""
YOUNG: Final = 2 * 10**9
"""Nanoseconds in which a file may change again and have the same time: FAT counts by 2 s."""

_MANY: Final = 2000
"""Files from which it is worth while to look at them by two processes."""
_NOTE: Final = "reindex.json"
"""Stands in the folder of the index while a reindex is running."""
_PASSING: Final = (NAME, f".{NAME}.new", _NOTE, "reindex.lock")
_APART: Final = "\n\0\n"


class Kept:
    """The sections of the file."""

    __slots__ = ("events", "sources", "surroundings", "young")

    def __init__(self, surroundings: str, sources: str, young: str, events: str) -> None:
        self.surroundings = surroundings
        self.sources = sources
        self.young = young
        self.events = events

    def still_holds(self, data: str) -> bool:
        """Whether everything but the sources is as it was."""
        try:
            return self.surroundings == _surroundings(data)
        except OSError:
            return False


class Look:
    """What somebody saw of the archive in the folder `data`."""

    __slots__ = ("began", "data", "kept", "other", "sources")

    def __init__(self, data: str, *, alone: bool = True) -> None:
        """Looks; with `alone`, not while somebody is writing."""
        self.data = data
        self.began = time.time_ns()
        """When, in nanoseconds."""
        self.kept = _kept(data, alone=alone)
        """What the last reindex saw; `None` where that says nothing about this one."""
        documents = os.path.join(data, DOCUMENTS)  # noqa: PTH118
        # Where other threads run, a forked process could wait for ever for what one of them holds.
        many = (
            self.kept is not None
            and self.kept.sources.count("\n") >= _MANY
            and len(sys._current_frames()) == 1  # noqa: SLF001 - no threading
        )
        self.sources = list_sources(documents, divided=many)
        """The files, as `list_sources` tells them."""
        self.other: frozenset[str] | None = None
        """The paths of sources that are new, gone, or not as they were; `None` where that is not known."""
        if self.kept is not None and self.sources is not None:
            self.other = _other(documents, self.kept, self.sources)

    def unchanged(self) -> tuple[int, str] | None:
        """How many documents there are and their events, a line each, where surely nothing has changed."""
        if self.kept is None or self.other is None or self.other:
            return None
        return self.kept.events.count("\n"), self.kept.events


def _kept(data: str, *, alone: bool) -> Kept | None:
    index = os.path.join(data, INDEX)  # noqa: PTH118 - this and what follows: pathlib is not loaded
    try:
        with open(os.path.join(index, NAME), "rb") as file:  # noqa: PTH118, PTH123
            checksum, _, rest = file.read().partition(_APART.encode())
        if checksum != _checksum(rest):
            return None
        if alone and os.path.exists(os.path.join(index, _NOTE)):  # noqa: PTH110, PTH118
            return None
        kept = Kept(*rest.decode("utf-8", "surrogateescape").split(_APART))
    except (OSError, ValueError, TypeError):
        return None
    return kept if kept.still_holds(data) else None


def _other(documents: str, kept: Kept, sources: list[str]) -> frozenset[str] | None:
    """See `Look.other`."""
    before = kept.sources.split("\n") if kept.sources else []
    other = set[str]()
    if before != sources:
        other.update(line.partition("\0")[0] for line in set(before).symmetric_difference(sources))
    try:
        for line in kept.young.split("\n") if kept.young else ():
            path, digest = line.split("\0")
            if path not in other and not _says_the_same(documents, path, digest):
                other.add(path)
    except (OSError, ValueError):
        return None
    return frozenset(other)


def content(
    data: str, sources: Sequence[str], young: Iterable[tuple[str, str]], events: Iterable[str]
) -> bytes:
    """What the file has to hold after a reindex; names of files that are not UTF-8 stay what they are.

    Args:
        data: the archive's folder.
        sources: as `list_sources` told them when the reindex began.
        young: of those whose time says too little the path, and the SHA-256 of their content in hexadecimal.
        events: what `reindex --json` prints for each document, without the line's end.

    Raises:
        OSError: a folder cannot be looked at.
        ValueError: a name has a line break, which stands between names here.
    """
    if any("\n" in line for line in sources):
        raise ValueError("a name with a line break")
    sections = (
        _surroundings(data),
        "\n".join(sources),
        "\n".join(f"{path}\0{digest}" for path, digest in young),
        "".join(f"{event}\n" for event in events),
    )
    rest = _APART.join(sections).encode("utf-8", "surrogateescape")
    return _APART.encode().join((_checksum(rest), rest))


def _checksum(rest: bytes) -> bytes:
    return b"%08x" % zlib.crc32(rest)


def _surroundings(data: str) -> str:
    """Everything but the sources that decides what a reindex would do."""
    index = os.path.join(data, INDEX)  # noqa: PTH118
    return "\n".join(
        (
            SCHEMA_VERSION,
            str(FORMAT_VERSION),
            ANALYSIS_VERSION,
            LEXICON_VERSION,
            str(LESSONS_VERSION),
            *_installed("kiwipiepy"),
            *list_tree(data, deep=False, without=_PASSING),
            *list_tree(index, deep=True, without=_PASSING),
        )
    )


def _installed(name: str) -> list[str]:
    """The versions of a package and of those whose names begin with its, as their folders tell them.

    `importlib.metadata` reads the same, and takes longer than everything else here.
    """
    found: list[str] = []
    for folder in sys.path:
        try:
            names = os.listdir(folder or os.curdir)  # noqa: PTH208
        except OSError:
            continue  # an archive, or nothing at all
        found += sorted(one for one in names if one.startswith(name) and one.endswith("-info"))
    return found


def _says_the_same(documents: str, path: str, digest: str) -> bool:
    import hashlib  # noqa: PLC0415 - seldom needed

    with open(os.path.join(documents, path), "rb") as file:  # noqa: PTH118, PTH123
        return hashlib.file_digest(file, "sha256").hexdigest() == digest
