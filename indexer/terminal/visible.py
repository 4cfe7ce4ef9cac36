"""What a terminal would obey, shown instead.  Loads next to nothing.

The readers drop such characters from texts; names of files keep them, and so does what is typed.
"""

from __future__ import annotations

import re
from typing import Final

from indexer.obeyed import OBEYED

__all__ = ["visible", "visible_line"]

_PICTURES: Final = 0x2400
"""Where Unicode has a picture of each of the first controls."""
_DELETE: Final = 0x7F


def visible(text: str) -> str:
    r"""The text with a picture in the place of each character that a terminal would obey; as long as it was.

    >>> visible("\x1b[31mred\x7f \u202egnp.exe")
    '␛[31mred␡ �gnp.exe'
    """
    return OBEYED.sub(_picture, text)


def visible_line(text: str) -> str:
    r"""As `visible`, in one line whatever it has in it: no name of a file begins a line of its own.

    >>> visible_line("a\nindexed: b.txt")
    'a␊indexed: b.txt'
    """
    return visible(text).replace("\n", "\N{SYMBOL FOR LINE FEED}")


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == _DELETE:
        return "\N{SYMBOL FOR DELETE}"
    return chr(_PICTURES + code) if code < _DELETE else "\N{REPLACEMENT CHARACTER}"
