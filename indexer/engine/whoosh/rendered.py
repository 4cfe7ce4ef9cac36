"""The passages that have what renders a word, and how often; each rendering is looked up once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.ascending import unite
from indexer.engine.whoosh.postings import Postings, add
from indexer.engine.whoosh.sequences import variant_postings
from indexer.engine.whoosh.terms import Terms
from indexer.model.query import Rendered, Variant

__all__ = ["FoundRendered", "find_rendered"]


@dataclass(frozen=True, slots=True)
class FoundRendered:
    """What there is in the index of the renderings of a word."""

    postings: Postings
    """How often the word is expected to stand in each passage: the counts are weighted."""
    frequency: float
    """In how many passages it is expected to stand."""
    surely: NDArray[np.intp]
    """The passages with a rendering that is sure: one less sure makes a hit better, none alone."""


def find_rendered(terms: Terms, clause: Rendered, part: str, size: int) -> FoundRendered:
    """Counts and document frequency of a word as expected from those of its renderings.

    Args:
        terms: those of the commit.
        clause: the word.
        part: of the passages: their text, titles or authors.
        size: what all numbers of passages are below.

    Source: Darwish and Oard, "Probabilistic Structured Query Methods" (2003).
    """
    weighted: list[Postings] = []
    surely: list[NDArray[np.intp]] = []
    frequency = 0.0
    for rendering in clause.renderings:
        found = variant_postings(terms, Variant(rendering.terms), part)
        if not len(found.numbers):
            continue
        weighted.append(Postings(found.numbers, rendering.weight * found.counts.astype(np.float64)))
        frequency += rendering.weight * len(found.numbers)
        if rendering.sure:
            surely.append(found.numbers)
    return FoundRendered(add(weighted, size), frequency, unite(surely, size))
