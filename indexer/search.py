"""Query -> results: runs the engine, narrows, sorts, groups by document, and cuts snippets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Columns, Engine, Numbers, Ranking, Snapshot
from indexer.engine.whoosh import WhooshEngine
from indexer.errors import UnknownAddressError
from indexer.lexicon import Known, Lexicon, known_terms
from indexer.model import (
    DocumentHits,
    DocumentInfo,
    Facets,
    Hit,
    Lang,
    MarkedDocument,
    MarkedPassage,
    Passage,
    Query,
    SearchResults,
    Sort,
    Span,
    Stats,
)
from indexer.query import parse_query
from indexer.settings import Settings
from indexer.snippets import cut_snippet, merge_spans

__all__ = ["Archive", "open_archive"]


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a person chose beside the query."""

    lang: Lang | None
    years: tuple[int, int] | None
    sort: Sort


@dataclass(frozen=True, slots=True)
class _Found:
    """What a query found, narrowed and sorted; not yet read from the index."""

    numbers: Numbers
    scores: NDArray[np.float64]
    facets: Facets
    notices: tuple[str, ...]


class Archive:
    """An opened archive; may be used by several threads, and sees each new commit from the next call on."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings = settings
        self._engine = engine

    def search(
        self,
        text: str,
        *,
        lang: Lang | None = None,
        years: tuple[int, int] | None = None,
        sort: Sort = "relevance",
        page: int = 1,
        per_page: int = 10,
        per_document: int = 3,
    ) -> SearchResults:
        """One page of what `text` finds, grouped by document.

        Args:
            text: what was typed; where it is empty, a language or years alone find all that they let by.
            lang: only passages in this language.
            years: only documents of these years, both included.
            sort: by the best passage of each document, or by the documents' dates.
            page: from 1; beyond the last page there is nothing.
            per_page: documents on a page.
            per_document: passages shown of each.

        Raises:
            IndexMissingError: there is no index yet.
            IndexOutdatedError: the index must be rebuilt.
        """
        return self._results(text, _Choice(lang, years, sort), page, per_page, per_document)

    def passages(
        self,
        text: str,
        *,
        lang: Lang | None = None,
        years: tuple[int, int] | None = None,
        sort: Sort = "relevance",
        page: int = 1,
        limit: int = 10,
    ) -> SearchResults:
        """As `search`, but `limit` passages a page in one list, each in a group of its own."""
        return self._results(text, _Choice(lang, years, sort), page, limit, None)

    def document(self, document_id: str, *, text: str = "") -> MarkedDocument:
        """A whole document, with the matches of `text` marked.

        Raises:
            UnknownDocumentError: there is no such document.
        """
        return _document(self._engine.snapshot(), document_id, text)

    def passage(self, address: str, lang: Lang | None = None) -> Passage:
        """The passage with this address; of a pair the side in `lang`, else the English one.

        Raises:
            UnknownAddressError: there is no such passage.
        """
        return _passage(self._engine.snapshot(), address, lang)

    def place(
        self, address: str, lang: Lang | None = None, *, text: str = ""
    ) -> tuple[Passage, MarkedDocument]:
        """The passage with this address and the document it stands in, both of one commit.

        Raises:
            UnknownAddressError: there is no such passage.
        """
        snapshot = self._engine.snapshot()
        passage = _passage(snapshot, address, lang)
        return passage, _document(snapshot, passage.document, text)

    def documents(self) -> tuple[DocumentInfo, ...]:
        """All documents, the newest first, undated ones last."""
        return self._engine.snapshot().documents()

    def terms(self, text: str) -> list[tuple[str, tuple[Known, ...]]]:
        """The words of `text`, and the terms in it, each with its sure renderings; none without pairs."""
        lexicon = Lexicon(self.settings.lexicon)
        return known_terms(parse_query(text), lexicon) if lexicon else []

    def stats(self) -> Stats:
        """How much there is."""
        return self._engine.snapshot().stats

    def warm(self) -> None:
        """Loads what the first Korean query would otherwise wait for."""
        parse_query("한영")

    def _results(
        self, text: str, choice: _Choice, page: int, per_page: int, per_document: int | None
    ) -> SearchResults:
        snapshot = self._engine.snapshot()
        query = parse_query(text)
        if not query and choice.lang is None and choice.years is None:
            return SearchResults(query.text, 0, 0, (), Facets(), query.notices)
        found = _narrow(snapshot, query, snapshot.rank(query), choice)
        groups = _group(snapshot.columns, found.numbers, grouped=per_document is not None)
        shown = groups[(page - 1) * per_page : page * per_page]
        return SearchResults(
            text=query.text,
            total=len(found.numbers),
            documents=len(np.unique(snapshot.columns.document[found.numbers])),
            groups=_read(snapshot, query, found, shown, per_document or 1),
            facets=found.facets,
            notices=(*query.notices, *found.notices),
            page=page,
            pages=max(1, -(-len(groups) // per_page)),
        )


def open_archive(settings: Settings) -> Archive:
    """The archive of these settings; its index is opened at the first use."""
    return Archive(settings, WhooshEngine(settings.index))


def _document(snapshot: Snapshot, document_id: str, text: str) -> MarkedDocument:
    info, numbers = snapshot.document(document_id)
    spans = snapshot.spans(parse_query(text), numbers) if text.strip() else [()] * len(numbers)
    passages = snapshot.passages(numbers)
    marked = (MarkedPassage(p, merge_spans(found)) for p, found in zip(passages, spans, strict=True))
    return MarkedDocument(info, tuple(marked))


def _passage(snapshot: Snapshot, address: str, lang: Lang | None) -> Passage:
    sides = sorted(snapshot.passages(snapshot.addressed(address)), key=lambda side: side.lang)
    if not sides:
        raise UnknownAddressError(f"no passage of this archive has the address {address!r}")
    return next((side for side in sides if side.lang == lang), sides[0])


def _narrow(snapshot: Snapshot, query: Query, ranking: Ranking, choice: _Choice) -> _Found:
    columns, numbers, lang, years = snapshot.columns, ranking.numbers, choice.lang, choice.years
    korean, year = columns.korean[numbers], columns.year[numbers]
    in_lang = np.ones(len(numbers), dtype=bool) if lang is None else korean == (lang == "ko")
    in_years = np.ones(len(numbers), dtype=bool)
    if years is not None:
        in_years = (year >= years[0]) & (year <= years[1]) & (year > 0)
    facets = Facets(langs=_count_langs(korean[in_years]), years=_count_years(year[in_lang]))
    kept = np.flatnonzero(in_lang & in_years)
    if choice.sort == "date":
        kept = kept[np.argsort(-columns.date[numbers[kept]], kind="stable")]
    elif not query.clauses:
        kept = kept[np.lexsort((columns.ordinal[numbers[kept]], -columns.date[numbers[kept]]))]
    return _Found(numbers[kept], ranking.scores[kept], facets, ranking.notices)


def _count_langs(korean: NDArray[np.bool_]) -> dict[Lang, int]:
    in_korean = int(korean.sum())
    return {"en": len(korean) - in_korean, "ko": in_korean}


def _count_years(years: NDArray[np.int32]) -> dict[int, int]:
    found, counts = np.unique(years[years > 0], return_counts=True)
    return {int(year): int(count) for year, count in zip(found[::-1], counts[::-1], strict=True)}


def _group(columns: Columns, numbers: Numbers, *, grouped: bool) -> list[NDArray[np.intp]]:
    """Indices into `numbers`, one array a document, best first; each index alone where nothing is grouped."""
    if not grouped:
        return [np.array([index]) for index in range(len(numbers))]
    _, first, inverse = np.unique(columns.document[numbers], return_index=True, return_inverse=True)
    members = np.split(np.argsort(inverse, kind="stable"), np.cumsum(np.bincount(inverse))[:-1])
    return [members[index] for index in np.argsort(first)]


def _read(
    snapshot: Snapshot, query: Query, found: _Found, groups: Sequence[NDArray[np.intp]], per_document: int
) -> tuple[DocumentHits, ...]:
    """The hits of these groups: the only passages of a search that are read."""
    shown = [group[:per_document] for group in groups]
    indices = [int(index) for group in shown for index in group]
    numbers = [int(found.numbers[index]) for index in indices]
    passages, spans = snapshot.passages(numbers), snapshot.spans(query, numbers)
    hits = {
        index: _hit(passage, float(found.scores[index]), merge_spans(marked))
        for index, passage, marked in zip(indices, passages, spans, strict=True)
    }
    read: list[DocumentHits] = []
    for group, part in zip(groups, shown, strict=True):
        best = tuple(hits[int(index)] for index in part)
        info = snapshot.info(best[0].passage.document)
        read.append(DocumentHits(info, best, more=len(group) - len(part)))
    return tuple(read)


def _hit(passage: Passage, score: float, highlights: Sequence[Span]) -> Hit:
    marked = tuple(highlights)
    return Hit(passage, score, marked, cut_snippet(passage.text, marked, passage.lang))
