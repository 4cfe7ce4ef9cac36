"""Dates as people write them, in English and Korean texts, and where a file declares its date.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from indexer.model.dates import Date

__all__ = ["best_date", "declared_date", "find_date", "match_date", "partial_date", "undated"]

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    "(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR: Final = r"(?P<year>(?:1[0-9]|20)\d\d)"
_DAY: Final = r"(?P<day>\d{1,2})"
_NUMBER: Final = r"(?P<month>\d{1,2})"
_WEEKDAY: Final = r"(?:\s*\(?(?:[월화수목금토일]요일|[월화수목금토일]\))\)?)?"

_DATES: Final = tuple(
    re.compile(rf"(?<!\d){form}", re.IGNORECASE)
    for form in (
        rf"{_YEAR}-{_NUMBER}-{_DAY}(?!\d)",
        rf"{_YEAR}\s*[년年]\s*{_NUMBER}\s*[월月]\s*{_DAY}\s*[일日]{_WEEKDAY}",
        rf"{_YEAR}\s*[./]\s*{_NUMBER}\s*[./]\s*{_DAY}(?!\d)\.?{_WEEKDAY}",
        rf"{_DAY}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}(?!\d)",
        rf"{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d)",
        # "2023년 7월 8일" whose one-syllable words were lost on the way
        rf"{_YEAR}\s+{_NUMBER}\s+{_DAY}(?!\d)",
    )
)
_DIGIT: Final = re.compile(r"\d")

_ANY_YEAR: Final = r"(?P<year>\d{4})"
"""A text that is nothing but a date may be of any year."""
_ISO: Final = re.compile(rf"{_ANY_YEAR}-{_NUMBER}-{_DAY}(?:[Tt\s].*)?")
_PARTIAL: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_ANY_YEAR}\s*[년年]?",
        rf"{_ANY_YEAR}\s*[-./]\s*{_NUMBER}\.?",
        rf"{_ANY_YEAR}\s*[년年]\s*{_NUMBER}\s*[월月]",
        rf"{_MONTH},?\s+{_ANY_YEAR}",
        rf"{_ANY_YEAR},?\s+{_MONTH}",
    )
)
_ABOUT: Final = re.compile(
    r"(?:(?:c|ca|circa|about)\b\.?|약\s)?\s*(?P<date>[^?]*?)\s*(?:\?|\(\?\)|경|무렵)?", re.IGNORECASE
)
"""How one writes that a date is not certain: `c. 1950`, `ca. 1950`, `1950?`, `1950년경`."""
_LONGEST: Final = 60
"""No longer text (code points) is nothing but a date; the time to look grows with the square."""
_UNKNOWN: Final = re.compile(
    r"n\.?\s?d\.?|s\.?\s?d\.?|undated|unknown|none|no date|미상|불명|날짜 미상", re.IGNORECASE
)
"""How one declares that there is no date."""


def find_date(text: str) -> Date | None:
    """The first full date of a text, in ISO, English or Korean form.

    >>> find_date("July 8th, 2023") == find_date("2023년 7월 8일(토)") == Date(2023, 7, 8)
    True
    >>> find_date("July 2023")
    """
    found = match_date(text)
    return found[0] if found else None


def match_date(text: str) -> tuple[Date, int, int] | None:
    """The first full date of a text, and the half-open range of code points in which it stands."""
    if not _DIGIT.search(text):  # as in most lines
        return None
    for form in _DATES:
        for match in form.finditer(text):
            if date := _date(match):
                return date, match.start(), match.end()
    return None


def partial_date(text: str) -> Date | None:
    """The date of a text that is nothing but a year, or a year and a month; a year alone has four digits.

    One that is not certain is taken for what it names: `c. 1950`, `1950?`, `[1950]` and `1950년경` are 1950.

    >>> partial_date("June 1950") == partial_date("1950년 6월") == Date(1950, 6)
    True
    >>> partial_date("ca. 1950"), partial_date("in 1950")
    (Date(year=1950, month=0, day=0), None)
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if text.startswith("[") and text.endswith("]"):  # an archivist's own addition
        text = text[1:-1].strip()
    certain = _ABOUT.fullmatch(text)
    if certain is None:
        return None
    matches = (form.fullmatch(certain["date"]) for form in _PARTIAL)
    return next((date for match in matches if match and (date := _date(match))), None)


def declared_date(text: str) -> Date | None:
    """The date of a text that is declared to be one: the first full date in it, or all of it, in part."""
    whole = _ISO.fullmatch(text.strip())
    return (_date(whole) if whole else None) or find_date(text) or partial_date(text)


def best_date(dates: Iterable[Date | None]) -> Date | None:
    """The first date, or the one after it that says the same more exactly.

    >>> best_date([None, Date(1950), Date(2020, 3, 1), Date(1950, 6)])
    Date(year=1950, month=6, day=0)
    """
    found = [date.isoformat() for date in dates if date]
    if not found:
        return None
    return Date.fromisoformat(max((one for one in found if one.startswith(found[0])), key=len))


def undated(text: str) -> str:
    """What there is to say of a text that is declared to be a date and is none; names no file.

    Empty where it says itself that the date is unknown: `n.d.`, `미상`.
    """
    if _UNKNOWN.fullmatch(text.strip()):
        return ""
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    wrong = "which does not exist" if any(_matches(text)) else "which is not understood"
    return f"declares the date {shown!r}, {wrong}; write it as 1950, 1950-06 or 1950-06-25"


def _matches(text: str) -> Iterator[re.Match[str]]:
    """The places at which a text is written as a date is, whether there is such a date or not."""
    whole = (form.fullmatch(text.strip()[: _LONGEST + 1]) for form in (_ISO, *_PARTIAL))
    yield from (match for match in (*whole, *(form.search(text) for form in _DATES)) if match)


def _date(match: re.Match[str]) -> Date | None:
    """The date of a match; `None` where there is no such date."""
    parts = match.groupdict()
    month = (parts.get("month") or "0").lower()
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
    # An unknown part is left out; one that is written as 0 is wrong.
    known = [
        int(parts["year"]),
        *([number] if "month" in parts else []),
        *map(int, filter(None, [parts.get("day")])),
    ]
    if 0 in known:
        return None
    try:
        return Date(*known)
    except ValueError:
        return None
