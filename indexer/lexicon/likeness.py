"""How likely does a Korean word write down the sound of an English one?  Letter by letter, against chance.

It begins with the customary romanisation of each letter of Hangul, and learns the rest from pairs that are
sure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.lexicon.sounds import INITIALS, VOWELS, letters_of

__all__ = ["Likeness"]

_JAMO: Final = INITIALS + VOWELS
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_LETTER_NUMBERS: Final = bytes.maketrans(_LETTERS.encode(), bytes(range(len(_LETTERS))))
_JAMO_NUMBERS: Final = {ord(jamo): number for number, jamo in enumerate(_JAMO)}
_NEVER: Final = -1000.0
"""The logarithm of what is never seen: a number, so that sums of it can be taken apart again."""
_TOGETHER: Final = 2_000
"""Pairs of words that are weighed together."""

_CUSTOM: Final = {
    "ㄱ": "gkc", "ㄲ": "kgc", "ㄴ": "n", "ㄷ": "dt", "ㄸ": "td", "ㄹ": "lr", "ㅁ": "m", "ㅂ": "bvp", "ㅃ":
    "pb", "ㅅ": "sct", "ㅆ": "sc", "ㅇ": "ng", "ㅈ": "jzgs", "ㅉ": "zjt", "ㅊ": "ct", "ㅋ": "kcqx", "ㅌ": "t",
    "ㅍ": "pf", "ㅎ": "hw", "ㅏ": "aou", "ㅐ": "ae", "ㅑ": "ya", "ㅒ": "ya", "ㅓ": "eoua", "ㅔ": "ea",
    "ㅕ": "yeu", "ㅖ": "ye", "ㅗ": "oau", "ㅘ": "wo", "ㅙ": "w", "ㅚ": "o", "ㅛ": "yo", "ㅜ": "uow", "ㅝ":
    "wou", "ㅞ": "we", "ㅟ": "wi", "ㅠ": "uye", "ㅡ": "eui", "ㅢ": "ui", "ㅣ": "iey",
}  # fmt: skip
"""The letters that a jamo mostly stands for, after the Revised Romanization and the rules for loanwords."""
_SILENT: Final = {**dict.fromkeys("aeiou", 0.3), "h": 0.5, "r": 0.4, "w": 0.2, "y": 0.2, "g": 0.1}
_ADDED: Final = {"ㅡ": 1.0, "ㅣ": 0.2, "ㅓ": 0.05, "ㄹ": 0.05}


class Likeness:
    """A memoryless transducer between letters and jamo, compared with chance.

    Source: Ristad and Yianilos, "Learning String-Edit Distance" (1998), with the best path for the sum.
    """

    def __init__(self, counts: NDArray[np.float64] | None = None) -> None:
        """Begins with the customary romanisation.

        Args:
            counts: of each edit, shape (27, 41); the last row and column are for nothing.
        """
        self.counts = _customary() if counts is None else counts
        shares = self.counts / self.counts.sum()
        with np.errstate(divide="ignore"):
            self._log = np.maximum(np.log(shares), _NEVER)
            self._letter = np.log(shares.sum(axis=1))
            self._jamo = np.log(shares.sum(axis=0))

    @classmethod
    def of(cls, rows: Iterable[Sequence[str]]) -> Likeness:
        """The likeness that `rows` gave: letter, jamo, how often seen; `-` is for nothing."""
        counts = np.zeros((len(_LETTERS) + 1, len(_JAMO) + 1))
        for letter, jamo, seen in rows:
            counts[(_LETTERS + "-").index(letter), (_JAMO + "-").index(jamo)] = float(seen)
        return cls(counts)

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Letter, jamo, how often seen, for all that were or may be."""
        for letter, row in zip(_LETTERS + "-", self.counts.tolist(), strict=True):
            for jamo, seen in zip(_JAMO + "-", row, strict=True):
                if seen:
                    yield letter, jamo, f"{seen:.4f}"

    def weigh(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """How much likelier each (folded English word, Korean word) is one name than two: a logarithm.

        Words with other letters than a-z or Hangul weigh minus infinity.
        """
        odds = np.full(len(pairs), -np.inf)
        coded = [(_letter_numbers(english), _jamo_numbers(korean)) for english, korean in pairs]
        known = [number for number, (left, right) in enumerate(coded) if left and right]
        for begin in range(0, len(known), _TOGETHER):
            part = known[begin : begin + _TOGETHER]
            odds[part] = self._odds([coded[at][0] for at in part], [coded[at][1] for at in part])
        return odds

    def _odds(self, lefts: Sequence[bytes], rights: Sequence[bytes]) -> NDArray[np.float64]:
        """As `weigh`, of words as numbers of letters: letter by letter, all words at once."""
        left, left_ends = _padded(lefts, len(_LETTERS))
        right, right_ends = _padded(rights, len(_JAMO))
        words = np.arange(len(lefts))
        log = self._log.ravel()
        alone = self._log[-1].take(right)
        alone[np.arange(len(right))[:, None] >= right_ends] = 0.0  # nothing comes after the end of a word
        # A row of jamo that stand alone adds the difference of two of these sums.
        added = np.concatenate([np.zeros((1, len(lefts))), alone.cumsum(axis=0)])
        cells, best = added, np.zeros(len(lefts))
        for row, letters in enumerate(left * self._log.shape[1], start=1):
            now = cells + log.take(letters + len(_JAMO))
            np.maximum(now[1:], cells[:-1] + log.take(letters + right), out=now[1:])
            now -= added
            cells = np.maximum.accumulate(now, axis=0, out=now)
            cells += added
            done = words[left_ends == row]
            best[done] = cells[right_ends[done], done]
        letter, jamo = np.append(self._letter[:-1], 0), np.append(self._jamo[:-1], 0)
        odds: NDArray[np.float64] = best - letter.take(left).sum(axis=0) - jamo.take(right).sum(axis=0)
        return odds

    def learn(self, pairs: Sequence[tuple[str, str]], *, rounds: int = 3) -> Likeness:
        """A likeness that has seen `pairs`, which are taken to be names of one thing."""
        learned = self
        for _ in range(rounds if pairs else 0):
            seen = learned._seen(pairs)
            learned = Likeness(self.counts / self.counts.sum() * len(_JAMO) * 20 + seen)
        return learned

    def _seen(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """How often each edit stands on the best paths of these pairs."""
        seen = np.zeros_like(self.counts)
        coded = [(_letter_numbers(english), _jamo_numbers(korean)) for english, korean in pairs]
        coded = [(left, right) for left, right in coded if left and right]
        for begin in range(0, len(coded), _TOGETHER):
            part = coded[begin : begin + _TOGETHER]
            lefts, rights = [left for left, _ in part], [right for _, right in part]
            _trace(self._best(lefts, rights), lefts, rights, seen)
        return seen

    def _best(self, lefts: Sequence[bytes], rights: Sequence[bytes]) -> NDArray[np.int8]:
        """From where the best path comes to each cell: 0 both, 1 a letter alone, 2 a jamo alone."""
        left, right = _padded(lefts, len(_LETTERS))[0], _padded(rights, len(_JAMO))[0]
        alone_left, alone_right = self._log[left, len(_JAMO)], self._log[len(_LETTERS), right]
        cells = np.zeros((len(left) + 1, len(right) + 1, len(lefts)))
        cells[1:, 0], cells[0, 1:] = alone_left.cumsum(axis=0), alone_right.cumsum(axis=0)
        back = np.zeros(cells.shape, dtype=np.int8)
        back[1:, 0], back[0, 1:] = 1, 2
        ways = np.empty((3, len(lefts)))
        for i in range(len(left)):
            both = self._log[left[i], right]
            for j in range(len(right)):
                np.add(cells[i, j], both[j], out=ways[0])
                np.add(cells[i, j + 1], alone_left[i], out=ways[1])
                np.add(cells[i + 1, j], alone_right[j], out=ways[2])
                back[i + 1, j + 1] = ways.argmax(axis=0)
                ways.max(axis=0, out=cells[i + 1, j + 1])
        return back


def _padded(words: Sequence[bytes], nothing: int) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """The words beside one another, each a column that is filled up with `nothing`, and their lengths."""
    ends = np.array([len(word) for word in words])
    width = int(ends.max())
    filled = b"".join([word.ljust(width, bytes([nothing])) for word in words])
    numbers = np.frombuffer(filled, dtype=np.uint8).reshape(len(words), width)
    return numbers.T.astype(np.intp, order="C"), ends


@lru_cache(maxsize=1 << 16)
def _letter_numbers(word: str) -> bytes:
    """The numbers of the letters; none where one of them is not in the alphabet."""
    known = word.isascii() and word.isalpha() and word.islower()
    return word.encode().translate(_LETTER_NUMBERS) if known else b""


@lru_cache(maxsize=1 << 16)
def _jamo_numbers(word: str) -> bytes:
    """The numbers of the jamo; none where not all is Hangul."""
    return letters_of(word).translate(_JAMO_NUMBERS).encode("latin-1")


def _customary() -> NDArray[np.float64]:
    counts = np.full((len(_LETTERS) + 1, len(_JAMO) + 1), 0.003)
    for jamo, letters in _CUSTOM.items():
        for rank, letter in enumerate(letters):
            counts[_LETTERS.index(letter), _JAMO.index(jamo)] += 1 / (1 + rank)
    counts[:-1, -1] = [_SILENT.get(letter, 0.03) for letter in _LETTERS]
    counts[-1, :-1] = [_ADDED.get(jamo, 0.01) for jamo in _JAMO]
    counts[-1, -1] = 0
    return counts


def _trace(
    back: NDArray[np.int8], lefts: Sequence[bytes], rights: Sequence[bytes], seen: NDArray[np.float64]
) -> None:
    for number, (left, right) in enumerate(zip(lefts, rights, strict=True)):
        steps = back[: len(left) + 1, : len(right) + 1, number].tolist()
        i, j = len(left), len(right)
        while i or j:
            step = steps[i][j]
            letter = left[i - 1] if step != 2 else len(_LETTERS)  # noqa: PLR2004
            jamo = right[j - 1] if step != 1 else len(_JAMO)
            seen[letter, jamo] += 1
            i, j = i - (step != 2), j - (step != 1)  # noqa: PLR2004
