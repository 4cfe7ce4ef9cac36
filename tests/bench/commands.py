"""Commands in processes of their own: how long they take and how much memory they have."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from compileall import compile_dir
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Final

__all__ = ["ROOT", "Ran", "hanyeong", "resident", "resident_together", "run"]

ROOT: Final = Path(__file__).parents[2]
_PAUSE: Final = 0.05
"""Seconds between two looks at a process's memory."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended well."""

    seconds: float
    peak: int
    """Bytes of memory, at most, with those of the processes that it began."""
    output: str


def hanyeong(*arguments: str | Path) -> list[str]:
    """The command line of `hanyeong` with these arguments."""
    return [sys.executable, "-c", "from indexer.__main__ import main; main()", *map(str, arguments)]


def run(command: Sequence[str], cwd: Path = ROOT) -> Ran:
    """Runs a command to its end.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    environment = _environment()
    began = perf_counter()
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, text=True, env=environment) as process:
        done, peaks = Event(), [0]
        watcher = Thread(target=_watch, args=(process.pid, done, peaks))
        watcher.start()
        output, _ = process.communicate()
        seconds = perf_counter() - began
        done.set()
        watcher.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Ran(seconds, max(peaks), output)


@cache
def _environment() -> dict[str, str]:
    """The environment of a command that finds its byte code, as a program does that pip has installed."""
    compile_dir(ROOT / "indexer", quiet=1)
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def resident(pid: int, key: str = "VmRSS") -> int:
    """Bytes of memory of a process: `VmRSS` now, `VmHWM` at most so far; 0 where it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return int((status.partition(f"{key}:")[2].split() or ["0"])[0]) * 1024


def resident_together(pid: int, key: str = "VmRSS") -> int:
    """As `resident`, of the process and all that it has begun: Kiwi has one of its own."""
    return sum(resident(one, key) for one in _tree(pid))


def _watch(pid: int, done: Event, peaks: list[int]) -> None:
    while not done.wait(_PAUSE):
        peaks.append(resident_together(pid))


def _tree(pid: int) -> list[int]:
    """The process and all that it has begun."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [pid, *(one for child in children.split() for one in _tree(int(child)))]
