"""One passage, a whole document, and what the archive holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from indexer.authors import authors_of
from indexer.model.archive import MarkedDocument, Stats, Tally
from indexer.model.text import BlockKind, DocumentInfo, Lang, Passage
from indexer.settings import Settings
from indexer.terminal.console import CELLS, dated, indent, open_console, plural

__all__ = ["print_document", "print_empty", "print_info", "print_passage"]

_NAMES: Final[Mapping[Lang, str]] = {"en": "English", "ko": "Korean"}


def print_passage(passage: Passage, info: DocumentInfo, partners: Sequence[Passage] = ()) -> None:
    """Shows one passage, what says the same in the other language, and where it stands."""
    console = open_console()
    _, title = info.titles.prefer(passage.lang)
    console.print(Text(passage.text.replace("\t", CELLS)))
    for partner in partners:
        console.print(Text("\n" + partner.text.replace("\t", CELLS), "dim"))
    console.print(
        Text.assemble("\n", (passage.address, "cyan"), "  ", (title or info.id, "bold"), dated(info)),
        soft_wrap=True,
    )


def print_document(document: MarkedDocument) -> None:
    """Shows a whole document, each passage with its address."""
    console = open_console()
    for _, title in document.info.titles.items():  # noqa: PERF102 - not a dict
        console.print(Text(title, "bold"))
    authors = (" / ".join(spellings) for spellings in authors_of(document.info, "en"))
    about = [*authors, *([document.info.date.isoformat()] if document.info.date else [])]
    console.print(Text(", ".join([*about, document.info.id]), "dim"))
    for marked in document.passages:
        passage = marked.passage
        style = "bold" if passage.kind in (BlockKind.TITLE, BlockKind.HEADING) else ""
        start = f"{passage.marker} " if passage.kind is BlockKind.LIST_ITEM else ""
        start = f"[{passage.label}] " if passage.kind is BlockKind.FOOTNOTE else start
        console.print(Text(f"\n{passage.address}", "cyan"))
        indent(console, Text(start + passage.text.replace("\t", CELLS), style))


def print_empty(settings: Settings) -> None:
    """Says what to do about an archive that has no document."""
    open_console().print(
        Text(f"The index is empty: put texts into {settings.documents} and run hanyeong reindex.")
    )


def print_info(
    settings: Settings,
    stats: Stats,
    documents: Sequence[DocumentInfo],
    tallies: Sequence[tuple[DocumentInfo, Tally]],
    unread: Mapping[str, int],
) -> None:
    """Shows what the archive holds, what nobody reads, and what a translation editor should look at."""
    console = open_console()
    counts = ", ".join(f"{count:,} in {_NAMES[lang]}" for lang, count in stats.passages.items())
    console.print(
        f"{settings.data}: {plural(stats.documents, 'document')}, "
        f"{plural(sum(stats.passages.values()), 'passage')} ({counts})"
    )
    if stats.committed:
        console.print(f"last written {stats.committed.astimezone():%Y-%m-%d %H:%M:%S}")
    if unread:
        kinds = ", ".join(f"{count:,} {kind or 'without a suffix'}" for kind, count in sorted(unread.items()))
        console.print(f"files that are not read, by their kind: {kinds}")
    if tallies:
        console.print(f"in both languages: {_to_look_at(tallies)}")
    if not documents:
        print_empty(settings)
        return
    # A name that is folded cannot be copied; where names are long, titles need the room as well.
    whole = max(cell_len(info.id) for info in documents) <= console.width // 2
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("document", "date", "to look at", "title"):
        table.add_column(column, overflow="fold", no_wrap=whole and column == "document")
    to_look_at = {info.id: tally for info, tally in tallies}
    for info in documents:
        titles = " / ".join(title for _, title in info.titles.items())
        found = str(to_look_at[info.id].total) if info.id in to_look_at else ""
        table.add_row(Text(info.id), info.date.isoformat() if info.date else "", found, Text(titles))
    console.print(table)


def _to_look_at(tallies: Sequence[tuple[DocumentInfo, Tally]]) -> str:
    total = sum((tally for _, tally in tallies), Tally())
    parts = [
        plural(len(tallies), "document"),
        f"{plural(total.unpaired, 'passage')} without another side",
        f"{plural(total.footnotes, 'pair')} with unequal footnotes",
        f"{plural(total.numbers, 'pair')} with different numbers or dates",
    ]
    if total.terms:
        parts.append(f"{plural(total.terms, 'term')} rendered in several ways")
    return ", ".join(parts)
