"""What a query found, narrowed by what a person chose beside it, sorted and counted.  Reads no passage."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Columns, Ranking
from indexer.model.query import Query
from indexer.model.results import Facets, Sort
from indexer.model.text import LANGS, Lang

__all__ = ["Choice", "Found", "Grouped", "group_by_document", "narrow"]

_LOOKED_AT: Final = 100
"""Passages among which the first documents are looked for; where they are not, in so many times more."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose beside the query."""

    lang: Lang | None = None
    years: tuple[int, int] | None = None
    sort: Sort = "relevance"
    paired: bool = False

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return self.lang is not None or self.years is not None or self.paired


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found, narrowed; put in order as far as somebody looks, and not yet read."""

    numbers: NDArray[np.intp]
    """Ascending."""
    facets: Facets
    notices: tuple[str, ...]
    _ranking: Ranking
    _kept: NDArray[np.intp] | None
    """By number its index in the ranking; none where all is kept."""
    _days: tuple[NDArray[np.int32], NDArray[Any]] | None = None
    """Where the newest come first: the date by number, and what goes by before the ranking on one day."""

    def best(self, first: int, last: int) -> NDArray[np.intp]:
        """The places `[first, last)` of the order: indices of `numbers`."""
        if self._days is None:
            return self._relevant(last)[first:]
        dates, within = self._days
        if last < len(dates):
            oldest = np.partition(dates, len(dates) - last)[len(dates) - last]
            newest = np.flatnonzero(dates >= oldest)
        else:
            newest = np.arange(len(dates))
        newest = self._relevant(len(newest), newest)
        return newest[np.lexsort((within[newest], -dates[newest]))][first:last]

    def in_order(self, chosen: NDArray[np.intp]) -> NDArray[np.intp]:
        """The indices `chosen` (ascending), best first."""
        ordered = self._relevant(len(chosen), chosen)
        if self._days is None:
            return ordered
        dates, within = self._days
        return ordered[np.lexsort((within[ordered], -dates[ordered]))]

    def scores(self, chosen: Sequence[int]) -> list[float]:
        """The scores of the passages at the indices `chosen` of `numbers`."""
        at = np.array(chosen, dtype=np.intp)
        scores: list[float] = self._ranking.scores_at(at if self._kept is None else self._kept[at]).tolist()
        return scores

    def _relevant(self, many: int, among: NDArray[np.intp] | None = None) -> NDArray[np.intp]:
        if self._kept is None:
            return self._ranking.best(many, among)
        kept = self._kept if among is None else self._kept[among]
        return np.searchsorted(self._kept, self._ranking.best(many, kept))


@dataclass(frozen=True, slots=True)
class Grouped:
    """One page of what was found, by document."""

    documents: int
    """How many documents were found in all."""
    groups: int
    """How many groups there are on all pages."""
    shown: list[list[int]]
    """The groups of the page, best first: indices of passages, best first."""


def narrow(columns: Columns, query: Query, ranking: Ranking, choice: Choice) -> Found:
    """The passages of `ranking` that the choice lets by.

    Where both sides of a pair match, the better one stands for both: the other is left out here and shown as
    its side.
    """
    numbers, years = ranking.matches, columns.years
    traits = columns.traits.take(numbers)
    # What a passage's traits say is said once for each combination of them, and not for each passage; and of
    # so few, plain numbers are counted sooner than arrays.
    counts: list[int] = np.bincount(traits, minlength=4 * len(years)).tolist()
    shown, second = counts, None
    if any(counts[1::2]):
        second = _second_sides(columns, ranking)
        hidden: list[int] = np.bincount(traits[second], minlength=len(counts)).tolist()
        shown = [many - less for many, less in zip(counts, hidden, strict=True)]
    first, last = _years_from(years, choice.years)
    # By the rest of a passage's traits: Korean, and with another side.
    wanted = [choice.lang in (None, lang) and side >= choice.paired for lang in LANGS for side in range(2)]
    english, english_paired, korean, korean_paired = _sums(counts, first, last)
    by_kind = (english, english_paired, korean, korean_paired)
    if shown is not counts:
        by_kind = _sums(shown, first, last)
    facets = Facets(
        langs={"en": english + english_paired, "ko": korean + korean_paired},
        # With one language chosen no passage stands for one in the other.
        years=_count_years(years, shown if choice.lang is None else counts, wanted),
        paired=by_kind[1] + by_kind[3],
        total=sum(by_kind),
    )
    kept = None
    if choice or (second is not None and len(second)):
        lets_by = np.zeros((len(years), 4), dtype=bool)
        lets_by[first:last] = wanted
        keep = lets_by.ravel().take(traits)
        if choice.lang is None and second is not None:
            keep[second] = False
        kept = np.flatnonzero(keep)
        numbers = numbers[kept]
    days: tuple[NDArray[np.int32], NDArray[Any]] | None = None
    if choice.sort == "date":
        days = columns.date[numbers], np.zeros(len(numbers), dtype=np.int8)
    elif not query.clauses:
        days = columns.date[numbers], columns.ordinal[numbers]
    return Found(numbers, facets, ranking.notices, ranking, kept, days)


def group_by_document(columns: Columns, found: Found, first: int, last: int, *, grouped: bool) -> Grouped:
    """The groups `[first, last)` of what was found; each passage a group alone where nothing is grouped."""
    places = columns.place.take(found.numbers)  # ascending, as the numbers are
    many = int(np.count_nonzero(places[1:] != places[:-1])) + 1 if len(places) else 0
    if not grouped:
        alone = found.best(first, last)
        return Grouped(many, len(places), [[at] for at in alone.tolist()])
    wanted = places[_first_of_documents(found, places, min(last, many))[first:]]
    begins, ends = places.searchsorted(wanted).tolist(), places.searchsorted(wanted, "right").tolist()
    ranges = [np.arange(begin, end) for begin, end in zip(begins, ends, strict=True)]
    return Grouped(many, many, [group.tolist() for group in _in_order(found, ranges)])


def _in_order(found: Found, groups: list[NDArray[np.intp]]) -> list[NDArray[np.intp]]:
    """Each of the groups (each ascending) best first; put in order together, all cost as much as one."""
    several = [group for group in groups if len(group) > 1]
    if not several:
        return groups
    sizes = [len(group) for group in several]
    chosen = np.concatenate(several)
    group_of = np.arange(len(several)).repeat(sizes)
    ascending = chosen.argsort()
    ordered = found.in_order(chosen[ascending])
    # Stable, so that each group stays in the order of them all.
    theirs = group_of[ascending][chosen[ascending].searchsorted(ordered)]
    ordered = ordered[theirs.argsort(kind="stable")]
    parts = iter([ordered[end - size : end] for size, end in zip(sizes, accumulate(sizes), strict=True)])
    return [next(parts) if len(group) > 1 else group for group in groups]


def _first_of_documents(found: Found, places: NDArray[np.int32], many: int) -> NDArray[np.intp]:
    """The best passage of each of the `many` best documents, best first."""
    looked_at = _LOOKED_AT
    while True:
        best = found.best(0, looked_at)
        # So few are told apart by a dictionary faster than by `np.unique`.
        first = dict(zip(places[best[::-1]].tolist(), range(len(best) - 1, -1, -1), strict=True))
        if len(first) >= many or looked_at >= len(places):
            return best[sorted(first.values())[:many]]
        looked_at *= _LOOKED_AT


def _second_sides(columns: Columns, ranking: Ranking) -> NDArray[np.intp]:
    """The matches whose other side stands before them: that one shows them.  Indices, ascending.

    Of an English passage with two Korean ones, both Korean ones are hits where one of them comes first.
    """
    paired = np.flatnonzero(columns.pair.take(ranking.matches))
    members = ranking.matches[paired]
    # A pair is known by the number of its first passage.
    keys = members - columns.ordinal[members].astype(np.int64) + columns.pair[members] - 1
    korean = columns.korean[members]
    sides = np.zeros((2, len(columns.pair)), dtype=bool)
    sides[korean.astype(np.intp), keys] = True
    both = np.flatnonzero(sides[0][keys] & sides[1][keys])
    if not len(both):
        return both
    ordered = both[np.searchsorted(paired[both], ranking.best(len(both), paired[both]))]
    first = np.unique(keys[ordered], return_index=True)
    leading = korean[ordered[first[1]]]
    second = korean[both] != leading[np.searchsorted(first[0], keys[both])]
    hidden: NDArray[np.intp] = paired[both[second]]
    return hidden


def _years_from(years: NDArray[np.int32], chosen: tuple[int, int] | None) -> tuple[int, int]:
    """Which of `years` (ascending) are chosen, as a range; 0, for no date, only where none is."""
    if chosen is None:
        return 0, len(years)
    listed = years.tolist()
    return bisect_left(listed, max(chosen[0], 1)), bisect_right(listed, chosen[1])


def _sums(counts: Sequence[int], first: int, last: int) -> tuple[int, int, int, int]:
    """The sums of each of the four `counts` by year, over the years `[first, last)`."""
    own = counts[4 * first : 4 * last]
    return sum(own[::4]), sum(own[1::4]), sum(own[2::4]), sum(own[3::4])


def _count_years(years: NDArray[np.int32], counts: Sequence[int], wanted: Sequence[bool]) -> dict[int, int]:
    """By year, the newest first, the sum of the `wanted` of its four `counts`; without those of none."""
    sums = list(map(sum, zip(*[counts[kind::4] for kind in range(4) if wanted[kind]], strict=True)))
    sums.reverse()
    return {year: many for year, many in zip(years[::-1].tolist(), sums, strict=True) if many and year}
