"""The engines' processes, as the measurement sees them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

__all__ = ["Worker", "WorkerError"]

_ROOT: Final = Path(__file__).parents[2]


class WorkerError(Exception):
    """An engine's process has ended before its time; what it said is on standard error."""


class Worker:
    """A process with one engine; a context that ends it."""

    def __init__(self, engine: str, folder: Path) -> None:
        self.engine = engine
        folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.worker", engine, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._process.kill()
        self._process.communicate()

    def call(self, do: str, **options: Any) -> dict[str, Any]:
        """The answer to a command (see `tests.bench.worker`).

        Raises:
            WorkerError: there is none.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, **options}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise WorkerError(f"the process of {self.engine} has ended while it was asked to {do}")
        answer: dict[str, Any] = json.loads(line)
        return answer
