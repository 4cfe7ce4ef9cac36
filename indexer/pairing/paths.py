"""How probable each pair is, over all ways to pair two sides in order.  Pure.

A way leads from place (0, 0) to the place after all passages; each step pairs passages or leaves one alone.  The
sums over all ways are those of a hidden Markov model; a row of places is one NumPy operation.

Source: L. R. Rabiner, "A Tutorial on Hidden Markov Models", Proceedings of the IEEE 77(2), 1989 (forward and
backward sums).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.pairing.band import Band
from indexer.pairing.dictionary import Floats, Ints
from indexer.pairing.evidence import STEPS, Step

__all__ = ["IMPOSSIBLE", "Habits", "Scores", "chances", "habits_of", "places"]

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


def chances(band: Band, scores: Scores, habits: Habits) -> dict[Step, Floats]:
    """The probability, over all ways, that a pair of the given kind begins at each place."""
    forward, backward = _forward(band, scores, habits), _backward(band, scores, habits)
    total = forward[-1]
    found: dict[Step, Floats] = {}
    for step in STEPS:
        ahead = np.full(band.size, IMPOSSIBLE)
        for row in range(len(band.lows) - step[0]):
            here, there = _windows(band, row, step)
            ahead[here] = backward[there]
        whole = forward + scores[step] + habits.logarithm(step) + ahead - total
        found[step] = np.exp(np.minimum(whole, 0.0))
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


def _windows(band: Band, row: int, step: Step) -> tuple[slice, slice]:
    """The places of `row` from which the step stays in the band, and the places it leads to."""
    below, (down, right) = row + step[0], step
    low = max(int(band.lows[row]), int(band.lows[below]) - right)
    high = min(int(band.highs[row]), int(band.highs[below]) - right)
    width = max(0, high - low + 1)
    here = int(band.starts[row] + low - band.lows[row])
    there = int(band.starts[below] + low + right - band.lows[below])
    return slice(here, here + width), slice(there, there + width)


def _forward(band: Band, scores: Scores, habits: Habits) -> Floats:
    """Of each place the logarithm of the sum over all ways that lead there."""
    sums = np.full(band.size, IMPOSSIBLE)
    sums[0] = 0.0
    for row, places in enumerate(_rows(band)):
        for step in ((1, 0), *STEPS):
            if row >= step[0]:
                here, there = _windows(band, row - step[0], step)
                way = sums[here] + habits.logarithm(step)
                if step != (1, 0):
                    way += scores[step][here]
                np.logaddexp(sums[there], way, out=sums[there])
        sums[places] = _along(sums[places], habits.logarithm((0, 1)))
    return sums


def _backward(band: Band, scores: Scores, habits: Habits) -> Floats:
    """Of each place the logarithm of the sum over all ways from there to the end."""
    sums = np.full(band.size, IMPOSSIBLE)
    sums[-1] = 0.0
    rows = len(band.lows)
    for row, places in reversed(list(enumerate(_rows(band)))):
        for step in ((1, 0), *STEPS):
            if row + step[0] < rows:
                here, there = _windows(band, row, step)
                way = sums[there] + habits.logarithm(step)
                if step != (1, 0):
                    way += scores[step][here]
                np.logaddexp(sums[here], way, out=sums[here])
        sums[places] = _along(sums[places][::-1], habits.logarithm((0, 1)))[::-1]
    return sums


def _rows(band: Band) -> Iterator[slice]:
    starts: list[int] = band.starts.tolist()
    return (slice(start, end) for start, end in zip(starts, starts[1:], strict=False))


def _along(row: Floats, cost: float) -> Floats:
    """The sums when any number of passages of the row's side may be left alone, one after the other."""
    slope = cost * np.arange(len(row))
    total: Floats = np.logaddexp.accumulate(row - slope) + slope
    return total


def places(band: Band, numbers: Ints) -> tuple[Ints, Ints]:
    """Rows and columns of places given by their numbers."""
    rows = np.searchsorted(band.starts, numbers, side="right") - 1
    return rows, numbers - band.starts[rows] + band.lows[rows]
