"""The words of an archive by their sound, and how its names are written in the other script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import STOP_WORDS, fold
from indexer.lexicon.forms import Side
from indexer.lexicon.lessons import Lesson
from indexer.lexicon.likeness import Likeness
from indexer.lexicon.sounds import keys_of_english, keys_of_korean, letters_of
from indexer.lexicon.units import Unit
from indexer.model.text import LANGS, Lang

__all__ = ["ALSO", "Names"]

ALSO: Final = "|"
"""Between keys: Kiwi reads one word as several units, depending on what stands beside it."""
_SURE: Final = 8.0
"""From this likeness on (a logarithm), two words of a pair of passages are one name that can be learned
from."""
_LEAST_SYLLABLES: Final = 2
_LEAST_LETTERS: Final = 3
_LEAST_CONSONANTS: Final = 2
_MOST_CANDIDATES: Final = 20_000
"""Pairs of words that are looked at to learn from."""
_ROUNDS: Final = 2
_WAITING: Final = 200_000
"""Units that are looked at together."""
_TOGETHER: Final = 10_000
"""Words whose consonants are found together."""
_SHIFT: Final = 32
_MOST_WORDS: Final = 400_000
"""Words of each language that can be found by their sound; of more, those that come first, so that memory is
bounded."""


class Names:
    """Gathers the words of all passages, and words that sound alike in pairs of passages."""

    def __init__(self) -> None:
        self.likeness = Likeness()
        self._units: dict[Lang, dict[Unit, None]] = {lang: {} for lang in LANGS}
        """Those that are yet to be looked at, in the order in which they came."""
        self._english: dict[str, str] = {}
        self._korean: dict[str, dict[str, None]] = {}

    def add(self, lesson: Lesson) -> None:
        """Takes up the words of a document."""
        for lang, units in self._units.items():
            units.update(dict.fromkeys(lesson.units[lang]))
        if max(map(len, self._units.values())) > _WAITING:
            self._look_at_units()

    def _look_at_units(self) -> None:
        english, korean = self._english, self._korean
        for unit in self._units["en"]:
            name = _name(unit)
            if name and (name in english or len(english) < _MOST_WORDS):
                english[name] = unit.key
        for unit in self._units["ko"]:
            fits = unit.touching and _letters(unit.surface)
            if fits and (unit.surface in korean or len(korean) < _MOST_WORDS):
                korean.setdefault(unit.surface, {})[unit.key] = None
        self._units = {lang: {} for lang in LANGS}

    def learn(self, english: Side, korean: Side) -> None:
        """Learns, from the sure names among those that stand in pairs, how letters are written.

        Args:
            english: the English texts of the pairs.
            korean: their other sides, in the same order.
        """
        self._look_at_units()
        pairs = _alike(english, korean)
        for _ in range(_ROUNDS):
            odds = self.likeness.weigh(pairs)
            self.likeness = self.likeness.learn(
                [pair for pair, weight in zip(pairs, odds.tolist(), strict=True) if weight >= _SURE], rounds=1
            )

    def ways(self, word: str, key: str) -> str:
        """The keys of all units that are written `word`, `key` first, as one text."""
        return ALSO.join(dict.fromkeys((key, *self._korean.get(word, ()))))

    def rows(self, lang: Lang) -> Iterator[tuple[str, str, str]]:
        """Consonants, word as it is written, key of its unit."""
        words = iter(self._korean if lang == "ko" else self._english)
        while some := list(islice(words, _TOGETHER)):
            if lang == "ko":
                for word, key in zip(some, keys_of_korean(some), strict=True):
                    yield key, word, ALSO.join(self._korean[word])
            else:
                for word, keys in zip(some, keys_of_english(some), strict=True):
                    yield from ((key, word, self._english[word]) for key in keys)


def _alike(english: Side, korean: Side) -> list[tuple[str, str]]:
    """The first of the words that stand in a pair of passages and have the same consonants, each once."""
    names, heard = [_name(unit) for unit in english.units], list(korean.units)
    numbers: dict[str, int] = {}
    spoken = list(dict.fromkeys(filter(None, names)))
    by_name = {
        name: [numbers.setdefault(key, len(numbers)) for key in keys]
        for name, keys in zip(spoken, keys_of_english(spoken), strict=True)
    }
    keys = [by_name.get(name, ()) for name in names]
    words = [
        unit.surface if unit.touching and len(unit.surface) >= _LEAST_SYLLABLES else "" for unit in heard
    ]
    sounds = [key if len(key) >= _LEAST_CONSONANTS else "" for key in keys_of_korean(words)]
    own = [(numbers[sound],) if sound and sound in numbers else () for sound in sounds]
    lefts, rights = _Sounding.of(english.texts, keys), _Sounding.of(korean.texts, own)
    order = np.argsort(rights.codes, kind="stable")
    codes = rights.codes[order]
    low, high = codes.searchsorted(lefts.codes, "left"), codes.searchsorted(lefts.codes, "right")
    many = high - low
    left = np.repeat(lefts.units, many)
    right = rights.units[order][np.arange(len(left)) - np.repeat(np.cumsum(many) - many - low, many)]
    first = np.sort(np.unique(left * max(1, len(heard)) + right, return_index=True)[1])
    pairs = zip(left[first].tolist(), right[first].tolist(), strict=True)
    return list(islice({(names[one], heard[other].surface): None for one, other in pairs}, _MOST_CANDIDATES))


class _Sounding(NamedTuple):
    """Words of texts with one of the ways in which each may sound; in the order of the texts."""

    codes: NDArray[np.int64]
    """The number of the text above, that of the consonants below."""
    units: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[NDArray[np.int32]], keys: Sequence[Sequence[int]]) -> _Sounding:
        """The words of `texts`, which are numbers of units; by unit, the numbers of its consonants."""
        units = np.concatenate([np.zeros(0, dtype=np.int64), *texts])
        text = np.repeat(np.arange(len(texts)), [len(one) for one in texts])
        lengths = np.array([len(one) for one in keys], dtype=np.int64)
        begins = np.cumsum(lengths) - lengths
        flat = np.array(list(chain.from_iterable(keys)), dtype=np.int64)
        many = lengths[units]
        at = np.arange(int(many.sum())) + np.repeat(begins[units] - (np.cumsum(many) - many), many)
        return cls(np.repeat(text, many) << _SHIFT | flat[at], np.repeat(units, many))


@lru_cache(maxsize=1 << 16)
def _name(unit: Unit) -> str:
    """The English word, folded, where it may be a name; else nothing."""
    if " " in unit.key:
        return ""
    word = fold(unit.surface)
    fits = len(word) >= _LEAST_LETTERS and word.isascii() and word.isalpha() and word not in STOP_WORDS
    return word if fits else ""


@lru_cache(maxsize=1 << 16)
def _letters(surface: str) -> bool:
    return len(surface) >= _LEAST_SYLLABLES and bool(letters_of(surface))
