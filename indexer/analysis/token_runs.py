"""The tokens of a text without an object for each: by runs of characters that come again and again."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, overload

from indexer.model.terms import Field, Token
from indexer.model.text import Span

__all__ = ["Core", "Relative", "RelativeToken", "Run", "RunTable", "TokenRuns", "moved", "relative"]

RelativeToken = tuple[Field, str, int, int, int, int, bool, bool, float]
"""Field, term, start, end, position, length, bound, whole, weight; as if its run began a text."""
Relative = tuple[RelativeToken, ...]
"""The tokens of a run of characters."""
Core = tuple[int, Relative]
"""What is left of a run without what stands around it that is in no token: its positions and its tokens."""
Added = tuple[list[Core], "array[int]", "array[int]", "array[int]"]
"""Of a table, some more cores; and by run, which core it has, and the code points before it and in all."""

_PER_RUN: Final = 200
_PER_CORE: Final = 200
_PER_TOKEN: Final = 140
"""Bytes of memory that a run takes, a core, and each of its tokens, about."""


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


def moved(tokens: Relative, by: int, units: int) -> Relative:
    """The tokens so many code points and units further on."""
    if not (by or units):
        return tokens
    return tuple(
        [
            (field, term, start + by, end + by, position + units, length, bound, whole, weight)
            for field, term, start, end, position, length, bound, whole, weight in tokens
        ]
    )


def relative(tokens: Sequence[Token]) -> Relative:
    """Tokens as those of a run."""
    return tuple(
        (t.field, t.term, t.span.start, t.span.end, t.position, t.length, t.bound, t.whole, t.weight)
        for t in tokens
    )


class RunTable:
    """Runs by their numbers, which never change; each is a core with something around it.

    A word stands with many marks before and after it, so that there are fewer cores than runs; and what is
    told of runs alone are arrays, which are made of many runs at once.
    """

    __slots__ = (
        "_core_tokens",
        "_core_units",
        "_runs",
        "_runs_taken",
        "_taken",
        "core_of",
        "cores",
        "leads",
        "memory",
        "tokens",
        "units",
        "widths",
    )

    def __init__(self) -> None:
        self.cores: list[Core] = []
        """All of them, unless they were taken."""
        self._taken = self._runs_taken = 0
        """How many cores were taken, and how many runs."""
        self._core_units = array("I")
        self._core_tokens = array("I")
        """By core, its positions, and how many tokens it has."""
        self.core_of = array("I")
        """By run, which of the cores it has."""
        self.leads = array("I")
        """By run, the code points before its core."""
        self.widths = array("I")
        """By run, all its code points."""
        self.units = array("I")
        """By run, the positions that it takes up."""
        self.tokens = array("I")
        """By run, how many tokens it has."""
        self.memory = 0
        """Bytes that all of it takes, about."""
        self._runs = _Runs(self)

    def add_cores(self, cores: Sequence[Core]) -> range:
        """The places of some more among the cores; to be called by one thread at a time, as `add`."""
        first = len(self._core_units)
        self.cores.extend(cores)
        self._core_units.extend([units for units, _ in cores])
        self._core_tokens.extend([len(tokens) for _, tokens in cores])
        self.memory += _PER_CORE * len(cores) + _PER_TOKEN * sum(self._core_tokens[first:])
        return range(first, len(self._core_units))

    def add(self, cores: Sequence[int], leads: Iterable[int], widths: Iterable[int]) -> range:
        """The numbers of some more runs, which have the cores at these places."""
        first = len(self.core_of)
        self.core_of.extend(cores)
        self.leads.extend(leads)
        self.widths.extend(widths)
        self.units.extend(map(self._core_units.__getitem__, cores))
        self.tokens.extend(map(self._core_tokens.__getitem__, cores))
        self.memory += _PER_RUN * len(cores)
        return range(first, len(self.core_of))

    def take(self) -> Added:
        """What was added since this was asked before.

        The table forgets those cores: it still has the numbers of the runs, but not what they give.
        """
        cores, first = self.cores, self._runs_taken
        self.cores = []
        self._taken += len(cores)
        self._runs_taken = len(self.core_of)
        return cores, self.core_of[first:], self.leads[first:], self.widths[first:]

    def core(self, run: int) -> Core:
        """The core of one of the runs.

        Raises:
            IndexError: it was taken.
        """
        at = self.core_of[run] - self._taken
        if at < 0:
            raise IndexError("the core of this run was taken")
        return self.cores[at]

    @property
    def runs(self) -> dict[int, Run]:
        """By number, the runs; each is made when it is first asked for."""
        return self._runs


class _Runs(dict[int, Run]):
    """See `RunTable.runs`."""

    def __init__(self, table: RunTable) -> None:
        self._table = table

    def __missing__(self, number: int) -> Run:
        table = self._table
        units, tokens = table.core(number)
        run = Run(table.widths[number], units, moved(tokens, table.leads[number], 0))
        return self.setdefault(number, run)


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
