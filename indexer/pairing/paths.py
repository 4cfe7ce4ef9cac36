"""How probable each pair is, over all ways to pair two sides in order.  Pure.

A way leads from place (0, 0) to the place after all passages; each step pairs passages or leaves one alone.
The sums over all ways are those of a hidden Markov model; a row of places is one NumPy operation.

Source: L. R. Rabiner, "A Tutorial on Hidden Markov Models", Proceedings of the IEEE 77(2), 1989 (forward and
backward sums).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.pairing.band import Band
from indexer.pairing.dictionary import Floats, Ints
from indexer.pairing.evidence import STEPS, Step

__all__ = ["IMPOSSIBLE", "Habits", "Moves", "Scores", "chances", "habits_of", "moves_in", "places"]

IMPOSSIBLE: Final = -1e30
"""The logarithm of no chance at all; finite, so that sums stay numbers."""

Scores = Mapping[Step, npt.NDArray[np.float32]]
"""For each kind of step its ratio from each place of a band."""

_WEIGHT: Final = 5.0
"""How many steps what is usual counts for, beside what the document shows."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How a document's sides follow each other: the probability of each kind of step."""

    alone: float = 0.1
    """That a passage is left alone."""
    several: float = 0.02
    """That a passage is paired with several."""

    def logarithm(self, step: Step) -> float:
        """The logarithm of a step's probability."""
        if step == (1, 1):
            return math.log(1 - self.alone - self.several)
        if min(step) == 0:
            return math.log(self.alone / 2)
        return math.log(self.several / (2 if max(step) == 2 else 8))  # noqa: PLR2004 - a pair with two passages


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Where in a band each kind of step leads."""

    band: Band
    rows: list[slice]
    """The places of each row."""
    windows: dict[Step, list[tuple[int, int, int]]]
    """For each row the first place from which the step stays in the band, the place to which it leads from
    there, and how many such places follow each other."""


def moves_in(band: Band) -> Moves:
    """The moves that are possible in a band."""
    starts: list[int] = band.starts.tolist()
    rows = [slice(start, end) for start, end in pairwise(starts)]
    return Moves(band, rows, {step: _windows(band, step) for step in ((1, 0), *STEPS)})


def _windows(band: Band, step: Step) -> list[tuple[int, int, int]]:
    down, right = step
    above, below = slice(0, max(0, len(band.lows) - down)), slice(down, None)
    low = np.maximum(band.lows[above], band.lows[below] - right)
    high = np.minimum(band.highs[above], band.highs[below] - right)
    here = band.starts[:-1][above] + low - band.lows[above]
    there = band.starts[:-1][below] + low + right - band.lows[below]
    widths = np.maximum(0, high - low + 1)
    return list(zip(here.tolist(), there.tolist(), widths.tolist(), strict=True))


def chances(moves: Moves, scores: Scores, habits: Habits) -> dict[Step, Floats]:
    """The probability, over all ways, that a pair of the given kind begins at each place."""
    weighed: dict[Step, Floats] = {step: scores[step] + np.float64(habits.logarithm(step)) for step in STEPS}
    forward, backward = _forward(moves, weighed, habits), _backward(moves, weighed, habits)
    found: dict[Step, Floats] = {}
    for step in STEPS:
        ahead = np.full(len(backward), IMPOSSIBLE)
        for here, there, width in moves.windows[step]:
            ahead[here : here + width] = backward[there : there + width]
        found[step] = np.exp(np.minimum(forward + weighed[step] + ahead - forward[-1], 0.0))
    return found


def habits_of(found: Mapping[Step, Floats], passages: int) -> Habits:
    """The habits that a document of so many passages shows; what is usual counts too."""
    usual = Habits()
    counts = {step: float(values.sum()) for step, values in found.items()}
    pairs = sum(counts.values())
    alone = max(0.0, passages - sum(sum(step) * count for step, count in counts.items()))
    steps = pairs + alone + _WEIGHT
    return Habits(
        min(0.9, max(0.01, (alone + _WEIGHT * usual.alone) / steps)),
        min(0.09, max(0.005, (pairs - counts[1, 1] + _WEIGHT * usual.several) / steps)),
    )


def _forward(moves: Moves, weighed: Mapping[Step, Floats], habits: Habits) -> Floats:
    """Of each place the logarithm of the sum over all ways that lead there."""
    sums = np.full(moves.band.size, IMPOSSIBLE)
    sums[0] = 0.0
    alone, aside = habits.logarithm((1, 0)), habits.logarithm((0, 1))
    for row, places in enumerate(moves.rows):
        if row:
            here, there, width = moves.windows[1, 0][row - 1]
            target = sums[there : there + width]
            np.logaddexp(target, sums[here : here + width] + alone, out=target)
        for step in STEPS:
            if row >= step[0]:
                here, there, width = moves.windows[step][row - step[0]]
                target = sums[there : there + width]
                way = sums[here : here + width] + weighed[step][here : here + width]
                np.logaddexp(target, way, out=target)
        sums[places] = _along(sums[places], aside)
    return sums


def _backward(moves: Moves, weighed: Mapping[Step, Floats], habits: Habits) -> Floats:
    """Of each place the logarithm of the sum over all ways from there to the end."""
    sums = np.full(moves.band.size, IMPOSSIBLE)
    sums[-1] = 0.0
    alone, aside = habits.logarithm((1, 0)), habits.logarithm((0, 1))
    last = len(moves.rows) - 1
    for row, places in reversed(list(enumerate(moves.rows))):
        if row < last:
            here, there, width = moves.windows[1, 0][row]
            source = sums[here : here + width]
            np.logaddexp(source, sums[there : there + width] + alone, out=source)
        for step in STEPS:
            if row + step[0] <= last:
                here, there, width = moves.windows[step][row]
                source = sums[here : here + width]
                way = sums[there : there + width] + weighed[step][here : here + width]
                np.logaddexp(source, way, out=source)
        sums[places] = _along(sums[places][::-1], aside)[::-1]
    return sums


def _along(row: Floats, cost: float) -> Floats:
    """The sums when any number of passages of the row's side may be left alone, one after the other."""
    slope = cost * np.arange(len(row))
    total: Floats = np.logaddexp.accumulate(row - slope) + slope
    return total


def places(band: Band, numbers: Ints) -> tuple[Ints, Ints]:
    """Rows and columns of places given by their numbers."""
    rows = np.searchsorted(band.starts, numbers, side="right") - 1
    return rows, numbers - band.starts[rows] + band.lows[rows]
