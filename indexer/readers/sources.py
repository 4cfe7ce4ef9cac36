"""Which files of a folder are sources, and which two of them are one document."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from indexer.listing import SUFFIXES, is_hidden
from indexer.model.text import Lang

__all__ = [
    "SUFFIXES",
    "Source",
    "SourceFile",
    "document_of",
    "find_sources",
    "is_utf8",
    "printable",
    "touched_sources",
    "unread_kinds",
]

_NOT_UTF8: Final = "has a name that is not UTF-8; rename it"
_LANGS: Final[dict[str, Lang]] = {"en": "en", "ko": "ko"}
_NOT_IN_IDS: Final = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to be read."""

    path: Path
    lang: Lang | None
    """The language that the file's name (`x.ko.html`) or a folder (`ko/x.html`) declares."""


@dataclass(frozen=True, slots=True)
class Source:
    """What becomes one document: a file, or the English and the Korean file of a pair."""

    document: str
    """The document's id, unless the text itself declares another one."""
    files: tuple[SourceFile, ...]
    """One file or two; of two, the English one comes first."""


Failures = list[tuple[Path, str]]
"""Files that were passed over, each with the reason."""


def find_sources(root: Path, only: Sequence[Path] = ()) -> tuple[list[Source], Failures]:
    """The sources in `root` and its subfolders, by document id; and what had to be passed over, and why.

    With `only`, the sources that have a file among these files or in these folders; what does not exist (any
    more) has none.  Hidden files, the lock files of word processors, and files with a suffix that nobody
    reads are no sources.  Symbolic links are followed to files inside `root` and nowhere else; what is not a
    regular file is never opened.
    """
    failures: Failures = []
    root = Path(os.path.abspath(root))  # noqa: PTH100 - `resolve` would follow links in the names people typed
    chosen = [_below(root, path, failures) for path in only]
    claims: dict[str, list[SourceFile]] = {}
    for name in _walk(root, failures):
        document, lang = _identify(name)
        claims.setdefault(document, []).append(SourceFile(root / name, lang))
    sources = [_settle(document, files, failures) for document, files in sorted(claims.items())]
    if only:
        folders = [path for path in chosen if path is not None]
        sources = [source for source in sources if _touches(source.files, folders)]
        failures = [(path, why) for path, why in failures if path in only or _touches_path(path, folders)]
    return sources, failures


def touched_sources(
    root: Path, names: Iterable[str], touched: Iterable[str]
) -> tuple[list[Source], Failures]:
    """Of the sources that `find_sources` would find, those whose document id one of some paths stands for.

    Args:
        root: the folder, by its absolute path.
        names: all files of `root` that are read, each by its path below it.
        touched: such paths; what they lead to may be gone.
    """
    failures: Failures = []
    wanted = {_identify(path)[0] for path in touched}
    beginnings = {document[: document.rfind("/") + 1] for document in wanted}
    claims: dict[str, list[SourceFile]] = {}
    passed_over: dict[str, bool] = {}  # by folder
    for name in names:
        folder = name[: name.rfind("/") + 1]
        if folder not in passed_over:
            passed_over[folder] = beginnings.isdisjoint(_beginnings(folder))
        if passed_over[folder]:
            continue
        document, lang = _identify(name)
        if document in wanted:
            claims.setdefault(document, []).append(SourceFile(root / name, lang))
    return [_settle(document, files, failures) for document, files in sorted(claims.items())], failures


def unread_kinds(root: Path) -> Counter[str]:
    """The suffixes of files in `root` and its subfolders that are no sources for theirs, with their numbers.

    Hidden files and folders are not looked at; what cannot be listed has none.  All can be printed.
    """
    kinds: Counter[str] = Counter()
    for _, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not is_hidden(name)]
        printed = (printable(Path(name)) for name in names if not is_hidden(name))
        suffixes = (Path(name).suffix.lower() for name in printed)
        kinds.update(suffix for suffix in suffixes if suffix not in SUFFIXES)
    return kinds


def document_of(path: str) -> str:
    """The id of the document that a source file is one of, unless its text declares another one.

    Args:
        path: below the folder that is looked through, with `/`.
    """
    return _identify(path)[0]


