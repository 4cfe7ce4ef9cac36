"""What was found, and what is shown of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from indexer.frozen import quickly_made
from indexer.model.text import BlockKind, DocumentInfo, Lang, Passage, Span

__all__ = [
    "Also",
    "AlsoResults",
    "DocumentHits",
    "EvidenceKind",
    "Facets",
    "Hit",
    "PairedText",
    "Reason",
    "SearchResults",
    "Snippet",
    "Sort",
    "Style",
    "Translated",
]


EvidenceKind = Literal["word", "part", "syllables", "form", "phrase", "beginning", "nearby", "common"]
"""What a word was recognised by: itself in any form, a part of it, or pairs of its syllables."""

Also = Literal["few", "all", "off"]
"""How much is wanted of what is found in the other language."""

Style = Literal["", "match", "renders"]
"""What a piece of a text is to the query: nothing, a match, or what renders one of its words."""

Sort = Literal["relevance", "date"]
"""The order of results; `date` puts the newest first and undated documents last.

A date without its day counts as the first day that it may mean.
"""


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
        text, at = self.text, 0
        styles: list[tuple[Span, Style]] = [(span, "match") for span in self.highlights]
        if self.renderings:
            styles += [(span, "renders") for span in self.renderings]
            styles.sort()
        for span, style in styles:
            start, end = span.start, span.end
            if start > at:
                yield text[at:start], ""
            yield text[start:end], style
            at = end
        if at < len(text):
            yield text[at:], ""

    def parts(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it is marked; joined, the pieces give the text.

        >>> list(Snippet("정전 협상을", (Span(3, 5),)).parts())
        [('정전 ', False), ('협상', True), ('을', False)]
        """
        text, at = self.text, 0
        for span in self.highlights:
            start, end = span.start, span.end
            if start > at:
                yield text[at:start], False
            yield text[start:end], True
            at = end
        if at < len(text):
            yield text[at:], False


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
