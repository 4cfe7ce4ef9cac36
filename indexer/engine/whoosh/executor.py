"""Answers a query: which passages match, how well, and where.

A passage's score is the sum over the words of the query, and a word's part of it the sum over its evidence:
each term counts by its rarity, by how often it stands in the passage, and a little more where it stands early
or in the document's title.  The first hundred are then looked at closer: words side by side bring a passage
up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Columns, Ranking
from indexer.engine.whoosh.marking import MAX_EXPANSIONS
from indexer.engine.whoosh.postings import Occurrences, Postings, add, adjoin, count, intersect, merge
from indexer.engine.whoosh.schema import AUTHOR, TEXT, TITLE, field_name
from indexer.engine.whoosh.terms import Terms
from indexer.model import (
    AnyOf,
    Clause,
    Evidence,
    Field,
    Phrase,
    Prefix,
    Query,
    Rendered,
    Term,
    Variant,
    Word,
)

__all__ = ["Executor", "Normal"]

_K1: Final = {Field.KOREAN: 0.65, Field.BIGRAM: 0.65, Field.ENGLISH: 0.9, Field.SURFACE: 0.9}
_B: Final = 0.7
_RARITY: Final = {Field.KOREAN: 1.35, Field.BIGRAM: 1.35, Field.ENGLISH: 1.0, Field.SURFACE: 1.0}
"""The exponent of a term's rarity, by the kind of term."""
_LEAD: Final = {Field.KOREAN: 0.6, Field.BIGRAM: 0.0, Field.ENGLISH: 0.3, Field.SURFACE: 0.0}
"""What a term adds that is a passage's first unit; a text says early what it is about."""
_LEAD_UNITS: Final = 8.0
"""Units after which half of that is left."""
_TITLED: Final = 1.2
"""What a term adds that stands in the document's title."""
_NEARBY: Final = {Field.KOREAN: 0.25, Field.BIGRAM: 0.25, Field.ENGLISH: 0.05, Field.SURFACE: 0.0}
"""What words side by side add, as a part of their score as a phrase."""
_SEQUENCE: Final = {Field.KOREAN: 1.0, Field.BIGRAM: 1.0, Field.ENGLISH: 3.5, Field.SURFACE: 3.5}
"""What terms in a row count beside a common noun, by the kind of the first."""
_CLOSER: Final = 100
"""Passages that are looked at closer."""
_FEW: Final = 3
"""Up to so many words are a search for all of them, and more are a question."""

_Floats = NDArray[np.float64]


@dataclass(slots=True)
class _Notices:
    """What there is to say about a query, how many words its prefixes may still stand for, what was read."""

    keys: set[str] = field(default_factory=set)
    room: int = MAX_EXPANSIONS
    places: dict[tuple[tuple[Term, ...], str], Occurrences] = field(default_factory=dict)
    """Of terms in a row, in the passages that are looked at closer: neighbours ask for a word twice."""


@dataclass(frozen=True, slots=True)
class Normal:
    """What is usual in the archive; the same for every query over one commit."""

    passages: int
    lengths: _Floats
    """How much the length of each passage, beside the average of its language, takes from its counts."""

    @classmethod
    def of(cls, columns: Columns) -> Normal:
        """The measures of these passages."""
        lengths = columns.length.astype(np.float64)
        for korean in (False, True):
            those = columns.passage & (columns.korean == korean) & ~columns.title
            if those.any():
                lengths[those] /= lengths[those].mean() or 1.0
        # A title is short and would beat every passage that speaks of the same; it counts as an average one.
        lengths[columns.title] = 1.0
        texts = columns.passage & ~columns.title
        return cls(max(1, int(texts.sum())), 1 - _B + _B * lengths)


