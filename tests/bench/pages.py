"""Pages over HTTP: `hanyeong serve`, beside the same pages rendered from hits at hand.

Every page that is asked of `hanyeong serve` is asked once, so that none comes from kept results.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter
from typing import Final
from urllib.parse import urlencode

from tests.bench.commands import ROOT, hanyeong, resident_together
from tests.bench.drawn import drawn
from tests.bench.figures import median, percentile_95
from tests.bench.options import Options
from tests.bench.questions import Asked, as_json
from tests.bench.store import Store
from webapp.params import SearchParams, search_args

__all__ = ["CLIENTS", "Load", "Served", "measure"]

CLIENTS: Final = (1, 8, 32)
_WARMING: Final = 4
_ENVIRONMENT: Final = {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": ""}
"""Modules and templates are compiled once, as where the package is installed, and not at each start."""
_URL: Final = re.compile(r"http://[\d.]+:(\d+)/")


@dataclass(frozen=True, slots=True)
class Load:
    """Whole pages, asked by so many clients at once."""

    clients: int
    seconds: tuple[float, ...]
    """From the request to the last byte, page by page."""
    elapsed: float

    @property
    def throughput(self) -> float:
        """Pages a second."""
        return len(self.seconds) / self.elapsed


@dataclass(frozen=True, slots=True)
class Served:
    """What was measured over one archive."""

    size: int
    first: float
    """Seconds from the start of `hanyeong serve` to the last byte of its first page for an English query."""
    resident: int
    """Bytes of memory of `hanyeong serve` after all queries, with Kiwi."""
    peak: int
    """The same, at most, up to then."""
    serving: tuple[Load, ...]
    at_hand: tuple[Load, ...]

    def ratios(self, clients: int) -> tuple[float, float]:
        """How many times as long as from hits at hand a page takes: median and 95th percentile."""
        ours, theirs = (
            next(load for load in loads if load.clients == clients) for loads in (self.serving, self.at_hand)
        )
        return (
            median(ours.seconds) / median(theirs.seconds),
            percentile_95(ours.seconds) / percentile_95(theirs.seconds),
        )


def measure(options: Options, work: Path, store: Store, size: int, say: Callable[[str], None]) -> Served:
    """Serves the index of `size` passages in `work`, which must be there."""
    say(f"{size:,} passages: pages over HTTP")
    folder = work / f"hanyeong-{size}"
    asked = drawn(store, min(options.sizes), len(CLIENTS) * options.each)
    warming = drawn(store, min(options.sizes), _WARMING, skip=(len(CLIENTS) * options.each + 1) // 2)
    queries = work / "queries.jsonl"
    queries.write_text("".join(as_json(one) + "\n" for one in [*asked, *warming]), encoding="utf-8")
    at_hand = [sys.executable, "-m", "tests.bench.at_hand", str(folder), str(queries)]
    with _server(at_hand) as (theirs, _), _server(hanyeong("--data", folder, "serve", "--port", "0")) as ours:
        port, process = ours
        began = process.started
        _get(HTTPConnection("127.0.0.1", port), "/search?q=passage")
        first = perf_counter() - began
        for one in warming:  # the first Korean one waits for Kiwi
            for each in (port, theirs):
                _get(HTTPConnection("127.0.0.1", each), _path(one))
        parts = [asked[number :: len(CLIENTS)] for number in range(len(CLIENTS))]
        loads = [_loads(port, theirs, clients, part) for clients, part in zip(CLIENTS, parts, strict=True)]
        memory, peak = (resident_together(process.pid, key) for key in ("VmRSS", "VmHWM"))
    serving, from_hand = zip(*loads, strict=True)
    return Served(size, first, memory, peak, serving, from_hand)


@dataclass(frozen=True, slots=True)
class _Process:
    pid: int
    started: float


@contextmanager
def _server(command: Sequence[str]) -> Iterator[tuple[int, _Process]]:
    """Its port, once it can be asked."""
    started = perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, **_ENVIRONMENT}
    )
    try:
        assert process.stdout is not None
        line = next((found for line in process.stdout if (found := _URL.search(line))), None)
        if line is None:
            raise RuntimeError("the server has ended before it could be asked")
        yield int(line[1]), _Process(process.pid, started)
    finally:
        process.kill()
        process.communicate()


def _loads(ours: int, theirs: int, clients: int, asked: Sequence[Asked]) -> tuple[Load, Load]:
    paths = [_path(one) for one in asked]
    if clients > 1:
        return _load(ours, clients, paths), _load(theirs, clients, paths)
    # With one client they take turns, so that whatever else the machine does hits both alike.
    connections = [HTTPConnection("127.0.0.1", port) for port in (ours, theirs)]
    seconds: tuple[list[float], list[float]] = ([], [])
    for path in paths:
        for connection, taken in zip(connections, seconds, strict=True):
            taken.append(_get(connection, path))
    one, other = (Load(1, tuple(taken), sum(taken)) for taken in seconds)
    return one, other


def _load(port: int, clients: int, paths: Sequence[str]) -> Load:
    waiting: SimpleQueue[str] = SimpleQueue()
    for path in paths:
        waiting.put(path)
    seconds: list[float] = []

    def ask() -> None:
        connection = HTTPConnection("127.0.0.1", port)
        while True:
            try:
                path = waiting.get_nowait()
            except Empty:
                return
            seconds.append(_get(connection, path))

    threads = [Thread(target=ask) for _ in range(clients)]
    began = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Load(clients, tuple(seconds), perf_counter() - began)


def _get(connection: HTTPConnection, path: str) -> float:
    began = perf_counter()
    connection.request("GET", path, headers={"Accept-Language": "en"})
    response = connection.getresponse()
    response.read()
    if response.status != 200:
        raise RuntimeError(f"{path}: the answer is {response.status}")
    return perf_counter() - began


def _path(asked: Asked) -> str:
    params = SearchParams(asked.text, lang=asked.only, years=asked.years, page=asked.page)
    return "/search?" + urlencode(search_args(params))
