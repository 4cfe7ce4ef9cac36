"""Where the words of a query stand in a few passages: what is marked in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.postings import Occurrences, adjoin, merge
from indexer.engine.whoosh.schema import TEXT, field_name
from indexer.engine.whoosh.terms import Terms
from indexer.model import AnyOf, Clause, Field, Phrase, Prefix, Query, Rendered, Span, Term, Variant, Word

__all__ = ["MAX_EXPANSIONS", "mark"]

MAX_EXPANSIONS: Final = 200
"""Words that the prefixes of a query may stand for, all together."""
_MARKED: Final = 0.3
"""Evidence that weighs less is not marked where it stands alone."""
_SHORTEST_PART: Final = 2
"""Syllables of a part that is marked."""

_Ints = NDArray[np.int64]


def mark(terms: Terms, query: Query, numbers: Sequence[int]) -> list[tuple[Span, ...]]:
    """See `indexer.engine.Snapshot.spans`."""
    only = np.unique(np.array(numbers, dtype=np.int64))
    reading = _Reading(terms, only)
    required = [clause for clause in query.clauses if not (isinstance(clause, Word) and clause.optional)]
    places = [reading.occurrences(clause) for clause in required]
    hits: set[int] = set().union(*(one.numbers.tolist() for one in places))
    for clause, own in zip(required, list(places), strict=True):
        without = np.array(sorted(hits.difference(own.numbers.tolist())), dtype=np.int64)
        if isinstance(clause, Word) and len(without):
            places += _parts(terms, clause, without)
    found: dict[int, set[Span]] = {number: set() for number in only.tolist()}
    for one in places:
        columns = one.numbers.tolist(), one.start.tolist(), one.stop.tolist()
        for number, start, stop in zip(*columns, strict=True):
            found[number].add(Span(start, stop))
    return [tuple(sorted(found[number])) for number in numbers]


def _parts(terms: Terms, word: Word, only: _Ints) -> list[Occurrences]:
    """Where parts of a word stand in hits without the word: what brought a hit is marked."""
    weighty = (one.term for one in word.evidence if one.weight >= _MARKED)
    parts = (term for term in weighty if term.field is Field.KOREAN and len(term.text) >= _SHORTEST_PART)
    return [terms.occurrences(field_name(TEXT, term.field), term.text, only) for term in parts]


@dataclass(slots=True)
class _Reading:
    """What is read of some passages for one query; each term once."""

    terms: Terms
    only: _Ints
    """The passages, ascending."""
    places: dict[tuple[Term, ...], Occurrences] = field(default_factory=dict)
    room: int = MAX_EXPANSIONS
    """How many words the prefixes that are yet to come may stand for."""

    def occurrences(self, clause: Clause) -> Occurrences:
        """Where `clause` stands."""
        match clause:
            case Word():
                return merge([self._places(variant.terms) for variant in clause.variants])
            case Prefix():
                return merge([self._places(variant.terms) for variant in self._expand(clause)])
            case Phrase():
                return merge([self._row(words) for words in (clause.words, *clause.otherwise)])
            case AnyOf():
                return merge([self.occurrences(one) for one in clause.clauses])
            case Rendered():
                return merge([self._places(one.terms) for one in clause.renderings])

    def _row(self, words: Sequence[Word]) -> Occurrences:
        """Where all of `words` stand, each right after the other."""
        return reduce(adjoin, map(self.occurrences, words))

    def _places(self, terms: tuple[Term, ...]) -> Occurrences:
        """Where all of `terms` stand, each right after the other."""
        if terms not in self.places:
            self.places[terms] = self._sequence(terms)
        return self.places[terms]

    def _sequence(self, terms: Sequence[Term]) -> Occurrences:
        joined: Occurrences | None = None
        for term in terms:
            places = self.terms.occurrences(field_name(TEXT, term.field), term.text, self.only)
            if joined is None:
                joined = places
            else:
                joined = adjoin(joined, places, syllables=term.field is Field.BIGRAM)
            if not len(joined.numbers):
                break
        return joined or Occurrences.none()

    def _expand(self, prefix: Prefix) -> Iterator[Variant]:
        yield from prefix.word.variants
        for kind in prefix.fields:
            terms, _ = self.terms.beginning_with(field_name(TEXT, kind), prefix.beginning, self.room)
            self.room -= len(terms)
            yield from (Variant((Term(kind, term),)) for term in terms)
