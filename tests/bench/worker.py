"""One engine in a process of its own, so that its memory is its own: reads commands, prints answers.

Each line on standard input is a command in JSON, each line on standard output its answer.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.bench.engines import Engine, Unable, engine, from_json
from tests.bench.questions import Asked
from tests.bench.store import Store

__all__ = ["main"]


def main() -> None:
    """Answers commands until standard input ends."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    running = engine(name)
    for line in sys.stdin:
        command = json.loads(line)
        answer = _COMMANDS[command.pop("do")](running, folder, **command)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _build(running: Engine, folder: Path, store: str, size: int) -> dict[str, float]:
    opened = Store(Path(store))
    _ = opened.terms
    before = _peak()
    seconds = running.build(opened, size, folder)
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        "seconds": seconds,
        "bytes": sum(path.stat().st_size for path in files),
        "peak": _peak(),
        "before": before,
    }


def _open(running: Engine, folder: Path) -> dict[str, float]:
    began = perf_counter()
    running.open(folder)
    return {"seconds": perf_counter() - began}


def _ask(
    running: Engine, folder: Path, asked: list[str], *, finished: bool, budget: float
) -> dict[str, Any]:
    """Seconds of each query, none for those that the engine cannot answer or had no time for."""
    seconds: list[float | None] = []
    found: list[int] = []
    spent = 0.0
    for line in asked:
        one = from_json(line)
        took, hits = _time(running, one, finished=finished) if spent <= budget else (None, 0)
        seconds.append(took)
        found.append(hits)
        spent += took or 0.0
    return {"seconds": seconds, "found": found, "resident": _resident()}


def _time(running: Engine, asked: Asked, *, finished: bool) -> tuple[float | None, int]:
    try:
        if finished:
            began = perf_counter()
            answer = running.finished(asked)
        else:
            prepared = running.prepare(asked)
            began = perf_counter()
            answer = running.ids(prepared, asked)
    except Unable:
        return None, 0
    return perf_counter() - began, len(answer)


def _peak() -> int:
    """The most bytes of memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _resident() -> int:
    """Bytes of memory that this process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


_COMMANDS = {"build": _build, "open": _open, "ask": _ask}

if __name__ == "__main__":
    main()
