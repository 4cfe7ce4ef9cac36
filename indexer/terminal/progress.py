"""A reindex as it goes: a bar where somebody watches, else a line for each change, and the sum of it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from indexer.changes import (
    Change,
    Failed,
    Indexed,
    Learned,
    Planned,
    Postponed,
    Removed,
    Renamed,
    Stage,
    Unchanged,
    Undated,
    Unused,
    Watch,
)
from indexer.terminal.console import open_console, plural
from indexer.terminal.visible import visible_line

__all__ = ["print_changes", "print_postponed", "watching"]

_STAGES: Final[dict[Stage, str]] = {
    "reading": "reading",
    "pairing": "learning which passages say the same",
    "indexing": "indexing",
}
_MUCH: Final = 0.2
"""The part of the passages in documents in both languages that may have no pair before it is told."""
_FEW: Final = 200
"""Pairs that teach little."""
_OFTEN: Final = 500
"""So many documents that have not changed are told at once: to tell takes longer than to see."""


def print_changes(changes: Callable[[Watch], Iterable[Change]]) -> list[Change]:
    """Shows a reindex as it goes, and sums it up; returns what was seen.

    Args:
        changes: begins the reindex; it is given what is to be told while nothing is yielded.
    """
    errors = open_console(stderr=True)
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
            if isinstance(change, Removed | Renamed | Undated | Unused | Learned | Postponed):
                continue
            passed += 1
            characters += change.characters if isinstance(change, Indexed) else 0
            if isinstance(change, Unchanged) and passed % _OFTEN:
                continue
            rate = characters / max(time.monotonic() - started, 1e-9)
            progress.update(task, completed=passed, rate=f"{rate:,.0f} characters/s" if characters else "")
    console = open_console()
    console.print(_summary(seen, time.monotonic() - started))
    if remark := _unpaired(seen):
        console.print(remark)
    return seen


@contextmanager
def watching() -> Iterator[Callable[[int, int], None]]:
    """Shows how much has been read, to somebody who watches: what it gives is told that, and of how much."""
    with _progress(open_console(stderr=True)) as progress:
        task = progress.add_task(_STAGES["reading"], total=None, rate="")
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _say_change(errors: Console, change: Change) -> None:
    match change:
        case Failed():
            errors.print(Text(visible_line(f"failed: {change.told}")))
        case Undated():
            errors.print(Text(visible_line(f"undated: {change.reason}")))
        case Unused():
            errors.print(Text(visible_line(f"unused: {change.reason}")))
        case Indexed():
            _say(errors, f"indexed: {change.path} ({change.passages} passages)")
        case Removed():
            _say(errors, f"removed: {change.document}")
        case Renamed():
            _say(errors, f"renamed: {change.before} → {change.document}")
        case Learned():
            _say(
                errors,
                f"learned: {plural(change.renderings, 'rendering')} of words, from "
                f"{plural(change.pairs, 'pair')}",
            )
        case Postponed():
            errors.print(_postponed(change))
        case _:
            pass


def print_postponed(waiting: Postponed) -> None:
    """Tells that learning waits, and what to do about it."""
    open_console().print(_postponed(waiting))


def _postponed(waiting: Postponed) -> str:
    return (
        f"{waiting.changed:,} of {plural(waiting.pairs, 'pair')} changed since it was learned "
        "how words are rendered; with more of them, or with hanyeong reindex --rebuild, it is learned again"
    )


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
        console.file.write(f"{visible_line(line)}\n")  # rich would lay it out, ten thousand times


def _summary(seen: Sequence[Change], seconds: float) -> str:
    counts = Counter(type(change) for change in seen)
    passages = sum(change.passages for change in seen if isinstance(change, Indexed))
    parts = [f"{plural(counts[Indexed], 'document')} indexed ({plural(passages, 'passage')})"]
    parts += [f"{counts[Renamed]:,} of them renamed"] if counts[Renamed] else []
    parts += [f"{counts[Unchanged]:,} unchanged"] if counts[Unchanged] else []
    parts += [f"{counts[Removed]:,} removed"] if counts[Removed] else []
    parts += [f"{counts[Failed]:,} failed"] if counts[Failed] else []
    parts += [f"{plural(counts[Undated], 'date')} not understood"] if counts[Undated] else []
    unused = sum(change.lines for change in seen if isinstance(change, Unused))
    parts += [f"{plural(unused, 'line')} of the glossary unused"] if unused else []
    return f"{', '.join(parts)}, in {seconds:.1f} s"


def _unpaired(seen: Sequence[Change]) -> str:
    """That much of what was indexed in both languages has no pair; empty where it is little."""
    both = [change for change in seen if isinstance(change, Indexed) and change.unpaired is not None]
    passages = sum(change.passages for change in both)
    alone = sum(change.unpaired or 0 for change in both)
    if alone <= _MUCH * passages:
        return ""
    told = f"{alone:,} of {plural(passages, 'passage')} in documents in both languages have no pair"
    pairs = [change.pairs for change in seen if isinstance(change, Learned | Postponed)]
    if alone == passages or (pairs and pairs[-1] < _FEW):
        told += ": a small archive teaches little, and what is not sure is left unpaired"
    return f"{told}; hanyeong info tells where"
