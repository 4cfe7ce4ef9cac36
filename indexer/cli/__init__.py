"""The `hanyeong` command: arguments, progress, exit codes; no logic."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click

from indexer.cli.indexing import LOOK, reindex
from indexer.cli.reading import info, search, show, terms
from indexer.cli.serving import serve
from indexer.listing import DATA

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(DATA),
    envvar="HANYEONG_DATA",
    show_default=True,
    show_envvar=True,
    help="The archive's folder.",
)
@click.version_option(package_name="hanyeong")
@click.pass_context
def main(context: click.Context, data: Path) -> None:
    """Search an archive that is written in English and in Korean.

    \b
    Examples:
      hanyeong serve                      the search page, at 127.0.0.1:8000
      hanyeong reindex                    read what has changed in data/documents
      hanyeong search '정전 협상'         search from the terminal
      hanyeong --data ~/archive reindex   another archive
    """
    context.meta[LOOK] = context.obj
    context.obj = data
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without Hangul still shows something


for _command in (reindex, search, show, terms, serve, info):
    main.add_command(_command)
