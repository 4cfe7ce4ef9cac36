"""Results as JSON values, the same on the web and on the command line; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

from indexer.model.archive import FormerDocument, MarkedDocument, MarkedPassage, Stats, Tally, Tombstone
from indexer.model.results import AlsoResults, Facets, Hit, Reason, SearchResults
from indexer.model.text import DocumentInfo, Lang, Passage, Span

if TYPE_CHECKING:
    from indexer.lexicon import Known

__all__ = [
    "Paths",
    "Urls",
    "document_json",
    "former_json",
    "passage_json",
    "search_json",
    "stats_json",
    "tallies_json",
    "tombstone_json",
]


class Urls(Protocol):
    """Where documents and passages are to be read."""

    def document(self, document_id: str) -> str:
        """The document's reading page."""
        ...

    def passage(self, address: str, lang: Lang) -> str:
        """The passage's permanent link."""
        ...


class Paths:
    """URLs as paths from the root of a site, for where no site is known."""

    def document(self, document_id: str) -> str:
        """The document's reading page.

        >>> Paths().document("guide/제1장")
        '/d/guide/%EC%A0%9C1%EC%9E%A5'
        """
        from urllib.parse import quote  # noqa: PLC0415 - only here

        return f"/d/{quote(document_id)}"

    def passage(self, address: str, lang: Lang) -> str:
        """The passage's permanent link.

        >>> Paths().passage("7eyrj5fpm", "ko")
        '/p/7eyrj5fpm?lang=ko'
        """
        return f"/p/{address}?lang={lang}"


def search_json(
    results: SearchResults, urls: Urls, reasons: Sequence[tuple[Reason, ...]] = ()
) -> dict[str, Any]:
    """What a search found: `query`, `total`, `hits` (best first) and `facets`; spans count code points.

    Where `reasons` are given, one for each hit, they stand in the hits as `why`.
    """
    infos = {hit.passage.address: group.document for group in results.groups for hit in group.hits}
    hits = [_hit_json(hit, infos[hit.passage.address], urls) for hit in results.hits]
    for hit, brought in zip(hits, reasons, strict=False):
        hit["why"] = [
            {"word": one.word, "by": one.kind, "share": round(one.share, 4), "in_title": one.in_title}
            for one in brought
        ]
    return {
        "query": results.text,
        "total": results.total,
        "documents": results.documents,
        "page": results.page,
        "pages": results.pages,
        "hits": hits,
        "facets": _facets_json(results.facets),
        "notices": list(results.notices),
        "also": _also_json(results.also, urls) if results.also else None,
    }


def _also_json(also: AlsoResults, urls: Urls) -> dict[str, Any]:
    """What is found in the other language, and by which words."""
    infos = {hit.passage.address: group.document for group in also.groups for hit in group.hits}
    return {
        "lang": also.lang,
        "total": also.total,
        "documents": also.documents,
        "page": also.page,
        "pages": also.pages,
        "words": [{"text": one.text, "renderings": list(one.renderings)} for one in also.words],
        "without": list(also.without),
        "hits": [_hit_json(hit, infos[hit.passage.address], urls) for hit in also.hits],
    }


def document_json(document: MarkedDocument, urls: Urls) -> dict[str, Any]:
    """A whole document with its passages in reading order."""
    by_ordinal = {marked.passage.ordinal: marked.passage for marked in document.passages}
    return {
        **_info_json(document.info, urls),
        "passages": [
            _marked_json(marked, [by_ordinal[at] for at in marked.passage.partners], urls)
            for marked in document.passages
        ],
    }


def passage_json(
    passage: Passage, info: DocumentInfo, urls: Urls, partners: Iterable[Passage] = ()
) -> dict[str, Any]:
    """One passage, with the document it stands in and the passages that say the same."""
    return {**_passage_json(passage, partners, urls), "document": _info_json(info, urls)}


def tombstone_json(tombstone: Tombstone, urls: Urls) -> dict[str, Any]:
    """A passage that is gone: an error with what it said last, and the nearest passage that is left."""
    near = tombstone.nearest
    message = f"the passage {tombstone.address} is no longer in the archive"
    return {
        "error": {"status": 410, "message": message},
        "gone": {
            "address": tombstone.address,
            "lang": tombstone.lang,
            "text": tombstone.text,
            "document": tombstone.document,
            "nearest": {
                "address": near.address,
                "lang": near.lang,
                "url": urls.passage(near.address, near.lang),
            }
            if near
            else None,
        },
    }


