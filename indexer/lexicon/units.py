"""What a lexicon renders: the words of a text, and the words in a row that may be one term.

A unit's key is the terms that it is indexed under, in a row, with spaces between them: `prime minist`,
`프레임 워크` (for 프레임워크, which Kiwi takes apart), `정전`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from indexer.analysis import STOP_WORDS, fold
from indexer.model import Field, Lang, Term, Token

__all__ = ["FUNCTION_WORDS", "Unit", "folded_words", "terms_of", "units"]

FUNCTION_WORDS: Final = frozenset(
    [
        "것",
        "수",
        "등",
        "및",
        "이",
        "그",
        "저",
        "때",
        "데",
        "중",
        "바",
        "뿐",
        "더",
        "또",
        "또는",
        "즉",
        "있다",
        "없다",
        "하다",
        "되다",
        "않다",
        "이다",
        "아니다",
        "같다",
        "위하다",
        "대하다",
        "통하다",
        "따르다",
        "의하다",
        "관하다",
        "이러하다",
        "그러하다",
        "어떻다",
        "이러다",
        "그러다",
        "무엇",
        "누구",
        "어디",
        "언제",
        "왜",
        "어떤",
        "어느",
        "얼마",
        "얼마나",
        "그것",
        "이것",
        "저것",
        "이런",
        "그런",
        "그리고",
        "그러나",
        "하지만",
        "그래서",
        "따라서",
        "때문",
        "경우",
        "정도",
        "가지",
        "여러",
        "모든",
        "각",
        "약",
        "적",
        "성",
        "간",
        "내",
        "나",
        "너",
        "우리",
        "저희",
        "당신",
        "자신",
        "그녀",
        "그들",
        "그렇다",
        "이렇다",
        "이후",
        "다른",
        "한",
        "두",
        "가장",
        "매우",
        "수많다",
        "보다",
        "주다",
        "지다",
        "가다",
        "오다",
        "나다",
        "말다",
        "못하다",
        "싶다",
        "들",
        "님",
        "씨",
        "의",
        "와",
        "과",
        "안",
    ]
)
"""Korean words that hold a text together; they are no renderings, and are not rendered."""
_MOST_TOUCHING: Final = 4
"""Morphemes written in one that are looked at as one word."""


class Unit(NamedTuple):
    """A word or a row of words in a text."""

    key: str
    surface: str
    """As the text writes it; of a Korean predicate its dictionary form."""
    position: int
    touching: bool
    """False for a row with a space in it, which is one term only if its words keep together."""


class _Piece(NamedTuple):
    term: str
    surface: str
    position: int
    start: int
    stop: int
    whole: bool
    """Whether the text has just this term here, so that a row of such pieces can be read off the text."""


def units(text: str, tokens: Sequence[Token], lang: Lang) -> list[Unit]:
    """The units of a passage, in order; single words first where several begin at one place.

    >>> from indexer.analysis import analyze
    >>> [unit.key for unit in units("The prime minister", analyze("The prime minister"), "en")]
    ['prime', 'prime minist', 'minist']
    """
    pieces, longer = _pieces(text, tokens, lang)
    found = [Unit(piece.term, piece.surface, piece.position, touching=True) for piece in pieces]
    found += longer
    place: Mapping[int, _Piece] = {piece.position: piece for piece in pieces if piece.whole}
    for piece in place.values():
        found.extend(_rows(text, place, piece, lang))
    seen: dict[tuple[str, int], Unit] = {}
    for unit in found:
        seen.setdefault((unit.key, unit.position), unit)
    return sorted(seen.values(), key=lambda unit: (unit.position, unit.key.count(" ")))


def folded_words(text: str, tokens: Iterable[Token]) -> Iterator[tuple[str, str]]:
    """Each English word of the text as it is written, folded, with its term; stop words are left out."""
    for token in tokens:
        if token.field is Field.ENGLISH and token.length == 1:
            surface = fold(text[token.span.slice])
            if surface not in STOP_WORDS:
                yield surface, token.term


def terms_of(key: str) -> tuple[Term, ...]:
    """What a unit is looked for as in the index.

    >>> [(term.field.value, term.text) for term in terms_of("nasa 위성")]
    [('en', 'nasa'), ('ko', '위성')]
    """
    return tuple(
        Term(Field.KOREAN if "가" <= term[0] <= "힣" else Field.ENGLISH, term) for term in key.split()
    )


def _pieces(text: str, tokens: Sequence[Token], lang: Lang) -> tuple[list[_Piece], list[Unit]]:
    pieces: list[_Piece] = []
    longer: list[Unit] = []
    taken: set[int] = set()
    for token in tokens:
        if token.field not in (Field.ENGLISH, Field.KOREAN) or token.term.endswith("."):
            continue
        surface = text[token.span.slice]
        if token.field is Field.ENGLISH:
            if token.term in STOP_WORDS and (not surface.isupper() or len(surface) < 2):  # noqa: PLR2004
                continue
            whole = lang == "en" and token.term.isalpha()
        else:
            whole = surface == token.term
            surface = token.term
            if token.term in FUNCTION_WORDS and token.length == 1:
                continue
        if token.length > 1 or token.position in taken:
            longer.append(Unit(token.term, surface, token.position, touching=True))
        else:
            taken.add(token.position)
            pieces.append(
                _Piece(token.term, surface, token.position, token.span.start, token.span.end, whole)
            )
    return pieces, longer


def _rows(text: str, place: Mapping[int, _Piece], first: _Piece, lang: Lang) -> Iterator[Unit]:
    """The rows that begin with `first`: all that is written in one, and one word more after a space."""
    row = [first]
    spaces = 0
    while len(row) < _MOST_TOUCHING and (following := place.get(row[-1].position + 1)):
        between = text[row[-1].stop : following.start]
        if between == "" and lang == "en":
            return
        spaces += between != ""
        if spaces > 1 or between not in ("", " ", "-"):
            return
        row.append(following)
        surface = text[first.start : following.stop]
        yield Unit(" ".join(piece.term for piece in row), surface, first.position, touching=not spaces)
        if spaces:
            return
