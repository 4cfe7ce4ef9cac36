"""`hanyeong reindex` where nothing has changed, which is most of the times: answered without any library."""

from __future__ import annotations

import io
import os
import sys
import time

from indexer.statcache import Look

__all__ = ["tell_unchanged"]


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
    return None


def _print(text: str) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as the command does
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read it has gone; Python must not complain at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
