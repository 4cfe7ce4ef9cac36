"""The simplest thing that works, to compare with: IBM model 1, and the best renderings of a word as words.

Source: Brown et al., "The Mathematics of Statistical Machine Translation" (1993), model 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from indexer.analysis import STOP_WORDS
from indexer.lexicon.lessons import Text
from indexer.lexicon.lookup import terms_of
from indexer.model.query import Query, Rendered, Rendering, Word
from indexer.model.terms import Field
from indexer.model.text import Lang

__all__ = ["FirstTry"]

_ROUNDS: Final = 5
_BEST: Final = 3


class FirstTry:
    """Renderings of single terms, learned from pairs of passages."""

    def __init__(self, pairs: Sequence[tuple[Text, Text]]) -> None:
        english = [_terms(text) for text, _ in pairs]
        korean = [_terms(text) for _, text in pairs]
        self._best = {"ko": _model_1(english, korean), "en": _model_1(korean, english)}

    def translate(self, query: Query, into: Lang) -> Query:
        """The query with the best renderings of each of its words, each a word of its own."""
        terms = [
            term.text
            for clause in query.clauses
            if isinstance(clause, Word) and not clause.optional
            for term in clause.variants[0].terms
            if term.field is not Field.BIGRAM
        ]
        words = [
            Rendered(term, (Rendering(rendering, terms_of(rendering), 1.0),))
            for term in dict.fromkeys(terms)
            for rendering in self._best[into].get(term, ())
        ]
        return replace(query, clauses=tuple(words), nearby=(), lang=into)


def _terms(text: Text) -> list[str]:
    return [
        token.term
        for token in text[1]
        if token.field in (Field.ENGLISH, Field.KOREAN) and token.term not in STOP_WORDS
    ]


def _model_1(sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    """By source term, its likeliest target terms."""
    left = {term: number for number, term in enumerate(dict.fromkeys(t for row in sources for t in row))}
    right = {term: number for number, term in enumerate(dict.fromkeys(t for row in targets for t in row))}
    kinds, places, size = [], [], 0
    for source, target in zip(sources, targets, strict=True):
        here = np.array([left[term] for term in source], dtype=np.int64)
        there = np.array([right[term] for term in target], dtype=np.int64)
        kinds.append((here[:, None] * len(right) + there[None]).ravel())
        places.append(np.tile(np.arange(size, size + len(there)), len(here)))
        size += len(there)
    kind, cell = np.unique(np.concatenate(kinds), return_inverse=True)
    place = np.concatenate(places)
    share = np.ones(len(kind))
    for _ in range(_ROUNDS):
        weights = share[cell]
        weights /= np.bincount(place, weights, minlength=size)[place]
        counts = np.bincount(cell, weights, minlength=len(kind))
        share = counts / np.bincount(kind // len(right), counts, minlength=len(left))[kind // len(right)]
    lefts, rights = list(left), list(right)
    best: defaultdict[str, list[str]] = defaultdict(list)
    for at in np.lexsort((-share, kind // len(right))).tolist():
        renderings = best[lefts[int(kind[at]) // len(right)]]
        if len(renderings) < _BEST:
            renderings.append(rights[int(kind[at]) % len(right)])
    return dict(best)
