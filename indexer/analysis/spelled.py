"""Texts without Korean, told by the process that reads them to the one that indexes them.

Each run of characters is told once, as it is written, then by its number.  What it gives is found out by the
side that hears of it, so that both have about as much to do.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, filterfalse
from typing import Final

from indexer.analysis._tokens import nothing_met
from indexer.analysis.token_runs import TokenRuns

__all__ = ["Spelled", "Speller", "SpellingHearer"]

Spelled = tuple[tuple[int, int], list[str], list[str], list[bytes]]
"""The numbering (its process, and which it is there); the runs that have got numbers since it was told of:
those with a space behind them, and those without; and of each text the numbers of its runs."""

_MOST: Final = 200_000
"""Runs after which all numbers are given anew: what they give takes memory on the other side."""


class Speller:
    """The side that has the texts."""

    def __init__(self) -> None:
        self._numbering = os.getpid(), 0
        self._spaced: dict[str, int] = {}
        """By what stands before a space, its number."""
        self._between: dict[str, int] = {}
        """The same of what stands at the end of a text."""

    def spell(self, documents: Sequence[Sequence[str]]) -> list[Spelled]:
        """What is to be told of the texts of each document."""
        if len(self._spaced) + len(self._between) > _MOST:
            process, number = self._numbering
            self._numbering = process, number + 1
            self._spaced, self._between = {}, {}
        told: list[Spelled] = []
        # As in `_tokens`: a row of calls that are each a loop in C.
        split = [text.split(" ") for texts in documents for text in texts]
        ends = [pieces.pop() for pieces in split]
        spaced = self._numbered(self._spaced, chain.from_iterable(split))
        between = self._numbered(self._between, ends)
        texts = map(self._numbers, split, ends)
        for document in documents:
            told.append((self._numbering, spaced, between, [next(texts) for _ in document]))
            spaced, between = [], []
        return told

    def _numbered(self, known: dict[str, int], surfaces: Iterable[str]) -> list[str]:
        """Those that had no number and have one now, in the order of their numbers."""
        new = list(dict.fromkeys(filterfalse(known.__contains__, surfaces)))
        first = len(self._spaced) + len(self._between)
        known.update(zip(new, range(first, first + len(new)), strict=True))
        return new

    def _numbers(self, pieces: list[str], end: str) -> bytes:
        numbers = array("I", map(self._spaced.__getitem__, pieces))
        numbers.append(self._between[end])
        return numbers.tobytes()


class SpellingHearer:
    """The side that has the tokens."""

    def __init__(self) -> None:
        self._met = nothing_met()
        self._numbering = 0, 0

    def hear(self, spelled: Spelled) -> Iterator[TokenRuns]:
        """The tokens of each text; to be called in the order in which it was told."""
        numbering, spaced, between, texts = spelled
        if numbering != self._numbering:
            self._met, self._numbering = nothing_met(), numbering
        if spaced:
            self._met.add(spaced, 1)
        if between:
            self._met.add(between, 0)
        table = self._met.table
        return (TokenRuns(table, array("I", numbers)) for numbers in texts)
