"""A document cut into passages: the units that are found and linked.  Pure."""

from __future__ import annotations

import bisect
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from indexer.model.text import LANGS, Block, BlockKind, Document, Lang, Passage, Reference, Span
from indexer.references import without_marks
from indexer.scripts import count_letters, script_lang

__all__ = ["MAX_LENGTH", "cut", "languages", "parts"]

MAX_LENGTH: Final = 1200
"""A block longer than this (code points) is cut."""

_CONTRADICTING_LETTERS: Final = 40
_CONTRADICTING_WORDS: Final = 8
"""So much of the other script (and nothing of its own) contradicts a declared language."""

_SENTENCE_END: Final = re.compile(
    r"""(?<![.!?…。！？])[.!?…。！？]++      # the stop, or several; begun only once, for speed
        ["'”’»)\]」』〉》]*                  # closing quotes stay with their sentence
        (?:\[[\w*†‡]{1,8}\])*               # and so do footnote marks
        (?:\s+|(?<=[가-힣][.!?])(?=[가-힣]))  # Korean is sometimes set without a space after the stop
    """,
    re.VERBOSE,
)
_ABBREVIATION: Final = re.compile(
    r"""(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Rev|Hon|St|Gen|Col|Lt|Capt|Sgt|Gov|Sen|Rep|Jr|Sr|Inc|Ltd|Co|Corp|No|Nos|Vol
             |Fig|Figs|pp?|ed|eds|vs|cf|al|etc|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)
          |\b[A-Za-z]                       # initials and single letters: J. Kim, U.S., e.g.
          |\d{4}\.\s?\d{1,2}\.\s?\d{1,2}    # a Korean date: 2023. 7. 8.
        )\.$""",
    re.VERBOSE,
)
_CLAUSE_END: Final = re.compile(r"[,;:，、；：—–][\"'”’)\]」』]*\s+|\t")
_SPACE: Final = re.compile(r"\s+")
_LINE_END: Final = re.compile(r"\n+")

_JOINER: Final = "\u200d"
_LONGEST_EMOJI: Final = 20
"""No emoji is joined of more code points; a longer row of joiners may be torn."""


def cut(document: Document) -> tuple[Passage, ...]:
    """The passages of a document in reading order, without addresses.

    Each language's title is a passage of its own right before the first block of that language; the
    heading that says the same is not repeated.  Then one block is one passage, except that a block over
    `MAX_LENGTH` code points is cut at sentence ends (code at line ends).
    """
    langs = languages(document.blocks)
    titles = {lang: _title(document, langs, lang) for lang in LANGS if document.titles[lang]}
    passages: list[Passage] = []
    for lang in [lang for lang in titles if lang not in langs]:
        _append(passages, document.id, titles.pop(lang)[0], lang)
    replaced = {at for _, at in titles.values()}
    for at, (block, lang) in enumerate(zip(document.blocks, langs, strict=True)):
        if lang in titles:
            _append(passages, document.id, titles.pop(lang)[0], lang)
        if at not in replaced:
            _append(passages, document.id, block, lang)
    return tuple(passages)


def languages(blocks: Sequence[Block]) -> list[Lang]:
    """The language of each block: the declared one, else by script, else that of the nearest before it.

    A declared language gives way where the script clearly contradicts it: prose with at least 40 letters and
    8 words of the other script and no letter of its own.  Code, table rows and notes (which often cite works
    of the other language) keep theirs.

    >>> languages([Block(BlockKind.PARAGRAPH, "1991"), Block(BlockKind.PARAGRAPH, "정전 협상")])
    ['ko', 'ko']
    """
    found = [_language(block) for block in blocks]
    last: Lang = next((lang for lang in found if lang), "en")
    langs: list[Lang] = []
    for lang in found:
        last = lang or last
        langs.append(last)
    return langs


def parts(text: str, *, code: bool = False) -> list[Span]:
    """Where a text has to be cut: spans of at most `MAX_LENGTH` code points, in order.

    Between two spans there is nothing but white space.  A cut is made at the last sentence end that fits,
    else after a clause, else at a space, else (nothing else is possible) between two characters.

    >>> parts("짧은 글.")
    [Span(start=0, end=5)]
    """
    if len(text) <= MAX_LENGTH:
        return [Span(0, len(text))]
    levels = _CODE_LEVELS if code else _LEVELS
    breaks: list[_Breaks] = []
    spans: list[Span] = []
    start = 0
    while len(text) - start > MAX_LENGTH:
        end, following = _next_cut(text, start, levels, breaks)
        spans.append(Span(start, end))
        start = following
    if start < len(text):
        spans.append(Span(start, len(text)))
    return spans


