"""What a translation editor wants to see before a document is published in both languages.  Pure.

Passages and their partners give findings: what stands in one language only, footnotes that one side lacks,
and numbers and dates that differ.  Only clear differences are reported (see `indexer.figures`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final, Protocol

from indexer.figures import Figure, missing, read_figures, readings
from indexer.model.archive import Tally
from indexer.model.text import LANGS, BlockKind, Lang, Passage, Span
from indexer.numerals import count_words
from indexer.scripts import weigh

__all__ = ["Finding", "FindingKind", "Place", "Renderings", "Sides", "in_both_languages", "review", "tally"]

_MINOR: Final = 0.1
"""A document with no more than this share of its text in the lesser language is no translation."""


class FindingKind(StrEnum):
    """What there is to be looked at."""

    UNPAIRED = "unpaired"
    """A passage that nothing says in the other language."""
    FOOTNOTES = "footnotes"
    """Both sides of a pair refer to a different number of footnotes."""
    NUMBERS = "numbers"
    """A number or a date of one side is not on the other."""
    TERMS = "terms"
    """A term that is rendered in several ways."""


@dataclass(frozen=True, slots=True)
class Place:
    """A passage that a finding is about."""

    passage: Passage
    spans: tuple[Span, ...] = ()
    """What in it: sorted and disjoint."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to be looked at."""

    kind: FindingKind
    places: tuple[Place, ...]
    """English first; both sides of a pair, or the one passage that stands alone."""
    term: str = ""
    """Of a term that is rendered in several ways: the term."""


Sides = tuple[tuple[Passage, ...], tuple[Passage, ...]]
"""The English and the Korean passages of a pair, each in reading order."""


class Renderings(Protocol):
    """Knows how terms are rendered, and tells which of them are rendered in several ways."""

    def __call__(self, pairs: Sequence[Sides]) -> Iterable[Finding]:
        """The findings of the kind `TERMS` in the pairs of one document."""
        ...


def in_both_languages(passages: Iterable[Passage]) -> bool:
    """Whether a good part of the text is in each of the two languages."""
    weights = Counter[Lang]()
    for passage in passages:
        weights[passage.lang] += max(1, round(sum(weigh(passage.text).values())))
    return min(weights[lang] for lang in LANGS) > _MINOR * weights.total()


def review(passages: Sequence[Passage], renderings: Renderings | None = None) -> tuple[Finding, ...]:
    """What there is to be looked at in a document.

    Args:
        passages: of one document, with their partners.
        renderings: who knows about terms; without it, nothing is said about them.

    Returns:
        The findings in reading order; none for a document that is in one language.
    """
    if not in_both_languages(passages):
        return ()
    pairs = _pairs(passages)
    findings = [*_unpaired(passages), *(finding for pair in pairs for finding in _in_pair(pair))]
    if renderings is not None:
        findings += renderings(pairs)
    return tuple(sorted(findings, key=lambda finding: finding.places[0].passage.ordinal))


def tally(findings: Iterable[Finding]) -> Tally:
    """How many findings there are of each kind."""
    counts = Counter(finding.kind for finding in findings)
    return Tally(**{kind.value: counts[kind] for kind in FindingKind})


def _pairs(passages: Sequence[Passage]) -> list[Sides]:
    by_ordinal = {passage.ordinal: passage for passage in passages}
    seen: set[int] = set()
    pairs: list[Sides] = []
    for passage in passages:
        if not passage.partners or passage.ordinal in seen:
            continue
        members: set[int] = set()
        waiting = [passage.ordinal]
        while waiting:
            at = waiting.pop()
            if at not in members and at in by_ordinal:
                members.add(at)
                waiting.extend(by_ordinal[at].partners)
        seen |= members
        both = [by_ordinal[at] for at in sorted(members)]
        english, korean = (tuple(one for one in both if one.lang == lang) for lang in LANGS)
        if english and korean:
            pairs.append((english, korean))
    return pairs


def _unpaired(passages: Iterable[Passage]) -> Iterator[Finding]:
    for passage in passages:
        # What has no letters needs no translation, and code is not translated.
        if not passage.partners and passage.kind is not BlockKind.CODE and any(weigh(passage.text).values()):
            yield Finding(FindingKind.UNPAIRED, (Place(passage),))


def _in_pair(pair: Sides) -> Iterator[Finding]:
    references = [sum(len(passage.references) for passage in side) for side in pair]
    if references[0] != references[1]:
        places = (
            Place(passage, tuple(reference.span for reference in passage.references))
            for side in pair
            for passage in side
        )
        yield Finding(FindingKind.FOOTNOTES, tuple(places))
    if any(passage.kind is BlockKind.CODE for side in pair for passage in side):
        return
    spans = _differing(pair)
    if any(spans.values()):
        places = (Place(passage, tuple(spans[passage.ordinal])) for side in pair for passage in side)
        yield Finding(FindingKind.NUMBERS, tuple(places))


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a pair with what is written in it; by the ordinal of each of its passages."""

    texts: dict[int, str]
    figures: dict[int, list[Figure]]
    counted: dict[int, list[tuple[int, int, int]]]

    @property
    def states(self) -> bool:
        """Whether there is anything to look for on the other side."""
        return any(self.figures.values()) or any(self.counted.values())

    @property
    def readings(self) -> frozenset[Fraction]:
        """Every number that the side may be read as stating."""
        return frozenset().union(*(readings(text, self.figures[at]) for at, text in self.texts.items()))


def _read_side(passages: Iterable[Passage]) -> _Side:
    texts = {passage.ordinal: _without_references(passage) for passage in passages}
    return _Side(
        texts,
        {at: read_figures(text) for at, text in texts.items()},
        {at: count_words(text) for at, text in texts.items()},
    )


def _differing(pair: Sides) -> dict[int, list[Span]]:
    """By ordinal, the numbers and dates of each passage that the other side has not."""
    english, korean = (_read_side(side) for side in pair)
    # Miles on one side are kilometres on the other: what follows from that is no mistake.
    figures = [one for side in (english, korean) for several in side.figures.values() for one in several]
    converted = any(one.measure and not one.sure for one in figures)
    digits: dict[int, list[Span]] = {}
    words: dict[int, list[Span]] = {}
    for side, other in ((english, korean), (korean, english)):
        known = other.readings if side.states else frozenset()
        for at, several in side.figures.items():
            absent = missing(several, known)
            digits[at] = [one.span for one in absent if not (converted and one.measure)]
            counted = side.counted[at]
            words[at] = [Span(start, end) for number, start, end in counted if Fraction(number) not in known]
    # Words alone are no clear difference: only where each side states what the other does not.
    if all(any(digits[at] or words[at] for at in side.texts) for side in (english, korean)):
        return {at: sorted({*digits[at], *words[at]}) for at in digits}
    return digits


def _without_references(passage: Passage) -> str:
    """The text with blanks in the place of its footnote marks, so that spans stay true."""
    text = passage.text
    for reference in passage.references:
        width = reference.span.end - reference.span.start
        text = text[: reference.span.start] + " " * width + text[reference.span.end :]
    return text
