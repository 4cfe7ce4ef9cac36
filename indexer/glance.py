"""`hanyeong reindex` where nothing has changed, which is most of the times: answered without any library."""

from __future__ import annotations

import io
import os
import sys
import time

from indexer.listing import DOCUMENTS, INDEX, nothing_to_read
from indexer.statcache import Look

TYPE_CHECKING = False  # see indexer.versions
if TYPE_CHECKING:
    from typing import Final

__all__ = ["prepare", "tell_unchanged"]

_FEW: Final = 20
"""Changed files that are looked into before anything is loaded: of more, some here and there."""
_SMALL: Final = 1 << 20
"""Bytes of such a file."""
_PLAIN: Final = (".txt", ".md", ".markdown", ".html", ".htm", ".xhtml")
_HANGUL: Final = rb"[\xea-\xed][\x80-\xbf]{2}"
"""A syllable in UTF-8, or a character near those."""


def tell_unchanged(data: str, *, as_json: bool) -> Look | None:
    """Says that nothing has changed, in the words of a reindex that looks closely.

    Returns:
        `None` where that is so; else what was seen.

    That learning was put off is said where it is, and not each time again.

    Args:
        data: the archive's folder.
        as_json: say it by one JSON object a line.
    """
    started = time.monotonic()
    look = Look(data)
    found = look.unchanged()
    if found is None:
        return look
    documents, events = found
    if as_json:
        _print(f'{{"event": "planned", "sources": {documents}}}\n{events}')
    else:
        told = f", {documents:,} unchanged" if documents else ""
        _print(f"0 documents indexed (0 passages){told}, in {time.monotonic() - started:.1f} s\n")
        if not documents:
            _print(f"{nothing_to_read(os.path.join(data, DOCUMENTS))}\n")  # noqa: PTH118 - see `prepare`
    return None


def prepare(look: Look) -> None:
    """Begins the processes that read what has changed, and Korean texts, before any library is loaded."""
    changed = _all_of_new(look) if look.other is None else sorted(look.other)
    if not changed:
        return
    from indexer.children import begin as begin_child  # noqa: PLC0415 - as below

    begin_child("indexer.readers.worker")
    documents = os.path.join(look.data, DOCUMENTS)  # noqa: PTH118 - pathlib is not loaded
    some = changed[:: -(-len(changed) // _FEW)]
    if any(_has_hangul(os.path.join(documents, path)) for path in some):  # noqa: PTH118
        from indexer.kiwi import begin  # noqa: PLC0415

        begin()


def _all_of_new(look: Look) -> list[str]:
    """The paths of all sources where there is no index yet."""
    if os.path.exists(os.path.join(look.data, INDEX, "CURRENT")):  # noqa: PTH110, PTH118
        return []
    return [line.partition("\0")[0] for line in look.sources or ()]


def _has_hangul(path: str) -> bool:
    """Whether the file shows Hangul at first sight; where it does not, that may only be less easily seen."""
    import re  # noqa: PLC0415 - loaded only where something has changed

    try:
        if not path.lower().endswith(_PLAIN) or os.path.getsize(path) > _SMALL:  # noqa: PTH202
            return False
        with open(path, "rb") as file:  # noqa: PTH123
            return re.search(_HANGUL, file.read(_SMALL)) is not None
    except OSError:
        return False


def _print(text: str) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as the command does
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read it has gone; Python must not complain at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
