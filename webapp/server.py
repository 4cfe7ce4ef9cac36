"""The web server that `hanyeong serve` runs."""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import waitress
from flask import Flask

from indexer.analysis.tokenizer import load_apart
from indexer.errors import AnalysisError, IndexMissingError, IndexOutdatedError, SettingsError
from indexer.search import Archive, open_archive
from indexer.settings import DEFAULT_DATA, load_settings
from webapp import create_app
from webapp.quiet import AfterAnswers
from webapp.safety import MAX_BODY

__all__ = ["Warming", "application", "serve_forever"]

_THREADS: Final = 8
_WAITING: Final = 6
"""Of these may wait for Kiwi; the others answer all who ask for something else."""
_M_ARENA_MAX: Final = -8
"""How many pools of memory there may be; the number of this setting in glibc's `malloc.h`."""


def application() -> Flask:
    """The WSGI application for a server of your own, over the archive that `HANYEONG_DATA` names.

    Raises:
        SettingsError: the archive's `hanyeong.toml` cannot be used.
    """
    return create_app(open_archive(load_settings(Path(os.environ.get("HANYEONG_DATA", DEFAULT_DATA)))))


def serve_forever(archive: Archive, host: str, port: int, *, announce: Callable[[str], None]) -> None:
    """Serves the archive until it is interrupted.

    Args:
        archive: what is searched.
        host: the address to listen at.
        port: 0 takes a free one.
        announce: is called with the site's URL once it can be opened.

    Raises:
        SettingsError: the address or the port cannot be used.
    """
    _share_freed_memory()
    # Each request that has to wait for a thread would be a warning; waiting a moment is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    shown = f"[{host}]" if ":" in host else host
    # Kiwi takes some seconds to load, and its process does nothing else meanwhile: no page is to wait for
    # that but those of Korean queries, and they no longer than it takes.
    load_apart(_WAITING)
    warming = Warming(archive)
    app = AfterAnswers(create_app(archive), warming.work, warming.is_due)
    try:
        server = waitress.create_server(
            app,
            host=host,
            port=port,
            threads=_THREADS,
            ident=None,
            max_request_body_size=MAX_BODY,
        )
    except (OSError, ValueError) as error:
        app.stop()
        raise SettingsError(
            f"cannot listen at {shown}:{port} ({error}); "
            "choose another with --port, or another address with --host"
        ) from error
    announce(f"http://{shown}:{server.effective_port}/")
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()
    finally:
        app.stop()


def _share_freed_memory() -> None:
    """Lets all threads use again what any of them has given back.

    The C library of most Linux systems keeps some megabytes for each thread apart, so that threads need not
    wait for one another; under Python's lock they seldom would.  Others do well as they are.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


class Warming:
    """Makes ready for each commit what its first visitors would wait for."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def is_due(self) -> bool:
        """Whether there is a commit, or a copy of one put in its place, that nothing was made ready for."""
        with suppress(IndexMissingError, IndexOutdatedError):  # whoever asks is told
            return not self._archive.checked
        return False

    def work(self) -> None:
        """Waits for Kiwi, checks the index, and reads what most queries ask for."""
        try:
            self._archive.warm()
        except AnalysisError:  # whoever asks is told; until the index is checked this is due
            return
        # What is loaded by now stays: the garbage collector would look through all of it, now and then, for
        # as long as several answers take.
        gc.collect()
        gc.freeze()