def _append(passages: list[Passage], document: str, block: Block, lang: Lang) -> None:
    if len(block.text) <= MAX_LENGTH:  # as nearly all are, and in a third of the time
        whole = block.kind, lang, block.text, block.level, block.marker, block.label, block.references
        passages.append(Passage(document, len(passages), *whole))
        return
    for number, span in enumerate(parts(block.text, code=block.kind is BlockKind.CODE)):
        passages.append(
            Passage(
                document=document,
                ordinal=len(passages),
                kind=block.kind,
                lang=lang,
                text=block.text[span.slice],
                level=block.level,
                marker=block.marker,
                label=block.label,
                references=tuple(_rebased(block.references, span)),
                continues=number > 0,
            )
        )


def _rebased(references: Sequence[Reference], span: Span) -> Iterator[Reference]:
    for reference in references:
        if span.start <= reference.span.start and reference.span.end <= span.end:
            moved = Span(reference.span.start - span.start, reference.span.end - span.start)
            yield Reference(reference.label, moved)


def _title(document: Document, langs: Sequence[Lang], lang: Lang) -> tuple[Block, int]:
    """The title as a block, and the index of the heading it stands for (-1 where there is none)."""
    title = document.titles[lang]
    for at, (block, block_lang) in enumerate(zip(document.blocks, langs, strict=True)):
        if block_lang == lang and block.kind is BlockKind.HEADING:
            if _same(without_marks(block.text, block.references), title):
                return Block(BlockKind.TITLE, block.text, references=block.references), at
            break
    return Block(BlockKind.TITLE, title), -1


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _language(block: Block) -> Lang | None:
    if block.lang is None:
        return script_lang(block.text)
    if block.kind in (BlockKind.CODE, BlockKind.TABLE_ROW, BlockKind.FOOTNOTE):
        return block.lang
    korean, latin = count_letters(block.text)
    own, other = (korean, latin) if block.lang == "ko" else (latin, korean)
    if own or other < _CONTRADICTING_LETTERS or len(block.text.split()) < _CONTRADICTING_WORDS:
        return block.lang
    return script_lang(block.text)


_Breaks = tuple["array[int]", "array[int]"]
"""Where a part may end, and where the next part then starts; looked up by bisection."""
_Level = Callable[[str], _Breaks]


def _breaks(text: str, pattern: re.Pattern[str]) -> _Breaks:
    return _places(pattern.finditer(text))


def _sentence_ends(text: str) -> _Breaks:
    return _places(match for match in _SENTENCE_END.finditer(text) if _ends_sentence(text, match))


def _places(matches: Iterable[re.Match[str]]) -> _Breaks:
    # Arrays: a text of some million words has as many places, and matches would take 50 times the memory.
    ends, followings = array("Q"), array("Q")
    for match in matches:
        ends.append(match.start() + len(match[0].rstrip()))
        followings.append(match.end())
    return ends, followings


def _clause_ends(text: str) -> _Breaks:
    return _breaks(text, _CLAUSE_END)


def _line_ends(text: str) -> _Breaks:
    return _breaks(text, _LINE_END)


def _spaces(text: str) -> _Breaks:
    return _breaks(text, _SPACE)


_LEVELS: Final = (_sentence_ends, _clause_ends, _spaces)
_CODE_LEVELS: Final = (_line_ends, _spaces)
"""Where a text is cut: at the first of these where a part can end."""


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 1]
    if following.islower():
        return False
    if not match.group().startswith(".") or match.group().startswith(".."):
        return True
    stop = match.start() + 1
    if text[stop - 2 : stop - 1].isdigit() and following.isdigit():
        return False
    if not text[stop - 2 : stop - 1].isascii():  # no abbreviation is Korean: spares most searches
        return True
    return _ABBREVIATION.search(text, max(0, stop - 14), stop) is None


def _next_cut(text: str, start: int, levels: Sequence[_Level], breaks: list[_Breaks]) -> tuple[int, int]:
    """Where the part that starts at `start` ends, and where the next one starts.

    The `breaks` of further levels are put in when they are needed for the first time.
    """
    for number, level in enumerate(levels):
        if number == len(breaks):
            breaks.append(level(text))
        ends, followings = breaks[number]
        at = bisect.bisect_right(ends, start + MAX_LENGTH) - 1
        if at >= 0 and ends[at] > start:
            return ends[at], followings[at]
    end = _between_characters(text, start + MAX_LENGTH, start)
    return end, end


def _between_characters(text: str, end: int, start: int) -> int:
    """`end`, or a few code points before it, so that no footnote mark or emoji is torn."""
    mark = text.rfind("[", max(start + 1, end - 10), end)
    if mark > 0 and "]" not in text[mark:end]:
        return mark
    for at in range(end, max(start, end - _LONGEST_EMOJI), -1):
        if text[at] != _JOINER and text[at - 1] != _JOINER:
            return at
    return end
