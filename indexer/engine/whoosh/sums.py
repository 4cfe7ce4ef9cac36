"""The scores of some passages, added up term by term."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.postings import meet
from indexer.engine.whoosh.scoring import Normal
from indexer.engine.whoosh.terms import TermPostings
from indexer.model import Field

__all__ = ["Sums"]

_DENSE: Final = 8
"""With one passage of so many, the sums of all passages are kept, as finding each passage costs more."""
_RARE: Final = 8
"""Of a term that has so many postings for each passage, only those of the passages are weighed."""

_Floats = NDArray[np.float32]


class Sums:
    """The score of each of some passages.

    However the passages are chosen, the same is added to each of them in the same order, so that a passage's
    score does not depend on what else is scored.
    """

    def __init__(self, passages: NDArray[np.intp], normal: Normal, size: int) -> None:
        """Begins with nothing.

        Args:
            passages: what is scored, ascending.
            normal: what terms are worth.
            size: what all numbers of passages are below.
        """
        self._passages = passages
        self._normal = normal
        self._size = size
        self._dense = len(passages) * _DENSE > size
        self._values = np.zeros(size if self._dense else len(passages), dtype=np.float32)

    def another(self) -> Sums:
        """Of the same passages, with nothing."""
        return Sums(self._passages, self._normal, self._size)

    def add(self, numbers: NDArray[np.intp], worth: _Floats | float) -> None:
        """Adds `worth` to the passages `numbers` (ascending), or to all of them the same."""
        at, theirs = self._find(numbers)
        self._values[at] += worth if isinstance(worth, float) or theirs is None else worth[theirs]

    def add_term(self, term: TermPostings, kind: Field, factor: float) -> None:
        """Adds what the term is worth, times `factor`."""
        many = len(term.numbers) > _RARE * len(self._passages)
        at, theirs = self._find(term.numbers, many=many)
        if many and theirs is not None:
            worth = self._normal.worths_at(term, kind, theirs)
        else:
            worth = self._normal.worths(term, kind)
            worth = worth if theirs is None else worth[theirs]
        self._values[at] += factor * worth

    def add_sums(self, other: Sums) -> None:
        """Adds the sums of `other`, which is of the same passages."""
        self._values += other._values

    def raise_to(self, numbers: NDArray[np.intp], worth: _Floats) -> None:
        """Lifts the passages `numbers` to `worth` where they have less."""
        at, theirs = self._find(numbers)
        worth = worth if theirs is None else worth[theirs]
        self._values[at] = np.maximum(self._values[at], worth)

    def of_passages(self) -> _Floats:
        """The score of each passage."""
        return self._values[self._passages] if self._dense else self._values

    def _find(
        self, numbers: NDArray[np.intp], *, many: bool = False
    ) -> tuple[NDArray[np.intp] | slice, NDArray[np.intp] | None]:
        """Where the values of `numbers` are, and which of `numbers` these are; none for all of them."""
        if numbers is self._passages and not self._dense:
            return slice(None), None
        if self._dense and not many:
            return numbers, None
        mine, theirs = meet(self._passages, numbers)
        return self._passages[mine] if self._dense else mine, theirs
