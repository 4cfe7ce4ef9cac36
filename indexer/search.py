"""Query -> results: runs the engine, narrows, sorts, groups by document, and cuts snippets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.addresses import PastAddresses
from indexer.engine import Engine, Snapshot
from indexer.engine.whoosh import WhooshEngine
from indexer.errors import IndexMissingError, UnknownAddressError, UnknownDocumentError
from indexer.kept import Kept
from indexer.lexicon import Known, Lexicon, known_terms
from indexer.model import (
    DocumentHits,
    DocumentInfo,
    Facets,
    Hit,
    Lang,
    MarkedDocument,
    MarkedPassage,
    PairedText,
    Passage,
    Query,
    SearchResults,
    Sort,
    Span,
    Stats,
    Tally,
    Tombstone,
)
from indexer.narrow import Choice, Found, group_by_document, narrow, numbers_of
from indexer.query import parse_query
from indexer.report import Finding, review
from indexer.settings import Settings
from indexer.snippets import cut_snippet, join_sides, merge_spans

__all__ = ["Archive", "open_archive"]

_KEPT_PAGES: Final = 512
"""Pages of results that are kept until the next commit."""
_KEPT_CHARACTERS: Final = 8_000_000
"""Code points that they may have together, and as many bytes and more."""
_CHARACTERS_OF_A_HIT: Final = 1000
"""What a hit takes beside its text, in code points."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page of results that a person asks for."""

    text: str
    choice: Choice
    page: int
    per_page: int
    per_document: int | None
    """None where the passages are not grouped."""


