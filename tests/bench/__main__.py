"""Runs the measurements that the command line names, and prints what they found."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from tests.bench import queries
from tests.bench.goals import Goal, of_queries
from tests.bench.options import Options, parse_options, workspace
from tests.bench.tables import print_goals, print_growth, print_measured

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what the command line says; 0 whatever was reached."""
    options = parse_options(sys.argv[1:] if arguments is None else arguments)
    goals: list[Goal] = []
    found: dict[str, Any] = {}
    with workspace(options) as work:
        if "queries" in options.parts:
            sizes = queries.measure(options, work, _say)
            goals.extend(of_queries(sizes))
            found["queries"] = [asdict(measured) for measured in sizes]
            _show_queries(options, sizes)
    if options.as_json:
        found["goals"] = [asdict(goal) for goal in goals]
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    else:
        print_goals(goals)
    return 0


def _show_queries(options: Options, sizes: Sequence[queries.Measured]) -> None:
    if options.as_json:
        return
    for measured in sizes:
        print_measured(measured)
    if len(sizes) > 1:
        print_growth(sizes)


def _say(line: str) -> None:
    sys.stderr.write(f"bench: {line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
