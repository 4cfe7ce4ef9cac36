"""The heaviest run of scored pairs that keeps its order.  Pure; n log n.

Source: Peter M. Fenwick, "A new data structure for cumulative frequency tables", 1994,
https://doi.org/10.1002/spe.4380240306 (here of prefix maxima).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

__all__ = ["Scored", "heaviest_chain"]

Scored = tuple[int, int, float]
"""An old index, a new index, and how like they are."""


def heaviest_chain(pairs: Sequence[Scored]) -> list[Scored]:
    """Of the pairs those that rise in both indices and have the largest sum of scores.

    >>> heaviest_chain([(0, 1, 0.9), (1, 0, 0.8), (2, 2, 0.5)])
    [(0, 1, 0.9), (2, 2, 0.5)]
    """
    ordered = sorted(pairs)
    size = max((new for _, new, _ in ordered), default=-1) + 1
    best: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)
    came_from = [-1] * len(ordered)
    for _, group in groupby(range(len(ordered)), key=lambda at: ordered[at][0]):
        sums: list[tuple[int, float, int]] = []
        for at in group:
            _, new, score = ordered[at]
            before, came_from[at] = _best_below(best, new)
            sums.append((new, before + score, at))
        for new, total, at in sums:
            _raise(best, new, (total, at))
    chain: list[Scored] = []
    at = _best_below(best, size)[1]
    while at >= 0:
        chain.append(ordered[at])
        at = came_from[at]
    return chain[::-1]


def _best_below(best: list[tuple[float, int]], end: int) -> tuple[float, int]:
    found = (0.0, -1)
    while end > 0:
        if best[end][0] > found[0]:
            found = best[end]
        end -= end & -end
    return found


def _raise(best: list[tuple[float, int]], index: int, value: tuple[float, int]) -> None:
    at = index + 1
    while at < len(best):
        if value[0] > best[at][0]:
            best[at] = value
        at += at & -at
