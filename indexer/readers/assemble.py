"""The drafts of one source, put together: languages, titles, authors, date and footnotes settled.  Pure."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Final

from indexer.errors import ReadError
from indexer.model.text import LANGS, Bilingual, Block, BlockKind, Document, Lang
from indexer.readers.bylines import Byline, parse_byline
from indexer.readers.dates import best_date
from indexer.readers.draft import Draft
from indexer.readers.notes import tie
from indexer.references import without_marks
from indexer.scripts import count_letters, script_lang, weigh

__all__ = ["assemble"]

_HEAD: Final = 6
"""A byline stands among so many first blocks of a text."""

_PURITY: Final = 0.85
"""The share of a text that must be in one language for a text (or a half of it) to be in that language."""

_VALID_ID: Final = re.compile(r"[^\W_][\w.-]*(?:/[^\W_][\w.-]*)*")
_BESIDE: Final = (BlockKind.CODE, BlockKind.FOOTNOTE, BlockKind.TABLE_ROW)


@dataclasses.dataclass(frozen=True, slots=True)
class _Side:
    """What is in one language (or, where both alternate, in no one language) of a document."""

    lang: Lang | None
    blocks: tuple[Block, ...]
    draft: Draft
    is_half: bool = False
    """Whether the draft holds another side, too."""


def assemble(document: str, drafts: Sequence[tuple[Draft, Lang | None]]) -> Document:
    """The document of one file's draft, or of two files', each with the language that its place declares.

    Raises:
        ReadError: There is no text at all, or the declared ids are unfit or differ; names no file.
    """
    sides = [side for draft, lang in drafts for side in _sides(draft, lang)]
    if not any(side.blocks for side in sides):
        raise ReadError("has no text; remove it or fill it")
    bylines = [(side.draft, found) for side in sides for found in _bylines(side.blocks)]
    return Document(
        id=_id(document, [draft.id for draft, _ in drafts if draft.id]),
        titles=_titles(sides, document.rsplit("/", 1)[-1]),
        authors=_authors([draft for draft, _ in drafts], bylines),
        date=best_date([*(draft.date for draft, _ in drafts), *(byline.date for _, byline in bylines)]),
        blocks=tie([block for side in sides for block in side.blocks]),
    )


def _sides(draft: Draft, lang: Lang | None) -> list[_Side]:
    if lang is None and draft.lang and _main_lang(draft.blocks) in (draft.lang, None):
        lang = draft.lang
    if lang is None and not any(block.lang for block in draft.blocks):
        halves = _halves(draft.blocks)
        if halves is not None:
            first, at = halves
            second: Lang = "ko" if first == "en" else "en"
            ahead, behind = draft.blocks[:at], _levelled(draft.blocks[at:], draft.blocks[:at])
            strangers = _labels(ahead) - _labels(behind)
            return [
                _Side(first, _declared(ahead, first), draft, is_half=True),
                _Side(second, _declared(_foreign(behind, strangers, first), second), draft, is_half=True),
            ]
        lang = _main_lang(draft.blocks)
    return [_Side(lang, _declared(draft.blocks, lang), draft)]


def _declared(blocks: Sequence[Block], lang: Lang | None) -> tuple[Block, ...]:
    return tuple(
        block
        if block.lang
        else Block(block.kind, block.text, block.level, block.marker, block.label, block.references, lang)
        for block in blocks  # `dataclasses.replace` takes three times as long
    )


def _labels(blocks: Sequence[Block]) -> set[str]:
    return {reference.label for block in blocks for reference in block.references}


def _foreign(blocks: Sequence[Block], labels: set[str], lang: Lang) -> tuple[Block, ...]:
    """The blocks of the second half; notes at its end that only the first half refers to are in `lang`."""
    return tuple(
        dataclasses.replace(block, lang=lang) if block.label in labels else block for block in blocks
    )


def _levelled(blocks: Sequence[Block], model: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks with their first heading, the title of this half, on the level of the other half's title."""
    title, other = _first_heading(blocks), _first_heading(model)
    if title is None or other is None:
        return tuple(blocks)
    return tuple(
        dataclasses.replace(block, level=other.level) if block is title else block for block in blocks
    )


