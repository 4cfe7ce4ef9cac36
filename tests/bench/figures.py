"""What is made of many measurements; pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import geometric_mean, median

__all__ = ["exponent", "geometric_mean", "median", "percentile_95", "ratio"]


def percentile_95(values: Sequence[float]) -> float:
    """The smallest value that is not below 95 of 100 of them.

    >>> percentile_95(range(1, 101))
    95
    """
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """How `values` grow with `sizes`: the slope of the straight line through their logarithms.

    >>> round(exponent([1, 10, 100], [2, 20, 200]), 3), round(exponent([1, 100], [3, 30]), 3)
    (1.0, 0.5)
    """
    xs, ys = [math.log(size) for size in sizes], [math.log(value) for value in values]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def ratio(ours: float, theirs: float) -> float:
    """How many times as long they take."""
    return theirs / ours
