"""What one file gives before it is known what else belongs to its document, and the marks used on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from indexer.model.dates import Date
from indexer.model.text import Bilingual, Block, BlockKind, Lang, Reference, Span
from indexer.normalise import normalise

__all__ = ["Draft", "block", "mark", "plain", "resolve", "table_row"]

# Noncharacters that Unicode reserves for use inside a program: no document may contain them.
_OPEN: Final = "\ufdd0"
_CLOSE: Final = "\ufdd1"
_RESERVED: Final = re.compile(f"[{_OPEN}{_CLOSE}]")
_MARK: Final = re.compile(rf"\[\s*{_OPEN}([^{_CLOSE}]*){_CLOSE}\s*\]|{_OPEN}([^{_CLOSE}]*){_CLOSE}")


_EMPTY: Final = "–"


@dataclass(frozen=True, slots=True)
class Draft:
    """One file as its format's reader understands it; what the file does not say is empty."""

    blocks: tuple[Block, ...]
    titles: Bilingual = field(default_factory=Bilingual)
    """Titles whose language is declared."""
    title: str = ""
    """A title whose language is not declared."""
    authors: tuple[str, ...] = ()
    date: Date | None = None
    undated: str = ""
    """What is wrong with the date that the file declares, where it cannot be understood; names no file."""
    id: str = ""
    lang: Lang | None = None
    """The language that the text itself declares for the whole file."""
    byline_first: bool = False
    """Whether the authors are but the file's properties, which give way to a byline in the text."""


def plain(text: str) -> str:
    """Text of a file without the two characters that `mark` uses."""
    return _RESERVED.sub("", text)


def mark(label: str) -> str:
    """A footnote mark to be put into raw text, until `resolve` finds it again."""
    return f"{_OPEN}{plain(label)}{_CLOSE}"


def resolve(raw: str) -> tuple[str, tuple[Reference, ...]]:
    """The normalised text of raw text with marks, in which each mark reads `[label]`, and the references.

    >>> resolve("the  war. " + mark("3"))
    ('the war. [3]', (Reference(label='3', span=Span(start=9, end=12)),))
    """
    text = ""
    references = []
    # Spaces are collapsed over the marks as well, so the whole is normalised with stand-ins of one letter.
    labels = [normalise(bracketed or bare) for bracketed, bare in _MARK.findall(raw)]
    pieces = normalise(_MARK.sub("\uf8ff", raw.replace("\uf8ff", ""))).split("\uf8ff")
    for piece, label in zip(pieces, [*labels, None], strict=True):
        text += piece
        if label is not None:
            shown = f"[{label}]"
            references.append(Reference(label, Span(len(text), len(text) + len(shown))))
            text += shown
    return text, tuple(references)


def block(kind: BlockKind, raw: str, *, level: int = 0, marker: str = "", label: str = "") -> Block | None:
    """A block of raw text with marks, or `None` where there is no text."""
    text, references = resolve(raw)
    if not text:
        return None
    return Block(kind, text, level=level, marker=marker, label=label, references=references)


def table_row(cells: Sequence[str], *, head: bool = False) -> Block | None:
    r"""A row of a table from the raw texts of its cells, or `None` where all are empty.

    Empty cells before the first text get a dash, because a text may not begin with white space.

    >>> table_row(["", "한국어", "English"], head=True).text
    '–\t한국어\tEnglish'
    """
    found = [resolve(cell) for cell in cells]
    while found and not found[-1][0]:
        found.pop()
    text = ""
    references: list[Reference] = []
    for at, (cell, marks) in enumerate(found):
        text += "\t" if at else ""
        references += [
            Reference(mark.label, Span(len(text) + mark.span.start, len(text) + mark.span.end))
            for mark in marks
        ]
        text += cell or ("" if text.strip(f"{_EMPTY}\t") else _EMPTY)
    if not found:
        return None
    return Block(BlockKind.TABLE_ROW, text, marker="head" if head else "", references=tuple(references))
