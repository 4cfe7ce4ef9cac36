"""Request arguments to frozen values and back.  Pure; whatever a URL says, the result can be used.

A value that means nothing (`page=-1`, `lang=xx`, `year=soon`) is left out or brought into its bounds, so
that an old or damaged link still opens a page.  `webapp.demands` is stricter with programs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from werkzeug.datastructures import MultiDict

from indexer.model.results import Also, Sort
from indexer.model.text import Lang
from indexer.normalise import normalise
from indexer.query import MAX_CHARACTERS

if TYPE_CHECKING:
    from indexer.report import FindingKind

__all__ = [
    "DEFAULT_LIMIT",
    "LONGEST_RENDERING",
    "MAX_LIMIT",
    "MAX_PAGE",
    "MOST_WITHOUT",
    "LinkParams",
    "ReadingParams",
    "ReportParams",
    "SearchParams",
    "Show",
    "is_number",
    "is_years",
    "link_params",
    "query_text",
    "reading_args",
    "reading_params",
    "report_params",
    "search_args",
    "search_limit",
    "search_params",
]

Show = Literal["both", "en", "ko"]
"""Which languages the reading page shows."""

MAX_PAGE: Final = 10_000
MAX_LIMIT: Final = 100
DEFAULT_LIMIT: Final = 10

MOST_WITHOUT: Final = 20
"""Renderings that may be left out."""
LONGEST_RENDERING: Final = 60
"""Code points of one of them."""

_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_ADDRESS: Final = re.compile(r"[0-9A-Za-z]{1,20}")
_ALSO: Final[dict[str, Also]] = {"1": "all", "off": "off"}
_YEARS: Final = re.compile(r"([0-9]{1,4})(?:\.\.([0-9]{1,4}))?")


@dataclass(frozen=True, slots=True)
class SearchParams:
    """What `/search` and `/api/search` are asked for."""

    text: str = ""
    """The query as it was typed, without white space at its ends; see `query_text` for a very long one."""
    lang: Lang | None = None
    """Only passages in this language."""
    years: tuple[int, int] | None = None
    """First and last year, both included."""
    sort: Sort = "relevance"
    page: int = 1
    paired: bool = False
    """Only passages that have another side; in a URL `lang=both`, so never together with a language."""
    also: Also = "few"
    """How much is wanted of what is found in the other language; in a URL `also=1` for all, `also=off`."""
    without: tuple[str, ...] = ()
    """Renderings that are not searched."""

    @property
    def narrowed(self) -> bool:
        """Whether a filter leaves anything out."""
        return self.lang is not None or self.years is not None or self.paired


@dataclass(frozen=True, slots=True)
class ReadingParams:
    """What a reading page is asked for."""

    text: str = ""
    """The query whose matches are marked."""
    lang: Lang | None = None
    """The language the reader came for; its title names the page."""
    show: Show = "both"
    changed: str = ""
    """The address of the passage whose text has changed since the link to it was made."""
    also: Also = "few"
    """How much of the other language the results show that the reader came from."""
    without: tuple[str, ...] = ()
    """Renderings that were not searched, and are not marked."""


@dataclass(frozen=True, slots=True)
class LinkParams:
    """What a permanent link says beside the passage's address."""

    version: str = ""
    """Of the text that it was made for (see `indexer.addresses.text_version`)."""
    quotes: bool = False
    """Whether it leads to some words of the passage: then the browser knows the place, and not the server."""


@dataclass(frozen=True, slots=True)
class ReportParams:
    """What a report is asked for."""

    kind: FindingKind | None = None
    """Only findings of this kind."""
    page: int = 1


def query_text(args: Mapping[str, str]) -> str:
    """The query; of one that is too long, what is searched and an ellipsis.

    Every link of a page carries the query, so it must not grow without bound. The ellipsis shows a reader
    that it was cut, and being one character too many it makes the search say so as well.

    >>> query_text({"q": " 정전 "}), query_text({"q": "가" * 1000}) == "가" * MAX_CHARACTERS + "…"
    ('정전', True)
    """
    text = args.get("q", "").strip()
    if len(text) > MAX_CHARACTERS:
        text = normalise(text)  # as the search does before it counts: a syllable in Jamo is one character
    return text if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS] + "…"


def search_params(args: Mapping[str, str]) -> SearchParams:
    """What the arguments ask for.

    >>> asked = search_params({"q": " 정전 협상 ", "lang": "ko", "year": "2020..2023", "page": "0"})
    >>> asked == SearchParams("정전 협상", lang="ko", years=(2020, 2023))
    True
    """
    return SearchParams(
        text=query_text(args),
        lang=_lang(args.get("lang", "")),
        years=_years(args.get("year", "")),
        sort="date" if args.get("sort") == "date" else "relevance",
        page=_number(args.get("page", ""), default=1, most=MAX_PAGE),
        paired=args.get("lang") == "both",
        also=_ALSO.get(args.get("also", ""), "few"),
        without=_without(args),
    )


