"""A file of named arrays, mapped into memory: what a segment of the index is made of.

    header     magic, format version, where the directory is, checksums of the directory and of the header
    arrays     one after the other, little-endian, each beginning at a multiple of 8 bytes
    checksums  one CRC-32 for every page of 64 KiB of what comes before
    directory  JSON: by name, the type, place and length of each array

Opening reads the header and the directory and nothing else.  A page is checked when something in it is read
for the first time, so that a damaged file is never taken for a right answer.
"""

from __future__ import annotations

import json
import mmap
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.errors import IndexOutdatedError

__all__ = ["FORMAT_VERSION", "ArrayFile", "ArrayFileWriter", "DamagedFileError"]

FORMAT_VERSION: Final = 2
"""Changes whenever a file that was written before could no longer be read rightly."""

_MAGIC: Final = b"hanyeong"
_HEADER: Final = struct.Struct("<8sIIQII")
"""Magic, version, bytes of the directory, its offset, its checksum, the checksum of all these."""
_PAGE: Final = 1 << 16
_ALIGNED: Final = 8
_IN_MEMORY: Final = 1 << 22
"""Bytes of one array that wait in memory while a file is written; what is more waits on the disk."""

_Arrays = NDArray[Any]


class DamagedFileError(IndexOutdatedError):
    """The file is not whole, or is none of ours, or of another version of the format."""

    def __init__(self, what: str) -> None:
        """Says `what` is wrong, and what to do about it."""
        super().__init__(f"the index is damaged: {what}; run: hanyeong reindex --rebuild")


