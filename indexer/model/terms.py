"""What a text is searched by: terms, and the tokens in which they stand there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from indexer.frozen import quickly_made
from indexer.model.text import Span

__all__ = ["Field", "Term", "Token"]


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


class Term(NamedTuple):
    """What is looked up in the index.

    A tuple, as a query looks terms up in tables hundreds of times, and tuples are hashed by Python itself.
    """

    field: Field
    text: str
