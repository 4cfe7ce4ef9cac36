"""The child process that reads the files: `python -m indexer.readers.worker`, asked and answered by pipes."""

from __future__ import annotations

import faulthandler
import hashlib
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import IO, TYPE_CHECKING, Final, TypeVar, cast

from indexer.children import receive, send
from indexer.errors import ReadError
from indexer.model.text import Document
from indexer.passages import cut
from indexer.readers.assemble import assemble
from indexer.readers.batches import Cut, FileState
from indexer.readers.bounds import READY, Limits
from indexer.readers.draft import Draft
from indexer.readers.sources import Source, printable

if TYPE_CHECKING:
    from indexer.readers.analysed import Analyst

__all__ = ["main", "parse", "read_source"]

_T = TypeVar("_T")

_MEMORY: Final = 3 * 2**30
"""The child may use so much memory (bytes of address space), where the platform can bound it."""

_MAX_CHARACTERS: Final = 8_000_000
_MAX_BLOCKS: Final = 50_000
"""What one document may hold (some thousand pages): it is analysed and written in one piece."""

_AT_ONCE: Final = 100_000
"""Code points of passages that are sent together."""
_AT_LEAST_EVERY: Final = 0.1
"""Seconds after which what is ready is sent: the parent must not take the child for one that hangs."""

_END: Final = object()
"""Stands behind the last request."""

_GRACE: Final = 2.0
"""So many seconds after its parent should have killed it, the child ends by itself."""


def main() -> None:
    """Answers requests from standard input until it is closed."""
    # A request is taken at once: the parent writes the next one while the answers to this one are written,
    # and with small pipes each would wait for the other to read.
    requests: SimpleQueue[object] = SimpleQueue()
    Thread(target=_take, args=(requests,), name="requests", daemon=True).start()
    # The answers go where standard output goes; whatever a library prints must not get among them.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers, Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
        _limit_memory()
        while (request := requests.get()) is not _END:
            for answer in _answers(request, nowhere):
                send(answers, answer)


def _take(requests: SimpleQueue[object]) -> None:
    """Puts in what standard input asks, and `_END` behind the last."""
    # A file of its own: that of `sys.stdin` cannot be closed at the end while this thread waits for more.
    with os.fdopen(os.dup(0), "rb") as asked, suppress(EOFError):
        while True:
            requests.put(receive(asked))
    requests.put(_END)


def read_source(source: Source, limits: Limits) -> Document:
    """The document that a source holds, read in this process and without bounds of time or memory.

    Raises:
        ReadError: A file cannot be read; one line that names it and says what to do.
    """
    return _read(source, limits)[0]


def _read(source: Source, limits: Limits) -> tuple[Document, tuple[FileState, ...], tuple[str, ...]]:
    """The document, what its files were, and what is wrong with the dates that they declare."""
    drafts, states = [], []
    for file in source.files:
        with _naming(file.path):
            data, state = _bytes(file.path, limits.max_bytes)
            drafts.append((parse(data, file.path.suffix, limits.max_bytes), file.lang))
            states.append(state)
    with _naming(source.files[-1].path):
        document = _of_bearable_size(assemble(source.document, drafts))
    undated = (
        f"{printable(file.path)}: {draft.undated}"
        for file, (draft, _) in zip(source.files, drafts, strict=True)
        if draft.undated
    )
    return document, tuple(states), tuple(undated)


def _of_bearable_size(document: Document) -> Document:
    characters = sum(len(block.text) for block in document.blocks)
    if characters > _MAX_CHARACTERS or len(document.blocks) > _MAX_BLOCKS:
        raise ReadError(
            f"has {characters:,} characters in {len(document.blocks):,} blocks, more than "
            f"{_MAX_CHARACTERS:,} or {_MAX_BLOCKS:,}; split it"
        )
    return document


def parse(data: bytes, suffix: str, max_bytes: int) -> Draft:
    """The draft of one file's bytes, read as what its suffix says.

    Raises:
        ReadError: The bytes are not what the suffix says, or hold no text; names no file.
    """
    # Each format's libraries take tenths of a second to load, and most archives have few formats.
    match suffix.lower():
        case ".txt":
            from indexer.readers import text  # noqa: PLC0415

            return text.parse(data)
        case ".md" | ".markdown":
            from indexer.readers import markdown  # noqa: PLC0415

            return markdown.parse(data)
        case ".html" | ".htm" | ".xhtml":
            from indexer.readers import html  # noqa: PLC0415

            return html.parse(data)
        case ".pdf":
            from indexer.readers import pdf  # noqa: PLC0415

            return pdf.parse(data)
        case ".docx":
            from indexer.readers import docx  # noqa: PLC0415

            return docx.parse(data, max_bytes)
    raise ReadError(f"is of a kind that is not read ({suffix})")


