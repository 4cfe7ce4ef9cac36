"""Files that a crash or a power cut leaves as they were or as they are to be, and never in between."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

__all__ = ["changed_ns", "sync", "write_whole", "write_whole_bytes"]


def write_whole(path: Path, parts: Iterable[str]) -> None:
    """Replaces the file at `path` by one with the text of `parts`, in UTF-8, in one step.

    Raises:
        OSError: the disk is full or not writable; the old file is untouched.
    """
    write_whole_bytes(path, (part.encode("utf-8") for part in parts))


def write_whole_bytes(path: Path, parts: Iterable[bytes]) -> None:
    """As `write_whole`, of bytes.

    Raises:
        OSError: the disk is full or not writable; the old file is untouched.
    """
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("wb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync(path.parent)


def changed_ns(path: Path) -> int:
    """When the file at `path` was replaced last, in nanoseconds since 1970; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def sync(path: Path) -> None:
    """Waits until the file or folder at `path` is on the disk."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open a folder, and needs no sync of it
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
