"""Two versions of a sequence of texts against each other, by equal texts alone.  Pure.

Source: Bram Cohen, "Patience Diff Advantages", 2010, https://bramcohen.livejournal.com/73318.html (texts that
stand once on each side are the anchors; the longest run of them that keeps its order is the backbone).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

__all__ = ["FEW", "backbone", "equal_texts", "gaps"]

FEW: Final = 4
"""Code points of a text that says too little to be known again by itself: `Q.`, `주`."""

Matches = dict[int, int]
"""Index in the new sequence -> index in the old one."""


def equal_texts(before: Sequence[str], after: Sequence[str]) -> Matches:
    """Which new text is which old one, of those that are equal.

    Of several equal texts, each goes with the one at the same place between the texts around it; the others
    go with each other in order if there are as many of them as there were, and else remain unclear.  So does
    a text of a few letters that stands elsewhere, alone.

    >>> equal_texts(["A", "same", "B", "same"], ["A", "B", "same"])
    {0: 0, 1: 2, 2: 3}
    """
    if not before or not after:
        return {}
    old, new = Counter(before), Counter(after)
    place = {text: at for at, text in enumerate(before) if old[text] == 1}
    matches = {at: place[text] for at, text in enumerate(after) if new[text] == 1 and text in place}
    _walk(before, after, matches)
    _settle(before, after, matches)
    run = backbone(matches)
    sure = {
        new: old
        for new, old in matches.items()
        if new in run
        or len(after[new]) > FEW
        or matches.get(new - 1) == old - 1
        or matches.get(new + 1) == old + 1
    }
    return dict(sorted(sure.items()))


def backbone(matches: Mapping[int, int]) -> Matches:
    """The longest part of the matches that keeps its order.

    >>> backbone({0: 3, 1: 0, 2: 1})
    {1: 0, 2: 1}
    """
    last: list[int] = []  # of the shortest-reaching run of each length: its last old index
    ends: list[int] = []  # and its last new index
    came_from: dict[int, int | None] = {}
    for new in sorted(matches):
        length = bisect_left(last, matches[new])
        came_from[new] = ends[length - 1] if length else None
        last[length : length + 1] = [matches[new]]
        ends[length : length + 1] = [new]
    run: Matches = {}
    at: int | None = ends[-1] if ends else None
    while at is not None:
        run[at] = matches[at]
        at = came_from[at]
    return dict(sorted(run.items()))


def gaps(anchors: Iterable[int], size: int) -> list[int]:
    """For each index of a sequence, how many anchors stand before it: the number of its gap.

    >>> gaps([1, 3], 5)
    [0, 0, 1, 1, 2]
    """
    fixed = set(anchors)
    numbers: list[int] = []
    passed = 0
    for at in range(size):
        numbers.append(passed)
        passed += at in fixed
    return numbers


def _walk(before: Sequence[str], after: Sequence[str], matches: Matches) -> None:
    """Goes on from the backbone, and from both ends, as long as the texts are equal."""
    taken = set(matches.values())
    run = backbone(matches)
    starts = [(-1, -1), *run.items()]
    for step, seeds in ((1, starts), (-1, [(len(after), len(before)), *run.items()])):
        for seed in seeds:
            new, old = seed[0] + step, seed[1] + step
            while 0 <= new < len(after) and 0 <= old < len(before) and after[new] == before[old]:
                if new in matches or old in taken:
                    break
                matches[new] = old
                taken.add(old)
                new, old = new + step, old + step


def _settle(before: Sequence[str], after: Sequence[str], matches: Matches) -> None:
    """Matches what is left of equal texts, where as many are left on both sides: in a gap, then anywhere."""
    run = backbone(matches)
    old_gaps, new_gaps = gaps(run.values(), len(before)), gaps(run, len(after))
    for by_gap in (True, False):
        taken = set(matches.values())
        old: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        new: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        for at, text in enumerate(before):
            if at not in taken:
                old[text, old_gaps[at] if by_gap else 0].append(at)
        for at, text in enumerate(after):
            if at not in matches:
                new[text, new_gaps[at] if by_gap else 0].append(at)
        for place, news in new.items():
            if len(news) == len(old.get(place, ())):
                matches.update(zip(news, old[place], strict=True))
