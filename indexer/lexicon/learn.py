"""Pairs of passages -> which words of one language are rendered as which words of the other."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.lexicon.alignment import Aligned, align
from indexer.lexicon.significance import log_chance, npmi
from indexer.lexicon.units import Unit, units
from indexer.model import LANGS, Lang, Token

__all__ = ["Correspondence", "Pairs", "Text", "learn"]

MOST_PAIRS: Final = 50_000
"""Pairs of passages from which a lexicon is learned; of more, an even sample, so that memory is bounded."""
_CHANCE: Final = 1.0
"""How many of all the words that a word meets may, at most, look so much like its rendering by chance."""
_SURE: Final = 0.01
"""As `_CHANCE`, of what is sure enough to be shown."""
_LEAST_SHARE: Final = 0.02
_LEAST_WRITTEN: Final = 0.1
"""From this share on, it is looked up how the English is written where it is rendered so."""
_LEAST_ROW: Final = 3
"""How often words with a space between them must stand in a row to be looked at as one term."""
_LEAST_TOUCHING: Final = 2
_KEEPS_TOGETHER: Final = 0.35
"""The normalised mutual information from which words in a row are one term."""
_EXPLAINED: Final = 0.8
"""From this part on, a word is rendered so only inside a longer term, and the rendering is that term's."""

_NONE: Final[frozenset[int]] = frozenset()
_NOTHING: Final = np.zeros(0, dtype=np.int64)
_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]

Text = tuple[str, Sequence[Token]]
"""The text of a passage and its tokens."""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """A unit of English and a unit of Korean that render each other (see `indexer.lexicon.units`)."""

    english: str
    """The key of the unit."""
    korean: str
    english_surface: str
    """As it is mostly written."""
    korean_surface: str
    to_korean: float
    """How much of the English unit this is the rendering of, from 0 to 1."""
    to_english: float
    together: int
    """Pairs of passages that have both."""
    english_pairs: int
    """Pairs of passages that have the English unit."""
    korean_pairs: int
    chance: float
    """How many other words, of all that the two have met, would look so much like a rendering by chance."""
    given: bool = False
    """Whether it comes from the editor's glossary."""


@dataclass(slots=True)
class _Side:
    """The texts of one language, as numbers of units."""

    lang: Lang
    numbers: dict[str, int] = field(default_factory=dict)
    spaced: set[int] = field(default_factory=set)
    """Rows with a space in them."""
    surfaces: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    texts: dict[int, _Ints] = field(default_factory=dict)
    """By the number of the pair."""
    forms: dict[str, int] = field(default_factory=dict)
    """The ways in which units are written, numbered."""
    written: dict[int, NDArray[np.int32]] = field(default_factory=dict)
    """By the number of the pair, how each of its units is written."""

    def add(self, pair: int, found: Iterable[Unit]) -> None:
        row: list[int] = []
        forms: list[int] = []
        for unit in found:
            number = self.numbers.setdefault(unit.key, len(self.numbers))
            if not unit.touching:
                self.spaced.add(number)
            self.surfaces[number][unit.surface] += 1
            row.append(number)
            forms.append(self.forms.setdefault(unit.surface, len(self.forms)))
        self.texts[pair] = np.array(row, dtype=np.int64)
        self.written[pair] = np.array(forms, dtype=np.int32)

    def keep(self, pairs: Iterable[int]) -> None:
        """Forgets the texts of all pairs but these."""
        kept = set(pairs)
        self.texts = {pair: text for pair, text in self.texts.items() if pair in kept}
        self.written = {pair: forms for pair, forms in self.written.items() if pair in kept}


