"""What the interface for programs demands of its arguments, where a page makes the best of them.

A link that a person follows should open something; a program that asks for what does not exist should be
told so, as it would take the answer to another question for the answer to its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from webapp.params import LONGEST_RENDERING, MAX_LIMIT, MAX_PAGE, MOST_WITHOUT, is_number, is_years

__all__ = ["demand_document", "demand_passage", "demand_search"]

_Demand = tuple[Callable[[str], bool], str]
"""Whether a value is one, and what is wanted."""

_LONGEST: Final = 40
"""Code points of a wrong value that are told."""


def demand_search(args: Mapping[str, str]) -> None:
    """See that `/api/search` can do what its arguments ask for; an empty one asks for nothing.

    Raises:
        BadRequest: it cannot, or there is an argument that it does not have; the description names the first
            argument that is wrong, and what is wanted.

    >>> demand_search({"q": "peace", "lang": "ko", "page": "2"})
    >>> demand_search({"page": "0"})
    Traceback (most recent call last):
        ...
    werkzeug.exceptions.BadRequest: 400 Bad Request: page must be a number from 1 to 10000, not '0'
    """
    _demand(args, _SEARCH)


def demand_document(args: Mapping[str, str]) -> None:
    """The same for `/api/documents`.

    Raises:
        BadRequest: as above.
    """
    _demand(args, _DOCUMENT)


def demand_passage(args: Mapping[str, str]) -> None:
    """The same for `/api/passages`.

    Raises:
        BadRequest: as above.

    >>> demand_passage({"page": "2"})
    Traceback (most recent call last):
        ...
    werkzeug.exceptions.BadRequest: 400 Bad Request: there is no argument 'page' here, but lang
    """
    _demand(args, _PASSAGE)


def _demand(args: Mapping[str, str], demands: Mapping[str, _Demand]) -> None:
    given = dict(args.lists()) if isinstance(args, MultiDict) else {name: [args[name]] for name in args}
    for name in given:
        if name not in demands:
            raise BadRequest(f"there is no argument {_told(name)} here, but {', '.join(demands)}")
    for name, (is_one, wanted) in demands.items():
        values = given.get(name, [])
        most = MOST_WITHOUT if name == "without" else 1
        if len(values) > most:
            raise BadRequest(
                f"{name} may be given {'once' if most == 1 else f'{most} times'}, not more often"
            )
        for value in filter(None, values):  # as it is: a blank before `ko` makes it another value
            if not is_one(value):
                raise BadRequest(f"{name} must be {wanted}, not {_told(value)}")


def _told(value: str) -> str:
    return repr(value if len(value) <= _LONGEST else value[:_LONGEST] + "…")


def _one_of(*values: str) -> _Demand:
    *most, last = values
    return values.__contains__, f"{', '.join(most)} or {last}"


def _up_to(most: int) -> _Demand:
    return lambda value: is_number(value) and 1 <= int(value) <= most, f"a number from 1 to {most}"


_TEXT: Final[_Demand] = lambda _: True, "a text"
_DOCUMENT: Final[Mapping[str, _Demand]] = {"q": _TEXT}
_PASSAGE: Final[Mapping[str, _Demand]] = {"lang": _one_of("en", "ko")}
_SEARCH: Final[Mapping[str, _Demand]] = {
    "q": _TEXT,
    "lang": _one_of("en", "ko", "both"),
    "year": (is_years, "a year or two, as 2023 or 2020..2023"),
    "sort": _one_of("relevance", "date"),
    "page": _up_to(MAX_PAGE),
    "limit": _up_to(MAX_LIMIT),
    "also": _one_of("1", "off"),
    "without": (lambda value: len(value) <= LONGEST_RENDERING, f"of {LONGEST_RENDERING} characters at most"),
}
