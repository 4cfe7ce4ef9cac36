"""The terms that speak for a word, as they are found in the index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.schema import TEXT, field_name
from indexer.engine.whoosh.scoring import TITLED, Normal
from indexer.engine.whoosh.term_postings import TermPostings
from indexer.engine.whoosh.terms import Terms
from indexer.frozen import quickly_made
from indexer.model.query import Evidence
from indexer.model.terms import Field

__all__ = ["FoundEvidence", "Weight", "read_evidence"]


@quickly_made
@dataclass(frozen=True, slots=True)
class Weight:
    """A term that speaks for the passages that have it."""

    term: TermPostings
    kind: Field
    factor: float


@dataclass(frozen=True, slots=True)
class FoundEvidence:
    """What there is in the index of some evidence."""

    weights: list[Weight]
    titled: list[tuple[NDArray[np.intp], NDArray[np.intp], float]] = field(default_factory=list)
    """Of the documents in whose titles such a term stands: their first passages, those after their last, and
    what that adds to each passage."""


def read_evidence(evidence: Iterable[Evidence], terms: Terms, normal: Normal) -> FoundEvidence:
    """What there is of `evidence` in the index."""
    weights: list[Weight] = []
    titled: list[tuple[NDArray[np.intp], NDArray[np.intp], float]] = []
    for one in evidence:
        kind = one.term.field
        found = terms.find(field_name(TEXT, kind), one.term.text)
        if found is None:
            continue
        weights.append(Weight(found, kind, one.weight))
        named = None if kind is Field.BIGRAM else terms.documents(kind, one.term.text)
        if named is not None:
            titled.append((*named, one.weight * normal.rarity(len(found.numbers), kind) * TITLED))
    return FoundEvidence(weights, titled)
