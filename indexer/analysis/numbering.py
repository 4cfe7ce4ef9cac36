"""Puts the units of both languages in one order and counts them: where each token stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Final

from indexer.analysis.english import Word
from indexer.analysis.morphemes import KoreanText
from indexer.analysis.token_runs import Relative, RelativeToken
from indexer.model.terms import Field
from indexer.model.text import Span

__all__ = ["numbered"]

_ORDER: Final = itemgetter(4, 5, 2, 3, 0)
"""Position, length, start, end, field."""

_Place = tuple[int, int]
"""Where a unit starts and ends."""


def numbered(words: Sequence[Word], parsed: KoreanText) -> tuple[int, Relative]:
    """How many units a text has, and its tokens in the order of their positions, shorter ones first.

    Args:
        words: its words in other scripts.
        parsed: what is Korean in it.
    """
    units = [(piece.span.start, piece.span.end) for word in words for piece in word.pieces]
    units += [(one.span.start, one.span.end) for one in parsed.morphemes]
    units.sort()
    place = {unit: position for position, unit in enumerate(units)}
    tokens = [
        *_english_tokens(words, place),
        *_korean_tokens(parsed, place),
        *_bigram_tokens(parsed, [start for start, _ in units]),
    ]
    tokens.sort(key=_ORDER)
    return len(units), tuple(tokens)


def _english_tokens(words: Iterable[Word], place: Mapping[_Place, int]) -> Iterator[RelativeToken]:
    for word in words:
        for piece in word.pieces:
            at = piece.span.start, piece.span.end
            position = place[at]
            yield _token(Field.ENGLISH, piece.term, at, position)
            if piece.acronym:
                yield _token(Field.ENGLISH, piece.acronym, at, position)
            if piece.surface != piece.term:
                yield _token(Field.SURFACE, piece.surface, at, position)
        if len(word.pieces) > 1:
            position = place[_ends(word.pieces[0].span)]
            yield _token(Field.ENGLISH, word.whole, _ends(word.span), position, len(word.pieces))


def _korean_tokens(parsed: KoreanText, place: Mapping[_Place, int]) -> Iterator[RelativeToken]:
    positions = [place[one.span.start, one.span.end] for one in parsed.morphemes]
    for one, position in zip(parsed.morphemes, positions, strict=True):
        span = one.span
        yield Field.KOREAN, one.term, span.start, span.end, position, 1, one.bound, False, one.weight
        if one.hanja and one.hanja_span and one.hanja != one.term:
            yield _token(Field.KOREAN, one.hanja, _ends(one.hanja_span), position)
    for compound in parsed.compounds:
        at, position = _ends(compound.span), positions[compound.first]
        yield _token(Field.KOREAN, compound.term, at, position, compound.length)
    for whole in parsed.wholes:
        at, position = _ends(whole.span), positions[whole.first]
        yield _token(Field.KOREAN, whole.term, at, position, whole.length, whole=True)


def _bigram_tokens(parsed: KoreanText, starts: Sequence[int]) -> Iterator[RelativeToken]:
    for bigram in parsed.bigrams:
        start, end = bigram.span.start, bigram.span.end
        first = max(0, bisect_right(starts, start) - 1)
        last = max(first, bisect_right(starts, end - 1) - 1)
        yield Field.BIGRAM, bigram.term, start, end, first, last - first + 1, False, False, 1.0


def _token(
    field: Field, term: str, at: _Place, position: int, length: int = 1, *, whole: bool = False
) -> RelativeToken:
    return field, term, *at, position, length, False, whole, 1.0


def _ends(span: Span) -> _Place:
    return span.start, span.end
