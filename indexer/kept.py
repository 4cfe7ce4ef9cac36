"""Values that are kept for the next time they are asked for, within bounds; for several threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["Kept"]

_V = TypeVar("_V")


class Kept(Generic[_V]):
    """The values that were used last.  All of them go when the state that they were made of is another one.

    >>> kept = Kept(most=2, size=1000, weigh=len)
    >>> kept.get("monday", "a", lambda: "made"), kept.get("monday", "a", lambda: "made anew")
    ('made', 'made')
    >>> kept.get("tuesday", "a", lambda: "made anew")
    'made anew'
    """

    def __init__(self, *, most: int, size: int, weigh: Callable[[_V], int]) -> None:
        """Keeps at most `most` values, whose weights by `weigh` are at most `size` together."""
        self._most = most
        self._size = size
        self._weigh = weigh
        self._lock = Lock()
        self._state: Hashable = None
        self._weight = 0
        self._values: OrderedDict[Hashable, tuple[_V, int]] = OrderedDict()

    def get(self, state: Hashable, key: Hashable, make: Callable[[], _V]) -> _V:
        """The value that is kept for `key`, else what `make` gives.

        `make` runs without the lock, so two threads that ask at once may both make the value; what it
        raises is raised, and nothing is kept.  Neither is what was made of a state that others have left
        behind in the meantime.
        """
        with self._lock:
            before = self._state
            if state == self._state and (found := self._values.get(key)):
                self._values.move_to_end(key)
                return found[0]
        value = make()
        self._keep(state, before, key, value)
        return value

    def _keep(self, state: Hashable, before: Hashable, key: Hashable, value: _V) -> None:
        """Keeps a value of `state`; `before` is the state of what was kept when it was asked for."""
        weight = self._weigh(value)
        with self._lock:
            if state != self._state:
                if before != self._state:
                    return
                self._state, self._weight = state, 0
                self._values.clear()
            if weight > self._size or key in self._values:
                return
            self._values[key] = (value, weight)
            self._weight += weight
            while self._weight > self._size or len(self._values) > self._most:
                _, (_, gone) = self._values.popitem(last=False)
                self._weight -= gone
