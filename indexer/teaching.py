"""Keeps what the archive's pairs teach in step with the index, whatever part of it has been read.

`lessons.jsonl` holds what each document teaches (`indexer.lexicon.lessons`), so that learning again takes no
second analysis.  Its first line says of which commit it is; where that is not the present one (somebody
pulled the plug), the lessons of documents that are not as the index has them are made anew from the index.
It also says how many lessons follow, and has a checksum of all: what is damaged is made anew as a whole.
The lexicon is learned from all lessons in the order of their documents, so it is the same whether the archive
was read at once or bit by bit.

As long as nothing is in both languages and there is no glossary, there is no lexicon, and no lesson is made;
with the first pair those that are missing are made from the index.
"""

from __future__ import annotations

import io
import json
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final

from indexer.analysis import analyze_all, blank
from indexer.durable import write_whole_bytes
from indexer.engine import Engine, IndexedDocument, Snapshot
from indexer.errors import IndexMissingError, IndexOutdatedError, IndexWriteError
from indexer.lexicon.lessons import MOST_PAIRS, Lesson, fingerprint, lesson_of
from indexer.lexicon.units import UnitReader
from indexer.model import Passage, Token
from indexer.settings import Settings
from indexer.versions import LESSONS_VERSION

__all__ = ["Learned", "Postponed", "Teaching"]

_FIRST: Final = b'{"document":"'
"""What a line with a lesson begins with; what follows is the id."""
_LONGEST_ID: Final = 1 << 16
"""Bytes of a line in which the id of its document ends; a path has 4096 on any system."""
_PART: Final = 1 << 20
"""Bytes of lessons that are copied together."""
_AT_ONCE: Final = 2_000
"""Up to so many pairs, learning takes about two seconds, and is done after each change."""
_POSTPONED: Final = 0.05
"""The part of the pairs that may have changed before a larger archive is learned from again."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The lexicon has been learned again; it knows all pairs of the archive."""

    pairs: int
    renderings: int
    """Correspondences of words that it knows."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """The lexicon has not been learned again, as little has changed."""

    pairs: int
    changed: int
    """Pairs that have changed since it was learned."""


@dataclass(slots=True)
class _Head:
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
        return sum(self.ranks.values())

    def to_json(self) -> str:
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
    def from_json(cls, line: bytes) -> _Head:
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


class _Lines:
    """Lessons in a file, by document."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._places: dict[str, tuple[int, int]] = {}

    def __contains__(self, document: str) -> bool:
        return document in self._places

    @property
    def documents(self) -> AbstractSet[str]:
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

    def checked(self) -> _Head:
        """Looks through the whole file, and returns what its first line says.

        Raises:
            ValueError: it is damaged, or of another version.
        """
        head = _Head.from_json(self._file.readline())
        crc = head.checksum(self.find())
        if (len(self._places), crc) != (head.lessons, head.crc):
            raise ValueError("not as they were written")
        return head

    def line(self, document: str) -> bytes:
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
        self._file.close()

    def lesson(self, document: str) -> Lesson | None:
        """What the document taught; `None` where the file has nothing of it that can be read."""
        if document not in self:
            return None
        try:
            return Lesson.from_json(self.line(document))
        except ValueError:
            return None


_Part = tuple[_Lines, int, int]
"""Some lines that stand in a row: their file, where the first begins, and where the last ends."""