class Archive:
    """An opened archive; may be used by several threads, and sees each new commit from the next call on."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings = settings
        self._engine = engine
        self._kept = Kept[SearchResults](most=_KEPT_PAGES, size=_KEPT_CHARACTERS, weigh=_characters)
        self._past = PastAddresses(settings.addresses)

    def search(
        self,
        text: str,
        *,
        lang: Lang | None = None,
        years: tuple[int, int] | None = None,
        paired: bool = False,
        sort: Sort = "relevance",
        page: int = 1,
        per_page: int = 10,
        per_document: int = 3,
    ) -> SearchResults:
        """One page of what `text` finds, grouped by document.

        Args:
            text: what was typed; where it is empty, what is chosen beside it finds all that it lets by.
            lang: only passages in this language.
            years: only documents of these years, both included.
            paired: only passages that have another side.
            sort: by the best passage of each document, or by the documents' dates.
            page: from 1; beyond the last page there is nothing.
            per_page: documents on a page.
            per_document: passages shown of each.

        Raises:
            IndexMissingError: there is no index yet.
            IndexOutdatedError: the index must be rebuilt.
        """
        return self._results(_Asked(text, Choice(lang, years, sort, paired), page, per_page, per_document))

    def passages(
        self,
        text: str,
        *,
        lang: Lang | None = None,
        years: tuple[int, int] | None = None,
        paired: bool = False,
        sort: Sort = "relevance",
        page: int = 1,
        limit: int = 10,
    ) -> SearchResults:
        """As `search`, but `limit` passages a page in one list, each in a group of its own."""
        return self._results(_Asked(text, Choice(lang, years, sort, paired), page, limit, None))

    def document(self, document_id: str, *, text: str = "") -> MarkedDocument:
        """A whole document, with the matches of `text` marked.

        Raises:
            UnknownDocumentError: there is no such document.
        """
        return _document(self._engine.snapshot(), document_id, text)

    def passage(self, address: str, lang: Lang | None = None) -> Passage:
        """The passage with this address; of a pair the side in `lang`, else the English one.

        An address of former times leads to the passage that it has become.

        Raises:
            UnknownAddressError: there is no such passage.
        """
        return self._passage(self._engine.snapshot(), address, lang)

    def place(
        self, address: str, lang: Lang | None = None, *, text: str = ""
    ) -> tuple[Passage, MarkedDocument]:
        """The passage with this address and the document it stands in, both of one commit.

        Raises:
            UnknownAddressError: there is no such passage.
        """
        snapshot = self._engine.snapshot()
        passage = self._passage(snapshot, address, lang)
        return passage, _document(snapshot, passage.document, text)

    def report(self, document_id: str) -> tuple[DocumentInfo, tuple[Finding, ...]]:
        """What a translation editor should look at in a document; computed now.

        Raises:
            UnknownDocumentError: there is no such document.
        """
        snapshot = self._engine.snapshot()
        info, numbers = snapshot.document(document_id)
        return info, review(snapshot.passages(numbers))

    def tallies(self) -> tuple[tuple[DocumentInfo, Tally], ...]:
        """How much there is to be looked at in each document that is in both languages, the most first.

        The figures were counted when the documents were indexed.
        """
        snapshot = self._engine.snapshot()
        tallies = snapshot.tallies()
        counted = [(info, tallies[info.id]) for info in snapshot.documents() if info.id in tallies]
        return tuple(sorted(counted, key=lambda one: -one[1].total))

    def tombstone(self, address: str, lang: Lang | None = None) -> Tombstone | None:
        """What is left of a passage that is gone; `None` where there never was one with this address."""
        grave = self._past.grave(address, lang)
        if grave is None:
            return None
        snapshot = self._engine.snapshot()
        near = (self._past.leads_to(*key) or key for key in grave.near)
        found = (side for key in near for side in _sides(snapshot, key[0]) if side.lang == grave.lang)
        try:
            info = snapshot.info(grave.document)
        except UnknownDocumentError:
            info = None
        return Tombstone(grave.address, grave.lang, grave.text, grave.document, info, next(found, None))

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

    @property
    def generation(self) -> str:
        """What changes with every commit, and only then; costs next to nothing.

        Raises:
            IndexMissingError: there is no index yet.
            IndexOutdatedError: the index must be rebuilt.
        """
        return self._engine.snapshot().generation

    def is_built(self) -> bool:
        """Whether there is an index.

        Raises:
            IndexOutdatedError: there is one that must be rebuilt.
        """
        try:
            self._engine.snapshot()
        except IndexMissingError:
            return False
        return True

    def warm(self) -> None:
        """Loads what the first Korean query would otherwise wait for."""
        parse_query("한영")

    def _passage(self, snapshot: Snapshot, address: str, lang: Lang | None) -> Passage:
        sides = _sides(snapshot, address)
        if not any(lang in (None, side.lang) for side in sides):
            now = self._past.leads_to(address, lang)
            sides = (_sides(snapshot, now[0]) if now else []) or sides
            lang = now[1] if now else lang
        if not sides:
            raise UnknownAddressError(f"no passage of this archive has the address {address!r}")
        return next((side for side in sides if side.lang == lang), sides[0])

    def _results(self, asked: _Asked) -> SearchResults:
        snapshot = self._engine.snapshot()
        return self._kept.get(snapshot.generation, asked, lambda: _find(snapshot, asked))


def open_archive(settings: Settings) -> Archive:
    """The archive of these settings; its index is opened at the first use."""
    return Archive(settings, WhooshEngine(settings.index))


def _find(snapshot: Snapshot, asked: _Asked) -> SearchResults:
    query = parse_query(asked.text)
    if not query and not asked.choice:
        return SearchResults(query.text, 0, 0, (), Facets(), query.notices)
    found = narrow(snapshot.columns, query, snapshot.rank(query), asked.choice)
    groups = group_by_document(
        snapshot.columns,
        found.numbers,
        (asked.page - 1) * asked.per_page,
        asked.page * asked.per_page,
        grouped=asked.per_document is not None,
    )
    return SearchResults(
        text=query.text,
        total=len(found.numbers),
        documents=groups.documents,
        groups=_read(snapshot, query, found, groups.shown, asked.per_document or 1),
        facets=found.facets,
        notices=(*query.notices, *found.notices),
        page=asked.page,
        pages=max(1, -(-groups.groups // asked.per_page)),
    )


def _characters(results: SearchResults) -> int:
    """About how much room results take, in code points."""
    texts = (len(hit.passage.text) + (len(hit.pair.text) if hit.pair else 0) for hit in results.hits)
    return _CHARACTERS_OF_A_HIT * (1 + len(results.hits)) + sum(texts)


def _document(snapshot: Snapshot, document_id: str, text: str) -> MarkedDocument:
    info, numbers = snapshot.document(document_id)
    spans = snapshot.spans(parse_query(text), numbers) if text.strip() else [()] * len(numbers)
    passages = snapshot.passages(numbers)
    marked = (MarkedPassage(p, merge_spans(found)) for p, found in zip(passages, spans, strict=True))
    return MarkedDocument(info, tuple(marked))


def _sides(snapshot: Snapshot, address: str) -> list[Passage]:
    """The passages with this address, English first."""
    return sorted(snapshot.passages(snapshot.addressed(address)), key=lambda side: side.lang)


def _read(
    snapshot: Snapshot, query: Query, found: Found, groups: Sequence[NDArray[np.intp]], per_document: int
) -> tuple[DocumentHits, ...]:
    """The hits of these groups and their other sides: the only passages of a search that are read."""
    shown = [group[:per_document] for group in groups]
    indices = [int(index) for group in shown for index in group]
    numbers = [int(found.numbers[index]) for index in indices]
    passages, spans = snapshot.passages(numbers), snapshot.spans(query, numbers)
    pairs = _pairs(snapshot, query, numbers, passages)
    hits = {
        index: _hit(passage, float(found.scores[index]), merge_spans(marked), pair)
        for index, passage, marked, pair in zip(indices, passages, spans, pairs, strict=True)
    }
    read: list[DocumentHits] = []
    for group, part in zip(groups, shown, strict=True):
        best = tuple(hits[int(index)] for index in part)
        info = snapshot.info(best[0].passage.document)
        read.append(DocumentHits(info, best, more=len(group) - len(part)))
    return tuple(read)


def _hit(passage: Passage, score: float, highlights: Sequence[Span], pair: PairedText | None) -> Hit:
    marked = tuple(highlights)
    snippet = cut_snippet(passage.text, marked, passage.lang)
    if pair is not None:
        # Of a long side without a match, the part is shown that stands where the hit's snippet stands.
        at = passage.text.find(snippet.text) / len(passage.text) if snippet.starts_inside else 0.0
        pair = replace(pair, snippet=cut_snippet(pair.text, pair.highlights, pair.lang, at=at))
    return Hit(passage, score, marked, snippet, pair)


def _pairs(
    snapshot: Snapshot, query: Query, numbers: Sequence[int], passages: Sequence[Passage]
) -> list[PairedText | None]:
    """For each of the passages its other side; all of them are read together."""
    columns = snapshot.columns
    partners = [numbers_of(columns, at, one.partners) for at, one in zip(numbers, passages, strict=True)]
    wanted = sorted({number for several in partners for number in several})
    texts = dict(zip(wanted, snapshot.passages(wanted), strict=True))
    spans = dict(zip(wanted, snapshot.spans(query, wanted), strict=True)) if query.clauses else {}
    return [
        join_sides([texts[number] for number in several], [spans.get(number, ()) for number in several])
        for several in partners
    ]
