"""Which values of the ranking's constants find best: `python -m tests.relevance.tune [--data DIR]`.

Each constant is tried at a few values, the others as they stand in the code.  The questions of every set are
halved by a fixed order; the value that is best on one half over all sets is judged on the other half, and the
other way round, so that what is printed was not fitted to the questions that it is measured by.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

import numpy as np

from indexer import weighting, words
from indexer.engine import Snapshot
from indexer.engine.whoosh import WhooshEngine, closer, evidence, feedback, scoring
from indexer.model.terms import Field
from indexer.query import parse_query

from .archives import DEPTH, IndexedSet, index_set
from .measures import measure
from .options import parse_options
from .sets import JudgedSet, find_sets, fixed_order, read_set

__all__ = ["main"]

_KOREAN: Final = (Field.KOREAN, Field.BIGRAM)
_ENGLISH: Final = (Field.ENGLISH,)
_MEASURE: Final = "nDCG@10"


@dataclass(frozen=True, slots=True)
class Trial:
    """A constant and the values that it is tried at."""

    module: Any
    name: str
    values: Sequence[float]
    keys: Sequence[Any] = ()
    """Where the constant is a mapping: the keys that get the value."""

    @property
    def label(self) -> str:
        """What the constant is called in the table."""
        return f"{self.name}[{', '.join(map(str, self.keys))}]" if self.keys else self.name

    @contextmanager
    def at(self, value: float) -> Iterator[None]:
        """While it lasts, the constant has this value."""
        if self.keys:
            changed: Any = patch.dict(getattr(self.module, self.name), dict.fromkeys(self.keys, value))
        else:
            changed = patch.object(self.module, self.name, value)
        with changed:
            _forget()
            yield
        _forget()


def _forget() -> None:
    """Gives up what was made of queries with other constants."""
    parse_query.cache_clear()
    words._words_of.cache_clear()
    words._latin_word.cache_clear()


TRIALS: Final = (
    Trial(scoring, "_K1", (0.4, 0.65, 0.9, 1.2), _KOREAN),
    Trial(scoring, "_K1", (0.65, 0.9, 1.2), _ENGLISH),
    Trial(scoring, "_B", (0.5, 0.6, 0.7, 0.8)),
    Trial(scoring, "_RARITY", (1.0, 1.2, 1.35, 1.5), _KOREAN),
    Trial(scoring, "_RARITY", (0.9, 1.0, 1.2), _ENGLISH),
    Trial(scoring, "_LEAD", (0.0, 0.3, 0.6, 0.9), (Field.KOREAN,)),
    Trial(scoring, "_LEAD", (0.0, 0.2, 0.3, 0.5), _ENGLISH),
    Trial(evidence, "TITLED", (0.6, 1.2, 1.8)),
    Trial(closer, "_NEARBY", (0.0, 0.25, 0.5), _KOREAN),
    Trial(closer, "_NEARBY", (0.0, 0.05, 0.2), _ENGLISH),
    Trial(closer, "BEST", (5, 10, 20)),
    Trial(feedback, "_TERMS", (10, 20, 40)),
    Trial(feedback, "_SHARE", (0.0, 0.2, 0.4, 0.6)),
    Trial(feedback, "_SHARPNESS", (1, 3, 5, 8)),
    Trial(feedback, "_FREQUENT", (0.02, 0.05, 0.1, 0.3)),
    Trial(feedback, "_AT_LENGTH", (3, 4, 5, 6, 8)),
    Trial(weighting, "EVIDENCE", (0.0, 0.2, 0.33, 0.5), ("bigram",)),
    Trial(weighting, "EVIDENCE", (0.0, 0.3, 0.5, 0.8), ("whole",)),
    Trial(weighting, "EVIDENCE", (0.3, 0.5, 0.8), ("part",)),
    Trial(weighting, "EVIDENCE", (0.0, 0.5, 1.0, 2.0), ("stop",)),
    Trial(weighting, "EVIDENCE", (1.0, 2.0, 3.5), ("number",)),
)


def main() -> None:
    """Prints, for each constant, the values tried and what the halves say."""
    options = parse_options(sys.argv[1:])
    with TemporaryDirectory(prefix="tune-") as folder, ExitStack() as stack:
        sets = [read_set(files) for files in find_sets(options.data, options.sets)]
        indexed = [stack.enter_context(index_set(judged, Path(folder))) for judged in sets]
        print(f"as it stands: {_shown(_values(sets, indexed))}")
        for trial in TRIALS:
            _try(trial, sets, indexed)


def _try(trial: Trial, sets: Sequence[JudgedSet], indexed: Sequence[IndexedSet]) -> None:
    found: dict[float, list[tuple[float, float]]] = {}
    for value in trial.values:
        with trial.at(value):
            found[value] = _values(sets, indexed)
        print(f"{trial.label} = {value}: {_shown(found[value])}", flush=True)
    for fitted, judged in ((0, 1), (1, 0)):
        best = max(found, key=lambda value: np.mean([one[fitted] for one in found[value]]))
        held = np.mean([one[judged] for one in found[best]])
        print(f"    best on one half: {best}; on the other it gives {held:.4f}", flush=True)


def _values(sets: Sequence[JudgedSet], indexed: Sequence[IndexedSet]) -> list[tuple[float, float]]:
    """By set, the mean of the measure over each half of its questions."""
    return [_halves(judged, one) for judged, one in zip(sets, indexed, strict=True)]


def _halves(judged: JudgedSet, indexed: IndexedSet) -> tuple[float, float]:
    snapshot = WhooshEngine(indexed.archive.settings.index).snapshot()
    owners = _owners(snapshot, indexed.passages)
    order = fixed_order(judged.questions)
    found = {key: _ranked(snapshot, owners, judged.questions[key]) for key in order}
    values = measure({key: judged.grades[key] for key in order}, found)[_MEASURE]
    return float(values[::2].mean()), float(values[1::2].mean())


def _owners(snapshot: Snapshot, passages: Mapping[str, str]) -> dict[int, str]:
    """By number of a passage, the judged passage it is of."""
    return {
        number: key
        for info in snapshot.documents()
        for key in (passages[info.id],)
        for number in snapshot.document(info.id)[1]
    }


def _ranked(snapshot: Snapshot, owners: Mapping[int, str], question: str) -> list[str]:
    best: dict[str, None] = {}
    for number in snapshot.rank(parse_query(question)).numbers.tolist():
        best.setdefault(owners[number])
        if len(best) == DEPTH:
            break
    return list(best)


def _shown(values: Sequence[tuple[float, float]]) -> str:
    return "  ".join(f"{first:.4f}/{second:.4f}" for first, second in values)


if __name__ == "__main__":
    main()