def printable(path: Path) -> str:
    """The path as text that can be printed anywhere, even where the name is not UTF-8.

    >>> printable(Path("문서/a.txt"))
    '문서/a.txt'
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace").replace("\n", "\\n").replace("\r", "\\r")


def _below(root: Path, path: Path, failures: Failures) -> Path | None:
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - as in find_sources
    if not absolute.is_relative_to(root):
        failures.append((path, f"is not inside {printable(root)}; move it there or name another folder"))
    elif absolute.is_file() and absolute.suffix.lower() not in SUFFIXES:
        failures.append((path, f"is of a kind that is not read; there are {' '.join(sorted(SUFFIXES))}"))
    else:
        return absolute
    return None


def _walk(root: Path, failures: Failures) -> Iterator[str]:
    """The files to be read, in a stable order, each by its path below `root`, with `/`."""
    inside = root.resolve()
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(root / folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            failures.append((root / folder, f"cannot be opened: {error.strerror}; check its permissions"))
            continue
        subfolders = []
        for entry in entries:
            name = f"{folder}{entry.name}"
            if is_hidden(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                subfolders.append(f"{name}/")
            elif why := _reason_against(entry, inside):
                failures.append((root / name, why))
            elif _is_read(entry.name) and not entry.is_dir():
                yield name
        folders.extend(reversed(subfolders))


def _reason_against(entry: os.DirEntry[str], inside: Path) -> str:
    """Why a file (or a link) must be passed over and reported; empty where there is no reason."""
    if entry.is_file(follow_symlinks=False):  # nearly always, and known without asking the disk
        return "" if is_utf8(entry.path) or not _is_read(entry.name) else _NOT_UTF8
    return _unreadable(Path(entry.path), inside)


def _is_read(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122 - ten thousand times


def _unreadable(path: Path, inside: Path) -> str:
    """The same of a link, or of what is no regular file."""
    is_read = path.suffix.lower() in SUFFIXES
    if not is_read and not path.is_symlink():
        return ""
    try:
        target = path.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError):  # RuntimeError: Python 3.11 and 3.12 on a loop of links
        return "leads nowhere; remove it or mend it"
    if not target.is_relative_to(inside) and (is_read or stat.S_ISDIR(mode)):
        return "is a link that leads out of the folder, which is not followed; put a copy here instead"
    return _unfit(path, mode) if is_read else ""


def _unfit(path: Path, mode: int) -> str:
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return "is not a regular file; remove it from the folder"
    return "" if is_utf8(str(path)) else _NOT_UTF8


def is_utf8(path: str) -> bool:
    """Whether a path can be written down in UTF-8."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _identify(path: str) -> tuple[str, Lang | None]:
    """The document id that a path below the root stands for, and the language that it declares."""
    folder, slash, name = path.rpartition("/")
    stem = os.path.splitext(name)[0]  # noqa: PTH122 - ten thousand times
    lang: Lang | None = None
    base, _, last = stem.rpartition(".")
    if base and last.lower() in _LANGS:
        stem, lang = base, _LANGS[last.lower()]
    if not slash:
        return _id_part(stem), lang
    before, declared = _identify_folder(folder, speaks=lang is None)
    return f"{before}{_id_part(stem)}", lang or declared


@lru_cache(maxsize=1 << 12)
def _identify_folder(folder: str, *, speaks: bool) -> tuple[str, Lang | None]:
    """What the ids of a folder's documents begin with, and the language that it declares, if it `speaks`."""
    folders = folder.split("/")
    lang: Lang | None = None
    for at in reversed(range(len(folders) if speaks else 0)):  # the innermost folder en/ or ko/
        if folders[at].lower() in _LANGS:
            lang = _LANGS[folders.pop(at).lower()]
            break
    return "".join(f"{_id_part(part)}/" for part in folders), lang


def _beginnings(folder: str) -> set[str]:
    """What the ids of a folder's documents may begin with; the folder ends in `/`, or is empty."""
    if not folder:
        return {""}
    return {_identify_folder(folder[:-1], speaks=speaks)[0] for speaks in (True, False)}


@lru_cache(maxsize=1 << 12)
def _id_part(part: str) -> str:
    text = _NOT_IN_IDS.sub("-", unicodedata.normalize("NFC", part))
    return text.strip("-") or "-"


def _settle(document: str, files: list[SourceFile], failures: Failures) -> Source:
    """The source of one document id; files that claim the same place in it are passed over."""
    kept: dict[Lang | None, SourceFile] = {}
    for file in sorted(files, key=lambda file: file.lang is None):
        rival = kept.get(file.lang) or (next(iter(kept.values()), None) if file.lang is None else None)
        if rival is None:
            kept[file.lang] = file
        else:
            why = f"claims the document id {document!r}, as {printable(rival.path)} does; rename one of them"
            failures.append((file.path, f"{why} (two languages: x.en.txt and x.ko.txt)"))
    return Source(document, tuple(sorted(kept.values(), key=lambda file: file.lang or "")))


def _touches(files: Sequence[SourceFile], folders: Sequence[Path]) -> bool:
    return any(_touches_path(file.path, folders) for file in files)


def _touches_path(path: Path, folders: Sequence[Path]) -> bool:
    return any(path.is_relative_to(folder) for folder in folders)
