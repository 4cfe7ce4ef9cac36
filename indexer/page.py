"""One page of what a query finds: narrowed, sorted, by document, and with some of the other language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from indexer.engine import Snapshot
from indexer.hits import read_hits, translated
from indexer.model.query import Query
from indexer.model.results import Also, AlsoResults, Facets, SearchResults
from indexer.narrow import Choice, Found, group_by_document, narrow
from indexer.query import parse_query

if TYPE_CHECKING:
    from indexer.also import Translation
    from indexer.lexicon import Lexicon

__all__ = ["Asked", "find_page", "room_of"]

_FEW: Final = 3
"""Documents in the other language that are shown beneath the direct hits."""
_CHARACTERS_OF_A_HIT: Final = 1000
"""What a hit takes beside its text, in code points."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of results that a person asks for."""

    text: str
    choice: Choice
    page: int
    """From 1."""
    per_page: int
    """Documents, or passages where they are not grouped."""
    per_document: int | None
    """None where the passages are not grouped."""
    also: Also = "few"
    without: tuple[str, ...] = ()
    """Renderings that are not searched."""


def find_page(snapshot: Snapshot, asked: Asked, lexicon: Lexicon | None) -> SearchResults:
    """The page that is asked for; in the other language nothing is found without a lexicon."""
    query = parse_query(asked.text)
    if not query and not asked.choice:
        return SearchResults(query.text, 0, 0, (), Facets(), query.notices)
    found = narrow(snapshot.columns, query, snapshot.rank(query), asked.choice)
    translation = translated(query, lexicon, asked.without)
    also = _also(snapshot, query, translation, found, asked)
    whole = also is not None and also.whole
    size, each, grouped = asked.per_page, asked.per_document or 1, asked.per_document is not None
    groups = group_by_document(
        snapshot.columns, found, (asked.page - 1) * size, asked.page * size, grouped=grouped
    )
    shown = [] if whole else groups.shown
    return SearchResults(
        text=query.text,
        total=len(found.numbers),
        documents=groups.documents,
        groups=read_hits(snapshot, query, translation, found, shown, per_document=each),
        facets=found.facets,
        notices=(*query.notices, *found.notices),
        page=1 if whole else asked.page,
        pages=max(1, -(-groups.groups // size)),
        also=also,
    )


def _also(
    snapshot: Snapshot, query: Query, translation: Translation | None, direct: Found, asked: Asked
) -> AlsoResults | None:
    """What is found in the other language; a few of it beside the first page of direct hits."""
    whole = asked.also == "all"
    if translation is None or asked.also == "off" or (asked.page > 1 and not whole):
        return None
    lang = translation.query.lang
    if lang is None or query.lang not in (None, lang):
        return None
    from indexer.also import find_also  # noqa: PLC0415 - as in `indexer.hits`

    found = find_also(snapshot, translation, direct.numbers, asked.choice)
    if found is None:
        return None
    size, page = (asked.per_page, asked.page) if whole else (min(_FEW, asked.per_page), 1)
    each, grouped = asked.per_document or 1, asked.per_document is not None
    groups = group_by_document(snapshot.columns, found, (page - 1) * size, page * size, grouped=grouped)
    # What is found only by its translation has nothing of the query itself to be marked.
    unmarked = replace(query, clauses=())
    return AlsoResults(
        lang=lang,
        total=len(found.numbers),
        documents=groups.documents,
        groups=read_hits(snapshot, unmarked, translation, found, groups.shown, per_document=each),
        words=translation.words,
        without=asked.without,
        page=page,
        pages=max(1, -(-groups.groups // size)) if whole else 1,
        whole=whole,
    )


def room_of(results: SearchResults) -> int:
    """About how much room a page of results takes, in code points."""
    size = _CHARACTERS_OF_A_HIT
    for group in (*results.groups, *(results.also.groups if results.also else ())):
        for hit in group.hits:
            size += _CHARACTERS_OF_A_HIT + len(hit.passage.text) + (len(hit.pair.text) if hit.pair else 0)
    return size
