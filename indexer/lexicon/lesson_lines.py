"""What each document teaches, kept in a file: one lesson a line, found by the id of its document.

The first line says of which commit the lessons are, how many follow, and a checksum of all.
"""

from __future__ import annotations

import io
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Final

from indexer.errors import IndexWriteError
from indexer.lexicon.lessons import Lesson
from indexer.versions import LESSONS_VERSION

__all__ = ["Head", "Lines", "open_lessons", "read_head", "read_lessons", "read_stretches", "stretches"]

_FIRST: Final = b'{"document":"'
"""What a line with a lesson begins with; what follows is the id."""
_LONGEST_ID: Final = 1 << 16
"""Bytes of a line in which the id of its document ends; a path has 4096 on any system."""
_PART: Final = 1 << 20
"""Bytes of lessons that are copied together."""


@dataclass(slots=True)
class Head:
    """The first line of the lessons."""

    generation: str = ""
    """Of the commit that they belong to."""
    ranks: Counter[int] = field(default_factory=Counter)
    """By rank, how many pairs the archive has."""
    changed: int = 0
    """How many have changed since the lexicon was learned."""
    altered: bool = False
    """Whether the lexicon would be another one if it were learned now."""
    removed: bool = False
    """Whether it may know something that is no longer in the archive."""
    kept: int = 0
    """The rank from which on the lessons have all pairs."""
    lessons: int = 0
    """How many follow."""
    crc: int = 0
    """The CRC-32 of this line without it (that is, with 0) and of all lessons."""

    @property
    def pairs(self) -> int:
        """How many pairs the archive has."""
        return sum(self.ranks.values())

    def to_json(self) -> str:
        """The line."""
        value = {
            "lessons": LESSONS_VERSION, "generation": self.generation, "ranks": self.ranks,
            "changed": self.changed,
            "altered": self.altered, "removed": self.removed, "kept": self.kept, "count": self.lessons,
            "crc": self.crc,
        }  # fmt: skip
        return json.dumps(value)

    def checksum(self, lines: Iterable[bytes]) -> int:
        """What `crc` must be where these lines follow."""
        crc = zlib.crc32(replace(self, crc=0).to_json().encode())
        for line in lines:
            crc = zlib.crc32(line, crc)
        return crc

    @classmethod
    def from_json(cls, line: bytes) -> Head:
        """Raises ValueError where the line is something else."""
        value = json.loads(line)
        if not isinstance(value, dict) or value.get("lessons") != LESSONS_VERSION:
            raise ValueError("no lessons of this version")
        try:
            ranks = Counter({int(rank): int(many) for rank, many in value["ranks"].items()})
            return cls(
                str(value["generation"]), ranks, int(value["changed"]), bool(value["altered"]),
                bool(value["removed"]), int(value["kept"]), int(value["count"]), int(value["crc"]),
            )  # fmt: skip
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("no lessons") from error


class Lines:
    """Lessons in a file, by document."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._places: dict[str, tuple[int, int]] = {}

    def __contains__(self, document: str) -> bool:
        return document in self._places

    @property
    def documents(self) -> AbstractSet[str]:
        """The ids of those that have a lesson."""
        return self._places.keys()

    def add(self, document: str, line: bytes) -> None:
        """Writes a lesson at the end of the file."""
        at = self._file.seek(0, 2)
        self._file.write(line + b"\n")
        self._places[document] = (at, len(line))

    def find(self) -> Iterator[bytes]:
        """Finds the lessons that the file has, from where it is read now; yields each line looked through."""
        at = self._file.tell()
        for line in self._file:
            document = _document_of(line)
            if document is not None and line.endswith(b"}\n"):
                self._places[document] = (at, len(line) - 1)
            at += len(line)
            yield line

    def checked(self) -> Head:
        """Looks through the whole file, and returns what its first line says.

        Raises:
            ValueError: it is damaged, or of another version.
        """
        head = Head.from_json(self._file.readline())
        crc = head.checksum(self.find())
        if (len(self._places), crc) != (head.lessons, head.crc):
            raise ValueError("not as they were written")
        return head

    def line(self, document: str) -> bytes:
        """The line of a document."""
        at, length = self._places[document]
        return self.read(at, at + length)

    def place(self, document: str) -> tuple[int, int]:
        """Where the line of a document begins, and where the next one does."""
        at, length = self._places[document]
        return at, at + length + 1

    def read(self, begin: int, end: int) -> bytes:
        """A part of the file."""
        self._file.seek(begin)
        return self._file.read(end - begin)

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def lesson(self, document: str) -> Lesson | None:
        """What the document taught; `None` where the file has nothing of it that can be read."""
        if document not in self:
            return None
        try:
            return Lesson.from_json(self.line(document))
        except ValueError:
            return None


def open_lessons(path: Path) -> tuple[Head, Lines]:
    """The lessons as they are kept; nothing where there are none, or where they are not as they were written.

    Raises:
        IndexWriteError: they are there, but the system does not let them be read.
    """
    try:
        lines = Lines(path.open("rb"))
    except FileNotFoundError:
        return Head(), Lines(io.BytesIO())
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        return lines.checked(), lines
    except ValueError:  # damaged, or of another version: they are made anew from the index
        lines.close()
        return Head(), Lines(io.BytesIO())
    except OSError as error:
        lines.close()
        raise _unreadable(path, error) from error


def _document_of(line: bytes) -> str | None:
    """The id of the document whose lesson a line is; `None` where it is no lesson."""
    if not line.startswith(_FIRST):
        return None
    begin = len(_FIRST)
    found = line[begin : line.find(b'"', begin)]
    try:
        if b"\\" not in found:  # nearly always
            return found.decode("utf-8")
        start = line[:_LONGEST_ID].decode("utf-8", "ignore")
        document, _ = json.JSONDecoder().raw_decode(start, len(_FIRST) - 1)
    except ValueError:
        return None
    return document if isinstance(document, str) else None


def _unreadable(path: Path, error: OSError) -> IndexWriteError:
    return IndexWriteError(
        f"{path}: cannot be read: {error.strerror or error}; make it readable, or delete it: "
        "the next reindex makes it anew"
    )


def read_lessons(path: Path) -> Iterator[Lesson]:
    """All lessons of a file that is whole, in order."""
    with path.open("rb") as file:
        next(file)
        yield from map(Lesson.from_json, file)


Stretch = tuple[Lines, int, int]
"""Some lines that stand in a row: their file, where the first begins, and where the last ends."""


def stretches(documents: Iterable[str], new: Lines, old: Lines) -> list[Stretch]:
    """Where the lessons of these documents stand, the new ones where there are such.

    All together may be more than memory holds.
    """
    places: list[Stretch] = []
    lines, begin, end = new, 0, 0  # stand in a row, and are not yet among the places
    for one in documents:
        where = new if one in new else old
        first, last = where.place(one)
        if where is not lines or first != end or last - begin > _PART:
            places.append((lines, begin, end))
            lines, begin = where, first
        end = last
    return [*places, (lines, begin, end)]


def read_stretches(places: Iterable[Stretch]) -> Iterator[bytes]:
    """The lines, one stretch at a time."""
    return (lines.read(begin, end) for lines, begin, end in places)


def read_head(path: Path) -> Head | None:
    """What the first line of the lessons says; `None` where there are none that can be read."""
    try:
        with path.open("rb") as file:
            return Head.from_json(file.readline())
    except (OSError, ValueError):
        return None
