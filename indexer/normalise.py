"""One spelling for every text, settled once, before any span exists."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["normalise", "normalise_code"]

_EMOJI: Final = "\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"

_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls that are neither white space nor line ends
    "\u00ad\u034f\u061c\u180b-\u180f"  # soft hyphen, grapheme joiner, Arabic and Mongolian marks
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"  # zero widths and directions
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors: a matter of fonts
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # byte order mark, annotations, tags
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"  # no characters at all: nothing can store or send them
)
_UNUSUAL: Final = re.compile(
    "[\u034f\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0-\uffdc\U000e0100-\U000e01ef]"
)
"""What `str.isprintable` takes for printed of all that is dropped or written otherwise here."""
_STRAY_JOINER: Final = re.compile(f"(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])")
_SPACES: Final = re.compile(r"[\s\u2800\u3164\uffa0]+")
_LINE_END: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CODE_SPACE: Final = re.compile(r"[^\S\n\t ]|[\u2800\u3164\uffa0]")
_HALFWIDTH_JAMO: Final = {
    code: chr(int(unicodedata.decomposition(chr(code)).split()[1], 16))
    for code in range(0xFFA1, 0xFFDD)
    if unicodedata.decomposition(chr(code))
}


def normalise(text: str) -> str:
    r"""The text in NFC, without what cannot be seen, every run of white space one space, not padded.

    Zero-width characters, soft hyphens, direction marks, variation selectors and control characters are
    dropped; a joiner stays where it joins two emoji.  Halfwidth Jamo become ordinary ones.

    >>> normalise("\u1112\u1161\u11ab\u1100\u1173\u11af\u200b 맞춤법\u00a0\n 통일안")
    '한글 맞춤법 통일안'
    """
    if _is_plain(text):  # then the only white space is a space
        return unicodedata.normalize("NFC", " ".join(text.split()))
    return _SPACES.sub(" ", _visible(text)).strip(" ")


def normalise_code(text: str) -> str:
    r"""The text in NFC, without what cannot be seen; line breaks, tabs and runs of spaces stay.

    Empty lines at both ends, white space at line ends, and the margin before the first line are dropped.

    >>> normalise_code("\n  if x:\r\n      y\u200b \n")
    'if x:\n    y'
    """
    lines = _CODE_SPACE.sub(" ", _LINE_END.sub("\n", _visible(text))).split("\n")
    lines = [line.rstrip() for line in lines]
    while lines and not lines[0]:
        del lines[0]
    if not lines:
        return ""
    margin = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    return "\n".join(line.removeprefix(margin) for line in lines).rstrip()


def _visible(text: str) -> str:
    if _is_plain(text):  # a line of code
        return unicodedata.normalize("NFC", text)
    # Dropping comes before composing: an invisible character can stand between two Jamo of one syllable.
    text = _STRAY_JOINER.sub("", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", text.translate(_HALFWIDTH_JAMO))


def _is_plain(text: str) -> bool:
    """Whether there is nothing in the text that needs more than NFC, as in nearly all; soon told."""
    return text.isprintable() and (text.isascii() or _UNUSUAL.search(text) is None)
