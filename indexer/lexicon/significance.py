"""How surely two words belong together, counted in pairs of passages."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["log_chance", "npmi"]

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


def log_chance(together: _Ints, left: _Ints, right: _Ints, pairs: int) -> _Floats:
    """The logarithm of the likelihood that words meet so often, or more often, by chance.

    Of `pairs` pairs of passages `left` have the one word, `right` the other, `together` both.  Fisher's exact
    test, one-sided; the sum over the tables beyond the observed one is bounded by a geometric series,
    which is exact enough where the words meet more often than chance lets expect, and 0 (a chance of 1)
    elsewhere.

    Source: Moore, "On Log-Likelihood-Ratios and the Significance of Rare Events" (2004).

    >>> chance = log_chance(np.array([1, 2, 5]), np.array([1, 2, 5]), np.array([1, 2, 5]), 1000)
    >>> [round(float(value), 1) for value in chance]
    [-6.9, -13.1, -29.7]
    """
    logs = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, pairs + 1)))))

    def choose(of: _Ints | int, some: _Ints) -> _Floats:
        return logs[of] - logs[some] - logs[np.subtract(of, some)]

    point = choose(left, together) + choose(pairs - left, right - together) - choose(pairs, right)
    next_up = (left - together) * (right - together)
    ratio = next_up / ((together + 1) * np.maximum(pairs - left - right + together + 1, 1))
    above = together * pairs > left * right
    tail = point - np.log1p(-np.minimum(ratio, 0.999))
    chance: _Floats = np.where(above, np.minimum(tail, 0.0), 0.0)
    return chance


def npmi(row: int, left: int, right: int, words: int) -> float:
    """How much words keep together, from -1 (never) through 0 (as by chance) to 1 (always).

    Args:
        row: how often they stand in a row.
        left: how often the one occurs at all.
        right: how often the other does.
        words: how many words there are.

    Source: Bouma, "Normalized (Pointwise) Mutual Information in Collocation Extraction" (2009).

    >>> npmi(5, 5, 5, 1000), npmi(1, 100, 100, 10000)
    (1.0, 0.0)
    """
    likelihood = row / words
    return float(np.log(likelihood * words * words / (left * right)) / -np.log(likelihood))
