"""Which words did somebody type?  Each with the ways in which it may stand in a passage."""

from __future__ import annotations

from collections.abc import Sequence
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
from indexer.variants import (
    HANGUL_WORD,
    SPLIT_WEIGHT,
    halves_of,
    standing,
    syllables_of,
    variants_of,
    ways_of,
)
from indexer.weighting import EVIDENCE, evidence_of

__all__ = ["as_it_stands", "join_two", "read_words"]

_ASKING: Final = 0.05
"""A word of which nothing weighs more is how one asks."""
_ENGLISH, _KOREAN, _BIGRAM, _SURFACE = Field.ENGLISH, Field.KOREAN, Field.BIGRAM, Field.SURFACE
_LATIN: Final = {_ENGLISH, _SURFACE}
_KEPT: Final = 2048
"""Words in Latin script that are kept with all the ways in which they may be written."""
_PLACE: Final = itemgetter(0)
_END: Final = attrgetter("span.end")


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
    return Word(surface, variants_of(standing(surface)))


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
    halves = halves_of(folded)
    term, *stems = stem_folded([folded, *[left for left, _ in halves], *[right for _, right in halves]])
    letters = acronym(surface, folded)
    alone = Term(_ENGLISH, term)
    found = Term(_ENGLISH, letters) if letters else alone
    weights = {alone: EVIDENCE["stop" if term in STOP_STEMS else "english"]}
    if letters:
        weights[found] = EVIDENCE["english"]
    ways = dict.fromkeys(zip(stems[: len(halves)], stems[len(halves) :], strict=True))
    return Word(
        surface,
        (
            Variant((found,)),
            *[Variant((Term(_ENGLISH, left), Term(_ENGLISH, right)), SPLIT_WEIGHT) for left, right in ways],
        ),
        tuple([Evidence(one, weight) for one, weight in weights.items()]),
        optional=folded in STOP_WORDS and not surface.isupper(),
    )


def _words(text: str, tokens: Sequence[Token]) -> list[Word]:
    placed = [(min([one.span.start for one in unit]), _word(text, unit)) for unit in _units(tokens)]
    if HANGUL_WORD.search(text):
        taken = [token.span for token in tokens]
        # A particle or an ending alone has no content morpheme; it is looked for as it stands.
        placed.extend(
            (match.start(), as_it_stands(match[0]))
            for match in HANGUL_WORD.finditer(text)
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
    evidence = evidence_of(tokens, compounds=longest > 1)
    syllables = syllables_of(bigrams, span)
    if syllables and span.end not in [token.span.end for token in unit]:
        # Kiwi took the end of an unknown name for an ending: its syllables are all that can be trusted.
        return Word(surface, variants_of([(syllables, 1.0)]), evidence)
    ways = ways_of(surface, unit, wholes, syllables, span=span, first=first, last=last)
    asks = max([token.weight for token in unit]) <= _ASKING
    return Word(
        surface,
        variants_of(ways),
        evidence,
        optional=asks or (fold(surface) in STOP_WORDS and not surface.isupper()),
    )


def join_two(text: str, left: Word, right: Word) -> Word | None:
    """Two English words typed side by side as one (cease fire: ceasefire); none where that makes no sense."""
    one = left.text + right.text
    if not (one.isascii() and one.isalpha()) or left.optional or right.optional:
        return None
    if not left.text or not right.text or f"{left.text} {right.text}" not in text:
        return None
    return Word(one, (Variant((Term(_ENGLISH, stem(one)),), SPLIT_WEIGHT),))


def _may_be_one(text: str, left: Word, right: Word) -> bool:
    """Whether two Korean words typed side by side may be written as one: 정전 협상 as 정전협상."""
    if left.optional or right.optional or not HANGUL_WORD.fullmatch(left.text + right.text):
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
            whole = Evidence(Term(_KOREAN, left.text + right.text), EVIDENCE["whole"])
            word = joined[index]
            joined[index] = Word(word.text, word.variants, (*word.evidence, whole), word.optional)
    return joined
