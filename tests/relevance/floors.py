"""What Hanyeong must reach at the least, on small fixed samples of the judged sets.

`python -m tests.relevance.floors [--data DIR]` prints what it reaches now, in the form of `floors.json`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Final

from .archives import index_set
from .measures import measure
from .options import parse_options
from .ranking import ask
from .sets import JudgedSet, find_sets, read_set, sample

__all__ = ["FLOORS", "PASSAGES", "digest", "reached"]

FLOORS: Final = Path(__file__).with_name("floors.json")
"""By set: the digest of its sample, and by measure the least mean."""
PASSAGES: Final = 240
"""Passages of a sample."""
_MEASURES: Final = ("nDCG@10", "MRR@10")


def digest(judged: JudgedSet) -> str:
    """Changes with anything in the set: its texts, its questions, its grades."""
    whole = (
        judged.lang,
        sorted(judged.passages.items(), key=lambda one: one[0]),
        sorted(judged.questions.items()),
    )
    grades = sorted((question, sorted(answers.items())) for question, answers in judged.grades.items())
    return hashlib.sha256(repr((whole, grades)).encode("utf-8", "replace")).hexdigest()[:16]


def reached(judged: JudgedSet) -> dict[str, float]:
    """By measure, the mean that Hanyeong reaches on the set."""
    with index_set(judged) as indexed:
        values = measure(judged.grades, ask(judged, indexed.search))
    return {name: float(values[name].mean()) for name in _MEASURES}


def main() -> None:
    """Prints what is reached now."""
    now: dict[str, dict[str, float | str]] = {}
    for files in find_sets(parse_options(sys.argv[1:]).data):
        small = sample(read_set(files), PASSAGES)
        now[small.name] = {"sample": digest(small), **{k: round(v, 4) for k, v in reached(small).items()}}
    print(json.dumps(now, indent=2))


if __name__ == "__main__":
    main()
