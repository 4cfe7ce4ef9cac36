"""The lexicon on disk: tables of text, sorted, that are searched where they lie.

One zip file, not compressed, that is replaced in one step.  The tables in it are UTF-8; every line is one
row, its columns are separated by tabs, the first line names them.

- `en-ko.tsv` and `ko-en.tsv` are the correspondences by English and by Korean key, the best rendering first:
  the key, the key of its rendering (several with `|` between them, where Kiwi reads one word in several
  ways), both as they are mostly written, the share (0 to 1), in how many pairs of passages both stand, in
  how many each of them stands, how many words would look so by chance, and `glossary` where an editor has
  said so.
- `sounds-en.tsv` and `sounds-ko.tsv` are the words of the archive by their consonants (see
  `indexer.lexicon.sounds`): the consonants, the word as it is written, the key of its unit.
- `likeness.tsv` tells how often each letter was seen as each letter of Hangul.
- `about.tsv` tells what the lexicon was learned from.

Lines are sorted by the bytes of their first column, so a lookup is a search in a few kilobytes of a
memory-mapped file: opening costs next to nothing, however large the tables are, and any text tool reads them.
"""

from __future__ import annotations

import io
import mmap
import struct
import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Final

from indexer.durable import write_whole_bytes
from indexer.errors import REINDEX, LexiconError

__all__ = ["Row", "Table", "TableFile", "write_tables"]

Row = tuple[str, ...]
_KEY: Final = itemgetter(0)
_NO_COLUMN: Final = str.maketrans({"\t": " ", "\n": " ", "\r": " "})
_LOCAL_HEADER: Final = 30
"""Bytes of a zip's local header before the name."""
_STEP: Final = 4096
_MOST_SIGNS: Final = 1 << 16
"""Lines of a table that are remembered: one in `_STEP` bytes, or so many of a table that is too large."""
_LENGTHS: Final = struct.Struct("<HH")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip knows: the same lexicon is the same file, whenever it is written."""


def write_tables(path: Path, tables: Mapping[str, tuple[Row, Iterable[Row]]]) -> None:
    """Writes a file of tables in one step.

    Args:
        path: the file.
        tables: by name the columns' names and the rows, which will be sorted by their first column and
            otherwise stay in the order in which they come.

    Raises:
        OSError: the disk is full or not writable; an older file is untouched.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, (columns, rows) in tables.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), _table(columns, rows))
    write_whole_bytes(path, [buffer.getvalue()])


def _table(columns: Row, rows: Iterable[Row]) -> bytes:
    # Code points are in the order of their bytes in UTF-8.
    return _lines(columns, sorted(rows, key=_KEY))


def _lines(columns: Row, rows: Sequence[Row]) -> bytes:
    lines = ["\t".join(row) for row in rows]
    text = "\n".join(("#" + "\t".join(columns), *lines, ""))
    breaks = sum(map(len, rows)) - len(rows) + len(columns) - 1
    try:
        whole = text.encode()
    except UnicodeEncodeError:
        whole = b""
    if whole and "\r" not in text and text.count("\t") == breaks and text.count("\n") == len(rows) + 1:
        return whole
    clean = [
        tuple(cell.translate(_NO_COLUMN).encode("utf-8", "replace").decode() for cell in row) for row in rows
    ]
    return _lines(columns, sorted(clean, key=_KEY))


class TableFile:
    """A file of tables; may be used by several threads at once, also when it is replaced meanwhile."""

    def __init__(self, path: Path) -> None:
        """Opens the file.

        Raises:
            FileNotFoundError: there is none.
            LexiconError: it is damaged, or something else.
        """
        self.path = path
        try:
            with path.open("rb") as file, zipfile.ZipFile(file) as archive:
                self._members = {member.filename: member for member in archive.infolist()}
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except FileNotFoundError:
            raise
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise self._damaged(str(error)) from error

    def table(self, name: str) -> Table:
        """The table of that name, looked through for damage.

        Raises:
            LexiconError: there is none, or it is damaged.
        """
        member = self._members.get(name)
        if member is None:
            raise self._damaged(f"it has no {name}")
        if member.compress_type != zipfile.ZIP_STORED:
            raise self._damaged(f"{name} is compressed")
        head = self._bytes[member.header_offset : member.header_offset + _LOCAL_HEADER]
        if len(head) < _LOCAL_HEADER:
            raise self._damaged(f"{name} is cut off")
        begin = member.header_offset + _LOCAL_HEADER + sum(_LENGTHS.unpack(head[-_LENGTHS.size :]))
        with memoryview(self._bytes) as whole, whole[begin : begin + member.file_size] as part:
            if len(part) != member.file_size or zlib.crc32(part) != member.CRC:
                raise self._damaged(f"{name} is not as it was written")
        try:
            return Table(self._bytes, begin, begin + member.file_size)
        except ValueError as error:
            raise self._damaged(f"{name} {error}") from error

    def _damaged(self, how: str) -> LexiconError:
        return LexiconError(f"{self.path}: cannot be read: {how}", remedy=REINDEX)


class Table:
    """A table that is searched where it lies."""

    def __init__(self, whole: mmap.mmap, begin: int, end: int) -> None:
        """The table in the bytes from `begin` to `end`.

        Raises:
            ValueError: it has no head line.
        """
        self._bytes = whole
        self._begin = whole.find(b"\n", begin, end) + 1
        self._end = end
        if whole[begin : begin + 1] != b"#" or not self._begin:
            raise ValueError("has no head line")

    def rows(self, key: str) -> list[list[str]]:
        """The rows whose first column is `key`, in order."""
        wanted = key.encode("utf-8", "replace")
        low, high = self._around(wanted)
        wanted += b"\t"
        # A line begins after the end of the one before; the rows of a key may go on beyond these lines.
        at = self._bytes.find(b"\n" + wanted, low - 1, high + len(wanted)) + 1
        found: list[list[str]] = []
        while 0 < at < self._end and self._bytes[at : at + len(wanted)] == wanted:
            end = self._end_of(at)
            found.append(self._bytes[at:end].decode().split("\t"))
            at = end + 1
        return found

    def beginning_with(self, prefix: str) -> Iterator[list[str]]:
        """The rows whose first column begins with `prefix`, lazily."""
        wanted = prefix.encode("utf-8", "replace")
        at, high = self._around(wanted)
        while at < self._end:
            end = self._end_of(at)
            line = self._bytes[at:end]
            if line.startswith(wanted):
                yield line.decode().split("\t")
            elif at >= high or line.split(b"\t", 1)[0] > wanted:
                return
            at = end + 1

    def _around(self, key: bytes) -> tuple[int, int]:
        """Where two lines begin; the first whose first column is not below `key` is one from here to there.

        The end of the table is where a line begins that comes after all others.
        """
        starts, keys = self._signs
        after = bisect_left(keys, key)
        return starts[max(0, after - 1)], starts[after] if after < len(keys) else self._end

    @cached_property
    def _signs(self) -> tuple[list[int], list[bytes]]:
        """Where some lines begin, one in so many bytes, and their first columns."""
        step = max(_STEP, (self._end - self._begin) // _MOST_SIGNS)
        starts: list[int] = []
        at = self._begin
        while at < self._end:
            starts.append(at)
            at = self._end_of(at + step) + 1
        keys = [self._bytes[at : self._end_of(at)].split(b"\t", 1)[0] for at in starts]
        return starts or [self._end], keys

    def _end_of(self, at: int) -> int:
        """Where the line ends that has the byte `at`."""
        end = self._bytes.find(b"\n", at, self._end)
        return self._end if end < 0 else end
