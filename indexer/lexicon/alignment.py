"""Which word of a passage answers to which word of its other side: learned from pairs alone, in NumPy.

Source: Brown et al., "The Mathematics of Statistical Machine Translation" (1993), model 1 with a word for
nothing; words at the same relative place are likelier partners, as in Dyer, Chahuneau and Smith, "A Simple,
Fast, and Effective Reparameterization of IBM Model 2" (2013), which matters in passages of several sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Aligned", "align"]

_ROUNDS: Final = 4
_NEARNESS: Final = 4.0
"""How fast the likelihood of being partners falls with the distance of the relative places."""
_FARTHEST: Final = 0.5
"""Words whose relative places differ by more are no partners."""
_NOTHING: Final = 0.08
"""The share of words that answer to nothing on the other side."""
_BLOCK: Final = 2_000_000
"""Cells (one word of one side with one of the other) that are worked on together."""
_KEPT: Final = 12_000_000
"""Cells up to which they are kept from round to round; beyond it they are made anew, so that memory is
bounded."""
_MOST_TYPES: Final = 16_000_000
"""Different pairs of words that are looked at; beyond it those that met least are left out."""

_Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Aligned:
    """Pairs of words that met in a pair of passages, each once; arrays of the same length."""

    left: _Ints
    """Numbers of words of the first side."""
    right: _Ints
    forward: _Floats
    """How often `left` was rendered as `right`, as an expected count."""
    backward: _Floats
    """How often `right` was rendered as `left`, as an expected count."""
    together: _Ints
    """Pairs of passages that have both."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """Some pairs of passages, as every word of one side with every word of the other."""

    kind: NDArray[np.int32]
    """Which pair of words."""
    forward: NDArray[np.float32]
    """How likely the left word is the partner by place alone, among the left words of its pair."""
    backward: NDArray[np.float32]
    row: NDArray[np.int32]
    """Which word in the left texts of the block."""
    column: NDArray[np.int32]
    lefts: _Ints
    """The words in the left texts of the block."""
    rights: _Ints


def align(lefts: Sequence[_Ints], rights: Sequence[_Ints], left_size: int, right_size: int) -> Aligned:
    """Aligns pairs of passages.

    Args:
        lefts: the numbers of the words of each passage, in order.
        rights: those of its other side.
        left_size: how many words there are on the first side; numbers are below it.
        right_size: those of the other side.
    """
    kinds, together = _kinds(lefts, rights, right_size)
    blocks = list(_ranges(lefts, rights))
    kept: list[_Cells] | None = None
    if sum(len(a) * len(b) for a, b in zip(lefts, rights, strict=True)) <= _KEPT:
        kept = [_cells(lefts[part], rights[part], right_size, kinds) for part in blocks]

    def every() -> Iterator[_Cells]:
        if kept is not None:
            return iter(kept)
        return (_cells(lefts[part], rights[part], right_size, kinds) for part in blocks)

    left, right = kinds // right_size, kinds % right_size
    forward, backward = np.ones(len(kinds)), np.ones(len(kinds))
    nothing = [_frequencies(lefts, left_size), _frequencies(rights, right_size)]
    for _ in range(_ROUNDS):
        shares = (_share(forward, left, left_size), _share(backward, right, right_size))
        forward, backward = np.zeros(len(kinds)), np.zeros(len(kinds))
        unrendered = [np.zeros(left_size), np.zeros(right_size)]
        for cells in every():
            forward += _expect(
                cells, cells.forward, shares[0], cells.column, cells.rights, nothing[1], unrendered[1]
            )
            backward += _expect(
                cells, cells.backward, shares[1], cells.row, cells.lefts, nothing[0], unrendered[0]
            )
        nothing = [counts / max(counts.sum(), 1e-12) for counts in unrendered]
    return Aligned(left, right, forward, backward, together)


def _expect(  # noqa: PLR0917 - one call, twice mirrored
    cells: _Cells,
    near: NDArray[np.float32],
    share: _Floats,
    place: NDArray[np.int32],
    words: _Ints,
    nothing: _Floats,
    unrendered: _Floats,
) -> _Floats:
    """The expected counts of one block; adds to `unrendered` how often each word answered to nothing."""
    weights = share[cells.kind]
    weights *= near
    alone = _NOTHING * nothing[words]
    whole = np.bincount(place, weights, minlength=len(words)).astype(np.float64, copy=False)
    whole += alone
    np.maximum(whole, 1e-300, out=whole)
    unrendered += np.bincount(words, alone / whole, minlength=len(unrendered))
    weights /= whole[place]
    expected: _Floats = np.bincount(cells.kind, weights, minlength=len(share)).astype(np.float64, copy=False)
    return expected


def _share(counts: _Floats, word: _Ints, size: int) -> _Floats:
    totals = np.bincount(word, counts, minlength=size)
    shares: _Floats = counts / np.maximum(totals, 1e-12)[word]
    return shares


def _frequencies(texts: Sequence[_Ints], size: int) -> _Floats:
    counts = np.bincount(np.concatenate([np.zeros(0, dtype=np.int64), *texts]), minlength=size)
    shares: _Floats = counts / max(float(counts.sum()), 1e-12)
    return shares


def _ranges(lefts: Sequence[_Ints], rights: Sequence[_Ints]) -> Iterator[slice]:
    begin = size = 0
    for number, (left, right) in enumerate(zip(lefts, rights, strict=True)):
        size += len(left) * len(right)
        if size >= _BLOCK:
            yield slice(begin, number + 1)
            begin, size = number + 1, 0
    if begin < len(lefts):
        yield slice(begin, len(lefts))


def _kinds(lefts: Sequence[_Ints], rights: Sequence[_Ints], right_size: int) -> tuple[_Ints, _Ints]:
    """All pairs of words that meet, ascending, and in how many pairs of passages."""
    kinds, together = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    for part in _ranges(lefts, rights):
        met = [
            (np.unique(left)[:, None] * right_size + np.unique(right)[None]).ravel()
            for left, right in zip(lefts[part], rights[part], strict=True)
        ]
        new, counts = np.unique(np.concatenate(met), return_counts=True)
        both, where = np.unique(np.concatenate((kinds, new)), return_inverse=True)
        together = np.bincount(where, np.concatenate((together, counts)), minlength=len(both)).astype(
            np.int64
        )
        kinds = both
        if len(kinds) > _MOST_TYPES:
            least = np.partition(together, len(kinds) - _MOST_TYPES // 2)[len(kinds) - _MOST_TYPES // 2]
            kinds, together = kinds[together > least], together[together > least]
    return kinds, together


def _cells(lefts: Sequence[_Ints], rights: Sequence[_Ints], right_size: int, kinds: _Ints) -> _Cells:
    met: list[_Ints] = []
    near: list[list[NDArray[np.float32]]] = [[], []]
    places: list[list[NDArray[np.int32]]] = [[], []]
    row = column = 0
    for left, right in zip(lefts, rights, strict=True):
        if len(left) and len(right):
            distance = np.abs(
                (np.arange(len(left)) + 0.5)[:, None] / len(left) - (np.arange(len(right)) + 0.5) / len(right)
            )
            likely = np.exp(-_NEARNESS * distance)
            here, there = np.nonzero(distance <= _FARTHEST)
            near[0].append((likely / likely.sum(axis=0))[here, there].astype(np.float32))
            near[1].append((likely / likely.sum(axis=1, keepdims=True))[here, there].astype(np.float32))
            met.append(left[here] * right_size + right[there])
            places[0].append((here + row).astype(np.int32))
            places[1].append((there + column).astype(np.int32))
        row, column = row + len(left), column + len(right)
    wanted = np.concatenate(met or [np.zeros(0, dtype=np.int64)])
    kind = np.minimum(np.searchsorted(kinds, wanted), max(len(kinds) - 1, 0))
    known = kinds[kind] == wanted
    return _Cells(
        kind[known].astype(np.int32),
        (1 - _NOTHING) * _join(near[0], np.float32)[known],
        (1 - _NOTHING) * _join(near[1], np.float32)[known],
        _join(places[0], np.int32)[known],
        _join(places[1], np.int32)[known],
        np.concatenate(lefts),
        np.concatenate(rights),
    )


def _join(parts: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)
