"""Routes a text by script and numbers what comes back: the tokens of a passage or a query."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from operator import attrgetter
from typing import Final

from indexer.analysis import english, korean
from indexer.analysis.morphemes import KoreanText
from indexer.analysis.token_runs import Run, TokenRuns
from indexer.model import Field, Span, Token

__all__ = ["analyze", "analyze_all", "blank"]

_ENDS: Final = attrgetter("start", "end")
"""What spans are ordered by; told to `sorted` it takes a tenth of the time of comparing them."""

_POSSESSIVES: Final = tuple(f"{mark}{letter}" for mark in "'’ʼ" for letter in "sS")
_MOST_RUNS: Final = 1 << 16
"""Different runs of characters that are remembered."""


def analyze(text: str) -> tuple[Token, ...]:
    """The tokens of `text` (NFC), a passage or a query, in the order of their positions, shorter ones first.

    >>> [(t.term, t.position, t.length) for t in analyze("Cease-fire talk")]
    [('ceas', 0, 1), ('cease', 0, 1), ('ceasefir', 0, 2), ('fire', 1, 1), ('talk', 2, 1)]
    """
    return _number(text, korean.parse(text)) if korean.has_korean(text) else tuple(_without_korean(text))


def analyze_all(texts: Sequence[str]) -> Iterator[Sequence[Token]]:
    """As `analyze` for each of `texts`, lazily and in order, with Kiwi on all cores."""
    with_korean = [text for text in texts if korean.has_korean(text)]
    parsed = korean.parse_all(with_korean) if with_korean else iter(())
    for text in texts:
        yield _number(text, next(parsed)) if korean.has_korean(text) else _without_korean(text)


def blank(text: str, spans: Iterable[Span]) -> str:
    """The text with spaces at `spans`, such as footnote marks, so that all other offsets stay as they are.

    >>> blank("war [1] ends", [Span(4, 7)])
    'war     ends'
    """
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def _number(text: str, parsed: KoreanText) -> tuple[Token, ...]:
    """Puts the units of both languages in one order and counts them."""
    words = tuple(english.words(text))
    pieces = [piece for word in words for piece in word.pieces]
    units = sorted([*(piece.span for piece in pieces), *(m.span for m in parsed.morphemes)], key=_ENDS)
    place = {span: position for position, span in enumerate(units)}
    tokens = [
        *_english_tokens(words, place),
        *_korean_tokens(parsed, place),
        *_bigram_tokens(parsed, units),
    ]
    return tuple(sorted(tokens, key=_order))


class _Runs(dict[str, Run]):
    """What runs of characters give, each made when it is first asked for."""

    def __missing__(self, surface: str) -> Run:
        if len(self) >= _MOST_RUNS:
            self.clear()
        self[surface] = run = _plain_run(surface) or _any_run(surface)
        return run


def _plain_run(surface: str) -> Run | None:
    """As `_any_run`, of nothing but Latin letters, with or without a possessive ending: most runs by far."""
    stop = len(surface) - 2 if surface.endswith(_POSSESSIVES) else len(surface)
    word = surface[:stop]
    if not (word.isascii() and word.isalpha()):
        return None
    piece = english.piece(word)
    found = [(Field.ENGLISH, piece.term), (Field.ENGLISH, piece.acronym), (Field.SURFACE, piece.surface)]
    if piece.surface == piece.term:
        found.pop()
    return Run(1, tuple((field, term, 0, stop, 0, 1) for field, term in found if term))


def _any_run(surface: str) -> Run:
    words = english.words_of(surface, english.kind_of(surface))
    units = sorted(piece.span for word in words for piece in word.pieces)
    place = {span: position for position, span in enumerate(units)}
    tokens = sorted(_english_tokens(words, place), key=_order)
    relative = tuple((t.field, t.term, t.span.start, t.span.end, t.position, t.length) for t in tokens)
    return Run(len(units), relative)


_runs: Final = _Runs()


def _without_korean(text: str) -> TokenRuns:
    """The tokens of a text without Korean: those of its words, one after the other."""
    # A row of calls that are each a loop in C: there are some hundred thousand words in a second.
    parts = english.divide(text)
    starts = list(accumulate(map(len, parts)))[0:-1:2]
    return TokenRuns(starts, list(map(_runs.__getitem__, parts[1::2])))


def _order(token: Token) -> tuple[int, int, int, int, Field]:
    span = token.span
    return token.position, token.length, span.start, span.end, token.field


def _english_tokens(words: Iterable[english.Word], place: dict[Span, int]) -> Iterator[Token]:
    for word in words:
        for piece in word.pieces:
            position = place[piece.span]
            yield Token(Field.ENGLISH, piece.term, piece.span, position)
            if piece.acronym:
                yield Token(Field.ENGLISH, piece.acronym, piece.span, position)
            if piece.surface != piece.term:
                yield Token(Field.SURFACE, piece.surface, piece.span, position)
        if len(word.pieces) > 1:
            yield Token(Field.ENGLISH, word.whole, word.span, place[word.pieces[0].span], len(word.pieces))


def _korean_tokens(parsed: KoreanText, place: dict[Span, int]) -> Iterator[Token]:
    for morpheme in parsed.morphemes:
        position = place[morpheme.span]
        yield Token(
            Field.KOREAN, morpheme.term, morpheme.span, position, bound=morpheme.bound, weight=morpheme.weight
        )
        if morpheme.hanja and morpheme.hanja_span and morpheme.hanja != morpheme.term:
            yield Token(Field.KOREAN, morpheme.hanja, morpheme.hanja_span, position)
    for compound in parsed.compounds:
        position = place[parsed.morphemes[compound.first].span]
        yield Token(Field.KOREAN, compound.term, compound.span, position, compound.length)
    for whole in parsed.wholes:
        position = place[parsed.morphemes[whole.first].span]
        yield Token(Field.KOREAN, whole.term, whole.span, position, whole.length, whole=True)


def _bigram_tokens(parsed: KoreanText, units: list[Span]) -> Iterator[Token]:
    starts = [span.start for span in units]
    for bigram in parsed.bigrams:
        first = max(0, bisect_right(starts, bigram.span.start) - 1)
        last = max(first, bisect_right(starts, bigram.span.end - 1) - 1)
        yield Token(Field.BIGRAM, bigram.term, bigram.span, first, last - first + 1)
