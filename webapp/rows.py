"""Which parts of two sides stand beside each other on the reading page.  Pure; no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.model.archive import MarkedPassage

__all__ = ["Links", "Stretch", "align", "pad", "pair_numbers"]

Links = Mapping[int, Sequence[int]]
"""By the ordinal of a passage, the ordinals of its partners."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring parts of the left side and of the right one that belong together, as ranges of indices."""

    left: range
    right: range


def align(left: Sequence[Iterable[int]], right: Sequence[Iterable[int]], links: Links) -> list[Stretch]:
    """The two sides as stretches that follow one another; joined, they give each side in its own order.

    Parts that are linked share a stretch; a part without a link is a stretch of its own. Links that cross
    cannot both stand side by side in order: all that lies between them is one stretch.

    Args:
        left: the ordinals of the passages in each part of the left side.
        right: the same of the right side.
        links: who says the same as whom.

    >>> [(list(s.left), list(s.right)) for s in align([[0], [1], [2]], [[5], [6]], {0: [5], 2: [6]})]
    [([0], [0]), ([1], []), ([2], [1])]
    """
    stretches: list[Stretch] = []
    at_left = at_right = 0
    for linked in (*_linked(left, right, links), _END):
        stop_left = min(linked.left.start, len(left))
        stop_right = min(linked.right.start, len(right))
        stretches += [Stretch(range(i, i + 1), range(0)) for i in range(at_left, stop_left)]
        stretches += [Stretch(range(0), range(j, j + 1)) for j in range(at_right, stop_right)]
        if linked is not _END:
            stretches.append(linked)
            at_left, at_right = linked.left.stop, linked.right.stop
    return stretches


_FAR = 1 << 62
_END = Stretch(range(_FAR, _FAR), range(_FAR, _FAR))


def _linked(left: Sequence[Iterable[int]], right: Sequence[Iterable[int]], links: Links) -> Iterator[Stretch]:
    """The stretches that links make, in order; they neither overlap nor cross."""
    place = {ordinal: at for at, part in enumerate(right) for ordinal in part}
    merged: list[tuple[int, int, int, int]] = []
    for at, part in enumerate(left):
        for other in sorted({place[o] for ordinal in part for o in links.get(ordinal, ()) if o in place}):
            first, last, low, high = at, at, other, other
            while merged and (merged[-1][1] >= first or merged[-1][3] >= low):
                before = merged.pop()
                first, low, high = before[0], min(low, before[2]), max(high, before[3])
            merged.append((first, last, low, high))
    for first, last, low, high in merged:
        yield Stretch(range(first, last + 1), range(low, high + 1))


def pad(stretches: Iterable[Stretch]) -> tuple[list[int | None], list[int | None]]:
    """The indices of both sides line by line, `None` where the other side has one more.

    >>> pad([Stretch(range(0, 1), range(0, 2)), Stretch(range(1, 2), range(0))])
    ([0, None, 1], [0, 1, None])
    """
    left: list[int | None] = []
    right: list[int | None] = []
    for stretch in stretches:
        lines = max(len(stretch.left), len(stretch.right))
        left += [*stretch.left, *[None] * (lines - len(stretch.left))]
        right += [*stretch.right, *[None] * (lines - len(stretch.right))]
    return left, right


def pair_numbers(passages: Iterable[MarkedPassage]) -> dict[int, int]:
    """By ordinal, a number from 1 that all passages of a pair share; passages without one are left out."""
    partners = {marked.passage.ordinal: marked.passage.partners for marked in passages}
    numbers: dict[int, int] = {}
    for ordinal, others in sorted(partners.items()):
        if not others or ordinal in numbers:
            continue
        number = len(numbers) + 1
        waiting = [ordinal]
        while waiting:
            at = waiting.pop()
            if at not in numbers:
                numbers[at] = number
                waiting.extend(partners.get(at, ()))
    return numbers
