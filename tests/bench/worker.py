"""One engine in a process of its own, so that its memory is its own: reads commands, prints answers.

Each line on standard input is a command in JSON, each line on standard output its answer.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

from tests.bench.engines import Engine, Job, Unable, engine
from tests.bench.questions import Asked, from_json
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


def _build(running: Engine, folder: Path, store: str, size: int, *, cpu: bool) -> dict[str, float]:
    opened = Store(Path(store))
    _ = opened.terms
    before = _memory("VmHWM")
    seconds = running.build(opened, size, folder, cpu=cpu)
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        "seconds": seconds,
        "bytes": sum(path.stat().st_size for path in files),
        "peak": _memory("VmHWM"),
        "before": before,
    }


def _open(running: Engine, folder: Path) -> dict[str, float]:
    began = perf_counter()
    running.open(folder)
    return {"seconds": perf_counter() - began}


def _ask(
    running: Engine, folder: Path, asked: list[str], *, job: Job, budget: float, cpu: bool
) -> dict[str, Any]:
    """Seconds of each query, none for those that the engine cannot answer or had no time for."""
    clock = thread_time if cpu else perf_counter
    seconds: list[float | None] = []
    found: list[int] = []
    spent = 0.0
    for line in asked:
        one = from_json(line)
        took, hits = _time(running, one, clock, job=job) if spent <= budget else (None, 0)
        seconds.append(took)
        found.append(hits)
        spent += took or 0.0
    return {"seconds": seconds, "found": found, "resident": _memory("VmRSS")}


def _time(running: Engine, asked: Asked, clock: Callable[[], float], *, job: Job) -> tuple[float | None, int]:
    try:
        if job == "finished":
            began = clock()
            answer = running.finished(asked)
        else:
            prepared = running.prepare(asked)
            answering = running.ids if job == "ids" else running.marked
            began = clock()
            answer = answering(prepared, asked)
    except Unable:
        return None, 0
    return clock() - began, len(answer)


def _memory(key: str) -> int:
    """Bytes of memory that this process has: `VmRSS` now, `VmHWM` at most so far."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition(f"{key}:")[2].split()[0]) * 1024


_COMMANDS = {"build": _build, "open": _open, "ask": _ask}

if __name__ == "__main__":
    main()
