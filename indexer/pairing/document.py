"""The pairs of one document.  Pure."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from indexer.model.text import Pair, Passage
from indexer.pairing.band import Band, band_of
from indexer.pairing.dictionary import NOTHING, Dictionary, Floats
from indexer.pairing.evidence import MOST, STEPS, Evidence, Step
from indexer.pairing.paths import IMPOSSIBLE, Habits, Scores, chances, habits_of, moves_in, places
from indexer.pairing.side import Knowledge, Side, know, side_of

__all__ = ["BOUND", "EMPTY", "Dictionaries", "Link", "links", "pair_document"]

BOUND: Final = 0.985
"""Less sure pairs are left out.

The confidence is what the evidence says if it is taken at its word.  In manuals where three of ten passages
are missing on either side, 97-98 % of the pairs above this bound are right; in whole translations nearly all.
"""

_POSSIBLE: Final = 0.01
"""Links that are less probable are not looked at."""
_AREA: Final = 64 * 512
"""So many places are compared at once."""
_ROUNDS: Final = 2
"""Ways are summed up so often: with the usual habits, then with the document's own."""


_Known = tuple[Knowledge, Knowledge]


@dataclass(frozen=True, slots=True)
class Dictionaries:
    """What an archive taught, several times over, each time without some of its passages.

    A passage is judged by a dictionary that was not taught by it: else a wrong pair, once taken for sure,
    would teach the rare words in it and so seem right for ever.
    """

    all: tuple[Dictionary, ...]
    stretch: int = 64
    """So many English passages of a document, one after the other, are judged by the same dictionary."""

    def number(self, document: str, row: int) -> int:
        """Which of them judges the English passages of a document from place `row` on."""
        return (zlib.crc32(document.encode()) + row // self.stretch) % len(self.all)


EMPTY: Final = Dictionaries((NOTHING,))
"""For a document that stands alone."""


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """An English and a Korean passage by their places, and how probably they belong together."""

    english: int
    korean: int
    chance: float


def pair_document(
    english: Sequence[Passage],
    korean: Sequence[Passage],
    dictionaries: Dictionaries = EMPTY,
    *,
    bound: float = BOUND,
) -> tuple[Pair, ...]:
    """Which English passage says what which Korean passage says, in the order of the document.

    Both sides are given in order, each passage with its ordinal; whether they come from two files or from
    one, one after the other or in turns, does not matter.  Every ordinal is in one pair at most; a pair has
    one passage on one of its sides and up to three on the other; no two pairs cross; where it is less sure
    than `bound` there is no pair.

    Raises:
        ValueError: `bound` is not from 0.5 to 1; below, pairs could contradict each other.
    """
    if not 0.5 <= bound <= 1:  # noqa: PLR2004 - see the docstring
        raise ValueError(f"the bound of confidence must be from 0.5 to 1, not {bound}")
    found = links(side_of(english), side_of(korean), dictionaries)
    return tuple(
        Pair(
            tuple(sorted({english[link.english].ordinal for link in group})),
            tuple(sorted({korean[link.korean].ordinal for link in group})),
            round(min(link.chance for link in group), 4),
        )
        for group in _groups([link for link in found if link.chance >= bound])
    )


def links(english: Side, korean: Side, dictionaries: Dictionaries) -> list[Link]:
    """All links that are at all probable, in order, with their probabilities over all ways of pairing."""
    if not len(english) or not len(korean):
        return []
    document = english.passages[0].document
    judges = {row: dictionaries.number(document, row) for row in range(0, len(english), dictionaries.stretch)}
    known = {judge: know(english, korean, dictionaries.all[judge]) for judge in sorted(set(judges.values()))}
    band = band_of(english, korean, known[judges[0]])
    scores = _scores(Evidence(english, korean), band, {row: known[judge] for row, judge in judges.items()})
    moves, habits = moves_in(band), Habits()
    for _ in range(_ROUNDS):
        found = chances(moves, scores, habits)
        habits = habits_of(found, len(english) + len(korean))
    return _links(band, found, len(korean))


def _scores(evidence: Evidence, band: Band, known: Mapping[int, _Known]) -> Scores:
    """The evidence at every place of the band, a block of rows at a time.

    `known` is what is known from each row on that is the first of a stretch.
    """
    scores = {step: np.full(band.size, IMPOSSIBLE, np.float32) for step in STEPS}
    rows, columns = len(band.lows) - 1, int(band.highs[-1])
    firsts = [*sorted(known), rows]
    for first, end in pairwise(firsts):
        for top, bottom in _blocks(band, first, end):
            left, right = int(band.lows[top]), min(columns, int(band.highs[bottom - 1]) + MOST - 1)
            below = min(rows, bottom + MOST - 1)
            block = evidence.block(known[first], range(top, below), range(left, right))
            for step, ratios in block.items():
                for row in range(top, min(bottom, top + len(ratios))):
                    values = ratios[row - top, int(band.lows[row]) - left : int(band.highs[row]) + 1 - left]
                    at = int(band.starts[row])
                    scores[step][at : at + len(values)] = values
    return scores


def _blocks(band: Band, first: int, end: int) -> Iterator[tuple[int, int]]:
    """The rows from `first` to `end`, in blocks that are not large."""
    top = first
    while top < end:
        bottom = top + 1
        while bottom < end and (bottom + 1 - top) * int(band.highs[bottom] - band.lows[top]) <= _AREA:
            bottom += 1
        yield top, bottom
        top = bottom


def _links(band: Band, found: Mapping[Step, Floats], columns: int) -> list[Link]:
    """The links of all pairs: a link is as probable as all pairs that contain it together."""
    keys, weights = [], []
    for (s, t), values in found.items():
        numbers = np.nonzero(values >= _POSSIBLE / 4)[0]
        row, column = places(band, numbers)
        for down in range(s):
            for right in range(t):
                keys.append((row + down) * columns + column + right)
                weights.append(values[numbers])
    unique, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    chance = np.minimum(np.bincount(inverse, np.concatenate(weights), len(unique)), 1.0)
    kept = chance >= _POSSIBLE
    return [
        Link(key // columns, key % columns, value)
        for key, value in zip(unique[kept].tolist(), chance[kept].tolist(), strict=True)
    ]


def _groups(found: Sequence[Link]) -> Iterator[list[Link]]:
    """Links that share a passage, together; the weakest give way where they would join many to many.

    Two links of at least 0.5 cannot cross, because ways that have the one do not have the other.
    """
    english: dict[int, list[Link]] = defaultdict(list)
    korean: dict[int, list[Link]] = defaultdict(list)
    for link in sorted(found, key=lambda link: (-link.chance, link)):
        beside_english, beside_korean = english[link.english], korean[link.korean]
        if beside_english and beside_korean:
            continue
        if any(len(korean[other.korean]) > 1 for other in beside_english):
            continue
        if any(len(english[other.english]) > 1 for other in beside_korean):
            continue
        beside_english.append(link)
        beside_korean.append(link)
    for place in sorted(english):
        group = english[place]
        if len(group) == 1:
            group = korean[group[0].korean]
        if group and min(link.english for link in group) == place:
            yield sorted(group)
