"""Which English passage says what which Korean passage says: precision, recall and F1 of the pairs found.

Counted are ordinal pairs (English passage, Korean passage); a pair of one with two is two of them.  Recall is
the share of the gold's pairs, as far as both sides are still there, that were found.  The gold does not speak
about every passage, and those are not known to be unpaired.  So a found pair is right if it stands in the
gold; wrong if it does not, and the gold settles at least one of its passages (gives it another partner, or
one that was removed); and is not counted where the gold settles neither.  A passage merged from several is
settled if the gold speaks about all of them.

`among settled` is a second count, which leaves found pairs out unless the gold settles both passages.  The
conditions `settled only` take out, before anything else, all passages that the gold is silent about.

The dictionary is learned from the very documents that are paired, as hard as they are; nothing is carried
over.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from rich.console import Console
from rich.table import Table

from indexer.pairing import pair_archive

from .aligned import CONDITIONS, Case, cases, load, sets
from .gale_church import by_length
from .options import Options

__all__ = ["Figures", "by_hanyeong", "count", "run"]

_SETTLED_ONLY: Final = ("as they are", "10 % removed", "30 % removed")

Pairs = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Figures:
    """How good the pairs are that one way of pairing finds in one set under one condition."""

    set: str
    condition: str
    system: str
    gold: int
    right: int
    wrong: int
    wrong_among_settled: int
    not_counted: int

    @property
    def recall(self) -> float:
        return self.right / max(1, self.gold)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def f1(self) -> float:
        return _f1(self.precision, self.recall)

    @property
    def precision_among_settled(self) -> float:
        return self.right / max(1, self.right + self.wrong_among_settled)

    @property
    def f1_among_settled(self) -> float:
        return _f1(self.precision_among_settled, self.recall)

    def as_json(self) -> dict[str, object]:
        names = ("precision", "recall", "f1", "precision_among_settled", "f1_among_settled")
        return asdict(self) | {name: round(getattr(self, name), 4) for name in names}


def run(options: Options) -> int:
    """Measures and prints; 2 where there is nothing to measure."""
    try:
        folders = sets(options.data, options.sets)
    except FileNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    systems: dict[str, Callable[[Sequence[Case]], list[Pairs]]] = {"Hanyeong": by_hanyeong}
    if options.peers:
        systems["length alone"] = by_length
    found: list[Figures] = []
    for folder in folders:
        documents = load(folder)
        conditions = [(name, False) for name in CONDITIONS] + [(name, True) for name in _SETTLED_ONLY]
        for condition, settled_only in conditions:
            those = cases(documents, condition, settled_only=settled_only)
            name = f"{condition}, settled only" if settled_only else condition
            found.extend(
                count(those, pair(those), (folder.name, name, system)) for system, pair in systems.items()
            )
    if options.as_json:
        sys.stdout.write(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=1) + "\n")
    else:
        Console().print(_table(found))
    return 0


def by_hanyeong(those: Sequence[Case]) -> list[Pairs]:
    """The pairs at the default bound."""
    found = pair_archive((case.english, case.korean) for case in those)
    return [{(a, b) for pair in pairs for a in pair.english for b in pair.korean} for pairs in found]


def count(those: Sequence[Case], found: Sequence[Pairs], names: tuple[str, str, str]) -> Figures:
    """What is right and wrong of the pairs; `names` are those of the set, the condition and the system."""
    gold = right = wrong = among_settled = not_counted = 0
    for case, pairs in zip(those, found, strict=True):
        gold += len(case.gold)
        right += len(pairs & case.gold)
        for english, korean in pairs - case.gold:
            settled = (english in case.settled_english) + (korean in case.settled_korean)
            wrong += settled > 0
            among_settled += settled == 2
            not_counted += settled == 0
    return Figures(*names, gold, right, wrong, among_settled, not_counted)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _table(found: Sequence[Figures]) -> Table:
    table = Table(title="Pairs found")
    for name in ("Set", "Condition", "System"):
        table.add_column(name)
    for name in ("Gold", "Precision", "Recall", "F1", "Among settled: precision", "F1"):
        table.add_column(name, justify="right")
    for one in found:
        numbers = (one.precision, one.recall, one.f1, one.precision_among_settled, one.f1_among_settled)
        table.add_row(
            one.set, one.condition, one.system, str(one.gold), *(f"{number:.3f}" for number in numbers)
        )
    return table