class Pairs:
    """Gathers pairs of passages, one by one, with bounded memory."""

    def __init__(self) -> None:
        self._sides: Mapping[Lang, _Side] = {lang: _Side(lang) for lang in LANGS}
        self._seen = 0
        self._every = 1

    def __len__(self) -> int:
        return self._seen

    def add(self, english: Iterable[Text], korean: Iterable[Text]) -> list[Unit]:
        """Takes up one pair: the passages of each side that say the same; returns the Korean units."""
        number = self._seen
        self._seen += 1
        found = [unit for text in korean for unit in units(*text, "ko")]
        if not self._sampled(number):
            return found
        self._sides["en"].add(number, (unit for text in english for unit in units(*text, "en")))
        self._sides["ko"].add(number, found)
        if len(self._sides["en"].texts) > MOST_PAIRS:
            self._every *= 2
            for side in self._sides.values():
                side.keep(pair for pair in side.texts if self._sampled(pair))
        return found

    def _sampled(self, number: int) -> bool:
        return zlib.crc32(number.to_bytes(8, "little")) % self._every == 0

    def sides(self) -> tuple[_Side, _Side]:
        """What was gathered: English, Korean."""
        return self._sides["en"], self._sides["ko"]


def learn(pairs: Pairs) -> list[Correspondence]:
    """What the pairs teach, by English unit and then by share; nothing that may be chance."""
    english, korean = pairs.sides()
    lefts, left_keys = _worth_learning(english)
    rights, right_keys = _worth_learning(korean)
    if not lefts or not left_keys or not right_keys:
        return []
    aligned = align(lefts, rights, len(left_keys), len(right_keys))
    left_pairs, right_pairs = _in_pairs(lefts, len(left_keys)), _in_pairs(rights, len(right_keys))
    chance = log_chance(aligned.together, left_pairs[aligned.left], right_pairs[aligned.right], len(lefts))
    chance += np.log(np.maximum(_met(aligned.left), _met(aligned.right)))
    likely = np.sqrt(_shares(aligned.forward, aligned.left) * _shares(aligned.backward, aligned.right))
    least = 0.5 * _LEAST_SHARE * np.minimum(_totals(likely, aligned.left), _totals(likely, aligned.right))
    likely[_explained(aligned, (chance < np.log(_CHANCE)) & (likely >= least), left_keys, right_keys)] = 0
    to_korean, to_english = _shares(likely, aligned.left), _shares(likely, aligned.right)
    shown = np.flatnonzero((chance < np.log(_CHANCE)) & (np.maximum(to_korean, to_english) >= _LEAST_SHARE))
    wanted = {
        (left_keys[aligned.left[at]], right_keys[aligned.right[at]])
        for at in shown[
            (chance[shown] < np.log(_SURE)) & (np.maximum(to_korean, to_english)[shown] >= _LEAST_WRITTEN)
        ].tolist()
    }
    forms = _forms(english, korean, wanted)
    left_surface = {n: _surface(english, left_keys[n]) for n in np.unique(aligned.left[shown]).tolist()}
    right_surface = {n: _surface(korean, right_keys[n]) for n in np.unique(aligned.right[shown]).tolist()}
    return [
        Correspondence(
            left_keys[left], right_keys[right],
            forms.get((left_keys[left], right_keys[right])) or left_surface[left], right_surface[right],
            float(to_korean[at]), float(to_english[at]), int(aligned.together[at]),
            int(left_pairs[left]), int(right_pairs[right]), float(np.exp(chance[at])),
        )
        for at in shown.tolist()
        for left, right in ((int(aligned.left[at]), int(aligned.right[at])),)
    ]  # fmt: skip


def _worth_learning(side: _Side) -> tuple[list[_Ints], list[str]]:
    """The texts with all single words and those rows that keep together, and the keys of their numbers."""
    keys = list(side.numbers)
    counts = _count(list(side.texts.values()), len(keys))
    words = int(counts.sum())
    kept = counts > 0
    for number, key in enumerate(keys):
        if kept[number] and " " in key:
            kept[number] = _keeps_together(side, key, number, counts, words)
    new = np.cumsum(kept) - 1
    texts = [new[text[kept[text]]] for text in side.texts.values()]
    return texts, [key for number, key in enumerate(keys) if kept[number]]


