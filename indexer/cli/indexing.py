"""`hanyeong reindex`: brings the index up to date, or tells what that would change."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.cli.edges import DONE, SOME_FAILED, folder_named, one_line, settings_of
from indexer.errors import IndexMissingError, IndexOutdatedError
from indexer.glance import tell_unchanged
from indexer.listing import nothing_to_read
from indexer.stopping import Terminated, code_of, terminable

if TYPE_CHECKING:
    from indexer.engine import Engine
    from indexer.settings import Settings
    from indexer.statcache import Look

__all__ = ["LOOK", "bring_up_to_date", "reindex"]

LOOK = "hanyeong.look"
"""Under this name stands what was seen of the archive before the command was loaded, if anything."""
_LEAST_MEMORY = 16 << 20
"""Bytes; with less, nearly every document would become a segment of its own."""


def _bytes(_context: click.Context, _parameter: click.Parameter, value: str) -> int:
    """The number of bytes that is meant by 512M or 1G."""
    match = re.fullmatch(r"([1-9]\d{0,5})([MG])", value.strip().upper().removesuffix("B"))
    size = int(match[1]) << {"M": 20, "G": 30}[match[2]] if match else 0
    if size < _LEAST_MEMORY:
        wrong = "is too little" if match else "is not a size"
        raise click.BadParameter(
            f"{value!r} {wrong}; give a whole number of M or G, {_LEAST_MEMORY >> 20}M or more, "
            "such as 512M or 1G"
        )
    return size


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...", type=click.Path(path_type=Path))
@click.option(
    "--rebuild", is_flag=True, help="Read everything anew, beside the present index, then replace it."
)
@click.option("--check", is_flag=True, help="Change nothing; tell which passages would keep their addresses.")
@click.option(
    "--memory",
    callback=_bytes,
    default="1G",
    show_default=True,
    metavar="SIZE",
    help="Memory for what waits to be written, beside Kiwi's: 512M, 1G.  Less is slower.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@click.pass_context
@one_line
def reindex(
    context: click.Context,
    sources: Sequence[Path],
    *,
    rebuild: bool,
    check: bool,
    memory: int,
    as_json: bool,
) -> int:
    """Bring the index up to date with the archive's files.

    Only files that have changed are read.  SOURCE is a file or a folder; by default the folder `documents`
    of the archive.

    With --json each line is an object whose `event` is planned, unchanged, indexed, renamed, removed, failed,
    undated, unused, learned or postponed; with --check it is checked or failed, and at last totals.

    \b
    Examples:
      hanyeong reindex
      hanyeong reindex data/documents/letters
      hanyeong reindex --check
    """
    if check and rebuild:
        raise click.UsageError("--check changes nothing, --rebuild does: choose one of them")
    data: Path = context.obj
    look: Look | None = None
    if not (check or rebuild or sources):
        look = context.meta.get(LOOK) or tell_unchanged(os.fspath(data), as_json=as_json)
        if look is None:
            return DONE
    settings = settings_of(data, new=bool(sources) and not check)
    if check:
        return _check(settings, sources, as_json=as_json)
    return bring_up_to_date(settings, sources, rebuild=rebuild, as_json=as_json, memory=memory, look=look)


def bring_up_to_date(
    settings: Settings,
    sources: Sequence[Path],
    *,
    rebuild: bool,
    as_json: bool,
    memory: int = 1 << 30,
    look: Look | None = None,
) -> int:
    """Reindexes, and tells it as it goes; the exit code.

    Args:
        settings: of the archive.
        sources: files or folders; where there are none, the folder `documents`.
        rebuild: read everything anew.
        as_json: tell it to a program.
        memory: bytes for what waits to be written.
        look: what was seen of the archive before.
    """
    if look is not None and look.other != frozenset():
        from indexer.readers import prepare  # noqa: PLC0415

        prepare()  # before the rest is loaded
    from indexer.changes import Failed, Planned, Unused  # noqa: PLC0415
    from indexer.engine.whoosh import WhooshEngine  # noqa: PLC0415
    from indexer.reindex import reindex  # noqa: PLC0415

    engine = WhooshEngine(settings.index, memory)
    begin = partial(reindex, settings, engine, sources, rebuild=rebuild, look=look)
    before = _generation(engine)
    try:
        with terminable():
            if as_json:
                from indexer.events import print_events  # noqa: PLC0415

                seen = print_events(begin())
            else:
                from indexer.terminal.progress import print_changes  # noqa: PLC0415

                seen = print_changes(lambda watch: begin(watch=watch))
                if not sources and all(isinstance(change, Planned) for change in seen):
                    click.echo(nothing_to_read(str(settings.documents)))
    except (KeyboardInterrupt, Terminated) as stop:
        click.echo(f"hanyeong: stopped; {_left(before, _generation(engine))}", err=True)
        return code_of(stop)
    return SOME_FAILED if any(isinstance(change, Failed | Unused) for change in seen) else DONE


def _generation(engine: Engine) -> str:
    """What changes with every commit; empty where there is no index."""
    try:
        return engine.snapshot().generation
    except IndexMissingError:
        return ""
    except IndexOutdatedError:
        return "there is one that cannot be read"


def _left(before: str, after: str) -> str:
    """What a reindex leaves that was stopped, by the commits before and after it."""
    if before != after:
        return "the index is up to date, what its pairs teach is not: run it again"
    return "the index is as it was" if before else "there is no index yet"


def _check(settings: Settings, sources: Sequence[Path], *, as_json: bool) -> int:
    from indexer.changes import Failed  # noqa: PLC0415
    from indexer.check import check  # noqa: PLC0415
    from indexer.damage import damaged_beside  # noqa: PLC0415
    from indexer.engine.whoosh import WhooshEngine  # noqa: PLC0415
    from indexer.terminal.checked import checked_as_json, print_checked  # noqa: PLC0415
    from indexer.terminal.progress import watching  # noqa: PLC0415

    engine = WhooshEngine(settings.index)
    with watching() as watch:
        outcomes = list(check(settings, sources, engine, watch=watch))
    try:
        engine.snapshot().check()
    except IndexMissingError:
        pass
    except IndexOutdatedError as error:
        outcomes.append(Failed(settings.index.name, error.told(folder_named())))
    outcomes += (
        Failed(f"{settings.index.name}/{path.name}", error.told(folder_named()))
        for path, error in damaged_beside(settings)
    )
    if as_json:
        checked_as_json(outcomes)
    else:
        print_checked(outcomes)
    lost = any(isinstance(one, Failed) or one.comparison.lost for one in outcomes)
    return SOME_FAILED if lost else DONE
