"""Reading under bounds of size, time and memory: in a child process that can be killed."""

from __future__ import annotations

import atexit
import functools
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import IO, Final, cast

from indexer.children import end, receive, send, start
from indexer.errors import ReadError
from indexer.model.text import Document
from indexer.readers.sources import Source, printable

__all__ = ["READY", "Limits", "Worker", "break_off", "broken", "close", "prepare", "read", "worker"]

READY: Final = "ready"
"""What the child says when it has been loaded."""

_LOOK: Final = 0.25
"""Seconds between two looks at the time that a file takes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost."""

    max_bytes: int
    """Size in bytes; for a .docx also what it unpacks to."""
    max_seconds: float
    """Time to read it, in seconds; a source of two files has twice as much."""


def read(source: Source, limits: Limits) -> Document:
    """The document that a source holds.

    Raises:
        ReadError: A file cannot be read, or not within the limits; one line, which names it.
    """
    return worker().read(source, limits)


def prepare() -> None:
    """Starts the child process, so that it is there when the first file is to be read."""
    worker().prepare()


def close() -> None:
    """Ends the child process; should something be read after all, another one is started."""
    worker().close()


def break_off() -> None:
    """Lets a `read` that goes on in another thread fail at once, as if its file had broken the program."""
    worker().break_off()


@functools.cache
def worker() -> Worker:
    """The child process of this one."""
    only = Worker()
    atexit.register(only.close)
    return only


def broken(source: Source, seconds: float, *, late: bool) -> ReadError:
    """What there is to say of a source whose reading had no end within so much time, or a bad one."""
    names = " and ".join(printable(file.path) for file in source.files)
    if late:
        return ReadError(f"{names}: takes more than {seconds:g} s to read; split it or raise max_seconds")
    return ReadError(f"{names}: broke the program that read it; the file is damaged, save it anew")


class Worker:
    """The parent's side of the child process, which is started when it is first needed and after a kill."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ready = False
        self._watch = _Watch()
        self._asked = 0
        """What it was told and has not answered in full."""
        self.wanted = True
        """Whether somebody still wants what it was told to do."""

    def prepare(self) -> None:
        """Starts the child process, if there is none, and does not wait for it."""
        with self._lock:
            self._start()

    def read(self, source: Source, limits: Limits) -> Document:
        """See the function of this name."""
        seconds = limits.max_seconds * len(source.files)
        with self._lock:
            if self._asked:  # by somebody who did not wait for the answers
                self._stop()
            process = self._started()
            self._watch.begin(process, seconds)
            try:
                answer = _ask(process, (source, limits, 0))
            except BaseException:  # an answer that nobody took would be taken for that to the next request
                self._stop()
                raise
            finally:
                late = self._watch.end()
            if answer is None or late:
                self._stop()
        if isinstance(answer, Document):
            return answer
        raise ReadError(answer) if isinstance(answer, str) else broken(source, seconds, late=late)

    def begin(self) -> None:
        """Much is going to be asked, until `give_up`."""
        self.wanted = True

    def tell(self, message: object) -> bool:
        """Sends a message; whether the child is there to take it, and anybody wants the answer."""
        with self._lock:
            if not self.wanted:
                return False
            # One that owes something is not replaced, even if it has died just now: the next answers of
            # another would be taken for what it owed.
            process = self._process if self._asked else None
            try:
                send(cast(IO[bytes], (process or self._started()).stdin), message)
            except BrokenPipeError:
                self._stop()
                return False
            self._asked += 1
            return True

    def hear(self, seconds: float) -> tuple[object, bool]:
        """The next message, if it comes in so much time, else `None`; and whether the time was over.

        A child that has not answered is ended, and with it goes whatever else it was told.
        """
        with self._lock:
            if self._process is None:
                return None, False
            self._watch.begin(self._process, seconds)
            answer: object = None
            try:
                answer = receive(cast(IO[bytes], self._process.stdout))
            except EOFError:
                pass
            except BaseException:
                self._stop()
                raise
            finally:
                late = self._watch.end()
            if answer is None or late:
                self._stop()
                return None, late
            return answer, False

    def answered(self) -> None:
        """Something that was told has been answered in full."""
        self._asked -= 1

    def give_up(self) -> None:
        """Ends a child that still has something to say."""
        with self._lock:
            if self._asked:
                self._stop()

    def close(self) -> None:
        """Ends the child process, if there is one."""
        with self._lock:
            self._stop()

    def break_off(self) -> None:
        """Ends what the child is doing; whoever waits for its answer gets none."""
        self.wanted = False
        process = self._process
        if process is not None:
            process.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self._stop()
        if self._process is None:
            self._process = start("indexer.readers.worker")
            self._is_ready = False
        return self._process

    def _started(self) -> subprocess.Popen[bytes]:
        process = self._start()
        if not self._is_ready and _ask(process, None) != READY:
            self._stop()
            raise ReadError("the reading process does not start; run: python -m indexer.readers.worker")
        self._is_ready = True
        return process

    def _stop(self) -> None:
        process, self._process = self._process, None
        self._asked = 0
        if process is not None:
            end(process)


class _Watch:
    """Kills a process that takes too long.

    Its thread looks up four times a second while there is something to watch, and sleeps else: to start a
    timer for each of ten thousand files would take longer than to read them.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._process: subprocess.Popen[bytes] | None = None
        self._deadline = 0.0
        self._late = False
        self._thread: threading.Thread | None = None
        self._asleep = False

    def begin(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        """Gives the process so much time."""
        with self._changed:
            self._process, self._deadline, self._late = process, time.monotonic() + seconds, False
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="reading-watch", daemon=True)
                self._thread.start()
            elif self._asleep:
                self._changed.notify()

    def end(self) -> bool:
        """Watches no more; whether the process was killed."""
        with self._changed:
            self._process = None
            return self._late

    def _look(self) -> None:
        with self._changed:
            while True:
                if self._process is None:
                    self._asleep = True
                    self._changed.wait()
                    self._asleep = False
                left = self._deadline - time.monotonic()
                if self._process is not None and left <= 0:
                    self._late = True
                    self._process.kill()
                    self._process = None
                elif self._process is not None:
                    self._changed.wait(min(left, _LOOK))


def _ask(
    process: subprocess.Popen[bytes], message: tuple[Source, Limits, int] | None
) -> Document | str | None:
    """The child's answer: a document, or what is wrong; `None` where the child is gone.

    To `None` it answers `READY`.
    """
    try:
        send(cast(IO[bytes], process.stdin), message)
        answer = receive(cast(IO[bytes], process.stdout))
    except (BrokenPipeError, EOFError):
        return None
    return answer if isinstance(answer, Document | str) else None
