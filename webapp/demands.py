"""What the interface for programs demands of its arguments, where a page makes the best of them.

A link that a person follows should open something; a program that asks for what does not exist should be
told so, as it would take the answer to another question for the answer to its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from werkzeug.exceptions import BadRequest

from webapp.params import MAX_LIMIT, MAX_PAGE, is_number, is_years

__all__ = ["demand_passage", "demand_search"]

_Demand = tuple[Callable[[str], bool], str]
"""Whether a value is one, and what is wanted."""

_LONGEST: Final = 40
"""Code points of a wrong value that are told."""


def demand_search(args: Mapping[str, str]) -> None:
    """See that `/api/search` can do what its arguments ask for; an empty one asks for nothing.

    Raises:
        BadRequest: it cannot; the description names the first argument that is wrong, and what is wanted.

    >>> demand_search({"q": "peace", "lang": "ko", "page": "2"})
    >>> demand_search({"page": "0"})
    Traceback (most recent call last):
        ...
    werkzeug.exceptions.BadRequest: 400 Bad Request: page must be a number from 1 to 10000, not '0'
    """
    _demand(args, _SEARCH)


def demand_passage(args: Mapping[str, str]) -> None:
    """The same for `/api/passages`.

    Raises:
        BadRequest: as above.
    """
    _demand(args, _PASSAGE)


def _demand(args: Mapping[str, str], demands: Mapping[str, _Demand]) -> None:
    for name, (is_one, wanted) in demands.items():
        value = args.get(name, "").strip()
        if value and not is_one(value):
            told = value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
            raise BadRequest(f"{name} must be {wanted}, not {told!r}")


def _one_of(*values: str) -> _Demand:
    *most, last = values
    return values.__contains__, f"{', '.join(most)} or {last}"


def _up_to(most: int) -> _Demand:
    return lambda value: is_number(value) and 1 <= int(value) <= most, f"a number from 1 to {most}"


_PASSAGE: Final[Mapping[str, _Demand]] = {"lang": _one_of("en", "ko")}
_SEARCH: Final[Mapping[str, _Demand]] = {
    "lang": _one_of("en", "ko", "both"),
    "year": (is_years, "a year or two, as 2023 or 2020..2023"),
    "sort": _one_of("relevance", "date"),
    "page": _up_to(MAX_PAGE),
    "limit": _up_to(MAX_LIMIT),
    "also": _one_of("1", "off"),
}
