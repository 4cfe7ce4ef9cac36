"""What an archive has beside results: whole documents for reading, what is gone, and how much there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.model.text import Bilingual, DocumentInfo, Lang, Passage, Span

__all__ = ["FormerDocument", "MarkedDocument", "MarkedPassage", "Stats", "Tally", "Tombstone"]


@dataclass(frozen=True, slots=True)
class MarkedPassage:
    """A passage on the reading page, with the spans that the reader's query marks in it."""

    passage: Passage
    highlights: tuple[Span, ...] = ()
    renderings: tuple[Span, ...] = ()
    """What renders words of the query: apart from `highlights`."""


@dataclass(frozen=True, slots=True)
class MarkedDocument:
    """A whole document for reading."""

    info: DocumentInfo
    passages: tuple[MarkedPassage, ...]
    """In reading order."""

    def partners(self, passage: Passage) -> tuple[Passage, ...]:
        """The passages of the document that say the same as `passage`, in reading order."""
        wanted = set(passage.partners)
        return tuple(marked.passage for marked in self.passages if marked.passage.ordinal in wanted)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many things there are to be looked at in a document, or in several."""

    unpaired: int = 0
    """Passages without another side."""
    footnotes: int = 0
    """Pairs whose sides refer to a different number of footnotes."""
    numbers: int = 0
    """Pairs in which numbers or dates differ."""
    terms: int = 0
    """Terms that are rendered in several ways."""

    @property
    def total(self) -> int:
        """All of them together."""
        return self.unpaired + self.footnotes + self.numbers + self.terms

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.unpaired + other.unpaired,
            self.footnotes + other.footnotes,
            self.numbers + other.numbers,
            self.terms + other.terms,
        )


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a passage that is no longer in the archive."""

    address: str
    lang: Lang
    text: str
    """What it said last."""
    document: str
    """The id of the document in which it stood last."""
    info: DocumentInfo | None = None
    """Of that document, where the archive still has it."""
    nearest: Passage | None = None
    """The nearest passage to where it stood that is still in the archive."""
    begins: Bilingual | None = None
    """Where nothing is left of the document: what its first passages said last, as a rule its title."""


@dataclass(frozen=True, slots=True)
class FormerDocument:
    """What is known of a document that no longer goes by its id."""

    now: str = ""
    """The id that it has now; empty where it is no longer in the archive, or several have gone by its id."""
    begins: Bilingual | None = None
    """Of one that is gone, what its first passages said last."""
    elsewhere: tuple[DocumentInfo, ...] = ()
    """Where `now` is empty: the documents that went by its id once, else those that have passages of it."""


@dataclass(frozen=True, slots=True)
class Stats:
    """What an index holds."""

    documents: int
    passages: Mapping[Lang, int]
    """Passages by the language they are mostly written in."""
    committed: dt.datetime | None
    """When the index was last written, in UTC; `None` where nothing has been written yet."""
    generation: str
    """Changes with every commit, and only then."""
