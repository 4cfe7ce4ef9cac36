"""The console that everything is printed to, and what a person always sees alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.text import Text

from indexer.model.text import DocumentInfo
from indexer.terminal.visible import visible

__all__ = ["CELLS", "dated", "indent", "open_console", "plural"]

_ENDLESS: Final = 10_000
"""Columns of a line that goes to a file or to a program."""
CELLS: Final = " | "
"""Between the cells of a table row."""


class _Console(Console):
    """A console that obeys no text, and leaves the end of a broken pipe to the command."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Everything that is printed comes by here; what steers the terminal on purpose is not text."""
        for one in super().render(renderable, options):
            yield one if one.is_control else Segment(visible(one.text), one.style)

    def on_broken_pipe(self) -> None:
        """Is called while the error is handled; rich would end the program with 1."""
        raise BrokenPipeError


def open_console(*, stderr: bool = False) -> Console:
    """A console that prints texts as they are; where nobody watches, without breaking their lines."""
    console = _Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.soft_wrap = True
        console.width = _ENDLESS
    return console


def indent(console: Console, text: Text) -> None:
    """Prints a text two columns from the edge, on a terminal all of its lines."""
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, 2)))
    else:
        console.print(Text.assemble("  ", text))


def dated(info: DocumentInfo) -> str:
    """What stands behind a document's title: its date after two spaces; empty where it has none."""
    return f"  {info.date.isoformat()}" if info.date else ""


def plural(count: int, noun: str) -> str:
    """A number of things.

    >>> plural(1, "passage"), plural(1200, "passage")
    ('1 passage', '1,200 passages')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
