"""Texts as numbers of words, and how often words of one side meet words of the other.  Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Meetings", "Texts", "count_meetings"]

_BLOCK: Final = 4_000_000
"""Meetings that are sorted together."""
_MOST_KINDS: Final = 16_000_000
"""Different pairs of words that are looked at; beyond it those that met least are left out, so that memory is
bounded."""
_COUNT_BITS: Final = 16
"""Room for a count beside a pair of words in one number; no more pairs of passages are looked at."""
_COUNTS: Final = (1 << _COUNT_BITS) - 1
_LARGEST: Final = 1 << 32

_Ints = NDArray[np.int64]
_Codes = NDArray[np.int64] | NDArray[np.uint32]
_Floats = NDArray[np.float64]


class Texts:
    """The words of many texts in a row, as numbers."""

    def __init__(self, words: _Ints, lengths: _Ints, size: int) -> None:
        """Texts of so many words each.

        Args:
            words: those of all texts, in order.
            lengths: how many words each text has.
            size: how many different words there may be; their numbers are below it.
        """
        self.words = words
        self.lengths = lengths
        self.size = size

    @classmethod
    def of(cls, texts: Sequence[NDArray[np.int32]], size: int) -> Texts:
        """The texts, each an array of its own."""
        words = np.concatenate([np.zeros(0, dtype=np.int64), *texts])
        return cls(words, np.array([len(text) for text in texts], dtype=np.int64), size)

    def __len__(self) -> int:
        return len(self.lengths)

    @cached_property
    def starts(self) -> _Ints:
        """Where each text begins."""
        starts: _Ints = np.cumsum(self.lengths) - self.lengths
        return starts

    @cached_property
    def places(self) -> _Floats:
        """Where each word stands in its text, from 0 (at its beginning) to 1."""
        within = np.arange(len(self.words)) - np.repeat(self.starts, self.lengths)
        places: _Floats = (within + 0.5) / np.repeat(self.lengths, self.lengths)
        return places

    def part(self, texts: slice) -> Texts:
        """Some of the texts."""
        begin = int(self.starts[texts.start])
        lengths = self.lengths[texts]
        return Texts(self.words[begin : begin + int(lengths.sum())], lengths, self.size)

    def only(self, chosen: NDArray[np.bool_]) -> Texts:
        """The texts with only those words that `chosen` says, by number."""
        at = np.flatnonzero(chosen[self.words])
        text = np.repeat(np.arange(len(self)), self.lengths)[at]
        return Texts(self.words[at], np.bincount(text, minlength=len(self)), self.size)

    @cached_property
    def once(self) -> Texts:
        """The texts with each word once, in the order of their numbers."""
        text = np.repeat(np.arange(len(self)), self.lengths)
        codes = np.unique(text * self.size + self.words)
        lengths = np.bincount(codes // self.size, minlength=len(self))
        return Texts(codes % self.size, lengths, self.size)

    def frequencies(self) -> _Ints:
        """By word, how many texts have it."""
        counts: _Ints = np.bincount(self.once.words, minlength=self.size)
        return counts

    def blocks(self, others: Texts, most: int) -> Iterator[slice]:
        """The texts in parts in which about `most` words meet; the N-th of `others` belongs to the N-th."""
        ends = np.cumsum(self.lengths * others.lengths)
        begin = 0
        while begin < len(self):
            done = ends[begin - 1] if begin else 0
            end = max(begin + 1, int(np.searchsorted(ends, done + most, side="right")))
            yield slice(begin, end)
            begin = end


@dataclass(frozen=True, slots=True)
class Meetings:
    """Pairs of words that stand in a pair of texts, each once and ascending."""

    codes: _Ints
    """The number of the left word times how many right words there are, plus that of the right word."""
    together: _Ints
    """Pairs of texts that have both."""
    right_size: int

    @property
    def words(self) -> tuple[_Ints, _Ints]:
        """The left words and the right words."""
        left, right = np.divmod(self.codes, self.right_size)
        return left, right

    def only(self, chosen: slice | _Ints) -> Meetings:
        """Some of them."""
        return Meetings(self.codes[chosen], self.together[chosen], self.right_size)


def count_meetings(lefts: Texts, rights: Texts) -> Meetings:
    """All pairs of words that meet in pairs of texts, and how often they do."""
    lefts, rights = lefts.once, rights.once
    packed = np.zeros(0, dtype=np.int64)
    for part in lefts.blocks(rights, _BLOCK):
        met = _counted(_met(lefts.part(part), rights.part(part)))
        packed = _added(np.concatenate((packed, met))) if len(packed) else met
        if len(packed) > _MOST_KINDS:
            packed = _most_met(packed)
    return Meetings(packed >> _COUNT_BITS, packed & _COUNTS, max(rights.size, 1))


def _met(lefts: Texts, rights: Texts) -> _Codes:
    """Every word of each left text with every word of its right text, as one number."""
    number = np.uint32 if lefts.size * rights.size <= _LARGEST else np.int64  # what is small is sorted faster
    many = np.repeat(rights.lengths, lefts.lengths)
    begin = np.repeat(rights.starts, lefts.lengths) - (np.cumsum(many) - many)
    at = np.repeat(begin, many)
    at += np.arange(len(at))
    met: _Codes = np.repeat((lefts.words * rights.size).astype(number), many)
    met += rights.words.astype(number)[at]
    return met


def _counted(met: _Codes) -> _Ints:
    """The pairs of words, ascending and each once, each with its count in the low bits."""
    met.sort()
    first = np.flatnonzero(_new(met))
    counted: _Ints = met[first].astype(np.int64) << _COUNT_BITS
    counted += np.diff(first, append=len(met))
    return counted


def _added(packed: _Ints) -> _Ints:
    """The same pairs of words, ascending and each once, with their counts added up."""
    packed.sort(kind="stable")  # two ascending parts are merged
    twice = np.flatnonzero(~_new(packed >> _COUNT_BITS))  # never more than two have the same words
    packed[twice - 1] += packed[twice] & _COUNTS
    return np.delete(packed, twice)


def _new(codes: _Codes) -> NDArray[np.bool_]:
    """Which of ascending numbers are others than the one before."""
    new = np.ones(len(codes), dtype=np.bool_)
    np.not_equal(codes[1:], codes[:-1], out=new[1:])
    return new


def _most_met(packed: _Ints) -> _Ints:
    counts = packed & _COUNTS
    least = np.partition(counts, len(counts) - _MOST_KINDS // 2)[len(counts) - _MOST_KINDS // 2]
    kept: _Ints = packed[counts > least]
    return kept
