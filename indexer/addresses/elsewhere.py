"""Passages and whole documents that are found again in another document.  Pure; deterministic."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from indexer.addresses.candidates import sharing
from indexer.addresses.likeness import SHORT, shape_of
from indexer.addresses.registration import Key, Registration
from indexer.model.text import LANGS, Lang, Passage

__all__ = ["comes_back", "gone_elsewhere", "renamed_from"]

_SURE: Final = 0.8
"""How like a passage must be to one of another document."""
_CLEARLY: Final = 0.15
"""By how much it must be more like than the runner-up."""
_MOST: Final = 0.5
"""How much of a document must be that of another one to be it."""
_WORD: Final = re.compile(r"\w+")


def renamed_from(before: Mapping[str, Sequence[Registration]], passages: Sequence[Passage]) -> str | None:
    """Which of the documents that are gone has these passages now; `None` where that is unclear.

    It is the one that shares most of its passages' texts or, where many of them have changed as well, most of
    its pairs of neighbouring words; of several the one with the most.

    Args:
        before: the lines of those documents, by their ids.
        passages: all of a document that was never seen.
    """
    if not before:
        return None
    texts = Counter((one.lang, one.text) for one in passages)
    equal = {name: (texts & _texts(lines)).total() / max(1, len(passages)) for name, lines in before.items()}
    best = max(equal, key=lambda name: equal[name])
    if equal[best] > _MOST:
        return best
    words = _neighbours(one.text for one in passages)
    like = {
        name: len(words & _neighbours(one.text for one in _said(lines))) / max(1, len(words))
        for name, lines in before.items()
    }
    ranked = sorted(like, key=lambda name: -like[name])
    clear = len(ranked) == 1 or like[ranked[0]] - like[ranked[1]] >= _CLEARLY
    return ranked[0] if like[ranked[0]] > _MOST and clear else None


def comes_back(
    own: Sequence[Registration], other: Sequence[Registration], passages: Sequence[Passage]
) -> bool:
    """Whether a document that was gone says what it said once, rather than what another one said.

    Args:
        own: its lines, none of which lives.
        other: those of the other one.
        passages: all that it holds now.
    """
    texts = Counter((one.lang, one.text) for one in passages)
    before = Counter((one.lang, one.text) for one in own)
    return (texts & before).total() >= max(1, (texts & _texts(other)).total())


def gone_elsewhere(lost: Sequence[Registration], fresh: Sequence[Registration]) -> dict[Key, str]:
    """For passages that are gone from their document, the addresses that they have in another one.

    Only where it is sure: the text is not short, it is equal or nearly so, and nothing else comes near.

    Args:
        lost: passages that are no longer where they were.
        fresh: passages that were never seen before.
    """
    moved: dict[Key, str] = {}
    for lang in LANGS:
        old = [one for one in lost if one.lang == lang and len(one.text) >= SHORT[lang]]
        new = [one for one in fresh if one.lang == lang and len(one.text) >= SHORT[lang]]
        for at, other in _alike(old, new, lang).items() if old and new else ():
            if old[at].document != new[other].document:
                moved[old[at].key] = new[other].address
    return moved


def _alike(old: Sequence[Registration], new: Sequence[Registration], lang: Lang) -> dict[int, int]:
    ours = {at: shape_of(one.text, lang) for at, one in enumerate(old)}
    theirs = {at: shape_of(one.text, lang) for at, one in enumerate(new)}
    scores = {
        (at, other): ours[at].like(theirs[other])
        for at, many in sharing(ours, theirs).items()
        for other in many
    }
    by_old: defaultdict[int, list[float]] = defaultdict(list)
    by_new: defaultdict[int, list[float]] = defaultdict(list)
    for (at, other), score in scores.items():
        by_old[at].append(score)
        by_new[other].append(score)
    return {
        at: other
        for (at, other), score in scores.items()
        if score >= _SURE and all(_is_clear(score, rivals) for rivals in (by_old[at], by_new[other]))
    }


def _is_clear(score: float, scores: Sequence[float]) -> bool:
    """Whether none of the scores but this one itself comes near."""
    return sum(score - other < _CLEARLY for other in scores) == 1


def _texts(lines: Iterable[Registration]) -> Counter[tuple[Lang, str]]:
    return Counter((one.lang, one.text) for one in _said(lines))


def _said(lines: Iterable[Registration]) -> Sequence[Registration]:
    """The lines of what a document says, or said last where all of it is gone."""
    lines = list(lines)
    return [one for one in lines if one.lives] or [one for one in lines if one.gone]


def _neighbours(texts: Iterable[str]) -> set[tuple[str, str]]:
    return {pair for text in texts for pair in pairwise(_WORD.findall(text.casefold()))}
