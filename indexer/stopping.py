"""A command that is told to stop, by Ctrl-C or by SIGTERM: it ends orderly, and its exit code says so."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

__all__ = ["INTERRUPTED", "TERMINATED", "Terminated", "code_of", "heed_sigterm", "terminable"]

INTERRUPTED: Final = 130
"""The exit code after Ctrl-C: as shells tell it, 128 and the number of the signal."""
TERMINATED: Final = 143
"""The exit code after SIGTERM."""


class Terminated(BaseException):
    """The process was told to end, by SIGTERM; raised wherever it is, as `KeyboardInterrupt` is."""


def code_of(stop: KeyboardInterrupt | Terminated) -> int:
    """The exit code of a command that was stopped so."""
    return TERMINATED if isinstance(stop, Terminated) else INTERRUPTED


@contextmanager
def terminable() -> Iterator[None]:
    """Lets SIGTERM raise `Terminated` in here, once: while things are put in order it does nothing.

    Where somebody else decided what that signal does, or had it ignored, that stays.
    """
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def heed_sigterm() -> None:
    """Lets SIGTERM do what Ctrl-C does, once, from now on: a server ends in the same way by either.

    While it ends a second one does nothing.  Where somebody else decided what that signal does, or had it
    ignored, that stays.
    """
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _interrupt)


def _terminate(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise Terminated


def _interrupt(number: int, _frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt
