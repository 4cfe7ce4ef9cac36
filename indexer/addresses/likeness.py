"""How like two texts are, and how much of one stands in another.  Pure; deterministic.

Texts are compared by the runs of characters (*grams*) that they share: a typing error spoils a few of them, a
rewritten sentence its own, and what was put in or moved about leaves the others alone.  English needs longer
runs than Korean, whose syllables say more; two unrelated paragraphs then share next to nothing, which is what
tells a changed passage from another one.  A short text has few grams, so its letters in order count too.

Source: A. Z. Broder, "On the resemblance and containment of documents", 1997,
https://doi.org/10.1109/SEQUEN.1997.666900 (resemblance and containment of shingles); L. R. Dice, "Measures of
the amount of ecologic association between species", 1945 (the coefficient, here over multisets).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from rapidfuzz.distance import Indel

from indexer.model.text import Lang

__all__ = ["SHORT", "Shape", "shape_of"]

_GRAM: Final[dict[Lang, int]] = {"en": 5, "ko": 3}
"""Code points of a gram."""
SHORT: Final[dict[Lang, int]] = {"en": 40, "ko": 20}
"""Code points below which a text is short."""
_BETWEEN: Final[dict[Lang, str]] = {"en": " ", "ko": ""}
"""What is left of white space: Korean is spaced in more ways than one."""
_NUMBER: Final = re.compile(r"\d+")
_OTHER_NUMBERS: Final = 0.15
"""What is taken off where short texts differ in their numbers: `Chapter 2` is not a misspelt `Chapter 1`."""


class Shape:
    """A text, ready to be compared with others of its language."""

    __slots__ = ("_lang", "grams", "numbers", "size", "text")

    def __init__(self, text: str, lang: Lang) -> None:
        self._lang = lang
        self.text = _BETWEEN[lang].join(text.casefold().split())
        self.grams = _grams(f" {self.text} ", _GRAM[lang])
        self.size = self.grams.total()
        self.numbers = Counter(_NUMBER.findall(self.text))

    @property
    def short(self) -> bool:
        """Whether there is so little text that likeness proves little."""
        return len(self.text) < SHORT[self._lang]

    def like(self, other: Shape) -> float:
        """How like the two texts are, from 0 to 1; symmetric."""
        if not (self.short or other.short):
            return _dice(self.grams, other.grams)
        pairs = _dice(_grams(f" {self.text} ", 2), _grams(f" {other.text} ", 2))
        blended = (pairs + Indel.normalized_similarity(self.text, other.text)) / 2
        return blended if self.numbers == other.numbers else max(0.0, blended - _OTHER_NUMBERS)

    def inside(self, other: Shape) -> float:
        """How much of this text stands in the other one, from 0 to 1."""
        return _common(self.grams, other.grams) / self.size

    def begins_or_ends(self, other: Shape) -> bool:
        """Whether the other text begins with this one, or ends with it."""
        return other.text.startswith(self.text) or other.text.endswith(self.text)


def shape_of(text: str, lang: Lang) -> Shape:
    """The text, ready to be compared.

    >>> one, other = shape_of("The armistice was signed.", "en"), shape_of("The armistice was singed.", "en")
    >>> round(one.like(one), 2), one.like(other) > 0.7, shape_of("signed.", "en").inside(one) > 0.7
    (1.0, True, True)
    """
    return Shape(text, lang)


def _grams(text: str, length: int) -> Counter[str]:
    return Counter(text[at : at + length] for at in range(max(1, len(text) - length + 1)))


def _dice(one: Counter[str], other: Counter[str]) -> float:
    return 2 * _common(one, other) / (one.total() + other.total())


def _common(one: Counter[str], other: Counter[str]) -> int:
    if len(one) > len(other):
        one, other = other, one
    return sum(min(count, other[gram]) for gram, count in one.items() if gram in other)