@dataclass(frozen=True, slots=True)
class Executor:
    """Answers queries over one commit."""

    terms: Terms
    columns: Columns
    normal: Normal

    def rank(self, query: Query) -> Ranking:
        """See `indexer.engine.Snapshot.rank`."""
        notices = _Notices()
        size = len(self.columns.passage)
        scores = np.zeros(size)
        covered = np.zeros(size, dtype=np.int16)
        translated = any(isinstance(clause, Rendered) for clause in query.clauses)
        required = [clause for clause in query.clauses if not _is_optional(clause)]
        for clause in query.clauses:
            if isinstance(clause, Word) and clause.evidence:
                having = np.flatnonzero(self._add_word(clause, scores))
            else:
                having, values = self._score(clause, TEXT, notices)
                scores[having] += values
            if not _is_optional(clause):
                covered[having] += 1
        chosen = self.columns.passage & self._filter(query, notices)
        if required:
            chosen &= covered > 0
        # A word whose rendering is not known is no sign that a passage lacks it.
        for_all = len(required) <= _FEW and not translated
        complete = covered == len(required) if for_all else np.ones(size, dtype=bool)
        order = self._order(chosen, scores, complete)
        self._look_closer(query, order[:_CLOSER], scores, notices)
        best = order[:_CLOSER]
        order[:_CLOSER] = best[np.lexsort((best, -scores[best], ~complete[best]))]
        return Ranking(order.astype(np.int32), scores[order], tuple(sorted(notices.keys)))

    def _order(
        self, chosen: NDArray[np.bool_], scores: _Floats, complete: NDArray[np.bool_]
    ) -> NDArray[np.intp]:
        numbers = np.flatnonzero(chosen)
        # One number to sort by: whether something lacks, the score, the passage.  The bits of a positive
        # float are in its order; those that differ by less than its rounding go by the passage.
        worth = scores[numbers].astype(np.float32).view(np.uint32) | (
            complete[numbers].astype(np.uint32) << 31
        )
        keys = (~worth).astype(np.uint64) << 32 | numbers.astype(np.uint64)
        keys.sort()
        return (keys & 0xFFFFFFFF).astype(np.intp)

    def _look_closer(self, query: Query, best: NDArray[np.intp], scores: _Floats, notices: _Notices) -> None:
        """Adds to the scores of the `best` what the words that stand side by side in them are worth."""
        if not query.nearby or not len(best):
            return
        only = np.sort(best)
        for phrase in query.nearby:
            kind = _kind(phrase)
            if _NEARBY[kind]:
                found = count(self._occurrences(phrase, TEXT, notices, only))
                scores[found.numbers] += _NEARBY[kind] * self._weigh(found, kind)

    def _add_word(self, word: Word, scores: _Floats) -> NDArray[np.bool_]:
        """Adds to `scores` what the word is worth; which passages have it."""
        terms = {evidence.term for evidence in word.evidence}
        others = [variant for variant in word.variants if not terms.issuperset(variant.terms)]
        having = np.zeros(len(scores), dtype=bool)
        for variant in word.variants:
            if variant not in others:
                having[self._passages(variant, TEXT)] = True
        numbers, values = self._score_variants(others, TEXT)
        having[numbers] = True
        if len(numbers):
            # Written in another way (cease fire for ceasefire) a word counts as it does in its own.
            own = np.zeros(len(scores))
            self._add_evidence(word.evidence, own)
            own[numbers] = np.maximum(own[numbers], values)
            scores += own
        else:
            self._add_evidence(word.evidence, scores)
        return having

    def _add_evidence(self, evidence: Iterable[Evidence], scores: _Floats) -> None:
        for one in evidence:
            kind = one.term.field
            found = self.terms.postings(field_name(TEXT, kind), one.term.text)
            if not len(found.numbers):
                continue
            rarity = one.weight * self._rarity(len(found.numbers)) ** _RARITY[kind]
            worth = self._saturation(found, kind)
            if _LEAD[kind]:
                first = self.terms.first_positions(field_name(TEXT, kind), one.term.text).units
                worth += _LEAD[kind] / (1 + first / _LEAD_UNITS) * ~self.columns.title[found.numbers]
            scores[found.numbers] += rarity * worth
            if kind is not Field.BIGRAM:
                titled = self.terms.postings(field_name(TITLE, kind), one.term.text).numbers
                scores[titled] += rarity * _TITLED * ~self.columns.title[titled]

    def _filter(self, query: Query, notices: _Notices) -> NDArray[np.bool_]:
        kept = np.ones(len(self.columns.passage), dtype=bool)
        if query.lang is not None:
            kept &= self.columns.korean == (query.lang == "ko")
        if query.paired:
            kept &= self.columns.pair > 0
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
                return found.numbers, self._weigh(found, _kind(clause))
            case Phrase():
                found = count(self._occurrences(clause, part, notices))
                return found.numbers, self._weigh(found, _kind(clause))
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
        return merged.numbers, self._weigh(merged, _kind(clause), frequency)

    def _score_variants(self, variants: Iterable[Variant], part: str) -> tuple[NDArray[np.int64], _Floats]:
        words: list[tuple[NDArray[np.int64], _Floats]] = []
        syllables: list[tuple[NDArray[np.int64], _Floats]] = []
        for variant in variants:
            found = self._postings(variant, part)
            weighed = (found.numbers, variant.weight * self._weigh(found, variant.terms[0].field))
            (syllables if variant.terms[0].field is Field.BIGRAM else words).append(weighed)
        return _sum([_best(words), _best(syllables)])

    def _weigh(self, found: Postings, kind: Field, frequency: float | None = None) -> _Floats:
        """BM25 of each posting.

        Args:
            found: the postings.
            kind: what they are of.
            frequency: in how many passages the word counts as being; by default as many as there are
            postings.

        Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with
        the logarithm's argument raised by one as Lucene does, so that no weight is negative.
        """
        frequency = len(found.numbers) if frequency is None else frequency
        rarity = self._rarity(frequency) ** _RARITY[kind]
        weights: _Floats = _SEQUENCE[kind] * rarity * self._saturation(found, kind)
        return weights

    def _rarity(self, frequency: float) -> float:
        """How much a term says that `frequency` passages have."""
        passages = self.normal.passages
        return math.log1p((passages - frequency + 0.5) / (frequency + 0.5)) if frequency <= passages else 0.0

    def _saturation(self, found: Postings, kind: Field) -> _Floats:
        """What the occurrences in each passage count, from 0 to `_K1` + 1."""
        k1 = _K1[kind]
        norms = k1 * self.normal.lengths[found.numbers]
        weights: _Floats = found.counts * (k1 + 1) / (found.counts + norms)
        return weights

    def _passages(self, variant: Variant, part: str) -> NDArray[np.int64]:
        """The passages that have the variant; more than once where they have it several times."""
        if len(variant.terms) == 1:
            return self._postings(variant, part).numbers
        return self._sequence(variant.terms, part).numbers

    def _postings(self, variant: Variant, part: str) -> Postings:
        if len(variant.terms) == 1:
            term = variant.terms[0]
            return self.terms.postings(field_name(part, term.field), term.text)
        return count(self._sequence(variant.terms, part))

    def _occurrences(
        self, clause: Clause, part: str, notices: _Notices, only: NDArray[np.int64] | None = None
    ) -> Occurrences:
        match clause:
            case Word():
                return merge(
                    [self._places(variant.terms, part, notices, only) for variant in clause.variants]
                )
            case Prefix():
                expanded = self._expand(clause, part, notices)
                return merge([self._places(variant.terms, part, notices, only) for variant in expanded])
            case Phrase():
                ways = (clause.words, *clause.otherwise)
                return merge([self._row(words, part, notices, only) for words in ways])
            case AnyOf():
                return merge([self._occurrences(one, part, notices, only) for one in clause.clauses])
            case Rendered():
                return merge([self._places(one.terms, part, notices, only) for one in clause.renderings])

    def _row(
        self, words: Sequence[Word], part: str, notices: _Notices, only: NDArray[np.int64] | None
    ) -> Occurrences:
        """Where all of `words` stand, each right after the other."""
        return reduce(adjoin, (self._occurrences(word, part, notices, only) for word in words))

    def _places(
        self, terms: tuple[Term, ...], part: str, notices: _Notices, only: NDArray[np.int64] | None
    ) -> Occurrences:
        """Where all of `terms` stand in a row; read once for the passages that are looked at closer."""
        if only is None:
            return self._sequence(terms, part)
        found = notices.places.get((terms, part))
        if found is None:
            found = notices.places[terms, part] = self._sequence(terms, part, only)
        return found

    def _sequence(
        self, terms: Sequence[Term], part: str, only: NDArray[np.int64] | None = None
    ) -> Occurrences:
        """Where all of `terms` stand, each right after the other."""
        if only is None and len(terms) > 1:
            only = self._together(terms, part)
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

    def _together(self, terms: Sequence[Term], part: str) -> NDArray[np.int64]:
        """The passages that have all of `terms`."""
        having = [self.terms.postings(field_name(part, term.field), term.text).numbers for term in terms]
        return reduce(intersect, sorted(having, key=len))

    def _expand(self, prefix: Prefix, part: str, notices: _Notices) -> Iterator[Variant]:
        yield from prefix.word.variants
        for kind in prefix.fields:
            terms, more = self.terms.beginning_with(field_name(part, kind), prefix.beginning, notices.room)
            if more:
                notices.keys.add("too-many-expansions")
            notices.room -= len(terms)
            yield from (Variant((Term(kind, term),)) for term in terms)


