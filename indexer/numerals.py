"""Numbers written as words, in English and in Korean, read generously.  Pure.

What is read here only ever excuses: it says that a text may state a number, not that it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

__all__ = ["count_words", "read_numerals"]

_Values = tuple[Fraction, ...]


def _table(text: str) -> dict[str, _Values]:
    """Words with the numbers that they may stand for, from `word number number, word number`."""
    rows = (row.split() for row in text.split(","))
    return {word: tuple(map(Fraction, numbers)) for word, *numbers in rows}


_UNITS: Final = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS: Final = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ENGLISH: Final = {
    **{word: number for number, word in enumerate(_UNITS)},
    **{word: 20 + 10 * at for at, word in enumerate(_TENS)},
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
    "score": 20,
    "decade": 10,
    "century": 100,
}
_MULTIPLIERS: Final = frozenset(
    ("hundred", "thousand", "million", "billion", "trillion", "dozen", "score", "decade", "century")
)
_ORDINALS: Final = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fifth": 5,
    "eighth": 8,
    "ninth": 9,
    "twelfth": 12,
    **{word + "th": number for number, word in enumerate(_UNITS) if number not in (0, 1, 2, 3, 5, 8, 9, 12)},
    **{word[:-1] + "ieth": 20 + 10 * at for at, word in enumerate(_TENS)},
}
_LOOSE: Final = _table(
    "a 1, an 1, once 1, single 1, only 1, twice 2, both 2, pair 2, couple 2, double 2, doubled 2, twin 2, "
    "bilingual 2, secondary 2, primary 1, thrice 3, triple 3, half 1/2 50 30 3/2, halves 1/2, "
    "quarter 1/4 25 15, quarters 3/4 1/4 75, "
    "third 1/3, thirds 1/3 2/3, fifth 1/5, fifths 1/5 2/5 3/5 4/5, tenth 1/10, tenths 1/10 3/10 7/10 9/10, "
    "week 7 1, weeks 7, fortnight 14 15 2, month 1, year 1 12, noon 12, midnight 0 12 24, january 1, "
    "february 2, march 3, april 4, may 5, june 6, july 7, august 8, september 9, october 10, november 11, "
    "december 12"
)
_PLURALS: Final = {
    **{f"{word}s": word for word in ("decade", "dozen", "hundred", "thousand", "million", "billion")},
    "centuries": "century",
}
_LONGEST: Final = 12
"""Words in a row that are read as one number; more are a list or a joke."""
_MOST_SYLLABLES: Final = 18
_ROMANS: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN: Final = re.compile(r"\b[IVXLC]{1,12}\b")
_WORD: Final = re.compile(r"[A-Za-z]+")

_NATIVE_TENS: Final = dict(
    zip(
        ["열", "스물", "스무", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"],
        (10, 20, 20, *range(30, 100, 10)),
        strict=True,
    )
)
_NATIVE: Final = {
    word: number
    for number, words in enumerate(
        ["하나 한", "둘 두", "셋 세 석 서", "넷 네 넉 너", "다섯 닷", "여섯 엿", "일곱", "여덟", "아홉"], 1
    )
    for word in words.split()
}
_COUNTERS: Final = (
    "명|개|번|달|해|가지|살|곳|차례|척|마리|권|시간|시|사람|나라|집|쪽|통|편|줄|점|채|장|대|배|돌|말|되|자루|째|군데|갈래"
    "|걸음|차|면|단계"
)
_NATIVE_RUN: Final = re.compile(
    rf"(?<![가-힣])(?P<tens>{'|'.join(_NATIVE_TENS)})?\s?"
    rf"(?P<unit>하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|(?:한|두|세|석|서|네|넉|너|닷|엿)(?=\s|{_COUNTERS}|$))?"
)
_COUNTED: Final = re.compile(
    rf"(?<![가-힣])(?P<tens>열)?(?P<unit>두|세|석|네|넉|다섯|여섯|일곱|여덟|아홉)\s?(?:{_COUNTERS})(?![가-힣]{{3}})"
)
_KOREAN_LOOSE: Final = _table(
    "하루 1, 이틀 2, 사흘 3, 나흘 4, 닷새 5, 엿새 6, 이레 7, 여드레 8, 아흐레 9, 열흘 10, 보름 15 14, "
    "주일 7 1, 일주일 7 1, 절반 1/2 50, 반세기 50, 반 1/2 50 30, 세기 100, 정오 12, 자정 0 12 24, 첫 1, "
    "처음 1, 양 2, 매 1, 쌍 2, 배 2, 단 1, 해마다 1, 각 1"
)
_KOREAN_LOOSE_RUN: Final = re.compile("|".join(sorted(_KOREAN_LOOSE, key=len, reverse=True)))
_SINO: Final = {
    "영": 0,
    "공": 0,
    "일": 1,
    "이": 2,
    "삼": 3,
    "사": 4,
    "오": 5,
    "육": 6,
    "륙": 6,
    "칠": 7,
    "팔": 8,
    "구": 9,
}
_SINO_UNITS: Final = {"십": 10, "백": 100, "천": 1000, "만": 10**4, "억": 10**8}
_SINO_COUNTERS: Final = (
    "년|월|일|명|개|세기|차|번|층|주|회|시|분|초|인|부|국|자|여|조|항|도|선|점|퍼센트|프로|원|달러|킬로|미터|대|권|살|세|호"
    "|위|기|배|간|파"
)
_SINO_RUN: Final = re.compile(
    r"(?:(?<![가-힣])|(?<=제)|(?<=수))[영공일이삼사오육륙칠팔구십백천만억]+"
    rf"(?=\s?(?:{_SINO_COUNTERS}))|(?<![가-힣])[영공일이삼사오육륙칠팔구십백천만억]{{2,}}"
)


def read_numerals(text: str) -> set[Fraction]:
    """Every number that words of the text may stand for.

    >>> sorted(map(int, read_numerals("twenty-five ships")))
    [5, 20, 25]
    >>> sorted(map(int, read_numerals("이십오 척, 배 일흔여덟")))[-3:]
    [25, 70, 78]
    """
    found = {Fraction(value) for value in _english(text)}
    found.update(Fraction(value) for value in _korean(text))
    return found


def count_words(text: str) -> list[tuple[int, int, int]]:
    """Small numbers that surely count something, as `(number, start, end)`: seven delegates, 대표 일곱 명.

    Only from two to twelve, and of English words none that is often no number (one, first, second).
    """
    found = [
        (_ENGLISH[match[0].lower()], match.start(), match.end())
        for match in _WORD.finditer(text)
        if 2 <= _ENGLISH.get(match[0].lower(), 0) <= 12 and match[0].lower() not in ("dozen", "decade")  # noqa: PLR2004
    ]
    found += [
        ((10 if match["tens"] else 0) + _NATIVE[match["unit"]], match.start(), match.end())
        for match in _COUNTED.finditer(text)
    ]
    return found


def _english(text: str) -> Iterator[Fraction | int]:
    yield from (_roman(match[0]) for match in _ROMAN.finditer(text))
    run: list[str] = []
    for match in _WORD.finditer(text):
        word = match[0].lower()
        word = _PLURALS.get(word, word)
        yield from _LOOSE.get(word, ())
        if word in _ENGLISH or word in _ORDINALS:
            run = [*run[-_LONGEST:], word]
            yield _put_together(run[-1:])
            yield _put_together(run)
        if word in _ORDINALS or (word not in _ENGLISH and word != "and"):
            run = []


def _put_together(run: list[str]) -> int:
    """The number that English number words name one after the other.

    >>> _put_together(["three", "hundred", "five"]), _put_together(["two", "decade"])
    (305, 20)
    """
    total = part = 0
    for word in run:
        number = _ENGLISH.get(word) or _ORDINALS.get(word, 0)
        if word not in _MULTIPLIERS:
            part += number
        elif number < 1000:  # noqa: PLR2004 - hundred and below stay open for what follows
            part = (part or 1) * number
        else:
            total, part = total + (part or 1) * number, 0
    return total + part


def _roman(text: str) -> int:
    values = [_ROMANS[letter] for letter in text]
    return sum(-value if value < max(values[at:]) else value for at, value in enumerate(values))


def _korean(text: str) -> Iterator[Fraction | int]:
    for match in _NATIVE_RUN.finditer(text):
        tens, unit = match["tens"], match["unit"]
        if tens or unit:
            both = (_NATIVE_TENS[tens] if tens else 0, _NATIVE[unit] if unit else 0)
            yield from (number for number in (*both, sum(both)) if number)
    for match in _KOREAN_LOOSE_RUN.finditer(text):
        yield from _KOREAN_LOOSE[match[0]]
    for match in _SINO_RUN.finditer(text):
        if len(match[0]) <= _MOST_SYLLABLES:
            yield from _sino(match[0])


def _sino(run: str) -> Iterator[int]:
    """What Sino-Korean numerals say in a row: with units (이십오) or digit by digit (삼팔)."""
    total = part = digit = 0
    for syllable in run:
        if syllable in _SINO:
            digit = _SINO[syllable]
        elif _SINO_UNITS[syllable] >= 10**4:
            total += (part + digit or 1) * _SINO_UNITS[syllable]
            part = digit = 0
        else:
            part += (digit or 1) * _SINO_UNITS[syllable]
            digit = 0
    yield total + part + digit
    if all(syllable in _SINO for syllable in run):
        yield int("".join(str(_SINO[syllable]) for syllable in run))
