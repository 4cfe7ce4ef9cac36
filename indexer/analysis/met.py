"""What has been analysed before: runs of characters, Korean words as Kiwi read them, and whole passages.

An archive says the same words again and again.  So a text is looked up run by run, and only what is new is
analysed: what stands between two spaces where there is no Korean, else a word of Hangul together with the
morphemes that Kiwi sees in it, and what stands between two such words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Final, Generic, TypeVar

from indexer.analysis.token_runs import Run, RunTable, TokenRuns
from indexer.model import Token

__all__ = ["Met", "Numbers"]

_K = TypeVar("_K")

_MOST: Final = 128 << 20
"""Bytes of runs, about, after which all is forgotten."""
_MOST_TEXTS: Final = 1 << 24
"""The same of whole passages, in code points."""
_PER_TOKEN: Final = 300
"""Bytes of a token that is an object."""


class Numbers(dict[_K, int], Generic[_K]):
    """The numbers of runs by what they are known by; one that is new is made when it is asked for."""

    def __init__(self, table: RunTable, adding: Lock, make: Callable[[_K], Run]) -> None:
        self._table = table
        self._adding = adding
        self._make = make

    def __missing__(self, key: _K) -> int:
        run = self._make(key)
        with self._adding:
            if (number := self.get(key)) is None:
                number = self[key] = self._table.add(run)
        return number


class Met:
    """See the module; may be used by several threads at once."""

    def __init__(self, spaced: Callable[[str], Run], between: Callable[[str], Run]) -> None:
        """Nothing has been met.

        Args:
            spaced: makes the run of what stands before a space, with the space.
            between: makes the run of what has no Hangul.
        """
        self.table = RunTable()
        adding = Lock()
        self.spaced = Numbers(self.table, adding, spaced)
        self.between = Numbers(self.table, adding, between)
        self._adding = adding
        self.words: dict[object, int | None] = {}
        """By a word of Hangul and its morphemes; None where it cannot be read without its neighbours."""
        self._texts: dict[str, Sequence[Token]] = {}
        self._size = 0

    @property
    def full(self) -> bool:
        """Whether it is time to begin anew."""
        return self.table.memory > _MOST

    def add_word(self, key: object, run: Run | None) -> int | None:
        """Remembers a word; returns its number."""
        with self._adding:
            if key not in self.words:
                self.words[key] = None if run is None else self.table.add(run)
            return self.words[key]

    def text(self, text: str) -> Sequence[Token] | None:
        """The tokens of a passage that was there before; None where it was not, or is forgotten."""
        return self._texts.get(text)

    def keep(self, text: str, tokens: Sequence[Token]) -> None:
        """Remembers the tokens of a passage."""
        with self._adding:
            if self._size > _MOST_TEXTS:
                self._texts, self._size = {}, 0
            self._texts[text] = tokens
            self._size += len(text) if isinstance(tokens, TokenRuns) else _PER_TOKEN * len(tokens)
