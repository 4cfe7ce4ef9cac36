"""The words of a text that somebody typed, each with the ways in which it may stand in a passage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter, itemgetter
from typing import Final

from indexer.analysis import (
    LONGEST,
    STOP_STEMS,
    STOP_WORDS,
    acronym,
    analyze,
    divide,
    fold,
    has_korean,
    stem,
    stem_folded,
)
from indexer.model.query import Evidence, Variant, Word
from indexer.model.terms import Field, Term, Token
from indexer.model.text import Span

__all__ = ["as_it_stands", "join_two", "read_words"]

_HANGUL_WORD: Final = re.compile(r"[가-힣]+")
_YEAR_KO: Final = re.compile(r"(\d{4})년")
_PARTICLES: Final = frozenset("은는이가을를의에와과로도만")
"""Particles of one syllable that Kiwi may take for the end of a name that it does not know."""
_MIN_NAME: Final = 3
"""Syllables from which an unknown name may end in such a particle."""

_BIGRAM_WEIGHT: Final = 0.3
_SPLIT_WEIGHT: Final = 0.3
_STRIPPED_WEIGHT: Final = 0.9
_EVIDENCE: Final = {
    "bigram": 0.33,
    "whole": 0.5,
    "compound": 0.6,
    "part": 0.5,
    "english": 3.5,
    "number": 2.0,
    "stop": 1.0,
}
"""How much each kind of evidence counts beside a common noun (1)."""
_ASKING: Final = 0.05
"""A word of which nothing weighs more is how one asks."""
_ENGLISH, _KOREAN, _BIGRAM, _SURFACE = Field.ENGLISH, Field.KOREAN, Field.BIGRAM, Field.SURFACE
_LATIN: Final = {_ENGLISH, _SURFACE}
_KEPT: Final = 2048
"""Words in Latin script that are kept with all the ways in which they may be written."""
_PLACE: Final = itemgetter(0)
_END: Final = attrgetter("span.end")
_MIN_SPLIT: Final = 5
"""Letters from which a word may also be written as two."""

_MIN_HALF: Final = 3
"""Letters of its halves; nearly every shorter row of letters stands somewhere, and says nothing."""
_SHORT_HALVES: Final = frozenset({"co", "e", "re"})
"""Shorter beginnings that are written apart or not: cooperate, email, reuse."""

_Way = tuple[tuple[tuple[Field, str], ...], float]
"""A variant as plain values: its terms and its weight."""


def read_words(text: str, *, joining: bool = True) -> list[Word]:
    """The words of a text without syntax, in order.

    Args:
        text: what was typed.
        joining: let neighbours that may be written as one word (cease fire) be found as one too.
    """
    words = _words(text, analyze(text)) if has_korean(text) else _latin_words(text)
    return _join(text, words) if joining and len(words) > 1 else words


def as_it_stands(surface: str) -> Word:
    """A Korean word as a noun, whatever Kiwi takes it for, and as its syllables."""
    return Word(surface, _variants(_standing(surface)))


def _standing(surface: str) -> list[_Way]:
    alone: _Way = (((_KOREAN, surface),), 1.0)
    return [alone, (_bigrams(surface), _BIGRAM_WEIGHT)] if len(surface) > 1 else [alone]


def _bigrams(word: str) -> tuple[tuple[Field, str], ...]:
    return tuple([(_BIGRAM, word[at : at + 2]) for at in range(len(word) - 1)])


def _variants(ways: Iterable[_Way]) -> tuple[Variant, ...]:
    """Each of the ways once."""
    return tuple(
        [
            Variant(tuple([Term(field, term) for field, term in terms]), weight)
            for terms, weight in dict.fromkeys(ways)
        ]
    )


def _latin_words(text: str) -> list[Word]:
    """The words of a text without Korean; each of its runs of characters gives the same ones everywhere."""
    parts = divide(text)
    if all(parts[2:-1:2]):
        return [word for run in parts[1::2] for word in _words_of(run)]
    return _words(text, analyze(text))  # two of them touch


@lru_cache(maxsize=_KEPT)
def _words_of(run: str) -> tuple[Word, ...]:
    if run.isascii() and run.isalpha() and len(run) <= LONGEST:
        return (_plain_word(run),)
    return tuple(_words(run, analyze(run)))


def _plain_word(surface: str) -> Word:
    """As `_words` makes it of a run of ASCII letters, which most words are, without its tokens."""
    folded = surface.lower()
    halves = _halves(folded)
    term, *stems = stem_folded([folded, *[left for left, _ in halves], *[right for _, right in halves]])
    letters = acronym(surface, folded)
    alone = Term(_ENGLISH, term)
    found = Term(_ENGLISH, letters) if letters else alone
    weights = {alone: _EVIDENCE["stop" if term in STOP_STEMS else "english"]}
    if letters:
        weights[found] = _EVIDENCE["english"]
    ways = dict.fromkeys(zip(stems[: len(halves)], stems[len(halves) :], strict=True))
    return Word(
        surface,
        (
            Variant((found,)),
            *[Variant((Term(_ENGLISH, left), Term(_ENGLISH, right)), _SPLIT_WEIGHT) for left, right in ways],
        ),
        tuple([Evidence(one, weight) for one, weight in weights.items()]),
        optional=folded in STOP_WORDS and not surface.isupper(),
    )


def _words(text: str, tokens: Sequence[Token]) -> list[Word]:
    placed = [(min([one.span.start for one in unit]), _word(text, unit)) for unit in _units(tokens)]
    if _HANGUL_WORD.search(text):
        taken = [token.span for token in tokens]
        # A particle or an ending alone has no content morpheme; it is looked for as it stands.
        placed.extend(
            (match.start(), as_it_stands(match[0]))
            for match in _HANGUL_WORD.finditer(text)
            if not any(span.start < match.end() and match.start() < span.end for span in taken)
        )
        placed.sort(key=_PLACE)
    return [word for _, word in placed]


def _units(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens by what a reader would call a word.

    A token that covers several units binds them together, and so does a `bound` piece to what it touches,
    and a number to the Korean that it touches (3·1운동).
    """
    units: list[list[Token]] = []
    over: list[Token] = []
    unit: list[Token] = []
    reach = -1
    for token in tokens:
        # A whole word and a bigram stand over others, and do not bind them together.
        if token.whole or token.field is _BIGRAM:
            over.append(token)
            continue
        if unit and token.position >= reach and not _touches(unit, token):
            units.append(unit)
            unit = []
        unit.append(token)
        reach = max(reach, token.position + token.length)
    if unit:
        units.append(unit)
    return [[*unit, *_over(unit, over)] for unit in units] if over else units


