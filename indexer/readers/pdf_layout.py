"""Lines on pages to paragraphs and headings.  Pure.

How lines become paragraphs: a new one begins after a gap wider than usual, where the size of the letters
changes, at an indented line, at a list marker or a written-out note, and after a line that ends a sentence
short of the column's edge.

How a hyphen at a line's end is mended: before a capital or a digit it stays.  Otherwise the rest of the
document decides: if it has the word with the hyphen, the hyphen stays, else it goes.

How Korean lines are joined: see `indexer.readers.korean_lines`.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.model.text import Block, BlockKind
from indexer.normalise import normalise
from indexer.readers.korean_lines import Spelling, is_korean, spelling_of
from indexer.readers.notes import split_note
from indexer.readers.text import NO_BREAK, blocks_of, looks_like_item

__all__ = ["HYPHEN", "Line", "blocks_of_lines"]

HYPHEN: Final = "\u2010"
"""Stands at the end of a line that the setter broke with a hyphen."""

_EDGE_LINES: Final = 2
"""Running heads and page numbers are among so many first and last lines of a page."""
_REPEATED: Final = 3
"""A line at a page's edge that stands on so many pages is a running head."""
_SAME_PLACE: Final = 3.0
"""Heads on two pages are at the same height within so many points."""
_PAGE_NUMBER: Final = re.compile(
    r"[-–—\s(\[]*+(?:page\s+|p\.\s*)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*+(?:/|of)\s*+\d{1,4})?"
    r"\s*+(?:쪽|면|페이지)?[-–—\s)\]]*+",
    re.IGNORECASE,
)
_WIDE_GAP: Final = 1.35
"""A gap this much wider than the usual one separates paragraphs."""
_BIG: Final = 1.15
"""Letters this much higher than those of the running text make a heading."""
_SIZE_STEP: Final = 0.12
_INDENT: Final = 0.8
"""A line this far (in letter heights) inside the column is indented."""
_SHORT: Final = 0.15
"""A line that leaves so much of its column empty is short."""
_ROOM: Final = 1.2
"""Room at a line's end (in letter heights) in which another syllable would have stood."""
_RAGGED: Final = 0.2
"""Share of the lines that leave such room in a document that is broken between words."""
_TRAILING: Final = 0.2
"""Share of the lines that must end in a space in a file that keeps such spaces."""
_MAX_HEADING: Final = 200

_SENTENCE_END: Final = re.compile(r"[.!?。…][\"'”’)\]」』]*(?:\[\w{1,3}\])*\s*$")
_LATIN_WORD_END: Final = re.compile(r"(?<![^\W\d_])[^\W\d_]++-?$")
_WORD: Final = re.compile(r"\w+(?:-\w+)*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; places in points from the lower left corner."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        """The height of its letters, in points."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class _Column:
    """What is usual in a document."""

    height: float
    gap: float
    """From one line's bottom to the next one's, in points."""
    keeps_spaces: bool
    """Whether lines that end between two words end in a space."""
    spelling: Spelling
    """What the insides of its lines tell of its words."""
    breaks_words: bool = True
    """Whether Korean lines may be broken inside a word."""


def blocks_of_lines(lines: Sequence[Line]) -> tuple[Block, ...]:
    """The blocks of a document's lines, without running heads and page numbers."""
    lines = _without_edges(lines)
    if not lines:
        return ()
    usual = _usual(lines)
    paragraphs = list(_paragraphs(lines, usual))
    usual = replace(usual, breaks_words=_breaks_words(paragraphs, usual.spelling))
    big = {at: _size(paragraph) for at, paragraph in enumerate(paragraphs) if _is_big(paragraph, usual)}
    sizes = sorted(set(big.values()), reverse=True)
    blocks: list[Block] = []
    groups: list[list[str]] = []
    for at, paragraph in enumerate(paragraphs):
        mended = list(_mended(paragraph, usual))
        if at not in big:
            groups.append(mended)
            continue
        blocks += blocks_of(groups, headings=not big)
        groups = []
        text = normalise(" ".join(mended).replace(f"{NO_BREAK} ", ""))
        blocks.append(Block(BlockKind.HEADING, text, level=min(sizes.index(big[at]) + 1, 6)))
    return (*blocks, *blocks_of(groups, headings=not big))


def _without_edges(lines: Sequence[Line]) -> list[Line]:
    """The lines without page numbers and without what stands at the same edge of several pages."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    repeated = Counter(
        key for found in pages.values() for key in {_key(line) for edge in _edges(found) for line in edge}
    )
    needed = min(_REPEATED, max(len(pages), 2))
    dropped: set[Line] = set()
    for found in pages.values():
        for edge in _edges(found):  # from outside: what stands behind a line of the text belongs to the text
            is_head = (
                bool(_PAGE_NUMBER.fullmatch(line.text)) or repeated[_key(line)] >= needed for line in edge
            )
            dropped.update(
                line for line, _ in itertools.takewhile(lambda pair: pair[1], zip(edge, is_head, strict=True))
            )
    return [line for line in lines if line not in dropped]


def _edges(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The first lines of a page from above, and its last ones from below."""
    ordered = sorted(lines, key=lambda line: -line.top)
    return ordered[:_EDGE_LINES], ordered[: -_EDGE_LINES - 1 : -1]


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text.strip()), round(line.bottom / _SAME_PLACE)


