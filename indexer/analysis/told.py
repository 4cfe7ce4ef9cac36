"""Tokens told by one process to another: each run of characters once, then by its number."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

from indexer.analysis.token_runs import Added, Relative, Run, RunTable, TokenRuns, relative
from indexer.model.terms import Token

__all__ = ["Hearer", "Teller", "Told"]

Told = tuple[int, Added, list[bytes | Relative]]
"""The number of a table, the runs that it has got since it was told of, and the texts: the numbers of their
runs, or their tokens one by one."""


class Teller:
    """The side that has the tables; of a run that has been told it keeps no more than it needs itself."""

    def __init__(self) -> None:
        self._table: RunTable | None = None
        self._number = 0

    def tell(self, table: RunTable, texts: Iterable[Sequence[Token]]) -> Told:
        """What is to be told of these texts, whose runs are in `table`.

        Once another table is told of, there must be nothing to be told any more of those before.
        """
        answers = [
            one.numbers.tobytes() if isinstance(one, TokenRuns) else relative(tuple(one)) for one in texts
        ]
        if table is not self._table:
            self._table, self._number = table, self._number + 1
        return self._number, table.take(), answers


class Hearer:
    """The other side."""

    def __init__(self) -> None:
        self._table = RunTable()
        self._number = 0

    def hear(self, told: Told) -> Iterator[Sequence[Token]]:
        """The tokens of each text; to be called in the order in which it was told."""
        number, (cores, *runs), answers = told
        if number != self._number:
            self._table, self._number = RunTable(), number
        table = self._table
        table.add_cores(cores)
        table.add(*runs)
        return (_tokens(table, answer) for answer in answers)


def _tokens(table: RunTable, answer: bytes | Relative) -> Sequence[Token]:
    if isinstance(answer, bytes):
        return TokenRuns(table, array("I", answer))
    return tuple(Run(0, 0, answer).at(0, 0))
