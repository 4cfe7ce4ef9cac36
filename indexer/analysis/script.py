"""Whether there is Korean in a text: asked also where nothing else of this package is needed."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["HANJA", "has_hanja", "has_korean"]

HANJA: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""The ranges of hanja, for use inside a character class."""

_KOREAN: Final = re.compile(rf"[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f{HANJA}]")
_HANJA: Final = re.compile(rf"[{HANJA}]")


def has_korean(text: str) -> bool:
    """Whether there is Hangul or hanja in `text`.

    >>> has_korean("status quo"), has_korean("현상"), has_korean("現狀")
    (False, True, True)
    """
    return not text.isascii() and _KOREAN.search(text) is not None


def has_hanja(text: str) -> bool:
    """Whether there are hanja in `text`."""
    return _HANJA.search(text) is not None
