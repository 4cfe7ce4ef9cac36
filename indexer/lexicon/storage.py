"""The lexicon on disk: tables of text, sorted, that are searched where they lie.

A folder with UTF-8 files; every line is one row, its columns are separated by tabs, the first line names
them.

- `en-ko.tsv` and `ko-en.tsv` are the correspondences by English and by Korean key, the best rendering first:
  the key, the key of its rendering (several with `|` between them, where Kiwi reads one word in several
  ways), both as they are mostly written, the share (0 to 1), in how many pairs of passages both stand, in
  how many each of them stands, how many words would look so by chance, and `glossary` where an editor has
  said so.
- `sounds-en.tsv` and `sounds-ko.tsv` are the words of the archive by their consonants (see
  `indexer.lexicon.sounds`): the consonants, the word as it is written, the key of its unit.
- `likeness.tsv` tells how often each letter was seen as each letter of Hangul.

Lines are sorted by the bytes of their first column, so a lookup is a binary search in a memory-mapped file:
opening costs nothing, however large the tables are, and any text tool reads them.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from indexer.durable import write_whole
from indexer.errors import IndexOutdatedError

__all__ = ["Table", "write_table"]

_NO_COLUMN: Final = str.maketrans({"\t": " ", "\n": " ", "\r": " "})


def write_table(path: Path, columns: Iterable[str], rows: Iterable[tuple[str, ...]]) -> None:
    """Writes a table, its rows sorted by the first column and otherwise in the order in which they come.

    Raises:
        OSError: the disk is full or not writable; an older table is untouched.
    """
    ordered = sorted(rows, key=lambda row: row[0].encode())
    lines = ("\t".join(cell.translate(_NO_COLUMN) for cell in row) + "\n" for row in ordered)
    write_whole(path, ("#" + "\t".join(columns) + "\n", *lines))


class Table:
    """A table that is searched where it lies; may be used by several threads at once."""

    def __init__(self, path: Path) -> None:
        """Opens the table.

        Raises:
            FileNotFoundError: there is none.
            IndexOutdatedError: it has no head line.
        """
        self.path = path
        with path.open("rb") as file:
            try:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise IndexOutdatedError(f"{path}: is empty; run `hanyeong reindex --rebuild`") from error
        self._begin = self._bytes.find(b"\n") + 1
        if not self._bytes[:1] == b"#" or not self._begin:
            raise IndexOutdatedError(f"{path}: has no head line; run `hanyeong reindex --rebuild`")

    def rows(self, key: str) -> list[list[str]]:
        """The rows whose first column is `key`, in order."""
        wanted = key.encode()
        found: list[list[str]] = []
        for line in self._lines(self._place(wanted)):
            if line.split(b"\t", 1)[0] != wanted:
                break
            found.append(line.decode().split("\t"))
        return found

    def beginning_with(self, prefix: str) -> Iterator[list[str]]:
        """The rows whose first column begins with `prefix`, lazily."""
        wanted = prefix.encode()
        for line in self._lines(self._place(wanted)):
            if not line.startswith(wanted):
                return
            yield line.decode().split("\t")

    def _lines(self, at: int) -> Iterator[bytes]:
        size = len(self._bytes)
        while at < size:
            end = self._bytes.find(b"\n", at)
            end = size if end < 0 else end
            yield self._bytes[at:end]
            at = end + 1

    def _place(self, key: bytes) -> int:
        """Where the first line begins whose first column is not below `key`."""
        low, high = self._begin, len(self._bytes)
        while low < high:
            middle = (low + high) // 2
            start = self._bytes.rfind(b"\n", self._begin - 1, middle) + 1
            end = self._bytes.find(b"\n", middle)
            end = len(self._bytes) if end < 0 else end
            if self._bytes[start:end].split(b"\t", 1)[0] < key:
                low = end + 1
            else:
                high = start
        return low
