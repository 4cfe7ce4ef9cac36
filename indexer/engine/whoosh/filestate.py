"""Is a file still the one that it was?  Asked before each answer, without opening it."""

from __future__ import annotations

import os

__all__ = ["State", "state_of"]


State = tuple[int, int, int, int]
"""Which file it is, when it was written to last, when anything of it changed, and its size in bytes.

The times are in nanoseconds.  The first of them can be set back, as copying a backup over a file does; the
second cannot, but on Windows it tells when the file was made.
"""


def state_of(file: str | int) -> State:
    """The state of the file at a path, or of an open one.

    Raises:
        OSError: there is none.
    """
    found = os.stat(file)  # noqa: PTH116 - in less time than a `Path`
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size
