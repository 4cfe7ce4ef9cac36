"""Both sides of a document cut into rows: what says the same stands in one row.  Pure; no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.model.text import BlockKind, Lang
from webapp.blocks import Group, Item, ordinals_of
from webapp.rows import Links, align, pad

__all__ = ["Row", "note_row", "row_ordinals", "rows_of"]

_LINED: Final = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW, BlockKind.FOOTNOTE)
"""What may stand line by line beside its like."""
_MOST_LINES: Final = 256
"""The stylesheet has room for as many lines, and for as many columns."""
_MOST_COLUMNS: Final = 8


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side, English first; with nothing on one side, the other stands alone."""

    sides: tuple[tuple[Lang, tuple[Group, ...]], ...]
    """The languages that have something here, with it."""

    @property
    def lined(self) -> str:
        """The kind of what is aligned item by item; empty where the sides are aligned as wholes."""
        _, groups = self.sides[0]
        return groups[0].kind.value if groups[0].lined else ""

    @property
    def lines(self) -> int:
        """How many lines an aligned list has."""
        return len(self.sides[0][1][0].lined)


def rows_of(sides: Mapping[Lang, tuple[Group, ...]], links: Links) -> tuple[Row, ...]:
    """Two sides cut into rows; read row by row, each keeps its order."""
    left, right = sides.values()
    stretches = align([_of(group) for group in left], [_of(group) for group in right], links)
    return tuple(
        _row(
            sides,
            _line_up(
                left[stretch.left.start : stretch.left.stop],
                right[stretch.right.start : stretch.right.stop],
                links,
            ),
        )
        for stretch in stretches
    )


def note_row(notes: Mapping[Lang, tuple[Item, ...]], links: Links) -> Row | None:
    """The notes of two sides in one row; `None` where there are none."""
    both = {lang: (Group(BlockKind.FOOTNOTE, items),) if items else () for lang, items in notes.items()}
    left, right = both.values()
    return _row(both, _line_up(left, right, links)) if left or right else None


def row_ordinals(row: Row) -> Iterator[int]:
    """Of all passages of the row, in the order of the page."""
    yield from ordinals_of(item for _, groups in row.sides for group in groups for item in group.items)


def _row(langs: Iterable[Lang], both: Sequence[tuple[Group, ...]]) -> Row:
    return Row(tuple((lang, groups) for lang, groups in zip(langs, both, strict=True) if groups))


def _of(group: Group) -> list[int]:
    return list(ordinals_of(group.items))


def _line_up(
    left: tuple[Group, ...], right: tuple[Group, ...], links: Links
) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """The groups of a row; of one list or table beside another the items are put line by line."""
    if len(left) != 1 or len(right) != 1 or not _may_line_up(left[0], right[0]):
        return left, right
    parts = [[list(ordinals_of([item])) for item in group.items] for group in (left[0], right[0])]
    places = pad(align(parts[0], parts[1], links))
    if not 1 < len(places[0]) <= _MOST_LINES:
        return left, right
    return (_lined(left[0], places[0]),), (_lined(right[0], places[1]),)


def _lined(group: Group, places: Iterable[int | None]) -> Group:
    return replace(group, lined=tuple(None if at is None else group.items[at] for at in places))


def _may_line_up(left: Group, right: Group) -> bool:
    if left.kind is not right.kind or left.kind not in _LINED:
        return False
    return left.kind is not BlockKind.TABLE_ROW or max(left.columns, right.columns) <= _MOST_COLUMNS
