"""Which of the archive's languages a text is mostly written in, judged by its script alone."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from indexer.model.text import Lang

__all__ = ["count_letters", "script_lang", "weigh"]

_KOREAN: Final = re.compile(
    "[\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb"  # Hangul
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"  # Hanja
)
_LATIN: Final = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]+")

_NO_ASCII_LETTERS: Final = bytes(code for code in range(128) if not chr(code).isalpha())

_KOREAN_WEIGHT: Final = 2.5
"""A Korean text has about 2.5 times fewer letters than the English text that says the same."""


def count_letters(text: str) -> tuple[int, int]:
    """How many Korean (Hangul and Hanja) and how many Latin letters the text has.

    >>> count_letters("현상(現狀) 유지, status quo")
    (6, 9)
    """
    if text.isascii():
        return 0, len(text.encode("ascii").translate(None, _NO_ASCII_LETTERS))
    return _count(text)


@lru_cache(maxsize=1 << 12)
def _count(text: str) -> tuple[int, int]:
    # The blocks of a document are asked about several times while it is read.
    return len("".join(_KOREAN.findall(text))), len("".join(_LATIN.findall(text)))


def weigh(text: str) -> dict[Lang, float]:
    """How much of the text is in each language, in Latin letters that would say as much.

    >>> weigh("평화 peace")
    {'en': 5.0, 'ko': 5.0}
    """
    korean, latin = count_letters(text)
    return {"en": float(latin), "ko": korean * _KOREAN_WEIGHT}


def script_lang(text: str) -> Lang | None:
    """The language that more of the text says, or `None` where it has no letters of either.

    >>> script_lang("NBC방송이 확인했듯이"), script_lang("Hangul (한글) is an alphabet"), script_lang("1991")
    ('ko', 'en', None)
    """
    korean, latin = count_letters(text)
    if not (korean or latin):
        return None
    return "ko" if korean * _KOREAN_WEIGHT >= latin else "en"
