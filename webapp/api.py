"""The same archive as JSON.  `webapp.openapi` describes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from indexer.errors import UnknownAddressError
from indexer.interchange import document_json, passage_json, search_json, tombstone_json
from webapp.demands import demand_document, demand_passage, demand_search
from webapp.links import Urls, pages_version, site_url
from webapp.openapi import openapi_document
from webapp.opened import archive, tagged, unchanged
from webapp.params import reading_params, search_limit, search_params

__all__ = ["api"]

api = Blueprint("api", __name__, url_prefix="/api")


@api.get("/search")
def search() -> Response:
    """The passages a query finds, best first."""
    demand_search(request.args)
    params, limit = search_params(request.args), search_limit(request.args)

    def answer() -> Any:
        results = archive().passages(
            params.text,
            lang=params.lang,
            years=params.years,
            paired=params.paired,
            sort=params.sort,
            page=params.page,
            limit=limit,
            also=params.also,
            without=params.without,
        )
        return search_json(results, Urls())

    return _kept(answer)


@api.get("/documents/<path:document>")
def document(document: str) -> Response:
    """A whole document; `?q=` marks matches."""
    demand_document(request.args)
    text = reading_params(request.args).text
    return _kept(lambda: document_json(archive().document(document, text=text), Urls()))


@api.get("/passages/<address>")
def passage(address: str) -> Response:
    """One passage, with the document it stands in."""
    demand_passage(request.args)
    lang = reading_params(request.args).lang

    def answer() -> Any:
        found, whole = archive().place(address, lang)
        return passage_json(found, whole.info, Urls(), whole.partners(found))

    try:
        return _kept(answer)
    except UnknownAddressError:
        tombstone = archive().tombstone(address, lang)
        if tombstone is None:
            raise
        response = jsonify(tombstone_json(tombstone, Urls()))
        response.status_code = 410
        response.headers["Cache-Control"] = "no-store"
        return response


@api.get("/openapi.json")
def openapi() -> Response:
    """The description of this interface."""
    return jsonify(openapi_document(site_url()))


def _kept(answer: Callable[[], Any]) -> Response:
    tag = f"{archive().version}-{pages_version()}"
    return unchanged(tag) or tagged(jsonify(answer()), tag)
