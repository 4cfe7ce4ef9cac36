"""The tokens of a text with Korean, as Kiwi read it: word by word, each analysed when it is first met.

Every word of an archive passes here, so the steps that each takes are few and plain.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import Final, NamedTuple

from indexer.analysis import english, korean
from indexer.analysis.english import Word
from indexer.analysis.met import Met
from indexer.analysis.morphemes import KoreanText
from indexer.analysis.numbering import numbered
from indexer.analysis.script import has_hanja
from indexer.analysis.token_runs import Run, TokenRuns
from indexer.analysis.tokenizer import Inside, KiwiTokens

__all__ = ["divide", "run_tokens"]

_HANGUL_RUN: Final = re.compile(r"([\uac00-\ud7a3]+)")
_NAMES: Final = attrgetter("form", "tag", "oov")
_PLACES: Final = attrgetter("start", "end")
_SHORT: Final = 24
"""Code points up to which what stands between two words of Hangul is looked up as a whole."""

_Divided = tuple[int, int, tuple[Inside, ...]]
"""Of a word where it starts and ends, and the morphemes that begin in it, told as if it began the text."""


def divide(texts: Sequence[str], met: Met) -> list[list[str]]:
    """Each text as what stands between its words of Hangul and these words, in turns; both ends are between.

    What stands between is met for all of them at once, in a fraction of the time that it takes one by one.
    """
    divided = [_HANGUL_RUN.split(text) for text in texts]
    met.between.meet(part for parts in divided for part in parts[::2] if len(part) <= _SHORT)
    return divided


def run_tokens(text: str, parts: Sequence[str], tokens: KiwiTokens, met: Met) -> TokenRuns | None:
    """The tokens of a text, by the runs of characters that it consists of.

    Word by word as far as a word can be read without those around it, else some together; none where hanja
    may explain what stands before them.

    Args:
        text: Hangul, and whatever stands between.
        parts: what `divide` makes of it.
        tokens: what Kiwi sees in it.
        met: the runs that were met before.
    """
    if has_hanja(text):
        return None
    names = list(chain.from_iterable(map(_NAMES, tokens)))
    places = [*chain.from_iterable(map(_PLACES, tokens)), len(text)]
    numbers: list[int] = []
    known = met.between
    at = first = 0
    for between, surface in zip(parts[:-1:2], parts[1::2], strict=True):
        if between:
            at += len(between)
            if len(between) <= _SHORT:  # as nearly always
                numbers.append(known[between])
            else:
                _add_between(between, met, numbers)
            while places[2 * first] < at:
                first += 1
        stop, after = at + len(surface), first
        # What Kiwi sees at the end of the text, where `places` ends, stands in no word.
        while places[2 * after] < stop:
            after += 1
        key = (
            surface,
            tuple(names[3 * first : 3 * after]),
            tuple([place - at for place in places[2 * first : 2 * after]]),
        )
        number = met.words.get(key, -1)
        if number == -1:
            number = met.add_word(key, _word(*key))
        if number is None:
            return _together(text, tokens, met)
        numbers.append(number)
        at, first = stop, after
    _add_between(parts[-1], met, numbers)
    return TokenRuns(met.table, array("I", numbers))


def _add_between(text: str, met: Met, numbers: list[int]) -> None:
    if len(text) > _SHORT:
        *pieces, text = text.split(" ")
        numbers += map(met.spaced.__getitem__, pieces)
    numbers.append(met.between[text])


def _word(surface: str, names: Sequence[object], places: Sequence[int]) -> Run | None:
    """A word of Hangul with the morphemes that begin in it; none where it cannot be read alone."""
    if max(places[1::2], default=0) > len(surface):
        return None
    inside = [
        Inside(form, tag, start, end, oov)  # type: ignore[arg-type]
        for form, tag, oov, start, end in zip(
            names[::3], names[1::3], names[2::3], places[::2], places[1::2], strict=True
        )
    ]
    parsed = korean.digest_word(surface, inside)
    return None if _leans((), parsed) else Run(len(surface), *numbered((), parsed))


def _leans(words: Sequence[Word], parsed: KoreanText) -> bool:
    """Whether syllables stand at the position of the unit before, which is not among these."""
    if not parsed.bigrams:
        return False
    first = parsed.bigrams[0].span.start
    starts = chain(
        (piece.span.start for word in words for piece in word.pieces),
        (one.span.start for one in parsed.morphemes),
    )
    return all(start > first for start in starts)


class _Group(NamedTuple):
    """Words that are read together."""

    first: int
    """The number of its first word."""
    begin: int
    end: int
    """Where it stands in the text."""
    number: int
    """That of its run."""


def _together(text: str, tokens: KiwiTokens, met: Met) -> TokenRuns | None:
    """As `run_tokens`, where some words cannot be read alone.

    Kiwi sees one thing in several words (파일 탐색기), or a word has syllables before its first morpheme,
    which stand at the position of the unit before.
    """
    words = list(korean.divide(text, tokens))
    groups: list[_Group] = []
    at = 0
    while at < len(words):
        first, begin = at, words[at][0]
        last, end = _reach(words, at, len(text))
        while (
            number := _group(text[begin:end], _inside(words[first : last + 1], begin), met, begin)
        ) is None:
            if not begin:
                return None
            before = groups.pop() if groups else _Group(0, 0, 0, 0)
            first, begin = before.first, before.begin
        groups.append(_Group(first, begin, end, number))
        at = last + 1
    numbers: list[int] = []
    at = 0
    for group in groups:
        if group.begin > at:
            _add_between(text[at : group.begin], met, numbers)
        numbers.append(group.number)
        at = group.end
    _add_between(text[at:], met, numbers)
    return TokenRuns(met.table, array("I", numbers))


def _reach(words: Sequence[_Divided], at: int, length: int) -> tuple[int, int]:
    """The last word that is read together with that one, and where what is read together ends."""
    last, end, reach = at, words[at][1], 0
    while True:
        reach = max([reach, *(words[last][0] + one.end for one in words[last][2])])
        if reach <= end:
            return last, end
        end = words[last + 1][0] if last + 1 < len(words) else length
        if reach <= end:
            return last, end
        last += 1
        end = words[last][1]


def _inside(words: Sequence[_Divided], begin: int) -> list[Inside]:
    """The morphemes of some words, their places told as if the text began at `begin`."""
    return [
        one._replace(start=one.start + start - begin, end=one.end + start - begin)
        for start, _, inside in words
        for one in inside
    ]


def _group(text: str, inside: Sequence[Inside], met: Met, begin: int) -> int | None:
    """The number of the run of words that are read together; none where they cannot be read so."""
    key = bool(begin), text, tuple(inside)
    number = met.words.get(key, -1)
    if number == -1:
        parsed = korean.digest(text, inside)
        words = tuple(english.words(text))
        units, tokens = numbered(words, parsed)
        # At the beginning of a text there is no unit before; where there is one behind, it is at that place.
        alone = not _leans(words, parsed) or (not begin and units > 0)
        number = met.add_word(key, Run(len(text), units, tokens) if alone else None)
    return number