def former_json(document_id: str, former: FormerDocument, urls: Urls) -> dict[str, Any]:
    """A document that is gone: an error with how it began, and the documents to look into instead."""
    message = f"the document {document_id!r} is no longer in the archive"
    if former.elsewhere:
        message = f"the document {document_id!r} is no longer here; look into those elsewhere"
    return {
        "error": {"status": 410, "message": message},
        "gone": {
            "document": document_id,
            "begins": dict(former.begins.items()) if former.begins else {},
            "elsewhere": [_info_json(info, urls) for info in former.elsewhere],
        },
    }


def terms_json(found: Sequence[tuple[str, tuple[Known, ...]]]) -> list[dict[str, Any]]:
    """Terms with their renderings, the best first."""
    return [
        {
            "term": text,
            "renderings": [
                {
                    "text": known.text,
                    "renders": known.word,
                    "share": known.share,
                    "together": known.together,
                    "pairs": known.pairs,
                    "glossary": known.given,
                }
                for known in renderings
            ],
        }
        for text, renderings in found
    ]


def stats_json(stats: Stats) -> dict[str, Any]:
    """What an index holds."""
    return {
        "documents": stats.documents,
        "passages": dict(stats.passages),
        "committed": stats.committed.isoformat() if stats.committed else None,
        "generation": stats.generation,
    }


def tallies_json(tallies: Iterable[tuple[DocumentInfo, Tally]]) -> dict[str, Any]:
    """What a translation editor should look at: the totals, and each document that has something."""
    counted = list(tallies)
    return {
        **asdict(sum((tally for _, tally in counted), Tally())),
        "documents": {info.id: asdict(tally) for info, tally in counted if tally.total},
    }


def _hit_json(hit: Hit, info: DocumentInfo, urls: Urls) -> dict[str, Any]:
    passage = hit.passage
    pair = None
    if hit.pair is not None:
        pair = {
            "lang": hit.pair.lang,
            "text": hit.pair.text,
            "highlights": _spans_json(hit.pair.highlights),
            "renderings": _spans_json(hit.pair.renderings),
            "url": urls.passage(hit.pair.address or passage.address, hit.pair.lang),
        }
    lang, title = info.titles.prefer(passage.lang)
    return {
        "address": passage.address,
        "lang": passage.lang,
        "kind": passage.kind.value,
        "document": {
            "id": info.id,
            "title": title,
            "title_lang": lang,
            "titles": dict(info.titles.items()),
            "date": info.date.isoformat() if info.date else None,
            "url": urls.document(info.id),
        },
        "text": passage.text,
        "highlights": _spans_json(hit.highlights),
        "renderings": _spans_json(hit.renderings),
        "score": round(hit.score, 4),
        "url": urls.passage(passage.address, passage.lang),
        "pair": pair,
    }


def _info_json(info: DocumentInfo, urls: Urls) -> dict[str, Any]:
    return {
        "id": info.id,
        "titles": dict(info.titles.items()),
        "authors": list(info.authors),
        "date": info.date.isoformat() if info.date else None,
        "url": urls.document(info.id),
    }


def _marked_json(marked: MarkedPassage, partners: Iterable[Passage], urls: Urls) -> dict[str, Any]:
    return {
        **_passage_json(marked.passage, partners, urls),
        "highlights": _spans_json(marked.highlights),
        "renderings": _spans_json(marked.renderings),
    }


def _passage_json(passage: Passage, partners: Iterable[Passage], urls: Urls) -> dict[str, Any]:
    return {
        "address": passage.address,
        "lang": passage.lang,
        "kind": passage.kind.value,
        "level": passage.level,
        "marker": passage.marker,
        "label": passage.label,
        "continues": passage.continues,
        "text": passage.text,
        "references": [
            {"label": reference.label, "span": [reference.span.start, reference.span.end]}
            for reference in passage.references
        ],
        "partners": [
            {
                "address": one.address,
                "lang": one.lang,
                "text": one.text,
                "url": urls.passage(one.address, one.lang),
            }
            for one in partners
        ],
        "url": urls.passage(passage.address, passage.lang),
    }


def _facets_json(facets: Facets) -> dict[str, Any]:
    return {
        "lang": dict(facets.langs),
        "paired": facets.paired,
        "year": {str(year): count for year, count in facets.years.items()},
    }


def _spans_json(spans: Iterable[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
