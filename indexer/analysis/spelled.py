"""Texts without Korean, told by the process that reads them to the one that indexes them.

Each run of characters is told once, by what is left of it without the marks around it, then by its number.
What that gives is found out by the side that hears of it (`indexer.analysis.heard`), so that both have about
as much to do.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Sequence
from itertools import chain, count, filterfalse
from typing import Final

from indexer.analysis.met import core_of

__all__ = ["Runs", "Spelled", "Speller"]

Runs = tuple["array[int]", "array[int]", "array[int]"]
"""By run, which core it has, and the code points before it and in all: as `RunTable.add` takes them."""
Spelled = tuple[tuple[int, int], list[str], Runs, list[bytes]]
"""The numbering (its process, and which it is there); the cores that have got numbers since it was told of,
as they are written; the runs that have; and of each text the numbers of its runs."""

_MOST: Final = 200_000
"""Runs after which all numbers are given anew: what they give takes memory on the other side."""


class Speller:
    """The side that has the texts."""

    def __init__(self) -> None:
        self._numbering = os.getpid(), 0
        self._begin()

    def _begin(self) -> None:
        self._spaced: dict[str, int] = {}
        """By what stands before a space, its number."""
        self._between: dict[str, int] = {}
        """The same of what stands at the end of a text."""
        self._cores: dict[str, int] = {}

    def spell(self, documents: Sequence[Sequence[str]]) -> list[Spelled]:
        """What is to be told of the texts of each document."""
        if len(self._spaced) + len(self._between) > _MOST:
            process, number = self._numbering
            self._numbering = process, number + 1
            self._begin()
        told: list[Spelled] = []
        # As in `_tokens`: a row of calls that are each a loop in C.
        split = [text.split(" ") for texts in documents for text in texts]
        ends = [pieces.pop() for pieces in split]
        cores, runs = self._meet(chain.from_iterable(split), ends)
        texts = map(self._numbers, split, ends)
        for document in documents:
            told.append((self._numbering, cores, runs, [next(texts) for _ in document]))
            cores, runs = [], (array("I"), array("I"), array("I"))
        return told

    def _meet(self, spaced: Iterable[str], between: Iterable[str]) -> tuple[list[str], Runs]:
        """Numbers what is new of these: the new cores, and the new runs."""
        before = len(self._spaced) + len(self._between)
        surfaces = _number(self._spaced, spaced, before)
        widths = array("I", [len(surface) + 1 for surface in surfaces])
        ends = _number(self._between, between, before + len(surfaces))
        widths.extend(map(len, ends))
        surfaces += ends
        written = list(map(core_of, surfaces))
        cores = _number(self._cores, written, len(self._cores))
        leads = array("I", map(str.index, surfaces, written))
        return cores, (array("I", map(self._cores.__getitem__, written)), leads, widths)

    def _numbers(self, pieces: list[str], end: str) -> bytes:
        numbers = array("I", map(self._spaced.__getitem__, pieces))
        numbers.append(self._between[end])
        return numbers.tobytes()


def _number(known: dict[str, int], some: Iterable[str], first: int) -> list[str]:
    """Those that had no number and have one now, in the order of their numbers, from `first` on."""
    new = list(dict.fromkeys(filterfalse(known.__contains__, some)))
    known.update(zip(new, count(first)))
    return new
