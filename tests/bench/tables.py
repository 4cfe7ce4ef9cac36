"""The measurements as tables for a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.bench.engines import HANYEONG
from tests.bench.figures import exponent, percentile_95
from tests.bench.goals import Goal, by_kind, times, total
from tests.bench.queries import Measured, Timed
from tests.bench.questions import KINDS

__all__ = ["print_goals", "print_growth", "print_measured", "table"]

_WIDTH: Final = 132
_NONE: Final = "–"
console = Console(width=_WIDTH, highlight=False)


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints a table whose first column is text and whose others are figures."""
    made = Table(title=title, title_justify="left")
    for number, head in enumerate(heads):
        made.add_column(head, justify="right" if number else "left", no_wrap=True)
    for row in rows:
        made.add_row(*row)
    console.print(made)


def print_measured(measured: Measured) -> None:
    """The tables of one size."""
    for finished, what in ((False, "ten ids"), (True, "finished page: ten passages with marked snippets")):
        rows = [_row(measured, kind, finished=finished) for kind in KINDS]
        rows.append(_last_row(measured, finished=finished))
        table(
            f"{measured.size:,} passages, {what}: median / 95th percentile in ms (× Hanyeong's median)",
            ("kind", *measured.engines),
            rows,
        )
    table(
        f"{measured.size:,} passages, indexing", _BUILT, [_built(measured, name) for name in measured.built]
    )


def print_growth(sizes: Sequence[Measured]) -> None:
    """How the median grows from size to size, as an exponent."""
    steps = [(before, after) for before, after in zip(sizes, sizes[1:], strict=False)]
    heads = ("finished page: growth as an exponent", *(f"{a.size:,} → {b.size:,}" for a, b in steps))
    engines = [name for name in sizes[0].engines if sizes[0].of(name, finished=True)]
    rows = [(name, *(_growth(before, after, name) for before, after in steps)) for name in engines]
    table("", heads, rows)


def print_goals(goals: Iterable[Goal]) -> None:
    """What must be reached, line by line."""
    rows = [
        (goal.name, goal.wanted, f"{goal.value:.2f}", "reached" if goal.reached else "missed")
        for goal in goals
    ]
    table("What it must reach", ("", "wanted", "measured", ""), rows)


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


def _row(measured: Measured, kind: str, *, finished: bool) -> tuple[str, ...]:
    cells = []
    for name in measured.engines:
        timed = measured.of(name, finished=finished).get(kind)
        ratio = by_kind(measured, name, finished=finished).get(kind)
        cells.append(_cell(timed, ratio) if timed and ratio else _NONE)
    return kind, *cells


def _cell(timed: Timed, ratio: float) -> str:
    seconds = timed.answered
    part = f" [{len(seconds)}]" if len(seconds) < len(timed.seconds) else ""
    return f"{1e3 * median(seconds):.2f} / {1e3 * percentile_95(seconds):.2f} ({ratio:.2f}×){part}"


def _last_row(measured: Measured, *, finished: bool) -> tuple[str, ...]:
    cells = [
        f"({times(measured, name, finished=finished):.2f}×)"
        if measured.of(name, finished=finished)
        else _NONE
        for name in measured.engines
    ]
    return "geometric mean", *cells


def _growth(before: Measured, after: Measured, name: str) -> str:
    if name not in after.engines:
        return _NONE
    sizes = [before.size, after.size]
    return f"{exponent(sizes, [total(one, name, finished=True) for one in (before, after)]):.2f}"
