"""A marked document laid out for reading: sides, lists, tables, notes and their references.  Pure; no HTML.

A *side* is the document in one language.  Every passage gets an *anchor*, its id on the page.  Where passages
are paired, the sides are also cut into *rows*: what says the same stands in one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.model.archive import MarkedDocument, MarkedPassage
from indexer.model.text import LANGS, BlockKind, Lang, Passage
from webapp.blocks import Group, Item, Line, blocks_of, groups_of, ordinals_of
from webapp.notes import NoteBook, note_book
from webapp.parallel import Row, note_row, row_ordinals, rows_of
from webapp.params import Show
from webapp.pieces import cells_of, cut
from webapp.rows import Links, pair_numbers
from webapp.sides import split_sides

__all__ = ["Heading", "Reading", "Side", "anchors", "lay_out"]

_MAX_HEADING: Final = 6


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
    def titles(self) -> tuple[Group, ...]:
        """The title, where the side begins with it."""
        return self.groups[:1] if self.groups and self.groups[0].kind is BlockKind.TITLE else ()

    @property
    def body(self) -> tuple[Group, ...]:
        """Everything below the title but the notes."""
        return self.groups[len(self.titles) :]


@dataclass(frozen=True, slots=True)
class Reading:
    """A document laid out for reading."""

    sides: tuple[Side, ...]
    """What is shown, English first."""
    langs: tuple[Lang, ...]
    """The languages that the document has."""
    matches: int
    """How many matches are marked in what is shown; they are numbered from 1."""
    renders: bool
    """Whether anything is marked in what is shown because it renders a word of the query."""
    rows: tuple[Row, ...] = ()
    """The bodies of both sides, without their titles, cut into rows; empty where nothing is paired."""
    notes: Row | None = None
    """The notes of both sides, where there are rows."""


def lay_out(document: MarkedDocument, show: Show = "both") -> Reading:
    """The document in the language or languages to `show`; one that it does not have shows what there is."""
    sides = split_sides(document.passages)
    shown = [lang for lang in sides if show in (lang, "both")] or list(sides)
    ids = anchors([marked.passage for marked in document.passages])
    book = note_book(sides, shown, ids)
    numbers = pair_numbers(document.passages)
    layout = _Layout(ids, book, numbers, _others(document.passages, ids) if len(shown) > 1 else {})
    read = {lang: (*sides[lang], *book.borrowed.get(lang, ())) for lang in shown}
    one_by_one = {m.passage.ordinal: m for passages in read.values() for m in passages}
    matches = sum(len(marked.highlights) for marked in one_by_one.values())
    renders = any(marked.renderings for marked in one_by_one.values())
    laid = layout.sides(read, one_by_one.values())
    if len(laid) < len(LANGS) or not numbers:
        return Reading(laid, tuple(sides), matches, renders)
    links = {marked.passage.ordinal: marked.passage.partners for marked in document.passages}
    # Matches are numbered in the order they are read, which is now row by row.
    laid = layout.sides(read, [one_by_one[ordinal] for ordinal in _row_by_row(laid, *_rows(laid, links))])
    return Reading(laid, tuple(sides), matches, renders, *_rows(laid, links))


def _rows(laid: Sequence[Side], links: Links) -> tuple[tuple[Row, ...], Row | None]:
    rows = rows_of({side.lang: side.body for side in laid}, links)
    return rows, note_row({side.lang: side.notes for side in laid}, links)


def _row_by_row(laid: Sequence[Side], rows: Sequence[Row], notes: Row | None) -> Iterator[int]:
    for side in laid:
        for group in side.titles:
            yield from ordinals_of(group.items)
    for row in (*rows, *([notes] if notes else [])):
        yield from row_ordinals(row)


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


def _others(passages: Iterable[MarkedPassage], ids: Mapping[int, str]) -> dict[int, str]:
    """By ordinal, the anchor of the first passage of its other side."""
    return {
        marked.passage.ordinal: ids[min(marked.passage.partners)]
        for marked in passages
        if marked.passage.partners
    }


class _Layout:
    """Lays out sides with what is known of the whole document."""

    def __init__(
        self, ids: Mapping[int, str], book: NoteBook, pairs: Mapping[int, int], others: Mapping[int, str]
    ) -> None:
        self._ids = ids
        self._book = book
        self._pairs = pairs
        self._others = others
        self._matches_before: dict[int, int] = {}

    def sides(
        self, read: Mapping[Lang, Sequence[MarkedPassage]], in_order: Iterable[MarkedPassage]
    ) -> tuple[Side, ...]:
        """The sides, with their matches numbered in the order in which the passages are read."""
        matches = 0
        for marked in in_order:
            self._matches_before[marked.passage.ordinal] = matches
            matches += len(marked.highlights)
        return tuple(self._side(lang, passages) for lang, passages in read.items())

    def _side(self, lang: Lang, passages: Iterable[MarkedPassage]) -> Side:
        blocks = list(blocks_of(passages))
        body = [self._item(block) for block in blocks if not _is_note(block)]
        notes = tuple(self._item(block) for block in blocks if _is_note(block))
        body = list(_with_depths(body))
        return Side(lang, groups_of(body), notes, tuple(_outline(body)))

    def _item(self, block: Sequence[MarkedPassage]) -> Item:
        lines = tuple(self._line(marked) for marked in block)
        return Item(lines, references=tuple(self._book.backlinks.get(block[0].passage.ordinal, ())))

    def _line(self, marked: MarkedPassage) -> Line:
        passage = marked.passage
        matches = list(enumerate(marked.highlights, start=self._matches_before[passage.ordinal] + 1))
        pieces = cut(passage.text, matches, self._book.links.get(passage.ordinal, ()), marked.renderings)
        cells = cells_of(pieces) if passage.kind is BlockKind.TABLE_ROW else (pieces,)
        ordinal = passage.ordinal
        return Line(
            passage, self._ids[ordinal], cells, self._pairs.get(ordinal, 0), self._others.get(ordinal, "")
        )


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