def _answers(request: object, nowhere: IO[str]) -> Iterator[object]:
    """The messages that answer a request: one source's document, or what many hold, some at a time."""
    if request is None:
        yield READY
        return
    asked, limits, reading = cast(tuple[Source | list[Source], Limits, int], request)
    if isinstance(asked, Source):
        yield _bounded(partial(read_source, asked, limits), limits, nowhere)
        return
    ready: list[Cut | str] = []
    size = 0
    begun = time.monotonic()
    for source in asked:
        ready.append(answer := _bounded(partial(_cut, source, limits), limits, nowhere))
        size += sum(len(one.text) for one in answer.passages) if isinstance(answer, Cut) else 0
        if size >= _AT_ONCE or time.monotonic() - begun >= _AT_LEAST_EVERY:
            yield _analysed(ready, reading) if reading else ready
            ready, size, begun = [], 0, time.monotonic()
    if ready:
        yield _analysed(ready, reading) if reading else ready


def _analysed(ready: list[Cut | str], reading: int) -> list[Cut | str]:
    told = _analyst(reading).tell([(one.info, one.passages) for one in ready if isinstance(one, Cut)])
    if told is None:
        return ready
    each = iter(told)
    return [replace(one, told=next(each)) if isinstance(one, Cut) else one for one in ready]


@lru_cache(maxsize=1)
def _analyst(_reading: int) -> Analyst:
    """Of the present reading: whoever hears the next one has heard nothing of this."""
    from indexer.readers.analysed import Analyst  # noqa: PLC0415 - not needed for a few files

    return Analyst()


def _cut(source: Source, limits: Limits) -> Cut:
    document, states, undated = _read(source, limits)
    with _naming(source.files[-1].path):
        return Cut(document.info, cut(document), states, undated)


def _bounded(work: Callable[[], _T], limits: Limits, nowhere: IO[str]) -> _T | str:
    # Not even a loop inside a library written in C outlives this, nor the death of the parent.
    faulthandler.dump_traceback_later(limits.max_seconds * 2 + _GRACE, exit=True, file=nowhere)
    try:
        return work()
    except ReadError as error:
        return str(error)
    finally:
        faulthandler.cancel_dump_traceback_later()


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Turns whatever goes wrong with a file into one line that names it.

    The libraries that read damaged files raise errors of every kind; none of them may end the reading of the
    other files, and each is reported.
    """
    try:
        yield
    except ReadError as error:
        raise ReadError(f"{printable(path)}: {error}") from error
    except OSError as error:
        raise ReadError(f"{printable(path)}: cannot be opened: {error.strerror or error}") from error
    except MemoryError as error:
        raise ReadError(f"{printable(path)}: needs too much memory; split it") from error
    except RecursionError as error:
        raise ReadError(f"{printable(path)}: is nested too deeply; simplify it") from error
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise ReadError(f"{printable(path)}: is damaged ({what}); save it anew") from error


def _bytes(path: Path, max_bytes: int) -> tuple[bytes, FileState]:
    now = time.time_ns()
    # Without O_NONBLOCK, opening a pipe that took the file's place would wait for ever.
    with os.fdopen(
        os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb"
    ) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ReadError("is not a regular file; remove it from the folder")
        data = b"" if status.st_size > max_bytes else file.read(max_bytes + 1)
        if status.st_size > max_bytes or len(data) > max_bytes:
            # Rounded up: 64.0 MB are not more than 64.0 MB.
            size, bound = -(-10 * max(status.st_size, len(data)) // 2**20) / 10, max_bytes / 2**20
            raise ReadError(f"has {size:,.1f} MB, more than {bound:,.1f} MB; split it or raise max_megabytes")
    if not data:
        raise ReadError("is empty; remove it or fill it")
    return data, FileState(status.st_size, status.st_mtime_ns, now, hashlib.sha256(data).hexdigest())


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not on every platform
    except ImportError:
        return
    with suppress(ValueError, OSError):  # some platforms know the limit but do not let it be set
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


if __name__ == "__main__":
    main()
