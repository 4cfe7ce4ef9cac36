"""What a text is compared by: its terms, found cheaply, without the morphemes of the analysis.  Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from indexer.analysis import STOP_WORDS, stem

__all__ = ["MAX_TERMS", "is_hangul", "skeleton", "terms_of"]

MAX_TERMS: Final = 160
"""So many terms of a text are looked at; a passage is never much longer."""

_LONGEST: Final = 40
"""Longer runs of signs are cut here, in code points."""

_LONGEST_NUMBER: Final = 15

_WORD: Final = re.compile(
    r"(?P<number>(?P<digits>\d[\d,]*+(?:\.\d+)?)"
    r"(?P<times>\s?(?:백만|[천만억조](?![가-힣])|(?:thousand|million|billion|trillion)\b))?)"
    r"|(?P<latin>[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f0-9'’]*)"
    r"|(?P<hangul>[가-힣]+)"
    r"|(?P<other>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|\[[\w*†‡]{1,8}\])"
)
_TIMES: Final = {
    "천": 10**3,
    "만": 10**4,
    "백만": 10**6,
    "억": 10**8,
    "조": 10**12,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_MONTHS: Final = {
    name: str(number)
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}


def terms_of(text: str) -> tuple[str, ...]:
    """The different terms of a text in the order of their first places, at most `MAX_TERMS`.

    Words in Latin script by their stems, without stop words; of a Korean word the pairs of its first three
    syllables; numbers without their thousands' commas, 3만 and 3 million written out; months as numbers;
    footnote marks.  A text that has none of these is its own term.

    >>> terms_of("On 8 July 30,000 people met [2]")
    ('8', '7', 'juli', '30000', 'peopl', 'met', '[2]')
    >>> terms_of("7월 8일 3만 명이 대화상자를 [2]")
    ('7', '월', '8', '일', '30000', '명이', '대화', '화상', '[2]')
    """
    found: dict[str, None] = {}
    for match in _WORD.finditer(text):
        found.update(dict.fromkeys(_TERMS[str(match.lastgroup)](match)))
        if len(found) >= MAX_TERMS:
            break
    if not found and text:
        found[text[:_LONGEST]] = None
    return tuple(found)[:MAX_TERMS]


def is_hangul(term: str) -> bool:
    """Whether the term begins with a syllable of Hangul."""
    return "가" <= term[:1] <= "힣"


def _latin(match: re.Match[str]) -> tuple[str, ...]:
    word = match[0]
    folded = word.casefold()
    if folded in STOP_WORDS:
        # Of the names of months, "may" is a stop word: only its capital makes it a month.
        return (_MONTHS[folded],) if word[0].isupper() and folded in _MONTHS else ()
    month = _MONTHS.get(folded) if word[0].isupper() else None
    stemmed = stem(word) or folded
    return (month, stemmed) if month else (stemmed,)


@lru_cache(maxsize=1 << 16)
def _hangul(word: str) -> tuple[str, ...]:
    """The first syllables of a word, which carry its meaning: particles and endings come last."""
    return (word[:2], word[1:3]) if len(word) > 2 else (word,)  # noqa: PLR2004 - two pairs need three


def _number(match: re.Match[str]) -> tuple[str, ...]:
    plain = match["digits"].replace(",", "")
    times = (match["times"] or "").strip()
    if not times or len(plain) > _LONGEST_NUMBER:
        return (plain,)
    value = float(plain) * _TIMES[times]
    return (str(int(value)) if value == int(value) else str(value),)


_TERMS: Final[dict[str, Callable[[re.Match[str]], tuple[str, ...]]]] = {
    "number": _number,
    "latin": _latin,
    "hangul": lambda match: _hangul(match[0]),
    "other": lambda match: (match[0][:_LONGEST],),
}

_SOUNDS: Final = str.maketrans(
    {
        **dict.fromkeys("bpfv", "P"),
        **dict.fromkeys("td", "T"),
        **dict.fromkeys("kgqcx", "K"),
        **dict.fromkeys("szj", "S"),
        **dict.fromkeys("lr", "R"),
        "m": "M",
        "n": "N",
        "h": "H",
        **dict.fromkeys("aeiouwy'’", ""),
    }
)
_DIGRAPHS: Final = {"ch": "s", "sh": "s", "th": "s", "ph": "p"}
_DIGRAPH: Final = re.compile("[cstp]h")
_DOUBLED: Final = re.compile(r"(.)\1+")
_INITIALS: Final = "KKNTTRMPPSS SSSKTPH"
"""The class of each leading consonant of a syllable, in the order of Unicode; a blank for the silent one."""
_FINALS: Final = " KKKNNNTRRRRRRRRMPPSSNSSKTPH"


@lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """The consonants of a word in Latin letters or in Hangul, those that sound alike written alike.

    Source: the idea of Soundex (R. C. Russell, US patent 1,261,167, 1918), with the classes that Korean
    does not tell apart in foreign names.

    >>> skeleton("lavrov"), skeleton("라브로프"), skeleton("probst"), skeleton("프뢰브스")
    ('RPRP', 'RPRP', 'PRPST', 'PRPS')
    """
    if is_hangul(word):
        codes = [ord(letter) - 0xAC00 for letter in word if is_hangul(letter)]
        sounds = "".join(_INITIALS[code // 588] + _FINALS[code % 28] for code in codes).replace(" ", "")
    else:
        sounds = _DIGRAPH.sub(lambda match: _DIGRAPHS[match[0]], word).translate(_SOUNDS)
        sounds = "".join(sound for sound in sounds if sound.isupper())
    return _DOUBLED.sub(r"\1", sounds)
