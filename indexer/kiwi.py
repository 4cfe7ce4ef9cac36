"""Kiwi in a process of its own, which loads it and uses it while this one does something else.

Kiwi takes some seconds to load and lets no other thread of Python run meanwhile; and what is made of its
tokens keeps a thread of Python busy.  So where a reindex is about to read Korean passages, that process is
begun before anything else.  What it says is what would be said in this one.

`indexer.analysis.apart` is the process, asked and answered by pipes, in order.
"""

from __future__ import annotations

import atexit
from collections import deque
from contextlib import suppress
from queue import SimpleQueue
from threading import Event, Lock, Thread
from time import monotonic

from indexer.children import end, receive, send, start
from indexer.errors import AnalysisError

TYPE_CHECKING = False  # see indexer.versions
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import IO, Any, Final

__all__ = [
    "Asked",
    "GoneError",
    "KiwiApart",
    "apart",
    "begin",
    "expect",
    "keep",
    "may_begin",
    "seconds_for",
]

Answer = list[tuple[str, str, int, int, bool]]
"""Of a text each morpheme: form, tag, start, end, and whether Kiwi did not know it."""


_SECONDS: Final = 300.0
"""Within which any machine that works loads Kiwi, and has an answer about a few texts."""
_PER_CHARACTER: Final = 0.002
"""Seconds for each code point more: some hundred times what it takes."""


_LOOK: Final = 1.0
"""Seconds between two looks at how long an answer has been waited for."""
_BEGINNING: Final = 40
"""Code points that are told of a text about which nothing is said."""


class GoneError(Exception):
    """The process has ended."""


class _Begun:
    kiwi: KiwiApart | None = None
    may = False
    kept = False
    beginning = Lock()


def begin() -> None:
    """Begins to load Kiwi in a process of its own, if that has not begun yet.

    Where the system allows no other process, Kiwi is loaded in this one when it is needed.
    """
    if _Begun.kiwi is None:
        _begin()


def keep() -> None:
    """As `begin`, and begins it anew whenever it has ended and is needed: this process is a server."""
    _Begun.kept = True
    begin()
    if _Begun.kiwi is not None:
        _Begun.kiwi.load()


def _begin() -> None:
    with suppress(OSError):
        _Begun.kiwi = KiwiApart()


@atexit.register
def _end() -> None:
    if _Begun.kiwi is not None:
        _Begun.kiwi.close()


def may_begin() -> None:
    """Lets `expect` begin: this process will end with its work, and need no Kiwi of its own after it."""
    _Begun.may = True


def expect() -> None:
    """Begins where it may: there is something to do for Kiwi."""
    if _Begun.may:
        begin()


def apart() -> KiwiApart | None:
    """The process; `None` where none was begun, or it has ended and is not kept."""
    begun = _Begun.kiwi
    if _Begun.kept and begun is not None and begun.gone:
        begun = _begun_anew()
    return None if begun is None or begun.gone else begun


def _begun_anew() -> KiwiApart | None:
    with _Begun.beginning:  # by the first who comes
        if _Begun.kiwi is not None and _Begun.kiwi.gone:
            _begin()
            _Begun.kiwi.load()
        return _Begun.kiwi


class Asked:
    """A question to the process; see `KiwiApart.ask`."""

    __slots__ = ("_apart", "begins", "found", "made", "seconds")

    def __init__(
        self, apart: KiwiApart, texts: list[str], made: Callable[[Any], Any], seconds: float
    ) -> None:
        self._apart = apart
        self.made = made
        self.begins = next(filter(None, texts), "")[:_BEGINNING]
        """How its texts begin."""
        self.seconds = seconds
        """Within which it must be answered, once those before it are."""
        self.found: tuple[Any] | None = None
        """The answer, once it has been received."""

    def answer(self) -> Any:
        """Waits for the answer, and forgets it.

        Raises:
            GoneError: the process has ended.
            AnalysisError: it has said nothing for so long that it never will, and is ended.
        """
        return self._apart.hear(self)


class _Watch:
    """Gives a process up that is waited for too long.

    One thread for all answers: to start one takes longer than most of them.
    """

    def __init__(self, give_up: Callable[[], object]) -> None:
        self.until: float | None = None
        """When the present answer is waited for no longer, by `monotonic`; none where there is none."""
        self.late = False
        """Whether it was given up."""
        self.over = Event()
        self._give_up = give_up
        Thread(target=self._look, name="kiwi-watch", daemon=True).start()

    def _look(self) -> None:
        while not self.over.wait(_LOOK):
            until = self.until
            if until is not None and monotonic() > until:
                self.late = True
                self._give_up()
                return


