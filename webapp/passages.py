"""The pages about one passage, by its address: where it stands, how to cite it, why it was found."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from indexer.addresses import text_version
from indexer.errors import UnknownAddressError
from indexer.model.text import DocumentInfo, Lang, Passage
from webapp.links import cited_url, reading_url
from webapp.opened import archive
from webapp.pages import kept, web
from webapp.params import link_params, reading_params

if TYPE_CHECKING:
    from webapp.citations import Format

# As in `webapp.views`.
# ruff: noqa: PLC0415

__all__ = ["cite", "permalink", "why"]


@web.get("/p/<address>")
def permalink(address: str) -> BaseResponse:
    """The permanent link of a passage: leads to its place on the reading page, or to its tombstone."""
    params, link = reading_params(request.args), link_params(request.args)
    try:
        passage, whole = archive().place(address, params.lang)
    except UnknownAddressError:
        return _gone(address, params.lang)
    params = replace(params, show="both", changed="")
    if link.version and link.version != text_version(passage.text):
        params = replace(params, lang=passage.lang, changed=passage.address)
    from webapp.reading import anchors

    anchor = anchors([marked.passage for marked in whole.passages])[passage.ordinal]
    # A place named here would take the one that the browser has, with the words in it, away.
    response = redirect(reading_url(passage.document, params, None if link.quotes else anchor))
    response.headers["Cache-Control"] = "no-cache"
    return response


def _gone(address: str, lang: Lang | None) -> Response:
    """The tombstone of a passage.

    Raises:
        UnknownAddressError: there never was a passage with this address.
    """
    tombstone = archive().tombstone(address, lang)
    if tombstone is None:
        raise UnknownAddressError(f"no passage of this archive has the address {address!r}")
    response = make_response(render_template("gone.html", gone=tombstone), 410)
    response.headers["Cache-Control"] = "no-cache"
    return response


@web.get("/p/<address>/cite")
def cite(address: str) -> Response:
    """The passage as a quotation with its source; `?format=` gives it to a reference manager."""
    params = reading_params(request.args)
    try:
        passage, whole = archive().place(address, params.lang)
    except UnknownAddressError:
        return _gone(address, params.lang)
    from webapp.citations import FORMATS

    form = request.args.get("format", "")
    if form in FORMATS:
        return _download(passage, whole.info, form)
    return kept(lambda: render_template("cite.html", passage=passage, info=whole.info, params=params))


@web.get("/p/<address>/why")
def why(address: str) -> Response:
    """Which words of `?q=` bring this passage, and by what."""
    params = reading_params(request.args)
    passage, whole = archive().place(address, params.lang, text=params.text, without=params.without)

    def render() -> str:
        reasons = archive().explain(params.text, [passage])[0]
        marked = next(one for one in whole.passages if one.passage.ordinal == passage.ordinal)
        return render_template(
            "why.html", passage=passage, marked=marked, info=whole.info, params=params, reasons=reasons
        )

    return kept(render)


def _download(passage: Passage, info: DocumentInfo, form: Format) -> Response:
    """The citation as a file in that format."""
    from webapp.citations import FORMATS, citation_of, written

    name = archive().settings.name.prefer(passage.lang)[1]
    today = dt.datetime.now(tz=dt.UTC).date()
    citation = citation_of(passage, info, name, cited_url(passage), today)
    media_type, suffix = FORMATS[form]
    response = Response(written(citation, form), content_type=f"{media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{passage.address}-{passage.lang}.{suffix}"'
    )
    response.headers["Cache-Control"] = "no-cache"
    return response
