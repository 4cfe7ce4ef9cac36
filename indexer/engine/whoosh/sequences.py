"""Where terms and words stand in a row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.ascending import intersect, intersect_all, unite, without
from indexer.engine.whoosh.postings import Occurrences, Postings, adjoin, count, merge
from indexer.engine.whoosh.schema import field_name
from indexer.engine.whoosh.term_postings import TermPostings, occurrences
from indexer.engine.whoosh.terms import Terms
from indexer.model.query import Phrase, Variant, Word
from indexer.model.terms import Field, Term

__all__ = ["Places", "all_of", "passages_of_variants", "phrase_postings", "variant_postings"]

_NOWHERE: Final = Occurrences.none()

_Numbers = NDArray[np.intp]


class Places:
    """Where words stand in some passages; what was looked for is kept, as neighbours ask for a word twice."""

    def __init__(
        self,
        terms: Terms,
        part: str,
        only: _Numbers,
        words: Iterable[Word] = (),
    ) -> None:
        """Reads where the terms of `words` stand; those of others when they are asked for.

        Args:
            terms: the terms of the commit.
            part: of the passages: their text, titles or authors.
            only: the passages, ascending.
            words: what will be asked for.
        """
        self._terms = terms
        self._part = part
        self._only = only
        self._asked: set[tuple[Term, ...]] = set()
        self._read: dict[Term, Occurrences] = {}
        self._known: dict[tuple[Term, ...], Occurrences] = {}
        self._words: dict[int, Occurrences] = {}
        """By the identity of each word where it stands."""
        self._read_all([variant.terms for word in words for variant in word.variants])

    def row(self, words: Iterable[Word]) -> Occurrences:
        """Where all of `words` stand, each right after the other."""
        return reduce(adjoin, map(self.word, words))

    def word(self, word: Word) -> Occurrences:
        """Where the word stands in any of its forms."""
        found = self._words.get(id(word))
        if found is None:
            found = merge([self.sequence(variant.terms) for variant in word.variants])
            self._words[id(word)] = found
        return found

    def sequence(self, terms: tuple[Term, ...]) -> Occurrences:
        """Where all of `terms` stand, each right after the other."""
        found = self._known.get(terms)
        if found is None:
            self._read_all([terms])
            found = self._known.get(terms)
        if found is None:
            found = self._known[terms] = _joined(terms, [self._read[term] for term in terms])
        return found

    def _read_all(self, several: Iterable[tuple[Term, ...]]) -> None:
        """Reads the terms of those of several sequences of which the index has all terms."""
        found: dict[Term, TermPostings] = {}
        for terms in several:
            if terms in self._asked:
                continue
            self._asked.add(terms)
            postings = all_of(self._terms, terms, self._part)
            # Halves of a word that is written as two seldom stand in one passage.
            if postings and (len(terms) == 1 or _meet_in(self._only, postings)):
                found.update(zip(terms, postings, strict=True))
            else:
                self._known[terms] = _NOWHERE
        new = [term for term in found if term not in self._read]
        if new:
            # Syllables are put together by their code points, words by their units.
            spans = any(term.field is Field.BIGRAM for term in new)
            places = occurrences([found[term] for term in new], self._only, spans=spans)
            self._read.update(zip(new, places, strict=True))


def variant_postings(terms: Terms, variant: Variant, part: str) -> Postings:
    """The passages that have `variant`, and how often."""
    if len(variant.terms) == 1:
        return terms.postings(field_name(part, variant.terms[0].field), variant.terms[0].text)
    postings = all_of(terms, variant.terms, part)
    if not postings:
        return Postings.none()
    having = intersect_all([one.numbers for one in postings])
    return count(_in_a_row(variant.terms, postings, having)) if len(having) else Postings.none()


def passages_of_variants(terms: Terms, variants: Iterable[Variant], part: str, size: int) -> _Numbers:
    """The passages, all numbers below `size`, that have any of the variants."""
    found: list[_Numbers] = []
    for variant in sorted(variants, key=_terms_of):
        postings = all_of(terms, variant.terms, part)
        if not postings:
            continue
        numbers = intersect_all([one.numbers for one in postings])
        if len(postings) > 1:
            # Nobody asks where the terms stand in passages that are known to have another variant.
            for known in found:
                numbers = without(numbers, known)
            if len(numbers):
                numbers = count(_in_a_row(variant.terms, postings, numbers)).numbers
        found.append(numbers)
    return unite(found, size)


def _in_a_row(wanted: Sequence[Term], postings: Sequence[TermPostings], only: _Numbers) -> Occurrences:
    """Where the terms `wanted` stand in the passages `only`, each right after the other."""
    # Syllables are put together by their code points, words by their units.
    spans = any(term.field is Field.BIGRAM for term in wanted)
    return _joined(wanted, occurrences(postings, only, units=not spans, spans=spans))


def _joined(terms: Sequence[Term], places: Sequence[Occurrences]) -> Occurrences:
    """Where the terms stand each right after the other, by the places of each."""
    joined = places[0]
    for term, following in zip(terms[1:], places[1:], strict=True):
        joined = adjoin(joined, following, syllables=term.field is Field.BIGRAM)
    return joined


def _terms_of(variant: Variant) -> int:
    return len(variant.terms)


def _with_all_terms(terms: Terms, variant: Variant, part: str) -> _Numbers:
    """The passages that have all terms of `variant`, wherever they stand."""
    postings = all_of(terms, variant.terms, part)
    return intersect_all([one.numbers for one in postings]) if postings else np.empty(0, dtype=np.intp)


def phrase_postings(terms: Terms, phrase: Phrase, part: str, size: int) -> Postings:
    """The passages, all numbers below `size`, that have the words of `phrase` in a row, and how often."""
    found: list[Occurrences] = []
    for words in (phrase.words, *phrase.otherwise):
        having = (
            unite([_with_all_terms(terms, variant, part) for variant in word.variants], size)
            for word in words
        )
        only = intersect_all(list(having))
        if len(only):
            found.append(Places(terms, part, only, words).row(words))
    return count(merge(found))


def _meet_in(only: _Numbers, postings: Sequence[TermPostings]) -> bool:
    """Whether any of a few passages has all of several terms."""
    for one in sorted(postings, key=_frequency):
        if not len(only):
            return False
        only = intersect(only, one.numbers)
    return len(only) > 0


def _frequency(postings: TermPostings) -> int:
    return len(postings.numbers)


def all_of(terms: Terms, wanted: Sequence[Term], part: str) -> list[TermPostings]:
    """The postings of each of the terms in order; none at all where one of them is not in the index."""
    if len(wanted) == 1:
        alone = terms.find(field_name(part, wanted[0].field), wanted[0].text)
        return [] if alone is None else [alone]
    found: dict[int, TermPostings] = {}
    # The longest is the least likely one.
    for _, at in sorted([(-len(term.text), at) for at, term in enumerate(wanted)]):
        postings = terms.find(field_name(part, wanted[at].field), wanted[at].text)
        if postings is None:
            return []
        found[at] = postings
    return [found[at] for at in range(len(wanted))]
