"""The units of many texts, which of them are words or terms, and how they are mostly written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.lexicon.meetings import Texts, count_meetings
from indexer.lexicon.significance import npmi
from indexer.lexicon.units import Unit

__all__ = ["Side", "Words", "usual_forms", "written_so"]

_LEAST_ROW: Final = 3
"""How often words with a space between them must stand in a row to be looked at as one term."""
_LEAST_TOUCHING: Final = 2
_KEEPS_TOGETHER: Final = 0.35
"""The normalised mutual information from which words in a row are one term."""
_MOSTLY: Final = 0.8
"""A unit is written with a capital where this part of what is written of it has it."""

_Ints = NDArray[np.int64]


class Side:
    """The texts of one language, as numbers of units."""

    def __init__(self) -> None:
        self.units: dict[Unit, int] = {}
        """Each with its number, in the order of the numbers."""
        self.texts: list[NDArray[np.int32]] = []

    def add(self, units: Sequence[Unit], texts: Sequence[Sequence[int]]) -> None:
        """Takes up texts, which are numbers of `units`; of the units those that the texts have."""
        numbers = dict.fromkeys(sorted(set().union(*texts)), 0)
        for at in numbers:
            numbers[at] = self.units.setdefault(units[at], len(self.units))
        self.texts += [np.array([numbers[at] for at in text], dtype=np.int32) for text in texts]

    def keep(self, chosen: Iterable[int]) -> None:
        """Forgets all texts but these, and the units that no other has."""
        self.texts = [self.texts[at] for at in chosen]
        units = list(self.units)
        used = np.zeros(len(units), dtype=np.bool_)
        for text in self.texts:
            used[text] = True
        numbers = np.cumsum(used, dtype=np.int32) - 1
        self.texts = [numbers[text] for text in self.texts]
        self.units = {units[at]: number for number, at in enumerate(np.flatnonzero(used).tolist())}


class Words:
    """The words of a side, and those of its rows of words that are one term."""

    def __init__(self, side: Side) -> None:
        self.units = list(side.units)
        keys: dict[str, int] = {}
        key_of = np.array([keys.setdefault(unit.key, len(keys)) for unit in self.units], dtype=np.int64)
        whole = Texts.of(side.texts, max(len(self.units), 1))
        words = key_of[whole.words] if len(self.units) else whole.words
        counts = np.bincount(words, minlength=len(keys))
        spaced = np.zeros(len(keys), dtype=np.bool_)
        spaced[key_of[[not unit.touching for unit in self.units]]] = True
        kept = counts > 0
        least = np.where(spaced, _LEAST_ROW, _LEAST_TOUCHING)
        rows = np.array([" " in key for key in keys], dtype=np.bool_)
        kept[rows & (counts < least)] = False
        listed = list(keys)
        for number in np.flatnonzero(rows & spaced & kept).tolist():
            kept[number] = _keeps_together(listed[number], keys, counts, len(words))
        new = np.cumsum(kept) - 1
        at = np.flatnonzero(kept[words]) if keys else words
        text = np.repeat(np.arange(len(whole)), whole.lengths)[at]
        lengths = np.bincount(text, minlength=len(whole))
        self.keys = [key for key, number in keys.items() if kept[number]]
        """By number."""
        self.texts = Texts(new[words[at]], lengths, max(len(self.keys), 1))
        """As numbers of `keys`."""
        self.written = whole.words[at]
        """How each word of `texts` is written, as a number of `units`."""
        self.key_of = np.where(kept[key_of], new[key_of], -1) if keys else key_of
        """By unit the number of its key; -1 where it is no term."""

    @cached_property
    def forms(self) -> dict[int, list[int]]:
        """By key, the units that are its ways of being written."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for unit, key in enumerate(self.key_of.tolist()):
            if key >= 0:
                found[key].append(unit)
        return dict(found)

    @cached_property
    def counts(self) -> list[int]:
        """By unit, how often it is written so."""
        counts: list[int] = np.bincount(self.written, minlength=len(self.units)).tolist()
        return counts

    @cached_property
    def parts(self) -> tuple[_Ints, _Ints]:
        """The units that longer ones are made of: by key where they begin, and all of them in a row."""
        numbers = {key: number for number, key in enumerate(self.keys)}
        begins, parts = [0], list[int]()
        for number, key in enumerate(self.keys):
            if " " in key:
                terms = key.split()
                rows = {
                    " ".join(terms[begin:end])
                    for begin in range(len(terms))
                    for end in range(begin + 1, len(terms) + 1)
                }
                parts += sorted({numbers[row] for row in rows if row in numbers} - {number})
            begins.append(len(parts))
        return np.array(begins, dtype=np.int64), np.array(parts, dtype=np.int64)


def usual_forms(words: Words, wanted: _Ints) -> dict[int, str]:
    """How the units with these numbers are mostly written."""
    found = {}
    for key in np.unique(wanted).tolist():
        if len(words.forms[key]) == 1:
            found[key] = words.units[words.forms[key][0]].surface
            continue
        written: Counter[str] = Counter()
        for unit in words.forms[key]:
            written[words.units[unit].surface] += words.counts[unit]
        found[key] = _usual(written)
    return found


def written_so(english: Words, korean: Words, left: _Ints, right: _Ints) -> dict[tuple[int, int], str]:
    """How the English unit is mostly written where it is rendered so, if it is written in several ways.

    심하다 renders severe, though several, which has the same stem, is more frequent.
    """
    several = np.array([len(english.forms[key]) > 1 for key in left.tolist()], dtype=np.bool_)
    left, right = left[several], right[several]
    size = korean.texts.size
    wanted = np.unique(left * size + right)
    if not len(wanted):
        return {}
    there = korean.texts.only(np.isin(np.arange(size), right))
    here = Texts(english.written, english.texts.lengths, max(len(english.units), 1))
    here = here.only(np.isin(english.key_of, left))
    met = count_meetings(here, there)
    units, renderings = met.words
    pair = english.key_of[units] * size + renderings
    at = np.minimum(np.searchsorted(wanted, pair), len(wanted) - 1)
    known = np.flatnonzero(wanted[at] == pair)
    seen: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for code, unit, count in zip(
        pair[known].tolist(), units[known].tolist(), met.together[known].tolist(), strict=True
    ):
        surface = english.units[unit].surface
        seen[code][surface] = seen[code].get(surface, 0) + count
    return {divmod(code, size): _usual(counts) for code, counts in seen.items()}


def _keeps_together(key: str, keys: dict[str, int], counts: _Ints, words: int) -> bool:
    first, last = key.rsplit(" ", 1)
    row, left, right = int(counts[keys[key]]), keys.get(first), keys.get(last)
    if left is None or right is None:
        return False
    return npmi(row, max(int(counts[left]), row), max(int(counts[right]), row), words) >= _KEEPS_TOGETHER


def _usual(written: dict[str, int]) -> str:
    """The most frequent way of writing; with a capital only where it mostly has one."""
    if len(written) == 1:
        return next(iter(written))
    small: Counter[str] = Counter()
    for surface, count in written.items():
        small[surface.lower()] += count
    best = max(small, key=lambda surface: (small[surface], surface))
    forms = {surface: count for surface, count in written.items() if surface.lower() == best}
    form = max(forms, key=lambda surface: (forms[surface], surface))
    return form if forms[form] >= _MOSTLY * small[best] else best
