"""Pairs by length alone, as Gale and Church find them: what everything else is measured against.

Source: W. A. Gale and K. W. Church, "A Program for Aligning Sentences in Bilingual Corpora", Computational
Linguistics 19(1), 1993; the variance and the frequencies of the steps are theirs, the ratio is the set's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from .aligned import Case

__all__ = ["by_length"]

_VARIANCE: Final = 6.8
_STEPS: Final = {
    (1, 1): 0.89,
    (1, 0): 0.0099 / 2,
    (0, 1): 0.0099 / 2,
    (2, 1): 0.089 / 2,
    (1, 2): 0.089 / 2,
    (2, 2): 0.011,
}


def by_length(cases: Sequence[Case]) -> list[set[tuple[int, int]]]:
    """For each case the English and Korean ordinals that it pairs."""
    sides = [([len(p.text) for p in case.english], [len(p.text) for p in case.korean]) for case in cases]
    ratio = sum(sum(korean) for _, korean in sides) / max(1, sum(sum(english) for english, _ in sides))
    return [_align(english, korean, ratio) for english, korean in sides]


def _align(english: list[int], korean: list[int], ratio: float) -> set[tuple[int, int]]:
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    one, other = _sums(english), _sums(korean)
    for i in range(len(one)):
        for j in range(len(other)):
            ways = [
                (
                    best[i - s, j - t][0]
                    + _cost(one[i] - one[i - s], other[j] - other[j - t], ratio)
                    - math.log(chance),
                    (s, t),
                )
                for (s, t), chance in _STEPS.items()
                if i >= s and j >= t
            ]
            if ways:
                best[i, j] = min(ways)
    pairs: set[tuple[int, int]] = set()
    i, j = len(english), len(korean)
    while i or j:
        s, t = best[i, j][1]
        i, j = i - s, j - t
        pairs.update((i + a, j + b) for a in range(s) for b in range(t))
    return pairs


def _sums(lengths: list[int]) -> list[int]:
    sums = [0]
    for length in lengths:
        sums.append(sums[-1] + length)
    return sums


def _cost(english: int, korean: int, ratio: float) -> float:
    mean = (english + korean / ratio) / 2
    off = abs(korean - english * ratio) / math.sqrt(max(1.0, mean) * _VARIANCE)
    return -math.log(max(math.erfc(off / math.sqrt(2)), 1e-300))