def _touches(unit: Sequence[Token], token: Token) -> bool:
    last = max(unit, key=_END)
    if last.span.end != token.span.start:
        return False
    if last.field is _ENGLISH or token.field is _ENGLISH:
        return last.term.replace(".", "").isdecimal()
    return last.bound or token.bound


def _over(unit: Sequence[Token], over: Sequence[Token]) -> list[Token]:
    """Of the tokens that stand over others the whole word that begins the unit, and the bigrams within it."""
    start, end = min([token.span.start for token in unit]), max([token.span.end for token in unit])
    last = max([token.position + token.length for token in unit])
    unknown = True in [token.bound for token in unit]
    found = [token for token in over if token.whole and token.span.start == start]
    for token in over:
        span = token.span
        if token.field is not _BIGRAM or not start <= span.start < end:
            continue
        # Of an unknown name the morphemes may not reach to its end; its syllables do.
        if span.end <= end or (unknown and token.position + token.length <= last):
            found.append(token)
            end = max(end, span.end)
    return found


def _word(text: str, unit: Sequence[Token]) -> Word:
    if not {token.field for token in unit} <= _LATIN:
        return _any_word(text, unit)
    first = min([token.position for token in unit])
    start, end = min([token.span.start for token in unit]), max([token.span.end for token in unit])
    tokens = tuple([(token.field, token.term, token.position - first, token.length) for token in unit])
    return _latin_word(text[start:end], tokens)


