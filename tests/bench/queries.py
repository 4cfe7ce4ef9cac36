"""Queries over the same passages: every engine is asked the same in turns.

Each round starts every engine anew, warms it up with other queries, and asks each query once, so that no
answer is one that was kept.  Each job (see `tests.bench.engines.Job`) is done by processes of its own.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.bench import pages
from tests.bench.census import Census
from tests.bench.corpus import documents
from tests.bench.drawn import drawn
from tests.bench.engines import HANYEONG, JOBS, Job
from tests.bench.options import STOCK_LIMIT, Options
from tests.bench.pages import Served
from tests.bench.processes import Worker
from tests.bench.questions import KINDS, Asked, as_json
from tests.bench.store import Store, analyse

__all__ = ["Built", "Measured", "Timed", "measure", "open_store", "serve"]

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
    job: Job
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

    def of(self, engine: str, *, job: Job) -> dict[str, Timed]:
        """What an engine took, by kind."""
        return {
            timed.kind: timed
            for timed in self.timed
            if timed.engine == engine and timed.job == job and timed.answered
        }


@dataclass(frozen=True, slots=True)
class _Run:
    """What the sizes of one measurement have in common."""

    options: Options
    work: Path
    store: Store
    asked: Sequence[Asked]
    warming: Sequence[Asked]
    """What is asked before the clock runs."""
    say: Say


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
    asked = drawn(store, smallest, options.each)
    warming = drawn(store, smallest, 2 * _WARMING, skip=(options.each + 1) // 2)
    run = _Run(options, work, store, asked, warming, say)
    return [_measure_size(run, size) for size in options.sizes]


def serve(options: Options, work: Path, say: Say) -> list[Served]:
    """Pages over HTTP from the index of each size, which is built unless it is there."""
    store = open_store(options, work, say)
    served = []
    for size in options.sizes:
        _build(HANYEONG, work / f"{HANYEONG}-{size}", store, size, cpu=options.cpu)
        served.append(pages.measure(options, work, store, size, say))
    return served


def _measure_size(run: _Run, size: int) -> Measured:
    peers = [peer for peer in run.options.peers if peer != "whoosh" or size <= STOCK_LIMIT]
    folders = {name: run.work / f"{name}-{size}" for name in (HANYEONG, *peers)}
    built = {}
    for name, folder in folders.items():
        run.say(f"{size:,} passages: {name} indexes")
        built[name] = _build(name, folder, run.store, size, cpu=run.options.cpu)
    rounds = []
    for number in range(run.options.rounds):
        run.say(f"{size:,} passages: queries, round {number + 1} of {run.options.rounds}")
        rounds += [_round(run, folders, job=job) for job in JOBS]
    timed = _join([one for several, _ in rounds for one in several])
    return Measured(size, Census(run.store).text_bytes(size), built, tuple(timed), rounds[-1][1])


def _build(name: str, folder: Path, store: Store, size: int, *, cpu: bool) -> Built:
    note = folder / "built.json"
    if note.exists():
        return Built(**json.loads(note.read_text(encoding="utf-8")))
    shutil.rmtree(folder, ignore_errors=True)
    with Worker(name, folder) as worker:
        answer = worker.call("build", store=str(store.folder), size=size, cpu=cpu)
    note.write_text(json.dumps(answer), encoding="utf-8")
    return Built(**answer)


def _round(run: _Run, folders: dict[str, Path], *, job: Job) -> tuple[list[Timed], dict[str, int]]:
    """Every engine in a new process, all kinds, the engines in turns."""
    timed: list[Timed] = []
    resident: dict[str, int] = {}
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(name, folder)) for name, folder in folders.items()]
        with ThreadPoolExecutor() as pool:  # they may get ready together: nothing is timed yet
            list(pool.map(partial(_warm, run, job=job), workers))
        for kind in KINDS:
            of_kind = [one for one in run.asked if one.kind == kind]
            for worker in workers:
                answer = _ask(worker, of_kind, run.options, job=job)
                timed.append(
                    Timed(worker.engine, kind, job, tuple(answer["seconds"]), tuple(answer["found"]))
                )
                resident[worker.engine] = answer["resident"]
    return timed, resident


def _warm(run: _Run, worker: Worker, *, job: Job) -> None:
    worker.call("open")
    _ask(worker, run.warming, run.options, job=job)


def _ask(worker: Worker, asked: Iterable[Asked], options: Options, *, job: Job) -> dict[str, Any]:
    lines = [as_json(one) for one in asked]
    return worker.call("ask", asked=lines, job=job, budget=options.budget, cpu=options.cpu)


def _join(rounds: Sequence[Timed]) -> list[Timed]:
    """Of several rounds the median of each query."""
    several: dict[tuple[str, str, Job], list[Timed]] = {}
    for timed in rounds:
        several.setdefault((timed.engine, timed.kind, timed.job), []).append(timed)
    return [
        Timed(*key, tuple(map(_median, zip(*(one.seconds for one in same), strict=True))), same[-1].found)
        for key, same in several.items()
    ]


def _median(seconds: Sequence[float | None]) -> float | None:
    known = [second for second in seconds if second is not None]
    return median(known) if known else None
