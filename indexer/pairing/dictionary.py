"""Which terms of one language stand for which of the other, learned from pairs of texts.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["EMPTY", "Dictionary", "Table", "learn"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_ROUNDS: Final = 5
_LEAST: Final = 0.01
_MOST_TERMS: Final = 80
_MOST_PAIRS: Final = 40_000


@dataclass(frozen=True, slots=True)
class Table:
    """Row by row, the terms of the other language that a term stands for, with their probability."""

    starts: Ints
    targets: Ints
    chances: Floats


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Translations of terms in both directions, with how often each term occurs."""

    english: Mapping[str, int]
    korean: Mapping[str, int]
    english_counts: Ints
    korean_counts: Ints
    forward: Table
    """From English to Korean."""
    backward: Table
    """From Korean to English."""


_NOTHING: Final = Table(np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0))
EMPTY: Final = Dictionary({}, {}, np.zeros(0, np.int64), np.zeros(0, np.int64), _NOTHING, _NOTHING)


def learn(pairs: Sequence[tuple[Sequence[str], Sequence[str], float]], discount: float = 0.5) -> Dictionary:
    """IBM model 1 both ways over pairs of terms, each pair weighted.

    Source: P. F. Brown et al., "The Mathematics of Statistical Machine Translation", Computational
    Linguistics 19(2), 1993.
    """
    if len(pairs) > _MOST_PAIRS:
        step = len(pairs) / _MOST_PAIRS
        pairs = [pairs[int(at * step)] for at in range(_MOST_PAIRS)]
    english: dict[str, int] = {}
    korean: dict[str, int] = {}
    left: list[Ints] = []
    right: list[Ints] = []
    for one, other, _ in pairs:
        left.append(np.array([english.setdefault(t, len(english)) for t in dict.fromkeys(one)][:_MOST_TERMS], np.int64))
        right.append(np.array([korean.setdefault(t, len(korean)) for t in dict.fromkeys(other)][:_MOST_TERMS], np.int64))
    if not english or not korean:
        return EMPTY
    weights = np.array([w for _, _, w in pairs])
    n, m = len(english), len(korean)
    sizes_l = np.array([len(a) for a in left]); sizes_r = np.array([len(a) for a in right])
    flat_l = np.concatenate(left); flat_r = np.concatenate(right)
    # every (pair, english occurrence, korean occurrence)
    cells = sizes_l * sizes_r
    which = np.repeat(np.arange(len(pairs)), cells)
    within = np.arange(cells.sum()) - np.repeat(np.cumsum(cells) - cells, cells)
    at_l = within // np.maximum(sizes_r[which], 1) + (np.cumsum(sizes_l) - sizes_l)[which]
    at_r = within % np.maximum(sizes_r[which], 1) + (np.cumsum(sizes_r) - sizes_r)[which]
    keys = flat_l[at_l] * m + flat_r[at_r]
    unique, key = np.unique(keys, return_inverse=True)
    e, f = unique // m, unique % m
    w = weights[which]
    counts_l = np.bincount(flat_l, minlength=n); counts_r = np.bincount(flat_r, minlength=m)
    forward = _train(key, at_r, len(flat_r), w, e, len(unique), n, discount)
    backward = _train(key, at_l, len(flat_l), w, f, len(unique), m, discount)
    return Dictionary(english, korean, counts_l, counts_r, _table(e, f, forward, n), _table(f, e, backward, m))


def _train(key: Ints, explained: Ints, total: int, weights: Floats, source: Ints, size: int, rows: int, discount: float) -> Floats:
    chance = np.ones(size)
    for r in range(_ROUNDS):
        cell = chance[key]
        sums = np.bincount(explained, cell, total)
        share = np.bincount(key, weights * cell / sums[explained], size)
        if r == _ROUNDS - 1:
            totals = np.bincount(source, share, rows)
            return np.maximum(share - discount, 0) / totals[source]
        totals = np.bincount(source, share, rows)
        chance = share / totals[source]
    return chance


def _table(source: Ints, target: Ints, chance: Floats, rows: int) -> Table:
    kept = chance >= _LEAST
    source, target, chance = source[kept], target[kept], chance[kept]
    order = np.lexsort((target, source))
    starts = np.concatenate(([0], np.cumsum(np.bincount(source, minlength=rows))))
    return Table(starts, target[order], chance[order])
