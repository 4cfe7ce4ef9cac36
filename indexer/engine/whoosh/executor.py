"""Answers a query: which passages match, and how well.

A passage's score is the sum over the words of the query, and a word's part of it the sum over its evidence
(see `indexer.engine.whoosh.scoring`), with a little more where a term stands in the document's title.  The
first hundred are then looked at closer: words side by side bring a passage up, and so do the words that the
best passages of a long English question have in common (see `indexer.engine.whoosh.feedback`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Columns, in_years
from indexer.engine.ranking import Gains, Ranking, best_of
from indexer.engine.whoosh.ascending import intersect, intersect_all, meet, unite, without
from indexer.engine.whoosh.closer import CLOSER, CloserLook
from indexer.engine.whoosh.evidence import FoundEvidence, read_evidence
from indexer.engine.whoosh.marking import MAX_EXPANSIONS
from indexer.engine.whoosh.postings import Postings, add
from indexer.engine.whoosh.rendered import find_rendered
from indexer.engine.whoosh.schema import AUTHOR, TEXT, TITLE, field_name
from indexer.engine.whoosh.scores import Scores
from indexer.engine.whoosh.scoring import Normal, kind_of
from indexer.engine.whoosh.sequences import passages_of_variants, phrase_postings, variant_postings
from indexer.engine.whoosh.sums import Fixed, Sums
from indexer.engine.whoosh.terms import Terms
from indexer.frozen import quickly_made
from indexer.model.query import AnyOf, Clause, Evidence, Phrase, Prefix, Query, Rendered, Variant, Word
from indexer.model.terms import Field

__all__ = ["Executor"]

_FEW: Final = 3
"""Up to so many words are a search for all of them, and more are a question."""

_ENOUGH: Final = 15
"""Passages with all of the words that are enough for a first page and a little more."""

_Numbers = NDArray[np.intp]
_Floats = NDArray[np.float32]


@dataclass(slots=True)
class _Notices:
    """What there is to say about a query, and how many words its prefixes may still stand for."""

    keys: set[str] = field(default_factory=set)
    room: int = MAX_EXPANSIONS


@quickly_made
@dataclass(frozen=True, slots=True)
class _Matched:
    """The passages that match a clause, each once, and what it adds to their scores."""

    numbers: _Numbers
    worth: _Floats


_NONE: Final = _Matched(np.empty(0, dtype=np.intp), np.empty(0, dtype=np.float32))


@quickly_made
@dataclass(frozen=True, slots=True)
class _Weighed:
    """A clause of the query with all that its scores are made of."""

    having: _Numbers
    """The passages that match the clause, ascending; for an optional word none."""
    evidence: tuple[Evidence, ...] = ()
    matched: _Matched | None = None
    """What passages count at least, whatever the evidence says."""


@dataclass(frozen=True, slots=True)
class Executor:
    """Answers queries over one commit."""

    terms: Terms
    columns: Columns
    normal: Normal
    closer: CloserLook
    sums: Sums

    def rank(self, query: Query) -> Ranking:
        """See `indexer.engine.Snapshot.rank`."""
        notices = _Notices()
        weighed = [self._weigh_clause(clause, notices) for clause in query.clauses]
        required = [
            one.having for one, clause in zip(weighed, query.clauses, strict=True) if not _is_optional(clause)
        ]
        matches = self._filter(self._matching(required), query, notices)
        complete = None
        # A word whose rendering is not known is no sign that a passage lacks it.
        if 1 < len(required) <= _FEW and not any(isinstance(clause, Rendered) for clause in query.clauses):
            complete = _complete(matches, required)
        scores = self._scores(weighed, matches)
        best, worth = _first(scores, query, required, complete)
        first = worth.astype(np.float64)
        gains = self.closer.gains(query, matches[best], first)
        if gains is None:
            gains = Gains.none(len(best))
        else:
            first += gains.total
            lacking = np.zeros(len(best), dtype=bool) if complete is None else ~complete[best]
            order = np.lexsort((best, -first, lacking))
            best, first, gains = best[order], first[order], gains.take(order)
        return Ranking(
            matches,
            best,
            first,
            weigh=lambda at: scores.all() if at is None else scores.of(at),
            complete=complete,
            gains=gains,
            notices=tuple(sorted(notices.keys)),
        )

    def _matching(self, required: Sequence[_Numbers]) -> _Numbers:
        """The passages that have any of the words; all where none is wanted."""
        if required:
            return unite(required, len(self.columns.passage))
        return np.flatnonzero(self.columns.passage)

    def _weigh_clause(self, clause: Clause, notices: _Notices) -> _Weighed:
        if isinstance(clause, Word) and clause.evidence:
            return self._weigh_word(clause)
        if isinstance(clause, Rendered):
            return self._weigh_rendered(clause)
        matched = self._score(clause, TEXT, notices)
        return _Weighed(matched.numbers, (), matched)

    def _weigh_rendered(self, clause: Rendered) -> _Weighed:
        found = find_rendered(self.terms, clause, TEXT, len(self.columns.passage))
        return _Weighed(found.surely, (), self._matched(found.postings, clause, found.frequency))

    def _weigh_word(self, word: Word) -> _Weighed:
        own: list[Variant] = []
        others: list[Variant] = []
        # Of many variants few are its own, and texts are compared much faster than terms.
        terms = [evidence.term for evidence in word.evidence]
        texts = {term.text for term in terms}
        for variant in word.variants:
            known = all(term.text in texts and term in terms for term in variant.terms)
            (own if known else others).append(variant)
        # Written in another way (cease fire for ceasefire) a word counts as it does in its own.
        matched = self._score_variants(others, TEXT)
        having = _NONE.numbers
        if not word.optional:
            size = len(self.columns.passage)
            having = unite([passages_of_variants(self.terms, own, TEXT, size), matched.numbers], size)
        return _Weighed(having, word.evidence, matched if len(matched.numbers) else None)

    def _scores(self, weighed: Sequence[_Weighed], matches: _Numbers) -> Scores:
        found = FoundEvidence([], [])
        fixed: list[Fixed] = []
        for one in weighed:
            own = read_evidence(one.evidence, self.terms, self.normal)
            found.weights.extend(own.weights)
            found.titled.extend(own.titled)
            if one.matched and not one.evidence:
                fixed.append((one.matched.numbers, one.matched.worth))
            elif one.matched:
                numbers = one.matched.numbers
                sums = self.sums.of(numbers, own)
                fixed.append((numbers, np.maximum(one.matched.worth - sums, np.float32(0))))
        return Scores(matches, found, fixed, self.sums)

    def _filter(self, passages: _Numbers, query: Query, notices: _Notices) -> _Numbers:
        """Those of `passages` that the query's filters let by."""
        columns = self.columns
        if query.lang is not None:
            passages = passages[columns.korean[passages] == (query.lang == "ko")]
        if query.paired:
            passages = passages[columns.pair[passages] > 0]
        if query.years is not None:
            passages = passages[in_years(columns.year[passages], query.years)]
        for part, clauses in ((TITLE, query.titles), (AUTHOR, query.authors)):
            for clause in clauses:
                passages = intersect(passages, self._score(clause, part, notices).numbers)
        for clause in query.excluded:
            barred = self._score(clause, TEXT, notices).numbers
            passages = without(passages, barred)
        return passages

    def _score(self, clause: Clause, part: str, notices: _Notices) -> _Matched:
        """The passages that match `clause`, and what it adds to their scores."""
        size = len(self.columns.passage)
        match clause:
            case Word():
                return self._score_variants(clause.variants, part)
            case Prefix():
                # One word with many forms: were each weighed alone, the rarest form would come first.
                return self._matched(add(self._expand(clause, part, notices), size), clause)
            case Phrase():
                return self._matched(phrase_postings(self.terms, clause, part, size), clause)
            case AnyOf():
                return self._combine(np.add, [self._score(one, part, notices) for one in clause.clauses])
            case Rendered():
                found = find_rendered(self.terms, clause, part, size)
                return self._matched(found.postings, clause, found.frequency)

    def _matched(self, found: Postings, clause: Clause, frequency: float | None = None) -> _Matched:
        return _Matched(found.numbers, self.normal.weigh(found, kind_of(clause), frequency))

    def _score_variants(self, variants: Iterable[Variant], part: str) -> _Matched:
        """The best of the variants as words and the best of them as syllables, together."""
        kinds: tuple[list[_Matched], list[_Matched]] = [], []
        for variant in variants:
            found = variant_postings(self.terms, variant, part)
            if len(found.numbers):
                kind = variant.terms[0].field
                worth = variant.weight * self.normal.weigh(found, kind)
                kinds[kind is Field.BIGRAM].append(_Matched(found.numbers, worth))
        both = [self._combine(np.maximum, one) for one in kinds if one]
        return self._combine(np.add, both) if both else _NONE

    def _expand(self, prefix: Prefix, part: str, notices: _Notices) -> list[Postings]:
        found = [variant_postings(self.terms, variant, part) for variant in prefix.word.variants]
        for kind in prefix.fields:
            name = field_name(part, kind)
            some, many, more = self.terms.beginning(name, prefix.beginning, notices.room)
            if more:
                notices.keys.add("too-many-expansions")
            notices.room -= many
            found += some
        return found

    def _combine(self, how: np.ufunc, several: Sequence[_Matched]) -> _Matched:
        """The passages of all, each with its values put together."""
        several = [one for one in several if len(one.numbers)]
        if not several:
            return _NONE
        if len(several) == 1:
            return several[0]
        numbers = unite([one.numbers for one in several], len(self.columns.passage))
        values = self.sums.scratch.take()
        for one in several:
            how.at(values, one.numbers, one.worth)
        together = values.take(numbers)
        self.sums.scratch.give_back(values, [numbers])
        return _Matched(numbers, together)


