"""Many sources, read and cut into passages by the child process, which always has the next ones at hand.

To ask for one source after the other would let the child wait while its answer is used, and the parent's
threads wait for each other at each of several pipes' ends.  So the child is asked for a batch while it works
on the one before, and answers with some documents at a time.

Where it breaks or takes too long, what is left of its batch is read one by one, each within its own limits.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, Final

from indexer.errors import ReadError
from indexer.frozen import quickly_pickled
from indexer.model.text import DocumentInfo, Passage
from indexer.readers import bounds
from indexer.readers.sources import Source

if TYPE_CHECKING:
    from indexer.analysis.spelled import Spelled

__all__ = ["Cut", "FileState", "read_all"]

_MOST: Final = 64
"""Sources in a batch."""
_LONGEST: Final = 4096
"""Code points of all paths in a batch."""
_numbers: Final = count(1)
"""Of readings in which something is divided into runs: one for each who hears; 0 is for all others."""


@quickly_pickled
@dataclass(frozen=True, slots=True)
class FileState:
    """What a file was when it was read."""

    size: int
    """In bytes."""
    mtime_ns: int
    seen_ns: int
    """When it was looked at; like `mtime_ns` in nanoseconds since 1970."""
    sha256: str


@quickly_pickled
@dataclass(frozen=True, slots=True)
class Cut:
    """A source that has been read and cut into passages."""

    info: DocumentInfo
    passages: tuple[Passage, ...]
    files: tuple[FileState, ...]
    """In the order of the source's files."""
    undated: tuple[str, ...] = ()
    """Where a file declares a date that cannot be understood: a line that names the file and says so."""
    told: Spelled | None = None
    """Where its texts were divided into runs, these; what was told before has to be heard before."""


def read_all(
    sources: Iterable[Source], limits: bounds.Limits, *, analysed: bool = False
) -> Iterator[Cut | ReadError]:
    """What each source holds, or why it cannot be read, in order; one line, which names the file.

    Args:
        sources: what is to be read.
        limits: of each file.
        analysed: what has no Korean, and none before it, is divided into runs by the child, too.
    """
    worker = bounds.worker()
    worker.begin()
    reading = next(_numbers) if analysed else 0
    before: list[Source] = []
    try:
        for batch in chain(_batches(sources), [[]]):
            asked = worker.tell((batch, limits, reading)) if batch else True
            left = yield from _answers(worker, before, limits)
            if left:
                for source in left:
                    yield from _alone(worker, source, limits)
                # Another process has to do it.
                asked = worker.tell((batch, limits, reading)) if batch else True
            before = batch
            if not asked:
                for source in batch:
                    yield from _alone(worker, source, limits)
                before = []
    finally:
        worker.give_up()


def _batches(sources: Iterable[Source]) -> Iterator[list[Source]]:
    batch: list[Source] = []
    length = 0
    for source in sources:
        more = sum(len(str(file.path)) for file in source.files)
        if batch and (len(batch) >= _MOST or length + more > _LONGEST):
            yield batch
            batch, length = [], 0
        batch.append(source)
        length += more
    if batch:
        yield batch


def _answers(
    worker: bounds.Worker, batch: list[Source], limits: bounds.Limits
) -> Generator[Cut | ReadError, None, list[Source]]:
    """The answers for a batch; returns the sources for which there was none."""
    left = batch
    while left:
        answers, _ = worker.hear(limits.max_seconds * max(len(source.files) for source in left))
        if not isinstance(answers, list):
            break
        left = left[len(answers) :]
        yield from map(_told, answers)
    if batch and not left:
        worker.answered()
    return left


def _alone(worker: bounds.Worker, source: Source, limits: bounds.Limits) -> Iterator[Cut | ReadError]:
    if not worker.wanted:
        yield ReadError("nobody wants it any more")
        return
    worker.tell(([source], limits, 0))
    seconds = limits.max_seconds * len(source.files)
    answers, late = worker.hear(seconds)
    if isinstance(answers, list):
        worker.answered()
        yield _told(answers[0])
    else:
        yield bounds.broken(source, seconds, late=late)


def _told(answer: Cut | str) -> Cut | ReadError:
    return ReadError(answer) if isinstance(answer, str) else answer
