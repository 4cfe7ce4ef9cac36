"""Which links of an HTML page are footnote marks, and which elements are the notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

__all__ = ["Notes", "find_notes"]

_LABEL: Final = re.compile(
    r"[\[({]?\s*(?:(?:note|주|각주|註)\s*)?(\d{1,3}|[a-z]|[*†‡§]{1,3})\s*[\])}.]?", re.IGNORECASE
)
_TARGET: Final = re.compile(r"(?:_?ftn|fn|footnote|endnote|_?edn|note|cite_note)[-_.:]?\w", re.IGNORECASE)
_NOTE_WORDS: Final = re.compile(r"foot-?note|end-?note|noteref|reference", re.IGNORECASE)
_BACK: Final = re.compile(r"back-?(?:link|ref)", re.IGNORECASE)
_BLOCKS: Final = frozenset({"p", "li", "div", "dd", "td", "aside", "section", "dt", "tr"})


@dataclass(slots=True)
class Notes:
    """What is known of a page's footnotes; elements are named by `mem_id`."""

    marks: dict[int, str] = field(default_factory=dict)
    """Elements that are a mark in the text, with the note's label."""
    notes: dict[int, str] = field(default_factory=dict)
    """Elements that hold a note, with its label."""
    backs: set[int] = field(default_factory=set)
    """Links in the notes that lead back, which are not text."""


def find_notes(page: LexborHTMLParser, root: LexborNode) -> Notes:
    """The footnotes of a page, as DocBook, Markdown, MediaWiki, Word, and ARIA (`doc-noteref`) write them.

    A mark is a link with a short label to a place in the page; the note is the block at that place.  A link
    in a note that leads back to a mark looks just the same, but comes after it.
    """
    notes = Notes()
    places = {name: node for node in page.css("[id], a[name]") for name in _names(node)}
    labels: dict[str, str] = {}
    for link in root.css("a[href]"):
        target = (link.attributes.get("href") or "").rpartition("#")[2]
        place = places.get(target)
        if _is_back(link, labels):
            notes.backs.add(_outermost(link).mem_id)
        elif place is not None and (found := _label(link, target)):
            labels[target] = found
            notes.marks[_outermost(link).mem_id] = found
            notes.notes[_block(place).mem_id] = found
    return notes


def _names(node: LexborNode) -> Iterator[str]:
    for key in ("id", "name"):
        if name := node.attributes.get(key):
            yield name


def _label(link: LexborNode, target: str) -> str:
    """The label of a footnote mark; empty where the link is none."""
    found = _LABEL.fullmatch(link.text().strip())
    if found is None:
        return ""
    about = " ".join((link.attributes.get(key) or "") for key in ("class", "role", "epub:type"))
    raised = link.css_first("sup") or _parent_is(link, "sup")
    if raised or _NOTE_WORDS.search(about) or _TARGET.match(target):
        return found[1]
    return ""


def _is_back(link: LexborNode, labels: dict[str, str]) -> bool:
    about = " ".join((link.attributes.get(key) or "") for key in ("class", "role"))
    if _BACK.search(about):
        return True
    inside: LexborNode | None = link
    while inside is not None and inside.tag not in ("body", "main", "article"):
        if any(name in labels for name in _names(inside)):
            return _LABEL.fullmatch(link.text().strip()) is not None or len(link.text().strip()) <= 1
        inside = inside.parent
    return False


def _parent_is(node: LexborNode, tag: str) -> bool:
    return node.parent is not None and node.parent.tag == tag


def _outermost(link: LexborNode) -> LexborNode:
    """The link, or the raised element that holds nothing but the link."""
    parent = link.parent
    if parent is not None and parent.tag == "sup" and _LABEL.fullmatch(parent.text().strip()):
        return parent
    return link


def _block(place: LexborNode) -> LexborNode:
    node = place
    while node.tag not in _BLOCKS and node.parent is not None and node.parent.tag != "body":
        node = node.parent
    return node
