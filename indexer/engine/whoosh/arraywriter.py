"""Writes files of arrays (see `indexer.engine.whoosh.arrayformat`)."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayformat import ALIGNED, HEADER, MAGIC, PAGE
from indexer.versions import FORMAT_VERSION

__all__ = ["ArrayFileWriter"]

_IN_MEMORY: Final = 1 << 22
"""Bytes of one array that wait in memory while a file is written; what is more waits on the disk."""


class ArrayFileWriter:
    """Gathers arrays piece by piece, several at a time, and writes them as one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: dict[str, tuple[np.dtype[Any], IO[bytes]]] = {}

    def append(self, name: str, values: NDArray[Any]) -> None:
        """Puts `values` at the end of the array `name`.

        Raises:
            TypeError: they are not of the type of its first piece.
        """
        if name not in self._parts:
            spool = SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(self._folder))  # noqa: SIM115 - closed by `close`
            self._parts[name] = values.dtype.newbyteorder("<"), spool
        kind, part = self._parts[name]
        if values.dtype.newbyteorder("<") != kind:
            raise TypeError(f"{name} is of {kind}, and not of {values.dtype}")
        part.write(np.ascontiguousarray(values, dtype=kind).data.cast("B") if values.size else b"")

    def write(self, file: IO[bytes]) -> None:
        """Writes everything to `file`, which is empty and can seek."""
        file.write(bytes(HEADER.size))
        pages = _Pages(bytes(HEADER.size))
        directory: dict[str, tuple[str, int, int]] = {}
        for name, (kind, part) in self._parts.items():
            for padding in pages.pad(ALIGNED):
                file.write(padding)
            offset, length = pages.size, part.tell()
            part.seek(0)
            while piece := part.read(PAGE):
                file.write(piece)
                pages.add(piece)
            directory[name] = (kind.str, offset, length // kind.itemsize)
        for padding in pages.pad(ALIGNED):
            file.write(padding)
        end = pages.size
        file.write(sums := np.array(pages.finish(), dtype="<u4").tobytes())
        pages_told = [end, len(sums) // 4, zlib.crc32(sums)]
        listing = json.dumps({"arrays": directory, "pages": pages_told, "page": PAGE}).encode("ascii")
        # The header is checked by its own sum; its page counts with zeros in its place.
        file.write(listing)
        head = HEADER.pack(MAGIC, FORMAT_VERSION, len(listing), end + len(sums), zlib.crc32(listing), 0)[:-4]
        file.seek(0)
        file.write(head + struct.pack("<I", zlib.crc32(head)))

    def close(self) -> None:
        """Gives up what was gathered."""
        for _, part in self._parts.values():
            part.close()
        self._parts.clear()


class _Pages:
    """The checksums of a file's pages, made while it is written."""

    def __init__(self, begin: bytes) -> None:
        self.size = 0
        self._sums: list[int] = []
        self._sum = 0
        self.add(begin)

    def add(self, piece: bytes) -> None:
        while piece:
            room = PAGE - self.size % PAGE
            self._sum = zlib.crc32(piece[:room], self._sum)
            self.size += len(piece[:room])
            piece = piece[room:]
            if self.size % PAGE == 0:
                self._sums.append(self._sum)
                self._sum = 0

    def pad(self, to: int) -> Iterator[bytes]:
        if rest := -self.size % to:
            self.add(bytes(rest))
            yield bytes(rest)

    def finish(self) -> list[int]:
        return [*self._sums, self._sum] if self.size % PAGE else self._sums
