"""The process that has Kiwi: `python -m indexer.analysis.apart`, asked and answered by pipes, in order.

It is asked for the tokens of texts, or for what Kiwi says of them (`indexer.kiwi`).
"""

from __future__ import annotations

import gc
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, NoReturn, cast

from indexer.analysis import korean
from indexer.analysis._tokens import Analysis
from indexer.analysis.told import Teller
from indexer.children import receive, send
from indexer.garbage import few_collections
from indexer.kiwi import Answer

__all__ = ["main"]

_Work = Callable[[], object]
"""The rest of what a question asks for; Kiwi's threads have begun with it."""


def main() -> None:
    """Loads Kiwi, then answers requests from standard input until it is closed."""
    questions: SimpleQueue[object] = SimpleQueue()
    Thread(target=_take, args=(questions,), name="questions", daemon=True).start()
    # The answers go where standard output goes; whatever a library prints must not get among them.
    with os.fdopen(os.dup(1), "wb") as answers, open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), 1)
        korean.load().tokenize("한영")  # the first call loads the rest
        gc.freeze()
        with few_collections():
            _answer_all(questions, answers)


def _answer_all(questions: SimpleQueue[object], answers: IO[bytes]) -> NoReturn:
    begun: deque[_Work] = deque()
    teller = Teller()

    def begin() -> None:
        """Gives Kiwi all that is waiting, so that it is never without work."""
        while not (begun and questions.empty()):
            begun.append(_begin(questions.get(), teller, begin_more))

    def begin_more() -> None:
        if not questions.empty():
            begin()

    while True:
        begin()
        send(answers, begun.popleft()())


def _take(questions: SimpleQueue[object]) -> None:
    with suppress(EOFError):
        while True:
            questions.put(receive(sys.stdin.buffer))
    os._exit(0)  # nobody is there to be answered; Kiwi's own threads can keep Python from ending


def _begin(question: object, teller: Teller, meanwhile: Callable[[], None]) -> _Work:
    if isinstance(question, list):
        analysis = Analysis(question)
        return lambda: teller.tell(analysis.table, _each(analysis.tokens(), meanwhile))
    texts, blocklist = cast("tuple[list[str], list[str]]", question)
    kiwi = korean.load()
    if blocklist:
        return lambda: [_answer(kiwi.tokenize(one, blocklist=set(blocklist))) for one in texts]
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
