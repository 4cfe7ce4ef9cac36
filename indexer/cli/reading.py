"""`hanyeong search`, `show`, `terms` and `info`: what the archive has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from indexer.addresses import typed_address
from indexer.cli.edges import DONE, one_line, print_json, settings_of
from indexer.errors import UnknownAddressError, UnknownDocumentError
from indexer.terminal.visible import visible

if TYPE_CHECKING:
    from indexer.model.archive import FormerDocument, MarkedDocument, Tombstone
    from indexer.model.text import Lang
    from indexer.search import Archive

__all__ = ["info", "search", "show", "terms"]

_NOT_BOTH: Final = (
    "--also shows only what is found in the other language, --no-also leaves it out: choose one of them"
)
_NOTHING_TO_EXPLAIN: Final = (
    "--explain tells what brought the direct hits, which --also leaves out: choose one of them"
)


# -word leaves a word out, also one with an h in it.
@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--lang",
    type=click.Choice(["en", "ko", "both"]),
    help="Only passages in this language; both: only those that have another side.",
)
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Passages shown.")
@click.option("--explain", "explained", is_flag=True, help="Tell which words brought each passage, and how.")
@click.option(
    "--also",
    is_flag=True,
    help="Show only what is found in the other language by what the pairs teach, all of it.",
)
@click.option("--no-also", is_flag=True, help="Show none of what is found in the other language.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON, for programs.")
@click.pass_obj
@one_line
def search(
    data: Path,
    query: Sequence[str],
    *,
    lang: Lang | Literal["both"] | None,
    limit: int,
    explained: bool,
    also: bool,
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
    from indexer.interchange import Paths, search_json  # noqa: PLC0415
    from indexer.search import open_archive  # noqa: PLC0415
    from indexer.terminal.results import print_results  # noqa: PLC0415 - rich loads only where it is used

    if tuple(query) == ("-h",):
        click.echo(click.get_current_context().get_help())
        return DONE
    if unknown := [word for word in query if word.startswith("--")]:
        raise click.UsageError(f"no such option: {unknown[0]}")
    if also and (no_also or explained):
        raise click.UsageError(_NOT_BOTH if no_also else _NOTHING_TO_EXPLAIN)
    side = None if lang == "both" else lang
    archive = open_archive(settings_of(data))
    results = archive.passages(
        " ".join(query),
        lang=side,
        paired=lang == "both",
        limit=limit,
        also="all" if also else "off" if no_also else "few",
    )
    if not (results.total or as_json or archive.stats().documents):
        from indexer.terminal.documents import print_empty  # noqa: PLC0415 - seldom needed

        print_empty(archive.settings)
        return DONE
    reasons = archive.explain(results.text, [hit.passage for hit in results.hits]) if explained else ()
    if as_json:
        print_json(search_json(results, Paths(), reasons))
    elif also and not (results.also and results.also.total):
        click.echo("Nothing found in the other language by what the pairs teach.")
    else:
        print_results(results, reasons)
    return DONE


@click.command()
@click.argument("name", metavar="ADDRESS|DOCUMENT")
@click.option("--lang", type=click.Choice(["en", "ko"]), help="Only in this language.")
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON, for programs.")
@click.pass_obj
@one_line
def show(data: Path, name: str, *, lang: Lang | None, as_json: bool) -> int:
    """Show one passage by its address, or a whole document by its id.

    \b
    Examples:
      hanyeong show bh8ngf6cd
      hanyeong show hangul-history
    """
    from indexer.interchange import Paths, document_json, passage_json  # noqa: PLC0415
    from indexer.search import open_archive  # noqa: PLC0415
    from indexer.terminal.documents import print_document, print_passage  # noqa: PLC0415

    archive = open_archive(settings_of(data))
    name = _meant(archive, name)
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
            print_json(document_json(document, Paths()))
        else:
            print_document(document)
            if not document.passages:
                click.echo(f"\nNothing in it is in {'Korean' if lang == 'ko' else 'English'}.")
        return DONE
    partners = document.partners(passage) if lang is None else ()
    if as_json:
        print_json(passage_json(passage, document.info, Paths(), partners))
    else:
        print_passage(passage, document.info, partners)
    return DONE


@click.command(short_help="Show how the archive renders a word in the other language.")
@click.argument("word", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="The renderings as JSON, for programs.")
@click.pass_obj
@one_line
def terms(data: Path, word: Sequence[str], *, as_json: bool) -> int:
    """Show how the archive renders a word or a term in the other language.

    \b
    Examples:
      hanyeong terms ceasefire
      hanyeong terms armistice
    """
    from indexer.interchange import terms_json  # noqa: PLC0415
    from indexer.search import open_archive  # noqa: PLC0415
    from indexer.terminal.results import print_terms  # noqa: PLC0415

    if not " ".join(word).strip():
        raise click.UsageError("name a word, such as: hanyeong terms ceasefire")
    archive = open_archive(settings_of(data))
    found = archive.terms(" ".join(word))
    if not found:
        archive.stats()  # where there is no index, nothing was looked for
    if as_json:
        print_json(terms_json(found))
    else:
        print_terms(" ".join(word), found)
    return DONE


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The answer as JSON, for programs.")
@click.pass_obj
@one_line
def info(data: Path, *, as_json: bool) -> int:
    """Tell what the archive holds."""
    from indexer.interchange import stats_json, tallies_json  # noqa: PLC0415
    from indexer.learning import postponed  # noqa: PLC0415
    from indexer.readers import unread_kinds  # noqa: PLC0415
    from indexer.search import open_archive  # noqa: PLC0415
    from indexer.terminal.documents import print_info  # noqa: PLC0415
    from indexer.terminal.progress import print_postponed  # noqa: PLC0415

    archive = open_archive(settings_of(data))
    waiting = postponed(archive.settings)
    unread = unread_kinds(archive.settings.documents)
    if as_json:
        told = {"postponed": asdict(waiting)} if waiting else {}
        report = tallies_json(archive.tallies())
        print_json({**stats_json(archive.stats()), "unread": unread, **told, "report": report})
    else:
        print_info(archive.settings, archive.stats(), archive.documents(), archive.tallies(), unread)
        if waiting:
            print_postponed(waiting)
    return DONE


def _meant(archive: Archive, name: str) -> str:
    """The name as it was typed, or the address that is meant by it: capitals, or O for 0, belong to none."""
    address = typed_address(name)
    if address in (None, name):
        return name
    try:
        archive.document(name)
    except UnknownDocumentError:
        return address
    return name


def _epitaph(gone: Tombstone) -> str:
    near = f"; near it stands {gone.nearest.address}" if gone.nearest else ""
    text = " ".join(gone.text.split())
    return f"the passage {gone.address} is no longer in {gone.document}; it said: {text}{near}"


def _document_named(archive: Archive, name: str) -> MarkedDocument:
    """The document with this id; where it is called otherwise now, the way there is told on stderr."""
    try:
        return archive.document(name)
    except UnknownDocumentError as error:
        former = archive.former(name)
        if former is None:
            raise UnknownDocumentError(
                f"there is neither a passage nor a document {name!r}; hanyeong info lists the documents"
            ) from error
        if not former.now:
            raise UnknownDocumentError(_obituary(name, former)) from error
        click.echo(f"hanyeong: {visible(name)} is called {visible(former.now)} now", err=True)
        return archive.document(former.now)


def _obituary(name: str, former: FormerDocument) -> str:
    told = f"the document {name} is no longer in the archive"
    if former.begins:
        told += f"; it began: {' / '.join(text for _, text in former.begins.items())}"
    if former.elsewhere:
        told += f"; look for what stood in it in {', '.join(info.id for info in former.elsewhere)}"
    return " ".join(told.split())
