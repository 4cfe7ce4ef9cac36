"""A marked document laid out for reading: sides, lists, tables, notes and their references.  Pure; no HTML.

A *side* is the document in one language.  Every passage gets an *anchor*, its id on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from indexer.model import BlockKind, Lang, MarkedDocument, MarkedPassage, Passage
from webapp.notes import NoteBook, note_book
from webapp.params import Show
from webapp.pieces import Piece, cells_of, cut
from webapp.sides import split_sides

__all__ = ["Group", "Heading", "Item", "Line", "Reading", "Side", "anchors", "lay_out"]

_MAX_HEADING = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One passage, ready to be shown."""

    passage: Passage
    anchor: str
    cells: tuple[tuple[Piece, ...], ...]
    """The text in pieces; one cell for every kind but table rows."""


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


@dataclass(frozen=True, slots=True)
class Heading:
    """An entry of the outline."""

    anchor: str
    depth: int
    text: str
    lang: Lang


@dataclass(frozen=True, slots=True)
class Side:
    """The document in one language."""

    lang: Lang
    groups: tuple[Group, ...]
    notes: tuple[Item, ...]
    outline: tuple[Heading, ...]

    @property
    def titled(self) -> bool:
        """Whether the side begins with its title."""
        return bool(self.groups) and self.groups[0].kind is BlockKind.TITLE


@dataclass(frozen=True, slots=True)
class Reading:
    """A document laid out for reading."""

    sides: tuple[Side, ...]
    """What is shown, English first."""
    langs: tuple[Lang, ...]
    """The languages that the document has."""
    matches: int
    """How many matches are marked in what is shown; they are numbered from 1."""


def lay_out(document: MarkedDocument, show: Show = "both") -> Reading:
    """The document in the language or languages to `show`; one that it does not have shows what there is."""
    sides = split_sides(document.passages)
    shown = [lang for lang in sides if show in (lang, "both")] or list(sides)
    ids = anchors([marked.passage for marked in document.passages])
    book = note_book(sides, shown, ids)
    layout = _Layout(ids, book)
    laid = tuple(layout.side(lang, (*sides[lang], *book.borrowed.get(lang, ()))) for lang in shown)
    return Reading(laid, tuple(sides), layout.matches)


def anchors(passages: Sequence[Passage]) -> dict[int, str]:
    """Each passage's id on the page, by its ordinal: unique, and the address itself wherever it can be.

    Both sides of a pair have one address; the side that comes second is told apart by its language.
    """
    ids: dict[int, str] = {}
    taken: set[str] = set()
    for passage in passages:
        tries = (passage.address, f"{passage.address}-{passage.lang}", f"{passage.address}-{passage.ordinal}")
        ids[passage.ordinal] = next(name for name in tries if name not in taken)
        taken.add(ids[passage.ordinal])
    return ids


class _Layout:
    """Counts the matches while the sides are laid out in the order they are read."""

    def __init__(self, ids: Mapping[int, str], book: NoteBook) -> None:
        self.matches = 0
        self._ids = ids
        self._book = book

    def side(self, lang: Lang, passages: Iterable[MarkedPassage]) -> Side:
        blocks = list(_blocks(passages))
        body = [self._item(block) for block in blocks if not _is_note(block)]
        notes = tuple(self._item(block) for block in blocks if _is_note(block))
        body = list(_with_depths(body))
        groups = tuple(group for run in _runs(body) for group in _groups(run))
        return Side(lang, groups, notes, tuple(_outline(body)))

    def _item(self, block: Sequence[MarkedPassage]) -> Item:
        lines = tuple(self._line(marked) for marked in block)
        return Item(lines, references=tuple(self._book.backlinks.get(block[0].passage.ordinal, ())))

    def _line(self, marked: MarkedPassage) -> Line:
        passage = marked.passage
        numbers = range(self.matches + 1, self.matches + 1 + len(marked.highlights))
        self.matches += len(marked.highlights)
        matches = list(zip(numbers, marked.highlights, strict=True))
        pieces = cut(passage.text, matches, self._book.links.get(passage.ordinal, ()))
        cells = cells_of(pieces) if passage.kind is BlockKind.TABLE_ROW else (pieces,)
        return Line(passage, self._ids[passage.ordinal], cells)


def _blocks(passages: Iterable[MarkedPassage]) -> Iterator[list[MarkedPassage]]:
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


def _is_note(block: Sequence[MarkedPassage]) -> bool:
    return block[0].passage.kind is BlockKind.FOOTNOTE


def _with_depths(items: Iterable[Item]) -> Iterator[Item]:
    """The items with the depth of each heading: one below the nearest heading above it of a higher rank."""
    above: list[int] = []
    for item in items:
        if item.passage.kind is BlockKind.HEADING:
            while above and above[-1] >= item.passage.level:
                above.pop()
            above.append(item.passage.level)
            yield Item(item.lines, depth=min(len(above) + 1, _MAX_HEADING))
        else:
            yield item


def _outline(items: Iterable[Item]) -> Iterator[Heading]:
    for item in items:
        if item.passage.kind is BlockKind.HEADING:
            text = " ".join(line.passage.text for line in item.lines)
            yield Heading(item.lines[0].anchor, item.depth, text, item.passage.lang)


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