class Teaching(AbstractContextManager["Teaching"]):
    """Takes up each document that a reindex writes, and brings the lexicon up to date at its end."""

    def __init__(
        self, settings: Settings, engine: Engine, *, anew: bool = False, pairs: bool = False
    ) -> None:
        """Begins before anything is written.

        Args:
            settings: the archive.
            engine: its index.
            anew: all documents are written, whatever is known of them.
            pairs: there are most likely pairs among them.

        Raises:
            IndexWriteError: the lessons cannot be read, or the disk cannot be written.
        """
        self._settings = settings
        self._engine = engine
        self._anew = anew
        self._reader = UnitReader()
        self._ranks: Counter[int] = Counter()
        self._gone: set[str] = set()
        self._head, self._old = _opened(settings.lessons)
        try:
            self._new = _Lines(tempfile.TemporaryFile(dir=settings.index))  # noqa: SIM115 - see `__exit__`
        except OSError as error:
            self._old.close()
            raise IndexWriteError(
                f"{settings.index}: cannot be written: {error.strerror or error}"
            ) from error
        self._kept = 0 if anew else self._head.kept
        self._in_step = self._head.generation == _generation(engine)
        unknown = not (anew or self._in_step)  # the lessons were lost, or are behind
        self._wanted = pairs or self._head.pairs > 0 or settings.glossary.exists() or unknown
        """Whether there is something to learn, as far as is known."""
        self._passed_over: set[str] = set()
        """Documents that were written while there was not."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forgets what was taken up; that a full disk does not take the rest of it is told already."""
        for lines in (self._new, self._old):
            with suppress(OSError):
                lines.close()

    def remove(self, document_id: str) -> None:
        """Hears that a document is taken out of the index, if only to be written anew."""
        self._gone.add(document_id)

    def add(self, document: IndexedDocument) -> None:
        """Takes up a document that is written to the index.

        Raises:
            IndexWriteError: the disk is full; nothing has been changed.
        """
        self._wanted = self._wanted or any(one.passage.partners for one in document.passages)
        if not self._wanted:
            self._passed_over.add(document.info.id)
            return
        try:
            ranks = self._ranks if self._anew else self._head.ranks | self._ranks
            self._teach(document.info.id, [(one.passage, one.tokens) for one in document.passages], ranks)
        except OSError as error:
            raise IndexWriteError(
                f"{self._settings.index}: cannot be written: {error.strerror or error}"
            ) from error

    def finish(self) -> Iterator[str | Learned | Postponed]:
        """Brings lessons and lexicon in step with the index; tells what cannot be used of the glossary.

        Raises:
            IndexWriteError: the disk is full or not writable; the old lexicon stays.
        """
        try:
            snapshot = self._engine.snapshot()
        except IndexMissingError:
            return
        path = self._settings.lexicon
        try:
            about = _about(path)
            yield from self._learn(self._take_stock(snapshot, about.get("generation", "")), about)
        except OSError as error:
            raise IndexWriteError(
                f"{path}: cannot be written: {error.strerror or error}; the index is up to date, and the "
                "next reindex learns from it again"
            ) from error

    def _learn(self, head: _Head, about: Mapping[str, str]) -> Iterator[str | Learned | Postponed]:
        if not head.pairs and not self._settings.glossary.exists():
            self._settings.lexicon.unlink(missing_ok=True)
            return
        from indexer.lexicon.glossary import glossary_version  # noqa: PLC0415 - see `_about`

        glossary = glossary_version(self._settings.glossary)
        if about.get("glossary") == glossary and "faults" in about:
            yield from json.loads(about["faults"])
            if not head.altered or about["generation"] == head.generation:
                return
            few = head.changed <= _POSTPONED * head.pairs and not head.removed
            if head.pairs > _AT_ONCE and few:
                yield Postponed(head.pairs, head.changed)
                return
        from indexer.lexicon import Teacher, read_glossary  # noqa: PLC0415 - see `_about`

        said = read_glossary(self._settings.glossary)
        yield from said.faults
        teacher = Teacher(MOST_PAIRS)
        for lesson in _lessons(self._settings.lessons):
            teacher.add_lesson(lesson)
        noted = {
            "generation": head.generation, "glossary": glossary, "pairs": str(head.pairs),
            "faults": json.dumps(said.faults),  # told each time, without a second analysis of the glossary
        }  # fmt: skip
        yield Learned(head.pairs, teacher.save(self._settings.lexicon, said.terms, noted))

    def _teach(
        self, document: str, passages: Sequence[tuple[Passage, Sequence[Token]]], ranks: Mapping[int, int]
    ) -> None:
        """Makes a lesson; twice as many pairs are kept as would teach of `ranks`: an archive may shrink."""
        least = max(0, _least(ranks) - 1)
        lesson = lesson_of(document, passages, self._reader, least)
        self._kept = max(self._kept, least)
        self._ranks.update(lesson.pairs)
        self._new.add(document, lesson.to_json().encode("utf-8", "replace"))

    def _take_stock(self, snapshot: Snapshot, learned_from: str) -> _Head:
        """Brings the lessons in step with the index, and returns what their first line says.

        Args:
            snapshot: the index.
            learned_from: the generation of the lessons that the lexicon knows.
        """
        before = self._head
        whole = not self._wanted or before.lessons == snapshot.stats.documents
        unchanged = self._in_step and before.generation == snapshot.generation
        if unchanged and whole and not self._new.documents:
            return before
        documents = self._documents(snapshot) if self._wanted else []
        for document in documents:
            if document not in self._new and not self._still_holds(snapshot, document):
                self._make_anew(snapshot, document, before.ranks)
        head = self._compared(documents)
        if before.generation != learned_from:
            head.changed += before.changed
            head.altered, head.removed = head.altered or before.altered, head.removed or before.removed
        if _least(head.ranks) < self._kept:  # so much has gone that more of what is left must teach
            self._kept = 0
            for document in documents:
                self._make_anew(snapshot, document, head.ranks)
        head.generation, head.kept = snapshot.generation, self._kept
        head.lessons = len(documents)
        places = self._places(documents)
        head.crc = head.checksum(_read(places))
        first = head.to_json().encode() + b"\n"
        write_whole_bytes(self._settings.lessons, chain([first], _read(places)))
        return head

    def _places(self, documents: Iterable[str]) -> list[_Part]:
        """Where the lessons of these documents stand: all together may be more than memory holds."""
        places: list[_Part] = []
        lines, begin, end = self._new, 0, 0  # stand in a row, and are not yet among the places
        for one in documents:
            where = self._new if one in self._new else self._old
            first, last = where.place(one)
            if where is not lines or first != end or last - begin > _PART:
                places.append((lines, begin, end))
                lines, begin = where, first
            end = last
        return [*places, (lines, begin, end)]

    def _documents(self, snapshot: Snapshot) -> list[str]:
        """The ids of all documents of the index."""
        if self._in_step and not self._anew:  # then it is known without looking
            known = sorted(self._new.documents | (self._old.documents - self._gone))
            if len(known) == snapshot.stats.documents:
                return known
        return sorted(info.id for info in snapshot.documents())

    def _still_holds(self, snapshot: Snapshot, document: str) -> bool:
        """Whether the old lesson of a document is what the index would teach."""
        if document not in self._old or document in self._passed_over or self._anew:
            return False
        if self._in_step:
            return True
        lesson = self._old.lesson(document)
        return lesson is not None and lesson.text == fingerprint(_passages(snapshot, document))

    def _make_anew(self, snapshot: Snapshot, document: str, ranks: Mapping[int, int]) -> None:
        passages = _passages(snapshot, document)
        tokens = analyze_all([blank(one.text, (each.span for each in one.references)) for one in passages])
        self._teach(document, list(zip(passages, tokens, strict=True)), ranks)

    def _compared(self, documents: Sequence[str]) -> _Head:
        """What the lessons of these documents have together, and how it differs from before."""
        head = _Head()
        if self._anew:
            head.ranks, head.altered, head.removed = self._ranks, True, True
            return head
        head.ranks.update(self._head.ranks)
        for document in sorted({*self._new.documents, *(self._old.documents - set(documents))}):
            new = self._new.lesson(document) if document in documents else None
            old = self._old.lesson(document)
            if old is not None:
                head.ranks.subtract(old.pairs)
            if new is not None:
                head.ranks.update(new.pairs)
            if old is None or new is None or old.text != new.text:
                head.altered = True
                head.removed |= new is None
                head.changed += max(sum(one.pairs.values()) for one in (old, new) if one is not None)
        if not self._in_step:
            lessons = ((self._new if one in self._new else self._old).lesson(one) for one in documents)
            head.ranks = sum((Counter(one.pairs) for one in lessons if one), Counter())
        return head


