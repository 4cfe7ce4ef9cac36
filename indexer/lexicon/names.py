"""The words of an archive by their sound, and how its names are written in the other script."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from indexer.lexicon.sounds import Likeness, english_keys, korean_key, letters_of
from indexer.lexicon.units import Unit, folded_words
from indexer.model import Lang, Token

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
        self._candidates: Counter[tuple[str, str]] = Counter()

    def add_words(self, text: str, tokens: Iterable[Token]) -> set[str]:
        """Takes up the English words of a passage, and returns those that may be names, folded."""
        found = {word: term for word, term in folded_words(text, tokens) if _may_be_name(word)}
        self._english.update(found)
        return set(found)

    def add_units(self, found: Iterable[Unit]) -> None:
        """Takes up the Korean words among the units of a passage."""
        for unit in found:
            if unit.touching and len(unit.surface) >= _LEAST_SYLLABLES and letters_of(unit.surface):
                self._korean.setdefault(unit.surface, {})[unit.key] = None

    def meet(self, english: Iterable[str], korean: Iterable[str]) -> None:
        """Takes up the words of two passages that say the same: names among them sound alike."""
        if len(self._candidates) >= _MOST_CANDIDATES:
            return
        by_key: defaultdict[str, list[str]] = defaultdict(list)
        for word in korean:
            if len(word) >= _LEAST_SYLLABLES and len(key := korean_key(word)) >= _LEAST_CONSONANTS:
                by_key[key].append(word)
        for word in english:
            if _may_be_name(word):
                self._candidates.update((word, other) for key in english_keys(word) for other in by_key[key])

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
                yield from ((key, word, term) for key in english_keys(word))


def _may_be_name(word: str) -> bool:
    return len(word) >= _LEAST_LETTERS and word.isascii() and word.isalpha()
