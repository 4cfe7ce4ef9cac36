"""How well questions find the passages that answer them, beside other engines.

Hanyeong's own evidence is also weighed against its cost: how much longer a question takes and how much larger
the index is than with morphemes and stems alone, in the same engine.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from rich.console import Console
from rich.table import Table

from .archives import DEPTH, IndexedSet, index_set, morphemes_alone
from .measures import MEASURES, Estimate, estimate, measure
from .options import Options
from .peers import PEERS, Peer
from .sets import JudgedSet, SetError, find_sets, fixed_order, read_set

__all__ = ["HANYEONG", "Cost", "Measured", "ask", "run"]

HANYEONG: Final = "Hanyeong"
_TIMED: Final = 200
"""Questions whose time is taken."""
_WIDTH: Final = 120
"""Columns of the terminal that a table takes; a narrower one breaks its lines."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What Hanyeong takes, as multiples of what it takes with morphemes and stems alone."""

    time: float
    """The median over the questions of the time of a search of ten documents."""
    index: float
    """The size of the index folder in bytes."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on one set."""

    passages: int
    questions: int
    systems: Mapping[str, Mapping[str, Estimate]]
    """By system and measure."""
    cost: Cost | None


def run(options: Options) -> int:
    """Measures the sets and prints a table of each.

    Returns:
        0 when all were measured, 1 when some were, 2 when none was; each that was not is named on stderr.
    """
    measured: dict[str, Measured] = {}
    try:
        found = find_sets(options.data, options.sets)
    except SetError as error:
        print(error, file=sys.stderr)
        return 2
    peers = _ready() if options.peers and found else []
    for files in found:
        try:
            one = measured[files.name] = _measure(read_set(files), peers, with_cost=options.peers)
        except SetError as error:
            print(error, file=sys.stderr)
            continue
        if not options.as_json:
            _print(files.name, one)
    if options.as_json and measured:
        print(json.dumps({name: asdict(one) for name, one in measured.items()}, ensure_ascii=False, indent=1))
    if not found:
        print(f"{options.data}: no judged set here (corpus, queries, qrels.tsv)", file=sys.stderr)
    return 2 if not measured else 1 if len(measured) < len(found) else 0


def ask(judged: JudgedSet, search: Callable[[str], Sequence[str]]) -> dict[str, Sequence[str]]:
    """By question, the ids of the passages that `search` finds for it, best first."""
    return {question: search(text) for question, text in judged.questions.items()}


def _ready() -> list[Peer]:
    """The peers that can be used here; says of the others what is missing."""
    ready = [peer for peer in PEERS if not peer.missing()]
    for peer in PEERS:
        if missing := peer.missing():
            print(f"{peer.name} is left out; to measure it: pip install {' '.join(missing)}", file=sys.stderr)
    return ready


def _measure(judged: JudgedSet, peers: Sequence[Peer], *, with_cost: bool) -> Measured:
    with index_set(judged) as indexed:
        found = {HANYEONG: ask(judged, indexed.search)}
        cost = _cost(judged, indexed) if with_cost else None
    found |= {peer.name: _ask_peer(judged, peer) for peer in peers if judged.lang in peer.langs}
    systems = {system: dict(_estimates(judged, answers)) for system, answers in found.items()}
    return Measured(len(judged.passages), len(judged.questions), systems, cost)


def _estimates(judged: JudgedSet, found: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Estimate]]:
    for name, values in measure(judged.grades, found).items():
        yield name, estimate(values)


def _ask_peer(judged: JudgedSet, peer: Peer) -> dict[str, Sequence[str]]:
    keys = list(judged.passages)
    texts = [f"{passage.title} {passage.text}".strip() for passage in judged.passages.values()]
    search = peer.make(texts, DEPTH)
    return ask(judged, lambda text: [keys[number] for number in search(text)])


def _cost(judged: JudgedSet, indexed: IndexedSet) -> Cost:
    questions = [judged.questions[key] for key in fixed_order(judged.questions)[:_TIMED]]
    with morphemes_alone(), index_set(judged) as plain:
        alone = [_seconds(plain, question) for question in questions]
        size = plain.index_bytes
    full = [_seconds(indexed, question) for question in questions]
    return Cost(statistics.median(full) / statistics.median(alone), indexed.index_bytes / size)


def _seconds(indexed: IndexedSet, question: str) -> float:
    started = time.perf_counter()
    indexed.archive.search(question)
    return time.perf_counter() - started


def _print(name: str, measured: Measured) -> None:
    table = Table(
        title=f"{name}: {measured.passages} passages, {measured.questions} questions", title_justify="left"
    )
    table.add_column("", no_wrap=True)
    for measure_name in MEASURES:
        table.add_column(measure_name, no_wrap=True)
    for system, estimates in measured.systems.items():
        table.add_row(system, *(_cell(estimates[measure_name]) for measure_name in MEASURES))
    Console(width=max(Console().width, _WIDTH)).print(table)
    if measured.cost is not None:
        cost = measured.cost
        print(f"Beside morphemes alone: time of a question x {cost.time:.2f}, index x {cost.index:.2f}\n")


def _cell(one: Estimate) -> str:
    return f"{one.mean:.4f} ({one.low:.3f}-{one.high:.3f})"
