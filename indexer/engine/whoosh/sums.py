"""What terms add to the scores of passages, added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.ascending import meet, ranges
from indexer.engine.whoosh.evidence import FoundEvidence, Weight
from indexer.engine.whoosh.scoring import Normal
from indexer.engine.whoosh.term_postings import join

__all__ = ["Fixed", "Scratch", "Sums"]

_FEW: Final = 500
"""Passages that are searched for among the postings of each term; for more, the sums of all are kept."""
_RARE: Final = 8
"""Of a term that has so many postings for each passage, only those of the passages are weighed."""
_WHOLE: Final = 32
"""A term that has not so many postings for each that is wanted is weighed as a whole."""
_CLEARED: Final = 20
"""Sums that are cleared in the time that one of them takes to be picked out."""

_Numbers = NDArray[np.intp]
_Floats = NDArray[np.float32]
Fixed = tuple[_Numbers, _Floats]
"""Some passages, ascending, and what is added to the score of each."""


class Scratch:
    """Sums of all passages, kept for the next query; may be used by several threads at once."""

    def __init__(self, size: int) -> None:
        """Sums for passages with numbers below `size`."""
        self._size = size
        self._free: list[_Floats] = []

    def take(self) -> _Floats:
        """Sums that are all 0."""
        try:
            return self._free.pop()
        except IndexError:
            return np.zeros(self._size, dtype=np.float32)

    def give_back(self, values: _Floats, touched: Sequence[_Numbers]) -> None:
        """Clears sums that were taken, of which those of the passages `touched` may not be 0."""
        if sum(map(len, touched)) * _CLEARED > self._size:
            values.fill(0)
        else:
            for numbers in touched:
                values[numbers] = 0
        self._free.append(values)


@dataclass(frozen=True, slots=True)
class Sums:
    """Adds up scores over one commit."""

    normal: Normal
    scratch: Scratch

    def of(
        self,
        passages: _Numbers,
        found: FoundEvidence,
        fixed: Sequence[Fixed] = (),
        begin: _Floats | None = None,
    ) -> _Floats:
        """The score of each of some passages.

        However the passages are chosen, the same is added to each of them in the same order, so that a
        passage's score does not depend on what else is scored.

        Args:
            passages: their numbers, ascending.
            found: the terms that count.
            fixed: what is added beside them.
            begin: what is already known of each score.
        """
        if begin is None and not found.weights and len(fixed) == 1 and fixed[0][0] is passages:
            return fixed[0][1]
        others = [weight for weight in found.weights if weight.term.numbers is not passages]
        alike = not fixed and not others
        if len(passages) > _FEW and not alike:
            return self._among_all(passages, found, fixed, begin)
        values = np.zeros(len(passages), dtype=np.float32) if begin is None else begin.copy()
        if alike:
            for weight in found.weights:
                values += np.float32(weight.factor) * self.normal.worths(weight.term, weight.kind)
        elif found.weights:
            np.add.at(values, *self._weigh_all(passages, found.weights))
        if found.titled:
            np.add.at(values, *self._titled(passages, found))
        for numbers, more in fixed:
            mine, theirs = meet(passages, numbers)
            values[mine] += more[theirs]
        return values

    def _among_all(
        self, passages: _Numbers, found: FoundEvidence, fixed: Sequence[Fixed], begin: _Floats | None
    ) -> _Floats:
        """As `of`, for so many passages that others are added up with them rather than told apart."""
        values = self.scratch.take()
        touched = [passages]
        if begin is not None:
            values[passages] = begin
        for weight in found.weights:
            numbers = weight.term.numbers
            if len(numbers) > _RARE * len(passages):
                at, worth = self._weigh_few(passages, weight)
                np.add.at(values, passages[at], worth)
            else:
                worth = self.normal.worths(weight.term, weight.kind)
                np.add.at(values, numbers, np.float32(weight.factor) * worth)
                touched.append(numbers)
        if found.titled:
            at, much = self._of_titled(found)
            np.add.at(values, at, much)
            touched.append(at)
        for numbers, more in fixed:
            np.add.at(values, numbers, more)
            touched.append(numbers)
        sums = values.take(passages)
        self.scratch.give_back(values, touched)
        return sums

    def _weigh_all(self, passages: _Numbers, weights: Sequence[Weight]) -> tuple[_Numbers, _Floats]:
        """Which of a few `passages` have each of the terms, one after the other; what it adds to each."""
        met = [meet(passages, weight.term.numbers) for weight in weights]
        for weight, (_, theirs) in zip(weights, met, strict=True):
            if len(weight.term.numbers) < _WHOLE * len(theirs):
                self.normal.worths(weight.term, weight.kind)
        worths = self.normal.worths_of_several(
            [(weight.term, weight.kind, theirs) for weight, (_, theirs) in zip(weights, met, strict=True)]
        )
        factors = np.array([weight.factor for weight in weights], dtype=np.float32)
        worths *= factors.repeat([len(mine) for mine, _ in met])
        return np.concatenate([mine for mine, _ in met]), worths

    def _weigh_few(self, passages: _Numbers, weight: Weight) -> tuple[_Numbers, _Floats]:
        """Which of `passages` have a frequent term, and what it adds to each of them."""
        mine, theirs = meet(passages, weight.term.numbers)
        return mine, np.float32(weight.factor) * self.normal.worths_at(weight.term, weight.kind, theirs)

    def _titled(self, passages: _Numbers, found: FoundEvidence) -> tuple[_Numbers, _Floats]:
        """Which of `passages` are of documents whose titles have each of the terms; what it adds to each."""
        begins = join([begins for begins, _, _ in found.titled], np.intp)
        first = passages.searchsorted(begins)
        many = passages.searchsorted(join([ends for _, ends, _ in found.titled], np.intp)) - first
        at = ranges(first, many)
        others = self._others(passages.take(at))
        return at[others], _worth_of_titles(found).repeat(many)[others]

    def _of_titled(self, found: FoundEvidence) -> tuple[_Numbers, _Floats]:
        """As `_titled`, of all passages of these documents; their numbers."""
        begins = join([begins for begins, _, _ in found.titled], np.intp)
        many = join([ends for _, ends, _ in found.titled], np.intp) - begins
        at = ranges(begins, many)
        others = self._others(at)
        return at[others], _worth_of_titles(found).repeat(many)[others]

    def _others(self, passages: _Numbers) -> NDArray[np.bool_] | slice:
        """Which of `passages` are no titles: these have enough as it is."""
        return slice(None) if self.normal.titles is None else ~self.normal.titles.take(passages)


def _worth_of_titles(found: FoundEvidence) -> _Floats:
    """By document with one of the terms in its title what that adds, one term after the other."""
    each = np.array([much for _, _, much in found.titled], dtype=np.float32)
    return each.repeat([len(begins) for begins, _, _ in found.titled])
