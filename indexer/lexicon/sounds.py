"""How does a word sound, roughly?  So names are met across scripts (Lavrov, 라브로프).

Two steps, so that one word is compared with a whole vocabulary at once.  `english_keys` and `korean_key`
reduce a word to its consonants; words that share a key are candidates, which
`indexer.lexicon.likeness` weighs letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = [
    "INITIALS",
    "VOWELS",
    "english_keys",
    "keys_of_english",
    "keys_of_korean",
    "korean_key",
    "letters_of",
]

INITIALS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS: Final = " ㄱㄱㄱㄴㄴㄴㄷㄹㄹㄹㄹㄹㄹㄹㅎㅁㅂㅂㅅㅅㅇㅈㅊㅋㅌㅍㅎ"
"""Final consonants by what is written of them in loanwords; a space for none."""
_FIRST_SYLLABLE: Final = 0xAC00
_LAST_SYLLABLE: Final = 0xD7A3
_NO_HANGUL: Final = "-"

_ONE_SOUND: Final = tuple(
    (signs.split(), re.compile(pattern), sound)
    for signs, pattern, sound in (
        ("ph", r"ph", "f"), ("gh", r"gh", ""), ("kn", r"\bkn", "n"), ("wr", r"\bwr", "r"),
        ("ck", r"ck", "k"), ("x", r"x", "ks"), ("q", r"qu?", "k"), ("tch", r"tch", "S"),
        ("ts tz", r"t[sz]", "S"),
        ("ti ci sio", r"(?<=.)ti(?=[aou])|(?<=.)ci(?=[aou])|(?<=.)si(?=on)", "S"),
        ("sch sh", r"sch|sh", "S"), ("sc", r"sc(?=[eiy])", "S"), ("c", r"c(?=[eiy])", "S"),
        ("dg", r"dg(?=[eiy])", "S"), ("r", r"r(?![aeiouy])", ""),
    )
)  # fmt: skip
"""What a word must have for a rule to be tried, the rule, and the sound that it gives."""
_TWO_SOUNDS: Final = (("ch", re.compile(r"ch"), ("S", "K")), ("th", re.compile(r"th"), ("S", "T")),
                      ("g", re.compile(r"g(?=[eiy])"), ("S", "K")), ("u", re.compile(r"tu|du"), ("S", "T")),
                      ("ng", re.compile(r"ng"), ("N", "NK")))  # fmt: skip
_CLASSES: Final = str.maketrans(
    {**dict.fromkeys("bfpv", "P"), **dict.fromkeys("cgkq", "K"), **dict.fromkeys("dt", "T"),
     **dict.fromkeys("jsz", "S"), "l": "R", "r": "R", "m": "M", "n": "N", **dict.fromkeys("aeiouyhw", None)}
)  # fmt: skip
_KOREAN_CLASSES: Final = str.maketrans(
    {**dict.fromkeys("ㅂㅃㅍ", "P"), **dict.fromkeys("ㄱㄲㅋ", "K"), **dict.fromkeys("ㄷㄸㅌ", "T"),
     **dict.fromkeys("ㅅㅆㅈㅉㅊ", "S"), "ㄹ": "R", "ㅁ": "M", "ㄴ": "N", "ㅇ": "N", "ㅎ": None,
     **dict.fromkeys(VOWELS, None)}
)  # fmt: skip
_REPEATED: Final = re.compile(r"(.)\1+")


def english_keys(word: str) -> tuple[str, ...]:
    """The consonants of a folded English word as classes; more than one where a letter may sound in two ways.

    >>> english_keys("lavrov"), english_keys("gerald")
    (('RPRP',), ('SRT', 'KRT'))
    """
    return tuple(dict.fromkeys([_classes(way) for way in _ways(word)]))


def keys_of_english(words: Sequence[str]) -> list[tuple[str, ...]]:
    """As `english_keys`, of many words, none of which has a line break: each rule is tried on all at once."""
    ways = [_ways(word) for word in words]
    keys = iter(_classes("\n".join([way for one in ways for way in one])).split("\n"))
    return [tuple(dict.fromkeys([next(keys) for _ in one])) for one in ways]


def _ways(word: str) -> list[str]:
    ways = [word]
    for sign, pattern, sounds in _TWO_SOUNDS:
        if sign in word:
            ways = [way for one in ways for sound in (sounds if pattern.search(one) else ("",))
                    for way in (pattern.sub(sound, one),)]  # fmt: skip
    return ways


def _classes(text: str) -> str:
    """The consonants of a word, or of words in lines."""
    for signs, pattern, sound in _ONE_SOUND:
        for sign in signs:
            if sign in text:
                text = pattern.sub(sound, text)
                break
    return _REPEATED.sub(r"\1", text.translate(_CLASSES))


class _Syllables(dict[int, str]):
    """The jamo of each syllable of Hangul by its code point; of other characters `_NO_HANGUL`."""

    def __missing__(self, code: int) -> str:
        self[code] = jamo = _NO_HANGUL
        if _FIRST_SYLLABLE <= code <= _LAST_SYLLABLE:
            rest, final = divmod(code - _FIRST_SYLLABLE, 28)
            initial, vowel = divmod(rest, 21)
            parts = INITIALS[initial].replace("ㅇ", ""), VOWELS[vowel], _FINALS[final].strip()
            self[code] = jamo = "".join(parts[:2]) + parts[2].replace("ㅅ", "ㄷ")
        return jamo


_SYLLABLES: Final = _Syllables()


def letters_of(word: str) -> str:
    """The jamo of a word in Hangul, silent ㅇ left out, doubled ㄹ once; empty where it is not all Hangul.

    >>> letters_of("라브로프"), letters_of("링컨"), letters_of("밀리")
    ('ㄹㅏㅂㅡㄹㅗㅍㅡ', 'ㄹㅣㅇㅋㅓㄴ', 'ㅁㅣㄹㅣ')
    """
    letters = word.translate(_SYLLABLES)
    return "" if _NO_HANGUL in letters else letters.replace("ㄹㄹ", "ㄹ")


def korean_key(word: str) -> str:
    """The consonants of a word in Hangul as the same classes.

    >>> korean_key("라브로프"), korean_key("제럴드")
    ('RPRP', 'SRT')
    """
    return _REPEATED.sub(r"\1", letters_of(word).translate(_KOREAN_CLASSES))


def keys_of_korean(words: Sequence[str]) -> list[str]:
    """As `korean_key`, of many words, none of which has a line break."""
    letters = "\n".join(map(letters_of, words))
    return _REPEATED.sub(r"\1", letters.translate(_KOREAN_CLASSES)).split("\n") if words else []
