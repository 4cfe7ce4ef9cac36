"""Kiwi for visitors of `hanyeong serve`: each that waits for it is a thread that answers nobody else.

So a few at a time may wait, and none of them for long: a page that says so is better than none.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Semaphore
from time import monotonic
from typing import Final

from indexer.errors import AnalysisError
from indexer.kiwi import Answer, GoneError, KiwiApart, apart

__all__ = ["Visitors"]

_ANSWER: Final = 5.0
"""Seconds to wait for what Kiwi says of a short text, once it is loaded: a thousand times what it takes."""
_LOADING: Final = 30.0
"""Seconds to wait until it is loaded; it is loaded all the same."""
_PLACE: Final = 0.5
"""Seconds to wait for a place among those who wait while none of them is answered."""


class Visitors:
    """Asks the process that has Kiwi; may be used by several threads."""

    def __init__(self, waiting: int) -> None:
        """Lets so many wait at a time."""
        self._places = Semaphore(waiting)
        self._answered = monotonic()
        """When somebody was answered last."""

    def tokenize(self, kiwi: KiwiApart, texts: list[str], blocklist: Iterable[str]) -> list[Answer]:
        """As `KiwiApart.tokenize`, by that process, or by the one that is begun when it has ended.

        Raises:
            GoneError: it has ended, and no other can be begun.
            AnalysisError: too many wait already, Kiwi is not loaded yet, or it says nothing.
        """
        while not self._places.acquire(timeout=_PLACE):
            if monotonic() - self._answered > _PLACE:
                raise AnalysisError("as many queries wait for Kiwi as may; try again in a moment")
        try:
            answer = _any_answer(kiwi, texts, blocklist)
            self._answered = monotonic()
        finally:
            self._places.release()
        return answer


def _any_answer(kiwi: KiwiApart, texts: list[str], blocklist: Iterable[str]) -> list[Answer]:
    try:
        return _answer(kiwi, texts, blocklist)
    except GoneError:
        renewed = apart()
        if renewed is None:
            raise
        return _last_answer(renewed, texts, blocklist)


def _answer(kiwi: KiwiApart, texts: list[str], blocklist: Iterable[str]) -> list[Answer]:
    if not kiwi.loaded.wait(_LOADING):
        raise AnalysisError(f"Kiwi has not been loaded within {_LOADING:.0f} s; try again in a moment")
    try:
        return kiwi.tokenize(texts, blocklist, within=_ANSWER)
    except AnalysisError as error:
        apart()  # is begun anew, and loads until somebody comes again
        raise AnalysisError(
            "Kiwi has said nothing about a query for too long and is begun anew; try again in a moment"
        ) from error


def _last_answer(kiwi: KiwiApart, texts: list[str], blocklist: Iterable[str]) -> list[Answer]:
    try:
        return _answer(kiwi, texts, blocklist)
    except GoneError as error:  # perhaps by this very text: nobody else is to lose Kiwi by it once more
        raise AnalysisError(
            "Kiwi's process has ended twice, perhaps for want of memory; try again in a moment"
        ) from error
