"""The `hanyeong` command: arguments, progress, exit codes; no logic."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

import click

from indexer.errors import HanyeongError, UnknownAddressError, UnknownDocumentError
from indexer.glance import tell_unchanged
from indexer.listing import DATA

if TYPE_CHECKING:
    from indexer.model import Lang, MarkedDocument, Tombstone
    from indexer.search import Archive
    from indexer.settings import Settings
    from indexer.statcache import Look

__all__ = ["main"]

_P = ParamSpec("_P")
_LEAST_MEMORY = 16 << 20
"""Bytes; with less, nearly every document would become a segment of its own."""
_LOOK = "hanyeong.look"
"""Under this name stands what was seen of the archive before the command was loaded, if anything."""
_DONE, _SOME_FAILED, _COULD_NOT_RUN = 0, 1, 2


def _bytes(_context: click.Context, _parameter: click.Parameter, value: str) -> int:
    """The number of bytes that is meant by 512M or 1G."""
    match = re.fullmatch(r"([1-9]\d{0,5})([MG])", value.strip().upper().removesuffix("B"))
    if match is None:
        raise click.BadParameter(f"{value!r} is not a size; write it as 512M or 1G")
    size = int(match[1]) << {"M": 20, "G": 30}[match[2]]
    if size < _LEAST_MEMORY:
        raise click.BadParameter(f"{value!r} is too little; give it at least {_LEAST_MEMORY >> 20}M")
    return size


def _one_line(command: Callable[_P, int | None]) -> Callable[_P, None]:
    """Ends the command with its exit code; what went wrong on purpose is one line, not a trace."""

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            code = command(*args, **kwargs) or _DONE
        except HanyeongError as error:
            click.echo(f"hanyeong: {error}", err=True)
            code = _COULD_NOT_RUN
        except KeyboardInterrupt:
            click.echo("hanyeong: stopped; the index is as it was", err=True)
            code = 130
        except BrokenPipeError:
            # The reader of a pipe has gone (hanyeong show … | head); Python must not complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = _DONE
        sys.exit(code)

    return run


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
      hanyeong serve                          the search page, at http://127.0.0.1:8000/
      hanyeong reindex                        read what has changed in data/documents
      hanyeong search '정전 협상'             search from the terminal
      hanyeong --data ~/archive reindex       another archive
    """
    context.meta[_LOOK] = context.obj
    context.obj = data
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without Hangul still shows something


@main.command()
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path))
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
@_one_line
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
        look = context.meta.get(_LOOK) or tell_unchanged(os.fspath(data), as_json=as_json)
        if look is None:
            return _DONE
    settings = _settings(data)
    if check:
        return _check(settings, sources, as_json=as_json)
    return _reindex(settings, sources, rebuild=rebuild, as_json=as_json, memory=memory, look=look)


# -word leaves a word out, also one with an h in it.
@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--lang",
    type=click.Choice(["en", "ko", "both"]),
    help="Only passages in this language; both: only those that have another side.",
)
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Passages shown.")
@click.option("--explain", "explained", is_flag=True, help="Tell which words brought each passage, and how.")
@click.option("--no-also", is_flag=True, help="Nothing in the other language by what the pairs teach.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON, for programs.")
@click.pass_obj
@_one_line
def search(
    data: Path,
    query: Sequence[str],
    *,
    lang: Lang | Literal["both"] | None,
    limit: int,
    explained: bool,
    no_also: bool,
    as_json: bool,
) -> int:
    """Search the archive.

    \b
    Examples:
      hanyeong search ceasefire
      hanyeong search '"frozen conflict" year:2020..2023'
      hanyeong search 정전 협상 --lang ko --json
      hanyeong search 국가인권위원회 --explain
    """
    from indexer import terminal  # noqa: PLC0415 - rich loads only where it is used
    from indexer.interchange import Paths, search_json  # noqa: PLC0415
    from indexer.search import open_archive  # noqa: PLC0415

    if tuple(query) == ("-h",):
        click.echo(click.get_current_context().get_help())
        return _DONE
    if unknown := [word for word in query if word.startswith("--")]:
        raise click.UsageError(f"no such option: {unknown[0]}")
    side = None if lang == "both" else lang
    archive = open_archive(_settings(data))
    results = archive.passages(
        " ".join(query), lang=side, paired=lang == "both", limit=limit, also="off" if no_also else "few"
    )
    reasons = archive.explain(results.text, [hit.passage for hit in results.hits]) if explained else ()
    if as_json:
        _print_json(search_json(results, Paths(), reasons))
    else:
        terminal.print_results(results, reasons)
    return _DONE


@main.command()
@click.argument("name", metavar="ADDRESS|DOCUMENT")
@click.option("--lang", type=click.Choice(["en", "ko"]), help="Only in this language.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON, for programs.")
@click.pass_obj
@_one_line
def show(data: Path, name: str, *, lang: Lang | None, as_json: bool) -> int:
    """Show one passage by its address, or a whole document by its id.

    \b
    Examples:
      hanyeong show bh8ngf6cd
      hanyeong show hangul-history
    """
    from indexer import terminal  # noqa: PLC0415
    from indexer.interchange import Paths, document_json, passage_json  # noqa: PLC0415
    from indexer.search import open_archive  # noqa: PLC0415

    archive = open_archive(_settings(data))
    try:
        passage, document = archive.place(name, lang)
    except UnknownAddressError:
        if (gone := archive.tombstone(name, lang)) is not None:
            raise UnknownAddressError(_epitaph(gone)) from None
        document = _document_named(archive, name)
        if lang is not None:
            document = replace(
                document, passages=tuple(one for one in document.passages if one.passage.lang == lang)
            )
        if as_json:
            _print_json(document_json(document, Paths()))
        else:
            terminal.print_document(document)
        return _DONE
    partners = document.partners(passage) if lang is None else ()
    if as_json:
        _print_json(passage_json(passage, document.info, Paths(), partners))
    else:
        terminal.print_passage(passage, document.info, partners)
    return _DONE


