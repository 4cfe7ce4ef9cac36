"""The pages of the archive: each view parses its arguments, makes one call to the archive and renders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from flask import Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from indexer.errors import IndexMissingError, IndexOutdatedError
from indexer.model.archive import Tally
from indexer.model.results import SearchResults
from webapp.findings import page_of, show_finding
from webapp.keeper import tell_keeper
from webapp.links import asset_of, search_url
from webapp.opened import archive
from webapp.pages import kept, wants_fragment, web
from webapp.params import SearchParams, reading_params, report_params, search_params

# What the search page does not need is loaded where it is needed: its first reader waits less.
# ruff: noqa: PLC0415

__all__ = [
    "document",
    "healthz",
    "home",
    "opensearch",
    "report",
    "report_document",
    "search",
    "static",
    "terms",
]

_DOCUMENTS_PER_PAGE: Final = 50
_EXAMPLES: Final = 4
"""Passages that show a rendering in context."""
_FINDINGS_PER_PAGE: Final = 50
_YEAR_IN_SECONDS: Final = 365 * 24 * 3600


@web.get("/")
def home() -> BaseResponse:
    """The search box and the documents to browse; a query that came here is led to its results."""
    params = search_params(request.args)
    if params.text or params.narrowed:
        return redirect(search_url(params))
    return kept(lambda: render_template("search.html", **_browsing(params)))


@web.get("/search")
def search() -> Response:
    """The results; the whole page, or only their part of it where htmx asks."""
    params = search_params(request.args)
    template = "_results.html" if wants_fragment() else "search.html"

    def render() -> str:
        context = _found(params) if params.text or params.narrowed else _browsing(params)
        return render_template(template, fragment=wants_fragment(), **context)

    return kept(render)


@web.get("/d/<path:document>")
def document(document: str) -> Response:
    """The reading page."""
    params = reading_params(request.args)

    def render() -> str:
        from webapp.reading import lay_out

        marked = archive().document(document, text=params.text, without=params.without)
        return render_template(
            "document.html", info=marked.info, reading=lay_out(marked, params.show), params=params
        )

    return kept(render)


@web.get("/report")
def report() -> Response:
    """What a translation editor should look at, document by document; it was counted at indexing."""
    params = report_params(request.args)

    def render() -> str:
        tallies = archive().tallies()
        shown, page, pages = page_of(tallies, params.page, _DOCUMENTS_PER_PAGE)
        totals = sum((tally for _, tally in tallies), Tally())
        return render_template(
            "report.html", tallies=shown, total=len(tallies), totals=totals, page=page, pages=pages
        )

    return kept(render)


@web.get("/report/<path:document>")
def report_document(document: str) -> Response:
    """What a translation editor should look at in one document."""
    params = report_params(request.args)

    def render() -> str:
        from indexer.report import tally

        info, findings = archive().report(document)
        chosen = [one for one in findings if params.kind in (None, one.kind)]
        shown, page, pages = page_of(chosen, params.page, _FINDINGS_PER_PAGE)
        return render_template(
            "report_document.html",
            info=info,
            tally=tally(findings),
            findings=[show_finding(one) for one in shown],
            kind=params.kind,
            page=page,
            pages=pages,
        )

    return kept(render)


@web.get("/terms")
def terms() -> Response:
    """How the archive renders a word in the other language, with examples of both sides."""
    params = search_params(request.args)

    def render() -> str:
        found = archive().terms(params.text) if params.text else []
        shown = archive().passages(params.text, paired=True, limit=_EXAMPLES, also="off") if found else None
        return render_template("terms.html", params=params, found=found, hits=shown.hits if shown else ())

    return kept(render)


@web.get("/opensearch.xml")
def opensearch() -> Response:
    """The description that lets a browser search the archive from its address bar."""
    response = make_response(render_template("opensearch.xml"))
    response.content_type = "application/opensearchdescription+xml; charset=utf-8"
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    return response


@web.get("/static/<name>")
def static(name: str) -> Response:
    """A static file; a URL with its version may be kept for ever."""
    asset = asset_of(name)
    if asset is None:
        abort(404)
    response = Response(asset.body, content_type=asset.content_type)
    response.set_etag(asset.version)
    if request.args.get("v") == asset.version:
        response.headers["Cache-Control"] = f"public, max-age={_YEAR_IN_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


@web.get("/healthz")
def healthz() -> tuple[dict[str, str | bool], int, dict[str, str]]:
    """Whether there is an index that can be searched, as far as it is known by now; costs next to nothing.

    `checked` says whether all of it has been compared with its checksums since it was opened.
    """
    headers = {"Cache-Control": "no-store"}
    try:
        checked = archive().checked
        return {"status": "ok", "generation": archive().generation, "checked": checked}, 200, headers
    except (IndexMissingError, IndexOutdatedError) as error:
        return {"status": "unavailable", "reason": tell_keeper(error)}, 503, headers


def _found(params: SearchParams) -> dict[str, Any]:
    results = _search(params)
    pages = results.also.pages if results.also and results.also.whole else results.pages
    if params.page > pages:
        params = replace(params, page=max(pages, 1))
        results = _search(params)
    return {"params": params, "results": results}


def _search(params: SearchParams) -> SearchResults:
    return archive().search(
        params.text,
        lang=params.lang,
        years=params.years,
        paired=params.paired,
        sort=params.sort,
        page=params.page,
        also=params.also,
        without=params.without,
    )


def _browsing(params: SearchParams) -> dict[str, Any]:
    documents = archive().documents()
    shown, page, pages = page_of(documents, params.page, _DOCUMENTS_PER_PAGE)
    return {
        "params": SearchParams(page=page),
        "total": len(documents),
        "passages": archive().stats().passages,
        "documents": shown,
        "pages": pages,
    }
