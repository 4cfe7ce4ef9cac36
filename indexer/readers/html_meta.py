"""What the head of an HTML page says about its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.model.text import Block, BlockKind, Lang
from indexer.normalise import normalise
from indexer.readers.bylines import split_authors
from indexer.readers.dates import best_date, declared_date, undated
from indexer.readers.draft import Draft
from indexer.references import without_marks

__all__ = ["page_lang", "read_meta"]

_AUTHORS: Final = (
    "author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "article:author",
    "og:article:author",
)
_DATES: Final = (
    "article:published_time",
    "datepublished",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "citation_publication_date",
    "citation_date",
    "pubdate",
    "date",
)
_TIMES: Final = (
    "time[pubdate], time[itemprop=datePublished], article header time, main header time, .byline time,"
    " time[class*=publish], time.entry-date"
)


def read_meta(page: LexborHTMLParser, blocks: tuple[Block, ...]) -> Draft:
    """The draft of a page with these blocks: title, authors, date and language as the page declares them."""
    meta: dict[str, list[str]] = {}
    for node in page.css("meta[content]"):
        name = (
            node.attributes.get("name") or node.attributes.get("property") or node.attributes.get("itemprop")
        )
        if name and (content := normalise(node.attributes.get("content") or "")):
            meta.setdefault(name.lower(), []).append(content)
    declared = [text for name in _DATES for text in meta.get(name, [])]
    return Draft(
        blocks,
        title=_title(page, meta, blocks),
        authors=_authors(page, meta),
        date=best_date([*map(declared_date, declared), *map(declared_date, _times(page))]),
        undated=undated(declared[0]) if declared and not any(map(declared_date, declared)) else "",
        lang=next((lang for node in page.css("html, body, main") if (lang := page_lang(node))), None),
    )


def page_lang(node: LexborNode) -> Lang | None:
    """The language that an element declares for its text, if it is one of the archive's."""
    declared = (node.attributes.get("lang") or node.attributes.get("xml:lang") or "").lower()
    if declared == "en" or declared.startswith("en-"):
        return "en"
    return "ko" if declared == "ko" or declared.startswith("ko-") else None


def _title(page: LexborHTMLParser, meta: dict[str, list[str]], blocks: tuple[Block, ...]) -> str:
    """The one first-level heading, else the heading that <title> repeats, else og:title, else <title>.

    <title> comes last because most pages add the name of the site to it.
    """
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    texts = [(block.level, without_marks(block.text, block.references)) for block in headings]
    first = [text for level, text in texts if level == 1]
    if len(first) == 1:
        return first[0]
    node = page.css_first("head > title")
    title = normalise(node.text()) if node is not None else ""
    repeated = next((text for _, text in texts if text in title), "")
    return repeated or next(iter(meta.get("og:title", [])), "") or title or next(iter(first), "")


def _authors(page: LexborHTMLParser, meta: dict[str, list[str]]) -> tuple[str, ...]:
    for name in _AUTHORS:
        found = [author for author in meta.get(name, []) if "://" not in author]
        if found:
            return tuple(dict.fromkeys(author for text in found for author in split_authors(text)))
    nodes = page.css("[rel=author], [itemprop=author]")
    return tuple(dict.fromkeys(name for node in nodes if (name := normalise(node.text()))))


def _times(page: LexborHTMLParser) -> Iterator[str]:
    """What may be the date of the text in its own words, which need not be one."""
    for node in page.css(_TIMES):
        yield node.attributes.get("datetime") or normalise(node.text())
