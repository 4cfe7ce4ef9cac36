"""Routes a text by script and numbers what comes back: the tokens of a passage or a query."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Final

from indexer.analysis import english, korean
from indexer.analysis.korean import KiwiTokens
from indexer.analysis.met import Met
from indexer.analysis.morphemes import KoreanText
from indexer.analysis.token_runs import Core, Relative, RelativeToken, Run, TokenRuns, moved, relative
from indexer.model import Field, Span, Token

__all__ = ["analyze", "analyze_all", "blank"]

_ENDS: Final = attrgetter("start", "end")
"""What spans are ordered by; told to `sorted` it takes a tenth of the time of comparing them."""

_POSSESSIVES: Final = tuple(f"{mark}{letter}" for mark in "'’ʼ" for letter in "sS")
_ONE_RUN: Final = re.compile(r"[A-Za-z0-9]+(?:['’-][A-Za-z0-9]+)*")
"""What is one of `english.runs` whatever stands around it: found in a fraction of the time."""
_JOINED: Final = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*|[0-9]+(?:\.[0-9]+)+")
_JOINT: Final = re.compile(r"[-.]")
_ALIKE: Final = re.compile("[A-Za-z]+|[0-9]+")
_MOST_RUNS: Final = 1 << 16
"""Different words that are remembered."""
_SHORT: Final = 24
"""Code points up to which what stands between two words of Hangul is looked up as a whole."""


def analyze(text: str) -> tuple[Token, ...]:
    """The tokens of `text` (NFC), a passage or a query, in the order of their positions, shorter ones first.

    >>> [(t.term, t.position, t.length) for t in analyze("Cease-fire talk")]
    [('ceas', 0, 1), ('cease', 0, 1), ('ceasefir', 0, 2), ('fire', 1, 1), ('talk', 2, 1)]
    """
    if korean.has_korean(text):
        return _number(text, korean.parse(text))
    return tuple(Run(len(text), *_of_parts(english.divide(text))).at(0, 0))


def analyze_all(texts: Sequence[str]) -> Iterator[Sequence[Token]]:
    """As `analyze` for each of `texts`, in order, with Kiwi on all cores.

    Kiwi begins with the first of them at once, the rest is done as the tokens are taken.  A Korean text that
    comes again is analysed once; of an English one it is the words that are.
    """
    met = _met()
    new: dict[str, None] = {}  # in order, each once
    for text in texts:
        if text not in new and korean.has_korean(text) and met.text(text) is None:
            new[text] = None
    return _all(texts, met, new, korean.tokenize_all(list(new)) if new else iter(()))


def _all(
    texts: Sequence[str], met: Met, new: dict[str, None], tokenized: Iterator[KiwiTokens]
) -> Iterator[Sequence[Token]]:
    latin = _without_korean([text for text in texts if not korean.has_korean(text)], met)
    for text in texts:
        if not korean.has_korean(text):
            yield next(latin)
            continue
        tokens = met.text(text)
        if text in new:
            del new[text]
            tokens = _with_korean(text, next(tokenized), met)
            met.keep(text, tokens)
        yield analyze(text) if tokens is None else tokens


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


class _Runs(dict[str, Core]):
    """What runs of characters give, with their units, each made when it is first asked for."""

    def __missing__(self, surface: str) -> Core:
        if len(self) >= _MOST_RUNS:
            self.clear()
        self[surface] = found = _plain_run(surface) or _joined_run(surface) or _any_run(surface)
        return found

    def meet(self, words: Iterable[str]) -> None:
        """Makes all at once what the new ones of these words give; each is of Latin letters or of digits."""
        new = [word for word in dict.fromkeys(words) if word not in self]
        if len(self) + len(new) > _MOST_RUNS:
            self.clear()
        folded = [word[: english.LONGEST].lower() for word in new]
        terms = english.stem_folded(folded)
        self.update((word, _single_run(word, *rest)) for word, *rest in zip(new, folded, terms, strict=True))


def _plain_run(surface: str) -> Core | None:
    """As `_any_run`, of nothing but Latin letters, with or without a possessive ending: most runs by far.

    Also of nothing but digits.
    """
    stop = len(surface) - 2 if surface.endswith(_POSSESSIVES) else len(surface)
    word = surface[:stop]
    if not word.isascii():
        return None
    if word.isdigit() and stop == len(surface) <= english.LONGEST:
        return 1, ((Field.ENGLISH, word, 0, stop, 0, 1, False, False, 1.0),)
    if not word.isalpha():
        return None
    folded = word[: english.LONGEST].lower()
    return _single_run(word, folded, english.stem_plain(folded))


def _single_run(word: str, folded: str, term: str) -> Core:
    """What a run gives that is a single piece, folded and stemmed."""
    stop = len(word)
    found: Relative = ((Field.ENGLISH, term, 0, stop, 0, 1, False, False, 1.0),)
    if folded in english.STOP_WORDS and (acronym := english.acronym(word, folded)):
        found += ((Field.ENGLISH, acronym, 0, stop, 0, 1, False, False, 1.0),)
    if folded != term:
        found += ((Field.SURFACE, folded, 0, stop, 0, 1, False, False, 1.0),)
    return 1, found


def _joined_run(surface: str) -> Core | None:
    """As `_any_run`, of Latin letters, digits and hyphens, or a number with points in it."""
    if not surface.isascii() or not _JOINED.fullmatch(surface):
        return None
    parts = [english.atoms(part) for part in _JOINT.split(surface)]
    many = sum(map(len, parts))
    if many == 1:
        return _single_run(surface, english.fold(surface), english.stem(surface))
    tokens: list[RelativeToken] = []
    at = position = 0
    for part in parts:
        for atom in part:
            tokens += moved(_runs[atom][1], at, position)
            if position == 0:
                whole = english.stem(surface.replace("-", ""))
                tokens.append((Field.ENGLISH, whole, 0, len(surface), 0, many, False, False, 1.0))
            at += len(atom)
            position += 1
        at += 1
    return many, tuple(tokens)


def _any_run(surface: str) -> Core:
    words = english.words_of(surface, english.kind_of(surface))
    units = sorted(piece.span for word in words for piece in word.pieces)
    place = {span: position for position, span in enumerate(units)}
    return len(units), relative(sorted(_english_tokens(words, place), key=_order))


_runs: Final = _Runs()


def _of_parts(parts: Sequence[str]) -> Core:
    """The units and the tokens of a text from what `english.divide` makes of it."""
    if len(parts) == 3:  # noqa: PLR2004 - a single run, with something around it
        units, found = _runs[parts[1]]
        return units, moved(found, len(parts[0]), 0)
    units = at = 0
    tokens: list[RelativeToken] = []
    for between, surface in zip(parts[0:-1:2], parts[1::2], strict=True):
        at += len(between)
        many, found = _runs[surface]
        tokens += moved(found, at, units)
        at += len(surface)
        units += many
    return units, tuple(tokens)


def _cores(surfaces: Sequence[str]) -> list[Core]:
    """What is in some characters without Hangul, mostly a word each."""
    # Stemmed all at once: one by one it takes several times as long.
    _runs.meet(_ALIKE.findall(" ".join(surfaces)))
    known = _runs.get
    return [known(surface) or _core(surface) for surface in surfaces]


def _core(surface: str) -> Core:
    return _runs[surface] if _ONE_RUN.fullmatch(surface) else _of_parts(english.divide(surface))


class _Latest:
    """What has been met so far."""

    met = Met(_cores)


def _met() -> Met:
    if _Latest.met.full:
        _Latest.met = Met(_cores)
    return _Latest.met


def _without_korean(texts: Sequence[str], met: Met) -> Iterator[TokenRuns]:
    """The tokens of texts without Korean: those of their words, one after the other."""
    # No word goes over a space.  A row of calls that are each a loop in C: some million words in a second.
    split = [text.split(" ") for text in texts]
    ends = [pieces.pop() for pieces in split]
    met.spaced.meet(chain.from_iterable(split))
    met.between.meet(ends)
    for pieces, end in zip(split, ends, strict=True):
        numbers = array("I", map(met.spaced.__getitem__, pieces))
        numbers.append(met.between[end])
        yield TokenRuns(met.table, numbers)


def _with_korean(text: str, tokens: KiwiTokens, met: Met) -> Sequence[Token]:
    """The tokens of a text with Korean, as Kiwi read it.

    Word by word as far as a word can be read without those around it: not where Kiwi sees one thing in
    several words, nor where hanja may explain what stands before them.
    """
    numbers = array("I")
    end = 0
    for start, stop, inside in korean.divide(text, tokens):
        if start > end:
            numbers.extend(_numbers_between(text[end:start], met))
        end = stop
        key = text[start:stop], inside
        number = met.words.get(key, -1)
        if number == -1:
            number = met.add_word(key, _word(*key))
        if number is None:
            break
        numbers.append(number)
    else:
        if not korean.has_hanja(text):
            numbers.extend(_numbers_between(text[end:], met))
            return TokenRuns(met.table, numbers)
    return _number(text, korean.digest(text, tokens))


def _numbers_between(text: str, met: Met) -> Iterator[int]:
    if len(text) > _SHORT:
        *pieces, text = text.split(" ")
        yield from map(met.spaced.__getitem__, pieces)
    yield met.between[text]


def _word(surface: str, inside: tuple[korean.Inside, ...]) -> Run | None:
    """A word of Hangul with the morphemes that begin in it; none where it cannot be read alone."""
    if any(one.end > len(surface) for one in inside):
        return None
    parsed = korean.digest(surface, inside)
    first = min((one.span.start for one in parsed.morphemes), default=len(surface))
    if parsed.bigrams and parsed.bigrams[0].span.start < first:
        return None  # these syllables stand at the position of the word before
    return Run(len(surface), len(parsed.morphemes), relative(_number(surface, parsed)))


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
