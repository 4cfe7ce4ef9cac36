"""An archive's folder as the file system tells it: paths, sizes and times.  Loads nothing but `os`."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # see indexer.versions
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final, NoReturn

__all__ = [
    "DATA",
    "DOCUMENTS",
    "INDEX",
    "SUFFIXES",
    "is_hidden",
    "list_sources",
    "list_tree",
    "nothing_to_read",
]

DATA: Final = "data"
"""The archive's folder where nobody names one."""
DOCUMENTS: Final = "documents"
"""The folder of the source files in the archive's."""
INDEX: Final = "index"
"""The folder of the index in the archive's."""

SUFFIXES: Final = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx"})
"""The file name suffixes that are read; upper case is read, too."""

_ENDS: Final = tuple(SUFFIXES)
_BETWEEN: Final = "\0\0"
"""Between the lines that one process tells another; no line has it."""


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name is passed over: hidden ones, lock files of word processors."""
    return name.startswith((".", "~$"))


def nothing_to_read(folder: str) -> str:
    """What is said of a folder that has no source file: one line, which says what would be one."""
    return f"there is nothing to read in {folder}: put texts there, as {' '.join(sorted(SUFFIXES))}"


def list_sources(root: str, *, divided: bool = False) -> list[str] | None:
    r"""The source files below `root`, sorted, each as `path\0size mtime`: bytes and nanoseconds.

    Paths are relative to `root`, with `/`.  `None` where a link, something that is no regular file, or a
    folder that cannot be opened would have to be looked at more closely.

    Args:
        root: the folder.
        divided: let another process, forked from this one, look at half of the folders.
    """
    lines: list[str] = []
    folders = [(root, "")]
    try:
        _list_next(folders, lines)
        if divided and hasattr(os, "fork"):
            lines += _list_divided(folders)
        while folders:
            _list_next(folders, lines)
    except OSError:
        return None
    lines.sort()
    return lines


def _list_next(folders: list[tuple[str, str]], lines: list[str]) -> None:
    """Lists the last of the folders, each with what its files' paths begin with; puts its own in its place.

    Raises:
        OSError: it cannot be opened, or there is something in it that is neither file nor folder.
    """
    folder, prefix = folders.pop()
    with os.scandir(folder) as found:
        # Ten thousand times: as few calls as possible.
        for one in found:
            name = one.name
            if name[0] in ".~" and is_hidden(name):
                continue
            if one.is_file(follow_symlinks=False):
                if name.lower().endswith(_ENDS):
                    status = one.stat(follow_symlinks=False)
                    lines.append(f"{prefix}{name}\0{status.st_size} {status.st_mtime_ns}")
            elif one.is_dir(follow_symlinks=False):
                folders.append((one.path, f"{prefix}{name}/"))
            else:
                raise OSError(f"{one.path} is a link, or no regular file")


def _list_divided(folders: list[tuple[str, str]]) -> list[str]:
    """Lists all of the folders, half of them in another process.

    Raises:
        OSError: as in `_list_next`.
    """
    theirs = folders[::2]
    del folders[::2]
    source, sink = os.pipe()
    child = os.fork()
    if not child:
        os.close(source)  # else a child whose parent is killed would wait for ever for a reader
        _answer(theirs, sink)
    os.close(sink)
    lines: list[str] = []
    try:
        while folders:
            _list_next(folders, lines)
    finally:
        with os.fdopen(source, "rb") as pipe:
            told = pipe.read()
        _, status = os.waitpid(child, 0)
    if status:
        raise OSError("a folder cannot be listed")
    return [*lines, *filter(None, os.fsdecode(told).split(_BETWEEN))]


def _answer(folders: list[tuple[str, str]], sink: int) -> NoReturn:
    """Lists the folders, tells them through the pipe `sink`, and ends this process."""
    status = 1
    try:
        lines: list[str] = []
        while folders:
            _list_next(folders, lines)
        with os.fdopen(sink, "wb") as pipe:
            pipe.write(os.fsencode(_BETWEEN.join(lines)))
        status = 0
    finally:
        os._exit(status)


def list_tree(folder: str, *, deep: bool, without: Iterable[str]) -> list[str]:
    """The files in `folder`, and with `deep` in its subfolders, sorted; each with size, time and inode.

    Raises:
        OSError: a folder or a file cannot be looked at.
    """
    passed_over = set(without)
    lines: list[str] = []
    folders = [folder]
    while folders:
        with os.scandir(folders.pop()) as found:
            for one in found:
                if one.name in passed_over:
                    continue
                if one.is_dir():
                    folders += [one.path] if deep else []
                else:
                    status = one.stat()
                    path = one.path[len(folder) :]
                    lines.append(f"{path}\0{status.st_size} {status.st_mtime_ns} {status.st_ino}")
    lines.sort()
    return lines
