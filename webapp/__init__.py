"""The web side of Hanyeong: search page, reading page, permanent links and a JSON API.  It only reads."""

from __future__ import annotations

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from indexer.search import Archive
from webapp import passages, views  # noqa: F401 - each adds its pages to `web`
from webapp.api import api
from webapp.compiled import KeptBesideModules
from webapp.failures import init_failures
from webapp.interface import init_interface
from webapp.links import init_links
from webapp.pages import web
from webapp.safety import init_safety

__all__ = ["create_app"]


class _Json(DefaultJSONProvider):
    ensure_ascii = False  # Korean stays readable, and takes half the room
    sort_keys = False


def create_app(archive: Archive) -> Flask:
    """The web app over an opened archive: a WSGI application that any number of threads may call."""
    app = Flask(__name__, static_folder=None)
    app.extensions["archive"] = archive
    app.json = _Json(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.bytecode_cache = KeptBesideModules()
    init_safety(app)
    init_interface(app)
    init_links(app, archive.settings)
    app.register_blueprint(web)
    app.register_blueprint(api)
    init_failures(app)
    return app
