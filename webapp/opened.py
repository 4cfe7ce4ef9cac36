"""The archive that the running app serves, and answers that need not be sent twice."""

from __future__ import annotations

from typing import cast

from flask import Response, current_app, request

from indexer.search import Archive

__all__ = ["archive", "tagged", "unchanged"]


def archive() -> Archive:
    """The archive of the app that handles this request."""
    return cast(Archive, current_app.extensions["archive"])


def unchanged(tag: str) -> Response | None:
    """A 304 response if the browser's copy bears `tag`, so that nothing need be searched or rendered."""
    return tagged(Response(status=304), tag) if request.if_none_match.contains_weak(tag) else None


def tagged(response: Response, tag: str) -> Response:
    """The response with its tag; a browser may keep it, but asks each time whether it still holds."""
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
