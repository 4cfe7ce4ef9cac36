"""What is shown of the passages that were found: their text, what is marked in it, and their other sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, islice
from typing import TYPE_CHECKING

import numpy as np

from indexer.engine import Columns, Snapshot
from indexer.model.archive import MarkedDocument, MarkedPassage
from indexer.model.query import Query
from indexer.model.results import DocumentHits, Hit, PairedText
from indexer.model.text import Passage, Span
from indexer.narrow import Found
from indexer.query import parse_query
from indexer.snippets import cut_snippet, join_sides, spans_apart

if TYPE_CHECKING:
    from indexer.also import Translation
    from indexer.lexicon import Lexicon

# The other language is loaded where it is needed: `hanyeong serve` answers its first query so much sooner.
# ruff: noqa: PLC0415

__all__ = ["mark_document", "numbers_of", "read_hits", "translated"]


def translated(query: Query, lexicon: Lexicon | None, without: Iterable[str] = ()) -> Translation | None:
    """The query in the other language; none where there is no lexicon, or it knows none of the words."""
    if lexicon is None:
        return None
    from indexer.also import translation_of

    return translation_of(query, lexicon, without)


def mark_document(
    snapshot: Snapshot, document_id: str, text: str, lexicon: Lexicon | None, without: Iterable[str]
) -> MarkedDocument:
    """A whole document, with the matches of `text` and its renderings marked, less those in `without`.

    Raises:
        UnknownDocumentError: there is no such document.
    """
    info, numbers = snapshot.document(document_id)
    passages = snapshot.passages(numbers)
    if not text.strip():
        return MarkedDocument(info, tuple(map(MarkedPassage, passages)))
    query = parse_query(text)
    spans = snapshot.spans(query, numbers)
    renderings = _renderings(snapshot, translated(query, lexicon, without), numbers)
    marked = (
        MarkedPassage(passage, found, spans_apart(rendered, found))
        for passage, found, rendered in zip(passages, spans, renderings, strict=True)
    )
    return MarkedDocument(info, tuple(marked))


def read_hits(
    snapshot: Snapshot,
    query: Query,
    translation: Translation | None,
    found: Found,
    groups: Sequence[Sequence[int]],
    *,
    per_document: int,
) -> tuple[DocumentHits, ...]:
    """The hits of these groups and their other sides: the only passages of a search that are read.

    Args:
        snapshot: what was searched.
        query: what is marked.
        translation: it in the other language, of which the renderings are marked.
        found: what was found.
        groups: indices of its passages by document, best first.
        per_document: passages shown of each.
    """
    shown = [group[:per_document] for group in groups]
    indices = [index for part in shown for index in part]
    every = found.numbers.data  # a few come faster out of a view
    numbers: list[int] = [every[index] for index in indices]
    passages = snapshot.passages(numbers)
    partners = _partners(snapshot.columns, numbers, passages)
    wanted = sorted({number for several in partners for number in several})
    # Hits and their other sides are looked into together, as each word is looked up once.
    shown_all = [*numbers, *wanted]
    marked = dict(zip(shown_all, snapshot.spans(query, shown_all), strict=True))
    rendered = dict(zip(shown_all, _renderings(snapshot, translation, shown_all), strict=True))
    sides = dict(zip(wanted, snapshot.passages(wanted), strict=True)) if wanted else {}
    scored = zip(numbers, passages, found.scores(indices), partners, strict=True)
    hits = iter(
        [
            _hit(passage, score, marked[number], rendered[number], _side(several, sides, marked, rendered))
            for number, passage, score, several in scored
        ]
    )
    best = accumulate(map(len, shown), initial=0)
    infos = snapshot.infos([numbers[at] for at, _ in zip(best, shown, strict=False)])
    return tuple(
        [
            DocumentHits(info, tuple(islice(hits, len(part))), more=len(group) - len(part))
            for info, group, part in zip(infos, groups, shown, strict=True)
        ]
    )


def _hit(
    passage: Passage,
    score: float,
    marked: tuple[Span, ...],
    rendered: Sequence[Span],
    pair: PairedText | None,
) -> Hit:
    renderings = spans_apart(rendered, marked) if rendered else ()
    snippet = cut_snippet(passage.text, marked, passage.lang, renderings=renderings)
    if pair is not None:
        # Of a long side without a match, the part is shown that stands where the hit's snippet stands.
        at = passage.text.find(snippet.text) / len(passage.text) if snippet.starts_inside else 0.0
        side = cut_snippet(pair.text, pair.highlights, pair.lang, at=at, renderings=pair.renderings)
        pair = replace(pair, snippet=side)
    return Hit(passage, score, marked, snippet, pair, renderings)


def _partners(columns: Columns, numbers: Sequence[int], passages: Sequence[Passage]) -> list[list[int]]:
    """For each of the passages the numbers of those that say the same in the other language."""
    return [
        numbers_of(columns, number, passage.partners) if passage.partners else []
        for number, passage in zip(numbers, passages, strict=True)
    ]


def numbers_of(columns: Columns, beside: int, ordinals: tuple[int, ...]) -> list[int]:
    """The numbers of the passages with these ordinals in the document of the passage `beside`.

    The passages of a document are written in a row, so a number is as far away as its ordinal; where that is
    not so, the document is looked through.
    """
    found: list[int] = []
    for ordinal in ordinals:
        guess = beside + ordinal - int(columns.ordinal[beside])
        if 0 <= guess < len(columns.document) and _is_at(columns, guess, beside, ordinal):
            found.append(guess)
            continue
        same = columns.passage & (columns.document == columns.document[beside]) & (columns.ordinal == ordinal)
        found.extend(int(number) for number in np.flatnonzero(same)[:1])
    return found


def _is_at(columns: Columns, number: int, beside: int, ordinal: int) -> bool:
    same_document = columns.document[number] == columns.document[beside]
    return bool(columns.passage[number] and same_document and columns.ordinal[number] == ordinal)


def _side(
    numbers: Sequence[int],
    passages: Mapping[int, Passage],
    marked: Mapping[int, tuple[Span, ...]],
    rendered: Mapping[int, Sequence[Span]],
) -> PairedText | None:
    """The other side of a hit: the passages `numbers`, by number with what is marked in each."""
    if not numbers:
        return None
    return join_sides(
        [passages[number] for number in numbers],
        [marked[number] for number in numbers],
        [rendered[number] for number in numbers],
    )


def _renderings(
    snapshot: Snapshot, translation: Translation | None, numbers: Sequence[int]
) -> Sequence[Sequence[Span]]:
    """For each of the passages, where words stand that render the query's."""
    if translation is None:
        return [()] * len(numbers)
    from indexer.also import rendering_spans_of

    return rendering_spans_of(snapshot, translation, numbers)
