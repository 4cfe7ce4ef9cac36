"""The process that has Kiwi: `python -m indexer.analysis.apart`, asked and answered by pipes, in order.

It is asked for the tokens of texts, or for what Kiwi says of them (`indexer.kiwi`).
"""

from __future__ import annotations

import faulthandler
import gc
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, NoReturn, cast

from indexer.analysis._tokens import Analysis
from indexer.analysis.tokenizer import load
from indexer.analysis.told import Teller
from indexer.children import receive, send
from indexer.garbage import few_collections
from indexer.kiwi import Answer, seconds_for

__all__ = ["main"]

_Question = list[str] | tuple[list[str], list[str]]
"""Texts whose tokens are wanted; or texts, and nouns that are taken for none."""

_Work = Callable[[], object]
"""The rest of what a question asks for; Kiwi's threads have begun with it."""


def main() -> None:
    """Loads Kiwi, then answers requests from standard input until it is closed."""
    questions: SimpleQueue[object] = SimpleQueue()
    Thread(target=_take, args=(questions,), name="questions", daemon=True).start()
    # The answers go where standard output goes; whatever a library prints must not get among them.
    with os.fdopen(os.dup(1), "wb") as answers, open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
        with _bounded(seconds_for(()), nowhere):
            load().tokenize("한영")  # the first call loads the rest
        gc.freeze()
        with few_collections():
            _answer_all(questions, answers, nowhere)


def _answer_all(questions: SimpleQueue[object], answers: IO[bytes], nowhere: IO[bytes]) -> NoReturn:
    begun: deque[tuple[_Work, float]] = deque()
    teller = Teller()

    def begin() -> None:
        """Gives Kiwi all that is waiting, so that it is never without work."""
        while not (begun and questions.empty()):
            question = cast("_Question", questions.get())
            texts = question if isinstance(question, list) else question[0]
            begun.append((_begin(question, teller, begin_more), seconds_for(texts)))

    def begin_more() -> None:
        if not questions.empty():
            begin()

    while True:
        begin()
        work, seconds = begun.popleft()
        with _bounded(seconds, nowhere):
            answer = work()
        send(answers, answer)


@contextmanager
def _bounded(seconds: float, nowhere: IO[bytes]) -> Iterator[None]:
    """Ends the process where something takes twice the time after which nobody waits for it.

    Whoever asked ends it before; but where that one is gone, and Kiwi hangs, nothing else would.
    """
    faulthandler.dump_traceback_later(2 * seconds, exit=True, file=nowhere)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def _take(questions: SimpleQueue[object]) -> None:
    with suppress(EOFError):
        while True:
            questions.put(receive(sys.stdin.buffer))
    os._exit(0)  # nobody is there to be answered; Kiwi's own threads can keep Python from ending


def _begin(question: _Question, teller: Teller, meanwhile: Callable[[], None]) -> _Work:
    if isinstance(question, list):
        analysis = Analysis(question)
        return lambda: teller.tell(analysis.table, _each(analysis.tokens(), meanwhile))
    texts, blocklist = question
    kiwi = load()
    if blocklist:
        return lambda: [_answer(kiwi.tokenize(one, blocklist=set(blocklist))) for one in texts]
    if len(texts) == 1:  # as a person types one; to hand it to another thread takes as long
        return lambda: [_answer(kiwi.tokenize(texts[0]))]
    read = kiwi.tokenize(texts)  # on all cores
    return lambda: [_answer(tokens) for tokens in read]


def _each(values: Iterable[Any], meanwhile: Callable[[], None]) -> Iterable[Any]:
    for value in values:
        meanwhile()
        yield value


def _answer(tokens: Iterable[Any]) -> Answer:
    return [(one.form, one.tag, one.start, one.end, bool(one.oov)) for one in tokens]


if __name__ == "__main__":
    main()
