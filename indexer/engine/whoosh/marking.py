"""Where the words of a query stand in a few passages: what is marked in them.

For ten passages, a place here and there is looked up faster than arrays are put together, so all of this
works on plain numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Final

import numpy as np

from indexer.engine.whoosh.fields import Place
from indexer.engine.whoosh.schema import TEXT, field_name
from indexer.engine.whoosh.terms import TermPostings, Terms
from indexer.model import AnyOf, Clause, Field, Phrase, Prefix, Query, Rendered, Span, Term, Word

__all__ = ["MAX_EXPANSIONS", "mark"]

MAX_EXPANSIONS: Final = 200
"""Words that the prefixes of a query may stand for, all together."""
_MARKED: Final = 0.3
"""Evidence that weighs less is not marked where it stands alone."""
_SHORTEST_PART: Final = 2
"""Syllables of a part that is marked."""

_Places = dict[int, list[Place]]
"""By passage, where something stands in it; without the passages in which it does not."""


def mark(terms: Terms, query: Query, numbers: Sequence[int]) -> list[tuple[Span, ...]]:
    """See `indexer.engine.Snapshot.spans`."""
    required = [clause for clause in query.clauses if not (isinstance(clause, Word) and clause.optional)]
    if not required or not numbers:
        return [()] * len(numbers)
    reading = _Reading(terms, sorted(set(numbers)))
    places = [reading.clause(clause) for clause in required]
    found: dict[int, set[tuple[int, int]]] = {number: set() for one in places for number in one}
    for clause, own in zip(required, places, strict=True):
        for number, several in own.items():
            found[number].update([(start, stop) for _, _, start, stop in several])
        if isinstance(clause, Word) and len(own) < len(found):
            for number, several in reading.parts(clause, [one for one in found if one not in own]).items():
                found[number].update([(start, stop) for _, _, start, stop in several])
    return [tuple([Span(start, stop) for start, stop in sorted(found.get(number, ()))]) for number in numbers]


class _Reading:
    """Looks up some passages for one query."""

    def __init__(self, terms: Terms, numbers: Sequence[int]) -> None:
        """The passages `numbers`, ascending."""
        self._terms = terms
        self._numbers = numbers
        self._only = np.array(numbers, dtype=np.intp)
        self._words: dict[int, _Places] = {}
        """By the identity of each word where it stands: a phrase may ask for a word several times."""
        self._room = MAX_EXPANSIONS
        """How many words the prefixes that are yet to come may stand for."""

    def clause(self, clause: Clause) -> _Places:
        """Where `clause` stands."""
        match clause:
            case Word():
                return self._word(clause)
            case Prefix():
                return self._prefix(clause)
            case Phrase():
                return _union(self._row(words) for words in (clause.words, *clause.otherwise))
            case AnyOf():
                return _union(map(self.clause, clause.clauses))
            case Rendered():
                return _union(self._sequence(one.terms) for one in clause.renderings)

    def parts(self, word: Word, numbers: Sequence[int]) -> _Places:
        """Where parts of a word stand in hits without the word: what brought a hit is marked."""
        return _union(
            self._term(one.term, numbers)
            for one in word.evidence
            if one.weight >= _MARKED
            and one.term.field is Field.KOREAN
            and len(one.term.text) >= _SHORTEST_PART
        )

    def _word(self, word: Word) -> _Places:
        known = self._words.get(id(word))
        if known is None:
            known = self._words[id(word)] = _union(self._sequence(one.terms) for one in word.variants)
        return known

    def _row(self, words: Sequence[Word]) -> _Places:
        """Where all of `words` stand, each right after the other."""
        return reduce(_adjoin, map(self._word, words))

    def _sequence(self, terms: Sequence[Term]) -> _Places:
        """Where all of `terms` stand, each right after the other."""
        if len(terms) == 1:
            return self._term(terms[0], self._numbers)
        numbers = self._together(terms)
        if not numbers:
            return {}
        joined = self._term(terms[0], numbers)
        for term in terms[1:]:
            places = self._term(term, [number for number in numbers if number in joined])
            joined = (_overlap if term.field is Field.BIGRAM else _adjoin)(joined, places)
        return joined

    def _together(self, terms: Sequence[Term]) -> Sequence[int]:
        """The passages that have all of `terms`."""
        postings: list[TermPostings] = []
        # The longest is the least likely one.
        for term in sorted(terms, key=lambda one: -len(one.text)):
            found = self._terms.find(field_name(TEXT, term.field), term.text)
            if found is None:
                return []
            postings.append(found)
        numbers = self._numbers
        for found in postings:
            having = self._having(found)
            numbers = [number for number in numbers if number in having]
            if not numbers:
                break
        return numbers

    def _term(self, term: Term, numbers: Sequence[int]) -> _Places:
        found = self._terms.find(field_name(TEXT, term.field), term.text)
        if found is None:
            return {}
        having = self._having(found)
        return {number: found.places_at(having[number]) for number in numbers if number in having}

    def _having(self, found: TermPostings) -> dict[int, int]:
        """The passages that have the term, each with its index among all that have it."""
        numbers = found.numbers
        indices = numbers.searchsorted(self._only).tolist()
        view, size = numbers.data, len(numbers)
        return {
            number: index
            for number, index in zip(self._numbers, indices, strict=True)
            if index < size and view[index] == number
        }

    def _prefix(self, prefix: Prefix) -> _Places:
        places = [self._word(prefix.word)]
        for kind in prefix.fields:
            name = field_name(TEXT, kind)
            some, many = self._terms.beginning_in(name, prefix.beginning, self._room, self._only)
            self._room -= many
            places.append(some)
        return _union(places)


def _union(several: Iterable[_Places]) -> _Places:
    filled = [one for one in several if one]
    if len(filled) == 1:
        return filled[0]
    union: _Places = {}
    for one in filled:
        for number, places in one.items():
            union[number] = union[number] + places if number in union else places
    return union


def _adjoin(left: _Places, right: _Places) -> _Places:
    """Where something of `right` begins at the unit at which something of `left` ends."""
    joined: _Places = {}
    for number in left.keys() & right.keys():
        places = [
            (first, end, start, stop)
            for first, middle, start, _ in left[number]
            for position, end, _, stop in right[number]
            if position == middle
        ]
        if places:
            joined[number] = places
    return joined


def _overlap(left: _Places, right: _Places) -> _Places:
    """Where a bigram of `right` begins at the second syllable of one of `left`."""
    joined: _Places = {}
    for number in left.keys() & right.keys():
        places = [
            (first, end, start, stop)
            for first, _, start, middle in left[number]
            for _, end, begin, stop in right[number]
            if begin == middle - 1
        ]
        if places:
            joined[number] = places
    return joined