def _first_heading(blocks: Sequence[Block], lang: Lang | None = None) -> Block | None:
    """The heading among the first blocks; with `lang`, the one in that script."""
    headings = (block for block in blocks[:_HEAD] if block.kind is BlockKind.HEADING)
    return next((block for block in headings if lang is None or script_lang(block.text) == lang), None)


def _halves(blocks: Sequence[Block]) -> tuple[Lang, int] | None:
    """The first half's language and where the second half starts, if a text is in one, then in the other.

    That place leaves the smallest share of each language's letters on the wrong side.
    """
    counts = [count_letters(block.text) for block in blocks]
    korean, latin = sum(count[0] for count in counts), sum(count[1] for count in counts)
    if not korean or not latin:
        return None
    lead = [0.0]  # before each block: how much more of the English than of the Korean text has been seen
    for block_korean, block_latin in counts:
        lead.append(lead[-1] + block_latin / latin - block_korean / korean)
    at = max(range(len(lead)), key=lambda place: abs(lead[place]))
    first, second = _main_lang(blocks[:at]), _main_lang(blocks[at:])
    return (first, at) if first and second and first != second else None


def _main_lang(blocks: Sequence[Block]) -> Lang | None:
    """The language that nearly all the running text is in, or `None` where both alternate."""
    weights = dict.fromkeys(LANGS, 0.0)
    for block in blocks:
        if block.kind not in _BESIDE:
            weight = weigh(block.text)
            more: Lang = "ko" if weight["ko"] >= weight["en"] else "en"  # as `script_lang` has it
            weights[more] += weight["en"] + weight["ko"]
    total = sum(weights.values())
    return next((lang for lang in LANGS if total and weights[lang] >= _PURITY * total), None)


def _titles(sides: Sequence[_Side], fallback: str) -> Bilingual:
    titles: dict[Lang, str] = {}
    for side in sides:
        for lang in [side.lang] if side.lang else LANGS:
            if title := _title(side, lang):
                titles.setdefault(lang, title)
        for lang, title in side.draft.titles.items():
            titles.setdefault(lang, title)
    if not titles:
        titles[sides[0].lang or script_lang(fallback) or "en"] = fallback
    return Bilingual(titles.get("en", ""), titles.get("ko", ""))


def _title(side: _Side, lang: Lang) -> str:
    """The title in one language: as declared, else as the first heading has it."""
    own = side.lang is not None and not side.is_half
    declared = side.draft.titles[lang]
    if not declared and (own or script_lang(side.draft.title) == lang):
        declared = side.draft.title
    heading = _first_heading(side.blocks, None if side.lang else lang)
    return declared or (without_marks(heading.text, heading.references) if heading else "")


def _bylines(blocks: Sequence[Block]) -> list[Byline]:
    lines = (block.text for block in blocks[:_HEAD] if block.kind is BlockKind.PARAGRAPH)
    return [found for line in lines if (found := parse_byline(line))]


def _authors(drafts: Sequence[Draft], bylines: Sequence[tuple[Draft, Byline]]) -> tuple[str, ...]:
    authors: dict[str, None] = {}
    for draft in drafts:
        found = [name for owner, byline in bylines if owner is draft for name in byline.authors]
        both = (found, draft.authors) if draft.byline_first else (draft.authors, found)
        authors.update(dict.fromkeys(both[0] or both[1]))
    return tuple(authors)


def _id(document: str, declared: Sequence[str]) -> str:
    if len(set(declared)) > 1:
        raise ReadError(
            f"declares the id {declared[1]!r}, its other language {declared[0]!r}; make them the same"
        )
    if declared and not _VALID_ID.fullmatch(declared[0]):
        raise ReadError(f"declares the id {declared[0]!r}; use letters, digits, '-', '_', '.' and '/' only")
    return declared[0] if declared else document
