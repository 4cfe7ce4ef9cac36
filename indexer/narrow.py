"""What a query found, narrowed by what a person chose beside it, sorted and counted.  Reads no passage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Columns, Numbers, Ranking
from indexer.model import Facets, Lang, Query, Sort

__all__ = ["Choice", "Found", "Grouped", "group_by_document", "narrow", "numbers_of"]


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
    """What a query found, narrowed and sorted; not yet read from the index."""

    numbers: Numbers
    scores: NDArray[np.float64]
    facets: Facets
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """One page of what was found, by document."""

    documents: int
    """How many documents were found in all."""
    groups: int
    """How many groups there are on all pages."""
    shown: list[NDArray[np.intp]]
    """The groups of the page, best first: indices of passages, best first."""


def narrow(columns: Columns, query: Query, ranking: Ranking, choice: Choice) -> Found:
    """The passages of `ranking` that the choice lets by.

    Where both sides of a pair match, the better one stands for both: the other is left out here and shown as
    its side.
    """
    numbers, lang, years = ranking.numbers, choice.lang, choice.years
    korean, year, paired = columns.korean[numbers], columns.year[numbers], columns.pair[numbers] > 0
    everywhere = np.ones(len(numbers), dtype=bool)
    in_lang = everywhere if lang is None else korean == (lang == "ko")
    in_years = everywhere if years is None else (year >= years[0]) & (year <= years[1]) & (year > 0)
    in_pairs = paired if choice.paired else everywhere
    folded = _folded(columns, numbers)
    # With one language chosen no passage stands for one in the other.
    chosen = in_lang & in_pairs & (folded if lang is None else everywhere)
    facets = Facets(
        langs=_count_langs(korean[in_years]),
        years=_count_years(year[chosen]),
        paired=int((in_years & paired & folded).sum()),
        total=int((in_years & folded).sum()),
    )
    kept = np.flatnonzero(chosen & in_years)
    if choice.sort == "date":
        kept = kept[np.argsort(-columns.date[numbers[kept]], kind="stable")]
    elif not query.clauses:
        kept = kept[np.lexsort((columns.ordinal[numbers[kept]], -columns.date[numbers[kept]]))]
    return Found(numbers[kept], ranking.scores[kept], facets, ranking.notices)


def group_by_document(columns: Columns, numbers: Numbers, first: int, last: int, *, grouped: bool) -> Grouped:
    """The groups `[first, last)` of `numbers`; each passage is a group alone where nothing is grouped."""
    places = columns.place[numbers]
    size = int(columns.place[-1]) + 1 if len(columns.place) else 0
    best = _first_of(places, size)
    best = best[best < len(numbers)]
    if not grouped:
        alone = [np.array([index]) for index in range(first, min(last, len(numbers)))]
        return Grouped(len(best), len(numbers), alone)
    shown = np.sort(best)[first:last]
    return Grouped(len(best), len(best), [np.flatnonzero(places == places[index]) for index in shown])


def _first_of(keys: NDArray[np.integer], size: int) -> NDArray[np.intp]:
    """By key below `size`, the first index at which it stands; the length of `keys` where it does not."""
    first = np.full(size, len(keys), dtype=np.intp)
    # Of several values for one key the last is kept.
    first[keys[::-1]] = np.arange(len(keys) - 1, -1, -1)
    return first


def numbers_of(columns: Columns, beside: int, ordinals: tuple[int, ...]) -> list[int]:
    """The numbers of the passages with these ordinals in the document of the passage `beside`.

    The passages of a document are written in a row, so a number is as far away as its ordinal; where that is
    not so, the document is looked through.
    """
    found: list[int] = []
    for ordinal in ordinals:
        guess = beside + ordinal - int(columns.ordinal[beside])
        if 0 <= guess < len(columns.document) and _is_at(columns, guess, beside, ordinal):
            found.append(guess)
            continue
        same = columns.passage & (columns.document == columns.document[beside]) & (columns.ordinal == ordinal)
        found.extend(int(number) for number in np.flatnonzero(same)[:1])
    return found


def _is_at(columns: Columns, number: int, beside: int, ordinal: int) -> bool:
    same_document = columns.document[number] == columns.document[beside]
    return bool(columns.passage[number] and same_document and columns.ordinal[number] == ordinal)


def _folded(columns: Columns, numbers: Numbers) -> NDArray[np.bool_]:
    """False for a passage whose other side stands before it: that one shows it.

    Of an English passage with two Korean ones, both Korean ones are hits where one of them comes first.
    """
    kept = np.ones(len(numbers), dtype=bool)
    paired = np.flatnonzero(columns.pair[numbers])
    if not len(paired):
        return kept
    members = numbers[paired]
    # A pair is known by the number of its first passage.
    keys = members - columns.ordinal[members].astype(np.int64) + columns.pair[members] - 1
    first = _first_of(keys, len(columns.pair))[keys]
    korean = columns.korean[members]
    kept[paired] = korean == korean[first]
    return kept


def _count_langs(korean: NDArray[np.bool_]) -> dict[Lang, int]:
    in_korean = int(korean.sum())
    return {"en": len(korean) - in_korean, "ko": in_korean}


def _count_years(years: NDArray[np.int32]) -> dict[int, int]:
    counts = np.bincount(years)
    found = np.flatnonzero(counts[1:])[::-1] + 1
    return dict(zip(found.tolist(), counts[found].tolist(), strict=True))
