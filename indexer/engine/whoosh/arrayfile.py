"""A file of named arrays, mapped into memory: what a segment of the index is made of.

    header     magic, format version, where the directory is, checksums of the directory and of the header
    arrays     one after the other, little-endian, each beginning at a multiple of 8 bytes
    checksums  one CRC-32 for every page of 4 KiB of what comes before
    directory  JSON: by name, the type, place and length of each array

Opening reads the header and the directory and nothing else.  A page is checked when something in it is read
for the first time, or all are beforehand, so that a damaged file is never taken for a right answer.
"""

from __future__ import annotations

import json
import mmap
import operator
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.errors import REBUILD, IndexOutdatedError
from indexer.versions import FORMAT_VERSION

__all__ = ["ArrayFile", "ArrayFileWriter", "Column", "DamagedFileError"]

_MAGIC: Final = b"hanyeong"
_HEADER: Final = struct.Struct("<8sIIQII")
"""Magic, version, bytes of the directory, its offset, its checksum, the checksum of all these."""
_PAGE: Final = 1 << 12
"""Bytes that are checked together; what is read in vain beside the few that are wanted should be little."""
_STRETCH: Final = 1 << 24
"""Bytes of a whole file that are checked before they are let go of; a multiple of the system's pages."""
_STAYS: Final = 1 << 27
"""Bytes of a file that stays in the process's memory when it has been checked: to have a page of it put there
again takes some microseconds."""
_ALIGNED: Final = 8
_IN_MEMORY: Final = 1 << 22
"""Bytes of one array that wait in memory while a file is written; what is more waits on the disk."""

