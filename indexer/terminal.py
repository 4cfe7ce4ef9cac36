"""What the command line shows: progress, marked snippets, tables; plain lines where nobody watches."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Final

import click
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from indexer.addresses import Difference
from indexer.changes import (
    Change,
    Checked,
    Failed,
    Indexed,
    Learned,
    Planned,
    Postponed,
    Removed,
    Stage,
    Unchanged,
    Watch,
)
from indexer.lexicon import Known
from indexer.model import (
    AlsoResults,
    BlockKind,
    DocumentHits,
    DocumentInfo,
    MarkedDocument,
    Passage,
    Reason,
    SearchResults,
    Snippet,
    Span,
    Stats,
    Style,
    Tally,
)
from indexer.query import NOTICES
from indexer.settings import Settings

__all__ = [
    "checked_as_json",
    "print_changes",
    "print_checked",
    "print_document",
    "print_info",
    "print_passage",
    "print_results",
]

_MARK: Final = "bold black on yellow"
_ENDLESS: Final = 10_000
"""Columns of a line that goes to a file or to a program."""
_PLAIN_MARKS: Final = ("**", "**")
"""Around a match where there are no colours, so that a piped snippet still shows it."""
_PLAIN_RENDERINGS: Final = ("_", "_")
"""The same around what renders a word of the query."""
_STYLES: Final[dict[Style, str]] = {"": "", "match": _MARK, "renders": "underline"}
_CELLS: Final = " | "
"""Between the cells of a table row."""
_STAGES: Final[dict[Stage, str]] = {
    "reading": "reading",
    "pairing": "learning which passages say the same",
    "indexing": "indexing",
}
_OFTEN: Final = 500
"""So many documents that have not changed are told at once: to tell takes longer than to see."""
_EXAMPLES: Final = 3
_EXCERPT: Final = 70
"""Code points of a text that are shown as an example."""
_FATES: Final = {
    "changed": "keep their address with another text",
    "moved": "keep their text and lead to another place",
    "split": "were part of a passage and get an address of their own",
    "merged": "lead to the passage that they went into, or to their other side",
    "lost": "would lead to a tombstone",
    "new": "get a new address",
}


def print_changes(changes: Callable[[Watch], Iterable[Change]]) -> list[Change]:
    """Shows a reindex as it goes, and sums it up; returns what was seen.

    Args:
        changes: begins the reindex; it is given what is to be told while nothing is yielded.
    """
    errors = _console(stderr=True)
    seen: list[Change] = []
    started = time.monotonic()
    with _progress(errors) as progress:
        task = progress.add_task(_STAGES["indexing"], total=None, rate="")
        characters = passed = 0

        def watch(stage: Stage, done: int) -> None:
            progress.update(task, description=_STAGES[stage], completed=passed + done)

        for change in changes(watch):
            seen.append(change)
            if isinstance(change, Planned):
                progress.update(task, total=change.sources)
                continue
            _say_change(errors, change)
            if isinstance(change, Removed | Learned | Postponed):
                continue
            passed += 1
            characters += change.characters if isinstance(change, Indexed) else 0
            if isinstance(change, Unchanged) and passed % _OFTEN:
                continue
            rate = characters / max(time.monotonic() - started, 1e-9)
            progress.update(task, completed=passed, rate=f"{rate:,.0f} characters/s" if characters else "")
    _console().print(_summary(seen, time.monotonic() - started))
    return seen


def _say_change(errors: Console, change: Change) -> None:
    match change:
        case Failed():
            errors.print(Text(f"failed: {change.reason}"))
        case Indexed():
            _say(errors, f"indexed: {change.path} ({change.passages} passages)")
        case Removed():
            _say(errors, f"removed: {change.document}")
        case Learned():
            _say(
                errors,
                f"learned: {_plural(change.renderings, 'rendering')} of words, from "
                f"{_plural(change.pairs, 'pair')}",
            )
        case Postponed():
            errors.print(_postponed(change))
        case _:
            pass


def print_postponed(waiting: Postponed) -> None:
    """Tells that learning waits, and what to do about it."""
    _console().print(_postponed(waiting))


def _postponed(waiting: Postponed) -> str:
    return (
        f"{waiting.changed:,} of {_plural(waiting.pairs, 'pair')} changed since it was learned "
        "how words are rendered; with more of them, or with hanyeong reindex --rebuild, it is learned again"
    )


def checked_as_json(outcomes: Iterable[Checked | Failed]) -> None:
    """Prints one JSON object a line."""
    for one in outcomes:
        click.echo(json.dumps({"event": type(one).__name__.lower(), **asdict(one)}, ensure_ascii=False))


def print_checked(outcomes: Sequence[Checked | Failed]) -> None:
    """Shows what reindexing would do to the addresses."""
    console = _console()
    for one in outcomes:
        if isinstance(one, Failed):
            _console(stderr=True).print(Text(f"failed: {one.reason}"))
    checked = [one for one in outcomes if isinstance(one, Checked)]
    kept = sum(one.comparison.kept for one in checked)
    console.print(Text.assemble((f"{kept:>7,} kept     ", "bold"), "as they were and where they were"))
    for kind, meaning in _FATES.items():
        found = [(one.document, each) for one in checked for each in getattr(one.comparison, kind)]
        style = "bold red" if kind == "lost" and found else "bold" if found else "dim"
        console.print(
            Text.assemble((f"{len(found):>7,} {kind:<8} ", style), (meaning, "" if found else "dim"))
        )
        for document, each in found[:_EXAMPLES]:
            _print_difference(console, kind, document, each)
        if len(found) > _EXAMPLES:
            console.print(Text(f"          … and {len(found) - _EXAMPLES:,} more", "dim"))


def _print_difference(console: Console, kind: str, document: str, one: Difference) -> None:
    """An example: the address, the document, what the passage said, and what has become of it."""
    # Which address a passage gets is only known when it is given.
    address = ("(new)", "dim") if kind in {"new", "split"} else (one.address, "cyan")
    console.print(Text.assemble("          ", address, f"  {document}"))
    before, after = excerpts(one.text, one.now if kind == "changed" else "", _EXCERPT)
    _print_line(console, f"            {before.replace(chr(9), _CELLS)}")
    if one.now:
        shown = after.replace("\t", _CELLS) if kind == "changed" else one.now
        _print_line(console, f"          → {shown}")


def _print_line(console: Console, line: str) -> None:
    """One line; on a terminal that is too narrow for it, its beginning."""
    console.print(Text(line), no_wrap=console.is_terminal, overflow="ellipsis")


def print_results(results: SearchResults, reasons: Sequence[tuple[Reason, ...]] = ()) -> None:
    """Shows hits with marked snippets and addresses, and for each the `reasons` that are given."""
    console = _console()
    for notice in results.notices:
        console.print(NOTICES[notice], style="italic")
    also = results.also if results.also and results.also.total else None
    if not results.text.strip() and not results.total:
        console.print("Name a word to search for, such as: hanyeong search ceasefire")
        return
    if not results.total and also is None:
        console.print(
            "Nothing found. Try fewer or shorter words, a beginning with a star (정전*), or no filter."
        )
        return
    console.print(f"{_plural(results.total, 'passage')} in {_plural(results.documents, 'document')}\n")
    _print_groups(console, results.groups, reasons)
    if also is not None:
        _print_also(console, also)


def _print_also(console: Console, also: AlsoResults) -> None:
    """What is found in the other language, and by which words."""
    name = "Korean" if also.lang == "ko" else "English"
    console.print(Text(f"Also in {name}: {_plural(also.total, 'passage')}", "bold"))
    for word in also.words:
        console.print(Text(f"  {word.text} → {', '.join(word.renderings)}"))
    console.print()
    _print_groups(console, also.groups)


def _print_groups(
    console: Console, groups: Sequence[DocumentHits], reasons: Sequence[tuple[Reason, ...]] = ()
) -> None:
    whys = iter(reasons)
    for group in groups:
        for hit in group.hits:
            _, title = group.document.titles.prefer(hit.passage.lang)
            head = Text.assemble(
                (hit.passage.address, "cyan"),
                "  ",
                (title or group.document.id, "bold"),
                _dated(group.document),
            )
            console.print(head)
            _indent(console, _shown(hit.snippet, plain=not console.is_terminal))
            if hit.pair is not None:
                side = _shown(hit.pair.shown, plain=not console.is_terminal)
                _indent(console, _dimmed(side))
            if brought := next(whys, ()):
                _indent(console, Text(", ".join(map(_reason, brought)), "italic"))
            console.print()


_HOW: Final = {
    "word": "as a word",
    "part": "by a part of it",
    "syllables": "by its syllables",
    "form": "in another form",
    "phrase": "as a phrase",
    "beginning": "by its beginning",
    "nearby": "words side by side",
    "common": "words that the best hits share",
}


def _reason(reason: Reason) -> str:
    title = " (in the title too)" if reason.in_title else ""
    return f"{reason.word} {_HOW[reason.kind]}{title} {reason.share:.0%}".strip()


def print_passage(passage: Passage, info: DocumentInfo, partners: Sequence[Passage] = ()) -> None:
    """Shows one passage, what says the same in the other language, and where it stands."""
    console = _console()
    _, title = info.titles.prefer(passage.lang)
    console.print(Text(passage.text.replace("\t", _CELLS)))
    for partner in partners:
        console.print(Text("\n" + partner.text.replace("\t", _CELLS), "dim"))
    console.print(
        Text.assemble("\n", (passage.address, "cyan"), "  ", (title or info.id, "bold"), _dated(info)),
        soft_wrap=True,
    )


def print_document(document: MarkedDocument) -> None:
    """Shows a whole document, each passage with its address."""
    console = _console()
    for _, title in document.info.titles.items():  # noqa: PERF102 - not a dict
        console.print(Text(title, "bold"))
    about = [*document.info.authors, *([document.info.date.isoformat()] if document.info.date else [])]
    console.print(Text(", ".join([*about, document.info.id]), "dim"))
    for marked in document.passages:
        passage = marked.passage
        style = "bold" if passage.kind in (BlockKind.TITLE, BlockKind.HEADING) else ""
        start = f"{passage.marker} " if passage.kind is BlockKind.LIST_ITEM else ""
        start = f"[{passage.label}] " if passage.kind is BlockKind.FOOTNOTE else start
        console.print(Text(f"\n{passage.address}", "cyan"))
        _indent(console, Text(start + passage.text.replace("\t", _CELLS), style))


def print_terms(asked: str, found: Sequence[tuple[str, tuple[Known, ...]]]) -> None:
    """Prints the renderings of each term, with the pairs of passages that speak for them."""
    console = _console()
    if not found:
        console.print(Text(f"The archive's pairs do not say how {asked} is rendered."))
        return
    for text, renderings in found:
        console.print(Text(text))
        for known in renderings:
            evidence = (
                "the glossary says so"
                if known.given
                else f"in {known.together} of {_plural(known.pairs, 'pair')} with {known.word}"
            )
            console.print(Text(f"  {known.text}   {evidence}"))


def print_info(
    settings: Settings,
    stats: Stats,
    documents: Sequence[DocumentInfo],
    tallies: Sequence[tuple[DocumentInfo, Tally]],
) -> None:
    """Shows what the archive holds, and what a translation editor should look at."""
    console = _console()
    counts = ", ".join(f"{count:,} in {lang}" for lang, count in stats.passages.items())
    console.print(
        f"{settings.data}: {_plural(stats.documents, 'document')}, "
        f"{_plural(sum(stats.passages.values()), 'passage')} ({counts})"
    )
    if stats.committed:
        console.print(f"last written {stats.committed.astimezone():%Y-%m-%d %H:%M:%S}")
    if tallies:
        console.print(f"in both languages: {_to_look_at(tallies)}")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("document", "date", "to look at", "title"):
        table.add_column(column, overflow="fold")
    to_look_at = {info.id: tally for info, tally in tallies}
    for info in documents:
        titles = " / ".join(title for _, title in info.titles.items())
        found = str(to_look_at[info.id].total) if info.id in to_look_at else ""
        table.add_row(Text(info.id), info.date.isoformat() if info.date else "", found, Text(titles))
    console.print(table)


def _to_look_at(tallies: Sequence[tuple[DocumentInfo, Tally]]) -> str:
    total = sum((tally for _, tally in tallies), Tally())
    parts = [
        _plural(len(tallies), "document"),
        f"{_plural(total.unpaired, 'passage')} without another side",
        f"{_plural(total.footnotes, 'pair')} with unequal footnotes",
        f"{_plural(total.numbers, 'pair')} with different numbers or dates",
    ]
    if total.terms:
        parts.append(f"{_plural(total.terms, 'term')} rendered in several ways")
    return ", ".join(parts)


class _Console(Console):
    """A console that leaves the end of a broken pipe to the command."""

    def on_broken_pipe(self) -> None:
        """Is called while the error is handled; rich would end the program with 1."""
        raise BrokenPipeError


def _console(*, stderr: bool = False) -> Console:
    """Prints texts as they are; where nobody watches, without breaking their lines."""
    console = _Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.soft_wrap = True
        console.width = _ENDLESS
    return console


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def _say(console: Console, line: str) -> None:
    """A plain line; on a terminal the progress bar tells enough."""
    if not console.is_terminal:
        console.file.write(f"{line}\n")  # rich would lay it out, ten thousand times


def _summary(seen: Sequence[Change], seconds: float) -> str:
    counts = Counter(type(change) for change in seen)
    passages = sum(change.passages for change in seen if isinstance(change, Indexed))
    parts = [f"{_plural(counts[Indexed], 'document')} indexed ({_plural(passages, 'passage')})"]
    parts += [f"{counts[Unchanged]:,} unchanged"] if counts[Unchanged] else []
    parts += [f"{counts[Removed]:,} removed"] if counts[Removed] else []
    parts += [f"{counts[Failed]:,} failed"] if counts[Failed] else []
    return f"{', '.join(parts)}, in {seconds:.1f} s"


def _marked(text: str, highlights: Sequence[Span], renderings: Sequence[Span], *, plain: bool) -> Text:
    """The text with its matches in colour, or between stars; the cells of a table row apart."""
    marked = Text()
    for part, style in Snippet(text, tuple(highlights), renderings=tuple(renderings)).styled():
        shown = part.replace("\t", _CELLS)
        if style and plain:
            around = _PLAIN_MARKS if style == "match" else _PLAIN_RENDERINGS
            shown = f"{around[0]}{shown}{around[1]}"
        marked.append(shown, _STYLES[style])
    return marked


def _shown(snippet: Snippet, *, plain: bool) -> Text:
    """A snippet with its matches, and dots where text was left out."""
    before, after = "… " if snippet.starts_inside else "", " …" if snippet.ends_inside else ""
    return Text.assemble(
        before, _marked(snippet.text, snippet.highlights, snippet.renderings, plain=plain), after
    )


def _dimmed(text: Text) -> Text:
    """The text in the background, its marks as they are."""
    dimmed = Text(style="dim")
    dimmed.append_text(text)
    return dimmed


def _indent(console: Console, text: Text) -> None:
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, 2)))
    else:
        console.print(Text.assemble("  ", text))


def _dated(info: DocumentInfo) -> str:
    return f"  {info.date.isoformat()}" if info.date else ""


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def excerpts(before: str, after: str, size: int) -> tuple[str, str]:
    """Parts of two texts, of at most `size` code points, around where they begin to differ.

    >>> excerpts("The talks begin in July at Kaesong.", "The talks begin in June at Kaesong.", 20)
    ('…lks begin in July at…', '…lks begin in June at…')
    """
    same = next((at for at, pair in enumerate(zip(before, after, strict=False)) if len({*pair}) > 1), 0)
    start = max(0, min(same - size * 3 // 4, len(before) - size)) if same > size // 2 else 0
    return _cut(before, start, size), _cut(after, start, size)


def _cut(text: str, start: int, size: int) -> str:
    part = text[start : start + size]
    return f"{'…' if start else ''}{part}{'…' if start + size < len(text) else ''}"
