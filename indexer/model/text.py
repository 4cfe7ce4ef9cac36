"""Languages, places in a text, and documents with their passages.

Every offset is a count of *code points* (not bytes, not UTF-16 units) into the text of one passage or
block, and every range is half-open: `[start, end)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from indexer.frozen import quickly_made, quickly_pickled
from indexer.model.dates import Date

__all__ = [
    "LANGS",
    "Bilingual",
    "Block",
    "BlockKind",
    "Document",
    "DocumentInfo",
    "Lang",
    "Pair",
    "Passage",
    "Reference",
    "Span",
]


Lang = Literal["en", "ko"]
"""A language of the archive, as an ISO 639-1 code."""

LANGS: Final[tuple[Lang, ...]] = ("en", "ko")


class BlockKind(StrEnum):
    """What a block is in its document."""

    TITLE = "title"
    """The document's title in one language; the first passage of that language."""
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    """One row; its cells are separated by a tab in the text."""
    QUOTATION = "quotation"
    CODE = "code"
    """Preformatted text: line breaks and runs of spaces mean something."""
    FOOTNOTE = "footnote"


@quickly_pickled
@quickly_made
@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of code points.

    >>> "정전 협상"[Span(3, 5).slice]
    '협상'
    """

    start: int
    end: int

    @property
    def slice(self) -> slice:
        """The span as a slice, to cut it out of its text."""
        return slice(self.start, self.end)


@quickly_pickled
@dataclass(frozen=True, slots=True)
class Reference:
    """A footnote mark in a text, such as `[3]`."""

    label: str
    """The footnote's label without brackets: `3`."""
    span: Span
    """Where the mark, brackets included, stands in the text."""


@quickly_pickled
@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, table row, quotation, code or footnote, in reading order.

    The text is NFC, without invisible characters, and neither empty nor padded with white space.
    Footnote marks stay in the text as `[label]` and are named in `references`.
    """

    kind: BlockKind
    text: str
    level: int = 0
    """Of a heading: 1 to 6. Of a list item: depth of nesting from 1. Else 0."""
    marker: str = ""
    """Of a list item: what stands before it, `•` or `3.`. Of the head row of a table: `head`. Else empty."""
    label: str = ""
    """Of a footnote: its label without brackets; its text does not repeat it."""
    references: tuple[Reference, ...] = ()
    lang: Lang | None = None
    """The language the source declares; where it is `None` the script of the text decides."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Bilingual:
    """A short text that may exist in each language."""

    en: str = ""
    ko: str = ""

    def __getitem__(self, lang: Lang) -> str:
        """The text in `lang`, empty where there is none."""
        return self.en if lang == "en" else self.ko

    def __bool__(self) -> bool:
        return bool(self.en or self.ko)

    def prefer(self, lang: Lang) -> tuple[Lang, str]:
        """The text in `lang` or, where there is none, in the other language, with its language."""
        other: Lang = "ko" if lang == "en" else "en"
        return (lang, self[lang]) if self[lang] or not self[other] else (other, self[other])

    def items(self) -> Iterator[tuple[Lang, str]]:
        """The languages that have a text, with it, English first."""
        return ((lang, self[lang]) for lang in LANGS if self[lang])


@dataclass(frozen=True, slots=True)
class Document:
    """One text of the archive, in one language or two, as its readers give it."""

    id: str
    """Stable and unique, path-like (`guide/ch01`): letters of any script, digits, `-`, `_`, `.` and `/`."""
    titles: Bilingual
    authors: tuple[str, ...]
    date: Date | None
    blocks: tuple[Block, ...]
    """In reading order; of a document from two files, the English file's blocks come first."""

    @property
    def info(self) -> DocumentInfo:
        """The document without its text."""
        return DocumentInfo(self.id, self.titles, self.authors, self.date)


@quickly_made
@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What is said about a document where its text is not needed."""

    id: str
    titles: Bilingual
    authors: tuple[str, ...] = ()
    date: Date | None = None


@quickly_pickled
@quickly_made
@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is found and linked."""

    document: str
    """The id of its document."""
    ordinal: int
    """Its place in the document, from 0, in reading order."""
    kind: BlockKind
    lang: Lang
    """The language it is mostly written in."""
    text: str
    level: int = 0
    marker: str = ""
    label: str = ""
    references: tuple[Reference, ...] = ()
    continues: bool = False
    """True where an over-long block was cut and this is not its first part."""
    address: str = ""
    """The permanent id; empty until `indexer.addresses` has given one."""
    partners: tuple[int, ...] = ()
    """The ordinals of the passages of its document that say the same in the other language."""

    def addressed(self, address: str) -> Passage:
        """The passage with this address."""
        # In the order of the fields: `dataclasses.replace` takes three times as long, and each has its turn.
        return Passage(
            self.document, self.ordinal, self.kind, self.lang, self.text, self.level, self.marker,
            self.label, self.references, self.continues, address, self.partners,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """Passages of one document that say the same in both languages: one to one, one to many, many to one.

    The first passage of each side carries the address that the two sides share.
    """

    english: tuple[int, ...]
    """Ordinals of passages, ascending; at least one."""
    korean: tuple[int, ...]
    """Ordinals of passages, ascending; at least one."""
    confidence: float
    """How sure it is that they say the same, from 0 to 1."""
