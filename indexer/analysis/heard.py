"""What `indexer.analysis.spelled` tells of texts, heard: the tokens of each."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

from indexer.analysis._tokens import cores
from indexer.analysis.spelled import Spelled
from indexer.analysis.token_runs import RunTable, TokenRuns

__all__ = ["SpellingHearer"]


class SpellingHearer:
    """The side that has the tokens."""

    def __init__(self) -> None:
        self._table = RunTable()
        self._numbering = 0, 0

    def hear(self, spelled: Spelled) -> Iterator[TokenRuns]:
        """The tokens of each text; to be called in the order in which it was told."""
        numbering, written, runs, texts = spelled
        if numbering != self._numbering:
            self._table, self._numbering = RunTable(), numbering
        table = self._table
        if written:
            table.add_cores(cores(written))
        if runs[0]:
            table.add(*runs)
        return (TokenRuns(table, array("I", numbers)) for numbers in texts)
