"""Whether what is read of a file is what was written."""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayformat import HEADER
from indexer.errors import DamagedFileError

__all__ = ["Checks"]

_STRETCH: Final = 1 << 24
"""Bytes of a whole file that are checked before they are let go of; a multiple of the system's pages."""


class Checks:
    """Compares the pages of a mapped file with their checksums, each once.

    Columns hold this and not their file, which holds them: neither must wait for the garbage collector, as
    what a file has mapped is large.
    """

    def __init__(self, path: Path, mapped: mmap.mmap, end: int, page: int, sums: list[int]) -> None:
        """Nothing is checked yet.

        Args:
            path: the file.
            mapped: what is in it.
            end: where what is checked ends.
            page: bytes that are checked together.
            sums: the checksum of each page.
        """
        self.path = path
        self._view = memoryview(mapped)
        self._end = end
        self._page = page
        self._sums = sums
        self._checked = bytearray(len(sums))
        self.done = False
        """Whether no page is left to be checked."""
        self.damage = ""
        """What is known to be wrong with the file; empty where nothing is."""

    def check_all(self) -> Iterator[tuple[int, int]]:
        """Compares all bytes of the file with their checksums, stretch by stretch.

        Yields:
            The bytes `[first, last)` that have just been compared.

        Raises:
            DamagedFileError: they are not those that were written.
        """
        for first in range(0, self._end, _STRETCH):
            last = min(first + _STRETCH, self._end)
            self.check(first, last)
            yield first, last
        self.done = True

    def check(self, first: int, last: int) -> None:
        """Compares the bytes `[first, last)` of the file with their checksums, each page once.

        Raises:
            DamagedFileError: they are not those that were written.
        """
        size = self._page
        page = first // size
        last = -(-last // size)
        while (page := self._checked.find(0, page, last)) >= 0:
            self._check_page(page)

    def check_at(self, places: NDArray[np.int64]) -> None:
        """As `check`, for the bytes at `places`.

        Raises:
            DamagedFileError: they are not those that were written.
        """
        pages = places // self._page
        checked = np.frombuffer(self._checked, dtype=np.uint8)
        unchecked = checked.take(pages) == 0
        if unchecked.any():
            # `np.unique` loads NumPy's masked arrays first, which takes longer than many queries.
            for page in np.bincount(pages[unchecked]).nonzero()[0].tolist():
                self._check_page(page)

    def _check_page(self, page: int) -> None:
        piece = self._view[page * self._page : min((page + 1) * self._page, self._end)]
        # The header counts with zeros in its place.
        own = zlib.crc32(piece) if page else zlib.crc32(piece[HEADER.size :], zlib.crc32(bytes(HEADER.size)))
        if own != self._sums[page]:
            self.damage = f"{self.path.name} is damaged near byte {page * self._page}"
            raise DamagedFileError(self.damage)
        self._checked[page] = 1
