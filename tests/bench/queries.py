"""Queries over the same passages: every engine is asked the same in turns.

Each round starts every engine anew, warms it up with other queries, and asks each query once, so that no
answer is one that was kept.  Ten ids and the finished page are asked of different processes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.bench.corpus import documents
from tests.bench.engines import HANYEONG, as_json
from tests.bench.options import STOCK_LIMIT, Options
from tests.bench.processes import Worker
from tests.bench.questions import KINDS, Asked, draw
from tests.bench.store import Store, analyse

__all__ = ["Built", "Measured", "Timed", "measure", "open_store"]

_WARMING: Final = 2
"""Queries of each kind and language that are asked before the clock runs."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What it took to index."""

    seconds: float
    bytes: int
    """On disk."""
    peak: int
    """Bytes of memory, with what it takes to read the passages (`before`)."""
    before: int


@dataclass(frozen=True, slots=True)
class Timed:
    """What one engine took for the queries of one kind; the median of the rounds for each query."""

    engine: str
    kind: str
    finished: bool
    seconds: tuple[float | None, ...]
    """None for a query that the engine cannot answer or had no time for."""
    found: tuple[int, ...]

    @property
    def answered(self) -> list[float]:
        """The seconds of those that were answered."""
        return [second for second in self.seconds if second is not None]


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything about one size."""

    size: int
    text_bytes: int
    """Of the passages' texts in UTF-8."""
    built: dict[str, Built]
    timed: tuple[Timed, ...]
    resident: dict[str, int]
    """Bytes of memory of the process that finished pages."""

    @property
    def engines(self) -> tuple[str, ...]:
        """Hanyeong first."""
        return tuple(self.built)

    def of(self, engine: str, *, finished: bool) -> dict[str, Timed]:
        """What an engine took, by kind."""
        return {
            timed.kind: timed
            for timed in self.timed
            if timed.engine == engine and timed.finished == finished and timed.answered
        }


def open_store(options: Options, work: Path, say: Say) -> Store:
    """The analysed corpus, as large as the largest size needs it; analysed unless `work` has it."""
    folder = work / f"analysed-{max(options.sizes)}"
    if not folder.exists():
        say("analysing the corpus")
        unfinished = folder.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        analyse(documents(options.data), unfinished, max(options.sizes))
        unfinished.rename(folder)
    return Store(folder)


def measure(options: Options, work: Path, say: Say) -> list[Measured]:
    """All sizes, the smallest first; the queries are drawn from the smallest."""
    store = open_store(options, work, say)
    smallest = min(options.sizes)
    asked = draw(store, smallest, options.each)
    warming = draw(store, smallest, 2 * _WARMING, skip=(options.each + 1) // 2)
    return [_measure_size(options, work, store, size, asked, warming, say) for size in options.sizes]


def _measure_size(
    options: Options,
    work: Path,
    store: Store,
    size: int,
    asked: Sequence[Asked],
    warming: Sequence[Asked],
    say: Say,
) -> Measured:
    peers = [peer for peer in options.peers if peer != "whoosh" or size <= STOCK_LIMIT]
    folders = {name: work / f"{name}-{size}" for name in (HANYEONG, *peers)}
    built = {}
    for name, folder in folders.items():
        say(f"{size:,} passages: {name} indexes")
        built[name] = _build(name, folder, store, size, cpu=options.cpu)
    text_bytes = sum(
        len(passage.text.encode()) for document in store.documents(size) for passage in document.passages
    )
    rounds: list[tuple[list[Timed], dict[str, int]]] = []
    for number in range(options.rounds):
        say(f"{size:,} passages: queries, round {number + 1} of {options.rounds}")
        for finished in (False, True):
            rounds.append(_round(options, folders, asked, warming, finished=finished))
    timed = _join([one for several, _ in rounds for one in several])
    return Measured(size, text_bytes, built, tuple(timed), rounds[-1][1])


def _build(name: str, folder: Path, store: Store, size: int, *, cpu: bool) -> Built:
    note = folder / "built.json"
    if note.exists():
        return Built(**json.loads(note.read_text(encoding="utf-8")))
    shutil.rmtree(folder, ignore_errors=True)
    with Worker(name, folder) as worker:
        answer = worker.call("build", store=str(store.folder), size=size, cpu=cpu)
    note.write_text(json.dumps(answer), encoding="utf-8")
    return Built(**answer)


def _round(
    options: Options,
    folders: dict[str, Path],
    asked: Sequence[Asked],
    warming: Sequence[Asked],
    *,
    finished: bool,
) -> tuple[list[Timed], dict[str, int]]:
    """Every engine in a new process, all kinds, the engines in turns."""
    timed: list[Timed] = []
    resident: dict[str, int] = {}
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(name, folder)) for name, folder in folders.items()]
        for worker in workers:
            worker.call("open")
            _ask(worker, warming, options, finished=finished)
        for kind in KINDS:
            of_kind = [one for one in asked if one.kind == kind]
            for worker in workers:
                answer = _ask(worker, of_kind, options, finished=finished)
                timed.append(
                    Timed(worker.engine, kind, finished, tuple(answer["seconds"]), tuple(answer["found"]))
                )
                resident[worker.engine] = answer["resident"]
    return timed, resident


def _ask(worker: Worker, asked: Iterable[Asked], options: Options, *, finished: bool) -> dict[str, Any]:
    lines = [as_json(one) for one in asked]
    return worker.call("ask", asked=lines, finished=finished, budget=options.budget, cpu=options.cpu)


def _join(rounds: Sequence[Timed]) -> list[Timed]:
    """Of several rounds the median of each query."""
    several: dict[tuple[str, str, bool], list[Timed]] = {}
    for timed in rounds:
        several.setdefault((timed.engine, timed.kind, timed.finished), []).append(timed)
    return [
        Timed(*key, tuple(map(_median, zip(*(one.seconds for one in same), strict=True))), same[-1].found)
        for key, same in several.items()
    ]


def _median(seconds: Sequence[float | None]) -> float | None:
    known = [second for second in seconds if second is not None]
    return median(known) if known else None
