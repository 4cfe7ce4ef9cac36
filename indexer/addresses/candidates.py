"""Which passages are worth comparing, and which likeness is clear.  Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from indexer.addresses.likeness import Shape

__all__ = ["MARGIN", "Rivals", "at_the_same_place", "sharing"]

MARGIN: Final = 0.1
"""By how much a passage must be more like than the runner-up."""
_RARE: Final = 24
"""In how many texts a run of characters may stand and still tell them apart."""
_MOST: Final = 6
"""Candidates of a passage."""
_BAND: Final = 2
"""How far from the same place in a gap a passage is compared without sharing anything rare."""


def sharing(wanted: Mapping[int, Shape], pool: Mapping[int, Shape]) -> dict[int, list[int]]:
    """For each wanted passage those of the pool that share the most rare runs of characters with it."""
    grams = {gram for shape in wanted.values() for gram in shape.grams}
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, shape in pool.items():
        for gram in shape.grams:
            if gram in grams:
                places[gram].append(at)
    found: dict[int, list[int]] = {}
    for at, shape in wanted.items():
        shared: Counter[int] = Counter()
        for gram in shape.grams:
            if (there := places.get(gram)) and len(there) <= _RARE:
                for other in there:
                    shared[other] += 1
        most = sorted(shared.items(), key=lambda one: (-one[1], one[0]))[:_MOST]
        found[at] = [other for other, _ in most]
    return found


def at_the_same_place(
    old: Sequence[int], new: Sequence[int], old_gaps: Sequence[int], new_gaps: Sequence[int]
) -> Iterable[tuple[int, int]]:
    """Pairs of old and new passages that stand at about the same place in the same gap."""
    here: defaultdict[int, list[int]] = defaultdict(list)
    there: defaultdict[int, list[int]] = defaultdict(list)
    for at in old:
        here[old_gaps[at]].append(at)
    for at in new:
        there[new_gaps[at]].append(at)
    for gap, olds in here.items():
        news = there.get(gap, [])
        for place, one in enumerate(olds):
            middle = round(place * (len(news) - 1) / max(1, len(olds) - 1))
            band = news[max(0, middle - _BAND) : middle + _BAND + 1]
            yield from ((one, other) for other in {*band, *news[place : place + 1]})


class Rivals:
    """What else a passage might be.

    A rival that is itself clearly more like another passage is none: of two rows that resemble each other,
    each goes with its own.
    """

    def __init__(self, scores: Mapping[tuple[int, int], float], equal: Mapping[int, int]) -> None:
        self._by_old: defaultdict[int, dict[int, float]] = defaultdict(dict)
        self._by_new: defaultdict[int, dict[int, float]] = defaultdict(dict)
        for (old, new), score in scores.items():
            self._by_old[old][new] = score
            self._by_new[new][old] = score
        for new, old in equal.items():
            if old in self._by_old:
                self._by_old[old][new] = 1.0

    def clear(self, old: int, new: int, score: float) -> bool:
        """Whether nothing else comes near."""
        return all(
            score - other >= MARGIN or self._best(self._by_new[one], old) >= other + MARGIN
            for one, other in self._by_old[old].items()
            if one != new
        ) and all(
            score - other >= MARGIN
            or (other <= score + MARGIN / 2 and self._best(self._by_old[one], new) >= other + MARGIN)
            for one, other in self._by_new[new].items()
            if one != old
        )

    @staticmethod
    def _best(scores: Mapping[int, float], without: int) -> float:
        return max((score for one, score in scores.items() if one != without), default=0.0)
