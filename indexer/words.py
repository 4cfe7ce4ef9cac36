"""The words of a text that somebody typed, each with the ways in which it may stand in a passage."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter, itemgetter
from typing import Final

from indexer.analysis import STOP_STEMS, STOP_WORDS, analyze, fold, stem, stem_folded
from indexer.model import Evidence, Field, Span, Term, Token, Variant, Word

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
_LATIN: Final = (Field.ENGLISH, Field.SURFACE)
_KEPT: Final = 2048
"""Words in Latin script that are kept with all the ways in which they may be written."""
_PLACE: Final = itemgetter(0)
_END: Final = attrgetter("span.end")
_MIN_SPLIT: Final = 5
"""Letters from which a word may also be written as two."""


def read_words(text: str, *, joining: bool = True) -> list[Word]:
    """The words of a text without syntax, in order.

    Args:
        text: what was typed.
        joining: let neighbours that may be written as one word (cease fire) be found as one too.
    """
    tokens = analyze(text)
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
    words = [word for _, word in placed]
    return _join(text, words) if joining else words


def as_it_stands(surface: str) -> Word:
    """A Korean word as a noun, whatever Kiwi takes it for, and as its syllables."""
    variants = [Variant((Term(Field.KOREAN, surface),))]
    if len(surface) > 1:
        variants.append(Variant(_bigrams(surface), _BIGRAM_WEIGHT))
    return Word(surface, tuple(variants))


def _bigrams(word: str) -> tuple[Term, ...]:
    return tuple(Term(Field.BIGRAM, word[at : at + 2]) for at in range(len(word) - 1))


def _units(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens by what a reader would call a word.

    A token that covers several units binds them together, and so does a `bound` piece to what it touches,
    and a number to the Korean that it touches (3·1운동).
    """
    over = [token for token in tokens if _stands_over(token)]
    reach = -1
    unit: list[Token] = []
    for token in tokens:
        if _stands_over(token):
            continue
        if unit and token.position >= reach and not _touches(unit, token):
            yield [*unit, *_over(unit, over)] if over else unit
            unit = []
        unit.append(token)
        reach = max(reach, token.position + token.length)
    if unit:
        yield [*unit, *_over(unit, over)] if over else unit


def _stands_over(token: Token) -> bool:
    """Whether the token stands over others and does not bind them together: a whole word, a bigram."""
    return token.whole or token.field is Field.BIGRAM


def _over(unit: Sequence[Token], over: Sequence[Token]) -> list[Token]:
    """Of the tokens that stand over others the bigrams within the unit, and the whole word that begins it."""
    first = min([token.span.start for token in unit])
    wholes = [token for token in over if token.whole and token.span.start == first]
    return [*wholes, *_bigrams_within(unit, over)]


def _touches(unit: Sequence[Token], token: Token) -> bool:
    last = max(unit, key=_END)
    if last.span.end != token.span.start:
        return False
    if Field.ENGLISH in (last.field, token.field):
        return last.term.replace(".", "").isdecimal()
    return last.bound or token.bound


def _bigrams_within(unit: Sequence[Token], tokens: Sequence[Token]) -> Iterator[Token]:
    start, end = min([token.span.start for token in unit]), max([token.span.end for token in unit])
    last = max([token.position + token.length for token in unit])
    unknown = any(token.bound for token in unit)
    for token in tokens:
        if token.field is not Field.BIGRAM or not start <= token.span.start < end:
            continue
        # Of an unknown name the morphemes may not reach to its end; its syllables do.
        if token.span.end <= end or (unknown and token.position + token.length <= last):
            yield token
            end = max(end, token.span.end)


def _word(text: str, unit: Sequence[Token]) -> Word:
    first = min([token.position for token in unit])
    start, end = min([token.span.start for token in unit]), max([token.span.end for token in unit])
    if all(token.field in _LATIN for token in unit):
        tokens = tuple([(token.field, token.term, token.position - first, token.length) for token in unit])
        return _latin_word(text[start:end], tokens)
    return _any_word(text, unit)


@lru_cache(maxsize=_KEPT)
def _latin_word(surface: str, tokens: tuple[tuple[Field, str, int, int], ...]) -> Word:
    """The word of these tokens (field, term, position, length); most are met again and again."""
    span = Span(0, len(surface))
    return _any_word(surface, [Token(*token[:2], span, *token[2:]) for token in tokens])


def _any_word(text: str, tokens: Sequence[Token]) -> Word:
    evidence = tuple(_evidence(tokens))
    unit = [token for token in tokens if not token.whole]
    span = Span(min([token.span.start for token in unit]), max([token.span.end for token in unit]))
    surface = text[span.start : span.end]
    first = min([token.position for token in unit])
    last = max([token.position + token.length for token in unit])
    searched = [token for token in unit if token.field is not Field.SURFACE]
    syllables = list(_syllables(unit, span))
    if syllables and all(token.field is Field.BIGRAM for token in unit if token.span.end == span.end):
        # Kiwi took the end of an unknown name for an ending: its syllables are all that can be trusted.
        return Word(surface, tuple([replace(variant, weight=1.0) for variant in syllables]), evidence)
    variants = [*_whole(searched, first, last), *_pieces(searched, first, last), *syllables, *_year(surface)]
    if last - first == 1:
        variants += [*_split(surface), *_stripped(unit)]
        if _HANGUL_WORD.fullmatch(surface):
            # 섬 is an island, whatever Kiwi says: that it is 서다 with an ending.
            standing = as_it_stands(surface).variants
            variants = [*standing] if len(surface) == 1 else [*variants, *standing]
    variants += [_variant_of(token) for token in tokens if token.whole and token.span == span]
    asks = all(token.weight <= _ASKING for token in unit if not _stands_over(token))
    return Word(
        surface,
        tuple(dict.fromkeys(variants)),
        evidence,
        optional=asks or (fold(surface) in STOP_WORDS and not surface.isupper()),
    )


