"""Who wrote a text and when, from the lines under its title."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

__all__ = ["Byline", "find_date", "parse_byline", "split_authors"]

MAX_LENGTH: Final = 200
"""A line longer than this (code points) is no byline."""

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
_BY: Final = re.compile(
    r"^(?:(?:written\s+|story\s+|text\s+)?by\b:?|authors?\s*:"
    r"|(?:글|글쓴이|지은이|저자|필자|작성자|쓴\s?이)\s*[::=·]|글\s+(?=\S+\s*[,·]))\s*",
    re.IGNORECASE,
)
_ROLE: Final = re.compile(r"\s*(?:기자|특파원|지음|씀|글)$")
_EDITORS: Final = re.compile(
    r"(?:편집(?:부|국|팀|실|위원회)|(?:취재|번역|기획)(?:부|팀)|취재[반단]|\b(?:editors|editorial board))$",
    re.IGNORECASE,
)
# Each looks at a run of spaces only once, from its first one: what is split here may be of any length.
_AND: Final = re.compile(r"(?<!\s)\s++(?:and|with|및|와|과)\s+|(?:(?<!\s)\s++)?+[&·ㆍ;]\s*", re.IGNORECASE)
_COMMA: Final = re.compile(r"(?:(?<!\s)\s++)?+[,,、|/]\s*")
_DIGIT: Final = re.compile(r"\d")
_NAME_WORDS: Final = 5
_NAME_LENGTH: Final = 60
_BODY_WORDS: Final = 3
"""A body of editors without "By" has no longer name; what is longer may be a sentence."""
_EDGE: Final = " ,.·|-–—()"
_PARTICLES: Final = frozenset(
    (
        "and",
        "von",
        "van",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "du",
        "la",
        "le",
        "ten",
        "ter",
        "bin",
        "al",
    )
)
_COLLECTIVES: Final = frozenset(
    {"editors", "staff", "team", "newsroom", "board", "desk", "committee", "collective", "translators"}
)
"""Who signs a text that nobody signs alone."""
_OF_COLLECTIVES: Final = frozenset({"editorial", "research", "translation", "news"})
"""Words that may stand in lower case before one of those."""
_CITATION_MARK: Final = re.compile(r"\[\w{1,3}\]$")


@dataclass(frozen=True, slots=True)
class Byline:
    """What a line says about the text under it."""

    authors: tuple[str, ...]
    date: dt.date | None


def find_date(text: str) -> dt.date | None:
    """The first full date of a text, in ISO, English or Korean form.

    >>> find_date("July 8th, 2023"), find_date("2023년 7월 8일(토)"), find_date("July 2023")
    (datetime.date(2023, 7, 8), datetime.date(2023, 7, 8), None)
    """
    found = _match_date(text)
    return found[0] if found else None


def parse_byline(line: str) -> Byline | None:
    """What a byline says, or `None` where the line is none.

    A byline is short, is no sentence, and names its author with a word such as "By" or "글쓴이:", or holds a
    date after at least a name and an organisation, or nothing but a date.

    >>> parse_byline("By Ann Lee and Bo Kim, The Institute, 8 July 2023")
    Byline(authors=('Ann Lee', 'Bo Kim'), date=datetime.date(2023, 7, 8))
    >>> parse_byline("홍길동, 한영 연구소, 2023. 7. 8.").authors
    ('홍길동',)
    >>> parse_byline("By 1953 the war was over.")
    """
    if len(line) > MAX_LENGTH:
        return None
    found = _match_date(line)
    date, rest = (found[0], line[: found[1]] + line[found[2] :]) if found else (None, line)
    marked = _BY.match(rest)
    if date is None and not marked:  # as of most lines
        return None
    names = [name for name in _COMMA.split((rest[marked.end() :] if marked else rest).strip(_EDGE)) if name]
    if marked:
        authors = _names(names)
        return Byline(authors, date) if authors else None
    if found and line[: found[1]].strip(_EDGE) and line[found[2] :].strip(_EDGE):
        return None  # a date in the middle of a sentence
    role = bool(names) and _signs(names[0])
    if names and not role and len(names) == 1 and len(names[0]) > len("Published on: "):
        return None
    return Byline(_names(names) if role or (len(names) > 1 and _is_name(names[0])) else (), date)


def split_authors(text: str) -> tuple[str, ...]:
    """The names in a text that holds nothing but names.

    >>> split_authors("Ann Lee, Bo Kim and 홍길동")
    ('Ann Lee', 'Bo Kim', '홍길동')
    """
    return tuple(
        name for part in _COMMA.split(text) for name in _AND.split(part.removeprefix("and ")) if name
    )


def _match_date(text: str) -> tuple[dt.date, int, int] | None:
    if not _DIGIT.search(text):  # as in most lines
        return None
    for form in _DATES:
        for match in form.finditer(text):
            month = match["month"].lower()
            number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
            try:
                return dt.date(int(match["year"]), number, int(match["day"])), match.start(), match.end()
            except ValueError:
                continue
    return None


def _names(parts: list[str]) -> tuple[str, ...]:
    """The names at the start of a byline's parts; organisations and places follow them."""
    last = next((at for at, part in enumerate(parts) if _AND.search(part)), 0)
    if not all(_is_name(part) for part in parts[:last]):
        last = 0
    names = [_ROLE.sub("", name) for part in parts[: last + 1] for name in _AND.split(part)]
    names = [_CITATION_MARK.sub("", name).strip(" ()").removeprefix("the ") for name in names]
    return tuple(name for name in names if _is_name(name))


def _is_name(text: str) -> bool:
    words = text.split()
    if not 0 < len(words) <= _NAME_WORDS or len(text) > _NAME_LENGTH or _DIGIT.search(text):
        return False
    if text.endswith(("다", "요")):  # how Korean sentences end
        return False
    small = _PARTICLES
    if words[-1].lower() in _COLLECTIVES:
        small = _PARTICLES | _COLLECTIVES | _OF_COLLECTIVES
    return all(not word[0].islower() or word in small for word in words)


def _signs(text: str) -> bool:
    """Whether a text by itself says that it is an author: by the role or as a body of editors."""
    if _ROLE.search(text):
        return True
    return _EDITORS.search(text) is not None and len(text.split()) <= _BODY_WORDS and _is_name(text)
