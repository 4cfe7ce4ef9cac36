"""What a reindex tells of itself, as it goes: frozen, and the same for people and programs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from indexer.learning import Learned, Postponed

if TYPE_CHECKING:
    from indexer.addresses import Comparison

__all__ = [
    "Change",
    "Checked",
    "Failed",
    "Indexed",
    "Learned",
    "Planned",
    "Postponed",
    "Removed",
    "Renamed",
    "Stage",
    "Unchanged",
    "Undated",
    "Unused",
    "Watch",
]


@dataclass(frozen=True, slots=True)
class Planned:
    """Comes first: how much there is to do."""

    sources: int
    """Documents that are looked at."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """A document was read and put into the index."""

    document: str
    path: str
    passages: int
    characters: int
    """Code points of all its passages."""
    unpaired: int | None = None
    """Of a document in both languages, how many of its passages nothing says in the other one."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A document's files are as they were."""

    document: str
    path: str


@dataclass(frozen=True, slots=True)
class Removed:
    """A document is no more, mostly because its files are gone; its addresses are kept."""

    document: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """A document has another id, mostly because its file has another name; its addresses have come along.

    It is told as indexed as well, right after this, and not as removed.
    """

    document: str
    before: str
    """Its id until now."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A file could not be read.  What the index already had of it stays, except in a rebuild."""

    path: str
    reason: str
    before: Literal["", "stays", "gone"] = ""
    """What becomes of the version that was searched until now; empty where there is none."""
    version: str = ""
    """The day on which that version was written, as YYYY-MM-DD; empty where that is not known, or where it is
    a folder that cannot be opened."""

    @property
    def told(self) -> str:
        """The reason, and what becomes of the version before, in one line."""
        version = f"the version of {self.version}" if self.version else "what was read of it before"
        becomes = {"": "", "stays": "stays searchable", "gone": "is no longer searchable"}[self.before]
        return f"{self.reason}; {version} {becomes}" if becomes else self.reason


@dataclass(frozen=True, slots=True)
class Undated:
    """A file declares a date that cannot be understood; its document is told as indexed, too."""

    document: str
    path: str
    """Of the document's first file."""
    reason: str
    """One line that names the file, says what it declares, and what to write."""


@dataclass(frozen=True, slots=True)
class Unused:
    """Something in the glossary cannot be used; the rest of it is obeyed."""

    path: str
    reason: str
    lines: int
    """How many lines of it; of many the last are told together."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What reindexing would do to the addresses of a document."""

    document: str
    comparison: Comparison


Stage = Literal["reading", "pairing", "indexing"]
"""Of a reindex of documents in both languages: all are read, then learned from, then put into the index."""

Watch = Callable[[Stage, int], None]

Change = Planned | Indexed | Undated | Unchanged | Removed | Renamed | Failed | Unused | Learned | Postponed
