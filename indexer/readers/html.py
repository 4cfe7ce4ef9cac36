"""HTML pages: what a reader reads, without navigation, in the order of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.model.text import Block, BlockKind, Lang
from indexer.normalise import normalise_code
from indexer.readers.charset import decode
from indexer.readers.draft import Draft, block, mark, plain, table_row
from indexer.readers.html_meta import page_lang, read_meta
from indexer.readers.html_notes import Notes, find_notes

__all__ = ["parse", "read_fragment"]

_CHARSET: Final = re.compile(
    rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w:-]+)""", re.IGNORECASE
)
_PRESCAN: Final = 4096
"""An encoding is declared within so many bytes."""

_SKIPPED: Final = frozenset(
    """
    script style template noscript head nav svg math iframe object embed canvas audio video map button
    select textarea input rp datalist dialog menu
    """.split()  # noqa: SIM905 - a list would take a line for each word
)
_FRAME: Final = frozenset({"header", "footer", "aside"})
"""Parts of the page's frame; inside an article a header belongs to the article."""
_SKIPPED_ROLES: Final = frozenset(
    {
        "navigation",
        "banner",
        "contentinfo",
        "search",
        "complementary",
        "menu",
        "menubar",
        "doc-toc",
        "toolbar",
    }
)
_SKIPPED_CLASSES: Final = frozenset(
    """
    navheader navfooter toc list-of-tables list-of-figures list-of-examples table-of-contents
    toctree-wrapper breadcrumb breadcrumbs pagination headerlink mw-editsection noprint navbox
    """.split()  # noqa: SIM905 - a list would take a line for each word
)
_INVISIBLE: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCKS: Final = frozenset(
    """
    address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main ol p pre section summary
    table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905 - a list would take a line for each word
)
_LISTS: Final = frozenset({"ul", "ol", "dl"})
_NUMBERING: Final = {"a": "abcdefghijklmnopqrstuvwxyz", "A": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_NOTE_CELLS: Final = 2
"""A row of a table that holds a note holds nothing else but its number."""
_MOST: Final = 0.6
"""An article is the page's text where it has at least this share of it."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the page the walk is."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    lang: Lang | None = None
    in_article: bool = False


def parse(data: bytes) -> Draft:
    """The draft of an HTML page.

    Raises:
        ReadError: The bytes are no text, or it cannot be told in which encoding.
    """
    declared = _CHARSET.search(data[:_PRESCAN])
    page = LexborHTMLParser(plain(decode(data, declared[1].decode("ascii") if declared else "")))
    root = _root(page)
    if root is None:
        return Draft(())
    walk = _Walk(find_notes(page, root))
    walk.children(root, _Place(in_article=root.tag in ("main", "article")))
    walk.flush(_Place())
    return read_meta(page, tuple(walk.blocks))


def read_fragment(text: str) -> tuple[Block, ...]:
    """The blocks of a piece of HTML that stands in a text of another format."""
    page = LexborHTMLParser(text)
    if page.body is None:
        return ()
    walk = _Walk(Notes())
    walk.children(page.body, _Place(in_article=True))
    walk.flush(_Place())
    return tuple(walk.blocks)


def _root(page: LexborHTMLParser) -> LexborNode | None:
    """The element that holds the text: the one <article>, else <main>, else the body."""
    root = page.body
    mains = page.css("main, [role=main]")
    if len(mains) == 1:
        root = mains[0]
    articles = page.css("article")
    if root is not None and len(articles) == 1 and len(articles[0].text()) >= _MOST * len(root.text()):
        root = articles[0]
    return root


class _Walk:
    """Goes through a page once and collects its blocks."""

    def __init__(self, notes: Notes) -> None:
        self.blocks: list[Block] = []
        self._notes = notes
        self._raw: list[str] = []
        self._marker = ""
        self._inline = False
        """Inside a table cell or a note, where the edges of blocks are mere spaces."""

    def children(self, node: LexborNode, place: _Place) -> None:
        for child in node.iter(include_text=True):
            self._node(child, place)

    def flush(self, place: _Place) -> None:
        """Ends the running block."""
        if self._inline:
            self._raw.append("\n")
            return
        raw, self._raw = "".join(self._raw), []
        marker = self._marker if place.kind is BlockKind.LIST_ITEM else ""
        if self._add(block(place.kind, raw, level=place.level, marker=marker), place) and marker:
            self._marker = ""

    def _add(self, found: Block | None, place: _Place) -> bool:
        if found is not None:
            self.blocks.append(replace(found, lang=place.lang))
        return found is not None

    def _node(self, node: LexborNode, place: _Place) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._raw.append(plain(node.text_content or ""))
        elif tag.startswith("-") or tag == "!doctype" or _is_skipped(node, tag, place):
            return
        elif label := self._notes.marks.get(node.mem_id):
            self._raw.append(mark(label))
        elif node.mem_id not in self._notes.backs:
            self._element(node, tag, replace(place, lang=page_lang(node) or place.lang))

    def _element(self, node: LexborNode, tag: str, place: _Place) -> None:
        note = self._notes.notes.get(node.mem_id)
        if note and not self._inline:
            self._whole(node, BlockKind.FOOTNOTE, place, label=note)
        elif tag == "br":
            self._raw.append("\n")
        elif tag == "pre" and not self._inline:
            self._code(node, place)
        elif len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" and not self._inline:  # noqa: PLR2004
            self._whole(node, BlockKind.HEADING, place, level=int(tag[1]))
        elif tag in _LISTS and not self._inline:
            self._list(node, tag, place)
        elif tag == "table" and not self._inline and _is_table(node):
            self._table(node, place)
        elif tag in _BLOCKS:
            inner = replace(place, kind=BlockKind.QUOTATION, level=0) if tag == "blockquote" else place
            inner = replace(inner, in_article=True) if tag in ("article", "main") else inner
            self.flush(place)
            self.children(node, inner)
            self.flush(inner)
        else:
            self._phrase(node, tag, place)

    def _phrase(self, node: LexborNode, tag: str, place: _Place) -> None:
        before, after = {"q": ("“", "”"), "rt": ("(", ")")}.get(tag, ("", ""))
        self._raw.append(before)
        self.children(node, place)
        self._raw.append(after)

    def _text(self, node: LexborNode, place: _Place) -> str:
        """The raw text of an element as one piece."""
        outer, self._raw = self._raw, []
        was_inline, self._inline = self._inline, True
        self.children(node, place)
        raw = "".join(self._raw)
        self._raw, self._inline = outer, was_inline
        return raw

    def _whole(
        self, node: LexborNode, kind: BlockKind, place: _Place, *, level: int = 0, label: str = ""
    ) -> None:
        self.flush(place)
        self._add(block(kind, self._text(node, place), level=level, label=label), place)

    def _code(self, node: LexborNode, place: _Place) -> None:
        self.flush(place)
        text = normalise_code(self._text(node, place))
        self._add(Block(BlockKind.CODE, text) if text else None, place)

    def _list(self, node: LexborNode, tag: str, place: _Place) -> None:
        self.flush(place)
        item = replace(place, kind=BlockKind.LIST_ITEM, level=place.level + 1)
        number = _int(node.attributes.get("start"), 1)
        for child in node.iter(include_text=True):
            if child.tag != "li" or child.mem_id in self._notes.notes:
                deeper = replace(item, level=item.level + 1) if child.tag == "dd" else item
                self._node(child, deeper)
                continue
            number = _int(child.attributes.get("value"), number)
            self._marker = "•" if tag == "ul" else _number(number, node.attributes.get("type") or "")
            self._node(child, item)
            self._marker = ""
            number += 1
        self.flush(item)

    def _table(self, node: LexborNode, place: _Place) -> None:
        self.flush(place)
        for caption in node.css("caption")[:1]:
            self._whole(caption, BlockKind.PARAGRAPH, place)
        for row in node.css("tr"):
            if _is_skipped(row, "tr", place):
                continue
            cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
            notes = [part for part in row.traverse() if part.mem_id in self._notes.notes]
            if notes and sum(1 for cell in cells if cell.text().strip()) <= _NOTE_CELLS:
                for note in notes:
                    self._whole(note, BlockKind.FOOTNOTE, place, label=self._notes.notes[note.mem_id])
            else:
                self._row(row, cells, place)

    def _row(self, row: LexborNode, cells: list[LexborNode], place: _Place) -> None:
        is_head = bool(cells) and all(cell.tag == "th" for cell in cells)
        is_head = is_head or (row.parent is not None and row.parent.tag == "thead")
        raw = [self._text(cell, place) for cell in cells if not _is_skipped(cell, "td", place)]
        self._add(table_row(raw, head=is_head), place)


def _is_skipped(node: LexborNode, tag: str, place: _Place) -> bool:
    """Whether an element is no part of what a reader reads."""
    if tag in _SKIPPED or (tag in _FRAME and not (place.in_article and tag == "header")):
        return not _holds_notes(node)
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if (attributes.get("role") or "") in _SKIPPED_ROLES or _INVISIBLE.search(attributes.get("style") or ""):
        return True
    return not _SKIPPED_CLASSES.isdisjoint((attributes.get("class") or "").split())


def _holds_notes(node: LexborNode) -> bool:
    about = " ".join((node.attributes.get(key) or "") for key in ("class", "role", "epub:type"))
    return node.tag in _FRAME and re.search(r"foot-?note|end-?note", about) is not None


def _is_table(node: LexborNode) -> bool:
    """Whether a table holds data; many a page uses one to lay out text."""
    if (node.attributes.get("role") or "") in ("presentation", "none"):
        return False
    if len(node.css("table")) > 1 or node.css_first("h1, h2, h3, h4, h5, h6, pre") is not None:
        return False
    rows = [
        [cell for cell in row.iter() if cell.tag in ("td", "th") and cell.text().strip()]
        for row in node.css("tr")
    ]
    return max((len(row) for row in rows), default=0) > 1


def _number(number: int, numbering: str) -> str:
    letters = _NUMBERING.get(numbering, "")
    return f"{letters[number - 1]}." if 0 < number <= len(letters) else f"{number}."


def _int(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\s*-?\d{1,6}\s*", text) else default
