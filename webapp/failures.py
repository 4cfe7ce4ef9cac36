"""What a reader gets when something cannot be shown: a page that says what to do, or JSON below `/api/`."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException, NotFound, ServiceUnavailable
from werkzeug.wrappers import Response as BaseResponse

from indexer.errors import (
    AddressesError,
    HanyeongError,
    IndexMissingError,
    IndexOutdatedError,
    UnknownAddressError,
    UnknownDocumentError,
)

__all__ = ["init_failures"]

_FIRST_ERROR: Final = 400


def init_failures(app: Flask) -> None:
    """Answer every error with a page, or with JSON below `/api/`."""
    app.register_error_handler(HTTPException, _http_error)
    for unknown in (UnknownDocumentError, UnknownAddressError):
        app.register_error_handler(unknown, _not_found)
    for unusable in (IndexMissingError, IndexOutdatedError, AddressesError):
        app.register_error_handler(unusable, _unavailable)


def _http_error(error: HTTPException) -> BaseResponse:
    if error.code is None or error.code < _FIRST_ERROR:  # the router's redirects come this way, too
        return error.get_response()
    response = _answer(error.code, error.description or error.name)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _not_found(error: HanyeongError) -> Response:
    return _answer(NotFound.code, str(error))


def _unavailable(error: HanyeongError) -> Response:
    return _answer(ServiceUnavailable.code, str(error))


def _answer(status: int, message: str) -> Response:
    if request.path.startswith("/api/"):
        response = jsonify({"error": {"status": status, "message": message}})
    else:
        page = render_template("error.html", status=status, message=message)
        response = make_response(page)
        response.vary.update(("HX-Request", "Accept-Language", "Cookie"))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
