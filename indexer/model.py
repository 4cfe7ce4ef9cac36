"""The words of the project as frozen values.  Imports little but the standard library.

Every offset is a count of *code points* (not bytes, not UTF-16 units) into the text of one passage or
block, and every range is half-open: `[start, end)`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

from indexer.frozen import quickly_made, quickly_pickled

__all__ = [
    "LANGS",
    "Also",
    "AlsoResults",
    "AnyOf",
    "Bilingual",
    "Block",
    "BlockKind",
    "Clause",
    "Document",
    "DocumentHits",
    "DocumentInfo",
    "Evidence",
    "EvidenceKind",
    "Facets",
    "Field",
    "Hit",
    "Lang",
    "MarkedDocument",
    "MarkedPassage",
    "Pair",
    "PairedText",
    "Passage",
    "Phrase",
    "Prefix",
    "Query",
    "Reason",
    "Reference",
    "Rendered",
    "Rendering",
    "SearchResults",
    "Snippet",
    "Sort",
    "Span",
    "Stats",
    "Style",
    "Tally",
    "Term",
    "Token",
    "Translated",
    "Variant",
    "Word",
]

Lang = Literal["en", "ko"]
"""A language of the archive, as an ISO 639-1 code."""

LANGS: Final[tuple[Lang, ...]] = ("en", "ko")

EvidenceKind = Literal["word", "part", "syllables", "form", "phrase", "beginning", "nearby", "common"]
"""What a word was recognised by: itself in any form, a part of it, or pairs of its syllables."""

Also = Literal["few", "all", "off"]
"""How much is wanted of what is found in the other language."""

Style = Literal["", "match", "renders"]
"""What a piece of a text is to the query: nothing, a match, or what renders one of its words."""

Sort = Literal["relevance", "date"]
"""The order of results; `date` puts the newest first and undated documents last."""


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


class Field(StrEnum):
    """The kinds of evidence that are indexed for a text."""

    ENGLISH = "en"
    """Stems of words and numbers in Latin (and any other non-Korean) script."""
    KOREAN = "ko"
    """Content morphemes; verbs and adjectives in their dictionary form."""
    BIGRAM = "bigram"
    """Pairs of neighbouring syllables inside one Korean word."""
    SURFACE = "surface"
    """Words in Latin script as they are written, folded, where that differs from their stem; for prefixes."""


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


@quickly_made
@dataclass(frozen=True, slots=True)
class Token:
    """A term that stands at a place of a text.

    The term may be stemmed, joined or a reading; the span always points into the original text and is
    never empty.  `position` counts the smallest units of the text in order; a token that covers
    several of them (국가인권위원회, cease-fire) has a `length` above 1, so that the token after it stands
    at `position + length`.
    """

    field: Field
    term: str
    span: Span
    position: int
    length: int = 1
    bound: bool = False
    """True where the token is only a piece of what a reader sees as a word (a prefix, a syllable of a
    name that the dictionary does not know): it means something together with its neighbours in the word."""
    whole: bool = False
    """True for a Korean word less its particles beside its morphemes (정전협상, 벨몬트): it stands over them
    and does not bind them together."""
    weight: float = 1.0
    """How much the token says in a query, beside a common noun: a name more, a verb less, 무엇 nothing."""


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
    date: dt.date | None
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
    date: dt.date | None = None


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


@quickly_made
@dataclass(frozen=True, slots=True)
class Term:
    """What is looked up in the index."""

    field: Field
    text: str


@quickly_made
@dataclass(frozen=True, slots=True)
class Variant:
    """One way in which a word of the query may stand in a text: its terms, each right after the other."""

    terms: tuple[Term, ...]
    weight: float = 1.0
    """How much it counts as evidence for the word, from above 0 to 1."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Evidence:
    """A term that speaks for a passage, wherever it stands in it."""

    term: Term
    weight: float
    """How much it counts, above 0; a common noun counts 1."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Word:
    """A word of the query; a passage has it when it has one of its variants."""

    text: str
    """As it was typed."""
    variants: tuple[Variant, ...]
    evidence: tuple[Evidence, ...] = ()
    """What a passage is ranked by; what all of it adds up to is the word's part of the score."""
    optional: bool = False
    """True for a stop word: a passage has all the words without it too, and it is not marked."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """The beginning of a word, typed with a star."""

    text: str
    """As it was typed, without the star."""
    beginning: str
    """What the terms begin with."""
    fields: tuple[Field, ...]
    """Where such terms are looked for."""
    word: Word
    """The beginning taken as a word of its own."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must stand one right after the other."""

    text: str
    words: tuple[Word, ...]
    otherwise: tuple[tuple[Word, ...], ...] = ()
    """Other ways of writing the same: with two of the words as one."""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Clauses joined by OR; one of them is enough."""

    clauses: tuple[Word | Prefix | Phrase, ...]


@quickly_made
@dataclass(frozen=True, slots=True)
class Rendering:
    """What a word of the query is called in the other language."""

    text: str
    """As it is mostly written."""
    terms: tuple[Term, ...]
    """What it is looked for as, each right after the other."""
    weight: float
    """How surely it renders the word, from above 0 to 1."""
    learned: bool = True
    """False for the word itself, where a text of the other language may have it as it is (NASA, 2019)."""
    sure: bool = True
    """Whether it may be shown to a person; what is less sure makes a hit better, and none alone."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Rendered:
    """A word or a term of the query with its renderings, which together count as one word."""

    text: str
    """As it was typed."""
    renderings: tuple[Rendering, ...]
    """The surest first."""


