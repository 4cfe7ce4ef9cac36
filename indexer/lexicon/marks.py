"""Where, in the other side of a hit, the words stand that answer to the words of the query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from indexer.lexicon.lookup import Lexicon
from indexer.lexicon.translation import translate
from indexer.model.query import Query, Rendered
from indexer.model.terms import Term, Token
from indexer.model.text import Lang, Span

__all__ = ["rendering_spans"]

_LEAST_WEIGHT = 0.1
"""How surely a rendering must render a word of the query to be marked; the search may use less."""


def rendering_spans(query: Query, lexicon: Lexicon, tokens: Sequence[Token], lang: Lang) -> tuple[Span, ...]:
    """The spans of the renderings of the query's words, in order and disjoint; none where nothing is known.

    Args:
        query: as it was typed, in the language of the hit.
        lexicon: what renders its words.
        tokens: those of the other side's text; the spans point into that text, in code points.
        lang: the language of the other side.
    """
    wanted = {
        rendering.terms
        for clause in translate(query, lexicon, lang).clauses
        if isinstance(clause, Rendered)
        for rendering in clause.renderings
        if rendering.learned and rendering.weight >= _LEAST_WEIGHT
    }
    found = sorted(
        (span for terms in wanted for span in _rows(tokens, terms)), key=lambda s: (s.start, -s.end)
    )
    spans: list[Span] = []
    for span in found:
        if not spans or span.start >= spans[-1].end:
            spans.append(span)
    return tuple(spans)


def _rows(tokens: Sequence[Token], terms: Sequence[Term]) -> Iterator[Span]:
    """Where all of `terms` stand, each right after the other."""
    by_place: defaultdict[tuple[int, Term], list[Token]] = defaultdict(list)
    for token in tokens:
        by_place[token.position, Term(token.field, token.term)].append(token)
    for first in tokens:
        if Term(first.field, first.term) != terms[0]:
            continue
        last: Token | None = first
        for term in terms[1:]:
            following = by_place.get((last.position + last.length, term)) if last else None
            last = following[0] if following else None
        if last is not None:
            yield Span(first.span.start, last.span.end)
