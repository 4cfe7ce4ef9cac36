"""What reindexing would do to the addresses, told without doing it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Final

import click
from rich.console import Console
from rich.text import Text

from indexer.addresses import Difference
from indexer.changes import Checked, Failed
from indexer.obeyed import in_json
from indexer.terminal.console import CELLS, open_console
from indexer.terminal.visible import visible_line

__all__ = ["checked_as_json", "excerpts", "print_checked"]

_EXAMPLES: Final = 3
_NEW: Final = ("(new)", "dim")
"""Instead of an address that is only known when it is given, and how that looks."""
_EXCERPT: Final = 70
"""Code points of a text that are shown as an example."""
_FATES: Final = {
    "changed": "keep their address with another text",
    "moved": "keep their text and lead to another place",
    "split": "were part of a passage or a pair and get an address of their own",
    "merged": "lead to the passage that they went into, or to their other side",
    "lost": "would lead to a tombstone",
    "new": "get a new address",
}


def checked_as_json(outcomes: Iterable[Checked | Failed]) -> None:
    """Prints one JSON object a line; the last one has the totals of all documents."""
    totals = Counter(dict.fromkeys(("kept", *_FATES, "failed"), 0))
    for one in outcomes:
        told = {"event": type(one).__name__.lower(), **asdict(one)}
        click.echo(in_json(json.dumps(told, ensure_ascii=False)))
        if isinstance(one, Failed):
            totals["failed"] += 1
        else:
            totals["kept"] += one.comparison.kept
            totals.update({kind: len(getattr(one.comparison, kind)) for kind in _FATES})
    click.echo(json.dumps({"event": "totals", **totals}))


def print_checked(outcomes: Sequence[Checked | Failed]) -> None:
    """Shows what reindexing would do to the addresses."""
    console = open_console()
    for one in outcomes:
        if isinstance(one, Failed):
            open_console(stderr=True).print(Text(visible_line(f"failed: {one.told}")))
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
    address = (one.address, "cyan") if one.address else _NEW
    console.print(Text.assemble("          ", address, f"  {document}"))
    before, after = excerpts(one.text, one.now if kind == "changed" else "", _EXCERPT)
    _print_line(console, f"            {before.replace(chr(9), CELLS)}")
    if kind == "changed":
        _print_line(console, f"          → {after.replace(chr(9), CELLS)}")
    elif kind == "split":
        _print_line(console, f"          from {one.now}")
    elif kind == "merged" or one.now:
        _print_line(console, f"          → {one.now or 'a passage with a new address'}")


def _print_line(console: Console, line: str) -> None:
    """One line; on a terminal that is too narrow for it, its beginning."""
    console.print(Text(line), no_wrap=console.is_terminal, overflow="ellipsis")


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
