"""The passages of postings as 16-bit words; pure.

In a segment of up to 65,536 rows a posting is one word.  In a larger one, the postings of a term come in
the order of their upper 16 bits, its chunks: first the number of its postings up to the end of each chunk, in
32 bits each, then the lower 16 bits of each posting.  A term that is so rare that this would not pay has
32 bits for each posting.

Source: the array containers of Roaring bitmaps (Lemire and others, "Roaring Bitmaps: Implementation of an
Optimized Software Library", 2018), without its other containers.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["is_packed", "pack", "unpack", "unpack_one"]

_CHUNK: Final = 1 << 16
_FEW: Final = 6
"""Chunks that are gone through in any case."""
_LONG: Final = 1500
"""Postings in a chunk from which it pays to go chunk by chunk."""

_Ints = NDArray[np.int64]


def is_packed(rows: int) -> bool:
    """Whether a posting takes more than its one word in a segment of so many rows."""
    return rows > _CHUNK


def pack(
    frequencies: _Ints, numbers: _Ints, rows: int
) -> tuple[NDArray[np.uint16], NDArray[np.int64] | None]:
    """The words of the postings of several terms, and how many each term takes.

    Args:
        frequencies: by term, how many postings it has.
        numbers: by posting, the passage; ascending for each term.
        rows: of the segment.

    Returns:
        The words; and none for the number of words where it is one for each posting.
    """
    if not is_packed(rows):
        return numbers.astype("<u2"), None
    chunks = _chunks(rows)
    sizes = _sizes(frequencies, chunks)
    rare, at, heads = _layout(frequencies, sizes, chunks)
    words = np.empty(int(sizes.sum()), dtype="<u2")
    words[at] = numbers & (_CHUNK - 1)
    words[at[rare] + 1] = numbers[rare] >> 16
    if len(heads):
        term = np.repeat(np.arange(len(heads)), frequencies[~_is_rare(frequencies, chunks)])
        keys = term * chunks + (numbers[~rare] >> 16)
        counts = np.bincount(keys, minlength=len(heads) * chunks).reshape(-1, chunks)
        ends = np.cumsum(counts, axis=1).astype("<u4").view("<u2")
        words[heads[:, None] + np.arange(2 * chunks)] = ends
    return words, sizes


def unpack(frequencies: _Ints, words: NDArray[np.uint16], rows: int) -> _Ints:
    """The passages of several terms, as they were given to `pack` for a segment of more than 65,536 rows."""
    chunks = _chunks(rows)
    rare, at, heads = _layout(frequencies, _sizes(frequencies, chunks), chunks)
    if not len(heads):
        return words.view("<u4").astype(np.int64)
    numbers = words.take(at).astype(np.int64)
    upper = np.empty_like(numbers)
    upper[rare] = words.take(at[rare] + 1)
    ends = words.take(heads[:, None] + np.arange(2 * chunks)).view("<u4").astype(np.int64)
    ends[:, 1:] -= ends[:, :-1].copy()
    upper[~rare] = np.tile(np.arange(chunks), len(heads)).repeat(ends.ravel())
    upper <<= 16
    numbers |= upper
    return numbers


def unpack_one(words: NDArray[np.uint16], frequency: int, rows: int, offset: int = 0) -> NDArray[np.intp]:
    """The passages of one term, each with `offset` added."""
    chunks = _chunks(rows)
    if len(words) == 2 * frequency and frequency <= 2 * chunks:
        numbers = words.view("<u4").astype(np.intp)
        numbers += offset
        return numbers
    ends = words[: 2 * chunks].view("<u4")
    numbers = words[2 * chunks :].astype(np.intp)
    if chunks > _FEW and frequency < _LONG * chunks:
        counts = ends.copy()
        counts[1:] -= ends[:-1]
        numbers += np.arange(offset, offset + (chunks << 16), _CHUNK).repeat(counts)
        return numbers
    first = 0
    for chunk, last in enumerate(ends.tolist()):
        if last > first:
            numbers[first:last] += offset + (chunk << 16)
        first = last
    return numbers


def _chunks(rows: int) -> int:
    return -(-rows // _CHUNK)


def _is_rare(frequencies: _Ints, chunks: int) -> NDArray[np.bool_]:
    return frequencies <= 2 * chunks


def _sizes(frequencies: _Ints, chunks: int) -> _Ints:
    return np.where(_is_rare(frequencies, chunks), 2 * frequencies, 2 * chunks + frequencies)


def _layout(frequencies: _Ints, sizes: _Ints, chunks: int) -> tuple[NDArray[np.bool_], _Ints, _Ints]:
    """By posting, whether its term is rare and which word has its lower bits; and where the heads begin."""
    rare_term = _is_rare(frequencies, chunks)
    begins = sizes.cumsum() - sizes
    before = frequencies.cumsum() - frequencies
    rare = rare_term.repeat(frequencies)
    at = np.arange(len(rare))
    at += np.where(rare, at, 0)  # of a rare term a posting has two words
    at += np.where(rare_term, begins - 2 * before, begins + 2 * chunks - before).repeat(frequencies)
    return rare, at, begins[~rare_term]