class KiwiApart:
    """This side of the process.  May be used by several threads."""

    def __init__(self) -> None:
        self._asking, self._hearing = Lock(), Lock()
        self._process = start("indexer.analysis.apart")
        self.gone = False
        """Whether it is known to have ended; what it is asked then is kept and never answered."""
        self._open: deque[Asked] = deque()
        """What has been asked and not answered."""
        self._unsent: SimpleQueue[object] = SimpleQueue()
        self._watch = _Watch(self._process.kill)
        self.loaded = Event()
        """Whether what `load` waits for has come, or never will."""
        # While Kiwi is loaded the process reads nothing, and a pipe takes little: nobody has to wait then.
        Thread(target=self._send, name="kiwi-questions", daemon=True).start()

    @property
    def id(self) -> int:
        """The number of the process."""
        return self._process.pid

    def ask(
        self,
        question: list[str] | tuple[list[str], list[str]],
        made: Callable[[Any], Any] = lambda answer: answer,
        *,
        within: float | None = None,
    ) -> Asked:
        """Asks what `indexer.analysis.apart` can answer, and does not wait.

        The answer is what is `made` of what the process says: in the order of the questions, whoever asked.
        It is waited for `within` so many seconds, and longer for longer texts; see `seconds_for`.
        """
        texts = question if isinstance(question, list) else question[0]
        asked = Asked(self, texts, made, seconds_for(texts, within))
        with self._asking:
            self._open.append(asked)
            self._unsent.put(question)
        return asked

    def hear(self, asked: Asked) -> Any:
        """The answer to one question; those to earlier ones are kept for whoever asked."""
        with self._hearing:
            while asked.found is None:
                answer = self._receive(self._open[0])
                earliest = self._open.popleft()
                earliest.found = (earliest.made(answer),)
        (answer,), asked.found = asked.found, None
        return answer

    def _receive(self, asked: Asked) -> Any:
        """The next answer, which must be the one to this question."""
        self._watch.until = monotonic() + asked.seconds
        try:
            return receive(_pipe(self._process.stdout))
        except (OSError, EOFError, ValueError) as error:
            self.close()  # nothing that it says now would be the answer to what it is taken for
            if self._watch.late:  # here it would be the same
                raise AnalysisError(
                    f"Kiwi has said nothing for {asked.seconds:.0f} s about the texts from {asked.begins!r} "
                    "on; try again, and if it stays so, take that document out of the archive"
                ) from error
            raise GoneError from error
        finally:
            self._watch.until = None

    def load(self) -> None:
        """Waits, in a thread of its own, until Kiwi is loaded."""
        Thread(target=self._load, name="kiwi-loading", daemon=True).start()

    def _load(self) -> None:
        with suppress(GoneError, AnalysisError):  # told to whoever asks
            self.tokenize(["한영"])
        self.loaded.set()

    def tokenize(
        self, texts: list[str], blocklist: Iterable[str] = (), *, within: float | None = None
    ) -> list[Answer]:
        """What Kiwi makes of each of `texts`; nouns of the `blocklist` are taken for none.

        Raises:
            GoneError: the process has ended.
            AnalysisError: see `Asked.answer`.
        """
        answer: list[Answer] = self.ask((texts, sorted(blocklist)), within=within).answer()
        return answer

    def close(self) -> None:
        """Ends the process."""
        self.gone = True
        self._watch.over.set()
        end(self._process)

    def _send(self) -> None:
        # Whoever waits for the answer of a process that has ended is told so.
        with suppress(OSError, EOFError, ValueError):
            while True:
                send(_pipe(self._process.stdin), self._unsent.get())


def seconds_for(texts: Iterable[str], least: float | None = None) -> float:
    """After how many seconds an answer about these texts is not waited for any more.

    Args:
        texts: the longer they are, the more.
        least: seconds, however short they are; by default what any machine needs to load Kiwi, too.
    """
    return (_SECONDS if least is None else least) + _PER_CHARACTER * sum(map(len, texts))


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise EOFError
    return pipe
