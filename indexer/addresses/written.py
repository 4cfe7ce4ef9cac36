"""Whether `addresses.jsonl` is as this program wrote it: then it need not be read as a whole.

A file of the index holds the digest of what was written last.  It can always be deleted; where it is not that
of the present content (somebody edited the registry, or put back a copy), every line is read and checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["is_as_written", "note_written"]

_FORMAT: Final = b"1 "
"""Another one when lines are written otherwise: those of before are then read as a whole."""


def is_as_written(path: Path, content: bytes) -> bool:
    """Whether this is what the file at `path` was noted for."""
    try:
        return path.read_bytes() == _digest([content])
    except OSError:
        return False


def note_written(path: Path, parts: Iterable[bytes]) -> None:
    """Notes what was written, in the file at `path`.

    Where that cannot be written, the next reindex reads all lines, and that is all.
    """
    with suppress(OSError):
        path.write_bytes(_digest(parts))  # in place: what is torn is the digest of nothing


def _digest(parts: Iterable[bytes]) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return _FORMAT + digest.hexdigest().encode("ascii")
