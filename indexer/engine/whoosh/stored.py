"""Rows of JSON in compressed blocks: what is shown of passages and documents, and not searched.

Of the rows `NAME`: `NAME.blocks` has the blocks one after the other, each a JSON array of rows, compressed;
`NAME.block_ends` tells where each block ends, `NAME.row_ends` how many rows there are up to its end.
"""

from __future__ import annotations

import json
import zlib
from functools import lru_cache
from typing import Any, Final

import numpy as np

from indexer.engine.whoosh.arrayfile import ArrayFile, ArrayFileWriter, DamagedFileError

__all__ = ["StoredReader", "StoredWriter", "dump"]

_BLOCK: Final = 8192
"""Characters after which a block is closed: larger ones are smaller on the disk, and slower to read."""
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
        self._open: list[str] = []
        self._size = 0
        self._bytes = 0
        self._rows = 0

    def append(self, row: str) -> None:
        """Writes a row, which is JSON."""
        self._open.append(row)
        self._size += len(row)
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
            self.append_block(zlib.compress(f"[{','.join(rows)}]".encode(), _LEVEL), len(rows))


class StoredReader:
    """Reads rows by their index."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._file = file
        self._name = name
        self._kept = lru_cache(maxsize=_KEPT)(self._rows)

    def __getitem__(self, index: int) -> Any:
        """The row at `index`; shared, so not to be changed."""
        block = int(np.searchsorted(self._ends(), index, "right"))
        return self._kept(block)[index - self._first(block)]

    def all(self) -> list[Any]:
        """All rows."""
        return [row for block in range(len(self._ends())) for row in self._rows(block)]

    def blocks(self) -> list[tuple[int, int]]:
        """By block, its first row and the row after its last."""
        ends = self._ends().tolist()
        return list(zip([0, *ends], ends, strict=False))

    def block(self, block: int) -> bytes:
        """A block as it is in the file."""
        last = int(self._file.read(f"{self._name}.block_ends", block, block + 1)[0])
        first = int(self._file.read(f"{self._name}.block_ends", block - 1, block)[0]) if block else 0
        return bytes(self._file.read(f"{self._name}.blocks", first, last).data)

    def _first(self, block: int) -> int:
        return int(self._ends()[block - 1]) if block else 0

    def _ends(self) -> Any:
        name = f"{self._name}.row_ends"
        return self._file.read(name) if name in self._file else np.empty(0, dtype="<u4")

    def _rows(self, block: int) -> list[Any]:
        try:
            rows: list[Any] = json.loads(zlib.decompress(self.block(block)))
        except (zlib.error, ValueError) as error:
            raise DamagedFileError(f"{self._file.path.name}: a block of {self._name} is damaged") from error
        return rows
