"""What the rest of the project asks of a search engine: write, commit, search, fetch, count.

An engine numbers the passages of one snapshot from 0.  These numbers mean nothing outside that snapshot and
never leave the library; what lasts is a passage's address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.engine.ranking import Ranking
from indexer.model.archive import Stats, Tally
from indexer.model.query import Query
from indexer.model.terms import Token
from indexer.model.text import DocumentInfo, Passage, Span

__all__ = [
    "Columns",
    "Engine",
    "IndexedDocument",
    "IndexedPassage",
    "Numbers",
    "Ranking",
    "Snapshot",
    "SourceState",
    "Writer",
    "in_years",
]

Numbers = NDArray[np.intp]
"""Passages of one snapshot."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What a source file was like when it was indexed."""

    path: str
    """Relative to the folder of documents, with `/`."""
    size: int
    """Bytes."""
    mtime_ns: int
    """0 where the file had changed so lately that its time cannot tell whether it has changed since."""
    sha256: str
    """Of the whole file, in hexadecimal."""
    root: str = ""
    """The folder that it was named by, where it lies outside the folder of documents."""


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage, ready to be written."""

    passage: Passage
    tokens: Sequence[Token]
    """In the order of their positions."""


@dataclass(frozen=True, slots=True)
class IndexedDocument:
    """A document, ready to be written."""

    info: DocumentInfo
    sources: tuple[SourceState, ...]
    passages: tuple[IndexedPassage, ...]
    title: Sequence[Token]
    authors: Sequence[Token]
    tally: Tally | None = None
    """What a translation editor should look at; `None` for a document in one language."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What is known of each passage without reading it; arrays over the snapshot's numbers."""

    passage: NDArray[np.bool_]
    """False where the number is not that of a living passage."""
    title: NDArray[np.bool_]
    """True where it is a document's title."""
    document: NDArray[np.uint64]
    """A fingerprint of the document's id."""
    place: NDArray[np.int32]
    """Which document, counted from 0 in the order of the numbers; its passages stand in a row."""
    ordinal: NDArray[np.uint32]
    korean: NDArray[np.bool_]
    year: NDArray[np.int32]
    """0 where the document has no date."""
    date: NDArray[np.int32]
    """The proleptic Gregorian ordinal of the first day that the date may mean, 0 where there is none."""
    length: NDArray[np.float32]
    """Units of the passage (see `indexer.model.terms.Token.position`)."""
    pair: NDArray[np.uint32]
    """The same number for all passages of a pair, unique in its document; 0 where there is no other side."""
    traits: NDArray[Any]
    """What is counted beside the results, as one number: an index of `years`, twice; plus 1 for Korean; all
    that twice, plus 1 where there is another side."""
    years: NDArray[np.int32]
    """All years that occur, ascending, and first 0 for none."""


def in_years(years: NDArray[np.int32], chosen: tuple[int, int]) -> NDArray[np.bool_]:
    """Which of `years` are from the first of the chosen ones to the last; 0, for no date, never is."""
    mask: NDArray[np.bool_] = (years >= max(chosen[0], 1)) & (years <= chosen[1])
    return mask


class Snapshot(Protocol):
    """The index as it was at one commit.  Never changes; may be used by several threads at once."""

    @property
    def generation(self) -> str:
        """Changes with every commit, and only then."""
        ...

    @property
    def stats(self) -> Stats:
        """How much there is."""
        ...

    @property
    def columns(self) -> Columns:
        """The columns of all passages."""
        ...

    @property
    def checked(self) -> bool:
        """Whether all of the index has been compared with its checksums."""
        ...

    def check(self) -> None:
        """Compares all of the index with its checksums.

        Raises:
            IndexOutdatedError: the index is damaged.
        """
        ...

    def warm(self) -> None:
        """Checks whatever it may read, and reads what most queries ask for: none has to wait for that.

        Raises:
            IndexOutdatedError: the index is damaged.
        """
        ...

    def rank(self, query: Query) -> Ranking:
        """The passages that match `query`; passages with all its words come before those with some."""
        ...

    def spans(self, query: Query, numbers: Sequence[int]) -> list[tuple[Span, ...]]:
        """For each of `numbers`, what `query` marks in the passage: sorted, disjoint, touching ones one."""
        ...

    def passages(self, numbers: Iterable[int]) -> list[Passage]:
        """The passages with these numbers, in the same order."""
        ...

    def addresses(self, numbers: Iterable[int]) -> list[str]:
        """The addresses of the passages with these numbers, in the same order; reads hardly any passage."""
        ...

    def document(self, document_id: str) -> tuple[DocumentInfo, list[int]]:
        """A document and the numbers of its passages in reading order.

        Raises:
            UnknownDocumentError: there is no such document.
        """
        ...

    def info(self, document_id: str) -> DocumentInfo:
        """What is said about a document.

        Raises:
            UnknownDocumentError: there is no such document.
        """
        ...

    def infos(self, numbers: Iterable[int]) -> list[DocumentInfo]:
        """What is said about the document of each of the passages with these numbers, in the same order."""
        ...

    def addressed(self, address: str) -> list[int]:
        """The numbers of the passages that have `address`: none, one, or the two sides of a pair."""
        ...

    def documents(self) -> tuple[DocumentInfo, ...]:
        """All documents, the newest first, undated ones last."""
        ...

    def tallies(self) -> Mapping[str, Tally]:
        """By document id, what there is to be looked at; of the documents in both languages."""
        ...

    def sources(self) -> Mapping[str, tuple[SourceState, ...]]:
        """By document id, the state of the files that it was read from."""
        ...

    def sources_of(self, document_id: str) -> tuple[SourceState, ...]:
        """The state of the files that a document was read from.

        Raises:
            UnknownDocumentError: there is no such document.
        """
        ...


class Writer(Protocol):
    """Gathers changes; nothing of them is seen by anybody before `commit`."""

    def remove(self, document_id: str) -> None:
        """Takes a document out."""
        ...

    def add(self, document: IndexedDocument) -> None:
        """Puts in a document; one with the same id must have been removed before, and is added once."""
        ...

    def commit(self) -> None:
        """Makes all changes visible at once and lasting."""
        ...


class Engine(Protocol):
    """An index on disk."""

    def snapshot(self) -> Snapshot:
        """The newest commit.

        Raises:
            IndexMissingError: nothing has been committed yet.
            IndexOutdatedError: the index is of another version, or damaged, as far as anybody has met it yet.
        """
        ...

    def writer(self, *, rebuild: bool = False) -> AbstractContextManager[Writer]:
        """Begins to write; leaving the context without a commit gives up all changes.

        Args:
            rebuild: begin with an empty index beside the present one, which the commit replaces.

        Raises:
            IndexLockedError: somebody else is writing.
        """
        ...