class ArrayFileWriter:
    """Gathers arrays piece by piece, several at a time, and writes them as one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: dict[str, tuple[np.dtype[Any], IO[bytes]]] = {}

    def append(self, name: str, values: _Arrays) -> None:
        """Puts `values` at the end of the array `name`, whose type is that of its first piece."""
        if name not in self._parts:
            spool = SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(self._folder))  # noqa: SIM115 - closed by `close`
            self._parts[name] = values.dtype.newbyteorder("<"), spool
        kind, part = self._parts[name]
        part.write(np.ascontiguousarray(values, dtype=kind).data.cast("B") if values.size else b"")

    def write(self, file: IO[bytes]) -> None:
        """Writes everything to `file`, which is empty and can seek."""
        file.write(bytes(_HEADER.size))
        pages = _Pages(bytes(_HEADER.size))
        directory: dict[str, tuple[str, int, int]] = {}
        for name, (kind, part) in self._parts.items():
            for padding in pages.pad(_ALIGNED):
                file.write(padding)
            offset, length = pages.size, part.tell()
            part.seek(0)
            while piece := part.read(_PAGE):
                file.write(piece)
                pages.add(piece)
            directory[name] = (kind.str, offset, length // kind.itemsize)
        for padding in pages.pad(_ALIGNED):
            file.write(padding)
        end = pages.size
        file.write(sums := np.array(pages.finish(), dtype="<u4").tobytes())
        pages_told = [end, len(sums) // 4, zlib.crc32(sums)]
        listing = json.dumps({"arrays": directory, "pages": pages_told}).encode("ascii")
        # The header is checked by its own sum; its page counts with zeros in its place.
        file.write(listing)
        head = _HEADER.pack(_MAGIC, FORMAT_VERSION, len(listing), end + len(sums), zlib.crc32(listing), 0)[
            :-4
        ]
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
            room = _PAGE - self.size % _PAGE
            self._sum = zlib.crc32(piece[:room], self._sum)
            self.size += len(piece[:room])
            piece = piece[room:]
            if self.size % _PAGE == 0:
                self._sums.append(self._sum)
                self._sum = 0

    def pad(self, to: int) -> Iterator[bytes]:
        if rest := -self.size % to:
            self.add(bytes(rest))
            yield bytes(rest)

    def finish(self) -> list[int]:
        return [*self._sums, self._sum] if self.size % _PAGE else self._sums


class ArrayFile:
    """A file of arrays, open for reading; may be used by several threads at once."""

    def __init__(self, path: Path) -> None:
        """Opens the file at `path`.

        Raises:
            OSError: there is none, or it cannot be read.
            DamagedFileError: it is not a whole file of this format.
        """
        self.path = path
        with path.open("rb") as file:
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:  # it is empty
                raise DamagedFileError(f"{path.name} is empty") from error
        self._bytes = np.frombuffer(self._map, dtype=np.uint8)
        self._directory, self._end, self._sums = self._read_directory()
        self._seen = np.zeros(len(self._sums), dtype=bool)

    def _read_directory(self) -> tuple[dict[str, tuple[np.dtype[Any], int, int]], int, list[int]]:
        name, size = self.path.name, len(self._map)
        if size < _HEADER.size or self._map[:8] != _MAGIC:
            raise DamagedFileError(f"{name} is not a file of arrays")
        _, version, length, offset, checksum, own = _HEADER.unpack(self._map[: _HEADER.size])
        if zlib.crc32(self._map[: _HEADER.size - 4]) != own:
            raise DamagedFileError(f"the header of {name} is damaged")
        if version != FORMAT_VERSION:
            raise DamagedFileError(f"{name} has version {version} of the format, not {FORMAT_VERSION}")
        if size != offset + length:
            raise DamagedFileError(f"{name} has {size} bytes where {offset + length} were written")
        if zlib.crc32(self._map[offset:]) != checksum:
            raise DamagedFileError(f"the directory of {name} is damaged")
        listing = json.loads(self._map[offset:])
        end, _, own = listing["pages"]
        sums = self._map[end:offset]
        if zlib.crc32(sums) != own:
            raise DamagedFileError(f"the checksums of {name} are damaged")
        arrays = {key: (np.dtype(kind), at, many) for key, (kind, at, many) in listing["arrays"].items()}
        return arrays, end, np.frombuffer(sums, dtype="<u4").tolist()

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def names(self) -> list[str]:
        """The names of the arrays, in the order in which they lie in the file."""
        return list(self._directory)

    def bytes_of(self, name: str) -> int:
        """The bytes that the array `name` takes; 0 where there is none."""
        kind, _, many = self._directory.get(name, (np.dtype("u1"), 0, 0))
        return kind.itemsize * many

    def length(self, name: str) -> int:
        """The number of elements of the array `name`; 0 where there is none."""
        return self._directory[name][2] if name in self._directory else 0

    def read(self, name: str, start: int = 0, stop: int | None = None) -> _Arrays:
        """The elements `[start, stop)` of the array `name`, as a view into the file.

        Raises:
            DamagedFileError: there is no such array, it ends before `stop`, or its bytes are not those that
                were written.
        """
        try:
            kind, offset, many = self._directory[name]
        except KeyError:
            raise DamagedFileError(f"{self.path.name} has no array {name}") from None
        stop = many if stop is None else stop
        if not 0 <= start <= stop <= many:
            raise DamagedFileError(f"{self.path.name}: {name} has no elements {start} to {stop}")
        first, last = offset + start * kind.itemsize, offset + stop * kind.itemsize
        if last > first:
            self._check(first // _PAGE, (last - 1) // _PAGE + 1)
        return self._bytes[first:last].view(kind)

    def take(self, name: str, indices: NDArray[np.int64]) -> _Arrays:
        """The elements of the array `name` at `indices`.

        Raises:
            DamagedFileError: as `read` does.
        """
        kind, offset, many = self._directory.get(name, (np.dtype("u1"), 0, 0))
        if not len(indices):
            return np.empty(0, dtype=kind)
        if int(indices.min()) < 0 or int(indices.max()) >= many:
            raise DamagedFileError(f"{self.path.name}: {name} has no element {int(indices.max())}")
        pages = (offset + indices * kind.itemsize) // _PAGE
        for page in pages[~self._seen[pages]].tolist():
            self._check(page, page + 1)
        taken: _Arrays = self._bytes[offset : offset + many * kind.itemsize].view(kind)[indices]
        return taken

    def _check(self, first: int, last: int) -> None:
        """Compares the pages `[first, last)` with their checksums, each once."""
        if self._seen[first:last].all():
            return
        for page in range(first, last):
            if self._seen[page]:
                continue
            piece = self._map[page * _PAGE : min((page + 1) * _PAGE, self._end)]
            if page == 0:
                piece = bytes(_HEADER.size) + piece[_HEADER.size :]
            if zlib.crc32(piece) != self._sums[page]:
                raise DamagedFileError(f"{self.path.name} is damaged near byte {page * _PAGE}")
            self._seen[page] = True
