"""Rows of JSON in compressed blocks: what is shown of passages and documents, and not searched.

Of the rows `NAME`: `NAME.blocks` has the blocks one after the other, each some lines of JSON, compressed;
`NAME.block_ends` tells where each block ends, `NAME.row_ends` how many rows there are up to its end.

Ten passages of ten blocks are read for a page, so blocks are small; and as a few lines alone compress badly,
they are compressed with a *dictionary*, a sample of such lines that zlib takes for what came before them.
`NAME.dictionaries` has the dictionaries, themselves compressed, `NAME.dictionary_sizes` the bytes of each,
`NAME.dictionary_blocks` the block up to which it is used.
"""

from __future__ import annotations

import json
import zlib
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, Final

import numpy as np

from indexer.engine.whoosh.arrayfile import ArrayFile, Column
from indexer.engine.whoosh.arraywriter import ArrayFileWriter
from indexer.errors import DamagedFileError

__all__ = ["StoredReader", "StoredWriter", "dump"]

_BLOCK: Final = 384
"""Bytes after which a block is closed: larger ones are smaller on the disk, and slower to read."""
_ALONE: Final = 4096
"""The same without a dictionary."""
_GATHERED: Final = 1 << 20
"""Bytes of rows that a dictionary is drawn from."""
_FEWEST: Final = 1 << 18
"""Bytes of rows for which a dictionary does not pay."""
_LARGEST: Final = 1 << 15
"""Bytes of a dictionary; zlib looks back no further."""
_LASTING: Final = 1 << 21
"""Bytes of rows after which another dictionary is drawn, as the texts may be others by then."""
_LEVEL: Final = 4
"""Of zlib's levels from 1 to 9: 6 takes two thirds more time, and makes an index smaller by a sixtieth."""
_MEMORY: Final = 6
"""Of such levels: a compressor is copied for each block, and one of level 8, the usual, is so
large that each copy is given memory of its own by the system: 115 µs, not 5."""
_RAW: Final = -15
"""Deflate without zlib's own header and checksum; the file has checksums of its own."""
_TOGETHER: Final = 128
"""Blocks that are handed on together."""
_SCAN: Final = json.JSONDecoder().scan_once  # type: ignore[attr-defined] # typeshed does not know it
"""Reads JSON that nothing stands before or after."""


_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def dump(row: Any) -> str:
    """The row as JSON, without spaces."""
    return _ENCODE(row)


class StoredWriter:
    """Writes rows, one after the other."""

    def __init__(self, writer: ArrayFileWriter, name: str) -> None:
        self._writer = writer
        self._name = name
        self._waiting: list[bytes] = []
        """Rows of the block that is not closed yet; all rows, where a dictionary is still to be drawn."""
        self._size = 0
        """Their bytes."""
        self._dictionary: bytes | None = None
        """None where one is still to be drawn."""
        self._written: bytes | None = None
        """The dictionary that was written last."""
        self._lasting = 0
        """Bytes of rows for which it is still good."""
        self._compressor: Any = None
        self._closed: list[tuple[bytes, int, int]] = []
        """Blocks, and how many bytes and rows there are up to the end of each."""
        self._bytes = 0
        self._rows = 0
        self._blocks = 0

    def append(self, row: str) -> None:
        """Writes a row, which is JSON."""
        self.append_line(row.encode())

    def append_line(self, line: bytes) -> None:
        """Writes a row as another file has it."""
        self._waiting.append(line)
        self._size += len(line)
        if self._dictionary is None:
            if self._size >= _GATHERED:
                self._write_gathered(_drawn(self._waiting, self._size))
        else:
            self._close_full(self._dictionary)

    def append_block(self, block: bytes, rows: int, dictionary: bytes) -> None:
        """Writes a whole block as another file has it, with the dictionary that it needs."""
        if self._dictionary is None and self._waiting:
            self._write_gathered(dictionary)
        self._close()
        if dictionary != self._dictionary:
            self._begin(dictionary)
        self._write(block, rows)

    def finish(self) -> None:
        """Writes what is left."""
        if self._dictionary is None and self._waiting:
            few = self._size < _FEWEST
            self._write_gathered(self._written or b"" if few else _drawn(self._waiting, self._size))
        self._close()
        self._put()
        if self._blocks:
            self._end()

    def _write_gathered(self, dictionary: bytes) -> None:
        rows, self._waiting, self._size = self._waiting, [], 0
        self._begin(dictionary)
        for row in rows:
            self._waiting.append(row)
            self._size += len(row)
            self._close_full(dictionary)
        self._dictionary = dictionary

    def _begin(self, dictionary: bytes) -> None:
        """Takes this dictionary for the blocks from here on."""
        self._dictionary, self._lasting = dictionary, _LASTING
        if dictionary == self._written:
            return
        if self._blocks:
            self._end()
        self._written = dictionary
        # With a dictionary, codes that are made for a small block save little, and take as long to be read
        # as the block itself.
        codes = zlib.Z_FIXED if dictionary else zlib.Z_DEFAULT_STRATEGY
        self._compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW, _MEMORY, codes, dictionary)
        packed = zlib.compress(dictionary, _LEVEL)
        self._writer.append(f"{self._name}.dictionaries", np.frombuffer(packed, dtype=np.uint8))
        self._writer.append(f"{self._name}.dictionary_sizes", np.array([len(packed)], dtype="<u4"))

    def _end(self) -> None:
        self._writer.append(f"{self._name}.dictionary_blocks", np.array([self._blocks], dtype="<u4"))

    def _close_full(self, dictionary: bytes) -> None:
        if self._size >= (_BLOCK if dictionary else _ALONE):
            self._close()

    def _close(self) -> None:
        """Writes the rows that wait as a block."""
        if not self._waiting:
            return
        rows, size, self._waiting, self._size = self._waiting, self._size, [], 0
        compressor = self._compressor.copy()
        self._write(compressor.compress(b"\n".join(rows)) + compressor.flush(), len(rows))
        self._lasting -= size
        if self._lasting < 0:
            self._dictionary = None

    def _write(self, block: bytes, rows: int) -> None:
        self._bytes += len(block)
        self._rows += rows
        self._blocks += 1
        self._closed.append((block, self._bytes, self._rows))
        if len(self._closed) >= _TOGETHER:
            self._put()

    def _put(self) -> None:
        """Hands on the blocks that are closed."""
        if self._closed:
            blocks, block_ends, row_ends = zip(*self._closed, strict=True)
            self._closed = []
            self._writer.append(f"{self._name}.blocks", np.frombuffer(b"".join(blocks), dtype=np.uint8))
            self._writer.append(f"{self._name}.block_ends", np.array(block_ends, dtype="<u8"))
            self._writer.append(f"{self._name}.row_ends", np.array(row_ends, dtype="<u4"))


