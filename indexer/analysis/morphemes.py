"""What a Korean text consists of, as far as it is searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from indexer.frozen import quickly_made
from indexer.model.text import Span

__all__ = ["Bigram", "Compound", "KoreanText", "Morpheme"]


@quickly_made
@dataclass(frozen=True, slots=True)
class Morpheme:
    """A content morpheme: the smallest unit of a Korean text that is searched."""

    term: str
    """Of a predicate the dictionary form (돕다), else the morpheme itself; of hanja their reading."""
    span: Span
    bound: bool = False
    """True for a piece of a word: a prefix, a suffix, a single syllable of an unknown name."""
    hanja: str = ""
    """The hanja themselves where the text writes the word, or explains it, in hanja."""
    hanja_span: Span | None = None
    weight: float = 1.0
    """How much it says in a query, beside a common noun."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Compound:
    """Several morphemes under one term: a noun of the dictionary, or a word as it is written."""

    term: str
    span: Span
    first: int
    """Index of its first morpheme in `KoreanText.morphemes`."""
    length: int
    """How many morphemes it covers."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Bigram:
    """Two neighbouring syllables of one word."""

    term: str
    span: Span


class KoreanText(NamedTuple):
    """What there is to search in a Korean text, each part in the order of the text."""

    morphemes: tuple[Morpheme, ...]
    compounds: tuple[Compound, ...]
    bigrams: tuple[Bigram, ...]
    wholes: tuple[Compound, ...] = ()
    """Words less their particles, where no morpheme shows them: 벨몬트, to Kiwi 벨 + 몬 + 트다."""
