"""What the styles and the numbering of a Word document make of its paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from docx.oxml.ns import qn

__all__ = ["Numbering", "Style", "Styles"]

_HEADING: Final = re.compile(r"(?:heading|제목|개요|title level)\s*([1-9])", re.IGNORECASE)
_LIST: Final = re.compile(r"list (?:bullet|number|continue) ([2-5])", re.IGNORECASE)
_CODE: Final = re.compile(r"code|preformatted|macro(?: text)?|listing", re.IGNORECASE)
_QUOTE: Final = re.compile(r"quote|quotation|인용", re.IGNORECASE)
_TOC: Final = re.compile(r"toc\s*\d|table of (?:figures|authorities)|목차", re.IGNORECASE)
_MAX_CHAIN: Final = 20

_GANADA: Final = "가나다라마바사아자차카타파하"
_JAMO: Final = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
_LATIN: Final = "abcdefghijklmnopqrstuvwxyz"
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_LETTERS: Final = {
    "ganada": _GANADA,
    "chosung": _JAMO,
    "lowerLetter": _LATIN,
    "upperLetter": _LATIN.upper(),
    "decimalEnclosedCircle": _CIRCLED,
}
"""Source: ECMA-376 part 1, 17.18.59 ST_NumberFormat."""
_ROMAN: Final = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
)
_ROMAN_SMALL: Final = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style, with what it takes from the styles it is based on."""

    name: str = ""
    outline: int = 0
    """The heading level, from 1; 0 for running text."""
    number: tuple[str, int] | None = None
    """The list it belongs to and the depth in it, from 0."""

    @property
    def is_title(self) -> bool:
        """Whether this is the style of a document's title."""
        return self.name.lower() in ("title", "제목")

    @property
    def level(self) -> int:
        """The heading level from 1 to 6; 0 for running text."""
        found = _HEADING.fullmatch(self.name)
        if self.is_title or self.name.lower() in ("subtitle", "부제"):
            return 1 if self.is_title else 2
        return min(int(found[1]), 6) if found else self.outline

    @property
    def depth(self) -> int:
        """The depth in a list that the name tells ("List Bullet 2"), from 1."""
        found = _LIST.fullmatch(self.name)
        return int(found[1]) if found else 1

    @property
    def is_code(self) -> bool:
        """Whether its text is preformatted."""
        return _CODE.search(self.name) is not None

    @property
    def is_quote(self) -> bool:
        """Whether its text is quoted."""
        return _QUOTE.search(self.name) is not None

    @property
    def is_toc(self) -> bool:
        """Whether it belongs to a generated table of contents."""
        return _TOC.match(self.name) is not None


class Styles:
    """The styles of a document by id; `None` names the default paragraph style."""

    def __init__(self, root: Any) -> None:
        self._nodes = {node.get(qn("w:styleId")): node for node in root.iterfind(qn("w:style"))}
        self._known: dict[str | None, Style] = {}

    def get(self, style_id: str | None) -> Style:
        """The style with this id; a plain one where the document does not define it."""
        if style_id not in self._known:
            self._known[style_id] = self._read(style_id)
        return self._known[style_id]

    def _read(self, style_id: str | None) -> Style:
        name, outline, number = "", 0, None
        for _ in range(_MAX_CHAIN):  # a broken document may base styles on each other in a ring
            node = self._nodes.get(style_id)
            if node is None:
                break
            name = name or value(node, "w:name")
            level = value(node, "w:pPr", "w:outlineLvl")
            outline = outline or (int(level) + 1 if level.isdigit() and int(level) < 6 else 0)  # noqa: PLR2004
            number = number or number_of(node)
            style_id = value(node, "w:basedOn") or None
            if style_id is None or _HEADING.fullmatch(name) or _QUOTE.search(name) or _CODE.search(name):
                break
        return Style(name, outline, number)


def value(node: Any, *path: str) -> str:
    """The `w:val` of the element at a path below a node; empty where there is none."""
    for step in path:
        node = node.find(qn(step)) if node is not None else None
    return (node.get(qn("w:val")) or "") if node is not None else ""


def number_of(node: Any) -> tuple[str, int] | None:
    """The list and the depth that a paragraph or a style declares; list "0" means none."""
    number, depth = value(node, "w:pPr", "w:numPr", "w:numId"), value(node, "w:pPr", "w:numPr", "w:ilvl")
    return (number, int(depth) if depth.isdigit() else 0) if number else None


@dataclass(slots=True)
class Numbering:
    """Counts the items of the lists of a document, in reading order."""

    root: Any
    """The element `w:numbering`, or `None`."""
    _levels: dict[str, dict[int, tuple[str, str, int]]] = field(default_factory=dict)
    _counts: dict[str, Counter[int]] = field(default_factory=dict)

    def next(self, number: str, depth: int) -> str:
        """The marker of the next item of a list, such as `•`, `3.` or `나)`."""
        levels = self._levels.setdefault(number, self._read(number))
        counts = self._counts.setdefault(number, Counter())
        counts[depth] += 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        form, text, _ = levels.get(depth, ("bullet", "", 1))
        if form in ("bullet", "none") or "%" not in text:
            return "•"
        return re.sub(r"%([1-9])", lambda found: self._shown(levels, counts, int(found[1]) - 1), text)

    @staticmethod
    def _shown(levels: dict[int, tuple[str, str, int]], counts: Counter[int], depth: int) -> str:
        form, _, start = levels.get(depth, ("decimal", "", 1))
        return numeral(max(counts[depth], 1) + start - 1, form)

    def _read(self, number: str) -> dict[int, tuple[str, str, int]]:
        """Each depth's number format, its text (`%1.`), and where it starts."""
        if self.root is None:
            return {}
        lists = (node for node in self.root.iterfind(qn("w:num")) if node.get(qn("w:numId")) == number)
        abstract = next((value(node, "w:abstractNumId") for node in lists), None)
        found = {}
        for node in self.root.iterfind(qn("w:abstractNum")):
            if node.get(qn("w:abstractNumId")) == abstract:
                for level in node.iterfind(qn("w:lvl")):
                    start = value(level, "w:start")
                    form = (
                        value(level, "w:numFmt"),
                        value(level, "w:lvlText"),
                        int(start) if start.isdigit() else 1,
                    )
                    found[int(level.get(qn("w:ilvl")) or 0)] = form
        return found


def numeral(number: int, form: str) -> str:
    """A number in one of Word's number formats.

    >>> numeral(3, "ganada"), numeral(14, "lowerRoman"), numeral(7, "decimal")
    ('다', 'xiv', '7')
    """
    letters = _LETTERS.get(form, "")
    if 0 < number <= len(letters):
        return letters[number - 1]
    if form not in ("lowerRoman", "upperRoman"):
        return str(number)
    text = ""
    for worth, digits in (*_ROMAN, *_ROMAN_SMALL):
        text += digits * (number // worth)
        number %= worth
    return text.upper() if form == "upperRoman" else text
