"""Where the words of a query stand in a few passages: what is marked in them.

For ten passages, a place here and there is looked up faster than arrays are put together, so all of this
works on plain numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import islice
from typing import Final

import numpy as np

from indexer.engine.whoosh.occurrences import OccurrenceReader, Place
from indexer.engine.whoosh.schema import TEXT, field_name
from indexer.engine.whoosh.sequences import all_of
from indexer.engine.whoosh.terms import Terms
from indexer.model.query import AnyOf, Clause, Phrase, Prefix, Query, Rendered, Rendering, Variant, Word
from indexer.model.terms import Field, Term
from indexer.model.text import Span
from indexer.snippets import merge_spans

__all__ = ["MAX_EXPANSIONS", "mark"]

MAX_EXPANSIONS: Final = 200
"""Words that the prefixes of a query may stand for, all together."""
_MARKED: Final = 0.3
"""Evidence that weighs less is not marked where it stands alone."""
_SHORTEST_PART: Final = 2
"""Syllables of a part that is marked."""
_SYLLABLES: Final = {Field.BIGRAM}
_FEW: Final = 8
"""Passages from which it pays to read the places in all of them as arrays."""

_Runs = dict[int, tuple[OccurrenceReader, int, int]]
"""By passage, the occurrences of a term in it: who reads them, and `[start, stop)` there."""
_Spans = dict[int, list[tuple[int, int]]]
"""By passage, the spans of something in it, in any order, maybe several times; without the passages in which
it does not stand."""
_Places = dict[int, list[Place]]
"""The same with the units, for what may stand in a row with something else."""


def mark(terms: Terms, query: Query, numbers: Sequence[int]) -> list[tuple[Span, ...]]:
    """See `indexer.engine.Snapshot.spans`."""
    required = [clause for clause in query.clauses if not (isinstance(clause, Word) and clause.optional)]
    if not required or not numbers:
        return [()] * len(numbers)
    reading = _Reading(terms, numbers)
    # Where there is one clause only, a passage without it is no hit.
    found = reading.clause(required[0]) if len(required) == 1 else _of_several(reading, required)
    return [merge_spans(found[number]) if number in found else () for number in numbers]


def _of_several(reading: _Reading, required: Sequence[Clause]) -> _Spans:
    spans = [reading.clause(clause) for clause in required]
    found: _Spans = {}
    for own in spans:
        _add(found, own)
    hits = set(found)
    for clause, own in zip(required, spans, strict=True):
        if isinstance(clause, Word) and len(own) < len(hits):
            parts = reading.parts(clause)
            for number in parts.keys() & hits - own.keys():
                found[number] += parts[number]
    return found


class _Reading:
    """Looks up some passages for one query."""

    def __init__(self, terms: Terms, numbers: Iterable[int]) -> None:
        """The passages `numbers`."""
        self._terms = terms
        self._listed = sorted(set(numbers))
        self._only = np.array(self._listed, dtype=np.intp)
        self._words: dict[int, _Places] = {}
        """By the identity of each word where it stands: a phrase may ask for a word several times."""
        self._room = MAX_EXPANSIONS
        """How many words the prefixes that are yet to come may stand for."""

    def clause(self, clause: Clause) -> _Spans:
        """Where `clause` stands."""
        spans: _Spans = {}
        match clause:
            case Word():
                self._add_variants(spans, clause.variants)
            case Prefix():
                self._add_variants(spans, clause.word.variants)
                self._add_expanded(spans, clause)
            case Phrase():
                for words in (clause.words, *clause.otherwise):
                    _add(spans, _spans(reduce(_adjoin, map(self._word, words))))
            case AnyOf():
                for one in clause.clauses:
                    _add(spans, self.clause(one))
            case Rendered():
                self._add_variants(spans, clause.renderings)
        return spans

    def parts(self, word: Word) -> _Spans:
        """Where parts of a word stand: in hits without the word, what brought them is marked."""
        spans: _Spans = {}
        for one in word.evidence:
            long = len(one.term.text) >= _SHORTEST_PART
            if one.weight >= _MARKED and long and one.term.field is Field.KOREAN:
                self._add_term(spans, one.term)
        return spans

    def _add_variants(self, spans: _Spans, variants: Iterable[Variant | Rendering]) -> None:
        for variant in variants:
            terms = variant.terms
            if len(terms) == 1:
                self._add_term(spans, terms[0])
                continue
            runs = self._together(terms)
            if runs and {term.field for term in terms} == _SYLLABLES:
                _add_syllables(spans, runs)
            elif runs:
                _add(spans, _spans(_in_a_row(terms, runs)))

    def _add_term(self, spans: _Spans, term: Term) -> None:
        postings = self._terms.find(field_name(TEXT, term.field), term.text)
        if postings is None:
            return
        for number, some in postings.spans_in(self._only, self._listed):
            if number in spans:
                spans[number] += some
            else:
                spans[number] = some

    def _add_expanded(self, spans: _Spans, prefix: Prefix) -> None:
        for kind in prefix.fields:
            name = field_name(TEXT, kind)
            runs, many = self._terms.beginning_in(name, prefix.beginning, self._room, self._only)
            self._room -= many
            for number, reader, start, stop in runs:
                spans.setdefault(number, []).extend(reader.few_spans(start, stop))

    def _word(self, word: Word) -> _Places:
        known = self._words.get(id(word))
        if known is None:
            known = self._words[id(word)] = {}
            for variant in word.variants:
                for number, places in self._sequence(variant.terms).items():
                    known[number] = known.get(number, []) + places
        return known

    def _sequence(self, terms: Sequence[Term]) -> _Places:
        """Where all of `terms` stand, each right after the other."""
        runs = self._together(terms)
        return _in_a_row(terms, runs) if runs else {}

    def _together(self, terms: Sequence[Term]) -> list[_Runs]:
        """The occurrences of each of the terms; none at all where no passage can have all of them."""
        together: list[_Runs] = []
        for postings in all_of(self._terms, terms, TEXT):
            together.append(postings.runs_in(self._only, self._listed))
            if not together[-1]:
                return []
        return together


def _in_a_row(terms: Sequence[Term], runs: Sequence[_Runs]) -> _Places:
    """Where something of each of the terms stands right after something of the term before it."""
    joined = _read(runs[0], set(runs[0]).intersection(*runs[1:]))
    for term, having in zip(terms[1:], runs[1:], strict=True):
        join = _overlap if term.field is Field.BIGRAM else _adjoin
        joined = join(joined, _read(having, joined))
    return joined


def _add_syllables(spans: _Spans, runs: Sequence[_Runs]) -> None:
    """Adds where bigrams follow one another, for which their units need not be read."""
    for number in set(runs[0]).intersection(*runs[1:]):
        reader, start, stop = runs[0][number]
        joined = reader.few_spans(start, stop)
        for having in runs[1:]:
            reader, start, stop = having[number]
            following: dict[int, list[int]] = {}
            for begin, end in reader.few_spans(start, stop):
                following.setdefault(begin, []).append(end)
            joined = [(a, end) for a, b in joined for end in following.get(b - 1, ())]
        if joined:
            spans.setdefault(number, []).extend(joined)


def _read(runs: _Runs, numbers: Iterable[int]) -> _Places:
    """The places of some of the runs; those of one field are read together."""
    by_reader: dict[OccurrenceReader, list[int]] = {}
    for number in numbers:
        by_reader.setdefault(runs[number][0], []).append(number)
    read: _Places = {}
    for reader, own in by_reader.items():
        if len(own) < _FEW:
            for number in own:
                read[number] = reader.few_places(*runs[number][1:])
            continue
        begins = [runs[number][1] for number in own]
        many = [runs[number][2] - runs[number][1] for number in own]
        places = reader.several_places(begins, many)
        for number, count in zip(own, many, strict=True):
            read[number] = list(islice(places, count))
    return read


def _add(spans: _Spans, more: _Spans) -> None:
    for number, some in more.items():
        if number in spans:
            spans[number] += some
        else:
            spans[number] = list(some)


def _spans(places: _Places) -> _Spans:
    return {number: [(start, stop) for _, _, start, stop in some] for number, some in places.items() if some}


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
