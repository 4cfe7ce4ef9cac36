"""The sorted terms of a field, looked into without being read whole.

A term is found in three steps: by the first term of every 4,096, which are read once; by the first of every
64 of those, which are kept where they were needed; and in the text of these 64, most of which do not have
what is looked for, so that a term that is not there costs next to nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import Final

from indexer.engine.whoosh.arrayfile import ArrayFile, DamagedFileError

__all__ = ["Dictionary"]

_FEW: Final = 64
"""Terms that are looked through."""
_MANY: Final = _FEW * _FEW


class Dictionary:
    """The terms of one field of a segment in UTF-8, sorted by their bytes; each is named by its place."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        """Opens the terms of the field `name`; there may be none."""
        self.size = file.length(f"{name}.text_ends")
        self._firsts: list[bytes] = []
        self._runs: dict[int, list[bytes]] = {}
        if self.size:
            self._ends, self._texts = file.column(f"{name}.text_ends"), file.column(f"{name}.texts")
            self._damage = f"{file.path.name}: the terms of {name} end somewhere else"

    def find(self, term: bytes) -> int | None:
        """The place of `term`; none where the field does not have it."""
        first, last = self._around(term)
        if first == last:
            return None
        start = self._start(first)
        joined = self._texts.values[start : self._ends.values[last - 1]].tobytes()
        at = joined.find(term)
        if at < 0:
            return None
        cuts = [start, *self._ends.values[first:last]]
        while at >= 0:
            place = bisect_left(cuts, start + at)
            if (
                cuts[place] == start + at
                and place < last - first
                and cuts[place + 1] - cuts[place] == len(term)
            ):
                return first + place
            at = joined.find(term, at + 1)
        return None

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
        return self.texts(place, place + 1)[0]

    def texts(self, first: int, last: int) -> list[bytes]:
        """The terms at the places `[first, last)`."""
        if last <= first:
            return []
        start = self._start(first)
        ends: list[int] = self._ends.read(first, last).tolist()
        joined = self._texts.read(start, ends[-1]).tobytes()
        return [joined[a - start : b - start] for a, b in pairwise([start, *ends])]

    def _start(self, place: int) -> int:
        return self._ends[place - 1] if place else 0

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
        if self.size and self._ends[self.size - 1] != len(self._texts):
            raise DamagedFileError(self._damage)
        self._firsts = [self.text(place) for place in range(0, self.size, _MANY)]
        return self._firsts

    def _read_run(self, run: int) -> list[bytes]:
        """The first of every few terms of a run, all of which are checked to be as they were written."""
        begin, end = run * _MANY, min(run * _MANY + _MANY, self.size)
        first = self._start(begin)
        ends = self._ends.read(begin, end)
        joined = self._texts.read(first, int(ends[-1])).tobytes()
        starts = [0, *(ends[_FEW - 1 : -1 : _FEW] - first).tolist()]
        stops = (ends[::_FEW] - first).tolist()
        firsts = self._runs[run] = [joined[a:b] for a, b in zip(starts, stops, strict=True)]
        return firsts
