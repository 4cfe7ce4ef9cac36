"""Hanja in a Korean text: words of their own, or the explanation of the word before: 현상(現狀)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from indexer.analysis.hanja import is_gloss, reading
from indexer.analysis.morphemes import Compound, KoreanText, Morpheme
from indexer.analysis.script import HANJA, has_hanja
from indexer.model.text import Span

__all__ = ["add_hanja"]

_RUN: Final = rf"[{HANJA}]+"
_GLOSS: Final = rf"[(（〔\[]([{HANJA}]+)[)）〕\]]"
"""Patterns that are compiled late, as most archives have no hanja."""


def add_hanja(text: str, parsed: KoreanText) -> KoreanText:
    """What was found in the Hangul of `text`, and its hanja.

    Hanja that explain a word in brackets become part of that word, so that it does not count twice; others
    become a morpheme whose term is their reading.
    """
    if not has_hanja(text):
        return parsed
    runs = [Span(*match.span()) for match in re.finditer(_RUN, text)]
    openings = {Span(*match.span(1)): match.start() for match in re.finditer(_GLOSS, text)}
    morphemes = list(parsed.morphemes)
    alone = [run for run in runs if run not in openings or not _attach(text, morphemes, run, openings[run])]
    return _insert(text, parsed._replace(morphemes=tuple(morphemes)), alone)


def _attach(text: str, morphemes: list[Morpheme], run: Span, opening: int) -> bool:
    """Gives the hanja at `run` to the words before the bracket at `opening`, if they are its reading.

    Each morpheme gets its own part of the hanja: of 정전협정(停戰協定) 정전 gets 停戰.
    """
    start = opening - (run.end - run.start)
    if start < 0 or not is_gloss(text[start:opening], text[run.slice]):
        return False
    explained: dict[int, Morpheme] = {}
    end, stop = opening, run.end
    for index in range(len(morphemes) - 1, -1, -1):
        word = morphemes[index]
        if word.span.start >= opening:
            continue
        if end <= start or word.span.end != end:
            break
        part = Span(stop - (end - max(start, word.span.start)), stop)
        explained[index] = replace(word, hanja=text[part.slice], hanja_span=part)
        end, stop = word.span.start, part.start
    if end > start:
        return False
    for index, word in explained.items():
        morphemes[index] = word
    return True


def _insert(text: str, parsed: KoreanText, runs: list[Span]) -> KoreanText:
    added = [Morpheme(reading(text[run.slice]), run, hanja=text[run.slice], hanja_span=run) for run in runs]
    merged = sorted([*parsed.morphemes, *added], key=lambda morpheme: morpheme.span)
    place = {id(morpheme): index for index, morpheme in enumerate(merged)}

    def moved(compounds: tuple[Compound, ...]) -> tuple[Compound, ...]:
        return tuple(replace(one, first=place[id(parsed.morphemes[one.first])]) for one in compounds)

    return KoreanText(tuple(merged), moved(parsed.compounds), parsed.bigrams, moved(parsed.wholes))
