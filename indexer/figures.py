"""Numbers and dates in English and Korean texts, in whatever way they are written.  Pure.

Two questions are asked of a text.  Which numbers does it surely state (`read_figures`)?  And which numbers
could a reader possibly find in it (`readings`)?  What one side states and the other cannot be read as saying
is a clear difference; everything else is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from indexer.model.text import Span
from indexer.numerals import read_numerals

__all__ = ["Figure", "missing", "read_figures", "readings"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a date that is written with digits."""

    parts: tuple[frozenset[Fraction], ...]
    """Of a date: year, month and day, as far as they are given. Of a number: one part. Each part has every
    value that it may mean: 53 after a dash may be 1953."""
    span: Span
    sure: bool = True
    """False where it may be a part of a name (COVID-19, F-16) or a measure that a translator converts."""
    measure: bool = False
    """Whether a unit of length, area, weight or temperature follows."""


_MONTHS: Final = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTH: Final = "|".join(sorted((f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS), reverse=True)) + "|sept"
_ORDINAL: Final = r"(?:st|nd|rd|th)?"
_NUMBER: Final = r"(?<!\d)(?:\d{1,3}(?:,\d{3}){1,6}|\d{1,18})(?:\.\d{1,9})?(?!\d)"
"""Longer rows of digits are no numbers that anybody reads; the bounds also keep the search linear."""
_KOREAN_UNITS: Final = {"십": 10, "백": 100, "천": 1000, "만": 10**4, "억": 10**8, "조": 10**12}
_SCALES: Final = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "k": 1000,
    "m": 10**6,
    "mn": 10**6,
    "bn": 10**9,
}

