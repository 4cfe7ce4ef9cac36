"""A file of named arrays, mapped into memory: what a segment of the index is made of.

Opening reads the header and the directory and nothing else (see `indexer.engine.whoosh.arrayformat`).  A page
is checked when something in it is read for the first time, or all are beforehand, so that a damaged file is
never taken for a right answer.
"""

from __future__ import annotations

import json
import mmap
import operator
import zlib
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayformat import HEADER, MAGIC
from indexer.engine.whoosh.checks import Checks
from indexer.engine.whoosh.filestate import state_of
from indexer.errors import REBUILD, DamagedFileError, IndexOutdatedError
from indexer.versions import FORMAT_VERSION

__all__ = ["ArrayFile", "Column"]

_STAYS: Final = 1 << 27
"""Bytes of a file that stays in the process's memory when it has been checked: to have a page of it put there
again takes some microseconds."""

_MALFORMED: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What is raised over JSON that is not what we write."""

_Arrays = NDArray[Any]
_Directory = dict[str, tuple[np.dtype[Any], int, int]]
"""By name of an array: its type, its first byte in the file, its elements."""


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
            self._state = state_of(file.fileno())  # of just what is mapped
            try:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:  # it is empty
                raise DamagedFileError(f"{path.name} is empty") from error
        self._bytes = np.frombuffer(self._map, dtype=np.uint8)
        self._directory, self._checks = self._read_directory()
        self._columns: dict[str, Column] = {}

    def _read_directory(self) -> tuple[_Directory, Checks]:
        name, size = self.path.name, len(self._map)
        if size < HEADER.size or self._map[:8] != MAGIC:
            raise DamagedFileError(f"{name} is not a file of arrays")
        _, version, length, offset, checksum, own = HEADER.unpack(self._map[: HEADER.size])
        if zlib.crc32(self._map[: HEADER.size - 4]) != own:
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
        return arrays, Checks(self.path, self._map, end, page, sums)

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
            same = state_of(self._name) == self._state
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

    def __init__(self, checks: Checks, name: str, whole: _Arrays, offset: int) -> None:
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
