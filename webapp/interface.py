"""The interface's two languages: which one a reader gets, and how dates and numbers look in it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, cast
from urllib.parse import urlencode

from babel.dates import format_date
from babel.support import NullTranslations
from flask import Flask, Response, g, has_request_context, redirect, request, url_for
from flask_babel import Babel, get_translations  # type: ignore[import-untyped]
from werkzeug.wrappers import Response as BaseResponse

from indexer.authors import authors_in, authors_of
from indexer.model.dates import Date
from indexer.model.text import LANGS, Lang
from indexer.query import NOTICES
from indexer.scripts import script_lang

__all__ = [
    "COOKIE",
    "gettext",
    "init_interface",
    "interface_lang",
    "language_name",
    "long_date",
    "name_lang",
    "notice_text",
    "number",
]

COOKIE: Final = "hl"
_YEAR_IN_SECONDS: Final = 365 * 24 * 3600
_DATE_PATTERNS: Final[dict[Lang, tuple[str, str, str]]] = {
    "en": ("y", "MMMM y", "d MMMM y"),
    "ko": ("y년", "y년 M월", "y년 M월 d일"),
}
"""For a year, a month and a day."""


def init_interface(app: Flask) -> None:
    """Let the app speak English and Korean, and let `?hl=` switch between them."""
    app.config.update(BABEL_DEFAULT_LOCALE="en", BABEL_DEFAULT_TIMEZONE="UTC")
    Babel(app, locale_selector=interface_lang)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda message: _translations().ugettext(message),
        lambda one, many, count: _translations().ungettext(one, many, count),
        newstyle=True,
    )
    # Jinja's own way of asking for each of a page's eighty messages takes a tenth of the page.
    app.jinja_env.globals["_"] = _Messages().get
    app.before_request(_switch)
    app.after_request(_remember)
    app.add_template_filter(long_date)
    app.add_template_filter(number)
    app.add_template_filter(language_name)
    app.add_template_filter(name_lang)
    app.add_template_filter(authors_in)
    app.add_template_filter(authors_of)
    app.add_template_filter(notice_text)
    app.context_processor(lambda: {"hl": interface_lang(), "LANGS": LANGS})


class _Messages:
    """What the templates say, in both languages; each message is looked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Lang, str], str] = {}

    def get(self, message: str, **variables: Any) -> str:
        """The message in the interface's language, with the values of its variables; not yet escaped."""
        key = interface_lang(), message
        text = self._known.get(key)
        if text is None:
            text = self._known[key] = gettext(message)
        return text % variables if variables or "%" in text else text


def interface_lang() -> Lang:
    """The interface's language: what the reader chose, else what the browser prefers, else English."""
    if not has_request_context():
        return "en"
    if "interface_lang" not in g:
        g.interface_lang = _chosen_lang()
    return cast(Lang, g.interface_lang)


def _chosen_lang() -> Lang:
    for chosen in (request.args.get("hl"), request.cookies.get(COOKIE)):
        if chosen in LANGS:
            return chosen
    return cast(Lang, request.accept_languages.best_match(LANGS, default="en"))


def long_date(date: Date, lang: Lang | None = None) -> str:
    """The date as one writes it in `lang` (the interface's language unless given).

    >>> long_date(Date(2023, 7, 8), "en"), long_date(Date(2023, 7, 8), "ko")
    ('8 July 2023', '2023년 7월 8일')
    >>> long_date(Date(1950, 6), "en"), long_date(Date(1950, 6), "ko"), long_date(Date(1950), "ko")
    ('June 1950', '1950년 6월', '1950년')
    """
    return _written(date, lang or interface_lang())


@lru_cache(maxsize=1 << 12)
def _written(date: Date, lang: Lang) -> str:
    known = bool(date.month) + bool(date.day)
    return format_date(date.first_day(), _DATE_PATTERNS[lang][known], locale=lang)


def number(value: int) -> str:
    """The number with its thousands apart, which looks the same in English and in Korean.

    >>> number(12345)
    '12,345'
    """
    return f"{value:,}"


def name_lang(name: str) -> Lang:
    """The language to read a name in, by its script; English where that says nothing.

    >>> name_lang("한서연"), name_lang("Han Seo-yeon"), name_lang("1991")
    ('ko', 'en', 'en')
    """
    return script_lang(name) or "en"


def notice_text(key: str) -> str:
    """What a remark of `indexer.query` says in the interface's language."""
    return gettext(NOTICES[key])


def language_name(lang: Lang) -> str:
    """What the interface calls a language of the archive."""
    return gettext("English") if lang == "en" else gettext("Korean")


def gettext(message: str) -> str:
    """The message in the interface's language."""
    return str(_translations().ugettext(message))


def _translations() -> NullTranslations:
    """The messages in the interface's language; looked for once a request."""
    if "translations" not in g:
        g.translations = get_translations()
    return cast(NullTranslations, g.translations)


def _switch() -> BaseResponse | None:
    """Answer `?hl=ko` by sending the reader to the same page, in that language from now on."""
    if request.args.get("hl") not in LANGS or request.blueprint != "web" or request.endpoint is None:
        return None
    g.hl = request.args["hl"]
    # Built from the route and never from the raw path, which could name another host (//example.com).
    page = url_for(request.endpoint, **(request.view_args or {}))
    others = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "hl"])
    return redirect(f"{page}?{others}" if others else page)


def _remember(response: Response) -> Response:
    if "hl" in g:
        path = request.script_root or "/"
        response.set_cookie(
            COOKIE,
            g.hl,
            max_age=_YEAR_IN_SECONDS,
            path=path,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    return response