@lru_cache(maxsize=_KEPT)
def _latin_word(surface: str, tokens: tuple[tuple[Field, str, int, int], ...]) -> Word:
    """The word of these tokens (field, term, position, length); most are met again and again."""
    span = Span(0, len(surface))
    return _any_word(surface, [Token(*token[:2], span, *token[2:]) for token in tokens])


def _any_word(text: str, tokens: Sequence[Token]) -> Word:
    bigrams: list[Token] = []
    wholes: list[Token] = []
    unit: list[Token] = []
    # The first of a word's tokens never stands over others.
    start, first, end, last, longest = tokens[0].span.start, tokens[0].position, 0, 0, 1
    for token in tokens:
        if token.whole:
            wholes.append(token)
            continue
        (bigrams if token.field is _BIGRAM else unit).append(token)
        covered, position, length = token.span, token.position, token.length
        start, end = min(start, covered.start), max(end, covered.end)
        first, last = min(first, position), max(last, position + length)
        longest = max(longest, length)
    span = Span(start, end)
    surface = text[start:end]
    evidence = _evidence(tokens, compounds=longest > 1)
    syllables = _syllables(bigrams, span)
    if syllables and span.end not in [token.span.end for token in unit]:
        # Kiwi took the end of an unknown name for an ending: its syllables are all that can be trusted.
        return Word(surface, _variants([(syllables, 1.0)]), evidence)
    searched = [token for token in unit if token.field is not _SURFACE]
    ways = [*_whole(searched, first, last), *_pieces(searched, first, last)]
    if syllables:
        ways.append((syllables, _BIGRAM_WEIGHT))
    if year := _YEAR_KO.fullmatch(surface):  # as the other language writes it: 2023년 as 2023
        ways.append((((_ENGLISH, year[1]),), _SPLIT_WEIGHT))
    if last - first == 1:
        ways += [*_split(surface), *_stripped(unit)]
        if _HANGUL_WORD.fullmatch(surface):
            # 섬 is an island, whatever Kiwi says: that it is 서다 with an ending.
            ways = _standing(surface) if len(surface) == 1 else [*ways, *_standing(surface)]
    ways += [(((token.field, token.term),), 1.0) for token in wholes if token.span == span]
    if not ways:  # with hanja in brackets (정전협정(停戰協定)) the pieces do not touch: this is one of them
        ways = [(((token.field, token.term),), 1.0) for token in searched if token.position == first]
    asks = max([token.weight for token in unit]) <= _ASKING
    return Word(
        surface,
        _variants(ways),
        evidence,
        optional=asks or (fold(surface) in STOP_WORDS and not surface.isupper()),
    )


def _evidence(tokens: Sequence[Token], *, compounds: bool) -> tuple[Evidence, ...]:
    """What a passage is ranked by for this word; a term that several tokens give counts once."""
    weights: dict[tuple[Field, str], float] = {}
    for token in tokens:
        if token.field is not _SURFACE:
            term = token.field, token.term
            weights[term] = weights.get(term, 0.0) + _weight(token, compounds=compounds)
    return tuple([Evidence(Term(*term), weight) for term, weight in weights.items() if weight > 0])


def _weight(token: Token, *, compounds: bool) -> float:
    if token.field is _BIGRAM:
        return _EVIDENCE["bigram"]
    if token.field is _ENGLISH:
        if token.term in STOP_STEMS:
            return _EVIDENCE["stop"]
        return _EVIDENCE["number"] if token.term.isdecimal() else _EVIDENCE["english"]
    if token.whole:
        return _EVIDENCE["whole"]
    if token.length > 1:
        return _EVIDENCE["compound"]
    return token.weight * (_EVIDENCE["part"] if compounds else 1.0)