def _read(places: Iterable[_Part]) -> Iterator[bytes]:
    return (lines.read(begin, end) for lines, begin, end in places)


def _opened(path: Path) -> tuple[_Head, _Lines]:
    """The lessons as they are kept; nothing where there are none, or where they are not as they were written.

    Raises:
        IndexWriteError: they are there, but the system does not let them be read.
    """
    try:
        lines = _Lines(path.open("rb"))
    except FileNotFoundError:
        return _Head(), _Lines(io.BytesIO())
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        return lines.checked(), lines
    except ValueError:  # damaged, or of another version: they are made anew from the index
        lines.close()
        return _Head(), _Lines(io.BytesIO())
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


def _lessons(path: Path) -> Iterator[Lesson]:
    with path.open("rb") as file:
        next(file)
        yield from map(Lesson.from_json, file)


def _generation(engine: Engine) -> str:
    """Of the present commit; empty where there is none that can be read."""
    try:
        return engine.snapshot().generation
    except (IndexMissingError, IndexOutdatedError):
        return ""


def _about(path: Path) -> Mapping[str, str]:
    """What the lexicon knows of itself; nothing where there is none that can be read."""
    if not path.exists():
        return {}
    from indexer.lexicon import Lexicon  # noqa: PLC0415 - an archive without pairs does not need it

    try:
        lexicon = Lexicon(path)
        lexicon.check()
    except (FileNotFoundError, IndexOutdatedError):
        return {}
    return lexicon.about


def _passages(snapshot: Snapshot, document: str) -> list[Passage]:
    return snapshot.passages(snapshot.document(document)[1])


def _least(ranks: Mapping[int, int]) -> int:
    """The rank from which on pairs teach, so that they are no more than the bound."""
    least = 0
    while sum(many for rank, many in ranks.items() if rank >= least) > MOST_PAIRS:
        least += 1
    return least
