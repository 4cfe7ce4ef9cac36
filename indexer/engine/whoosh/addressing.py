"""An address as one number of 64 bits, which is looked for and told without reading a passage; pure.

An address of up to twelve characters of Crockford's base32 in lower case is its number: five bits for each
character, and above them how many there are, in four.  Of any other there is only a checksum.

Source: Douglas Crockford, "Base 32", https://www.crockford.com/base32.html
"""

from __future__ import annotations

import re
from typing import Final
from zlib import crc32

__all__ = ["address_of", "number_of"]

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_DIGITS: Final = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")
"""The letters as `int` knows them."""
_PAIRS: Final = [first + second for first in _ALPHABET for second in _ALPHABET]
_LONGEST: Final = 12
_PLAIN: Final = re.compile(f"[{_ALPHABET}]{{1,{_LONGEST}}}")
_BITS: Final = 60
"""Below how many characters there are."""
_OTHER: Final = 15
"""Stands where there would be too many, or other ones."""


def number_of(address: str) -> int:
    """The number of an address."""
    if not _PLAIN.fullmatch(address):
        return _OTHER << _BITS | crc32(address.encode("utf-8", "surrogatepass"))
    return len(address) << _BITS | int(address.translate(_DIGITS), 32)


def address_of(number: int) -> str | None:
    """The address with this number; none where the number is only a checksum."""
    length = number >> _BITS
    if length > _LONGEST:
        return None
    pairs = [_PAIRS[number >> shift & 1023] for shift in range(10 * ((length - 1) // 2), -1, -10)]
    return "".join(pairs)[-length:]
