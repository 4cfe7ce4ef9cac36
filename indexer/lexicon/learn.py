"""Pairs of passages -> which words of one language are rendered as which words of the other."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.lexicon.alignment import Aligned, align
from indexer.lexicon.forms import Side, Words, usual_forms, written_so
from indexer.lexicon.lessons import MOST_PAIRS, Lesson
from indexer.model.text import LANGS
from indexer.numerals import read_numerals

__all__ = ["Correspondence", "Pairs", "learn"]

_CHANCE: Final = 1.0
"""How many of all the words that a word meets may, at most, look so much like its rendering by chance."""
_SURE: Final = 0.01
"""As `_CHANCE`, of what is sure enough to be shown."""
_LEAST_SHARE: Final = 0.02
_LEAST_ONCE: Final = 0.1
"""The share of words that met in only one pair of passages, which most of all do."""
_LEAST_WRITTEN: Final = 0.1
"""From this share on, it is looked up how the English is written where it is rendered so."""
_EXPLAINED: Final = 0.8
"""From this part on, a word is rendered so only inside a longer term, and the rendering is that term's."""

_MOST_CELLS: Final = 40_000_000
"""Words of one side with words of the other, in all pairs that teach: about 16,000 pairs of paragraphs of 50
words.  Of more, an even sample teaches, so that memory and time are bounded, however long they are."""

_Ints = NDArray[np.int64]
_Floats = NDArray[np.float64]


class Correspondence(NamedTuple):
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


class Pairs:
    """Gathers pairs of passages, lesson by lesson, with bounded memory."""

    def __init__(self, most: int = MOST_PAIRS) -> None:
        """Nothing is gathered yet; at most `most` pairs will be, and fewer where they are long."""
        self._most = most
        self._sides = {lang: Side() for lang in LANGS}
        self._ranks: list[int] = []
        self._cells: list[int] = []
        """By pair, how many words of one side meet how many of the other: the product."""
        self._all_cells = 0
        self._seen = 0
        self.least = 0
        """The rank from which on pairs are in the sample: one in two to this power."""

    def __len__(self) -> int:
        return self._seen

    @property
    def sampled(self) -> int:
        """How many pairs teach."""
        return len(self._ranks)

    def add(self, lesson: Lesson) -> None:
        """Takes up the pairs of a document, or those of them that are in the sample."""
        self._seen += sum(lesson.pairs.values())
        texts = [text for text in lesson.texts if text.rank >= self.least]
        cells = [len(text.english) * len(text.korean) for text in texts]
        self._ranks += [text.rank for text in texts]
        self._cells += cells
        self._all_cells += sum(cells)
        self._sides["en"].add(lesson.units["en"], [text.english for text in texts])
        self._sides["ko"].add(lesson.units["ko"], [text.korean for text in texts])
        while len(self._ranks) > self._most or self._all_cells > _MOST_CELLS:
            self.least += 1
            kept = [at for at, rank in enumerate(self._ranks) if rank >= self.least]
            self._ranks = [self._ranks[at] for at in kept]
            self._cells = [self._cells[at] for at in kept]
            self._all_cells = sum(self._cells)
            for side in self._sides.values():
                side.keep(kept)

    def sides(self) -> tuple[Side, Side]:
        """What was gathered: English, Korean."""
        return self._sides["en"], self._sides["ko"]


def learn(pairs: Pairs) -> list[Correspondence]:
    """What the pairs teach, by English unit and then by share; nothing that may be chance."""
    english, korean = (Words(side) for side in pairs.sides())
    if not pairs.sampled or not english.keys or not korean.keys:
        return []
    aligned = align(english.texts, korean.texts)
    likely = np.sqrt(_shares(aligned.forward, aligned.left) * _shares(aligned.backward, aligned.right))
    sure = aligned.chance < np.log(_CHANCE)
    least = 0.5 * _LEAST_SHARE * np.minimum(_totals(likely, aligned.left), _totals(likely, aligned.right))
    likely[_explained(aligned, sure & (likely >= least), english, korean)] = 0
    to_korean, to_english = _shares(likely, aligned.left), _shares(likely, aligned.right)
    share = np.maximum(to_korean, to_english)
    shown = np.flatnonzero(sure & (share >= np.where(aligned.together > 1, _LEAST_SHARE, _LEAST_ONCE)))
    left, right = aligned.left[shown], aligned.right[shown]
    looked = (aligned.chance[shown] < np.log(_SURE)) & (share[shown] >= _LEAST_WRITTEN)
    forms = written_so(english, korean, left[looked], right[looked])
    left_forms, right_forms = usual_forms(english, left), usual_forms(korean, right)
    left_pairs, right_pairs = english.texts.frequencies()[left], korean.texts.frequencies()[right]
    found = (
        Correspondence(english.keys[one], korean.keys[other], forms.get((one, other)) or left_forms[one],
                       right_forms[other], *rest)
        for one, other, *rest in zip(
            left.tolist(), right.tolist(), to_korean[shown].tolist(), to_english[shown].tolist(),
            aligned.together[shown].tolist(), left_pairs.tolist(), right_pairs.tolist(),
            np.exp(aligned.chance[shown]).tolist(), strict=True,
        )
    )  # fmt: skip
    return [one for one in found if _of_one_kind(one)]


def _of_one_kind(one: Correspondence) -> bool:
    """Whether both are words, or neither is, or the word says the number: July and 7, not armistice and 27.

    Where texts are copied with their numbers, these meet every word that stands beside them.
    """
    worded = _is_word(one.english), _is_word(one.korean)
    if worded[0] == worded[1]:
        return True
    number, word, written = (
        (one.korean, one.english, one.english_surface)
        if worded[0]
        else (one.english, one.korean, one.korean_surface)
    )
    if number in word.split():
        return True
    return _value(number) in read_numerals(written) and all(map(read_numerals, written.split()))


def _is_word(key: str) -> bool:
    return any(map(str.isalpha, key))


def _value(number: str) -> Fraction | None:
    try:
        return Fraction(number.replace(",", ""))
    except ValueError:
        return None


def _shares(weights: _Floats, word: _Ints) -> _Floats:
    return weights / _totals(weights, word)


def _totals(weights: _Floats, word: _Ints) -> _Floats:
    """For each pair of words, what its word of one side weighs with all its partners."""
    totals: _Floats = np.maximum(np.bincount(word, weights), 1e-12)[word]
    return totals


def _explained(aligned: Aligned, sure: NDArray[np.bool_], english: Words, korean: Words) -> _Ints:
    """The pairs of words that meet because one of them is part of a longer term that the other renders."""
    places = np.flatnonzero(sure)
    size = len(korean.keys)
    codes = aligned.left[places] * size + aligned.right[places]  # ascending, as the pairs are
    together = aligned.together[places]
    explained = [np.zeros(0, dtype=np.int64)]
    for words, whole, step in (
        (english, aligned.left[places], size),
        (korean, aligned.right[places], 1),
    ):
        begins, parts = words.parts
        many = begins[whole + 1] - begins[whole]
        longer = np.repeat(np.arange(len(places)), many)
        at = np.arange(len(longer)) - np.repeat(np.cumsum(many) - many, many) + np.repeat(begins[whole], many)
        wanted = codes[longer] + (parts[at] - whole[longer]) * step
        part = np.minimum(np.searchsorted(codes, wanted), max(len(codes) - 1, 0))
        found = np.flatnonzero(codes[part] == wanted) if len(codes) else part
        part, longer = part[found], longer[found]
        explained.append(places[part[together[longer] >= _EXPLAINED * together[part]]])
    return np.unique(np.concatenate(explained))
