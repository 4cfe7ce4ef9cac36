"""The tokens of a text without an object for each: by runs of characters that come again and again."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import attrgetter
from typing import Final, overload

from indexer.model import Field, Span, Token

__all__ = ["Relative", "RelativeToken", "Run", "RunTable", "TokenRuns", "relative"]

RelativeToken = tuple[Field, str, int, int, int, int, bool, bool, float]
"""Field, term, start, end, position, length, bound, whole, weight; as if its run began a text."""
Relative = tuple[RelativeToken, ...]
"""The tokens of a run of characters."""

_PER_RUN: Final = 280
_PER_TOKEN: Final = 140
"""Bytes of memory that a run takes, and each of its tokens, about."""


class Run:
    """What a run of characters gives wherever it stands; equal to itself alone, and so a cheap key."""

    __slots__ = ("tokens", "units", "width")

    def __init__(self, width: int, units: int, tokens: Relative) -> None:
        self.width = width
        """Its code points."""
        self.units = units
        """The positions that it takes up."""
        self.tokens = tokens

    def at(self, start: int, first: int) -> Iterator[Token]:
        """Its tokens where it begins at the code point `start`, and its units at `first`."""
        for field, term, begin, end, position, length, bound, whole, weight in self.tokens:
            span = Span(start + begin, start + end)
            yield Token(field, term, span, first + position, length, bound, whole, weight)


def relative(tokens: Sequence[Token]) -> Relative:
    """Tokens as those of a run."""
    return tuple(
        (t.field, t.term, t.span.start, t.span.end, t.position, t.length, t.bound, t.whole, t.weight)
        for t in tokens
    )


class RunTable:
    """Runs by their numbers, which never change."""

    __slots__ = ("memory", "runs", "tokens", "units")

    def __init__(self) -> None:
        self.runs: list[Run] = []
        """All of them, unless they were taken."""
        self.units: list[int] = []
        """By run, the positions that it takes up."""
        self.tokens: list[int] = []
        """By run, how many tokens it has."""
        self.memory = 0
        """Bytes that they take, about."""

    def add(self, run: Run) -> int:
        """The number of one more; to be called by one thread at a time."""
        self.memory += _PER_RUN + 2 * run.width + _PER_TOKEN * len(run.tokens)
        self.units.append(run.units)
        self.tokens.append(len(run.tokens))
        self.runs.append(run)
        return len(self.units) - 1

    def take(self) -> list[Run]:
        """The runs that were added since this was asked before.

        The table forgets them: it still has their numbers, but not what they give.
        """
        taken, self.runs = self.runs, []
        return taken


_WIDTH: Final = attrgetter("width")


class TokenRuns(Sequence[Token]):
    """Tokens in the order of their positions, kept by runs of characters; equal to any sequence of the same.

    The runs stand one right after the other and are the whole text.  Whoever counts and sorts tokens by the
    million reads the `numbers` and makes no `Token`: that is most of the time that indexing takes.
    """

    __slots__ = ("numbers", "table")

    def __init__(self, table: RunTable, numbers: array[int]) -> None:
        """The tokens of the runs that have these `numbers` (32 bits each) in `table`."""
        self.table = table
        self.numbers = numbers

    @property
    def runs(self) -> list[Run]:
        """The runs, in order."""
        return list(map(self.table.runs.__getitem__, self.numbers))

    @property
    def starts(self) -> list[int]:
        """The code point at which each of the runs begins."""
        return list(accumulate(map(_WIDTH, self.runs), initial=0))[:-1]

    @property
    def units(self) -> int:
        """The positions that the text has."""
        return sum(map(self.table.units.__getitem__, self.numbers))

    def __iter__(self) -> Iterator[Token]:
        first = start = 0
        for run in self.runs:
            yield from run.at(start, first)
            first += run.units
            start += run.width

    def __len__(self) -> int:
        return sum(map(self.table.tokens.__getitem__, self.numbers))

    @overload
    def __getitem__(self, index: int) -> Token: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Token, ...]: ...
    def __getitem__(self, index: int | slice) -> Token | tuple[Token, ...]:
        return tuple(self)[index]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))