def _variant_of(token: Token) -> Variant:
    return Variant((Term(token.field, token.term),))


def _evidence(unit: Sequence[Token]) -> Iterator[Evidence]:
    """What a passage is ranked by for this word; a term that several tokens give counts once."""
    weights: dict[Term, float] = {}
    compounds = any(token.length > 1 and not token.whole for token in unit)
    for token in unit:
        if token.field is Field.SURFACE:
            continue
        term = Term(token.field, token.term)
        weights[term] = weights.get(term, 0.0) + _weight(token, compounds=compounds)
    yield from (Evidence(term, weight) for term, weight in weights.items() if weight > 0)


def _weight(token: Token, *, compounds: bool) -> float:
    if token.field is Field.BIGRAM:
        return _EVIDENCE["bigram"]
    if token.field is Field.ENGLISH:
        if token.term in STOP_STEMS:
            return _EVIDENCE["stop"]
        return _EVIDENCE["number"] if token.term.isdecimal() else _EVIDENCE["english"]
    if token.whole:
        return _EVIDENCE["whole"]
    if token.length > 1:
        return _EVIDENCE["compound"]
    return token.weight * (_EVIDENCE["part"] if compounds else 1.0)


def _whole(unit: Sequence[Token], first: int, last: int) -> Iterator[Variant]:
    """The terms that stand for the whole word."""
    terms = [
        Term(token.field, token.term)
        for token in unit
        if token.field is not Field.BIGRAM
        and token.position == first
        and token.position + token.length == last
    ]
    acronyms = [term for term in terms if term.text.endswith(".")]
    yield from (Variant((term,)) for term in (acronyms or terms))


def _pieces(unit: Sequence[Token], first: int, last: int) -> Iterator[Variant]:
    """The smallest pieces of the word, as neighbours."""
    if last - first > 1:
        smallest = {
            token.position: Term(token.field, token.term)
            for token in unit
            if token.field is not Field.BIGRAM and token.length == 1
        }
        if len(smallest) == last - first:
            yield Variant(tuple(smallest[position] for position in range(first, last)))


def _syllables(unit: Sequence[Token], span: Span) -> Iterator[Variant]:
    """The word's syllables, whatever its morphemes are; none where it is not Hangul throughout."""
    bigrams = [token for token in unit if token.field is Field.BIGRAM]
    if bigrams and [token.span.start for token in bigrams] == list(range(span.start, span.end - 1)):
        yield Variant(tuple(Term(Field.BIGRAM, token.term) for token in bigrams), _BIGRAM_WEIGHT)


def _year(surface: str) -> Iterator[Variant]:
    """A year as the other language writes it: 2023년 as 2023."""
    if year := _YEAR_KO.fullmatch(surface):
        yield Variant((Term(Field.ENGLISH, year[1]),), _SPLIT_WEIGHT)


def _split(surface: str) -> Iterator[Variant]:
    """The word written as two: ceasefire as cease fire, email as e mail."""
    letters = fold(surface)
    if len(letters) < _MIN_SPLIT or not letters.isascii() or not letters.isalpha() or letters in STOP_WORDS:
        return
    halves = [(letters[:at], letters[at:]) for at in range(1, len(letters) - 1)]
    halves = [(left, right) for left, right in halves if left not in STOP_WORDS and right not in STOP_WORDS]
    lefts, rights = stem_folded([left for left, _ in halves]), stem_folded([right for _, right in halves])
    for left, right in zip(lefts, rights, strict=True):
        yield Variant((Term(Field.ENGLISH, left), Term(Field.ENGLISH, right)), _SPLIT_WEIGHT)


def _stripped(unit: Sequence[Token]) -> Iterator[Variant]:
    """An unknown name without the particle that Kiwi may have left on it: 맥라렌은 as 맥라렌."""
    for token in unit:
        if (
            token.field is Field.KOREAN
            and token.bound
            and len(token.term) >= _MIN_NAME
            and token.term[-1] in _PARTICLES
        ):
            name = token.term[:-1]
            yield Variant((Term(Field.KOREAN, name),), _STRIPPED_WEIGHT)
            yield Variant(_bigrams(name), _BIGRAM_WEIGHT)


def join_two(text: str, left: Word, right: Word) -> Word | None:
    """Two English words typed side by side as one (cease fire: ceasefire); none where that makes no sense."""
    english = all(word.text.isascii() and word.text.isalpha() and not word.optional for word in (left, right))
    if not english or f"{left.text} {right.text}" not in text:
        return None
    one = left.text + right.text
    return Word(one, (Variant((Term(Field.ENGLISH, stem(one)),), _SPLIT_WEIGHT),))


def _may_be_one(text: str, left: Word, right: Word) -> bool:
    """Whether two Korean words typed side by side may be written as one: 정전 협상 as 정전협상."""
    korean = all(_HANGUL_WORD.fullmatch(word.text) and not word.optional for word in (left, right))
    return korean and f"{left.text} {right.text}" in text


def _join(text: str, words: list[Word]) -> list[Word]:
    """Lets two words typed side by side be found where they are written as one."""
    joined = list(words)
    for index, (left, right) in enumerate(pairwise(words)):
        if one := join_two(text, left, right):
            for place in (index, index + 1):
                joined[place] = replace(joined[place], variants=(*joined[place].variants, *one.variants))
        elif _may_be_one(text, left, right):
            whole = Evidence(Term(Field.KOREAN, left.text + right.text), _EVIDENCE["whole"])
            joined[index] = replace(joined[index], evidence=(*joined[index].evidence, whole))
    return joined
