"""The measurements as tables for a person."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.bench.engines import HANYEONG, Job
from tests.bench.figures import exponent, percentile_95
from tests.bench.files import Files
from tests.bench.goals import Goal, by_kind, times, total
from tests.bench.pages import Served
from tests.bench.queries import Measured, Timed
from tests.bench.questions import KINDS
from tests.bench.writing import Written

__all__ = [
    "print_files",
    "print_goals",
    "print_growth",
    "print_measured",
    "print_served",
    "print_written",
]

_WIDTH: Final = 132
_NONE: Final = "–"
_JOBS: Final[dict[Job, str]] = {
    "ids": "ten ids",
    "marked": "ten passages with marked snippets, from the same terms",
    "finished": "finished page, from what was typed; Hanyeong's with facets, counts and the other sides",
}
console = Console(width=_WIDTH, highlight=False)


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table whose first column is text and whose others are figures."""
    made = Table(title=title, title_justify="left")
    for number, head in enumerate(heads):
        made.add_column(head, justify="right" if number else "left", no_wrap=True)
    for row in rows:
        made.add_row(*row)
    console.print(made)


def print_measured(measured: Measured) -> None:
    """The tables of one size."""
    for job, what in _JOBS.items():
        rows = [_row(measured, kind, job=job) for kind in KINDS]
        rows.append(_last_row(measured, job=job))
        _table(
            f"{measured.size:,} passages, {what}: median / 95th percentile in ms (× Hanyeong's median)",
            ("kind", *measured.engines),
            rows,
        )
    _table(
        f"{measured.size:,} passages, indexing", _BUILT, [_built(measured, name) for name in measured.built]
    )


def print_growth(sizes: Sequence[Measured]) -> None:
    """How the median grows from size to size, as an exponent."""
    steps = [(before, after) for before, after in itertools.pairwise(sizes)]
    heads = ("finished page: growth as an exponent", *(f"{a.size:,} → {b.size:,}" for a, b in steps))
    engines = [name for name in sizes[0].engines if sizes[0].of(name, job="finished")]
    rows = [(name, *(_growth(before, after, name) for before, after in steps)) for name in engines]
    _table("", heads, rows)


def print_served(served: Served) -> None:
    """Pages over HTTP."""
    rows = []
    for ours, theirs in zip(served.serving, served.at_hand, strict=True):
        middle, high = served.ratios(ours.clients)
        rows.append(
            (
                str(ours.clients),
                *(f"{1e3 * figure:.1f}" for load in (ours, theirs) for figure in _latency(load.seconds)),
                f"{middle:.2f}× / {high:.2f}×",
                f"{ours.throughput:.0f}",
                f"{theirs.throughput:.0f}",
            )
        )
    _table(
        f"{served.size:,} passages, pages over HTTP in ms; first English answer {served.first:.2f} s after "
        f"the start; {served.resident / 1e6:.0f} MB with Kiwi, {served.peak / 1e6:.0f} at most",
        _SERVED,
        rows,
    )


def print_written(written: Sequence[Written]) -> None:
    """Reindex of whole folders."""
    rows = [
        (
            one.lang,
            f"{one.passages:,}",
            f"{one.characters:,}",
            f"{one.seconds:.1f}",
            f"{one.beside} {one.alone:.1f}",
            f"{one.seconds / one.alone:.2f}×",
            f"{one.peak / 1e6:.0f}",
        )
        for one in written
    ]
    heads = ("reindex", "passages", "characters", "seconds", "beside: seconds", "ratio", "MB peak")
    _table("Reindex of whole folders", heads, rows)


def print_files(files: Files) -> None:
    """Folders where little has changed."""
    names = ("git status", "nothing changed", "an English one changed", "a Korean one changed", "Kiwi loads")
    seconds = (files.git_status, files.unchanged, files.english, files.korean, files.kiwi)
    rows = [
        (name, f"{one:.3f}", f"{one / files.git_status:.1f}")
        for name, one in zip(names, seconds, strict=True)
    ]
    _table(f"{files.files:,} files", ("", "seconds", "× git status"), rows)


def print_goals(goals: Iterable[Goal]) -> None:
    """What must be reached, line by line."""
    rows = [
        (goal.name, goal.wanted, f"{goal.value:.2f}", "reached" if goal.reached else "missed")
        for goal in goals
    ]
    _table("What it must reach", ("", "wanted", "measured", ""), rows)


_SERVED: Final = (
    "clients",
    "median",
    "95th",
    "at hand: median",
    "95th",
    "ratio: median / 95th",
    "pages/s",
    "at hand",
)
_BUILT: Final = (
    "engine",
    "seconds",
    "× Hanyeong's",
    "MB on disk",
    "× the text",
    "MB peak",
    "MB before",
    "MB asking",
)


def _latency(seconds: Sequence[float]) -> tuple[float, float]:
    return median(seconds), percentile_95(seconds)


def _built(measured: Measured, name: str) -> tuple[str, ...]:
    one, ours = measured.built[name], measured.built[HANYEONG]
    return (
        name,
        f"{one.seconds:.1f}",
        f"{one.seconds / ours.seconds:.2f}",
        f"{one.bytes / 1e6:.1f}",
        f"{one.bytes / measured.text_bytes:.2f}",
        f"{one.peak / 1e6:.0f}",
        f"{one.before / 1e6:.0f}",
        f"{measured.resident[name] / 1e6:.0f}",
    )


def _row(measured: Measured, kind: str, *, job: Job) -> tuple[str, ...]:
    cells = []
    for name in measured.engines:
        timed = measured.of(name, job=job).get(kind)
        ratio = by_kind(measured, name, job=job).get(kind)
        cells.append(_cell(timed, ratio) if timed and ratio else _NONE)
    return kind, *cells


def _cell(timed: Timed, ratio: float) -> str:
    seconds = timed.answered
    part = f" [{len(seconds)}]" if len(seconds) < len(timed.seconds) else ""
    return f"{1e3 * median(seconds):.2f} / {1e3 * percentile_95(seconds):.2f} ({ratio:.2f}×){part}"


def _last_row(measured: Measured, *, job: Job) -> tuple[str, ...]:
    cells = [
        f"({times(measured, name, job=job):.2f}×)" if measured.of(name, job=job) else _NONE
        for name in measured.engines
    ]
    return "geometric mean", *cells


def _growth(before: Measured, after: Measured, name: str) -> str:
    if name not in after.engines:
        return _NONE
    sizes = [before.size, after.size]
    return f"{exponent(sizes, [total(one, name, job='finished') for one in (before, after)]):.2f}"