def search_args(params: SearchParams) -> dict[str, str | list[str]]:
    """The shortest arguments that ask for `params`.

    >>> search_args(SearchParams("peace", years=(2023, 2023)))
    {'q': 'peace', 'year': '2023'}
    """
    args: dict[str, str | list[str]] = {"q": params.text} if params.text else {}
    if params.lang:
        args["lang"] = params.lang
    elif params.paired:
        args["lang"] = "both"
    if params.years:
        first, last = params.years
        args["year"] = str(first) if first == last else f"{first}..{last}"
    if params.sort != "relevance":
        args["sort"] = params.sort
    if params.page != 1:
        args["page"] = str(params.page)
    return args | _also_args(params)


def search_limit(args: Mapping[str, str]) -> int:
    """How many hits a page of `/api/search` holds, from 1 to `MAX_LIMIT`.

    >>> search_limit({}), search_limit({"limit": "1000"}), search_limit({"limit": "ten"})
    (10, 100, 10)
    """
    return _number(args.get("limit", ""), default=DEFAULT_LIMIT, most=MAX_LIMIT)


def reading_params(args: Mapping[str, str]) -> ReadingParams:
    """What the arguments of a reading page ask for.

    >>> reading_params({"q": "peace", "show": "ko"})
    ReadingParams(text='peace', lang=None, show='ko', changed='', also='few', without=())
    """
    return ReadingParams(
        text=query_text(args),
        lang=_lang(args.get("lang", "")),
        show=_lang(args.get("show", "")) or "both",
        changed=args["changed"] if _ADDRESS.fullmatch(args.get("changed", "")) else "",
        also=_ALSO.get(args.get("also", ""), "few"),
        without=_without(args),
    )


def link_params(args: Mapping[str, str]) -> LinkParams:
    """What the arguments of a permanent link say.

    >>> link_params({"v": "m1p0y43d", "at": "text"})
    LinkParams(version='m1p0y43d', quotes=True)
    """
    return LinkParams(args.get("v", ""), args.get("at") == "text")


def reading_args(params: ReadingParams) -> dict[str, str | list[str]]:
    """The shortest arguments that ask for `params`.

    >>> reading_args(ReadingParams("peace", show="ko"))
    {'q': 'peace', 'show': 'ko'}
    """
    given = {"q": params.text, "lang": params.lang or "", "show": params.show, "changed": params.changed}
    args: dict[str, str | list[str]] = {
        name: value for name, value in given.items() if value and value != "both"
    }
    return args | _also_args(params)


def report_params(args: Mapping[str, str]) -> ReportParams:
    """What the arguments of a report ask for.

    >>> report_params({"kind": "numbers", "page": "2"})
    ReportParams(kind=<FindingKind.NUMBERS: 'numbers'>, page=2)
    """
    from indexer.report import FindingKind  # noqa: PLC0415 - no search needs it

    kind = next((kind for kind in FindingKind if kind.value == args.get("kind")), None)
    return ReportParams(kind, _number(args.get("page", ""), default=1, most=MAX_PAGE))


def _also_args(params: SearchParams | ReadingParams) -> dict[str, str | list[str]]:
    args: dict[str, str | list[str]] = {}
    if params.also != "few":
        args["also"] = "1" if params.also == "all" else "off"
    if params.without:
        args["without"] = list(params.without)
    return args


def _without(args: Mapping[str, str]) -> tuple[str, ...]:
    """The values of `without`; of a mapping that has only one value for a name, that one."""
    several = args.getlist("without") if isinstance(args, MultiDict) else [args.get("without", "")]
    return tuple(dict.fromkeys(word for word in several if 0 < len(word) <= LONGEST_RENDERING))[:MOST_WITHOUT]


def _lang(value: str) -> Lang | None:
    if value == "en":
        return "en"
    return "ko" if value == "ko" else None


def is_years(value: str) -> bool:
    """Whether a value of `year` can be used.

    >>> is_years("2020..2023"), is_years("soon")
    (True, False)
    """
    return _years(value) is not None


def is_number(value: str) -> bool:
    """Whether a value of `page` or `limit` is a number.

    >>> is_number("12"), is_number("-1")
    (True, False)
    """
    return _NUMBER.fullmatch(value.strip()) is not None


def _years(value: str) -> tuple[int, int] | None:
    found = _YEARS.fullmatch(value.strip())
    if not found:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return (first, last) if first <= last else (last, first)


def _number(value: str, *, default: int, most: int) -> int:
    if not is_number(value):
        return default
    return min(max(int(value), 1), most)
