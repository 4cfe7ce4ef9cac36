"""What a query found, put in order as far as somebody looks.

Most of what a query finds is counted and never shown.  So the passages stand in the order of their numbers,
and the best of them are picked out when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Gains", "Ranking", "best_of", "reached_by"]

_Indices = NDArray[np.intp]
_FEW: Final = 32
"""Indices that are looked up one by one faster than as an array."""
_GROUP: Final = 16
_LONG: Final = 500
"""Groups of scores from which it pays to look at the best of each first."""


def reached_by(scores: NDArray[np.float32], many: int) -> float:
    """A score that at least `many` of `scores` (which are more) reach, and of many scores hardly any other.

    The best of each of several groups are fewer, and what so many of them reach, so many scores reach.
    """
    groups = len(scores) // _GROUP
    if groups < max(_LONG, many):
        return float(np.partition(scores, len(scores) - many)[len(scores) - many])
    best = scores[: groups * _GROUP].reshape(_GROUP, groups).max(axis=0)
    return float(np.partition(best, groups - many)[groups - many])


def best_of(scores: NDArray[np.float32], many: int, before: NDArray[np.bool_] | None = None) -> _Indices:
    """The indices of the `many` best, best first; of equal ones the first is first.

    Args:
        scores: 0 and more.
        many: how many at most.
        before: those that come before all others, whatever their scores; none where there is no such thing.
    """
    if before is None:
        return _highest(scores, many)
    leading = before.nonzero()[0]
    best: _Indices = leading[_highest(scores[leading], many)]
    if len(best) == many:
        return best
    following: _Indices = (~before).nonzero()[0]
    others = following[_highest(scores[following], many - len(best))]
    return np.concatenate([best, others])


def _highest(scores: NDArray[np.float32], many: int) -> _Indices:
    if many <= 0:
        return np.empty(0, dtype=np.intp)
    if many < len(scores):
        chosen: _Indices = (scores >= np.float32(reached_by(scores, many))).nonzero()[0]
        return chosen[_highest(scores[chosen], len(chosen))[:many]]
    # One number to sort by: the bits of a positive float are in its order.
    keys = (~scores.view(np.uint32)).astype(np.uint64) << 32 | np.arange(len(scores), dtype=np.uint64)
    keys.sort()
    order: _Indices = (keys & 0xFFFFFFFF).astype(np.intp)
    return order


@dataclass(frozen=True, slots=True)
class Gains:
    """What a closer look adds to the scores of some passages."""

    nearby: NDArray[np.float64]
    """For words that stand side by side, as they were typed."""
    common: NDArray[np.float64]
    """For words that the best passages have in common."""

    @classmethod
    def none(cls, many: int) -> Gains:
        """Nothing for so many passages."""
        nothing = np.zeros(many)
        return cls(nothing, nothing)

    def take(self, chosen: NDArray[Any]) -> Gains:
        """Those of the `chosen` passages."""
        return Gains(self.nearby[chosen], self.common[chosen])

    @property
    def total(self) -> NDArray[np.float64]:
        """All that is added."""
        return self.nearby + self.common


@dataclass(frozen=True, slots=True)
class Ranking:
    """All passages that match a query."""

    matches: NDArray[np.intp]
    """Their numbers, ascending."""
    first: _Indices
    """The best of them, as indices of `matches`, best first: those that were looked at closer."""
    first_scores: NDArray[np.float64]
    weigh: Callable[[_Indices | None], NDArray[np.float32]]
    """Gives the scores at some indices of `matches` (ascending), or of all, before any closer look."""
    complete: NDArray[np.bool_] | None = None
    """By match, whether the passage has all that was asked for: these come first.  None for no difference."""
    gains: Gains = field(default_factory=lambda: Gains.none(0))
    """What looking closer added to `first_scores`."""
    notices: tuple[str, ...] = ()

    @classmethod
    def none(cls) -> Ranking:
        """No match at all."""
        empty = np.empty(0, dtype=np.intp)
        return cls(empty, empty, np.empty(0), lambda _: np.empty(0, dtype=np.float32))

    def best(self, many: int, among: _Indices | None = None) -> _Indices:
        """The `many` best, as indices of `matches`, best first; of equal ones the first is first.

        Args:
            many: how many at most.
            among: where only some are wanted: their indices, ascending.
        """
        if among is None and many <= len(self.first):
            return self.first[:many]
        if among is None:
            others = np.delete(np.arange(len(self.matches)), self.first)
            return np.concatenate([self.first, self._best_of_others(others, many - len(self.first))])
        if not len(among):
            return among
        at = among.searchsorted(self.first)
        at[at == len(among)] = 0
        inside = among[at] == self.first
        first: _Indices = self.first[inside]
        if len(first) >= min(many, len(among)):
            return first[:many]
        left = np.ones(len(among), dtype=bool)
        left[at[inside]] = False
        others = among[left]
        return np.concatenate([first, self._best_of_others(others, many - len(first))])

    def scores_at(self, chosen: _Indices) -> NDArray[np.float64]:
        """The scores at these indices of `matches`."""
        if not len(self.first):
            return self._weigh(chosen)
        if len(chosen) <= _FEW:  # those of a page, as a rule, which stand at the beginning
            first = self.first.tolist()
            with suppress(ValueError):
                return self.first_scores[[first.index(index) for index in chosen.tolist()]]
        order = np.argsort(self.first)
        at = np.searchsorted(self.first, chosen, sorter=order)
        at = order[np.minimum(at, len(order) - 1)]
        others = self.first[at] != chosen
        found = self.first_scores[at]
        if others.any():
            found[others] = self._weigh(chosen[others])
        return found

    def _weigh(self, chosen: _Indices) -> NDArray[np.float64]:
        """As `weigh`, at indices in any order."""
        order = chosen.argsort()
        scores = np.empty(len(chosen))
        scores[order] = self.weigh(chosen[order])
        return scores

    @property
    def numbers(self) -> NDArray[np.intp]:
        """The numbers of all passages, best first."""
        return self.matches[self.best(len(self.matches))]

    @property
    def scores(self) -> NDArray[np.float64]:
        """The scores of all passages, best first."""
        return self.scores_at(self.best(len(self.matches)))

    def only(self, chosen: NDArray[np.bool_]) -> Ranking:
        """The same without the matches that are not `chosen`."""
        kept = np.flatnonzero(chosen)
        first = chosen[self.first]
        return replace(
            self,
            matches=self.matches[kept],
            first=np.searchsorted(kept, self.first[first]),
            first_scores=self.first_scores[first],
            gains=self.gains.take(first),
            weigh=lambda at: self.weigh(kept if at is None else kept[at]),
            complete=None if self.complete is None else self.complete[kept],
        )

    def _best_of_others(self, others: _Indices, many: int) -> _Indices:
        complete = None if self.complete is None else self.complete[others]
        return others[best_of(self.weigh(others), many, complete)]
