"""What the forms of two passages tell: kind, level of a heading, number of an item, label.  Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from indexer.model.text import BlockKind, Passage
from indexer.pairing.dictionary import Floats, Ints

__all__ = ["Structure", "cut"]

_NUMBER: Final = re.compile(r"\d+|[a-z](?=[.)])|[가-힣](?=[.)])")


def _kind(passage: Passage) -> str:
    return "heading" if passage.kind is BlockKind.TITLE else passage.kind.value


def _level(passage: Passage) -> str | None:
    """Of a heading or a nested list item; a title stands above all headings."""
    if passage.kind in (BlockKind.TITLE, BlockKind.HEADING, BlockKind.LIST_ITEM):
        return f"{_kind(passage)} {passage.level}"
    return None


def _place(passage: Passage) -> str | None:
    """The number of a numbered list item; the head of a table."""
    if passage.kind is BlockKind.TABLE_ROW:
        return passage.marker or "row"
    number = _NUMBER.search(passage.marker) if passage.kind is BlockKind.LIST_ITEM else None
    return number[0] if number else None


def _label(passage: Passage) -> str | None:
    return passage.label if passage.kind is BlockKind.FOOTNOTE and passage.label else None


_TRAITS: Final[tuple[tuple[Callable[[Passage], str | None], float], ...]] = (
    (_kind, 0.9),
    (_level, 0.8),
    (_place, 0.8),
    (_label, 0.95),
)
"""Each trait, and how often it is the same where two passages say the same."""


def cut(places: range) -> slice:
    """The slice of the passages at these places, which follow each other."""
    return slice(places.start, places.stop)


class Structure:
    """How much the forms of any two passages of a document speak for a pair."""

    __slots__ = ("_traits",)

    def __init__(self, english: Sequence[Passage], korean: Sequence[Passage]) -> None:
        traits = (_Trait(english, korean, read, kept) for read, kept in _TRAITS)
        self._traits = [trait for trait in traits if trait.tells]

    def block(self, rows: range, columns: range) -> Floats:
        """Log likelihood ratios of the English passages `rows` with the Korean passages `columns`."""
        total = np.zeros((len(rows), len(columns)))
        for trait in self._traits:
            total += trait.block(rows, columns)
        return total


class _Trait:
    """The trait's probability beside its frequency by chance; nothing where a passage has no such trait."""

    __slots__ = ("_different", "_english", "_korean", "_same", "tells")

    def __init__(
        self,
        english: Sequence[Passage],
        korean: Sequence[Passage],
        read: Callable[[Passage], str | None],
        kept: float,
    ) -> None:
        values: dict[str, int] = {}

        def number(passage: Passage) -> int:
            value = read(passage)
            return -1 if value is None else values.setdefault(value, len(values))

        self._english: Ints = np.array([number(passage) for passage in english], np.int64)
        self._korean: Ints = np.array([number(passage) for passage in korean], np.int64)
        self.tells = len(values) > 1
        found = self._korean[self._korean >= 0]
        share = np.bincount(found, minlength=len(values) + 1) / max(1, len(found))
        self._same = np.log1p(kept / np.maximum(share, 1 / (len(found) + 1)) - kept)
        self._different = float(np.log1p(-kept))

    def block(self, rows: range, columns: range) -> Floats:
        one, other = self._english[cut(rows), None], self._korean[None, cut(columns)]
        ratio = np.where(one == other, self._same[one], self._different)
        return np.where((one >= 0) & (other >= 0), ratio, 0.0)
