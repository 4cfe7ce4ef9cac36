"""Plain text: paragraphs between empty lines, headings, lists and written-out footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from indexer.model.text import LANGS, Block, BlockKind
from indexer.normalise import normalise
from indexer.readers.bylines import parse_byline
from indexer.readers.charset import decode
from indexer.readers.draft import Draft, plain
from indexer.readers.notes import split_note
from indexer.scripts import script_lang

__all__ = ["NO_BREAK", "blocks_of", "join_lines", "looks_like_heading", "looks_like_item", "parse"]

MAX_HEADING: Final = 120
"""A line longer than this (code points) is no heading."""

NO_BREAK: Final = "\u2060"
"""At the end of a line (it is the word joiner): the next line goes on inside the word."""

_MAX_WRAPPED: Final = 160
"""No hard-wrapped line is longer than this (code points)."""

_MAX_HEAD: Final = 4
"""A title and what stands right under it have at most so many lines."""

_MAX_RUN: Final = 3
"""More short lines than this in a row are no headings but verses, names or a table."""

_LINE_END: Final = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_RULE: Final = re.compile(r"\s*(?:(?:[-=_*~#]\s?){3,}|[─━—–]{2,})$")
_ITEM: Final = re.compile(
    r"(?P<bullet>[-*•‣◦▪■□●○◆◇·※∙–—])\s+(?=\S)"
    r"|(?P<digit>\(?\d{1,3}[.)])\s+(?=\S)"
    r"|(?P<latin>[a-z][.)]|\([a-z]\)|\(?[ivx]{1,4}[.)])\s+(?=\S)"
    r"|(?P<hangul>\(?[가나다라마바사아자차카타파하ㄱ-ㅎ][.)])\s+(?=\S)"
    r"|(?P<circled>[①-⑳㉠-㉻])\s*(?=\S)"
)
_LETTER: Final = re.compile(r"[^\W\d_]")
_AFTER_STOP: Final = re.compile(r"(?:\s*\[[\w*†‡]{1,4}\])+$|[\"'”’»)\]」』〉》]+$")
_NO_HEADING_END: Final = tuple(".。,,;;::、…-–—")
_COMPOUND_BREAK: Final = re.compile(r"[A-Za-z]-$")


@dataclass(slots=True)
class _Piece:
    """The lines of what will be one block."""

    lines: list[str]
    marker: str = ""
    level: int = 0
    alone: bool = False
    """Whether it is a single line between two empty lines."""
    text: str = field(default="", init=False)


def parse(data: bytes) -> Draft:
    """The draft of a plain text file.

    Raises:
        ReadError: The bytes are no text, or it cannot be told in which encoding.
    """
    return Draft(blocks_of(_groups(_lines(plain(decode(data))))))


def _lines(text: str) -> list[str]:
    if text.isascii() and not any(end in text for end in "\r\v\f"):  # then it is quickly done
        return text.split("\n")
    return _LINE_END.split(text)


def blocks_of(groups: Sequence[Sequence[str]], *, headings: bool = True) -> tuple[Block, ...]:
    """The blocks of groups of lines; between two groups the source has an empty line (or a gap).

    Without `headings` no line becomes one, because the source tells headings by other means.

    >>> [block.kind.value for block in blocks_of([["정전"], ["1953년의", "협정이다."], ["- 하나"]])]
    ['heading', 'paragraph', 'list_item']
    """
    pieces = [piece for group in groups for piece in _pieces(group)]
    for piece in pieces:
        lines = piece.lines
        piece.text = normalise(lines[0] if len(lines) == 1 else join_lines(lines))
    pieces = [piece for piece in pieces if piece.text]
    found = _headings(pieces) if headings else {}
    title = min(found, default=0)
    return tuple(
        _block(piece, found.get(at), level=1 if at == title else 2) for at, piece in enumerate(pieces)
    )


def join_lines(lines: Sequence[str]) -> str:
    """Hard-wrapped lines as one; a compound that was broken after its hyphen stays a compound.

    >>> join_lines(["a cease-", "fire was", "agreed"])
    'a cease-fire was agreed'
    """
    pieces: list[str] = []
    before = ""  # looking at the whole text again at every line would take for ever
    for line in lines:
        glued = (
            not before
            or before.endswith(NO_BREAK)
            or (_COMPOUND_BREAK.search(before[-2:]) and line[:1].islower())
        )
        pieces += [line] if glued else [" ", line]
        before = line or before
    return "".join(pieces)


def looks_like_heading(text: str) -> bool:
    """Whether a line that stands alone reads like a heading: short, with letters, without a full stop.

    >>> looks_like_heading("하스 (그리고 백악관) 협상 플랜"), looks_like_heading("전쟁이 끝났다.")
    (True, False)
    """
    if len(text) > MAX_HEADING:
        return False
    end = text
    while (shorter := _AFTER_STOP.sub("", end)) != end:
        end = shorter
    if not _LETTER.search(text) or not end or end.endswith(_NO_HEADING_END):
        return False
    return "://" not in text and parse_byline(text) is None and split_note(text) is None


def looks_like_item(line: str) -> bool:
    """Whether a line begins with the marker of a list item.

    >>> looks_like_item("가. 목적"), looks_like_item("① 목적"), looks_like_item("가장 큰 목적")
    (True, True, False)
    """
    return _ITEM.match(line.lstrip()) is not None


def _groups(lines: Sequence[str]) -> list[list[str]]:
    groups: list[list[str]] = [[]]
    for line in lines:
        if not line.strip() or _RULE.match(line):
            groups.append([])
        else:
            groups[-1].append(line)
    filled = [group for group in groups if group]
    return [
        part
        for at, group in enumerate(filled)
        for part in (_split(group, first=at == 0) if len(group) > 1 else (group,))
    ]


def _split(group: Sequence[str], *, first: bool) -> Iterator[list[str]]:
    """The parts of a group that is more than one paragraph although it has no empty line.

    So are lines too long to be wrapped ones, a title with a byline under it, paragraphs that begin with an
    indented line, and in the first group of a text its title in both languages.
    """
    apart = max(map(len, group)) > _MAX_WRAPPED or _is_head(group) or (first and _is_in_both(group))
    indented = group[0][:1].isspace() and not all(line[:1].isspace() for line in group)
    part: list[str] = []
    for line in group:
        if part and (apart or (indented and line[:1].isspace())):
            yield part
            part = []
        part.append(line)
    yield part


def _is_head(group: Sequence[str]) -> bool:
    if not 1 < len(group) <= _MAX_HEAD or not looks_like_heading(group[0].strip()):
        return False
    return any(parse_byline(line.strip()) is not None for line in group[1:])


def _is_in_both(group: Sequence[str]) -> bool:
    """Whether a text begins with its title in one language and, on the next line, in the other."""
    if not 1 < len(group) <= _MAX_HEAD or not all(looks_like_heading(line.strip()) for line in group[:2]):
        return False
    return {script_lang(line) for line in group[:2]} == set(LANGS)


def _pieces(group: Sequence[str]) -> Iterator[_Piece]:
    """The blocks inside a group: each list item and each written-out note begins one of its own."""
    piece: _Piece | None = None
    indents: list[int] = []
    kinds: set[str] = set()
    for line in group:
        text = line.strip()
        item = _item(text, kinds, first=piece is None)
        if item is None and piece is not None and split_note(text) is None:
            piece.lines.append(text)
            continue
        if piece is not None:
            yield piece
        if item is None:
            piece = _Piece([text], alone=len(group) == 1)
            continue
        kind = item.lastgroup or ""
        kinds.add(kind)
        marker = "•" if kind == "bullet" else item[0].strip()
        level = _depth(indents, line)
        piece = _Piece([text[item.end() :]], marker, level, alone=len(group) == 1)
    if piece is not None:
        yield piece


def _item(text: str, kinds: set[str], *, first: bool) -> re.Match[str] | None:
    """The marker of a list item; inside a group a wrapped line may look like one ("... 했 / 다. 그리고")."""
    found = _ITEM.match(text)
    if found is None or first or found.lastgroup in kinds:
        return found
    return (
        found if found.lastgroup in ("bullet", "circled") or found["digit"] in ("1.", "1)", "(1)") else None
    )


def _depth(indents: list[int], line: str) -> int:
    expanded = line.expandtabs(4)
    indent = len(expanded) - len(expanded.lstrip())
    while indents and indents[-1] > indent:
        indents.pop()
    if not indents or indents[-1] < indent:
        indents.append(indent)
    return len(indents)


def _headings(pieces: Sequence[_Piece]) -> dict[int, str]:
    """Which pieces are headings, with the text that each then has."""
    found: dict[int, str] = {}
    run: list[int] = []
    for at, piece in enumerate(pieces):
        if piece.alone and not piece.marker and looks_like_heading(piece.text):
            run.append(at)
            continue
        if run and (len(run) <= _MAX_RUN or run[0] == 0):
            found.update((place, pieces[place].text) for place in run[:_MAX_RUN])
        run = []
        text = _marked_heading(pieces, at, after_heading=at - 1 in found)
        if text:
            found[at] = text
    return found


def _marked_heading(pieces: Sequence[_Piece], at: int, *, after_heading: bool) -> str:
    """The text of a heading that looks like a list item: "1. 서론", or "- a subtitle" under a title."""
    piece = pieces[at]
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    lonely = following is not None and not following.marker and (at == 0 or not pieces[at - 1].marker)
    if not piece.marker or not piece.alone or not lonely or not looks_like_heading(piece.text):
        return ""
    if piece.marker == "•":
        return piece.text if after_heading else ""
    return f"{piece.marker} {piece.text}"


def _block(piece: _Piece, heading: str | None, level: int) -> Block:
    if heading is not None:
        return Block(BlockKind.HEADING, heading, level=level)
    if piece.marker:
        return Block(BlockKind.LIST_ITEM, piece.text, level=piece.level, marker=piece.marker)
    return Block(BlockKind.PARAGRAPH, piece.text)
