"""The web server that `hanyeong serve` runs."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Final

import waitress

from indexer.errors import SettingsError
from indexer.search import Archive
from webapp import create_app

__all__ = ["serve_forever"]

_THREADS: Final = 8


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
    try:
        server = waitress.create_server(
            create_app(archive), host=host, port=port, threads=_THREADS, ident=None
        )
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"cannot listen at {host}:{port} ({error}); choose another with --port"
        ) from error
    shown = f"[{host}]" if ":" in host else host
    announce(f"http://{shown}:{server.effective_port}/")
    # Kiwi takes two seconds to load; a page in English need not wait for it, the first Korean one should not.
    Thread(target=archive.warm, daemon=True).start()
    try:
        server.run()
    except KeyboardInterrupt:
        server.close()
