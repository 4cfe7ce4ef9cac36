"""Runs the measurements that the command line names, and prints what they found."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from tests.bench import files, queries, tables, writing
from tests.bench.goals import Goal, of_files, of_pages, of_queries, of_writing
from tests.bench.options import Options, parse_options, workspace

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what the command line says; 0 whatever was reached."""
    options = parse_options(sys.argv[1:] if arguments is None else arguments)
    goals: list[Goal] = []
    found: dict[str, Any] = {}
    with workspace(options) as work:
        if "queries" in options.parts:
            sizes = queries.measure(options, work, _say)
            found["queries"] = [asdict(measured) for measured in sizes]
            goals.extend(of_queries(sizes))
            _show(options, partial(_print_sizes, sizes))
        if "http" in options.parts:
            served = queries.serve(options, work, _say)
            found["http"] = [asdict(one) for one in served]
            for one in served:
                goals.extend(of_pages(one))
                _show(options, partial(tables.print_served, one))
        if "writing" in options.parts:
            written = writing.measure(options, work, _say)
            found["writing"] = [asdict(one) for one in written]
            goals.extend(of_writing(written))
            _show(options, partial(tables.print_written, written))
        if "files" in options.parts:
            seen = files.measure(options, work, _say)
            found["files"] = asdict(seen)
            goals.extend(of_files(seen))
            _show(options, partial(tables.print_files, seen))
    if options.as_json:
        found["goals"] = [asdict(goal) for goal in goals]
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    else:
        tables.print_goals(goals)
    return 0


def _show(options: Options, show: Callable[[], None]) -> None:
    if not options.as_json:
        show()


def _print_sizes(sizes: Sequence[queries.Measured]) -> None:
    for measured in sizes:
        tables.print_measured(measured)
    if len(sizes) > 1:
        tables.print_growth(sizes)


def _say(line: str) -> None:
    sys.stderr.write(f"bench: {line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
