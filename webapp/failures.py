"""What a reader gets when something cannot be shown: a page that says what to do, or JSON below `/api/`."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import Gone, HTTPException, NotFound, ServiceUnavailable
from werkzeug.wrappers import Response as BaseResponse

from indexer.errors import (
    AddressesError,
    AnalysisError,
    HanyeongError,
    IndexMissingError,
    IndexOutdatedError,
    UnknownAddressError,
    UnknownDocumentError,
)
from indexer.interchange import former_json
from webapp.keeper import PUBLIC, Trouble, init_keeper, tell_keeper, trouble_of
from webapp.links import Urls, moved
from webapp.opened import archive
from webapp.safety import MAX_BODY, MAX_QUERY_STRING
from webapp.urls import url_of

__all__ = ["init_failures"]

_FIRST_ERROR: Final = 400
_SOON: Final = "10"
"""Seconds until Kiwi will have been loaded, most likely."""
_FOR_PROGRAMS: Final = {
    404: "there is nothing at this path; {description} tells which there are",
    405: "this can only be read, by GET",
    413: f"the request has more than {MAX_BODY:,} bytes",
    414: f"the query has more than {MAX_QUERY_STRING:,} bytes",
    500: "something went wrong here; the fault is noted on the server",
}
"""What programs are told of the errors that Flask finds by itself, in words that are meant for readers."""


def init_failures(app: Flask) -> None:
    """Answer every error with a page, or with JSON below `/api/`."""
    init_keeper(app.extensions)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(UnknownAddressError, _not_found)
    app.register_error_handler(UnknownDocumentError, _no_such_document)
    for unusable in (IndexMissingError, IndexOutdatedError, AddressesError):
        app.register_error_handler(unusable, _unavailable)
    app.register_error_handler(AnalysisError, _late)


def _http_error(error: HTTPException) -> BaseResponse:
    if error.code is None or error.code < _FIRST_ERROR:  # the router's redirects come this way, too
        return error.get_response()
    response = _answer(error.code, _for_programs(error))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _for_programs(error: HTTPException) -> str:
    if error.code in _FOR_PROGRAMS and error.description == type(error).description:
        return _FOR_PROGRAMS[error.code].format(description=url_of("api.openapi"))
    return error.description or error.name


def _no_such_document(error: UnknownDocumentError) -> BaseResponse:
    """Leads to a document that was renamed; of one that is gone, shows what is left."""
    document = (request.view_args or {}).get("document", "")
    try:
        former = archive().former(document)
    except AddressesError as unreadable:
        return _unavailable(unreadable)
    if former and former.now:
        return moved(document=former.now)
    if former is None:
        return _not_found(error)
    if request.blueprint == "api":
        return _never_kept(make_response(jsonify(former_json(document, former, Urls())), Gone.code))
    return _never_kept(make_response(render_template("gone_document.html", former=former), Gone.code))


def _not_found(error: HanyeongError) -> Response:
    return _answer(NotFound.code, str(error))


def _unavailable(error: HanyeongError) -> Response:
    return _answer(ServiceUnavailable.code, tell_keeper(error), trouble_of(error))


def _late(error: AnalysisError) -> Response:
    """Korean words wait for Kiwi, which is loaded, or begun anew, or has too much to do."""
    tell_keeper(error)
    response = _answer(ServiceUnavailable.code, PUBLIC["analysis"], "analysis")
    response.headers["Retry-After"] = _SOON
    return response


def _answer(status: int, message: str, trouble: Trouble | None = None) -> Response:
    if f"{request.path}/".startswith("/api/"):
        response = jsonify({"error": {"status": status, "message": message}})
    else:
        response = make_response(render_template("error.html", status=status, trouble=trouble))
    response.status_code = status
    return _never_kept(response)


def _never_kept(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.update(("HX-Request", "Accept-Language", "Cookie"))
    response.headers["Cache-Control"] = "no-store"
    return response