_DATES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<d>\d{{1,2}}){_ORDINAL}\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?(?:,?\s+(?P<y>\d{{4}})\b)?",
        rf"\b(?P<month>{_MONTH})\b\.?\s+(?P<d>\d{{1,2}}){_ORDINAL}(?!\d)(?:,?\s+(?P<y>\d{{4}})\b)?",
        rf"\b(?P<month>{_MONTH})\b\.?,?\s+(?:of\s+)?(?P<y>\d{{4}})\b",
        r"(?<!\d)(?P<y>\d{4})\s*년\s*(?P<m>\d{1,2})\s*월(?:\s*(?P<d>\d{1,2})\s*일)?",
        r"(?<!\d)(?P<m>\d{1,2})\s*월\s*(?P<d>\d{1,2})\s*일",
        r"(?<![\d.])(?P<y>(?:1[0-9]|20)\d{2})\s?[-./]\s?(?P<m>1[0-2]|0?[1-9])\s?[-./]\s?(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)",
    )
)
_FRACTION: Final = re.compile(
    r"(?<!\d)(?P<below>\d{1,9})\s{0,3}분의\s{0,3}(?P<above>\d{1,9})|(?<![\d/])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\d/])"
)
_TIME: Final = re.compile(r"(?<!\d)(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?!\d)")
_CODE: Final = re.compile(
    r"[^\s@]{1,64}@\S+|(?:https?://|www\.)\S+|\d{1,18}(?:-\d{1,18}){2,}|\d{1,2}·\d{1,2}(?![\d.])|3rd.part"
)
"""Links, telephone and book numbers, days that have become names (6·25), 3rd-party."""
_KOREAN: Final = re.compile(
    rf"(?:(?:{_NUMBER})\s?(?:[십백천]?[만억조]|[십백천])(?![가-힣]*\d)\s?|(?:{_NUMBER})(?:[십백천]?[만억조]|[십백천])\s?)+"
    r"(?:(?<=\S)\d+|(?<=\s)(?:\d{1,3},\d{3}|\d{3,4})(?!\d))?"
)
_KOREAN_PART: Final = re.compile(rf"(?P<n>{_NUMBER})\s?(?P<u>[십백천]?[만억조]?)")
_PLAIN: Final = re.compile(
    rf"(?P<n>{_NUMBER})(?:[\s-]?(?P<scale>hundred|thousand|million|billion|trillion)\b|(?P<short>k|mn?|bn)\b)?",
    re.IGNORECASE,
)
_NAME_BEFORE: Final = re.compile(r"(?:[A-Z][A-Za-z]*-|[A-Za-z_#.])$")
_NAME_AFTER: Final = re.compile(
    r"(?!(?:st|nd|rd|th|s|km|kg|cm|mm|m|am|pm|k|mn|bn|g|ha|x)\b)[A-Za-z]", re.IGNORECASE
)
_CONVERTED: Final = re.compile(
    r"[\s-]?(?:miles?|feet|foot|ft|inch(?:es)?|yards?|acres?|pounds?|lbs?|gallons?|ounces?|fahrenheit|°F|평|근|에이커|마일|피트)(?![a-z])",
    re.IGNORECASE,
)
_MEASURE: Final = re.compile(
    r"\s?-?(?:㎞|㎡|㎏|km|kg|cm|mm|m\b|met|kilo|centi|hectare|tonnes?|tons?|square|sq|°|℃|degrees"
    r"|킬로|미터|센티|밀리|제곱|헥타르|톤|리터|리(?![가-힣])|도(?![가-힣]))",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(r"\d")
_LIST_NUMBER: Final = re.compile(r"\(?\d{1,2}[.)]\s")


def read_figures(text: str) -> list[Figure]:
    """The numbers and dates that are written with digits, in the order they stand.

    >>> [[int(*part) for part in figure.parts] for figure in read_figures("1953년 7월 27일, 3만 명")]
    [[1953, 7, 27], [30000]]
    """
    return sorted(_figures(text), key=lambda figure: figure.span)


def readings(text: str, figures: Iterable[Figure] | None = None) -> frozenset[Fraction]:
    """Every number that the text may be read as stating, in digits or in words.

    Args:
        text: any text.
        figures: its figures, where they have been read already.

    >>> Fraction(12) in readings("twelve delegates"), Fraction(12) in readings("대표 열두 명")
    (True, True)
    """
    found = {
        value
        for figure in (_figures(text) if figures is None else figures)
        for part in figure.parts
        for value in part
    }
    return frozenset(found | read_numerals(text))


def missing(figures: Iterable[Figure], other: frozenset[Fraction]) -> tuple[Figure, ...]:
    """The figures that `other`, the readings of the other side, has nothing of, or not the whole of."""
    return tuple(
        figure for figure in figures if figure.sure and not all(part & other for part in figure.parts)
    )


def _figures(text: str) -> Iterator[Figure]:
    if _DIGIT.search(text) is None:
        return
    taken = [False] * (len(text) + 1)
    head = _LIST_NUMBER.match(text)
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            start, end = match.start(), match.start() + len(match[0].rstrip())
            if any(taken[start:end]):
                continue
            taken[start:end] = [True] * (end - start)
            if parts := read(match):
                sure = not (head and start < head.end()) and not _is_name(text, start, end)
                converted = _CONVERTED.match(text, end) is not None
                measure = converted or _MEASURE.match(text, end) is not None
                yield Figure(parts, Span(start, end), sure and not converted, measure)


def _is_name(text: str, start: int, end: int) -> bool:
    return bool(_NAME_BEFORE.search(text[max(0, start - 20) : start]) or _NAME_AFTER.match(text, end))


def _one(*values: Fraction | int) -> tuple[frozenset[Fraction], ...]:
    return (frozenset(map(Fraction, values)),)


def _read_date(match: re.Match[str]) -> tuple[frozenset[Fraction], ...]:
    groups = match.groupdict()
    month = groups.get("m") or (1 + [name[:3] for name in _MONTHS].index(groups["month"][:3].lower()))
    parts = (groups.get("y"), month, groups.get("d"))
    return tuple(frozenset((Fraction(part),)) for part in parts if part is not None)


def _read_fraction(match: re.Match[str]) -> tuple[frozenset[Fraction], ...]:
    above, below = int(match["above"] or match["a"]), int(match["below"] or match["b"])
    return _one(Fraction(above, below), Fraction(100 * above, below)) if below else ()


def _read_time(match: re.Match[str]) -> tuple[frozenset[Fraction], ...]:
    hour, minute = int(match["h"]), int(match["m"])
    return (*_one(hour, hour % 12 or 12), *(_one(minute) if minute else ()))


def _read_code(_match: re.Match[str]) -> tuple[frozenset[Fraction], ...]:
    return ()


def _read_korean(match: re.Match[str]) -> tuple[frozenset[Fraction], ...]:
    total, part, raw = Fraction(0), Fraction(0), []
    for piece in _KOREAN_PART.finditer(match[0]):
        number = _number(piece["n"])
        raw.append(number)
        small = Fraction(1)
        large = 0
        for unit in piece["u"]:
            if _KOREAN_UNITS[unit] < 10**4:
                small *= _KOREAN_UNITS[unit]
            else:
                large = _KOREAN_UNITS[unit]
        part += number * small
        if large:
            total += part * large
            part = Fraction(0)
    # 조 is both a trillion and an article of a law.
    return _one(total + part, *(raw if "조" in match[0] else ()))


def _read_plain(match: re.Match[str]) -> tuple[frozenset[Fraction], ...]:
    number = _number(match["n"])
    if match["scale"]:
        return _one(number * _SCALES[match["scale"].lower()])
    values: list[Fraction | int] = [number]
    if match["short"]:
        values.append(number * _SCALES[match["short"].lower()])
    before, after = match.string[max(0, match.start() - 12) : match.start()], match.string[match.end() :][:8]
    if re.fullmatch(r"\d\d", match["n"]):
        values += _full_years(int(number), before, after)
    if re.match(r"\s?p\.?m\b", after, re.IGNORECASE) or re.search(r"(?:오후|저녁|밤)\s?$", before):
        values.append(number + 12)
    return _one(*values)


def _full_years(number: int, before: str, after: str) -> Iterator[int]:
    """What two digits mean as a year: of the range they end (1951-53), or of the last two centuries."""
    if range_ := re.search(r"(\d\d)\d\d\s?[-–—~]\s?$", before):
        yield int(range_[1]) * 100 + number
    elif before.endswith(("’", "'", "‘")) or re.match(r"s\b|년", after):
        yield from (1900 + number, 1800 + number)


def _number(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))


_READERS: Final[
    tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[frozenset[Fraction], ...]]], ...]
] = (
    *((pattern, _read_date) for pattern in _DATES),
    (_CODE, _read_code),
    (_FRACTION, _read_fraction),
    (_TIME, _read_time),
    (_KOREAN, _read_korean),
    (_PLAIN, _read_plain),
)
