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

__all__ = ["Scores", "Sums"]

_DENSE: Final = 8
"""With one passage of so many, the sums of all passages are kept, as finding each passage costs more."""
_RARE: Final = 8
"""Of a term that has so many postings for each passage, only those of the passages are weighed."""
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


class Sums:
    """The score of each of some passages.

    However the passages are chosen, the same is added to each of them in the same order, so that a passage's
    score does not depend on what else is scored.
    """

    def __init__(self, passages: _Numbers, normal: Normal, size: int) -> None:
        """Begins with nothing.

        Args:
            passages: what is scored, ascending.
            normal: what terms are worth.
            size: what all numbers of passages are below.
        """
        self._passages = passages
        self._normal = normal
        self._dense = len(passages) * _DENSE > size
        self._values = np.zeros(size if self._dense else len(passages), dtype=np.float32)

    def add(self, numbers: _Numbers, worth: _Floats | float) -> None:
        """Adds `worth` to the passages `numbers` (ascending), or to all of them the same."""
        at, theirs = self._find(numbers)
        self._values[at] += worth if isinstance(worth, float) or theirs is None else worth[theirs]

    def add_term(self, weight: Weight) -> None:
        """Adds what a term is worth."""
        term, kind = weight.term, weight.kind
        many = len(term.numbers) > _RARE * len(self._passages)
        at, theirs = self._find(term.numbers, many=many)
        if many and theirs is not None:
            worth = self._normal.worths_at(term, kind, theirs)
        else:
            worth = self._normal.worths(term, kind)
            worth = worth if theirs is None else worth[theirs]
        self._values[at] += weight.factor * worth

    def add_all(self, found: FoundEvidence) -> None:
        """Adds what all of the evidence is worth."""
        for weight in found.weights:
            self.add_term(weight)
        for numbers, worth in found.titled:
            self.add(numbers, worth)

    def of_passages(self) -> _Floats:
        """The score of each passage."""
        return self._values[self._passages] if self._dense else self._values.copy()

    def begin_with(self, scores: _Floats) -> Sums:
        """Puts these scores of all passages in place of what there is."""
        self._values[self._passages if self._dense else slice(None)] = scores
        return self

    def _find(self, numbers: _Numbers, *, many: bool = False) -> tuple[_Numbers | slice, _Numbers | None]:
        """Where the values of `numbers` are, and which of `numbers` these are; none for all of them."""
        if numbers is self._passages and not self._dense:
            return slice(None), None
        if self._dense and not many:
            return numbers, None
        mine, theirs = meet(self._passages, numbers)
        return self._passages[mine] if self._dense else mine, theirs


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
        normal: Normal,
        size: int,
        weights: Sequence[Weight],
        fixed: Sequence[tuple[_Numbers, _Floats | float]],
    ) -> None:
        """Takes what the scores are made of.

        Args:
            matches: the passages, ascending.
            normal: what terms are worth.
            size: what all numbers of passages are below.
            weights: the terms that count.
            fixed: passages, ascending, and what is added to the score of each.
        """
        self._matches = matches
        self._normal = normal
        self._size = size
        later, self._bound = _later(weights, normal)
        self._later = [weight for index, weight in enumerate(weights) if index in later]
        sums = Sums(matches, normal, size)
        for index, weight in enumerate(weights):
            if index not in later:
                sums.add_term(weight)
        for numbers, worth in fixed:
            sums.add(numbers, worth)
        self._partial = sums.of_passages()
        self._all: _Floats | None = None
        if all(weight.term.worth is not None for weight in self._later):
            self._all = self._finish(matches, self._partial) if self._later else self._partial

    def all(self) -> _Floats:
        """The scores of all matches."""
        if self._all is None:
            self._all = self._finish(self._matches, self._partial)
        return self._all

    def best(self, many: int, before: NDArray[np.bool_] | None) -> tuple[_Numbers, _Floats]:
        """The best matches, as `best_of` gives them, and their scores."""
        left = self._left(many, before) if self._all is None else None
        if left is None:
            best = best_of(self.all(), many, before)
            return best, self.all()[best]
        scores = self._finish(self._matches[left], self._partial[left])
        best = best_of(scores, many, None if before is None else before[left])
        return left[best], scores[best]

    def _left(self, many: int, before: NDArray[np.bool_] | None) -> _Numbers | None:
        """The matches that can be among so many best ones; none where these are too many to pay."""
        partial = self._partial
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

    def _finish(self, passages: _Numbers, scores: _Floats) -> _Floats:
        sums = Sums(passages, self._normal, self._size).begin_with(scores)
        for weight in self._later:
            sums.add_term(weight)
        return sums.of_passages()


def _later(weights: Sequence[Weight], normal: Normal) -> tuple[set[int], float]:
    """Which terms are weighed later: long ones that say little; and what they may be worth together.

    Whether a term has been weighed before makes no difference: sums of 32 bits depend on their order, and so
    would a passage's score on what was asked before.
    """
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
