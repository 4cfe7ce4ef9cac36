"""Time that is spent on one of two things that take turns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import perf_counter, process_time
from typing import TypeVar

__all__ = ["Stopwatch"]

_T = TypeVar("_T")


class Stopwatch:
    """Runs while something is used, and stands while the next of it is fetched."""

    def __init__(self, *, cpu: bool = False) -> None:
        self._clock = process_time if cpu else perf_counter
        self._began = self._clock()
        self._away = 0.0

    def without(self, source: Iterable[_T]) -> Iterator[_T]:
        """The same values; what it takes to make them is not counted."""
        iterator = iter(source)
        while True:
            began = self._clock()
            try:
                value = next(iterator)
            except StopIteration:
                self._away += self._clock() - began
                return
            self._away += self._clock() - began
            yield value

    @property
    def seconds(self) -> float:
        """What has been spent so far."""
        return self._clock() - self._began - self._away
