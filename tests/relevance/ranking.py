"""How well questions find the passages that answer them, beside other engines."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from rich.console import Console
from rich.table import Table

from .archives import index_set
from .measures import MEASURES, estimate, measure
from .options import Options
from .sets import JudgedSet, SetError, find_sets


def run(options: Options) -> int:
    """Measures the sets and prints a table of each; 0 when all went well, 2 when nothing could be measured."""
    measured: dict[str, Any] = {}
    try:
        for judged in find_sets(options.data, options.sets):
            measured[judged.name] = _measure(judged, options)
            if not options.as_json:
                _print(judged, measured[judged.name])
    except SetError as error:
        print(error, file=sys.stderr)
        return 2
    if options.as_json:
        print(json.dumps(measured, ensure_ascii=False, indent=1))
    return 0


def _measure(judged: JudgedSet, options: Options) -> dict[str, Any]:
    started = time.perf_counter()
    with index_set(judged) as indexed:
        built = time.perf_counter()
        found = {key: indexed.search(text) for key, text in judged.questions.items()}
        done = time.perf_counter()
    print(f"{judged.name}: indexing {built - started:.1f} s, questions {done - built:.1f} s", file=sys.stderr)
    values = measure(judged.grades, found)
    return {"Hanyeong": {name: estimate(values[name]) for name in MEASURES}}


def _print(judged: JudgedSet, systems: dict[str, Any]) -> None:
    table = Table(title=f"{judged.name}: {len(judged.passages)} passages, {len(judged.questions)} questions")
    table.add_column("")
    for name in MEASURES:
        table.add_column(name)
    for system, figures in systems.items():
        table.add_row(system, *(f"{one.mean:.4f} [{one.low:.3f}, {one.high:.3f}]" for one in figures.values()))
    Console().print(table)
