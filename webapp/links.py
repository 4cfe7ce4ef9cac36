"""Every URL of the site is made here, so that it also works mounted below a prefix."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from flask import Flask, current_app, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from indexer.addresses import text_version, typed_address
from indexer.model.results import Snippet
from indexer.model.text import Lang, Passage
from indexer.query import words_of
from indexer.settings import Settings
from webapp.assets import Asset, fingerprint, load_assets
from webapp.cdn import HTMX_CONFIG, HTMX_INTEGRITY, HTMX_URL
from webapp.opened import archive
from webapp.params import (
    ReadingParams,
    SearchParams,
    query_text,
    reading_args,
    search_args,
    search_params,
)
from webapp.urls import url_of

__all__ = [
    "Urls",
    "asset_of",
    "cited_url",
    "init_links",
    "moved",
    "pages_version",
    "reading_url",
    "search_url",
    "site_url",
]

_SWITCHED: Final = ("q", "lang", "year", "sort", "page", "show", "kind", "changed", "v", "also", "without")
"""The arguments that a page keeps when the interface's language is switched."""


class Urls:
    """Absolute URLs for the JSON answers."""

    def document(self, document_id: str) -> str:
        """The document's reading page."""
        return absolute_url("web.document", document=document_id)

    def passage(self, address: str, lang: Lang) -> str:
        """The passage's permanent link."""
        return absolute_url("web.permalink", address=address, lang=lang)


def site_url() -> str:
    """Where people find the site: what the settings say, else what the browser asked; no slash at its end."""
    return archive().settings.url or request.url_root.rstrip("/")


def absolute_url(endpoint: str, **args: Any) -> str:
    """The URL to give away: it leads to the site from anywhere."""
    return site_url() + url_of(endpoint, **args).removeprefix(request.script_root)


def cited_url(passage: Passage) -> str:
    """The permanent link to give away; it knows the text it was made for."""
    return absolute_url("web.permalink", **_versioned(passage))


def _versioned(passage: Passage) -> dict[str, Any]:
    return {"address": passage.address, "lang": passage.lang, "v": text_version(passage.text)}


def init_links(app: Flask, settings: Settings) -> None:
    """Load the static files and let the templates make URLs."""
    app.extensions["assets"] = load_assets()
    app.extensions["fingerprint"] = fingerprint(settings.url, settings.name)
    app.context_processor(_names)
    app.before_request(_lead_to_address)


def _lead_to_address() -> BaseResponse | None:
    """Leads to the page that is meant by an address that was typed by hand, in capitals or with O for 0."""
    args = request.view_args or {}
    address = typed_address(args["address"]) if "address" in args else None
    if address is None or address == args["address"] or request.endpoint is None:
        return None
    return moved(address=address)


def moved(**args: str) -> BaseResponse:
    """Leads to the same page with other arguments in its path; what comes after the path stays."""
    url = url_of(request.endpoint or "", **{**(request.view_args or {}), **args})
    query = urlencode(list(request.args.items(multi=True)))
    response = redirect(f"{url}?{query}" if query else url, 301)
    # A document may get an id that another one had: browsers would keep the way there for ever.
    response.headers["Cache-Control"] = "no-cache"
    return response


def asset_of(name: str) -> Asset | None:
    """The static file of that name."""
    assets: dict[str, Asset] = current_app.extensions["assets"]
    return assets.get(name)


def pages_version() -> str:
    """Changes when the pages would look different over the same archive."""
    return str(current_app.extensions["fingerprint"])


def reading_url(document: str, params: ReadingParams, anchor: str | None = None) -> str:
    """The reading page of a document, at the passage with that anchor."""
    args: dict[str, Any] = dict(reading_args(params))
    return url_of("web.document", document=document, **args, _anchor=anchor)


def _names() -> dict[str, Any]:
    """What every template may use."""
    return {
        "asset": _asset_url,
        "htmx": {"url": HTMX_URL, "integrity": HTMX_INTEGRITY, "config": HTMX_CONFIG},
        "site": archive().settings.name,
        "url_for": url_of,
        "search_url": search_url,
        "results_url": _results_url,
        "document_url": _document_url,
        "reading_of": _reading_of,
        "passage_url": _passage_url,
        "permanent_url": _permanent_url,
        "absolute_url": absolute_url,
        "cited_url": cited_url,
        "switch_url": _switch_url,
        "Snippet": Snippet,
        "words_of": words_of,
    }


def _asset_url(name: str) -> str:
    asset = asset_of(name)
    return url_of("web.static", name=name, v=asset.version if asset else None)


def search_url(params: SearchParams, **changes: Any) -> str:
    """The search with some of its choices changed; it begins at its first page unless told otherwise."""
    args: dict[str, Any] = dict(search_args(replace(params, **{"page": 1, **changes})))
    return url_of("web.search", **args)


def _results_url(params: ReadingParams) -> str:
    """The results for what is marked on a reading page, in both languages.

    Where the reader came from a page of results, the script leads back to just that one, with its filters.
    """
    return search_url(SearchParams(params.text, also=params.also, without=params.without))


def _document_url(document: str, params: ReadingParams | None = None, **changes: Any) -> str:
    return reading_url(document, replace(params or ReadingParams(), **changes))


def _reading_of(params: SearchParams) -> ReadingParams:
    """What a reading page needs to know of the search that leads to it."""
    return ReadingParams(params.text, also=params.also, without=params.without)


def _passage_url(
    address: str, lang: Lang, params: SearchParams | None = None, page: str = "web.permalink"
) -> str:
    """The passage's permanent link, or another page about it, reached from a search."""
    args: dict[str, Any] = {}
    if params:
        args = dict(reading_args(_reading_of(params)))
    return url_of(page, address=address, lang=lang, **args)


def _permanent_url(passage: Passage) -> str:
    """The link to copy; it is absolute where the settings name the site, else the browser makes it so."""
    return cited_url(passage) if archive().settings.url else url_of("web.permalink", **_versioned(passage))


def _switch_url(lang: Lang) -> str:
    """This page in the interface language `lang`; the start page where there is no such page."""
    if request.blueprint != "web" or request.endpoint is None:
        return url_of("web.home", hl=lang)
    kept: dict[str, Any] = {name: request.args.getlist(name) for name in request.args if name in _SWITCHED}
    if "q" in kept:
        kept["q"] = query_text(request.args)
    if "without" in kept:
        kept["without"] = list(search_params(request.args).without)
    return url_of(request.endpoint, **{**kept, **(request.view_args or {}), "hl": lang})
