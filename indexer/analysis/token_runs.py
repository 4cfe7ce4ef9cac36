"""The tokens of a text without Korean, without an object for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Final, overload

from indexer.model import Field, Span, Token

__all__ = ["Relative", "Run", "TokenRuns"]

Relative = tuple[tuple[Field, str, int, int, int, int], ...]
"""The tokens of a run of characters as (field, term, start, end, position, length), as if it began a text."""


class Run:
    """What a run of characters gives wherever it stands; equal to itself alone, and so a cheap key."""

    __slots__ = ("tokens", "units")

    def __init__(self, units: int, tokens: Relative) -> None:
        self.units = units
        """The positions that it takes up."""
        self.tokens = tokens


_UNITS: Final = attrgetter("units")


class TokenRuns(Sequence[Token]):
    """Tokens in the order of their positions, kept by runs of characters; equal to any sequence of the same.

    Whoever counts and sorts tokens by the million reads `starts` and `runs` and makes no `Token`: that is
    most of the time that indexing a text in English takes.
    """

    __slots__ = ("runs", "starts")

    def __init__(self, starts: Sequence[int], runs: Sequence[Run]) -> None:
        """The tokens of `runs`, each of which begins at the code point with the same place in `starts`."""
        self.starts = starts
        self.runs = runs

    @property
    def units(self) -> int:
        """The positions that the text has."""
        return sum(map(_UNITS, self.runs))

    def __iter__(self) -> Iterator[Token]:
        first = 0
        for start, run in zip(self.starts, self.runs, strict=True):
            for field, term, begin, end, position, length in run.tokens:
                yield Token(field, term, Span(start + begin, start + end), first + position, length)
            first += run.units

    def __len__(self) -> int:
        return sum(len(run.tokens) for run in self.runs)

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
