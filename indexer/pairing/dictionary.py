"""Which terms of one language stand for which of the other, learned from pairs of texts.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["NOTHING", "Dictionary", "Floats", "Half", "Ints", "Lesson", "Table", "teach"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_ROUNDS: Final = 5
"""Of expectation and maximisation."""

_DISCOUNT: Final = 0.5
"""Taken off every expected count, so that a word seen once teaches little."""

_LEAST: Final = 0.01
"""Less probable translations are forgotten."""

_MAX_TERMS: Final = 48
"""So many terms of a passage are learned from."""

_MAX_CELLS: Final = 4_000_000
"""Places in all tables of co-occurrence (about 25,000 pairs of paragraphs); beyond it pairs are left out."""

_PRIOR_TRUST: Final = 0.5
_PRIOR_WEIGHT: Final = 2.0
_NEARBY: Final = 0.002
"""How often, at least, a term stands in a passage of the same document that says something else."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Two texts that surely say the same, as terms."""

    english: tuple[str, ...]
    korean: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Row by row, the terms of the other language that a term stands for, and how probably."""

    starts: Ints
    """Row r is `targets[starts[r]:starts[r + 1]]`."""
    targets: Ints
    chances: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Half:
    """What is known of the terms of one language."""

    numbers: Mapping[str, int]
    counts: Ints
    """In how many texts of the lessons each term stands."""
    trust: Floats
    """How often the other side accounts for the term when the two say the same, from 0 to 1."""
    table: Table
    """From this language to the other."""


@dataclass(frozen=True, slots=True, eq=False)
class Dictionary:
    """Translations of terms in both directions."""

    english: Half
    korean: Half


def _nothing() -> Half:
    none = np.zeros(0, np.int64)
    return Half({}, none, np.zeros(0), Table(np.zeros(1, np.int64), none, np.zeros(0)))


NOTHING: Final = Dictionary(_nothing(), _nothing())
"""The dictionary that knows nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class _Texts:
    """One side of all lessons, the terms one after the other."""

    numbers: Mapping[str, int]
    flat: Ints
    sizes: Ints

    @property
    def before(self) -> Ints:
        ends: Ints = np.cumsum(self.sizes)
        return ends - self.sizes

    @property
    def counts(self) -> Ints:
        return np.bincount(self.flat, minlength=len(self.numbers))


def teach(lessons: Sequence[Lesson]) -> Dictionary:
    """What the lessons teach: IBM model 1 in both directions, each lesson by its weight.

    Of more lessons than fit into the bound on memory, some are taken, evenly.

    Source: P. F. Brown, S. A. Della Pietra, V. J. Della Pietra, R. L. Mercer, "The Mathematics of Statistical
    Machine Translation: Parameter Estimation", Computational Linguistics 19(2), 1993.
    """
    lessons = _bounded([lesson for lesson in lessons if lesson.english and lesson.korean])
    if not lessons:
        return NOTHING
    english = _texts([lesson.english for lesson in lessons])
    korean = _texts([lesson.korean for lesson in lessons])
    cells = english.sizes * korean.sizes
    lesson = np.repeat(np.arange(len(lessons)), cells)
    within = np.arange(len(lesson)) - np.repeat(np.cumsum(cells) - cells, cells)
    at_english = english.before[lesson] + within // korean.sizes[lesson]
    at_korean = korean.before[lesson] + within % korean.sizes[lesson]
    keys = english.flat[at_english] * len(korean.numbers) + korean.flat[at_korean]
    unique, cell = np.unique(keys, return_inverse=True)
    one, other = unique // len(korean.numbers), unique % len(korean.numbers)
    weights = np.array([lesson.weight for lesson in lessons])[lesson]
    forward = _train(cell, at_korean, weights, one, len(english.numbers))
    backward = _train(cell, at_english, weights, other, len(korean.numbers))
    trust_korean = _trust(korean, forward[cell] / english.sizes[lesson], at_korean)
    trust_english = _trust(english, backward[cell] / korean.sizes[lesson], at_english)
    return Dictionary(
        Half(
            english.numbers, english.counts, trust_english, _table(one, other, forward, len(english.numbers))
        ),
        Half(korean.numbers, korean.counts, trust_korean, _table(other, one, backward, len(korean.numbers))),
    )


def _bounded(lessons: Sequence[Lesson]) -> Sequence[Lesson]:
    cells = sum(min(len(one.english), _MAX_TERMS) * min(len(one.korean), _MAX_TERMS) for one in lessons)
    step = -(-cells // _MAX_CELLS)
    return lessons[::step] if step > 1 else lessons


def _texts(texts: Sequence[tuple[str, ...]]) -> _Texts:
    numbers: dict[str, int] = {}
    flat = [numbers.setdefault(term, len(numbers)) for text in texts for term in text[:_MAX_TERMS]]
    sizes = np.array([min(len(text), _MAX_TERMS) for text in texts], np.int64)
    return _Texts(numbers, np.array(flat, np.int64), sizes)


def _train(cell: Ints, explained: Ints, weights: Floats, source: Ints, rows: int) -> Floats:
    """The probability of each cell's target, given its source, after some rounds."""
    chances = np.ones(len(source))
    for _ in range(_ROUNDS):
        likely = chances[cell]
        share = np.bincount(cell, weights * likely / np.bincount(explained, likely)[explained], len(source))
        totals = np.bincount(source, share, rows)[source]
        chances = share / totals
    discounted: Floats = np.maximum(share - _DISCOUNT, 0) / totals
    return discounted


def _trust(side: _Texts, chances: Floats, explained: Ints) -> Floats:
    """How often each term is accounted for: the weight of a mixture with chance, by expectation.

    `chances` are those of the single translations; a term that stands there by chance would also stand in
    the passages nearby.
    """
    translated = np.bincount(explained, chances, len(side.flat))
    counts = side.counts
    by_chance = (counts / counts.sum() + _NEARBY)[side.flat]
    trust = np.full(len(counts), _PRIOR_TRUST)
    for _ in range(_ROUNDS):
        told = trust[side.flat] * translated
        share = np.bincount(side.flat, told / (told + (1 - trust[side.flat]) * by_chance), len(counts))
        trust = np.minimum(0.98, (share + _PRIOR_WEIGHT * _PRIOR_TRUST) / (counts + _PRIOR_WEIGHT))
    return trust


def _table(source: Ints, target: Ints, chances: Floats, rows: int) -> Table:
    kept = chances >= _LEAST
    source, target, chances = source[kept], target[kept], chances[kept]
    order = np.lexsort((target, source))
    starts = np.concatenate(([0], np.cumsum(np.bincount(source, minlength=rows))))
    return Table(starts.astype(np.int64), target[order], chances[order])
