"""Answers a query: which passages match, how well, and where.

A passage's score is the sum over the words of the query.  Of the variants of a word the best counts; what
syllable pairs add to it is a part of their own score, so that a word is not counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Columns, Ranking
from indexer.engine.whoosh.postings import Occurrences, Postings, add, adjoin, count, merge
from indexer.engine.whoosh.schema import AUTHOR, TEXT, TITLE, field_name
from indexer.engine.whoosh.terms import Terms
from indexer.model import AnyOf, Clause, Field, Phrase, Prefix, Query, Rendered, Span, Term, Variant, Word

__all__ = ["MAX_EXPANSIONS", "Executor"]

MAX_EXPANSIONS: Final = 200
"""Words that the prefixes of a query may stand for, all together."""
_K1: Final = 1.2
_B: Final = 0.75
_NEARBY: Final = 0.25
"""What words side by side add, as a part of their score as a phrase."""

_Floats = NDArray[np.float64]


@dataclass(slots=True)
class _Notices:
    """What there is to say about a query, and how many words its prefixes may still stand for."""

    keys: set[str] = field(default_factory=set)
    room: int = MAX_EXPANSIONS


@dataclass(frozen=True, slots=True)
class Executor:
    """Answers queries over one commit."""

    terms: Terms
    columns: Columns

    def rank(self, query: Query) -> Ranking:
        """See `indexer.engine.Snapshot.rank`."""
        notices = _Notices()
        size = len(self.columns.passage)
        scores = np.zeros(size)
        covered = np.zeros(size, dtype=np.int16)
        translated = any(isinstance(clause, Rendered) for clause in query.clauses)
        required = [clause for clause in query.clauses if not _is_optional(clause)]
        for clause in query.clauses:
            numbers, values = self._score(clause, TEXT, notices)
            scores[numbers] += values
            if not _is_optional(clause):
                covered[numbers] += 1
        for phrase in query.nearby:
            numbers, values = self._score(phrase, TEXT, notices)
            scores[numbers] += _NEARBY * values
        chosen = self.columns.passage & self._filter(query, notices)
        if required:
            chosen &= covered > 0
        # A word whose rendering is not known is no sign that a passage lacks it: no passage is incomplete.
        complete = np.ones(size, dtype=bool) if translated else covered == len(required)
        return self._order(chosen, scores, complete, notices)

    def spans(self, query: Query, numbers: Sequence[int]) -> list[tuple[Span, ...]]:
        """See `indexer.engine.Snapshot.spans`."""
        only = sorted(set(numbers))
        found: dict[int, set[Span]] = {number: set() for number in only}
        notices = _Notices()
        for clause in query.clauses:
            if _is_optional(clause):
                continue
            places = self._occurrences(clause, TEXT, notices, only)
            for number, start, stop in zip(places.numbers, places.start, places.stop, strict=True):
                found[int(number)].add(Span(int(start), int(stop)))
        return [tuple(sorted(found[number])) for number in numbers]

    def _order(
        self, chosen: NDArray[np.bool_], scores: _Floats, complete: NDArray[np.bool_], notices: _Notices
    ) -> Ranking:
        numbers = np.flatnonzero(chosen)
        order = np.lexsort((numbers, -scores[numbers], ~complete[numbers]))
        numbers = numbers[order]
        return Ranking(numbers.astype(np.int32), scores[numbers], tuple(sorted(notices.keys)))

    def _filter(self, query: Query, notices: _Notices) -> NDArray[np.bool_]:
        kept = np.ones(len(self.columns.passage), dtype=bool)
        if query.lang is not None:
            kept &= self.columns.korean == (query.lang == "ko")
        if query.years is not None:
            first, last = query.years
            kept &= (self.columns.year >= first) & (self.columns.year <= last) & (self.columns.year > 0)
        for part, clauses in ((TITLE, query.titles), (AUTHOR, query.authors)):
            for clause in clauses:
                kept &= self._having(clause, part, notices)
        for clause in query.excluded:
            kept &= ~self._having(clause, TEXT, notices)
        return kept

    def _having(self, clause: Clause, part: str, notices: _Notices) -> NDArray[np.bool_]:
        having = np.zeros(len(self.columns.passage), dtype=bool)
        having[self._score(clause, part, notices)[0]] = True
        return having

    def _score(self, clause: Clause, part: str, notices: _Notices) -> tuple[NDArray[np.int64], _Floats]:
        """The passages that match `clause`, each once, and what it adds to their scores."""
        match clause:
            case Word():
                return self._score_variants(clause.variants, part)
            case Prefix():
                # One word with many forms: were each weighed alone, the rarest form would come first.
                found = add(
                    [self._postings(variant, part) for variant in self._expand(clause, part, notices)]
                )
                return found.numbers, self._weigh(found)
            case Phrase():
                found = count(self._occurrences(clause, part, notices))
                return found.numbers, self._weigh(found)
            case AnyOf():
                return _sum([self._score(one, part, notices) for one in clause.clauses])
            case Rendered():
                return self._score_rendered(clause, part)

    def _score_rendered(self, clause: Rendered, part: str) -> tuple[NDArray[np.int64], _Floats]:
        """Counts and document frequency of a word as expected from those of its renderings.

        Source: Darwish and Oard, "Probabilistic Structured Query Methods" (2003).
        """
        found = [self._postings(Variant(one.terms), part) for one in clause.renderings]
        weighted = [
            Postings(one.numbers, rendering.weight * one.counts)
            for one, rendering in zip(found, clause.renderings, strict=True)
        ]
        frequency = sum(
            rendering.weight * len(one.numbers)
            for one, rendering in zip(found, clause.renderings, strict=True)
        )
        merged = add(weighted)
        return merged.numbers, self._weigh(merged, frequency)

    def _score_variants(self, variants: Iterable[Variant], part: str) -> tuple[NDArray[np.int64], _Floats]:
        words: list[tuple[NDArray[np.int64], _Floats]] = []
        syllables: list[tuple[NDArray[np.int64], _Floats]] = []
        for variant in variants:
            found = self._postings(variant, part)
            weighed = (found.numbers, variant.weight * self._weigh(found))
            (syllables if variant.terms[0].field is Field.BIGRAM else words).append(weighed)
        return _sum([_best(words), _best(syllables)])

    def _weigh(self, found: Postings, frequency: float | None = None) -> _Floats:
        """BM25 of each posting.

        Args:
            found: the postings.
            frequency: in how many passages the word counts as being; by default as many as there are
            postings.

        Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with
        the logarithm's argument raised by one as Lucene does, so that no weight is negative.
        """
        columns = self.columns
        documents = max(1, int(columns.passage.sum()))
        frequency = len(found.numbers) if frequency is None else frequency
        rarity = (
            np.log1p((documents - frequency + 0.5) / (frequency + 0.5)) if frequency <= documents else 0.0
        )
        average = float(columns.length.sum()) / documents or 1.0
        norm = _K1 * (1 - _B + _B * columns.length[found.numbers] / average)
        weights: _Floats = rarity * found.counts * (_K1 + 1) / (found.counts + norm)
        return weights

    def _postings(self, variant: Variant, part: str) -> Postings:
        if len(variant.terms) == 1:
            term = variant.terms[0]
            return self.terms.postings(field_name(part, term.field), term.text)
        return count(self._sequence(variant.terms, part))

    def _occurrences(
        self, clause: Clause, part: str, notices: _Notices, only: Sequence[int] | None = None
    ) -> Occurrences:
        match clause:
            case Word():
                return merge([self._sequence(variant.terms, part, only) for variant in clause.variants])
            case Prefix():
                expanded = self._expand(clause, part, notices)
                return merge([self._sequence(variant.terms, part, only) for variant in expanded])
            case Phrase():
                ways = (clause.words, *clause.otherwise)
                return merge([self._row(words, part, notices, only) for words in ways])
            case AnyOf():
                return merge([self._occurrences(one, part, notices, only) for one in clause.clauses])
            case Rendered():
                return merge([self._sequence(one.terms, part, only) for one in clause.renderings])

    def _row(
        self, words: Sequence[Word], part: str, notices: _Notices, only: Sequence[int] | None
    ) -> Occurrences:
        """Where all of `words` stand, each right after the other."""
        return reduce(adjoin, (self._occurrences(word, part, notices, only) for word in words))

    def _sequence(self, terms: Sequence[Term], part: str, only: Sequence[int] | None = None) -> Occurrences:
        """Where all of `terms` stand, each right after the other."""
        joined: Occurrences | None = None
        for term in terms:
            places = self.terms.occurrences(field_name(part, term.field), term.text, only)
            if joined is None:
                joined = places
            else:
                joined = adjoin(joined, places, syllables=term.field is Field.BIGRAM)
            if not len(joined.numbers):
                break
        return joined or Occurrences.none()

    def _expand(self, prefix: Prefix, part: str, notices: _Notices) -> Iterator[Variant]:
        yield from prefix.word.variants
        for kind in prefix.fields:
            terms, more = self.terms.beginning_with(field_name(part, kind), prefix.beginning, notices.room)
            if more:
                notices.keys.add("too-many-expansions")
            notices.room -= len(terms)
            yield from (Variant((Term(kind, term),)) for term in terms)


def _is_optional(clause: Clause) -> bool:
    return isinstance(clause, Word) and clause.optional


def _sum(parts: Sequence[tuple[NDArray[np.int64], _Floats]]) -> tuple[NDArray[np.int64], _Floats]:
    numbers, where = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
    values = np.zeros(len(numbers))
    np.add.at(values, where, np.concatenate([part[1] for part in parts]))
    return numbers, values


def _best(parts: Sequence[tuple[NDArray[np.int64], _Floats]]) -> tuple[NDArray[np.int64], _Floats]:
    if not parts:
        return np.empty(0, dtype=np.int64), np.empty(0)
    numbers, where = np.unique(np.concatenate([part[0] for part in parts]), return_inverse=True)
    values = np.zeros(len(numbers))
    np.maximum.at(values, where, np.concatenate([part[1] for part in parts]))
    return numbers, values
