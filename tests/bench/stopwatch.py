"""Time that is spent on one of two things that take turns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import TypeVar

__all__ = ["Stopwatch"]

_T = TypeVar("_T")


class Stopwatch:
    """Runs while something is used, and stands while the next of it is fetched."""

    def __init__(self) -> None:
        self._began = perf_counter()
        self._away = 0.0

    def without(self, source: Iterable[_T]) -> Iterator[_T]:
        """The same values; what it takes to make them is not counted."""
        iterator = iter(source)
        while True:
            began = perf_counter()
            try:
                value = next(iterator)
            except StopIteration:
                self._away += perf_counter() - began
                return
            self._away += perf_counter() - began
            yield value

    @property
    def seconds(self) -> float:
        """What has been spent so far."""
        return perf_counter() - self._began - self._away
