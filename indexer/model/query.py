"""What a person typed, understood."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.frozen import quickly_made
from indexer.model.terms import Field, Term
from indexer.model.text import Lang

__all__ = [
    "AnyOf",
    "Clause",
    "Evidence",
    "Phrase",
    "Prefix",
    "Query",
    "Rendered",
    "Rendering",
    "Variant",
    "Word",
]


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
