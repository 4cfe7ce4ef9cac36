"""The terms of single words in Latin script: folded, and of English words the stems."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from threading import Lock
from typing import Final

import Stemmer

__all__ = [
    "APOSTROPHES",
    "LONGEST",
    "STOP_STEMS",
    "STOP_WORDS",
    "acronym",
    "fold",
    "stem",
    "stem_folded",
    "stem_plain",
]

STOP_WORDS: Final = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "me",
        "more",
        "most",
        "my",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "on",
        "or",
        "our",
        "out",
        "own",
        "she",
        "should",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "too",
        "under",
        "until",
        "up",
        "us",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "whom",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)
"""Words that hold sentences together; they count in a phrase and not in a list of words."""

APOSTROPHES: Final = "'’ʼ"
"""What stands between a word and its ending, and is no part of a term."""

LONGEST: Final = 100
"""Characters of a word that count; longer runs are not words, and must not make endless terms."""

# Letters with a stroke or a ligature, which Unicode does not decompose, as they are typed without one.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}
)

_stemmer: Final = Stemmer.Stemmer("english", 0)
_stemmer_lock: Final = Lock()  # Snowball's stemmers keep state between calls


def acronym(surface: str, folded: str) -> str:
    """The `Piece.acronym` of a word as it is written, and as `fold` makes it.

    >>> acronym("US", "us"), acronym("us", "us"), acronym("NATO", "nato")
    ('u.s.', '', '')
    """
    collides = len(surface) > 1 and surface.isupper() and folded in STOP_WORDS
    return ".".join(folded) + "." if collides else ""


@lru_cache(maxsize=1 << 16)
def stem(surface: str) -> str:
    """The indexed form of a word or a part of one: folded and, if it has only letters, stemmed.

    Source: the Snowball English stemmer ("Porter2"), through PyStemmer.

    >>> stem("Negotiations"), stem("negotiate"), stem("Pröbsting"), stem("F16")
    ('negoti', 'negoti', 'probst', 'f16')
    """
    term = fold(surface)
    if not term.isalpha():
        return term
    with _stemmer_lock:
        stemmed: str = _stemmer.stemWord(term)
    return stemmed


def stem_plain(folded: str) -> str:
    """As `stem` for a word of ASCII letters that is folded already; remembers none.

    >>> stem_plain("negotiations")
    'negoti'
    """
    with _stemmer_lock:
        stemmed: str = _stemmer.stemWord(folded)
    return stemmed


def stem_folded(terms: list[str]) -> list[str]:
    """As `stem` for each of several words of ASCII letters that are folded already; remembers none of them.

    >>> stem_folded(["negotiations", "table"])
    ['negoti', 'tabl']
    """
    with _stemmer_lock:
        stemmed: list[str] = _stemmer.stemWords(terms)
    return stemmed


@lru_cache(maxsize=1 << 16)
def fold(surface: str) -> str:
    """The word without differences of case, accents, width and apostrophes.

    >>> fold("Łódź"), fold("ＮＡＴＯ"), fold("don’t"), fold("Straße")
    ('lodz', 'nato', 'dont', 'strasse')
    """
    if surface.isascii():
        return surface[:LONGEST].lower().replace("'", "")
    decomposed = unicodedata.normalize("NFKD", surface[:LONGEST].casefold().translate(_PLAIN))
    plain = "".join(
        character
        for character in decomposed
        if not unicodedata.combining(character) and character not in APOSTROPHES
    )
    return unicodedata.normalize("NFC", plain)  # Hangul that was taken apart by the way


STOP_STEMS: Final = frozenset(map(stem, STOP_WORDS))
"""What is left of the stop words in the index."""