@main.command()
@click.argument("word", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="The renderings as JSON, for programs.")
@click.pass_obj
@_one_line
def terms(data: Path, word: Sequence[str], *, as_json: bool) -> int:
    """Show how the archive renders a word or a term in the other language.

    \b
    Examples:
      hanyeong terms ceasefire
      hanyeong terms armistice
    """
    from indexer import terminal  # noqa: PLC0415
    from indexer.interchange import terms_json  # noqa: PLC0415
    from indexer.search import open_archive  # noqa: PLC0415

    found = open_archive(_settings(data)).terms(" ".join(word))
    if as_json:
        _print_json(terms_json(found))
    else:
        terminal.print_terms(" ".join(word), found)
    return _DONE


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one."
)
@click.pass_obj
@_one_line
def serve(data: Path, *, host: str, port: int) -> int:
    """Serve the search page; builds the index first where there is none.

    \b
    Examples:
      hanyeong serve
      hanyeong --data ~/archive serve --host 0.0.0.0 --port 8080
    """
    from indexer.search import open_archive  # noqa: PLC0415
    from webapp.server import serve_forever  # noqa: PLC0415

    settings = _settings(data)
    archive = open_archive(settings)
    code = _DONE if archive.is_built() else _reindex(settings, (), rebuild=False, as_json=False)
    serve_forever(
        archive, host, port, announce=lambda url: click.echo(f"Hanyeong is at {url} (Ctrl-C stops it)")
    )
    # Nothing is left to be done, and Kiwi's own threads can keep Python from ending.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON, for programs.")
@click.pass_obj
@_one_line
def info(data: Path, *, as_json: bool) -> int:
    """Tell what the archive holds."""
    from indexer import terminal  # noqa: PLC0415
    from indexer.interchange import stats_json, tallies_json  # noqa: PLC0415
    from indexer.search import open_archive  # noqa: PLC0415
    from indexer.teaching import postponed  # noqa: PLC0415

    archive = open_archive(_settings(data))
    waiting = postponed(archive.settings)
    if as_json:
        told = {"postponed": asdict(waiting)} if waiting else {}
        _print_json({**stats_json(archive.stats()), **told, "report": tallies_json(archive.tallies())})
    else:
        terminal.print_info(archive.settings, archive.stats(), archive.documents(), archive.tallies())
        if waiting:
            terminal.print_postponed(waiting)
    return _DONE


def _settings(data: Path) -> Settings:
    from indexer.settings import load_settings  # noqa: PLC0415 - not needed for help, nor for a glance

    return load_settings(data)


def _epitaph(gone: Tombstone) -> str:
    near = f"; near it stands {gone.nearest.address}" if gone.nearest else ""
    text = " ".join(gone.text.split())
    return f"the passage {gone.address} is no longer in {gone.document}; it said: {text}{near}"


def _document_named(archive: Archive, name: str) -> MarkedDocument:
    try:
        return archive.document(name)
    except UnknownDocumentError as error:
        raise UnknownDocumentError(
            f"there is neither a passage nor a document {name!r}; hanyeong info lists the documents"
        ) from error


def _reindex(
    settings: Settings,
    sources: Sequence[Path],
    *,
    rebuild: bool,
    as_json: bool,
    memory: int = 1 << 30,
    look: Look | None = None,
) -> int:
    if look is not None and look.other != frozenset():
        from indexer.readers import prepare  # noqa: PLC0415

        prepare()  # before the rest is loaded
    from indexer.changes import Failed  # noqa: PLC0415
    from indexer.engine.whoosh import WhooshEngine  # noqa: PLC0415
    from indexer.reindex import reindex  # noqa: PLC0415

    engine = WhooshEngine(settings.index, memory)
    begin = partial(reindex, settings, engine, sources, rebuild=rebuild, look=look)
    if as_json:
        from indexer.events import print_events  # noqa: PLC0415

        seen = print_events(begin())
    else:
        from indexer import terminal  # noqa: PLC0415

        seen = terminal.print_changes(lambda watch: begin(watch=watch))
    return _SOME_FAILED if any(isinstance(change, Failed) for change in seen) else _DONE


def _check(settings: Settings, sources: Sequence[Path], *, as_json: bool) -> int:
    from indexer import terminal  # noqa: PLC0415
    from indexer.changes import Failed  # noqa: PLC0415
    from indexer.reindex import check  # noqa: PLC0415

    outcomes = list(check(settings, sources))
    if as_json:
        terminal.checked_as_json(outcomes)
    else:
        terminal.print_checked(outcomes)
    lost = any(isinstance(one, Failed) or one.comparison.lost for one in outcomes)
    return _SOME_FAILED if lost else _DONE


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))
