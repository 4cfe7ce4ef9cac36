"""How good the answers are: the measures, and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from ir_measures import RR, Measure, R, iter_calc, nDCG
from numpy.typing import NDArray

__all__ = ["MEASURES", "Estimate", "estimate", "measure"]

MEASURES: Final[Mapping[str, Measure]] = {
    "nDCG@10": nDCG @ 10,
    "MRR@10": RR @ 10,
    "recall@10": R @ 10,
    "recall@100": R @ 100,
}
_RESAMPLES: Final = 2000
_SEED: Final = 20231


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean over the questions, with the interval that holds it in 95 of 100 such samples."""

    mean: float
    low: float
    high: float


def measure(
    grades: Mapping[str, Mapping[str, int]], found: Mapping[str, Sequence[str]]
) -> dict[str, NDArray[np.float64]]:
    """By measure, the figure of every question of `grades` in order; 0 for one that found nothing.

    Args:
        grades: by question and passage; above 0 for an answer.
        found: by question, the passages that were found, best first.
    """
    questions = {question: at for at, question in enumerate(grades)}
    values = {name: np.zeros(len(questions)) for name in MEASURES}
    names = {measure: name for name, measure in MEASURES.items()}
    # ir-measures sorts by score: here the place alone counts.
    run = {
        question: {passage: float(-place) for place, passage in enumerate(passages)}
        for question, passages in found.items()
        if passages
    }
    if run:
        for metric in iter_calc(list(MEASURES.values()), {q: dict(g) for q, g in grades.items()}, run):
            values[names[metric.measure]][questions[metric.query_id]] = metric.value
    return values


def estimate(values: NDArray[np.float64]) -> Estimate:
    """The mean of `values` with a 95 % bootstrap interval (percentiles, always the same resamples).

    Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
    """
    random = np.random.default_rng(_SEED)
    means = [float(values[random.integers(0, len(values), len(values))].mean()) for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(values.mean()), float(low), float(high))
