"""Markdown: CommonMark with tables and footnotes, and front matter in YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from indexer.errors import ReadError
from indexer.model.text import Bilingual, Block, BlockKind, Lang
from indexer.normalise import normalise, normalise_code
from indexer.readers.bylines import split_authors
from indexer.readers.charset import decode
from indexer.readers.dates import declared_date, undated
from indexer.readers.draft import Draft, block, mark, plain, table_row
from indexer.readers.html import read_fragment

__all__ = ["parse"]

_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_STRONG: Final = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).)++)(?<=\S)\1")
"""CommonMark does not close `**정전(停戰)**은`, because the mark stands between a bracket and a letter.

The next mark closes or nothing does: looking for a later one is slow where there are many.
"""
_AS_WRITTEN: Final = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:float")
_LANGS: Final[dict[str, Lang]] = {"en": "en", "ko": "ko"}


def parse(data: bytes) -> Draft:
    """The draft of a Markdown file.

    Raises:
        ReadError: The bytes are no text, it cannot be told in which encoding, or the front matter is no YAML.
    """
    tokens = _parser().parse(plain(decode(data)))
    front = _front_matter(tokens[0].content) if tokens and tokens[0].type == "front_matter" else {}
    walk = _Walk()
    for token in tokens:
        walk.take(token)
    return _draft(front, tuple(walk.blocks))


_MAX_NESTING: Final = 10_000
"""markdown-it drops what is nested deeper, without a word; Python's own bound comes first and is reported."""


def _parser() -> MarkdownIt:
    # Notes stay where they are written; the plugin's last step would drop those that nothing refers to.
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING}).enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(footnote_plugin)
    return parser.disable(["footnote_tail", "footnote_inline"])


@dataclass(slots=True)
class _Walk:
    """Goes through the tokens once and collects the blocks."""

    blocks: list[Block] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    """The marker of the running item of each open list, empty once it has been given to a block."""
    quotes: int = 0
    note: str = ""
    note_raw: list[str] = field(default_factory=list)
    heading: int = 0
    row: list[str] | None = None
    in_head: bool = False

    def take(self, token: Token) -> None:
        """Takes the next token."""
        if token.nesting > 0:
            self._open(token)
        elif token.nesting < 0:
            self._close(token)
        elif token.type == "inline":
            self._inline(_raw(token))
        elif token.type in ("fence", "code_block"):
            self._code(token.content)
        elif token.type == "html_block":
            for found in read_fragment(token.content):
                self._inline(found.text) if self.note else self._add(found)

    def _open(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self.lists.append("")
            case "list_item_open":
                self.lists[-1] = f"{token.info}{token.markup}" if token.info else "•"
            case "blockquote_open":
                self.quotes += 1
            case "heading_open":
                self.heading = int(token.tag[1])
            case "thead_open":
                self.in_head = True
            case "tr_open":
                self.row = []
            case "footnote_reference_open":
                self.note = token.meta["label"]

    def _close(self, token: Token) -> None:
        match token.type:
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "blockquote_close":
                self.quotes -= 1
            case "heading_close":
                self.heading = 0
            case "thead_close":
                self.in_head = False
            case "tr_close":
                self._add(table_row(self.row or [], head=self.in_head))
                self.row = None
            case "footnote_reference_close":
                self._add(block(BlockKind.FOOTNOTE, "\n".join(self.note_raw), label=normalise(self.note)))
                self.note, self.note_raw = "", []

    def _inline(self, raw: str) -> None:
        if self.note:
            self.note_raw.append(raw)
        elif self.row is not None:
            self.row.append(raw)
        elif self.heading:
            self._add(block(BlockKind.HEADING, raw, level=self.heading))
        elif self.lists:
            marker, self.lists[-1] = self.lists[-1], ""
            self._add(block(BlockKind.LIST_ITEM, raw, level=len(self.lists), marker=marker))
        else:
            self._add(block(BlockKind.QUOTATION if self.quotes else BlockKind.PARAGRAPH, raw))

    def _code(self, content: str) -> None:
        text = normalise_code(content)
        if self.note:
            self.note_raw.append(text)
        elif text:
            self._add(Block(BlockKind.CODE, text))

    def _add(self, found: Block | None) -> None:
        if found is not None:
            self.blocks.append(found)


def _raw(token: Token) -> str:
    """The raw text of inline tokens: markup dropped, the text of links and images kept."""
    text = ""
    for child in token.children or ():
        match child.type:
            case "softbreak" | "hardbreak":
                text += "\n"
            case "footnote_ref":
                text += mark(child.meta["label"])
            case "html_inline":
                text += "\n" if _BREAK.fullmatch(child.content) else ""
            case "image":
                text += _raw(child)
            case "text":
                text += _STRONG.sub(r"\2", plain(child.content))
            case _:
                text += plain(child.content)
    return text


class _Loader(yaml.SafeLoader):
    """Leaves dates and fractions as they are written: 1950-13-45 is still YAML, and 1950.10 not 1950.1."""


_Loader.yaml_implicit_resolvers = {
    first: [one for one in resolvers if one[0] not in _AS_WRITTEN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _front_matter(text: str) -> Mapping[str, Any]:
    try:
        front = yaml.load(text, _Loader)  # noqa: S506 - as safe as SafeLoader
    except (yaml.YAMLError, ValueError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" in line {where.line + 2}" if where else ""
        raise ReadError(f"has front matter that is not YAML{line}; mend it or put it in quotes") from error
    if front is not None and not isinstance(front, dict):
        raise ReadError("has front matter without 'name: value' lines; mend it or remove it")
    return {str(key).lower(): value for key, value in (front or {}).items()}


def _draft(front: Mapping[str, Any], blocks: tuple[Block, ...]) -> Draft:
    title = front.get("title")
    declared = _date_line(front.get("date"))
    date = declared_date(declared)
    titles = title if isinstance(title, dict) else {}
    return Draft(
        blocks,
        titles=Bilingual(
            _line(front.get("title_en") or titles.get("en")), _line(front.get("title_ko") or titles.get("ko"))
        ),
        title=_line(title),
        authors=tuple(dict.fromkeys(_authors(front.get("authors") or front.get("author")))),
        date=date,
        undated=undated(declared) if declared and not date else "",
        id=_line(front.get("id")),
        lang=_LANGS.get(_line(front.get("lang")).lower()),
    )


def _line(value: object) -> str:
    return normalise(str(value)) if isinstance(value, str | int | float) else ""


def _authors(value: object) -> list[str]:
    match value:
        case str():
            return [name for name in split_authors(normalise(value)) if name]
        case {"name": name}:
            return _authors(name)
        case dict():
            return [name for each in value.values() for name in _authors(each)]
        case list():
            return [
                name
                for each in value
                for name in ([_line(each)] if isinstance(each, str) else _authors(each))
            ]
    return []


def _date_line(value: object) -> str:
    """What is written as the date; a list or the like is shown as Python writes it, so that it is told."""
    return _line(value) or ("" if value is None else normalise(str(value)))
