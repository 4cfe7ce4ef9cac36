"""Footnotes that are written out as `[1] ...`, tied to the marks `[1]` in the text."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from typing import Final

from indexer.model.text import Block, BlockKind, Reference, Span

__all__ = ["split_note", "tie"]

_NOTE: Final = re.compile(r"\[(\d{1,3}|[*†‡]{1,3})\]\s*(?=\S)")
_MARK: Final = re.compile(r"\[(\d{1,3}|[*†‡]{1,3})\]")
_NOT_TIED: Final = (BlockKind.CODE, BlockKind.FOOTNOTE)


def split_note(text: str) -> tuple[str, str] | None:
    """The label and the text of a written-out footnote, or `None` where the text is none.

    >>> split_note("[3] Foreign Affairs, April 13, 2023,")
    ('3', 'Foreign Affairs, April 13, 2023,')
    """
    found = _NOTE.match(text)
    return (found[1], text[found.end() :]) if found else None


def tie(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with written-out notes as footnotes and with every mark of a note as a reference.

    A paragraph that begins with `[1]` is a note where another block bears the same mark; a mark without a
    note anywhere in the document stays mere text.
    """
    if not any("[" in block.text for block in blocks):  # as in most documents
        return tuple(blocks)
    marked = {label for block in blocks for label in _labels(block)}
    tied = [_as_note(block, marked) for block in blocks]
    known = {block.label for block in tied if block.kind is BlockKind.FOOTNOTE}
    return tuple(_with_references(block, known) for block in tied)


def _labels(block: Block) -> Iterable[str]:
    start = split_note(block.text)
    return (found[1] for found in _MARK.finditer(block.text, 1 if start else 0))


def _as_note(block: Block, marked: set[str]) -> Block:
    found = split_note(block.text)
    if block.kind is not BlockKind.PARAGRAPH or found is None or found[0] not in marked:
        return block
    cut = len(block.text) - len(found[1])
    moved = [
        Reference(reference.label, Span(reference.span.start - cut, reference.span.end - cut))
        for reference in block.references
        if reference.span.start >= cut
    ]
    return dataclasses.replace(
        block, kind=BlockKind.FOOTNOTE, text=found[1], label=found[0], references=tuple(moved)
    )


def _with_references(block: Block, known: set[str]) -> Block:
    if block.kind in _NOT_TIED:
        return block
    taken = {reference.span for reference in block.references}
    marks = [(found[1], Span(found.start(), found.end())) for found in _MARK.finditer(block.text)]
    new = [Reference(label, span) for label, span in marks if label in known and span not in taken]
    if not new:
        return block
    return dataclasses.replace(
        block, references=tuple(sorted([*block.references, *new], key=lambda reference: reference.span))
    )
