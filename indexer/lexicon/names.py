"""The words of an archive by their sound, and how its names are written in the other script."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from indexer.analysis import STOP_WORDS, fold
from indexer.lexicon.lessons import Lesson
from indexer.lexicon.sounds import Likeness, english_keys, korean_key, letters_of
from indexer.lexicon.units import Unit
from indexer.model import Lang

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


class Names:
    """Gathers the words of all passages, and words that sound alike in pairs of passages."""

    def __init__(self) -> None:
        self.likeness = Likeness()
        self._english: dict[str, str] = {}
        self._korean: dict[str, dict[str, None]] = {}
        self._candidates: dict[tuple[str, str], None] = {}

    def add(self, lesson: Lesson) -> None:
        """Takes up the words of a document, and of its pairs those that sound alike."""
        for unit in lesson.units["en"]:
            if name := _name(unit):
                self._english[name] = unit.key
        for unit in lesson.units["ko"]:
            if unit.touching and _letters(unit.surface):
                self._korean.setdefault(unit.surface, {})[unit.key] = None
        if lesson.texts and len(self._candidates) < _MOST_CANDIDATES:
            self._meet(lesson)

    def _meet(self, lesson: Lesson) -> None:
        """Takes up the words of passages that say the same: names among them sound alike."""
        korean = lesson.units["ko"]
        names = [_name(unit) for unit in lesson.units["en"]]
        sounds = [_consonants(unit.surface) if unit.touching else "" for unit in korean]
        for text in lesson.texts:
            if len(self._candidates) >= _MOST_CANDIDATES:
                return
            by_key: dict[str, list[str]] = {}
            for number in dict.fromkeys(text.korean):
                if key := sounds[number]:
                    by_key.setdefault(key, []).append(korean[number].surface)
            for number in dict.fromkeys(text.english):
                if name := names[number]:
                    for key in _keys(name):
                        for other in by_key.get(key, ()):
                            self._candidates[name, other] = None

    def learn(self) -> None:
        """Learns, from the sure names among those that have met, how letters are written."""
        pairs = list(self._candidates)
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
        if lang == "ko":
            for word, keys in self._korean.items():
                yield korean_key(word), word, ALSO.join(keys)
        else:
            for word, term in self._english.items():
                yield from ((key, word, term) for key in _keys(word))


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


@lru_cache(maxsize=1 << 16)
def _consonants(surface: str) -> str:
    """The consonants of a Korean word where it may be a name; else nothing."""
    key = korean_key(surface) if len(surface) >= _LEAST_SYLLABLES else ""
    return key if len(key) >= _LEAST_CONSONANTS else ""


_keys = lru_cache(maxsize=1 << 16)(english_keys)
