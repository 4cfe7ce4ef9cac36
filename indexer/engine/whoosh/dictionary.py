"""The sorted terms of a field, looked into without being read whole.

A term is found by its hash (see `indexer.engine.whoosh.hashing`).  What begins with a prefix is found in
three steps: by the first term of every 4,096, which are read once; by the first of every 64 of those, which
are kept where they were needed; and among these 64.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import Any, Final

from numpy.typing import NDArray

from indexer.engine.whoosh.arrayfile import ArrayFile
from indexer.engine.whoosh.hashing import slot_of
from indexer.engine.whoosh.inverted import ENDS, TEXTS
from indexer.errors import DamagedFileError

__all__ = ["Dictionary", "Found"]

_FEW: Final = 64
"""Terms that are looked through."""
_MANY: Final = _FEW * _FEW
_ENDS: Final = len(ENDS)
_NOTHING: Final = (0,) * _ENDS

Found = tuple[int, list[int], list[int]]
"""A term's place; and what ends before and with it, in the order of `ENDS`."""


class Dictionary:
    """The terms of one field of a segment in UTF-8, sorted by their bytes; each is named by its place."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        """Opens the terms of the field `name`; there may be none."""
        self.size = file.length(f"{name}.ends") // _ENDS
        self._firsts: list[bytes] = []
        self._runs: dict[int, list[bytes]] = {}
        if self.size:
            self._ends, self._texts = file.column(f"{name}.ends"), file.column(f"{name}.texts")
            self._table = file.column(f"{name}.table")
            self._bits = self.size.bit_length()
            self._places = (1 << self._bits) - 1
            self._damage = f"{file.path.name}: the terms of {name} end somewhere else"

    def warm(self) -> None:
        """Reads all that a search for a prefix begins with."""
        self._read_firsts()
        for run in range(len(self._firsts)):
            if run not in self._runs:
                self._read_run(run)

    def find(self, term: bytes) -> int | None:
        """The place of `term`; none where the field does not have it."""
        found = self.look_up(term)
        return found[0] if found else None

    def look_up(self, term: bytes) -> Found | None:
        """What there is of `term`; none where the field does not have it."""
        if not self.size:
            return None
        slot, rest = slot_of(term, self.size)
        # Once all is checked, single values come fastest out of the view.
        table = self._table.values if self._table.checked else self._table
        while one := table[slot]:
            if one >> self._bits == rest:
                place = (one & self._places) - 1
                before, ends = self.ends(place)
                if self._texts.bytes(before[TEXTS], ends[TEXTS]) == term:
                    return place, before, ends
            slot += 1
        return None

    def ends(self, place: int) -> tuple[list[int], list[int]]:
        """What ends before the term at `place`, and what ends with it, in the order of `ENDS`.

        Raises:
            DamagedFileError: there is no such term, or its ends are not those that were written.
        """
        at = place * _ENDS
        both = self._ends.few(at - _ENDS, at + _ENDS) if place else [*_NOTHING, *self._ends.few(0, _ENDS)]
        if both[0] > both[4] or both[1] > both[5] or both[2] > both[6] or both[3] > both[7]:
            raise DamagedFileError(self._damage)
        return both[:_ENDS], both[_ENDS:]

    def ends_of(self, which: int, first: int, last: int) -> NDArray[Any]:
        """Where each of the terms at `[first, last)` ends, of one of the `ENDS`."""
        return self._ends.read(first * _ENDS, last * _ENDS)[which::_ENDS]

    def first_from(self, term: bytes) -> int:
        """The place of the first term that is not before `term`."""
        first, last = self._around(term)
        return first + bisect_left(self.texts(first, last), term)

    def beginning_with(self, prefix: bytes) -> tuple[int, int]:
        """The places `[first, last)` of the terms that begin with `prefix`."""
        end = prefix.rstrip(b"\xff")
        after = end[:-1] + bytes([end[-1] + 1]) if end else None
        return self.first_from(prefix), self.size if after is None else self.first_from(after)

    def text(self, place: int) -> bytes:
        """The term at `place`."""
        return self._text(*self.ends(place))

    def texts(self, first: int, last: int) -> list[bytes]:
        """The terms at the places `[first, last)`."""
        if last <= first:
            return []
        start = self.ends(first)[0][TEXTS]
        ends: list[int] = self.ends_of(TEXTS, first, last).tolist()
        joined = self._texts.read(start, ends[-1]).tobytes()
        return [joined[a - start : b - start] for a, b in pairwise([start, *ends])]

    def _text(self, before: list[int], ends: list[int]) -> bytes:
        return self._texts.bytes(before[TEXTS], ends[TEXTS])

    def _around(self, term: bytes) -> tuple[int, int]:
        """The places `[first, last)` of the few terms among which `term` must be, if it is there."""
        run = bisect_right(self._firsts or self._read_firsts(), term) - 1
        if run < 0:
            return 0, 0
        firsts = self._runs.get(run) or self._read_run(run)
        first = run * _MANY + (bisect_right(firsts, term) - 1) * _FEW
        return first, min(first + _FEW, self.size)

    def _read_firsts(self) -> list[bytes]:
        """The first of every so many terms."""
        if self.size and self.ends(self.size - 1)[1][TEXTS] != len(self._texts):
            raise DamagedFileError(self._damage)
        self._firsts = [self.text(place) for place in range(0, self.size, _MANY)]
        return self._firsts

    def _read_run(self, run: int) -> list[bytes]:
        """The first of every few terms of a run."""
        places = range(run * _MANY, min(run * _MANY + _MANY, self.size), _FEW)
        firsts = self._runs[run] = [self.text(place) for place in places]
        return firsts
