"""From files to documents: which files are sources, and what each of them says.

Each format has a module that turns bytes into a `Draft`; `assemble` makes one `Document` of one draft or of
two.  All of it happens in a child process (`bounds`), so that a hostile or broken file can take neither more
time nor more memory than it is given, and fails alone.
"""

from __future__ import annotations

from indexer.readers.batches import Cut, FileState, read_all
from indexer.readers.bounds import Limits, break_off, close, prepare, read
from indexer.readers.sources import (
    SUFFIXES,
    Source,
    SourceFile,
    document_of,
    find_sources,
    is_utf8,
    printable,
    touched_sources,
    unread_kinds,
)

__all__ = [
    "SUFFIXES",
    "Cut",
    "FileState",
    "Limits",
    "Source",
    "SourceFile",
    "break_off",
    "close",
    "document_of",
    "find_sources",
    "is_utf8",
    "prepare",
    "printable",
    "read",
    "read_all",
    "touched_sources",
    "unread_kinds",
]
