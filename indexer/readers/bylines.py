"""Who wrote a text and when, from the lines under its title."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from indexer.model.dates import Date
from indexer.readers.dates import match_date, partial_date

__all__ = ["Byline", "parse_byline", "split_authors"]

MAX_LENGTH: Final = 200
"""A line longer than this (code points) is no byline."""

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
    date: Date | None


def parse_byline(line: str) -> Byline | None:
    """What a byline says, or `None` where the line is none.

    A byline is short, is no sentence, and names its author with a word such as "By" or "글쓴이:", or holds a
    date after at least a name and an organisation, or nothing but a date.  Without its day a date counts only
    at the end of a line that names its author so: `June 1950` by itself is the heading of a chronicle.

    >>> parse_byline("By Ann Lee and Bo Kim, The Institute, 8 July 2023")
    Byline(authors=('Ann Lee', 'Bo Kim'), date=Date(year=2023, month=7, day=8))
    >>> parse_byline("홍길동, 한영 연구소, 2023. 7. 8.").authors
    ('홍길동',)
    >>> parse_byline("글: 홍길동, 1950년 6월")
    Byline(authors=('홍길동',), date=Date(year=1950, month=6, day=0))
    >>> parse_byline("By 1953 the war was over.")
    """
    if len(line) > MAX_LENGTH:
        return None
    found = match_date(line) or _match_partial(line)
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


def _match_partial(line: str) -> tuple[Date, int, int] | None:
    """The date without its day at the end of a line that names its author, and where it stands."""
    if not _DIGIT.search(line) or not _BY.match(line):
        return None
    last = _COMMA.split(line)[-1]
    date = partial_date(last.strip(_EDGE))
    return (date, len(line) - len(last), len(line)) if date else None


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