def _keeps_together(side: _Side, key: str, number: int, counts: _Ints, words: int) -> bool:
    row = int(counts[number])
    if number not in side.spaced:
        return row >= _LEAST_TOUCHING
    if row < _LEAST_ROW:
        return False
    first, last = key.rsplit(" ", 1)
    left, right = side.numbers.get(first), side.numbers.get(last)
    if left is None or right is None:
        return False
    return npmi(row, max(int(counts[left]), row), max(int(counts[right]), row), words) >= _KEEPS_TOGETHER


def _in_pairs(texts: Sequence[_Ints], size: int) -> _Ints:
    return _count([np.unique(text) for text in texts], size)


def _count(texts: Sequence[_Ints], size: int) -> _Ints:
    counts: _Ints = np.bincount(np.concatenate([_NOTHING, *texts]), minlength=size)
    return counts


def _met(word: _Ints) -> _Ints:
    """For each pair of words, how many words its word of one side has met."""
    counts = np.bincount(word)
    met: _Ints = counts[word]
    return met


def _shares(weights: _Floats, word: _Ints) -> _Floats:
    return weights / _totals(weights, word)


def _totals(weights: _Floats, word: _Ints) -> _Floats:
    """For each pair of words, what its word of one side weighs with all its partners."""
    totals: _Floats = np.maximum(np.bincount(word, weights), 1e-12)[word]
    return totals


def _explained(
    aligned: Aligned, sure: NDArray[np.bool_], left_keys: Sequence[str], right_keys: Sequence[str]
) -> list[int]:
    """The pairs of words that meet because one of them is part of a longer term that the other renders."""
    at = {
        (left, right): place
        for place, left, right in zip(
            np.flatnonzero(sure).tolist(),
            aligned.left[sure].tolist(),
            aligned.right[sure].tolist(),
            strict=True,
        )
    }
    parts = (_parts(left_keys), _parts(right_keys))
    explained: list[int] = []
    for (left, right), place in at.items():
        enough = _EXPLAINED * aligned.together[place]
        longer = [(one, right) for one in parts[0].get(left, ())] + [
            (left, one) for one in parts[1].get(right, ())
        ]
        if any(pair in at and aligned.together[at[pair]] >= enough for pair in longer):
            explained.append(place)
    return explained


def _parts(keys: Sequence[str]) -> dict[int, list[int]]:
    """By the number of a unit, the numbers of the longer units that it is a part of."""
    numbers = {key: number for number, key in enumerate(keys)}
    within: defaultdict[int, list[int]] = defaultdict(list)
    for number, key in enumerate(keys):
        terms = key.split()
        for begin in range(len(terms)):
            for end in range(begin + 1, len(terms) + 1):
                part = numbers.get(" ".join(terms[begin:end]))
                if part is not None and part != number:
                    within[part].append(number)
    return within


def _forms(english: _Side, korean: _Side, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """How the English unit is mostly written where it is rendered so.

    심하다 renders severe, though several, which has the same stem, is more frequent.
    """
    partners: defaultdict[int, set[int]] = defaultdict(set)
    for english_key, korean_key in wanted:
        partners[english.numbers[english_key]].add(korean.numbers[korean_key])
    names = list(english.forms)
    seen: defaultdict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for pair, text in english.texts.items():
        there = set(korean.texts[pair].tolist())
        for unit, form in zip(text.tolist(), english.written[pair].tolist(), strict=True):
            for right in partners.get(unit, _NONE) & there:
                seen[unit, right][names[form]] += 1
    keys = (list(english.numbers), list(korean.numbers))
    return {(keys[0][left], keys[1][right]): _usual(counts) for (left, right), counts in seen.items()}


def _surface(side: _Side, key: str) -> str:
    """How the unit is mostly written."""
    return _usual(side.surfaces[side.numbers[key]])


def _usual(written: Counter[str]) -> str:
    """The most frequent way of writing; with a capital only where it mostly has one."""
    small: Counter[str] = Counter()
    for surface, count in written.items():
        small[surface.lower()] += count
    best = max(small, key=lambda surface: (small[surface], surface))
    forms = {surface: count for surface, count in written.items() if surface.lower() == best}
    form = max(forms, key=lambda surface: (forms[surface], surface))
    return form if forms[form] >= _EXPLAINED * small[best] else best