def _complete(matches: _Numbers, required: Sequence[_Numbers]) -> NDArray[np.bool_]:
    """By match, whether it is in all of `required`."""
    complete = np.zeros(len(matches), dtype=bool)
    complete[meet(matches, intersect_all(required))[0]] = True
    return complete


def _first(
    scores: Scores, query: Query, required: Sequence[_Numbers], complete: NDArray[np.bool_] | None
) -> tuple[_Numbers, NDArray[np.float32]]:
    """The matches that are looked at closer, best first, and their scores.

    Passages with one of two words cannot have them side by side, and stay behind those with both: where these
    are enough, the others are not weighed.
    """
    if complete is not None and len(required) == 2 and _are_of(query.nearby, query.clauses):  # noqa: PLR2004
        having = complete.nonzero()[0]
        if len(having) >= _ENOUGH:
            worth = scores.of(having)
            best = best_of(worth, CLOSER)
            return having[best], worth[best]
    return scores.best(CLOSER, complete)


def _are_of(phrases: Sequence[Phrase], clauses: Sequence[Clause]) -> bool:
    """Whether the phrases are made of just these clauses."""
    return all(word in clauses for phrase in phrases for word in phrase.words)


def _is_optional(clause: Clause) -> bool:
    return isinstance(clause, Word) and clause.optional
