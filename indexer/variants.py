"""In which ways may a word stand in a passage?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from indexer.analysis import STOP_WORDS, fold, stem_folded
from indexer.model.query import Variant
from indexer.model.terms import Field, Term, Token
from indexer.model.text import Span

__all__ = [
    "HANGUL_WORD",
    "SPLIT_WEIGHT",
    "Way",
    "halves_of",
    "standing",
    "syllables_of",
    "variants_of",
    "ways_of",
]

HANGUL_WORD: Final = re.compile(r"[가-힣]+")
_YEAR_KO: Final = re.compile(r"(\d{4})년")
_PARTICLES: Final = frozenset("은는이가을를의에와과로도만")
"""Particles of one syllable that Kiwi may take for the end of a name that it does not know."""
_MIN_NAME: Final = 3
"""Syllables from which an unknown name may end in such a particle."""
_BIGRAM_WEIGHT: Final = 0.3
SPLIT_WEIGHT: Final = 0.3
"""Of a word that is written as two, or two that are written as one."""
_STRIPPED_WEIGHT: Final = 0.9
_MIN_SPLIT: Final = 5
"""Letters from which a word may also be written as two."""
_MIN_HALF: Final = 3
"""Letters of its halves; nearly every shorter row of letters stands somewhere, and says nothing."""
_SHORT_HALVES: Final = frozenset({"co", "e", "re"})
"""Shorter beginnings that are written apart or not: cooperate, email, reuse."""

_ENGLISH, _KOREAN, _BIGRAM, _SURFACE = Field.ENGLISH, Field.KOREAN, Field.BIGRAM, Field.SURFACE

Way = tuple[tuple[tuple[Field, str], ...], float]
"""A variant as plain values: its terms and its weight."""


def standing(surface: str) -> list[Way]:
    """A Korean word as a noun, and as its syllables."""
    alone: Way = (((_KOREAN, surface),), 1.0)
    return [alone, (_bigrams(surface), _BIGRAM_WEIGHT)] if len(surface) > 1 else [alone]


def _bigrams(word: str) -> tuple[tuple[Field, str], ...]:
    return tuple([(_BIGRAM, word[at : at + 2]) for at in range(len(word) - 1)])


def variants_of(ways: Iterable[Way]) -> tuple[Variant, ...]:
    """Each of the ways once."""
    return tuple(
        [
            Variant(tuple([Term(field, term) for field, term in terms]), weight)
            for terms, weight in dict.fromkeys(ways)
        ]
    )


def ways_of(
    surface: str,
    unit: Sequence[Token],
    wholes: Sequence[Token],
    syllables: tuple[tuple[Field, str], ...],
    *,
    span: Span,
    first: int,
    last: int,
) -> list[Way]:
    """The ways in which a word of these tokens may be written.

    Args:
        surface: the word as it was typed.
        unit: its morphemes or stems.
        wholes: tokens for whole words.
        syllables: its bigrams, where they are all there.
        span: where it stands.
        first: the position of its first token.
        last: the position after its last one.
    """
    searched = [token for token in unit if token.field is not _SURFACE]
    ways = _morphemes(searched, first, last)
    if syllables:
        ways.append((syllables, _BIGRAM_WEIGHT))
    if year := _YEAR_KO.fullmatch(surface):  # as the other language writes it: 2023년 as 2023
        ways.append((((_ENGLISH, year[1]),), SPLIT_WEIGHT))
    if last - first == 1:
        ways += [*_split(surface), *_stripped(unit)]
        if HANGUL_WORD.fullmatch(surface):
            # 섬 is an island, whatever Kiwi says: that it is 서다 with an ending.
            ways = standing(surface) if len(surface) == 1 else [*ways, *standing(surface)]
    ways += [(((token.field, token.term),), 1.0) for token in wholes if token.span == span]
    if not ways:  # with hanja in brackets (정전협정(停戰協定)) the pieces do not touch: this is one of them
        ways = [(((token.field, token.term),), 1.0) for token in searched if token.position == first]
    return ways


def _morphemes(unit: Sequence[Token], first: int, last: int) -> list[Way]:
    """The terms that stand for the whole word, and its smallest pieces as neighbours."""
    terms = [
        (token.field, token.term)
        for token in unit
        if token.position == first and token.position + token.length == last
    ]
    acronyms = [term for term in terms if term[1].endswith(".")]
    ways: list[Way] = [((term,), 1.0) for term in acronyms or terms]
    if last - first > 1:
        smallest = {token.position: (token.field, token.term) for token in unit if token.length == 1}
        if len(smallest) == last - first:
            ways += [(tuple([smallest[position] for position in range(first, last)]), 1.0)]
    return ways


def syllables_of(bigrams: Sequence[Token], span: Span) -> tuple[tuple[Field, str], ...]:
    """The word's syllables, whatever its morphemes are; none where it is not Hangul throughout."""
    if bigrams and [token.span.start for token in bigrams] == list(range(span.start, span.end - 1)):
        return tuple([(_BIGRAM, token.term) for token in bigrams])
    return ()


def halves_of(letters: str) -> list[tuple[str, str]]:
    """A folded word written as two: ceasefire as cease fire, email as e mail."""
    if len(letters) < _MIN_SPLIT or not letters.isascii() or not letters.isalpha() or letters in STOP_WORDS:
        return []
    return [
        (left, right)
        for at in range(1, len(letters) - _MIN_HALF + 1)
        if (left := letters[:at]) in _SHORT_HALVES or at >= _MIN_HALF
        if left not in STOP_WORDS and (right := letters[at:]) not in STOP_WORDS
    ]


def _split(surface: str) -> list[Way]:
    """The word written as two."""
    halves = halves_of(fold(surface))
    if not halves:
        return []
    lefts, rights = stem_folded([left for left, _ in halves]), stem_folded([right for _, right in halves])
    return [
        (((_ENGLISH, left), (_ENGLISH, right)), SPLIT_WEIGHT)
        for left, right in zip(lefts, rights, strict=True)
    ]


def _stripped(unit: Sequence[Token]) -> list[Way]:
    """An unknown name without the particle that Kiwi may have left on it: 맥라렌은 as 맥라렌."""
    ways: list[Way] = []
    for token in unit:
        name = token.term[:-1]
        bare = len(name) + 1 >= _MIN_NAME and token.term[-1] in _PARTICLES
        if bare and token.bound and token.field is _KOREAN:
            ways += [(((_KOREAN, name),), _STRIPPED_WEIGHT), (_bigrams(name), _BIGRAM_WEIGHT)]
    return ways
