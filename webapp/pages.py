"""What all pages have in common: their blueprint, and that a browser's copy is used as long as it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, make_response, request

from webapp.interface import interface_lang
from webapp.links import pages_version
from webapp.opened import archive, tagged, unchanged

__all__ = ["kept", "wants_fragment", "web"]

web: Final = Blueprint("web", __name__)


@web.after_request
def vary(response: Response) -> Response:
    """Say what else beside the URL decides about a page."""
    if response.mimetype == "text/html":
        response.vary.update(("HX-Request", "Accept-Language", "Cookie"))
    return response


def wants_fragment() -> bool:
    """Whether htmx asks for a part of the page."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def kept(render: Callable[[], str]) -> Response:
    """The rendered page, unless the browser has it already."""
    kind = "part" if wants_fragment() else "page"
    tag = f"{archive().version}-{pages_version()}-{interface_lang()}-{kind}"
    return unchanged(tag) or tagged(make_response(render()), tag)
