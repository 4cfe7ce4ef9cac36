"""How many of the renderings that are shown for the most frequent words are right, by a list checked by
hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from indexer.lexicon import Lexicon
from indexer.lexicon.lessons import Text
from indexer.lexicon.units import UnitReader
from indexer.model.text import LANGS, Lang

__all__ = ["LEAST_RIGHT", "check", "frequent", "shown_for", "to_be_judged"]

LEAST_RIGHT: Final = 0.95
_CHECKED: Final = Path(__file__).with_name("renderings-checked.tsv")
_WORDS: Final = 150
"""Words of each language."""


def shown_for(lexicon: Lexicon, pairs: Sequence[tuple[Text, Text]]) -> list[tuple[str, str]]:
    """The renderings that are shown for the most frequent words, English and Korean."""
    shown: set[tuple[str, str]] = set()
    for side, lang in enumerate(LANGS):
        for key in frequent([pair[side] for pair in pairs], lang):
            for known in lexicon.shown(key, lang):
                shown.add((known.word, known.text) if lang == "en" else (known.text, known.word))
    return sorted(shown)


def check(shown: Sequence[tuple[str, str]]) -> dict[str, float]:
    """The part of the judged renderings that is right, and how many are judged and not judged."""
    verdicts = _read()
    judged = [verdicts[pair] for pair in shown if pair in verdicts]
    return {
        "renderings right": round(sum(judged) / max(1, len(judged)), 4),
        "renderings judged": len(judged),
        "renderings not judged": len(shown) - len(judged),
    }


def to_be_judged(shown: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those that are not in the list yet."""
    verdicts = _read()
    return [pair for pair in shown if pair not in verdicts]


def frequent(texts: Sequence[Text], lang: Lang) -> list[str]:
    """The keys of the words that most passages have, single words without numbers."""
    counts: Counter[str] = Counter()
    reader = UnitReader()
    for text in texts:
        keys = {reader.units[number].key for number in reader.read(*text, lang)}
        counts.update(key for key in keys if _is_word(key, lang))
    return [key for key, _ in counts.most_common(_WORDS)]


def _is_word(key: str, lang: Lang) -> bool:
    if lang == "ko":
        return key[0] >= "가" and " " not in key
    return key.isalpha() and len(key) > 1


def _read() -> dict[tuple[str, str], bool]:
    lines = _CHECKED.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return {(english, korean): verdict == "right" for english, korean, verdict in rows}
