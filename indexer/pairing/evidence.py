"""How much speaks for passages saying the same: log likelihood ratios, a block of rows and columns at a time.

A ratio compares two stories: the two passages say the same; or they stand in one document and no more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from indexer.pairing.dictionary import Floats, Ints
from indexer.pairing.side import Knowledge, Side, ragged
from indexer.pairing.structure import Structure, cut

__all__ = ["MOST", "STEPS", "Evidence", "Step"]

MOST: Final = 3
"""So many passages of one side may stand for one of the other."""

Step = tuple[int, int]
"""How many English and how many Korean passages a pair has."""

STEPS: Final[tuple[Step, ...]] = ((1, 1), *(step for n in range(2, MOST + 1) for step in ((1, n), (n, 1))))

_WORDS: Final = 0.35
"""How much the words count: they come in company, so that their likelihoods must not simply be multiplied."""
_RATIO: Final = 0.47
"""Korean code points to an English one, without white space: 0.45-0.5 in every set that was looked at."""
_SIGMA: Final = 0.3
"""Deviation of the logarithm of that ratio in long texts; short ones deviate more."""
_OTHERWISE: Final = 0.05
"""How often a translation has any length."""


class Evidence:
    """All that is compared of the two sides of one document."""

    __slots__ = ("_english", "_korean", "_spread", "_structure")

    def __init__(self, english: Side, korean: Side) -> None:
        self._english, self._korean = english, korean
        self._structure = Structure(english.passages, korean.passages)
        spread = np.var(np.log(english.lengths + 4)) + np.var(np.log(korean.lengths + 2))
        self._spread = max(0.35, math.sqrt(float(spread)))

    def block(self, known: tuple[Knowledge, Knowledge], rows: range, columns: range) -> Mapping[Step, Floats]:
        """For each kind of step, its ratio from each English passage of `rows` and Korean of `columns` on.

        Steps that would leave the block are missing: the array of a step of s and t passages has s - 1 rows
        and t - 1 columns fewer than the block.
        """
        english, korean = self._english, self._korean
        forms = self._structure.block(rows, columns)
        lengths = english.lengths[cut(rows)], korean.lengths[cut(columns)]
        forward = _told(english, korean, known, rows, columns)
        backward = _told(korean, english, known[::-1], columns, rows)
        ratios: dict[Step, Floats] = {}
        for s, t in STEPS:
            if len(rows) < s or len(columns) < t:
                continue
            words = _runs(forward[s - 1], t, axis=1) + _runs(backward[t - 1], s, axis=1).T
            form = _runs(_runs(forms, s, axis=0), t, axis=1) / (s * t)
            length = self._length(_runs(lengths[0], s, axis=0), _runs(lengths[1], t, axis=0))
            ratios[s, t] = _WORDS * words + length + form
        return ratios

    def _length(self, english: Floats, korean: Floats) -> Floats:
        """What the lengths tell, with chance as the other lengths of the document have it.

        Source: the idea of W. A. Gale and K. W. Church, "A Program for Aligning Sentences in Bilingual
        Corpora", Computational Linguistics 19(1), 1993; here with the logarithm of the ratio.
        """
        sigma = _SIGMA + 1 / np.sqrt(english + 4)[:, None]
        off = np.log(korean + 2)[None, :] - np.log(english + 4)[:, None] - math.log(_RATIO)
        pair = np.exp(-0.5 * (off / sigma) ** 2) / sigma
        chance = np.exp(-0.5 * (off / self._spread) ** 2) / self._spread + 1e-30
        return np.log((1 - _OTHERWISE) * pair / chance + _OTHERWISE)


def _told(
    source: Side, target: Side, known: tuple[Knowledge, Knowledge], rows: range, columns: range
) -> list[Floats]:
    """How well runs of 1, 2 .. `MOST` source passages account for the terms of each target passage."""
    table, of = known[0].table, known[1]
    starts = target.starts[columns.start : columns.stop + 1]
    terms = target.terms[starts[0] : starts[-1]]
    used, column = np.unique(terms, return_inverse=True)
    place = np.full(len(target.vocabulary), -1)
    place[used] = np.arange(len(used))
    own = source.starts[rows.start : rows.stop + 1]
    counts: Ints = np.diff(own)
    sizes = counts.astype(np.float64)
    cells, occurrence = ragged(table.starts, source.terms[own[0] : own[-1]])
    found = place[table.targets[cells]]
    passage = np.repeat(np.arange(len(rows)), counts)[occurrence]
    keys = (passage * len(used) + found)[found >= 0]
    weights = table.chances[cells][found >= 0]
    flat: Floats = np.asarray(np.bincount(keys, weights, len(rows) * len(used)), np.float64)
    sums = flat.reshape(len(rows), len(used))
    trust, chance, weight = of.trust[used], of.chance[used], of.weight[used]
    told: list[Floats] = []
    for run in range(1, min(MOST, len(rows)) + 1):
        size = np.maximum(_runs(sizes, run, axis=0), 1)
        translated = _runs(sums, run, axis=0) / size[:, None]
        ratios = weight * np.log(1 - trust + trust * translated / chance)
        told.append(_sums(ratios[:, column], starts - starts[0]))
    return told


def _sums(values: Floats, starts: Ints) -> Floats:
    """Row by row the sums between one start and the next."""
    sums = np.zeros((len(values), len(starts) - 1))
    filled = np.nonzero(starts[1:] > starts[:-1])[0]
    if len(filled):
        sums[:, filled] = np.add.reduceat(values, starts[filled], axis=1)
    return sums


def _runs(values: Floats, run: int, *, axis: int) -> Floats:
    """The sums of `run` neighbours."""
    size = values.shape[axis] - run + 1
    total: Floats = np.take(values, range(size), axis=axis) if run > 1 else values
    for at in range(1, run):
        total = total + np.take(values, range(at, at + size), axis=axis)
    return total
