"""Whether `addresses.jsonl` is as the last reindex left it: then it need not be read as a whole.

A file of the index holds the digest of what was written last, and of which the index knows every document.
It can always be deleted; where it is not that of the present content (somebody edited the registry, or put
back a copy, or a reindex was killed), every line is read and checked, and compared with what is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["digest_of", "forget_written", "is_as_written", "note_written"]

_FORMAT: Final = b"2 "
"""Another one when lines are written otherwise, or it says more: what was noted before then says nothing."""


def is_as_written(path: Path, content: bytes) -> bool:
    """Whether this is what the file at `path` was noted for."""
    try:
        return path.read_bytes() == digest_of([content])
    except OSError:
        return False


def note_written(path: Path, digest: bytes) -> None:
    """Notes what was written, by its digest, in the file at `path`.

    Where that cannot be written, the next reindex reads all lines, and that is all.
    """
    with suppress(OSError):
        path.write_bytes(digest)  # in place: what is torn is the digest of nothing


def forget_written(path: Path) -> None:
    """Takes back what was noted; where that cannot be done, it soon is the digest of what is not there."""
    with suppress(OSError):
        path.unlink()


def digest_of(parts: Iterable[bytes]) -> bytes:
    """What is noted of a file of these parts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return _FORMAT + digest.hexdigest().encode("ascii")