_MALFORMED: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What is raised over JSON that is not what we write."""

_Arrays = NDArray[Any]
_Directory = dict[str, tuple[np.dtype[Any], int, int]]
"""By name of an array: its type, its first byte in the file, its elements."""


class DamagedFileError(IndexOutdatedError):
    """The file is not whole, or is none of ours."""

    def __init__(self, what: str) -> None:
        """Says `what` is wrong, and what to do about it."""
        super().__init__(f"the index is damaged: {what}", remedy=REBUILD)


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
        listing = json.dumps({"arrays": directory, "pages": pages_told, "page": _PAGE}).encode("ascii")
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


class _Checks:
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
        own = (
            zlib.crc32(piece) if page else zlib.crc32(piece[_HEADER.size :], zlib.crc32(bytes(_HEADER.size)))
        )
        if own != self._sums[page]:
            self.damage = f"{self.path.name} is damaged near byte {page * self._page}"
            raise DamagedFileError(self.damage)
        self._checked[page] = 1


class ArrayFile:
    """A file of arrays, open for reading; may be used by several threads at once."""

    def __init__(self, path: Path) -> None:
        """Opens the file at `path`.

        Raises:
            OSError: there is none, or it cannot be read.
            DamagedFileError: it is not a whole file of this format.
        """
        self.path = path
        self._name = str(path)
        with path.open("rb") as file:
            self._state = _state(self._name)
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:  # it is empty
                raise DamagedFileError(f"{path.name} is empty") from error
        self._bytes = np.frombuffer(self._map, dtype=np.uint8)
        self._directory, self._checks = self._read_directory()
        self._columns: dict[str, Column] = {}

    def _read_directory(self) -> tuple[_Directory, _Checks]:
        name, size = self.path.name, len(self._map)
        if size < _HEADER.size or self._map[:8] != _MAGIC:
            raise DamagedFileError(f"{name} is not a file of arrays")
        _, version, length, offset, checksum, own = _HEADER.unpack(self._map[: _HEADER.size])
        if zlib.crc32(self._map[: _HEADER.size - 4]) != own:
            raise DamagedFileError(f"the header of {name} is damaged")
        if version != FORMAT_VERSION:
            raise IndexOutdatedError(
                f"the index was written in version {version} of the format of {name}, not in "
                f"{FORMAT_VERSION}",
                remedy=REBUILD,
            )
        if size != offset + length:
            raise DamagedFileError(f"{name} has {size} bytes where {offset + length} were written")
        if zlib.crc32(self._map[offset:]) != checksum:
            raise DamagedFileError(f"the directory of {name} is damaged")
        try:
            arrays, (end, own), page = _read_listing(self._map[offset:])
            sums = np.frombuffer(self._map[end:offset], dtype="<u4").tolist()
        except _MALFORMED as error:
            raise DamagedFileError(f"the directory of {name} is not one of this format") from error
        whole = all(0 <= at <= at + many * kind.itemsize <= end for kind, at, many in arrays.values())
        if not whole or page <= 0 or len(sums) != -(-end // page):
            raise DamagedFileError(f"the directory of {name} does not fit the file")
        if zlib.crc32(self._map[end:offset]) != own:
            raise DamagedFileError(f"the checksums of {name} are damaged")
        return arrays, _Checks(self.path, self._map, end, page, sums)

    def check_all(self) -> None:
        """Compares the whole file with its checksums, so that no reading has to wait for that.

        Raises:
            DamagedFileError: it is not what was written.
        """
        if self._checks.done:
            return
        large = len(self._map) > _STAYS and hasattr(mmap, "MADV_DONTNEED")
        for first, last in self._checks.check_all():
            if large:
                self._map.madvise(mmap.MADV_DONTNEED, first, last - first)

    @property
    def checked(self) -> bool:
        """Whether the whole file has been compared with its checksums."""
        return self._checks.done

    def is_as_opened(self) -> bool:
        """Whether nobody has written to the file, or put another one in its place, since it was opened.

        What has been checked is not checked again: whoever writes to it has to be noticed from outside.

        Raises:
            DamagedFileError: some of it has been found to be damaged.
        """
        try:
            same = _state(self._name) == self._state
        except OSError:
            return False
        if same and self._checks.damage:
            raise DamagedFileError(self._checks.damage)
        return same

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def names(self) -> list[str]:
        """The names of the arrays, in the order in which they lie in the file."""
        return list(self._directory)

    def length(self, name: str) -> int:
        """The number of elements of the array `name`; 0 where there is none."""
        return self._directory[name][2] if name in self._directory else 0

    def column(self, name: str) -> Column:
        """The array `name`, from which parts can be read again and again.

        Raises:
            DamagedFileError: there is no such array.
        """
        if name not in self._columns:
            try:
                kind, offset, many = self._directory[name]
            except KeyError:
                raise DamagedFileError(f"{self.path.name} has no array {name}") from None
            whole = self._bytes[offset : offset + many * kind.itemsize].view(kind)
            self._columns[name] = Column(self._checks, name, whole, offset)
        return self._columns[name]

    def read(self, name: str, start: int = 0, stop: int | None = None) -> _Arrays:
        """The elements `[start, stop)` of the array `name`, as a view into the file.

        Raises:
            DamagedFileError: there is no such array, it ends before `stop`, or its bytes are not those that
                were written.
        """
        column = self.column(name)
        return column.read(start, len(column) if stop is None else stop)

    def take(self, name: str, indices: NDArray[np.int64]) -> _Arrays:
        """The elements of the array `name` at `indices`.

        Raises:
            DamagedFileError: as `read` does.
        """
        if not len(indices):
            return np.empty(0, dtype=self._directory.get(name, (np.dtype("u1"), 0, 0))[0])
        return self.column(name).take(indices)


def _state(path: str) -> tuple[int, int, int]:
    """Which file there is, when it was written to last, and its size."""
    found = os.stat(path)  # noqa: PTH116 - in less time than a `Path`, before each answer
    return found.st_ino, found.st_mtime_ns, found.st_size


def _read_listing(listing: bytes) -> tuple[_Directory, tuple[int, int], int]:
    """The arrays of a directory; where they end, and the checksum of their checksums; the size of a page.

    Raises:
        ValueError, TypeError, LookupError, AttributeError, RecursionError: it is not what we write.
    """
    told = json.loads(listing)
    arrays: _Directory = {}
    for name, (kind, at, many) in told["arrays"].items():
        if np.dtype(kind).kind not in "iu":
            raise ValueError(f"{name} is of {kind}")
        arrays[name] = np.dtype(kind), operator.index(at), operator.index(many)
    end, _, own = told["pages"]
    return arrays, (operator.index(end), operator.index(own)), operator.index(told["page"])


class Column:
    """One array of a file."""

    __slots__ = ("_checks", "_many", "_name", "_offset", "_size", "_whole", "values")

    values: memoryview
    """The array, unchecked: for what has been read before.  Single values come much faster out of this."""

    def __init__(self, checks: _Checks, name: str, whole: _Arrays, offset: int) -> None:
        """Made by `ArrayFile.column`: the array as a view, and its first byte in the file."""
        self._checks = checks
        self._name = name
        self._offset = offset
        self._whole = whole
        self._size = whole.dtype.itemsize
        self._many = len(whole)
        self.values = whole.data if len(whole) else memoryview(b"")

    def __len__(self) -> int:
        return self._many

    @property
    def checked(self) -> bool:
        """Whether the whole file has been."""
        return self._checks.done

    def __getitem__(self, index: int) -> int:
        """One element.

        Raises:
            DamagedFileError: as `read` does.
        """
        if not 0 <= index < self._many:
            raise self._outside(index, index + 1)
        first = self._offset + index * self._size
        if not self._checks.done:
            self._checks.check(first, first + self._size)
        value: int = self.values[index]
        return value

    def bytes(self, start: int, stop: int) -> bytes:
        """The elements `[start, stop)` as bytes.

        Raises:
            DamagedFileError: as `read` does.
        """
        return self.view(start, stop).tobytes()

    def view(self, start: int, stop: int) -> memoryview:
        """As `bytes`, without a copy.

        Raises:
            DamagedFileError: as `read` does.
        """
        if not 0 <= start <= stop <= self._many:
            raise self._outside(start, stop)
        if not self._checks.done:
            self._checks.check(self._offset + start * self._size, self._offset + stop * self._size)
        return self.values[start:stop]

    def read(self, start: int, stop: int) -> _Arrays:
        """The elements `[start, stop)`, as a view into the file.

        Raises:
            DamagedFileError: there are not so many, or their bytes are not those that were written.
        """
        if not 0 <= start <= stop <= self._many:
            raise self._outside(start, stop)
        if not self._checks.done:
            self._checks.check(self._offset + start * self._size, self._offset + stop * self._size)
        return self._whole[start:stop]

    def few(self, start: int, stop: int) -> list[int]:
        """The elements `[start, stop)`; for a few much faster than `read`.

        Raises:
            DamagedFileError: as `read` does.
        """
        if not 0 <= start <= stop <= self._many:
            raise self._outside(start, stop)
        if not self._checks.done:
            self._checks.check(self._offset + start * self._size, self._offset + stop * self._size)
        return self.values[start:stop].tolist()

    def take(self, indices: NDArray[np.int64]) -> _Arrays:
        """The elements at `indices`, none below 0.

        Raises:
            DamagedFileError: as `read` does.
        """
        try:
            # What ends in another page than it begins in does not occur: arrays are aligned, and pages, too.
            if not self._checks.done:
                self._checks.check_at(self._offset + indices * self._size)
            taken: _Arrays = self._whole.take(indices)
        except IndexError:
            raise self._outside(int(indices.min()), int(indices.max()) + 1) from None
        return taken

    def search(self, values: NDArray[np.int64]) -> NDArray[np.intp]:
        """Where each of `values` stands or would stand in the array, if it ascends: unchecked."""
        # Of the same type: NumPy would otherwise widen the whole array to look for a few.
        return self._whole.searchsorted(values.astype(self._whole.dtype))

    def _outside(self, start: int, stop: int) -> DamagedFileError:
        return DamagedFileError(f"{self._checks.path.name}: {self._name} has no elements {start} to {stop}")
