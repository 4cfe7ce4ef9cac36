"""Kiwi in a process of its own, which loads it while this one does something else.

Kiwi takes about two seconds to load and lets no other thread of Python run meanwhile.  Where a reindex is
about to read a few Korean passages, loading is begun here before anything else; what the process then says is
what Kiwi would say in this one.  `python -m indexer.kiwi` is that process, asked and answered by pipes.
"""

from __future__ import annotations

import atexit
import os
import sys
from contextlib import suppress
from threading import Lock

from indexer.children import end, receive, send, start

TYPE_CHECKING = False  # see indexer.versions
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import IO, Any

__all__ = ["GoneError", "KiwiApart", "apart", "begin", "main"]

Answer = list[tuple[str, str, int, int, bool]]
"""Of a text each morpheme: form, tag, start, end, and whether Kiwi did not know it."""


class GoneError(Exception):
    """The process has ended."""


class _Begun:
    kiwi: KiwiApart | None = None


def begin() -> None:
    """Begins to load Kiwi in a process of its own, if that has not begun yet.

    Where the system allows no other process, Kiwi is loaded in this one when it is needed.
    """
    if _Begun.kiwi is None:
        with suppress(OSError):
            _Begun.kiwi = KiwiApart()
            atexit.register(_Begun.kiwi.close)


def apart() -> KiwiApart | None:
    """The process; `None` where none was begun."""
    return _Begun.kiwi


class KiwiApart:
    """This side of the process.  May be used by several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process = start("indexer.kiwi")

    @property
    def id(self) -> int:
        """The number of the process."""
        return self._process.pid

    def tokenize(self, texts: list[str], blocklist: Iterable[str] = ()) -> list[Answer]:
        """What Kiwi makes of each of `texts`; nouns of the `blocklist` are taken for none.

        Raises:
            GoneError: the process has ended.
        """
        with self._lock:
            try:
                send(_pipe(self._process.stdin), (texts, sorted(blocklist)))
                answer: list[Answer] = receive(_pipe(self._process.stdout))
            except (OSError, EOFError, ValueError) as error:
                raise GoneError from error
        return answer

    def close(self) -> None:
        """Ends the process."""
        end(self._process)


def main() -> None:
    """Loads Kiwi, then answers requests from standard input until it is closed."""
    from kiwipiepy import Kiwi  # noqa: PLC0415 - only here

    kiwi: Any = Kiwi()
    kiwi.tokenize("한영")  # the first call loads the rest
    try:
        while True:
            texts, blocklist = receive(sys.stdin.buffer)
            if blocklist:
                read = [kiwi.tokenize(one, blocklist=set(blocklist)) for one in texts]
            else:
                read = kiwi.tokenize(texts)  # on all cores
            send(sys.stdout.buffer, [_answer(tokens) for tokens in read])
    except EOFError:
        os._exit(0)  # Kiwi's own threads can keep Python from ending


def _answer(tokens: Iterable[Any]) -> Answer:
    return [(one.form, one.tag, one.start, one.end, bool(one.oov)) for one in tokens]


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise EOFError
    return pipe


if __name__ == "__main__":
    main()
