"""What the best passages of a long English question have in common, as further evidence for the next ones.

A question that describes its subject at length names only some of the words that passages on it use; the
first few hits tell the others.  The way is that of relevance models, with BM25 in the place of language
models: the terms of the best passages, each by how much it says of them, join the question's own.

Source: Lavrenko and Croft, "Relevance-Based Language Models" (2001); mixed with the question's own terms as
by Abdul-Jaleel et al., "UMass at TREC 2004: Novelty and HARD" (2004).
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from indexer.analysis import count_stems
from indexer.engine.whoosh.schema import TEXT, field_name
from indexer.engine.whoosh.scoring import Normal
from indexer.engine.whoosh.terms import Terms
from indexer.model.query import Clause, Evidence, Word
from indexer.model.terms import Field, Term

__all__ = ["BEST", "describes", "related"]

BEST: Final = 5
"""Passages that further terms are taken from."""
_AT_LENGTH: Final = 5
"""Words from which a question describes its subject; what names it in fewer is best taken at its word."""
_LEAD: Final = 700
"""Code points of each that are read."""
_TERMS: Final = 20
"""Terms that are taken."""
_SHARE: Final = 0.4
"""Of the whole, how much these terms count; the question's own have the rest."""
_SHARPNESS: Final = 5
"""The power of its score that each of the passages counts with: the first is the surest."""
_FREQUENT: Final = 0.1
"""A term that more than this part of all passages has tells nothing of these."""
_SELDOM: Final = 2
"""Passages that a term must stand in, so that a slip of the pen is none."""


def describes(clauses: Sequence[Clause]) -> bool:
    """Whether the clauses of a query are an English question that describes its subject at length."""
    words = [clause for clause in clauses if isinstance(clause, Word) and not clause.optional]
    return len(words) >= _AT_LENGTH and all(
        one.term.field is Field.ENGLISH for word in words for one in word.evidence
    )


def related(
    clauses: Sequence[Clause], best: Sequence[tuple[int, float, str]], terms: Terms, normal: Normal
) -> tuple[Evidence, ...]:
    """The terms that the best passages of a question add to it, with their weights.

    Args:
        clauses: of the question.
        best: the numbers, scores and texts of its best passages.
        terms: those of the commit.
        normal: what terms are worth in it.
    """
    shares: defaultdict[str, float] = defaultdict(float)
    rarities: dict[str, float] = {}
    for number, score, text in best:
        counts = count_stems(text[:_LEAD])
        weights = normal.counted(number, list(counts.values()), Field.ENGLISH)
        for stem, weight in zip(counts, weights, strict=True):
            if stem not in rarities:
                rarities[stem] = _rarity(terms, normal, stem)
            shares[stem] += score**_SHARPNESS * weight * rarities[stem]
    taken = heapq.nsmallest(_TERMS, shares, key=lambda stem: (-shares[stem], stem))
    together = sum(shares[stem] for stem in taken) or 1.0
    own = sum(one.weight for clause in clauses if isinstance(clause, Word) for one in clause.evidence)
    scale = own * _SHARE / (1 - _SHARE) / together
    return tuple(Evidence(Term(Field.ENGLISH, stem), scale * shares[stem]) for stem in taken if shares[stem])


def _rarity(terms: Terms, normal: Normal, stem: str) -> float:
    frequency = terms.frequency(field_name(TEXT, Field.ENGLISH), stem)
    if not _SELDOM <= frequency <= _FREQUENT * normal.passages:
        return 0.0
    return normal.rarity(frequency, Field.ENGLISH)
