"""How hanja are read in Korean: 現狀 is 현상, and 女子 is 여자 though 女 alone is 녀."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

__all__ = ["is_gloss", "reading"]

_SYLLABLES: Final = 0xAC00
_NIEUN, _RIEUL, _IEUNG = 2, 5, 11
"""Numbers of the initial consonants ㄴ, ㄹ, ㅇ among the nineteen."""
_Y_VOWELS: Final = frozenset({2, 3, 6, 7, 12, 17, 20})
"""Numbers of ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ ㅣ among the twenty-one vowels."""


def reading(hanja: str) -> str:
    """The Korean reading of a run of hanja; a character without a known reading stays as it is.

    The first syllable follows the initial sound law, and 렬/률 become 열/율 after a vowel or ㄴ.

    Source: Hangul orthography (한글 맞춤법, 2017), articles 10 to 12.

    >>> reading("現狀"), reading("女子"), reading("勞動"), reading("比率"), reading("法律")
    ('현상', '여자', '노동', '비율', '법률')
    """
    syllables: list[str] = []
    for character in hanja:
        syllable = _readings().get(character, character)[0]
        if not syllables or (syllable in "렬률" and _coda(syllables[-1]) in {0, 4}):
            syllable = _initial(syllable)
        syllables.append(syllable)
    return "".join(syllables)


def is_gloss(hangul: str, hanja: str) -> bool:
    """Whether `hanja` can be read as `hangul`, any of the characters' readings allowed.

    >>> is_gloss("현상", "現狀"), is_gloss("낙원", "樂園"), is_gloss("정전", "現狀")
    (True, True, False)
    """
    if len(hangul) != len(hanja):
        return False
    known = _readings()
    return all(
        any(syllable in (option, _initial(option)) for option in known.get(character, ""))
        for syllable, character in zip(hangul, hanja, strict=True)
    )


def _initial(syllable: str) -> str:
    """The syllable as it sounds at the start of a word (녀 -> 여, 로 -> 노, 력 -> 역)."""
    number = ord(syllable) - _SYLLABLES
    if not 0 <= number < 19 * 588:
        return syllable
    onset, rest = divmod(number, 588)
    vowel = rest // 28
    if onset in (_NIEUN, _RIEUL) and vowel in _Y_VOWELS:
        onset = _IEUNG
    elif onset == _RIEUL:
        onset = _NIEUN
    return chr(_SYLLABLES + onset * 588 + rest)


def _coda(syllable: str) -> int:
    """The number of a syllable's final consonant: 0 for none, 4 for ㄴ; -1 for what is no syllable."""
    number = ord(syllable) - _SYLLABLES
    return number % 28 if 0 <= number < 19 * 588 else -1


@cache
def _readings() -> dict[str, str]:
    """Each hanja's possible syllables as one string, the usual one first."""
    from importlib import resources  # noqa: PLC0415 - few texts have hanja

    table = resources.files(__package__).joinpath("hanja.txt").read_text(encoding="utf-8")
    rows = re.findall(r"^([^#\s]\S*) (\S+)$", table, flags=re.MULTILINE)
    return {character: syllables for syllables, characters in rows for character in characters}