Clause = Word | Prefix | Phrase | AnyOf | Rendered


@quickly_made
@dataclass(frozen=True, slots=True)
class Query:
    """What a person typed, understood."""

    text: str
    """As it was typed, cut at the bound."""
    clauses: tuple[Clause, ...] = ()
    """What is looked for; passages with all of them come first, passages with one of them are found."""
    nearby: tuple[Phrase, ...] = ()
    """Words typed side by side; a passage where they stand side by side is better."""
    excluded: tuple[Clause, ...] = ()
    titles: tuple[Clause, ...] = ()
    """What the document's title must have, each of them."""
    authors: tuple[Clause, ...] = ()
    """What the names of the document's authors must have, each of them."""
    lang: Lang | None = None
    years: tuple[int, int] | None = None
    """First and last year, both included."""
    paired: bool = False
    """Only passages that have another side (`lang:both`)."""
    notices: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        wanted = self.clauses or self.titles or self.authors or self.lang or self.years or self.paired
        return bool(wanted)


@quickly_made
@dataclass(frozen=True, slots=True)
class Snippet:
    """A window of a passage's text with the spans to be marked in it.

    `highlights` are sorted, disjoint, non-empty and inside `text`.
    """

    text: str
    highlights: tuple[Span, ...] = ()
    starts_inside: bool = False
    """True where text of the passage was left out before the window."""
    ends_inside: bool = False
    """True where text of the passage was left out after the window."""
    renderings: tuple[Span, ...] = ()
    """What renders words of the query: sorted, disjoint, and apart from `highlights`."""

    def styled(self) -> Iterator[tuple[str, Style]]:
        """The text in pieces, each with what it is; joined, the pieces give the text.

        >>> list(Snippet("NASA 우주국", (Span(0, 4),), renderings=(Span(5, 7),)).styled())
        [('NASA', 'match'), (' ', ''), ('우주', 'renders'), ('국', '')]
        """
        at = 0
        styles: list[tuple[Span, Style]] = [(span, "match") for span in self.highlights]
        if self.renderings:
            styles += [(span, "renders") for span in self.renderings]
            styles.sort()
        for span, style in styles:
            if span.start > at:
                yield self.text[at : span.start], ""
            yield self.text[span.slice], style
            at = span.end
        if at < len(self.text):
            yield self.text[at:], ""

    def parts(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it is marked; joined, the pieces give the text.

        >>> list(Snippet("정전 협상을", (Span(3, 5),)).parts())
        [('정전 ', False), ('협상', True), ('을', False)]
        """
        at = 0
        for span in self.highlights:
            if span.start > at:
                yield self.text[at : span.start], False
            yield self.text[span.slice], True
            at = span.end
        if at < len(self.text):
            yield self.text[at:], False


@quickly_made
@dataclass(frozen=True, slots=True)
class PairedText:
    """The other side of a passage: what says the same in the other language."""

    lang: Lang
    text: str
    """Of several passages: joined by a newline."""
    highlights: tuple[Span, ...] = ()
    """Where the query itself matches in `text`: sorted and disjoint."""
    snippet: Snippet | None = None
    """What of `text` is shown beneath a hit; `None` where all of it is."""
    address: str = ""
    """Of the first of the passages; empty where it is the hit's own address."""
    kind: BlockKind = BlockKind.PARAGRAPH
    """Of the first of the passages."""
    renderings: tuple[Span, ...] = ()
    """Where words of `text` render words of the query: sorted, disjoint, and apart from `highlights`."""

    @property
    def shown(self) -> Snippet:
        """The part that is shown beneath a hit."""
        return self.snippet or Snippet(self.text, self.highlights, renderings=self.renderings)


@quickly_made
@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found."""

    passage: Passage
    score: float
    highlights: tuple[Span, ...]
    """In the passage's whole text: sorted and disjoint."""
    snippet: Snippet
    pair: PairedText | None = None
    renderings: tuple[Span, ...] = ()
    """What renders words of the query, where it is found by its translation: apart from `highlights`."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that brought a hit."""

    word: str
    """A word or a phrase of the query; empty for what its words bring together: standing side by side
    (`nearby`), and what the best hits of a long question have in common (`common`)."""
    kind: EvidenceKind
    share: float
    """How much of the score it is, above 0 and up to 1."""
    in_title: bool = False
    """Whether the word is also in the document's title, which counts too."""


@quickly_made
@dataclass(frozen=True, slots=True)
class DocumentHits:
    """A document with the best of its passages that were found."""

    document: DocumentInfo
    hits: tuple[Hit, ...]
    """Best first; at least one."""
    more: int = 0
    """How many further passages of the document match."""


@dataclass(frozen=True, slots=True)
class Facets:
    """How many passages there are behind each choice that narrows the results.

    The counts of one facet leave that facet's own choice out of account, so that the other choices
    keep their numbers.
    """

    langs: Mapping[Lang, int] = field(default_factory=dict)
    years: Mapping[int, int] = field(default_factory=dict)
    """Newest first; years without a match do not appear."""
    paired: int = 0
    """Passages that have another side; where both sides match they count once."""
    total: int = 0
    """What there is whatever the language; where both sides of a pair match they count once."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A word or a term of the query with what it is searched as in the other language."""

    text: str
    """As it was typed."""
    renderings: tuple[str, ...]
    """The surest first; lesser ones are searched with less weight, and not named."""


@dataclass(frozen=True, slots=True)
class AlsoResults:
    """What the renderings of the query's words find in the other language, beside the direct hits."""

    lang: Lang
    total: int
    """Passages, over all pages; none of them is a direct hit or the other side of one."""
    documents: int
    groups: tuple[DocumentHits, ...]
    """The first documents, or those of a page where all are asked for."""
    words: tuple[Translated, ...]
    without: tuple[str, ...] = ()
    """The renderings that were left out at the person's wish."""
    page: int = 1
    pages: int = 1
    """As many as there are where all are asked for."""
    whole: bool = False
    """Whether all are asked for, page by page."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """All hits shown, in the order of their documents."""
        return tuple(hit for group in self.groups for hit in group.hits)


@quickly_made
@dataclass(frozen=True, slots=True)
class SearchResults:
    """One page of what a query found."""

    text: str
    """The query as it was typed (cut at the bound)."""
    total: int
    """Passages that match, over all pages; where both sides of a pair match they count once."""
    documents: int
    """Documents that have at least one of them."""
    groups: tuple[DocumentHits, ...]
    """This page's documents, best first."""
    facets: Facets
    notices: tuple[str, ...] = ()
    """Keys of friendly remarks about the query (see `indexer.query.NOTICES`), e.g. a bound that was met."""
    page: int = 1
    pages: int = 1
    also: AlsoResults | None = None
    """What is found in the other language; `None` where no pairs say how, or where it is not wanted."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """All hits of this page in the order of its documents."""
        return tuple(hit for group in self.groups for hit in group.hits)


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
