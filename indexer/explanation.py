"""Why a hit was found: what brought it, by which evidence, and how much of the score each is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Snapshot
from indexer.model.query import AnyOf, Clause, Evidence, Phrase, Prefix, Query, Word
from indexer.model.results import EvidenceKind, Reason
from indexer.model.terms import Field

__all__ = ["explain"]

_WORTH_TELLING: Final = 0.01
"""A share of the score below this is left out."""

_Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the score of some passages."""

    word: str
    kind: EvidenceKind
    scores: _Scores
    titled: NDArray[np.bool_]
    """Whether the document's title has the word too."""


@dataclass(frozen=True, slots=True)
class _Explained:
    """The passages that are explained, of one snapshot."""

    snapshot: Snapshot
    numbers: Sequence[int]

    def parts(self, query: Query) -> Iterator[_Part]:
        """All that the scores are made of."""
        for clause in query.clauses:
            for one in clause.clauses if isinstance(clause, AnyOf) else (clause,):
                yield from self._of_word(one) if isinstance(one, Word) else self._of_other(one)
        yield from self._of_all(query)

    def _of_word(self, word: Word) -> Iterator[_Part]:
        """What a word adds by each kind of evidence, asked for alone."""
        titled = self._having(Query("", titles=(word,)))
        known = np.zeros(len(self.numbers))
        for kind, evidence in _by_kind(word):
            # Optional, it lets every passage by and brings only what it is worth.
            scores = self._scores(Query("", (Word(word.text, (), evidence, optional=True),)))
            known += scores
            yield _Part(word.text, kind, scores, titled)
        more = self._scores(Query("", (replace(word, optional=False),))) - known
        yield _Part(word.text, "form", np.maximum(more, 0), titled)

    def _of_other(self, clause: Clause) -> Iterator[_Part]:
        if isinstance(clause, Phrase | Prefix):
            kind: EvidenceKind = "phrase" if isinstance(clause, Phrase) else "beginning"
            titled = self._having(Query("", titles=(clause,)))
            yield _Part(clause.text, kind, self._scores(Query("", (clause,))), titled)

    def _of_all(self, query: Query) -> Iterator[_Part]:
        """What the words add together, in the passages that were looked at closer."""
        ranking = self.snapshot.rank(query)
        numbers = ranking.matches[ranking.first].tolist()
        nearby = dict(zip(numbers, ranking.gains.nearby.tolist(), strict=True))
        common = dict(zip(numbers, ranking.gains.common.tolist(), strict=True))
        untitled = np.zeros(len(self.numbers), dtype=bool)
        yield _Part("", "nearby", np.array([nearby.get(one, 0.0) for one in self.numbers]), untitled)
        yield _Part("", "common", np.array([common.get(one, 0.0) for one in self.numbers]), untitled)

    def _having(self, query: Query) -> NDArray[np.bool_]:
        return np.isin(self.numbers, self.snapshot.rank(query).matches)

    def _scores(self, query: Query) -> _Scores:
        """What each of the passages scores; 0 where it is none that matches."""
        ranking = self.snapshot.rank(query)
        wanted = np.array(self.numbers, dtype=np.intp)
        at = np.searchsorted(ranking.matches, wanted)
        found = at < len(ranking.matches)
        found[found] = ranking.matches[at[found]] == wanted[found]
        scores = np.zeros(len(wanted))
        scores[found] = ranking.scores_at(at[found])
        return scores


def explain(snapshot: Snapshot, query: Query, numbers: Sequence[int]) -> list[tuple[Reason, ...]]:
    """For each passage of `numbers`, what brought it, the most first."""
    parts = list(_Explained(snapshot, numbers).parts(query))
    return [tuple(_reasons(parts, index)) for index in range(len(numbers))]


def _reasons(parts: Sequence[_Part], index: int) -> Iterator[Reason]:
    total = sum(float(part.scores[index]) for part in parts)
    for part in sorted(parts, key=lambda one: -float(one.scores[index])):
        score = float(part.scores[index])
        if score > _WORTH_TELLING * total:
            yield Reason(part.word, part.kind, score / total, in_title=bool(part.titled[index]))


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