def _kind(clause: Clause) -> Field:
    """The kind of a clause's first term."""
    match clause:
        case Word():
            return clause.variants[0].terms[0].field
        case Prefix():
            return clause.fields[0]
        case Phrase():
            return _kind(clause.words[0])
        case AnyOf():
            return _kind(clause.clauses[0])
        case Rendered():
            return clause.renderings[0].terms[0].field


def _is_optional(clause: Clause) -> bool:
    return isinstance(clause, Word) and clause.optional


def _sum(parts: Sequence[tuple[NDArray[np.int64], _Floats]]) -> tuple[NDArray[np.int64], _Floats]:
    return _combine(np.add, parts)


def _best(parts: Sequence[tuple[NDArray[np.int64], _Floats]]) -> tuple[NDArray[np.int64], _Floats]:
    return _combine(np.maximum, parts)


def _combine(
    how: np.ufunc, parts: Sequence[tuple[NDArray[np.int64], _Floats]]
) -> tuple[NDArray[np.int64], _Floats]:
    """The passages of all `parts`, each of which has a passage once, and their values put together."""
    parts = [part for part in parts if len(part[0])]
    if not parts:
        return np.empty(0, dtype=np.int64), np.empty(0)
    if len(parts) == 1:
        return parts[0]
    size = 1 + max(int(numbers[-1]) for numbers, _ in parts)
    having, values = np.zeros(size, dtype=bool), np.zeros(size)
    for numbers, worth in parts:
        having[numbers] = True
        values[numbers] = how(values[numbers], worth)
    together = np.flatnonzero(having)
    return together, values[together]
