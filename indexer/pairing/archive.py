"""What an archive teaches about its own translations.  Pure."""

from __future__ import annotations

import heapq
import zlib
from collections.abc import Iterable, Sequence
from typing import Final

from indexer.model.text import Pair, Passage
from indexer.pairing.dictionary import NOTHING, Lesson, teach
from indexer.pairing.document import BOUND, Dictionaries, links, pair_document
from indexer.pairing.side import Side, side_of

__all__ = ["Sides", "learn", "pair_archive"]

Sides = tuple[Sequence[Passage], Sequence[Passage]]
"""The English and the Korean passages of one document, each in order."""

_FOLDS: Final = 5
_MIN_STRETCH: Final = 4
_MAX_STRETCH: Final = 64
"""A short archive is judged in short stretches, so that its one document can teach itself."""
_ROUNDS: Final = 2
_SURE: Final = 0.6
"""Links as probable as this teach, each by its probability."""
_MAX_PASSAGES: Final = 60_000
"""The archive is learned from in documents of so many passages together."""


def learn(documents: Iterable[Sides]) -> Dictionaries:
    """The dictionaries that the documents of an archive teach, whatever the order in which they come.

    In the first round pairs are found by form, length, numbers, and words and names that stand in both; they
    teach the dictionaries that find the pairs of the next round.  Of a large archive documents are taken by
    a hash of their ids, until they have 60,000 passages.
    """
    chosen = _chosen(documents)
    passages = sum(len(english) for english, _ in chosen)
    stretch = min(_MAX_STRETCH, max(_MIN_STRETCH, passages // (4 * _FOLDS)))
    dictionaries = Dictionaries((NOTHING,) * _FOLDS, stretch)
    for _ in range(_ROUNDS):
        lessons: list[list[Lesson]] = [[] for _ in range(_FOLDS)]
        for english, korean in chosen:
            for number, lesson in _lessons(english, korean, dictionaries):
                lessons[number].append(lesson)
        dictionaries = Dictionaries(
            tuple(
                teach([lesson for at, those in enumerate(lessons) if at != left_out for lesson in those])
                for left_out in range(_FOLDS)
            ),
            stretch,
        )
    return dictionaries


def pair_archive(documents: Iterable[Sides], *, bound: float = BOUND) -> list[tuple[Pair, ...]]:
    """The pairs of each document of an archive, found with what the archive itself teaches.

    Raises:
        ValueError: `bound` is not from 0.5 to 1.
    """
    known = list(documents)
    dictionaries = learn(known)
    return [pair_document(english, korean, dictionaries, bound=bound) for english, korean in known]


def _chosen(documents: Iterable[Sides]) -> list[tuple[Side, Side]]:
    """The documents to learn from, in an order of their own."""
    heap: list[tuple[int, str, int, tuple[Side, Side]]] = []
    passages = 0
    for number, (english, korean) in enumerate(documents):
        if english and korean:
            document = english[0].document
            sides = side_of(english), side_of(korean)
            heapq.heappush(heap, (-zlib.crc32(document.encode()), document, number, sides))
            passages += len(english) + len(korean)
            while passages > _MAX_PASSAGES and len(heap) > 1:
                *_, gone = heapq.heappop(heap)
                passages -= len(gone[0]) + len(gone[1])
    return [sides for *_, sides in sorted(heap, key=lambda one: one[:3])]


def _lessons(english: Side, korean: Side, dictionaries: Dictionaries) -> Iterable[tuple[int, Lesson]]:
    document = english.passages[0].document
    for link in links(english, korean, dictionaries):
        if link.chance >= _SURE:
            lesson = Lesson(english.texts(link.english), korean.texts(link.korean), link.chance)
            yield dictionaries.number(document, link.english), lesson
