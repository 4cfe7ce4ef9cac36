"""What has been analysed before: runs of characters, Korean words as Kiwi read them, and whole passages.

An archive says the same words again and again.  So a text is looked up run by run, and only what is new is
analysed: what stands between two spaces where there is no Korean, else a word of Hangul together with the
morphemes that Kiwi sees in it, and what stands between two such words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import filterfalse
from threading import RLock
from typing import Final

from indexer.analysis.token_runs import Core, Run, RunTable, TokenRuns
from indexer.model.terms import Token

__all__ = ["Met", "Numbers", "core_of"]

_AROUND: Final = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~“”‘’"
"""What may stand around a word and is not part of it."""
_MOST: Final = 128 << 20
"""Bytes of runs, about, after which all is forgotten."""
_MOST_TEXTS: Final = 1 << 24
"""The same of whole passages, in code points."""
_PER_TOKEN: Final = 300
"""Bytes of a token that is an object."""


class Numbers(dict[str, int]):
    """The numbers of runs by how they are written; one that is new is made when it is asked for."""

    def __init__(self, adding: RLock, make: Callable[[list[str]], Iterable[int]]) -> None:
        self._adding = adding
        self._make = make

    def __missing__(self, surface: str) -> int:
        self.meet([surface])
        return self[surface]

    def meet(self, surfaces: Iterable[str]) -> None:
        """Makes those that are new all at once, in a fraction of the time that it takes one by one."""
        with self._adding:
            new = list(dict.fromkeys(filterfalse(self.__contains__, surfaces)))
            if new:
                self.update(zip(new, self._make(new), strict=True))


class Met:
    """See the module; may be used by several threads at once."""

    def __init__(self, analyse: Callable[[list[str]], Sequence[Core]]) -> None:
        """Nothing has been met.

        Args:
            analyse: tells what there is in words without Hangul, less the marks around them.
        """
        self.table = RunTable()
        self._adding = adding = RLock()
        self._cores = Numbers(adding, lambda surfaces: self.table.add_cores(analyse(surfaces)))
        self.spaced = Numbers(adding, lambda surfaces: self.add(surfaces, 1))
        """Of what stands before a space: the runs with the space."""
        self.between = Numbers(adding, lambda surfaces: self.add(surfaces, 0))
        """Of anything that has no Hangul."""
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
                self.words[key] = None if run is None else self._add_run(run)
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

    def add(self, surfaces: list[str], space: int) -> range:
        """The numbers of some more runs without Hangul, each with so many spaces behind it.

        To be called by one thread at a time.
        """
        cores = [core_of(surface) for surface in surfaces]
        self._cores.meet(cores)
        return self.table.add(
            list(map(self._cores.__getitem__, cores)),
            map(str.index, surfaces, cores),
            [len(surface) + space for surface in surfaces],
        )

    def _add_run(self, run: Run) -> int:
        (core,) = self.table.add_cores([(run.units, run.tokens)])
        (number,) = self.table.add([core], [0], [run.width])
        return number


def core_of(surface: str) -> str:
    """What is left of some characters without the marks around them.

    >>> core_of("(“talks”),"), core_of("U.S.,")
    ('talks', 'U.S.')
    """
    core = surface.strip(_AROUND)
    if "." in core and f"{core}." in surface:  # the last letter of an acronym has a point, too
        return f"{core}."
    return core