class StoredReader:
    """Reads rows by their index."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._file = file
        self._name = name
        self._dictionaries: dict[int, bytes] = {}

    def __getitem__(self, index: int) -> Any:
        """The row at `index`."""
        return self._parse(self.line(index))

    def rows(self, indices: Sequence[int]) -> list[Any]:
        """The rows at several indices, in their order; faster where those of one block follow one another."""
        return list(map(self._parse, self._lines_at(indices)))

    def line(self, index: int) -> bytes:
        """The row at `index` as JSON."""
        return self._lines_at((index,))[0]

    def all(self) -> list[Any]:
        """All rows."""
        return [self._parse(line) for block in range(len(self._row_ends)) for line in self._lines(block)]

    def warm(self) -> None:
        """Unpacks the dictionaries, which a reader does else where it meets them: 0.3 ms for each."""
        for place in range(len(self._dictionary_blocks)):
            self._dictionary(place)

    def blocks(self) -> list[tuple[int, int]]:
        """By block, its first row and the row after its last."""
        ends = self._row_ends.tolist()
        return list(zip([0, *ends], ends, strict=False))

    def block(self, block: int) -> bytes:
        """A block as it is in the file."""
        return self._packed_block(block).tobytes()

    def dictionary(self, block: int) -> bytes:
        """What the block was compressed with; empty where it was without."""
        return self._dictionary(bisect_right(self._dictionary_blocks, block))

    def _lines_at(self, indices: Sequence[int]) -> list[bytes]:
        ends = self._row_ends
        found: list[bytes] = []
        read, lines, first = -1, [], 0
        for index in indices:
            block = bisect_right(ends, index)
            if block != read:
                read, lines, first = block, self._lines(block), ends[block - 1] if block else 0
            found.append(lines[index - first])
        return found

    def _lines(self, block: int) -> list[bytes]:
        """The rows of a block as JSON."""
        ends = self._block_ends
        packed = self._packed.view(ends[block - 1] if block else 0, ends[block])
        place = bisect_right(self._dictionary_blocks, block)
        dictionary = self._dictionaries.get(place)
        if dictionary is None:
            dictionary = self._dictionary(place)
        try:
            return zlib.decompressobj(_RAW, dictionary).decompress(packed).split(b"\n")
        except zlib.error as error:
            raise self._damaged() from error

    def _parse(self, line: bytes) -> Any:
        """A row from its JSON."""
        try:
            return _SCAN(line.decode(), 0)[0]
        except (ValueError, StopIteration) as error:
            raise self._damaged() from error

    def _packed_block(self, block: int) -> memoryview:
        ends = self._block_ends
        return self._packed.view(ends[block - 1] if block else 0, ends[block])

    def _dictionary(self, place: int) -> bytes:
        """The dictionary at `place`; read once."""
        if place not in self._dictionaries:
            first, last = self._dictionary_ends[place : place + 2]
            packed = bytes(self._file.read(f"{self._name}.dictionaries", first, last).data)
            self._dictionaries[place] = zlib.decompress(packed)
        return self._dictionaries[place]

    # Single values are looked up much faster in these than in arrays.
    @cached_property
    def _row_ends(self) -> memoryview:
        """By block, how many rows there are up to its end."""
        return self._view("row_ends")

    @cached_property
    def _block_ends(self) -> memoryview:
        return self._view("block_ends")

    @cached_property
    def _dictionary_blocks(self) -> list[int]:
        """By dictionary, the block up to which it is used: few."""
        return self._view("dictionary_blocks").tolist()

    @cached_property
    def _dictionary_ends(self) -> list[int]:
        return list(accumulate(self._view("dictionary_sizes").tolist(), initial=0))

    @cached_property
    def _packed(self) -> Column:
        return self._file.column(f"{self._name}.blocks")

    def _view(self, name: str) -> memoryview:
        full = f"{self._name}.{name}"
        return self._file.read(full).data if full in self._file else memoryview(b"")

    def _damaged(self) -> DamagedFileError:
        return DamagedFileError(f"{self._file.path.name}: a block of {self._name} is damaged")


def _drawn(rows: Sequence[bytes], size: int) -> bytes:
    """A dictionary from rows of `size` bytes together: some of them, evenly chosen."""
    return b"\n".join(rows[:: max(1, size // _LARGEST)])[-_LARGEST:]
