"""A closer look at the best passages of a query: what makes a difference among the first hundred."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Columns
from indexer.engine.ranking import Gains
from indexer.engine.whoosh.evidence import read_evidence
from indexer.engine.whoosh.feedback import BEST, describes, related
from indexer.engine.whoosh.postings import count
from indexer.engine.whoosh.schema import TEXT
from indexer.engine.whoosh.scoring import Normal, kind_of
from indexer.engine.whoosh.sequences import Places
from indexer.engine.whoosh.sums import Sums
from indexer.engine.whoosh.terms import Terms
from indexer.model.query import Phrase, Query
from indexer.model.terms import Field

__all__ = ["CLOSER", "CloserLook"]

CLOSER: Final = 100
"""Passages that are looked at closer."""
_NEARBY: Final = {Field.KOREAN: 0.25, Field.BIGRAM: 0.25, Field.ENGLISH: 0.05, Field.SURFACE: 0.0}
"""What words side by side add, as a part of their score as a phrase."""

_Numbers = NDArray[np.intp]
_Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CloserLook:
    """Looks at passages of one commit."""

    terms: Terms
    columns: Columns
    normal: Normal
    sums: Sums
    texts: Callable[[Sequence[int]], list[str]]
    """The texts of some passages."""

    def gains(self, query: Query, numbers: _Numbers, scores: _Floats) -> Gains | None:
        """What is added to the `scores` of the passages `numbers`, in their order; none for nothing."""
        at_length = describes(query.clauses)
        if not len(numbers) or not (query.nearby or at_length):
            return None
        only = np.sort(numbers)
        place = only.searchsorted(numbers)
        nearby = self._nearby(query.nearby, only)[place]
        if not at_length:
            return Gains(nearby, np.zeros(len(numbers)))
        first = np.lexsort((numbers, -scores - nearby))
        return Gains(nearby, self._common(query, numbers[first], (scores + nearby)[first], only)[place])

    def _nearby(self, phrases: Sequence[Phrase], only: _Numbers) -> _Floats:
        added = np.zeros(len(only))
        places = Places(self.terms, TEXT, only, [word for phrase in phrases for word in phrase.words])
        for phrase in phrases:
            kind = kind_of(phrase)
            if _NEARBY[kind]:
                found = count(places.row(phrase.words))
                if len(found.numbers):
                    added[only.searchsorted(found.numbers)] += _NEARBY[kind] * self.normal.weigh(found, kind)
        return added

    def _common(self, query: Query, best: _Numbers, scores: _Floats, only: _Numbers) -> _Floats:
        """For each of the passages `only`, what the `best`, best first, have in common with it."""
        english = np.flatnonzero(~self.columns.korean[best])[:BEST]
        texts = self.texts(best[english].tolist())
        hits = zip(best[english].tolist(), scores[english].tolist(), texts, strict=True)
        found = read_evidence(related(query.clauses, list(hits), self.terms, self.normal),
                              self.terms, self.normal)  # fmt: skip
        return self.sums.of(only, found).astype(np.float64)
