"""Where to look for a term: a table of hashes; pure.

The table has two slots for each term.  A term stands in the slot that its hash names, or in one soon after
it, before the next empty one.  A slot has 32 bits: 0 where it is empty, else in its lower bits the term's
place, counted from 1, and above these what is left of its hash, so that a term that is not there is seldom
looked at.

Source: linear probing (Knuth, "The Art of Computer Programming", volume 3, section 6.4), with all terms known
beforehand and sorted by their slots, so that each takes the first that is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

__all__ = ["hash_table", "hashes", "slot_of"]

_SLOTS: Final = 2
"""For each term."""


def hashes(terms: Sequence[bytes]) -> NDArray[np.uint32]:
    """The hash of each of the terms."""
    return np.fromiter(map(crc32, terms), dtype=np.uint32, count=len(terms))


def hash_table(hashed: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The table of the terms with these hashes, in the order of their places; it ends with an empty slot."""
    many = len(hashed)
    rest, slot = np.divmod(hashed.astype(np.int64), max(1, _SLOTS * many))
    order = np.argsort(slot, kind="stable")
    step = np.arange(many)
    taken = np.maximum.accumulate(slot[order] - step) + step
    table = np.zeros(max(_SLOTS * many, int(taken[-1]) + 1 if many else 0) + 1, dtype="<u4")
    table[taken] = rest[order] << many.bit_length() | order + 1
    return table


def slot_of(term: bytes, many: int) -> tuple[int, int]:
    """The slot from which to look for `term` among so many (1 and more), and what is left of its hash."""
    hashed = crc32(term)
    return hashed % (_SLOTS * many), hashed // (_SLOTS * many)
