"""What a terminal would obey, and how JSON writes it instead.  Loads next to nothing."""

from __future__ import annotations

import re

TYPE_CHECKING = False  # see indexer.versions
if TYPE_CHECKING:
    from typing import Final

__all__ = ["OBEYED", "in_json"]

OBEYED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Controls but tabs and line feeds, and what turns the direction of writing."""


def in_json(text: str) -> str:
    r"""JSON that says the same to a program, and nothing to a terminal: names of files may have anything.

    >>> in_json('{"path": "a\x9b31m\u202e.txt"}')
    '{"path": "a\\u009b31m\\u202e.txt"}'
    """
    return OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
