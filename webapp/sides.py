"""Which passages of a document belong to its English side and which to its Korean one.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from indexer.model.archive import MarkedPassage
from indexer.model.text import LANGS, BlockKind, Lang
from indexer.scripts import weigh

__all__ = ["split_sides"]

_MINOR: Final = 0.1
"""A language with no more than this share of the text (a quotation, a title) makes no side of its own."""
_STRAY: Final = 0.5
"""The share of the lesser language that may be on the wrong side of a cut; else the languages alternate."""

Passages = tuple[MarkedPassage, ...]


def split_sides(passages: Sequence[MarkedPassage]) -> dict[Lang, Passages]:
    """The passages by side, English first, each side in reading order; empty sides are left out.

    A document that is English whole and then Korean whole (or the other way round) is parted at one
    place, so that an English line in the Korean half stays where its author put it. A document in
    one language stays whole for the same reason. Where the languages alternate, each passage goes by
    its own language.
    """
    weights = [_weight(marked) for marked in passages]
    total, minor = sum(map(abs, weights)), _minor(weights)
    first, at = _title_cut(passages) or _best_cut(weights)
    if minor <= _MINOR * total:
        major: Lang = "en" if sum(weights) >= 0 else "ko"
        sides = {major: tuple(passages)}
    elif _title_cut(passages) or _strays(weights, first, at) <= _STRAY * minor:
        sides = {first: tuple(passages[:at]), _other(first): tuple(passages[at:])}
    else:
        sides = {lang: tuple(m for m in passages if m.passage.lang == lang) for lang in LANGS}
    return _with_their_notes({lang: sides[lang] for lang in LANGS if sides.get(lang)})


def _with_their_notes(sides: dict[Lang, Passages]) -> dict[Lang, Passages]:
    """The sides with each note in the side that refers to it, where only the other one does.

    A .docx file keeps the notes of both languages together at its end.
    """
    if len(sides) < len(LANGS):
        return sides
    moved = {lang: _foreign_notes(sides[lang], sides[_other(lang)]) for lang in sides}
    return {lang: (*(m for m in sides[lang] if m not in moved[lang]), *moved[_other(lang)]) for lang in sides}


def _foreign_notes(side: Passages, other: Passages) -> Passages:
    """The notes of a side to which only the other side refers, and of which that has none of its own."""
    wanted = _labels_wanted(other) - _labels_wanted(side) - {m.passage.label for m in other if _is_note(m)}
    return tuple(marked for marked in side if _is_note(marked) and marked.passage.label in wanted)


def _labels_wanted(side: Passages) -> set[str]:
    return {r.label for marked in side if not _is_note(marked) for r in marked.passage.references}


def _is_note(marked: MarkedPassage) -> bool:
    return marked.passage.kind is BlockKind.FOOTNOTE


def _other(lang: Lang) -> Lang:
    return "ko" if lang == "en" else "en"


def _weight(marked: MarkedPassage) -> float:
    """How much text it is: above 0 for English, below 0 for Korean; figures alone are little, not nothing."""
    amount = max(1.0, sum(weigh(marked.passage.text).values()))
    return amount if marked.passage.lang == "en" else -amount


def _minor(weights: Sequence[float]) -> float:
    """How much text there is in the lesser language."""
    english = sum(weight for weight in weights if weight > 0)
    return min(english, english - sum(weights))


def _title_cut(passages: Sequence[MarkedPassage]) -> tuple[Lang, int] | None:
    """The first side's language and where the second one's title stands, if there is text between them."""
    titles = [(at, m.passage.lang) for at, m in enumerate(passages) if m.passage.kind is BlockKind.TITLE]
    if len(titles) != len(LANGS) or titles[0][1] == titles[1][1] or titles[1][0] - titles[0][0] == 1:
        return None
    return titles[0][1], titles[1][0]


def _best_cut(weights: Sequence[float]) -> tuple[Lang, int]:
    """The language of the first part, and where it ends, so that the least text is on the wrong side."""
    before = [0.0, *accumulate(weights)]
    at = max(range(len(before)), key=lambda place: abs(2 * before[place] - before[-1]))
    return "en" if 2 * before[at] >= before[-1] else "ko", at


def _strays(weights: Sequence[float], first: Lang, at: int) -> float:
    """How much text is on the wrong side of the cut."""
    sign = 1 if first == "en" else -1
    turned = [sign * weight for weight in weights[:at]] + [-sign * weight for weight in weights[at:]]
    return -sum(weight for weight in turned if weight < 0)
