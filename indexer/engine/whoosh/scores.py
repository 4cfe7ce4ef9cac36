"""The scores of the passages that match a query, worked out as far as they are needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.ranking import best_of, reached_by
from indexer.engine.whoosh.evidence import FoundEvidence, Weight
from indexer.engine.whoosh.scoring import Normal
from indexer.engine.whoosh.sums import Fixed, Sums

__all__ = ["Scores"]

_SEVERAL: Final = 2
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


class Scores:
    """The scores of the matches of one query.

    A frequent term says little, and costs most to weigh.  So the others are weighed first; then those terms,
    for the passages that could be among the best with all that they may add.

    Source: the upper bounds of MaxScore (Turtle and Flood, "Query Evaluation: Strategies and Optimizations",
    1995), with two classes of terms in place of an order of all.
    """

    def __init__(self, matches: _Numbers, found: FoundEvidence, fixed: Sequence[Fixed], sums: Sums) -> None:
        """Takes what the scores are made of.

        Args:
            matches: the passages, ascending.
            found: the terms that count.
            fixed: what is added beside them.
            sums: adds it up.
        """
        self._matches = matches
        self._fixed = fixed
        self._sums = sums
        later, self._bound = _later(found.weights, sums.normal)
        self._later = [found.weights[index] for index in sorted(later)]
        self._first = found
        if later:
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
        least = reached_by(partial, many)
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
        return self._sums.of(passages, self._first, self._fixed)

    def _finish(self, passages: _Numbers, scores: _Floats) -> _Floats:
        if not self._later:
            return scores
        return self._sums.of(passages, FoundEvidence(self._later), begin=scores)


def _later(weights: Sequence[Weight], normal: Normal) -> tuple[set[int], float]:
    """Which terms are weighed later: long ones that say little; and what they may be worth together.

    Whether a term has been weighed before makes no difference: sums of 32 bits depend on their order, and so
    would a passage's score on what was asked before.
    """
    if len(weights) < _SEVERAL or max([len(weight.term.numbers) for weight in weights]) <= _LONG:
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
