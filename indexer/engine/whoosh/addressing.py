"""An address as one number of 64 bits, which is looked for and told without reading a passage; pure.

An address of up to twelve characters of Crockford's base32 in lower case is its number: five bits for each
character, and above them how many there are, in four.  Of any other there is only a checksum.

Source: Douglas Crockford, "Base 32", https://www.crockford.com/base32.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

__all__ = ["addresses_of", "number_of", "numbers_of"]

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_CHARACTERS: Final = np.frombuffer(_ALPHABET.encode("ascii"), dtype=np.uint8)
_DIGITS: Final = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")
"""The letters as `int` knows them."""
_LONGEST: Final = 12
_PLAIN: Final = re.compile(f"[{_ALPHABET}]{{1,{_LONGEST}}}")
_BITS: Final = 60
"""Below how many characters there are."""
_SHIFTS: Final = np.arange(_BITS - 5, -1, -5, dtype=np.uint64)
"""By character of an address as long as the longest, how far up its bits are."""
_USUAL: Final = 9
"""Characters of an address as it is minted."""
_VALUES: Final = np.full(256, 255, dtype=np.uint64)
"""By byte, the digit that it is; 255 for one that is none."""
_VALUES[_CHARACTERS] = np.arange(len(_ALPHABET))
_DIGIT: Final = np.uint64(31)
_OTHER: Final = 15
"""Stands where there would be too many, or other ones."""


def number_of(address: str) -> int:
    """The number of an address."""
    if not _PLAIN.fullmatch(address):
        return _OTHER << _BITS | crc32(address.encode("utf-8", "surrogatepass"))
    return len(address) << _BITS | int(address.translate(_DIGITS), 32)


def numbers_of(addresses: Sequence[str]) -> NDArray[np.uint64]:
    """As `number_of` for each, much faster where they are as they are minted; 0 for one that is empty."""
    lengths = np.fromiter(map(len, addresses), dtype=np.int64, count=len(addresses))
    usual = np.flatnonzero(lengths == _USUAL)
    text = "".join([addresses[at] for at in usual.tolist()]).encode("ascii", "replace")
    digits = _VALUES[np.frombuffer(text, dtype=np.uint8)].reshape(-1, _USUAL)
    plain = (digits < len(_ALPHABET)).all(axis=1)
    numbers = np.zeros(len(addresses), dtype=np.uint64)
    digits = digits[plain] << _SHIFTS[-_USUAL:]
    numbers[usual[plain]] = digits.sum(axis=1, dtype=np.uint64) | np.uint64(_USUAL << _BITS)
    for at in np.flatnonzero((numbers == 0) & (lengths > 0)).tolist():
        numbers[at] = number_of(addresses[at])
    return numbers


def addresses_of(numbers: Sequence[int]) -> list[str | None]:
    """The addresses with these numbers; none for a number that is only a checksum."""
    digits = np.array(numbers, dtype=np.uint64)[:, None] >> _SHIFTS & _DIGIT
    whole = _CHARACTERS.take(digits.astype(np.intp)).tobytes().decode("ascii")
    lengths = [number >> _BITS for number in numbers]
    return [
        None if length > _LONGEST else whole[end - length : end]
        for length, end in zip(lengths, range(_LONGEST, len(whole) + _LONGEST, _LONGEST), strict=True)
    ]
