"""Terms that a document renders in several ways: what a translation editor may want to make one.  Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.model.text import Passage, Span
from indexer.report import Finding, FindingKind, Place, Sides

__all__ = ["SeveralWays"]

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_OFTEN: Final = 2
"""A rendering counts that stands in so many pairs where no other one does; once may be a free translation."""


@dataclass(frozen=True, slots=True)
class SeveralWays:
    """Finds such terms in the pairs of a document; see `indexer.report.Renderings`."""

    renderings: Callable[[str], Sequence[str]]
    """What an English word is known to be rendered by, as it is written; the best first."""

    def __call__(self, pairs: Sequence[Sides]) -> Iterator[Finding]:
        """One finding a term: for each way of rendering it, the first pair that shows it."""
        for term, having in _by_term(pairs).items():
            if len(having) < 2 * _OFTEN:
                continue
            ways: defaultdict[str, list[Sides]] = defaultdict(list)
            known = self.renderings(term)
            for pair in having:
                text = " ".join(passage.text for passage in pair[1])
                used = [way for way in known if way in text]
                if len(used) == 1:
                    ways[used[0]].append(pair)
            shown = [(way, several[0]) for way, several in ways.items() if len(several) >= _OFTEN]
            if len(shown) > 1:
                places = (place for way, pair in shown for place in _places(term, way, pair))
                yield Finding(FindingKind.TERMS, tuple(places), term)


def _by_term(pairs: Sequence[Sides]) -> dict[str, list[Sides]]:
    found: defaultdict[str, list[Sides]] = defaultdict(list)
    for pair in pairs:
        words = {word.casefold() for passage in pair[0] for word in _WORD.findall(passage.text)}
        for word in sorted(words):
            found[word].append(pair)
    return found


def _places(term: str, way: str, pair: Sides) -> Iterator[Place]:
    word = re.compile(rf"\b{re.escape(term)}\b", re.IGNORECASE)
    for side, pattern in zip(pair, (word, re.compile(re.escape(way))), strict=True):
        marked = [(passage, _spans(pattern, passage)) for passage in side]
        yield from (Place(passage, spans) for passage, spans in marked if spans)


def _spans(pattern: re.Pattern[str], passage: Passage) -> tuple[Span, ...]:
    return tuple(Span(*match.span()) for match in pattern.finditer(passage.text))
