"""`hanyeong serve`: the search page."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.cli.edges import DONE, SOME_FAILED, one_line, settings_of
from indexer.cli.indexing import bring_up_to_date
from indexer.stopping import heed_sigterm

if TYPE_CHECKING:
    from indexer.settings import Settings

__all__ = ["serve"]


@click.command(short_help="Serve the search page.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one."
)
@click.pass_obj
@one_line
def serve(data: Path, *, host: str, port: int) -> int:
    """Serve the search page; builds the index first where there is none.

    \b
    Examples:
      hanyeong serve
      hanyeong --data ~/archive serve --host 0.0.0.0 --port 8080
    """
    heed_sigterm()
    try:
        code = _serve(data, host, port)
    except KeyboardInterrupt:  # while it starts, or ends
        click.echo("hanyeong: stopped", err=True)
        code = DONE
    # Nothing is left to be done, and Kiwi's own threads can keep Python from ending.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _serve(data: Path, host: str, port: int) -> int:
    """Serves until somebody stops it; the exit code."""
    from indexer.search import open_archive  # noqa: PLC0415
    from webapp.server import serve_forever  # noqa: PLC0415

    settings = settings_of(data)
    archive = open_archive(settings)
    code = DONE if archive.is_built() else _build(settings)
    if code not in (DONE, SOME_FAILED):  # somebody has stopped it, and was told what it leaves
        return DONE
    serve_forever(
        archive, host, port, announce=lambda url: click.echo(f"Hanyeong is at {url} (Ctrl-C stops it)")
    )
    click.echo("hanyeong: stopped", err=True)
    return code


def _build(settings: Settings) -> int:
    """Makes the index; the exit code."""
    from indexer.kiwi import begin  # noqa: PLC0415 - seldom needed
    from indexer.readers import close  # noqa: PLC0415

    begin()  # the server will ask the same process
    try:
        return bring_up_to_date(settings, (), rebuild=False, as_json=False)
    finally:
        close()  # a server reads no more files
