"""Which places of the table of all pairs are looked at: a band from anchor to anchor.  Pure.

A place (i, j) stands between passages: i English and j Korean ones lie before it.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.pairing.dictionary import Floats, Ints
from indexer.pairing.side import Knowledge, Side, ragged

__all__ = ["Band", "band_of"]

_WHOLE: Final = 200_000
"""So many places are all looked at."""
_WIDTH: Final = 192
"""Between two anchors a side up to this long is looked at whole; else so many places about the diagonal."""
_MARGIN: Final = 12
"""Places looked at on both sides of an anchor: its neighbours may be crossed, or it may be wrong."""

_RARE: Final = 6
"""A term that stands in more passages of a side makes no anchor."""
_STRONG: Final = 4.0
_CLEAR: Final = 1.5
"""An anchor is so strong, and so many times stronger than the next best of its row and of its column."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """For each row the places looked at; the rows' places are numbered through, one row after the other."""

    lows: Ints
    """The first column of each row; never falling."""
    highs: Ints
    """The last column of each row, included; never falling."""
    starts: Ints
    """The number of each row's first place, and at the end how many places there are."""

    @property
    def size(self) -> int:
        """How many places there are."""
        return int(self.starts[-1])


def band_of(english: Side, korean: Side, known: tuple[Knowledge, Knowledge]) -> Band:
    """The places worth looking at: all of a small table, else those about the way through the anchors.

    Their number grows as the sum of the two lengths, not as their product.
    """
    rows, columns = len(english), len(korean)
    if (rows + 1) * (columns + 1) <= _WHOLE:
        return _band(np.zeros(rows + 1, np.int64), np.full(rows + 1, columns))
    corners = [(0, 0)]
    for row, column in _anchors(english, korean, known):
        corners.extend([(row, column), (row + 1, column + 1)])
    corners.append((rows, columns))
    lows, highs = np.full(rows + 1, columns), np.zeros(rows + 1, np.int64)
    for (top, left), (bottom, right) in pairwise(corners):
        above, below = max(0, top - _MARGIN), min(rows, bottom + _MARGIN) + 1
        low, high = _window(top, left, bottom, right, np.arange(above, below))
        lows[above:below] = np.minimum(lows[above:below], low)
        highs[above:below] = np.maximum(highs[above:below], high)
    lows = np.minimum.accumulate(np.maximum(lows - _MARGIN, 0)[::-1])[::-1]
    highs = np.maximum.accumulate(np.minimum(highs + _MARGIN, columns))
    return _band(lows, highs)


def _window(top: int, left: int, bottom: int, right: int, rows: Ints) -> tuple[Ints, Ints]:
    """The first and the last column for each row between two corners."""
    if min(bottom - top, right - left) <= _WIDTH:
        return np.full(len(rows), left), np.full(len(rows), right)
    diagonal = left + (rows - top) * (right - left) // (bottom - top)
    return (
        np.clip(diagonal - _WIDTH // 2, left, right),
        np.clip(diagonal + _WIDTH // 2 + (right - left) // (bottom - top), left, right),
    )


def _band(lows: Ints, highs: Ints) -> Band:
    starts = np.concatenate(([0], np.cumsum(highs - lows + 1)))
    return Band(lows.astype(np.int64), highs.astype(np.int64), starts.astype(np.int64))


def _anchors(english: Side, korean: Side, known: tuple[Knowledge, Knowledge]) -> list[tuple[int, int]]:
    """Pairs that share rare terms as no other of their row and column does; as many as stand in one order."""
    cells, weights = _votes(english, korean, known)
    if not len(cells):
        return []
    keys, inverse = np.unique(cells, return_inverse=True)
    strength = np.asarray(np.bincount(inverse, weights), np.float64)
    rows, columns = keys // len(korean), keys % len(korean)
    clear = strength >= _STRONG
    clear &= _leads(rows, strength) & _leads(columns, strength)
    found = list(zip(rows[clear].tolist(), columns[clear].tolist(), strict=True))
    return _longest_in_order(found)


def _votes(english: Side, korean: Side, known: tuple[Knowledge, Knowledge]) -> tuple[Ints, Floats]:
    """For each English passage and each Korean one that has a translation of a rare term of it: how rare."""
    table = known[0].table
    owners = np.repeat(np.arange(len(english)), np.diff(english.starts))
    rare = np.bincount(english.terms, minlength=len(english.vocabulary)) <= _RARE
    kept = rare[english.terms]
    cells, of = ragged(table.starts, english.terms[kept])
    target, chance, row = table.targets[cells], table.chances[cells], owners[kept][of]
    counts = np.bincount(korean.terms, minlength=len(korean.vocabulary))
    good = counts[target] <= _RARE
    target, chance, row = target[good], chance[good], row[good]
    order = np.argsort(korean.terms, kind="stable")
    holders = np.repeat(np.arange(len(korean)), np.diff(korean.starts))[order]
    starts = np.concatenate(([0], np.cumsum(counts)))
    places, of = ragged(starts, target)
    weight = np.log1p(chance[of] * len(korean) / counts[target[of]])
    return row[of] * len(korean) + holders[places], weight


def _leads(groups: Ints, strength: Floats) -> npt.NDArray[np.bool_]:
    """Whether each is clearly the strongest of its group."""
    order = np.lexsort((-strength, groups))
    ordered = groups[order]
    first = np.ones(len(order), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    heads = np.nonzero(first)[0]
    following = np.minimum(heads + 1, len(order) - 1)
    rivals = np.where((following > heads) & ~first[following], strength[order][following], 0.0)
    leads = np.zeros(len(order), bool)
    leads[order[heads]] = strength[order[heads]] >= _CLEAR * rivals
    return leads


def _longest_in_order(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of places that rise in both rows and columns.

    Source: C. Schensted, "Longest Increasing and Decreasing Subsequences", Canadian Journal of Mathematics
    13, 1961; the way of patience sorting.
    """
    ends: list[int] = []
    tops: list[int] = []
    before: list[int] = []
    for at, (_, column) in enumerate(places):
        pile = bisect.bisect_left(ends, column)
        before.append(tops[pile - 1] if pile else -1)
        if pile == len(ends):
            ends.append(column)
            tops.append(at)
        else:
            ends[pile], tops[pile] = column, at
    run: list[tuple[int, int]] = []
    at = tops[-1] if tops else -1
    while at >= 0:
        run.append(places[at])
        at = before[at]
    return run[::-1]
