"""Passages gathered into what a page is built of: blocks, lists, tables.  Pure; no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from indexer.model.archive import MarkedPassage
from indexer.model.text import BlockKind, Passage
from webapp.pieces import Piece

__all__ = ["Group", "Item", "Line", "blocks_of", "groups_of", "ordinals_of"]


@dataclass(frozen=True, slots=True)
class Line:
    """One passage, ready to be shown."""

    passage: Passage
    anchor: str
    cells: tuple[tuple[Piece, ...], ...]
    """The text in pieces; one cell for every kind but table rows."""
    pair: int = 0
    """The same for all passages of a pair; 0 where there is no other side."""
    other: str = ""
    """The anchor of the first passage of its other side; empty where that is not shown."""


@dataclass(frozen=True, slots=True)
class Item:
    """A block: the passages it was cut into (nearly always one) and what hangs on it."""

    lines: tuple[Line, ...]
    children: tuple[Group, ...] = ()
    """Of a list item: the lists inside it."""
    depth: int = 0
    """Of a heading: 2 to 6, never more than one below the heading above it."""
    references: tuple[str, ...] = ()
    """Of a footnote: the anchors of the marks that lead to it, in reading order."""

    @property
    def passage(self) -> Passage:
        """The first of the block's passages; it carries kind, level, marker and label."""
        return self.lines[0].passage


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring blocks that are shown as one thing: a list, a table, a quotation; else a single block."""

    kind: BlockKind
    items: tuple[Item, ...]
    ordered: bool = False
    """Of a list: whether its items are numbered."""
    lined: tuple[Item | None, ...] = ()
    """Of a list, a table or notes whose items stand beside those of the other side: the items line by line,
    `None` where only the other side has one; else empty."""

    @property
    def columns(self) -> int:
        """Of a table: the cells of its longest row."""
        return max(len(item.lines[0].cells) for item in self.items)


def blocks_of(passages: Iterable[MarkedPassage]) -> Iterator[list[MarkedPassage]]:
    """The passages of each block together; a table row that was cut stays in its parts."""
    block: list[MarkedPassage] = []
    for marked in passages:
        passage = marked.passage
        if block and passage.continues and passage.kind is block[0].passage.kind is not BlockKind.TABLE_ROW:
            block.append(marked)
            continue
        if block:
            yield block
        block = [marked]
    if block:
        yield block


def groups_of(items: Iterable[Item]) -> tuple[Group, ...]:
    """The items with their neighbours of the same kind."""
    return tuple(group for run in _runs(items) for group in _groups(run))


def ordinals_of(items: Iterable[Item]) -> Iterator[int]:
    """Of all passages in these items, in the order they are read."""
    for item in items:
        yield from (line.passage.ordinal for line in item.lines)
        for child in item.children:
            yield from ordinals_of(child.items)


def _runs(items: Iterable[Item]) -> Iterator[tuple[Item, ...]]:
    for _, run in groupby(items, key=lambda item: item.passage.kind):
        yield tuple(run)


def _groups(run: tuple[Item, ...]) -> Iterator[Group]:
    kind = run[0].passage.kind
    if kind is BlockKind.LIST_ITEM:
        yield from _lists(run)
    elif kind is BlockKind.TABLE_ROW:
        yield from _tables(run)
    elif kind is BlockKind.QUOTATION:
        yield Group(kind, run)
    else:
        yield from (Group(kind, (item,)) for item in run)


def _tables(rows: Sequence[Item]) -> Iterator[Group]:
    """A head row after a body row begins the next table."""
    table: list[Item] = []
    for row in rows:
        if _is_head(row) and table and not _is_head(table[-1]):
            yield Group(BlockKind.TABLE_ROW, tuple(table))
            table = []
        table.append(row)
    yield Group(BlockKind.TABLE_ROW, tuple(table))


def _is_head(row: Item) -> bool:
    return row.passage.marker == "head"


def _lists(items: Sequence[Item]) -> Iterator[Group]:
    """Lists as deep as the items' levels say; deeper items hang on the item above them."""
    nested: list[Item] = []
    at = 0
    while at < len(items):
        level = items[at].passage.level
        end = at + 1
        while end < len(items) and items[end].passage.level > level:
            end += 1
        children = tuple(_lists(items[at + 1 : end]))
        nested.append(Item(items[at].lines, children))
        at = end
    for ordered, members in groupby(nested, key=lambda item: _is_numbered(item.passage.marker)):
        yield Group(BlockKind.LIST_ITEM, tuple(members), ordered)


def _is_numbered(marker: str) -> bool:
    """Whether a list item's marker counts.

    >>> [_is_numbered(marker) for marker in ("•", "3.", "(a)", "가.", "-")]
    [False, True, True, True, False]
    """
    return any(character.isalnum() for character in marker)
