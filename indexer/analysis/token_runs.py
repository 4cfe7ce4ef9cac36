"""The tokens of a text whose words were all met before, without an object for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from indexer.model import Field, Span, Token

__all__ = ["Relative", "TokenRuns"]

Relative = tuple[tuple[Field, str, int, int, int, int], ...]
"""The tokens of a run of characters as (field, term, start, end, position, length), as if it began a text."""


class TokenRuns(Sequence[Token]):
    """Tokens in the order of their positions, kept by runs of characters; equal to any sequence of the same.

    Whoever only counts and sorts tokens reads `runs` and makes no `Token`: that is most of the time that
    indexing a text in English takes.
    """

    __slots__ = ("runs",)

    def __init__(self, runs: Sequence[tuple[int, int, Relative]]) -> None:
        """The tokens of `runs`: by run, its first code point, its first unit and its tokens."""
        self.runs = runs

    def __iter__(self) -> Iterator[Token]:
        for start, first, tokens in self.runs:
            for field, term, begin, end, position, length in tokens:
                yield Token(field, term, Span(start + begin, start + end), first + position, length)

    def __len__(self) -> int:
        return sum(len(tokens) for _, _, tokens in self.runs)

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