def _whole(unit: Sequence[Token], first: int, last: int) -> list[_Way]:
    """The terms that stand for the whole word."""
    terms = [
        (token.field, token.term)
        for token in unit
        if token.position == first and token.position + token.length == last
    ]
    acronyms = [term for term in terms if term[1].endswith(".")]
    return [((term,), 1.0) for term in acronyms or terms]


def _pieces(unit: Sequence[Token], first: int, last: int) -> list[_Way]:
    """The smallest pieces of the word, as neighbours."""
    if last - first > 1:
        smallest = {token.position: (token.field, token.term) for token in unit if token.length == 1}
        if len(smallest) == last - first:
            return [(tuple([smallest[position] for position in range(first, last)]), 1.0)]
    return []


def _syllables(bigrams: Sequence[Token], span: Span) -> tuple[tuple[Field, str], ...]:
    """The word's syllables, whatever its morphemes are; none where it is not Hangul throughout."""
    if bigrams and [token.span.start for token in bigrams] == list(range(span.start, span.end - 1)):
        return tuple([(_BIGRAM, token.term) for token in bigrams])
    return ()


def _halves(letters: str) -> list[tuple[str, str]]:
    """A folded word written as two: ceasefire as cease fire, email as e mail."""
    if len(letters) < _MIN_SPLIT or not letters.isascii() or not letters.isalpha() or letters in STOP_WORDS:
        return []
    return [
        (left, right)
        for at in range(1, len(letters) - _MIN_HALF + 1)
        if (left := letters[:at]) in _SHORT_HALVES or at >= _MIN_HALF
        if left not in STOP_WORDS and (right := letters[at:]) not in STOP_WORDS
    ]


def _split(surface: str) -> list[_Way]:
    """The word written as two."""
    halves = _halves(fold(surface))
    if not halves:
        return []
    lefts, rights = stem_folded([left for left, _ in halves]), stem_folded([right for _, right in halves])
    return [
        (((_ENGLISH, left), (_ENGLISH, right)), _SPLIT_WEIGHT)
        for left, right in zip(lefts, rights, strict=True)
    ]


def _stripped(unit: Sequence[Token]) -> list[_Way]:
    """An unknown name without the particle that Kiwi may have left on it: 맥라렌은 as 맥라렌."""
    ways: list[_Way] = []
    for token in unit:
        name = token.term[:-1]
        bare = len(name) + 1 >= _MIN_NAME and token.term[-1] in _PARTICLES
        if bare and token.bound and token.field is _KOREAN:
            ways += [(((_KOREAN, name),), _STRIPPED_WEIGHT), (_bigrams(name), _BIGRAM_WEIGHT)]
    return ways


def join_two(text: str, left: Word, right: Word) -> Word | None:
    """Two English words typed side by side as one (cease fire: ceasefire); none where that makes no sense."""
    one = left.text + right.text
    if not (one.isascii() and one.isalpha()) or left.optional or right.optional:
        return None
    if not left.text or not right.text or f"{left.text} {right.text}" not in text:
        return None
    return Word(one, (Variant((Term(_ENGLISH, stem(one)),), _SPLIT_WEIGHT),))


def _may_be_one(text: str, left: Word, right: Word) -> bool:
    """Whether two Korean words typed side by side may be written as one: 정전 협상 as 정전협상."""
    if left.optional or right.optional or not _HANGUL_WORD.fullmatch(left.text + right.text):
        return False
    return bool(left.text and right.text) and f"{left.text} {right.text}" in text


def _join(text: str, words: list[Word]) -> list[Word]:
    """Lets two words typed side by side be found where they are written as one."""
    joined = list(words)
    for index, (left, right) in enumerate(pairwise(words)):
        if one := join_two(text, left, right):
            for place in (index, index + 1):
                word = joined[place]
                joined[place] = Word(word.text, (*word.variants, *one.variants), word.evidence, word.optional)
        elif _may_be_one(text, left, right):
            whole = Evidence(Term(_KOREAN, left.text + right.text), _EVIDENCE["whole"])
            word = joined[index]
            joined[index] = Word(word.text, word.variants, (*word.evidence, whole), word.optional)
    return joined
