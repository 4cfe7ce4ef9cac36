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
import zlib

from indexer.listing import DOCUMENTS, INDEX, list_sources, list_tree
from indexer.versions import ANALYSIS_VERSION, LESSONS_VERSION, LEXICON_VERSION, SCHEMA_VERSION

TYPE_CHECKING = False  # see indexer.versions
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Final

__all__ = ["NAME", "YOUNG", "content", "unchanged"]

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


def unchanged(data: str) -> tuple[int, str] | None:
    """How many documents there are and their events, a line each, where surely nothing has changed.

    Args:
        data: the archive's folder.
    """
    index = os.path.join(data, INDEX)  # noqa: PTH118 - this and what follows: pathlib is not loaded
    try:
        with open(os.path.join(index, NAME), "rb") as file:  # noqa: PTH118, PTH123
            checksum, _, rest = file.read().partition(_APART.encode())
        if checksum != _checksum(rest) or os.path.exists(os.path.join(index, _NOTE)):  # noqa: PTH110, PTH118
            return None
        surroundings, sources, young, events = rest.decode("utf-8", "surrogateescape").split(_APART)
        documents = os.path.join(data, DOCUMENTS)  # noqa: PTH118
        # Where other threads run, a forked process could wait for ever for what one of them holds.
        many = sources.count("\n") >= _MANY and len(sys._current_frames()) == 1  # noqa: SLF001 - no threading
        found = list_sources(documents, divided=many)
        if found is None or "\n".join(found) != sources or surroundings != _surroundings(data):
            return None
        if not all(_says_the_same(documents, line) for line in young.split("\n") if line):
            return None
    except (OSError, ValueError):
        return None
    return events.count("\n"), events


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


def _says_the_same(documents: str, line: str) -> bool:
    import hashlib  # noqa: PLC0415 - seldom needed

    path, digest = line.split("\0")
    with open(os.path.join(documents, path), "rb") as file:  # noqa: PTH118, PTH123
        return hashlib.file_digest(file, "sha256").hexdigest() == digest
