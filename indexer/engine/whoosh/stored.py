"""Rows of JSON in compressed blocks: what is shown of passages and documents, and not searched.

Of the rows `NAME`: `NAME.blocks` has the blocks one after the other, each some lines of JSON, compressed;
`NAME.block_ends` tells where each block ends, `NAME.row_ends` how many rows there are up to its end.
"""

from __future__ import annotations

import json
import zlib
from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.arrayfile import ArrayFile, ArrayFileWriter, DamagedFileError

__all__ = ["StoredReader", "StoredWriter", "dump"]

_BLOCK: Final = 4096
"""Bytes after which a block is closed: larger ones are smaller on the disk, and slower to read."""
_LEVEL: Final = 6
_KEPT: Final = 64
"""Blocks that are kept after reading."""


def dump(row: Any) -> str:
    """The row as JSON, without spaces."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


class StoredWriter:
    """Writes rows, one after the other."""

    def __init__(self, writer: ArrayFileWriter, name: str) -> None:
        self._writer = writer
        self._name = name
        self._open: list[bytes] = []
        self._size = 0
        self._bytes = 0
        self._rows = 0

    def append(self, row: str) -> None:
        """Writes a row, which is JSON."""
        line = row.encode()
        self._open.append(line)
        self._size += len(line)
        if self._size >= _BLOCK:
            self._close()

    def append_block(self, block: bytes, rows: int) -> None:
        """Writes a whole block as another file has it."""
        self._close()
        self._bytes += len(block)
        self._rows += rows
        self._writer.append(f"{self._name}.blocks", np.frombuffer(block, dtype=np.uint8))
        self._writer.append(f"{self._name}.block_ends", np.array([self._bytes], dtype="<u8"))
        self._writer.append(f"{self._name}.row_ends", np.array([self._rows], dtype="<u4"))

    def finish(self) -> None:
        """Writes what is left."""
        self._close()

    def _close(self) -> None:
        if self._open:
            rows, self._open, self._size = self._open, [], 0
            self.append_block(zlib.compress(b"\n".join(rows), _LEVEL), len(rows))


class StoredReader:
    """Reads rows by their index."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._file = file
        self._name = name
        self._kept = lru_cache(maxsize=_KEPT)(self._lines)

    def __getitem__(self, index: int) -> Any:
        """The row at `index`."""
        ends = self._ends
        block = int(np.searchsorted(ends, np.uint32(index), "right"))
        return self._parse(self._kept(block)[index - (int(ends[block - 1]) if block else 0)])

    def all(self) -> list[Any]:
        """All rows."""
        return [self._parse(line) for block in range(len(self._ends)) for line in self._lines(block)]

    def blocks(self) -> list[tuple[int, int]]:
        """By block, its first row and the row after its last."""
        ends = self._ends.tolist()
        return list(zip([0, *ends], ends, strict=False))

    def block(self, block: int) -> bytes:
        """A block as it is in the file."""
        last = int(self._file.read(f"{self._name}.block_ends", block, block + 1)[0])
        first = int(self._file.read(f"{self._name}.block_ends", block - 1, block)[0]) if block else 0
        return bytes(self._file.read(f"{self._name}.blocks", first, last).data)

    @cached_property
    def _ends(self) -> NDArray[np.uint32]:
        name = f"{self._name}.row_ends"
        return self._file.read(name) if name in self._file else np.empty(0, dtype="<u4")

    def _lines(self, block: int) -> list[bytes]:
        try:
            return zlib.decompress(self.block(block)).split(b"\n")
        except zlib.error as error:
            raise self._damaged() from error

    def _parse(self, line: bytes) -> Any:
        try:
            return json.loads(line)
        except ValueError as error:
            raise self._damaged() from error

    def _damaged(self) -> DamagedFileError:
        return DamagedFileError(f"{self._file.path.name}: a block of {self._name} is damaged")
