"""Where terms and words stand in a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.postings import Occurrences, Postings, adjoin, count, intersect_all, merge, unite
from indexer.engine.whoosh.schema import field_name
from indexer.engine.whoosh.terms import TermPostings, Terms
from indexer.model import Field, Phrase, Term, Variant, Word

__all__ = ["Places", "passages_of_variant", "passages_of_word", "phrase_postings", "variant_postings"]

_Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Places:
    """Where words stand in some passages; what was looked for is kept, as neighbours ask for a word twice."""

    terms: Terms
    part: str
    """Of the passages: their text, titles or authors."""
    only: _Numbers
    """The passages, ascending."""
    _known: dict[tuple[Term, ...], Occurrences] = field(default_factory=dict)

    def row(self, words: Iterable[Word]) -> Occurrences:
        """Where all of `words` stand, each right after the other."""
        return reduce(adjoin, map(self.word, words))

    def word(self, word: Word) -> Occurrences:
        """Where the word stands in any of its forms."""
        return merge([self.sequence(variant.terms) for variant in word.variants])

    def sequence(self, terms: tuple[Term, ...]) -> Occurrences:
        """Where all of `terms` stand, each right after the other."""
        found = self._known.get(terms)
        if found is None:
            found = self._known[terms] = self._look_for(terms)
        return found

    def _look_for(self, terms: tuple[Term, ...]) -> Occurrences:
        postings = _all_of(self.terms, terms, self.part)
        joined = postings[0].occurrences(self.only) if postings else Occurrences.none()
        for term, found in zip(terms[1:], postings[1:], strict=False):
            if not len(joined.numbers):
                break
            joined = adjoin(joined, found.occurrences(self.only), syllables=term.field is Field.BIGRAM)
        return joined


def variant_postings(terms: Terms, variant: Variant, part: str) -> Postings:
    """The passages that have `variant`, and how often."""
    if len(variant.terms) == 1:
        return terms.postings(field_name(part, variant.terms[0].field), variant.terms[0].text)
    having = passages_of_variant(terms, variant, part)
    if not len(having):
        return Postings.none()
    return count(Places(terms, part, having).sequence(variant.terms))


def passages_of_variant(terms: Terms, variant: Variant, part: str) -> _Numbers:
    """The passages that have all terms of `variant`, wherever they stand."""
    postings = _all_of(terms, variant.terms, part)
    return intersect_all([one.numbers for one in postings]) if postings else np.empty(0, dtype=np.intp)


def passages_of_word(terms: Terms, word: Word, part: str, size: int) -> _Numbers:
    """The passages, all numbers below `size`, that have all terms of any form of `word`."""
    return unite([passages_of_variant(terms, variant, part) for variant in word.variants], size)


def phrase_postings(terms: Terms, phrase: Phrase, part: str, size: int) -> Postings:
    """The passages, all numbers below `size`, that have the words of `phrase` in a row, and how often."""
    found: list[Occurrences] = []
    for words in (phrase.words, *phrase.otherwise):
        having = [passages_of_word(terms, word, part, size) for word in words]
        only = intersect_all(having)
        if len(only):
            found.append(Places(terms, part, only).row(words))
    return count(merge(found))


def _all_of(terms: Terms, wanted: Sequence[Term], part: str) -> list[TermPostings]:
    """The postings of each of the terms in order; none at all where one of them is not in the index."""
    found: dict[Term, TermPostings] = {}
    # The longest is the least likely one.
    for term in sorted(wanted, key=lambda one: -len(one.text)):
        postings = terms.find(field_name(part, term.field), term.text)
        if postings is None:
            return []
        found[term] = postings
    return [found[term] for term in wanted]
