"""One language of a document, as numbers; and what its terms stand for in the other.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from indexer.model.text import Passage
from indexer.pairing.dictionary import Dictionary, Floats, Half, Ints, Table
from indexer.pairing.terms import is_hangul, skeleton, terms_of

__all__ = ["Knowledge", "Side", "know", "ragged", "side_of"]

_SAME: Final = 0.7
"""How probably a word in Latin script, a number or a mark is kept as it is."""
_SOUND: Final = 0.3
"""How probably a name is written by its sound, where the sounds agree."""
_SOUNDS: Final = 3
"""So many consonants must agree at least."""
_LIKE_SOUNDING: Final = 50
"""A beginning that more terms share says nothing about names; and bounds the work."""

_KNOWN: Final = 2.0
"""Terms of so many lessons are half trusted."""
_TRUST_PLAIN: Final = 0.6
"""How often numbers and words in Latin script stand in the other side too, where nothing is known of them."""
_WEIGHT_PLAIN: Final = 2.0
_TRUST_UNKNOWN: Final = 0.02
_LOCAL: Final = 0.4
"""How much of chance is that of the document's own words: passages beside each other share their matter."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The passages of one language of a document, in order."""

    passages: tuple[Passage, ...]
    vocabulary: tuple[str, ...]
    """The different terms; a term's number is its place here."""
    terms: Ints
    """The numbers of the terms of all passages, one passage after the other."""
    starts: Ints
    """Passage i has `terms[starts[i]:starts[i + 1]]`."""
    lengths: Floats
    """Code points that are not white space."""

    def __len__(self) -> int:
        return len(self.passages)

    def texts(self, at: int) -> tuple[str, ...]:
        """The terms of the passage at place `at`."""
        return tuple(self.vocabulary[term] for term in self.terms[self.starts[at] : self.starts[at + 1]])


def side_of(passages: Sequence[Passage]) -> Side:
    """The passages of one language, made ready for being compared."""
    numbers: dict[str, int] = {}
    terms: list[int] = []
    starts = [0]
    for passage in passages:
        terms.extend(numbers.setdefault(term, len(numbers)) for term in terms_of(passage.text))
        starts.append(len(terms))
    lengths = np.array([len("".join(passage.text.split())) for passage in passages], np.float64)
    return Side(
        tuple(passages), tuple(numbers), np.array(terms, np.int64), np.array(starts, np.int64), lengths
    )


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """What is known of one side's terms, by their numbers in this document."""

    table: Table
    """To the other side's terms."""
    chance: Floats
    """How probably each stands in a passage whatever that says."""
    trust: Floats
    """How probably the other side accounts for it where both say the same."""
    weight: Floats
    """How much it counts: numbers, marks and foreign words do not come in company as other words do."""


def know(english: Side, korean: Side, dictionary: Dictionary) -> tuple[Knowledge, Knowledge]:
    """What the dictionary, the letters and the sounds tell of the terms of both sides."""
    links = _links(english, korean)
    one, other = _numbers(english, dictionary.english), _numbers(korean, dictionary.korean)
    forward = _local(dictionary.english.table, one, other, len(dictionary.korean.numbers), links)
    turned = (links[1], links[0], links[2])
    backward = _local(dictionary.korean.table, other, one, len(dictionary.english.numbers), turned)
    return (
        _knowledge(forward, english, one, dictionary.english),
        _knowledge(backward, korean, other, dictionary.korean),
    )


def _knowledge(table: Table, side: Side, numbers: Ints, half: Half) -> Knowledge:
    plain = np.array([_is_plain(term, korean=_is_korean(side)) for term in side.vocabulary], bool)
    weight = np.where(plain, _WEIGHT_PLAIN, 1.0)
    return Knowledge(table, _chance(side, numbers, half), _trust(plain, numbers, half), weight)


def ragged(starts: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """The places of all cells of `rows` of a table; and for each cell which of `rows` it is of."""
    counts = starts[rows + 1] - starts[rows]
    of = np.repeat(np.arange(len(rows)), counts)
    places = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts) + starts[rows][of]
    return places, of


_Links = tuple[Ints, Ints, Floats]


def _numbers(side: Side, half: Half) -> Ints:
    """The dictionary's number of each term, -1 where it has none."""
    return np.array([half.numbers.get(term, -1) for term in side.vocabulary], np.int64)


def _links(english: Side, korean: Side) -> _Links:
    """Terms that are written alike on both sides, and those that sound alike."""
    numbers = {term: at for at, term in enumerate(korean.vocabulary)}
    same = [(at, numbers[term]) for at, term in enumerate(english.vocabulary) if term in numbers]
    sounding: dict[str, list[int]] = {}
    for at, term in enumerate(korean.vocabulary):
        if is_hangul(term) and len(sound := skeleton(term)) >= _SOUNDS:
            sounding.setdefault(sound[:_SOUNDS], []).append(at)
    alike: list[tuple[int, int]] = []
    for at, term in enumerate(english.vocabulary):
        if term.isascii() and term.isalpha():
            beginning = skeleton(term)[:_SOUNDS]
            others = sounding.get(beginning, ())
            if len(others) <= _LIKE_SOUNDING:
                alike.extend((at, other) for other in others)
    both = np.array(same + alike, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1], np.array([_SAME] * len(same) + [_SOUND] * len(alike))


def _local(table: Table, sources: Ints, targets: Ints, size: int, links: _Links) -> Table:
    """The dictionary's table by the document's own numbers, with the links; the likelier of two is kept."""
    place = np.full(size + 1, -1)
    place[targets[targets >= 0]] = np.nonzero(targets >= 0)[0]
    known = np.nonzero(sources >= 0)[0]
    cells, of = ragged(table.starts, sources[known])
    target = place[table.targets[cells]]
    kept = target >= 0
    source = np.concatenate((known[of][kept], links[0]))
    target = np.concatenate((target[kept], links[1]))
    chances = np.concatenate((table.chances[cells][kept], links[2]))
    order = np.lexsort((-chances, target, source))
    source, target, chances = source[order], target[order], chances[order]
    first = np.ones(len(source), bool)
    first[1:] = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
    starts = np.concatenate(([0], np.cumsum(np.bincount(source[first], minlength=len(sources)))))
    return Table(starts.astype(np.int64), target[first], chances[first])


def _chance(side: Side, numbers: Ints, half: Half) -> Floats:
    here = np.bincount(side.terms, minlength=len(side.vocabulary)).astype(np.float64)
    everywhere = _pick(half.counts.astype(np.float64), numbers) + here
    total = here.sum()
    mixed: Floats = (1 - _LOCAL) * (everywhere + 0.5) / (total + half.counts.sum() + 1)
    mixed += _LOCAL * here / max(1.0, total)
    return mixed


def _trust(plain: npt.NDArray[np.bool_], numbers: Ints, half: Half) -> Floats:
    counts: Floats = _pick(half.counts.astype(np.float64), numbers)
    least = np.where(plain, _TRUST_PLAIN, _TRUST_UNKNOWN)
    trust: Floats = np.maximum(_pick(half.trust, numbers) * counts / (counts + _KNOWN), least)
    return trust


def _is_korean(side: Side) -> bool:
    return bool(side.passages) and side.passages[0].lang == "ko"


def _is_plain(term: str, *, korean: bool) -> bool:
    """Whether the other side may be expected to have it as it is: a foreign word, a number, a mark."""
    return not is_hangul(term) if korean else not term.isalpha()


def _pick(values: Floats, numbers: Ints) -> Floats:
    picked: Floats = np.where(numbers >= 0, np.append(values, 0.0)[numbers], 0.0)
    return picked
