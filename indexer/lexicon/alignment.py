"""Which word of a passage answers to which word of its other side: learned from pairs alone, in NumPy.

Only words that meet more often than chance lets expect are looked at as partners, which is a fifth of all
that meet; what is left over answers to nothing.

Source: Brown et al., "The Mathematics of Statistical Machine Translation" (1993), model 1 with a word for
nothing; words at the same relative place are likelier partners, as in Dyer, Chahuneau and Smith, "A Simple,
Fast, and Effective Reparameterization of IBM Model 2" (2013), which matters in passages of several sentences;
the choice of partners by their significance, after Moore, "Improving IBM Word-Alignment Model 1" (2004).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.lexicon.meetings import Meetings, Texts, count_meetings
from indexer.lexicon.significance import log_chance

__all__ = ["Aligned", "align"]

_ROUNDS: Final = 4
_NEARNESS: Final = 4.0
"""How fast the likelihood of being partners falls with the distance of the relative places."""
_FARTHEST: Final = 0.5
"""Words whose relative places differ by more are no partners."""
_NOTHING: Final = 0.08
"""The share of words that answer to nothing on the other side."""
_CHANCE: Final = 1.0
"""Partners are words of whose like no more than e to this power are expected by chance."""
_BLOCK: Final = 2_000_000
"""Cells (one word of one side with one of the other) that are worked on together."""
_KEPT: Final = 16_000_000
"""Cells of possible partners up to which they are kept from round to round; beyond it they are made anew, so
that memory is bounded."""
_SIEVE: Final = 1 << 22
_TABLE: Final = 1 << 22
"""Places of a table that tells the numbers of pairs of words; those that share one are searched for."""
_RARE: Final = 255
"""Words in no more texts are rare."""

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
    chance: _Floats
    """How many others, of all that the two have met, would meet so often by chance: a logarithm."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """Some pairs of passages, as words of one side with words of the other that may be their partners."""

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


def align(lefts: Texts, rights: Texts) -> Aligned:
    """Aligns pairs of passages: the N-th of `lefts` says the same as the N-th of `rights`."""
    partners, chance = _partners(count_meetings(lefts, rights), lefts, rights)
    left, right = partners.words
    every = _Blocks(lefts, rights, partners.codes)
    forward, backward = np.ones(len(left)), np.ones(len(left))
    nothing = [_frequencies(lefts), _frequencies(rights)]
    for _ in range(_ROUNDS):
        shares = (_share(forward, left, lefts.size), _share(backward, right, rights.size))
        forward, backward = np.zeros(len(left)), np.zeros(len(left))
        unrendered = [np.zeros(lefts.size), np.zeros(rights.size)]
        for cells in every:
            forward += _expect(
                cells, cells.forward, shares[0], cells.column, cells.rights, nothing[1], unrendered[1]
            )
            backward += _expect(
                cells, cells.backward, shares[1], cells.row, cells.lefts, nothing[0], unrendered[0]
            )
        nothing = [counts / max(counts.sum(), 1e-12) for counts in unrendered]
    return Aligned(left, right, forward, backward, partners.together, chance)


def _partners(met: Meetings, lefts: Texts, rights: Texts) -> tuple[Meetings, _Floats]:
    """Those that meet more often than by chance, and the chance of it."""
    parts = [met.only(slice(at, at + _BLOCK)) for at in range(0, len(met.codes), _BLOCK)]
    every_left, every_right = np.zeros(lefts.size, np.int64), np.zeros(rights.size, np.int64)
    for part in parts:  # how many words each word has met
        left, right = part.words
        every_left += np.bincount(left, minlength=lefts.size)
        every_right += np.bincount(right, minlength=rights.size)
    most = max(every_left.max(initial=0), every_right.max(initial=0))
    logs = np.log(np.maximum(np.arange(most + 1), 1))
    in_left, in_right = lefts.frequencies(), rights.frequencies()
    chosen, chances = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for at, part in enumerate(parts):
        left, right = part.words
        chance = _chance(part.together, in_left, in_right, left, right, len(lefts))
        chance += logs[np.maximum(every_left[left], every_right[right])]
        likely = np.flatnonzero(chance < _CHANCE)
        chosen.append(likely + at * _BLOCK)
        chances.append(chance[likely])
    return met.only(np.concatenate(chosen)), np.concatenate(chances)


def _chance(  # noqa: PLR0917
    together: _Ints, in_left: _Ints, in_right: _Ints, left: _Ints, right: _Ints, pairs: int
) -> _Floats:
    """As `log_chance`, of words by their frequencies; for rare words that met once, by a table."""
    rare = np.arange(1, min(_RARE, pairs) + 1)
    once = np.full((len(rare) + 1, len(rare) + 1), np.nan)
    left_rare, right_rare = np.repeat(rare, len(rare)), np.tile(rare, len(rare))
    known = log_chance(np.ones_like(left_rare), left_rare, right_rare, pairs)
    once[:-1, :-1] = known.reshape(len(rare), len(rare))
    row, column = (np.minimum(many - 1, len(rare)) for many in (in_left, in_right))
    place = (row * len(once))[left]
    place += column[right]
    chance: _Floats = once.ravel()[place]
    more = np.flatnonzero((together > 1) | np.isnan(chance))
    chance[more] = log_chance(together[more], in_left[left[more]], in_right[right[more]], pairs)
    return chance


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


def _frequencies(texts: Texts) -> _Floats:
    counts = np.bincount(texts.words, minlength=texts.size)
    shares: _Floats = counts / max(len(texts.words), 1)
    return shares


class _Blocks:
    """The cells of all pairs of passages, block by block; kept where they are few."""

    def __init__(self, lefts: Texts, rights: Texts, codes: _Ints) -> None:
        self._lefts, self._rights, self._codes = lefts, rights, codes
        self._sieve = np.zeros(_SIEVE, dtype=np.bool_)
        left, right = np.divmod(codes, max(rights.size, 1))
        self._sieve[(_sieved(left * rights.size) + _sieved(right)) & (_SIEVE - 1)] = True
        self._table = np.zeros(_TABLE, dtype=np.int32)
        self._table[_slots(codes)] = np.arange(len(codes), dtype=np.int32)
        self._kept: list[_Cells] = []
        self._whole = False

    def __iter__(self) -> Iterator[_Cells]:
        if self._whole:
            yield from self._kept
            return
        many = 0
        self._kept = []
        for part in self._lefts.blocks(self._rights, _BLOCK):
            cells = self._cells(self._lefts.part(part), self._rights.part(part))
            many += len(cells.kind)
            if many <= _KEPT:
                self._kept.append(cells)
            yield cells
        self._whole = many <= _KEPT

    def _cells(self, lefts: Texts, rights: Texts) -> _Cells:
        opposite = np.repeat(rights.lengths, lefts.lengths)  # by word of the left texts
        begin = np.repeat(rights.starts, lefts.lengths) - (np.cumsum(opposite) - opposite)
        column = np.repeat(begin.astype(np.int32), opposite)
        column += np.arange(len(column), dtype=np.int32)
        sieved = np.repeat(_sieved(lefts.words * rights.size), opposite)
        sieved += _sieved(rights.words)[column]
        sieved &= _SIEVE - 1
        maybe = np.flatnonzero(self._sieve[sieved])
        row = np.repeat(np.arange(len(lefts.words), dtype=np.int32), opposite)[maybe]
        column = column[maybe]
        distance = np.abs(lefts.places[row] - rights.places[column])
        near = np.flatnonzero(distance <= _FARTHEST)
        row, column, distance = row[near], column[near], distance[near]
        wanted = lefts.words[row] * rights.size + rights.words[column]
        kind = self._table[_slots(wanted)]
        others = np.flatnonzero(self._codes[kind] != wanted)
        found = np.searchsorted(self._codes, wanted[others])
        kind[others] = np.minimum(found, max(len(self._codes) - 1, 0))
        known = np.flatnonzero(self._codes[kind] == wanted)
        row, column, kind = row[known], column[known], kind[known]
        likely = (1 - _NOTHING) * np.exp(-_NEARNESS * distance[known])
        return _Cells(
            kind,
            (likely / _nearness(rights, lefts)[column]).astype(np.float32),
            (likely / _nearness(lefts, rights)[row]).astype(np.float32),
            row,
            column,
            lefts.words,
            rights.words,
        )


def _sieved(codes: _Ints) -> NDArray[np.int32]:
    """Added up over both words of a pair, where it stands in the sieve; others may stand there, too."""
    mixed: NDArray[np.int32] = ((codes * 0x9E3779B97F4A7C1 >> 20) & (_SIEVE - 1)).astype(np.int32)
    return mixed


def _slots(codes: _Ints) -> _Ints:
    """Where pairs of words stand in the table; several may stand at one place."""
    mixed: _Ints = (codes * 0x9E3779B97F4A7C1 >> 20) & (_TABLE - 1)
    return mixed


def _nearness(texts: Texts, others: Texts) -> _Floats:
    """For each word, the sum of the nearness of all words of the other side: two geometric series."""
    place = texts.places
    many = np.repeat(others.lengths, texts.lengths).astype(np.float64)
    before = np.clip(np.floor(place * many + 0.5), 0, many)
    step = np.exp(-_NEARNESS / np.maximum(many, 1))
    below = np.exp(-_NEARNESS * (place - (before - 0.5) / np.maximum(many, 1))) * (1 - step**before)
    above = np.exp(-_NEARNESS * ((before + 0.5) / np.maximum(many, 1) - place)) * (
        1 - step ** (many - before)
    )
    total: _Floats = np.maximum((below + above) / np.maximum(1 - step, 1e-12), 1e-12)
    return total
