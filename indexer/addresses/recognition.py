"""Which passages of a document's new version are which of its old one.  Pure; deterministic.

One language at a time.  Equal texts first; then texts that are like enough *and* clearly more like each
other than anything else; then those that went into another passage (merged) or came out of one (split).
Where it is unclear nothing is guessed.  The work grows with the number of passages, not with its square:
only texts that share rare runs of characters, or stand at the same place, are compared at all.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.addresses.alignment import backbone, equal_texts, gaps
from indexer.addresses.candidates import MARGIN, Rivals, at_the_same_place, sharing
from indexer.addresses.chains import Scored, heaviest_chain
from indexer.addresses.likeness import Shape, shape_of
from indexer.model.text import Lang

__all__ = ["Recognition", "recognise"]

_IN_ORDER: Final = 0.4
"""How like a passage must be that stands where it stood."""
_SHORT_IN_ORDER: Final = 0.65
"""The same of short texts, which are like each other by chance."""
_MOVED: Final = 0.6
"""How like a passage must be that stands elsewhere; a short text elsewhere must be equal."""
_INSIDE: Final = 0.7
"""How much of a passage must stand in the one that it went into, or came out of."""
_GROWTH: Final = 0.4
"""How much less of it must have stood there before: a heading's words may well stand in every paragraph."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """Indices into the old and the new version."""

    same: Mapping[int, int]
    """New passage -> the old passage that it is."""
    equal: frozenset[int]
    """Of those new passages the ones that say the very same."""
    merged: Mapping[int, int]
    """Old passage -> the new passage that it went into; that one is another old passage, too."""
    split: Mapping[int, int]
    """New passage -> the old passage that it was part of; another new one goes on as that passage."""


def recognise(before: Sequence[str], after: Sequence[str], lang: Lang) -> Recognition:
    """Which of the new texts are which of the old ones, both in reading order and in one language.

    >>> recognise(["One.", "Two."], ["Two.", "Three."], "en").same
    {0: 1}
    """
    work = _Work(before, after, lang)
    if before and work.new_left():
        work.find_alike()
        work.find_merged()
        work.find_split()
    return Recognition(work.same, frozenset(work.equal), work.merged, work.split)


class _Shapes(dict[int, Shape]):
    """The shapes of texts by their index, each made when it is first asked for."""

    def __init__(self, texts: Sequence[str], lang: Lang) -> None:
        super().__init__()
        self._texts, self._lang = texts, lang

    def __missing__(self, at: int) -> Shape:
        self[at] = shape = shape_of(self._texts[at], self._lang)
        return shape

    def of(self, places: Sequence[int]) -> dict[int, Shape]:
        return {at: self[at] for at in places}


class _Work:
    """What is known so far."""

    def __init__(self, before: Sequence[str], after: Sequence[str], lang: Lang) -> None:
        self.same = equal_texts(before, after)
        self.merged: dict[int, int] = {}
        self.split: dict[int, int] = {}
        self.equal = dict(self.same)
        self._old, self._new = _Shapes(before, lang), _Shapes(after, lang)
        self._sizes = len(before), len(after)
        run = backbone(self.same)
        self._old_gaps, self._new_gaps = gaps(run.values(), len(before)), gaps(run, len(after))

    def old_left(self) -> list[int]:
        taken = {*self.same.values(), *self.merged}
        return [old for old in range(self._sizes[0]) if old not in taken]

    def new_left(self) -> list[int]:
        return [new for new in range(self._sizes[1]) if new not in self.same and new not in self.split]

    def find_alike(self) -> None:
        """Adds the passages that have changed: first those that keep their order, then those that moved."""
        scores = self._scores()
        rivals = Rivals(scores, self.equal)
        pairs = [(*pair, score) for pair, score in scores.items() if score >= self._bound(*pair)]
        self._take(heaviest_chain([pair for pair in pairs if self._near(pair[0], pair[1])]), rivals)
        self._take(pairs, rivals)

    def find_merged(self) -> None:
        """Adds the old passages that stand in a new one now, beside another one."""
        changed = [new for new in range(self._sizes[1]) if new not in self.equal]
        earlier = {new: self._old[old] for new, old in self.same.items() if new not in self.equal}
        parts, wholes = self._old.of(self.old_left()), self._new.of(changed)
        for new, olds in _absorbed(parts, wholes, earlier, self._near).items():
            if new not in self.same:
                self.same[new] = olds.pop(_largest(olds, self._old))
            self.merged.update(dict.fromkeys(olds, new))

    def find_split(self) -> None:
        """Adds the new passages that stood in an old one, beside another one."""
        whole = set(self.equal.values())
        now = {old: new for new, old in self.same.items()}
        changed = [old for old in range(self._sizes[0]) if old not in whole and old not in self.merged]
        later = {old: self._new[now[old]] for old in changed if old in now}
        parts, wholes = self._new.of(self.new_left()), self._old.of(changed)
        for old, news in _absorbed(parts, wholes, later, lambda new, old: self._near(old, new)).items():
            if old not in now:
                self.same[news.pop(_largest(news, self._new))] = old
            self.split.update(dict.fromkeys(news, old))

    def _scores(self) -> dict[tuple[int, int], float]:
        """How like the candidates are, by old and new index.

        Among them are old passages that are known already: a text that is more like one of them is a copy.
        """
        new = self._new.of(self.new_left())
        old = self._old.of(range(self._sizes[0]))
        pairs = {(one, other) for other, many in sharing(new, old).items() for one in many}
        pairs.update(at_the_same_place(self.old_left(), list(new), self._old_gaps, self._new_gaps))
        return {(one, other): old[one].like(new[other]) for one, other in sorted(pairs)}

    def _take(self, pairs: Sequence[Scored], rivals: Rivals) -> None:
        taken = set(self.same.values())
        for old, new, score in sorted(pairs, key=lambda pair: (-pair[2], pair[:2])):
            if old not in taken and new not in self.same and rivals.clear(old, new, score):
                self.same[new] = old
                taken.add(old)

    def _bound(self, old: int, new: int) -> float:
        short = self._old[old].short or self._new[new].short
        if self._near(old, new):
            return _SHORT_IN_ORDER if short else _IN_ORDER
        return math.inf if short else _MOVED

    def _near(self, old: int, new: int) -> bool:
        """Whether both stand between the same passages that have not changed."""
        return self._old_gaps[old] == self._new_gaps[new]


def _absorbed(
    parts: Mapping[int, Shape],
    wholes: Mapping[int, Shape],
    otherwise: Mapping[int, Shape],
    near: Callable[[int, int], bool],
) -> dict[int, list[int]]:
    """For each whole, the parts that stand in it, and clearly more so than in its `otherwise` version."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    for at, candidates in sharing(parts, wholes).items():
        part = parts[at]
        possible = [
            whole
            for whole in candidates
            if not part.short or (near(at, whole) and part.begins_or_ends(wholes[whole]))
        ]
        shares = sorted(((part.inside(wholes[whole]), -whole) for whole in possible), reverse=True)
        if not shares or (len(shares) > 1 and shares[0][0] - shares[1][0] < MARGIN):
            continue
        share, whole = shares[0][0], -shares[0][1]
        if share < _INSIDE:
            continue
        if whole not in otherwise or share - part.inside(otherwise[whole]) >= _GROWTH:
            found[whole].append(at)
    return dict(sorted(found.items()))


def _largest(places: Sequence[int], shapes: Mapping[int, Shape]) -> int:
    """The index into `places` of the passage with the most text; of several the first."""
    return max(range(len(places)), key=lambda index: (shapes[places[index]].size, -index))
