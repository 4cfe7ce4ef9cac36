"""What every response carries and no request may exceed, whatever page it is about."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, abort, request

from webapp.cdn import HTMX_URL

__all__ = ["CONTENT_SECURITY_POLICY", "MAX_BODY", "MAX_QUERY_STRING", "init_safety"]

MAX_BODY: Final = 64 * 1024
"""Bytes a request's body may have; no page reads one."""
MAX_QUERY_STRING: Final = 64 * 1024
"""Bytes; a query is cut far below it (500 characters), so that a long paste gets a friendly line instead."""

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' {HTMX_URL}",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def init_safety(app: Flask) -> None:
    """Bound every request and put the safety headers on every response."""
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY)
    app.before_request(_check_size)
    app.after_request(_add_headers)


def _check_size() -> None:
    if (request.content_length or 0) > MAX_BODY:
        abort(413)
    if len(request.query_string) > MAX_QUERY_STRING:
        # The page that says so looks at the query too; nobody is to read all of it.
        request.query_string = b""
        abort(414)


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
