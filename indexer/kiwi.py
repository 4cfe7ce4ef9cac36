"""Kiwi in a process of its own, which loads it while this one does something else.

Kiwi takes about two seconds to load and lets no other thread of Python run meanwhile.  Where a reindex is
about to read a few Korean passages, loading is begun here before anything else; what the process then says is
what Kiwi would say in this one.  `python -m indexer.kiwi` is that process, asked and answered by pipes.
"""

from __future__ import annotations

import atexit
import os
import pickle
import struct
import subprocess
import sys
from contextlib import suppress
from threading import Lock

from indexer.children import environment

TYPE_CHECKING = False  # see indexer.versions
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import IO, Any, Final

__all__ = ["GoneError", "KiwiApart", "apart", "begin", "main"]

_LENGTH: Final = struct.Struct("<Q")

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
        # -P: no module is ever taken from the folder the user happens to stand in.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "indexer.kiwi"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )

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
                _send(_pipe(self._process.stdin), (texts, sorted(blocklist)))
                answer: list[Answer] = _receive(_pipe(self._process.stdout))
            except (OSError, EOFError, ValueError) as error:
                raise GoneError from error
        return answer

    def close(self) -> None:
        """Ends the process."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what was still to be sent has no one to read it any more
                    pipe.close()
        self._process.wait()


def main() -> None:
    """Loads Kiwi, then answers requests from standard input until it is closed."""
    from kiwipiepy import Kiwi  # noqa: PLC0415 - only here

    kiwi: Any = Kiwi()
    kiwi.tokenize("한영")  # the first call loads the rest
    try:
        while True:
            texts, blocklist = _receive(sys.stdin.buffer)
            if blocklist:
                read = [kiwi.tokenize(one, blocklist=set(blocklist)) for one in texts]
            else:
                read = kiwi.tokenize(texts)  # on all cores
            _send(sys.stdout.buffer, [_answer(tokens) for tokens in read])
    except EOFError:
        os._exit(0)  # Kiwi's own threads can keep Python from ending


def _answer(tokens: Iterable[Any]) -> Answer:
    return [(one.form, one.tag, one.start, one.end, bool(one.oov)) for one in tokens]


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise EOFError
    return pipe


def _send(pipe: IO[bytes], message: object) -> None:
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return pickle.loads(data)  # noqa: S301 - from our own child process


if __name__ == "__main__":
    main()
