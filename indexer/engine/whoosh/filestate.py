"""Is a file still the one that it was?  Asked before each answer, without opening it."""

from __future__ import annotations

import os

__all__ = ["state_of"]


def state_of(path: str) -> tuple[int, int, int]:
    """Which file there is, when it was written to last (in nanoseconds), and its size in bytes.

    Raises:
        OSError: there is none.
    """
    found = os.stat(path)  # noqa: PTH116 - in less time than a `Path`
    return found.st_ino, found.st_mtime_ns, found.st_size
