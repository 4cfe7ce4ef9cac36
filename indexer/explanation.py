"""Why a hit was found: which words of the query, by which evidence, and how much of the score each is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from indexer.engine import Snapshot
from indexer.model import Evidence, EvidenceKind, Field, Query, Reason, Word

__all__ = ["explain"]

_WORTH_TELLING: Final = 0.01
"""A share of the score below this is left out."""


def explain(snapshot: Snapshot, query: Query, numbers: Sequence[int]) -> list[tuple[Reason, ...]]:
    """For each passage of `numbers`, what brought it, the most first.

    Each kind of evidence of each word is asked for alone, and what it scores is compared; what words add that
    stand side by side is not told.
    """
    scores: list[dict[tuple[str, EvidenceKind], float]] = [defaultdict(float) for _ in numbers]
    for word in (clause for clause in query.clauses if isinstance(clause, Word) and not clause.optional):
        for kind, evidence in _by_kind(word):
            alone = Query(query.text, (Word(word.text, (), evidence, optional=True),))
            ranking = snapshot.rank(alone)
            at = np.searchsorted(ranking.matches, numbers)
            for index, number in enumerate(numbers):
                if at[index] < len(ranking.matches) and ranking.matches[at[index]] == number:
                    scores[index][word.text, kind] += float(ranking.scores_at(at[index : index + 1])[0])
    return [tuple(_reasons(of_one)) for of_one in scores]


def _reasons(scores: dict[tuple[str, EvidenceKind], float]) -> Iterator[Reason]:
    total = sum(scores.values())
    for (word, kind), score in sorted(scores.items(), key=lambda one: -one[1]):
        if score > _WORTH_TELLING * total:
            yield Reason(word, kind, score / total)


def _by_kind(word: Word) -> Iterator[tuple[EvidenceKind, tuple[Evidence, ...]]]:
    kinds: defaultdict[EvidenceKind, list[Evidence]] = defaultdict(list)
    for evidence in word.evidence:
        kinds[_kind(word, evidence)].append(evidence)
    yield from ((kind, tuple(many)) for kind, many in kinds.items())


def _kind(word: Word, evidence: Evidence) -> EvidenceKind:
    if evidence.term.field is Field.BIGRAM:
        return "syllables"
    term = evidence.term.text
    inside = evidence.term.field is Field.KOREAN and len(term) < len(word.text) and term in word.text
    return "part" if inside else "word"
