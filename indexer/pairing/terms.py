"""What a text is compared by: its terms, found cheaply, without the morphemes of the analysis.  Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from indexer.analysis import STOP_WORDS, stem
from indexer.model import Lang

__all__ = ["MAX_TERMS", "ROMAN", "skeleton", "terms_of"]

MAX_TERMS: Final = 160
"""So many terms of a text are looked at; a passage is never much longer."""

ROMAN: Final = "~"
"""Begins no term; kept free for what is compared by sound."""

_WORD: Final = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)(?P<times>\s?(?:만|억|조|천|백만|thousand|million|billion|trillion)\b)?"
    r"|(?P<latin>[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f0-9'’]*)"
    r"|(?P<hangul>[가-힣]+)"
    r"|(?P<hanja>[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+)"
    r"|(?P<mark>\[[\w*†‡]{1,8}\])"
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


def terms_of(text: str, lang: Lang) -> tuple[str, ...]:
    """The terms of a text in its order, at most `MAX_TERMS`."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        if len(found) >= MAX_TERMS:
            break
        if word := match["hangul"]:
            found.extend(_hangul(word))
        elif word := match["latin"]:
            if (folded := word.casefold()) in STOP_WORDS and lang == "en":
                continue
            if word[0].isupper() and (month := _MONTHS.get(folded)):
                found.append(month)
            found.append(stem(word))
        elif word := match["number"]:
            found.append(_number(word, (match["times"] or "").strip()))
        else:
            found.append(match[0])
    if not found and text.strip():
        found.append(text.strip()[:40])
    return tuple(found[:MAX_TERMS])


import os
_MODE = os.environ.get("KOMODE", "b3")

@lru_cache(maxsize=1 << 16)
def _hangul(word: str) -> tuple[str, ...]:
    if len(word) <= 2:
        return (word,)
    if _MODE == "p2":
        return (word[:2],)
    if _MODE == "p3":
        return (word[:3],)
    if _MODE == "p23":
        return (word[:2], word[:3])
    n = int(_MODE[1:])
    return tuple(word[at : at + 2] for at in range(min(len(word) - 1, n)))


def _number(digits: str, times: str) -> str:
    plain = digits.replace(",", "").rstrip(".")
    if not times:
        return plain
    value = float(plain) * _TIMES[times]
    return str(int(value)) if value == int(value) else str(value)


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
_INITIALS: Final = "KKNTTRMPPSS SSSKTPH"
"""The class of each leading consonant of a syllable, in the order of Unicode; a blank for the silent one."""
_FINALS: Final = " KKKNNNTRRRRRRRRMPPSSNSSKTPH"


@lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """The consonants of a word in Latin letters or in Hangul, those that sound alike written alike.

    Source: the idea of Soundex (R. C. Russell, US patent 1,261,167, 1918), with the classes that Korean
    does not tell apart in foreign names.

    >>> skeleton("lavrov"), skeleton("라브로프")
    ('RPRP', 'RPRP')
    """
    if "가" <= word[0] <= "힣":
        letters = []
        for syllable in word:
            code = ord(syllable) - 0xAC00
            if 0 <= code < 11172:
                letters.append(_INITIALS[code // 588])
                letters.append(_FINALS[code % 28])
        joined = "".join(letters).replace(" ", "")
    else:
        plain = word.replace("ch", "s").replace("sh", "s").replace("th", "s").replace("ph", "p")
        joined = "".join(c for c in plain.translate(_SOUNDS) if c.isupper())
    return re.sub(r"(.)\1+", r"\1", joined)