def _usual(lines: Sequence[Line]) -> _Column:
    heights = Counter[float]()
    for line in lines:
        heights[round(line.height, 1)] += len(line.text)
    gaps = [
        one.bottom - two.bottom
        for one, two in itertools.pairwise(lines)
        if one.page == two.page and 0 < one.bottom - two.bottom < one.height * 3
    ]
    trailing = sum(1 for line in lines if line.text.endswith(" "))
    return _Column(
        height=heights.most_common(1)[0][0] or 1.0,
        gap=statistics.median(gaps) if gaps else 0.0,
        keeps_spaces=trailing >= _TRAILING * len(lines),
        spelling=spelling_of([line.text for line in lines]),
    )


def _paragraphs(lines: Sequence[Line], usual: _Column) -> Iterator[list[Line]]:
    paragraph: list[Line] = []
    edges = _columns(lines)
    for at, line in enumerate(lines):
        if paragraph and _begins(paragraph[0], lines[at - 1], line, edges[at - 1 : at + 1], usual):
            yield paragraph
            paragraph = []
        paragraph.append(replace(line, right=line.right - edges[at][1]))
    if paragraph:
        yield paragraph


def _columns(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """For each line the left and the right edge of its column: of the lines that go down the page with it."""
    edges: list[tuple[float, float]] = []
    start = 0
    for at in range(1, len(lines) + 1):
        if at == len(lines) or lines[at].page != lines[at - 1].page or lines[at].bottom > lines[at - 1].top:
            run = lines[start:at]
            left = sorted(line.left for line in run)[len(run) // 4]
            right = max(line.right for line in run)
            edges += [(left, right)] * len(run)
            start = at
    return edges


def _begins(
    first: Line, before: Line, line: Line, columns: Sequence[tuple[float, float]], usual: _Column
) -> bool:
    """Whether a paragraph begins with `line`; `first` is the first line of the running one."""
    if abs(before.height - line.height) > _SIZE_STEP * max(before.height, line.height):
        return True
    (left, right), (next_left, _) = columns
    ends = _SENTENCE_END.search(before.text) is not None
    is_short = before.right < right - _SHORT * (right - left)
    is_item = looks_like_item(line.text) and (ends or is_short or not is_korean(line.text.lstrip()))
    if is_item or split_note(line.text.strip()) is not None:  # "다. 그리고" may be but the end of a word
        return True
    indented = line.left > next_left + _INDENT * line.height
    if before.page != line.page or line.bottom > before.top:  # the next page or the next column
        return ends or is_short or indented
    hangs = looks_like_item(first.text) and line.left > first.left + 1
    newly_indented = indented and not hangs and before.left <= left + _INDENT * before.height
    gap = before.bottom - line.bottom
    return gap > _WIDE_GAP * usual.gap or newly_indented or (ends and is_short and not hangs)


def _breaks_words(paragraphs: Sequence[Sequence[Line]], spelling: Spelling) -> bool:
    ends = [
        (line, line.text.rstrip()[-1], following.text.lstrip()[0])
        for paragraph in paragraphs
        for line, following in itertools.pairwise(paragraph)
        if is_korean(line.text.rstrip()[-1:]) and is_korean(following.text.lstrip())
    ]
    rooms = sum(-line.right > _ROOM * line.height for line, _, _ in ends)
    if ends and rooms >= _RAGGED * len(ends):
        return False
    return not spelling.keeps_words((end, begin) for _, end, begin in ends)


def _size(paragraph: Sequence[Line]) -> float:
    return round(statistics.median(line.height for line in paragraph) * 2) / 2


def _is_big(paragraph: Sequence[Line], usual: _Column) -> bool:
    length = sum(len(line.text) for line in paragraph)
    return _size(paragraph) >= _BIG * usual.height and length <= _MAX_HEADING


def _mended(paragraph: Sequence[Line], usual: _Column) -> Iterator[str]:
    """The lines of a paragraph; one that the next goes on inside a word ends in `NO_BREAK`."""
    for line, following in itertools.pairwise(paragraph):
        text, after = line.text.rstrip(), following.text.lstrip()
        if text.endswith((HYPHEN, "-", "\u00ad")) and _LATIN_WORD_END.search(text[:-1]):
            yield _unhyphenated(text, after, usual) + NO_BREAK
        else:
            yield text + (NO_BREAK if _goes_on(line, after, usual) else "")
    yield paragraph[-1].text.rstrip().replace(HYPHEN, "-")


def _unhyphenated(text: str, after: str, usual: _Column) -> str:
    first, second = _LATIN_WORD_END.search(text[:-1]), _WORD.match(after)
    if first is None or second is None or not after[:1].islower():
        return text[:-1] + "-"
    compound = f"{first[0]}-{second[0]}".lower()
    return text[:-1] + ("-" if compound in usual.spelling.words else "")


def _goes_on(line: Line, after: str, usual: _Column) -> bool:
    """Whether a Korean word goes on in the next line.  `line.right` is relative to its column's edge."""
    text = line.text.rstrip()
    if not text or not is_korean(after) or not text[-1].isalnum():
        return False
    if usual.keeps_spaces:
        return not line.text.endswith(" ")
    if is_korean(text[-1]) and (not usual.breaks_words or -line.right > _ROOM * line.height):
        return False
    return usual.spelling.goes_on(text, after)
