"""Work that is done in a thread of its own while what it gave before is used."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from threading import Condition, Thread
from typing import Final, Generic, TypeVar

__all__ = ["ahead"]

_T = TypeVar("_T")
_END: Final = object()


def ahead(
    values: Iterable[_T], *, weigh: Callable[[_T], int], most: int, stop: Callable[[], None]
) -> Iterator[_T]:
    """The values in order; they are made in a thread of its own, until those not yet taken weigh `most`.

    What the making raises is raised here, in its turn.  When nobody wants more, `stop` is called, which may
    cut short the making of the value that nobody will see; then the thread is waited for.

    >>> list(ahead(iter("abc"), weigh=len, most=2, stop=lambda: None))
    ['a', 'b', 'c']
    """
    made = _Made(values, weigh, most)
    thread = Thread(target=made.fill, name="ahead", daemon=True)
    thread.start()
    try:
        yield from made
    finally:
        if not made.cancel():
            stop()
        thread.join()


class _Made(Generic[_T]):
    """What is made and not yet taken."""

    def __init__(self, values: Iterable[_T], weigh: Callable[[_T], int], most: int) -> None:
        self._values = values
        self._weigh = weigh
        self._most = most
        self._changed = Condition()
        self._waiting: deque[tuple[object, int]] = deque()
        self._weight = 0
        self._ended = self._unwanted = False

    def fill(self) -> None:
        """Makes values; the thread's work."""
        last: object = _END
        try:
            for value in self._values:
                if not self._put(value, self._weigh(value)):
                    break
        except BaseException as error:  # noqa: BLE001 - it is raised where the value is missed
            last = error
        finally:
            with self._changed:
                self._ended = True
                self._waiting.append((last, 0))
                self._changed.notify_all()

    def cancel(self) -> bool:
        """Tells that nothing more is wanted; whether all had been made."""
        with self._changed:
            self._unwanted = True
            self._changed.notify_all()
            return self._ended

    def __iter__(self) -> Iterator[_T]:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                value, weight = self._waiting.popleft()
                self._weight -= weight
                self._changed.notify_all()
            if value is _END:
                return
            if isinstance(value, BaseException):
                raise value
            yield value  # type: ignore[misc]

    def _put(self, value: object, weight: int) -> bool:
        """Whether more is wanted."""
        with self._changed:
            self._waiting.append((value, weight))
            self._weight += weight
            self._changed.notify_all()
            while self._weight > self._most and not self._unwanted:
                self._changed.wait()
            return not self._unwanted
