"""URLs from the routes of the app, as `flask.url_for` makes them, but faster: a page has a hundred."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, quote_plus

from flask import current_app, request
from werkzeug.routing import Map

__all__ = ["url_of"]

_Route = tuple[tuple[str, str], ...]
"""What stands before each part that varies, and the name of that part; empty for none at the end."""

_PART: Final = re.compile(r"<(?:\w+:)?(\w+)>")
# Source of the characters that stay as they are: werkzeug.routing and werkzeug.urls, version 3.
_IN_PATH: Final = "!$&'()*+,/:;=@"
_IN_QUERY: Final = "!$'()*,/:;?@"
_IN_ANCHOR: Final = "%!#$&'()*+,/:;=?@"


def url_of(endpoint: str, *, _anchor: str | None = None, **args: Any) -> str:
    """The URL of a page of the site below where the app is mounted, relative to the host.

    Args:
        endpoint: whose route it is, with its blueprint: `web.search`.
        args: the parts of the route that vary; all others follow as a query, those that are `None` left out.
    """
    url = request.script_root
    for text, name in _routes(current_app.url_map)[endpoint]:
        url += text
        if name:
            url += _quoted(str(args.pop(name)), _IN_PATH)
    if args and (query := "&".join(_query(args))):
        url += f"?{query}"
    return url if _anchor is None else f"{url}#{_quoted(_anchor, _IN_ANCHOR)}"


def _query(args: dict[str, Any]) -> Iterable[str]:
    for name, value in args.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            if one is not None:
                yield f"{name}={_quoted_in_query(str(one))}"


@lru_cache(maxsize=8)
def _routes(known: Map) -> dict[str, _Route]:
    routes: dict[str, _Route] = {}
    for rule in known.iter_rules():
        texts = _PART.split(rule.rule)
        routes.setdefault(rule.endpoint, tuple(zip(texts[::2], [*texts[1::2], ""], strict=True)))
    return routes


@lru_cache(maxsize=1 << 12)
def _quoted(text: str, safe: str) -> str:
    return quote(text, safe=safe)


@lru_cache(maxsize=1 << 12)
def _quoted_in_query(text: str) -> str:
    return quote_plus(text, safe=_IN_QUERY)
