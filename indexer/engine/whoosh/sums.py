"""The scores of the passages that match a query, worked out as far as they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.ranking import best_of
from indexer.engine.whoosh.evidence import FoundEvidence, Weight
from indexer.engine.whoosh.postings import meet
from indexer.engine.whoosh.scoring import Normal

__all__ = ["Fixed", "Scores", "Scratch", "sum_up"]

_FEW: Final = 200
"""Passages that are searched for among the postings of each term; for more, the sums of all are kept."""
_RARE: Final = 8
"""Of a term that has so many postings for each passage, only those of the passages are weighed."""
_CLEARED: Final = 20
"""Sums that are cleared in the time that one of them takes to be picked out."""
_LONG: Final = 6000
"""Postings from which it pays to weigh a term only where it can still make a difference."""
_LITTLE: Final = 0.12
"""What such terms may be worth together, as a part of what all are worth."""
_SOME: Final = 4
"""Where more than one of so many matches are left to be weighed, all are."""
_ROUNDING: Final = 1e-4
"""More than sums of 32 bits can be off, as a part of them."""

_Numbers = NDArray[np.intp]
_Floats = NDArray[np.float32]
Fixed = tuple[_Numbers, _Floats | float]
"""Some passages, ascending, and what is added to the score of each, or of all of them."""


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


def sum_up(
    passages: _Numbers,
    found: FoundEvidence,
    fixed: Sequence[Fixed],
    normal: Normal,
    scratch: Scratch,
    begin: _Floats | None = None,
) -> _Floats:
    """The score of each of some passages.

    However the passages are chosen, the same is added to each of them in the same order, so that a passage's
    score does not depend on what else is scored.

    Args:
        passages: their numbers, ascending.
        found: the terms that count.
        fixed: what is added beside them.
        normal: what terms are worth.
        scratch: sums of all passages.
        begin: what is already known of each score.
    """
    alike = all(weight.term.numbers is passages for weight in found.weights)
    if len(passages) > _FEW and not (alike and not fixed):
        return _sum_all(passages, found, fixed, normal, scratch, begin)
    values = np.zeros(len(passages), dtype=np.float32) if begin is None else begin.copy()
    for weight in found.weights:
        at, worth = _of_few(passages, weight, normal)
        values[at] += worth
    for place, much in _titled(passages, found, normal):
        values[place] += much
    for numbers, more in fixed:
        mine, theirs = meet(passages, numbers)
        values[mine] += more if isinstance(more, float) else more[theirs]
    return values


def _sum_all(
    passages: _Numbers,
    found: FoundEvidence,
    fixed: Sequence[Fixed],
    normal: Normal,
    scratch: Scratch,
    begin: _Floats | None,
) -> _Floats:
    """As `sum_up`, for so many passages that others are added up with them rather than told apart."""
    values = scratch.take()
    touched = [passages]
    if begin is not None:
        values[passages] = begin
    for weight in found.weights:
        numbers = weight.term.numbers
        if len(numbers) > _RARE * len(passages):
            at, worth = _of_few(passages, weight, normal)
            np.add.at(values, passages[at], worth)
        else:
            np.add.at(values, numbers, np.float32(weight.factor) * normal.worths(weight.term, weight.kind))
            touched.append(numbers)
    for place, much in _titled(passages, found, normal):
        np.add.at(values, passages[place], np.float32(much))
    for numbers, more in fixed:
        np.add.at(values, numbers, np.float32(more) if isinstance(more, float) else more)
        touched.append(numbers)
    sums = values.take(passages)
    scratch.give_back(values, touched)
    return sums


def _of_few(passages: _Numbers, weight: Weight, normal: Normal) -> tuple[_Numbers | slice, _Floats]:
    """Which of `passages` have a term, and what it adds to each of them."""
    term, factor = weight.term, np.float32(weight.factor)
    if term.numbers is passages:
        return slice(None), factor * normal.worths(term, weight.kind)
    mine, theirs = meet(passages, term.numbers)
    if len(term.numbers) > _RARE * len(passages):
        return mine, factor * normal.worths_at(term, weight.kind, theirs)
    return mine, factor * normal.worths(term, weight.kind)[theirs]


def _titled(passages: _Numbers, found: FoundEvidence, normal: Normal) -> list[tuple[_Numbers, float]]:
    """Which of `passages` are of documents whose titles have a term, and what that adds; titles have enough."""
    places: list[tuple[_Numbers, float]] = []
    for begins, ends, much in found.titled:
        first = passages.searchsorted(begins)
        many = passages.searchsorted(ends) - first
        last = many.cumsum()
        total = int(last[-1])
        if total:
            at = np.repeat(first - last + many, many) + np.arange(total)
            if normal.titles is not None:
                at = at[~normal.titles.take(passages.take(at))]
            places.append((at, much))
    return places


class Scores:
    """The scores of the matches of one query.

    A frequent term says little, and costs most to weigh.  So the others are weighed first; then those terms,
    for the passages that could be among the best with all that they may add.

    Source: the upper bounds of MaxScore (Turtle and Flood, "Query Evaluation: Strategies and Optimizations",
    1995), with two classes of terms in place of an order of all.
    """

    def __init__(
        self,
        matches: _Numbers,
        found: FoundEvidence,
        fixed: Sequence[Fixed],
        normal: Normal,
        scratch: Scratch,
    ) -> None:
        """Takes what the scores are made of.

        Args:
            matches: the passages, ascending.
            found: the terms that count.
            fixed: what is added beside them.
            normal: what terms are worth.
            scratch: sums of all passages.
        """
        self._matches = matches
        self._fixed = fixed
        self._normal = normal
        self._scratch = scratch
        later, self._bound = _later(found.weights, normal)
        self._later = [weight for index, weight in enumerate(found.weights) if index in later]
        first = [weight for index, weight in enumerate(found.weights) if index not in later]
        self._first = FoundEvidence(first, found.titled)
        self._partial: _Floats | None = None
        self._all: _Floats | None = None

    def all(self) -> _Floats:
        """The scores of all matches."""
        if self._all is None:
            self._all = self._finish(self._matches, self._begun())
        return self._all

    def of(self, chosen: _Numbers) -> _Floats:
        """The scores of the matches at the indices `chosen`; of few, sooner than those of all."""
        if self._all is not None or len(chosen) * _SOME > len(self._matches):
            return self.all()[chosen]
        passages = self._matches[chosen]
        if self._partial is not None:
            return self._finish(passages, self._partial[chosen])
        return self._finish(passages, self._begin(passages))

    def best(self, many: int, before: NDArray[np.bool_] | None) -> tuple[_Numbers, _Floats]:
        """The best matches, as `best_of` gives them, and their scores."""
        left = self._left(many, before) if self._later else None
        if left is None:
            scores = self.all()
            best = best_of(scores, many, before)
            return best, scores[best]
        scores = self._finish(self._matches[left], self._begun()[left])
        best = best_of(scores, many, None if before is None else before[left])
        return left[best], scores[best]

    def _left(self, many: int, before: NDArray[np.bool_] | None) -> _Numbers | None:
        """The matches that can be among so many best ones; none where these are too many to pay."""
        partial = self._begun()
        if before is not None:
            if np.count_nonzero(before) < many:
                return None
            partial = np.where(before, partial, np.float32(-1))
        if len(partial) <= many * _SOME:
            return None
        least = float(np.partition(partial, len(partial) - many)[len(partial) - many])
        left = (partial >= (least - self._bound) - _ROUNDING * (least + self._bound)).nonzero()[0]
        if before is not None:
            left = left[before[left]]
        return left if len(left) * _SOME < len(partial) else None

    def _begun(self) -> _Floats:
        """What all matches have without the terms that are weighed later."""
        if self._partial is None:
            self._partial = self._begin(self._matches)
        return self._partial

    def _begin(self, passages: _Numbers) -> _Floats:
        return sum_up(passages, self._first, self._fixed, self._normal, self._scratch)

    def _finish(self, passages: _Numbers, scores: _Floats) -> _Floats:
        if not self._later:
            return scores
        return sum_up(passages, FoundEvidence(self._later), (), self._normal, self._scratch, scores)


def _later(weights: Sequence[Weight], normal: Normal) -> tuple[set[int], float]:
    """Which terms are weighed later: long ones that say little; and what they may be worth together.

    Whether a term has been weighed before makes no difference: sums of 32 bits depend on their order, and so
    would a passage's score on what was asked before.
    """
    if not any(len(weight.term.numbers) > _LONG for weight in weights):
        return set(), 0.0
    most = [one.factor * normal.most(len(one.term.numbers), one.kind) for one in weights]
    room = _LITTLE * sum(most)
    later: set[int] = set()
    bound = 0.0
    for index in sorted(range(len(weights)), key=most.__getitem__):
        term = weights[index].term
        if len(term.numbers) > _LONG:
            if bound + most[index] > room:
                break
            later.add(index)
            bound += most[index]
    return later, bound
