"""What does each document teach?  Kept in step with the index, whatever part of it has been read.

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

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from itertools import chain
from types import TracebackType
from typing import TYPE_CHECKING, Final

from indexer.analysis import analyze_all
from indexer.durable import write_whole_bytes
from indexer.engine import Engine, IndexedDocument, Snapshot
from indexer.errors import IndexMissingError, IndexOutdatedError, IndexWriteError
from indexer.learning import Learned, Postponed, about_lexicon, learn
from indexer.lexicon.lesson_lines import (
    Head,
    Lines,
    open_lessons,
    read_stretches,
    stretches,
)
from indexer.lexicon.lessons import MOST_PAIRS, fingerprint, lesson_of
from indexer.lexicon.units import UnitReader
from indexer.model.terms import Token
from indexer.model.text import Passage
from indexer.references import blank
from indexer.settings import Settings

if TYPE_CHECKING:
    from indexer.lexicon.following import Following
    from indexer.lexicon.glossary import Fault

__all__ = ["Teaching"]

_MOST_PASSED_OVER: Final = 500_000
"""Code points of documents that are kept until it is known whether there is something to learn."""


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
        self._head, self._old = open_lessons(settings.lessons)
        try:
            self._new = Lines(tempfile.TemporaryFile(dir=settings.index))  # noqa: SIM115 - see `__exit__`
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
        self._first: list[IndexedDocument] | None = []
        """All of them, while they are few."""
        self._first_characters = 0
        self._following: Following | None = None

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
        if self._following is not None and document_id in self._new:
            self._following.give_up()

    def add(self, document: IndexedDocument) -> None:
        """Takes up a document that is written to the index.

        Raises:
            IndexWriteError: the disk is full; nothing has been changed.
        """
        self._wanted = self._wanted or any(one.passage.partners for one in document.passages)
        if not self._wanted:
            self._pass_over(document)
            return
        first, self._first = self._first or (), None
        try:
            for each in (*first, document):
                ranks = self._ranks if self._anew else self._head.ranks | self._ranks
                self._teach(each.info.id, [(one.passage, one.tokens) for one in each.passages], ranks)
        except OSError as error:
            raise IndexWriteError(
                f"{self._settings.index}: cannot be written: {error.strerror or error}"
            ) from error

    def _pass_over(self, document: IndexedDocument) -> None:
        self._passed_over.add(document.info.id)
        if self._first is not None:
            self._first.append(document)
            self._first_characters += sum(len(one.passage.text) for one in document.passages)
            if self._first_characters > _MOST_PASSED_OVER:
                self._first = None  # their lessons are made anew from the index, if they are wanted

    def finish(self) -> Iterator[Fault | Learned | Postponed]:
        """Brings lessons and lexicon in step with the index; tells what cannot be used of the glossary.

        Raises:
            IndexWriteError: the disk is full or not writable; the old lexicon stays.
        """
        try:
            snapshot = self._engine.snapshot()
        except IndexMissingError:
            return
        path = self._settings.lexicon
        shutil.rmtree(path.with_suffix(""), ignore_errors=True)  # a lexicon of former versions
        try:
            about = about_lexicon(path)
            head = self._take_stock(snapshot, about.get("generation", ""))
            yield from learn(self._settings, head, about, self._following)
        except OSError as error:
            raise IndexWriteError(
                f"{path}: cannot be written: {error.strerror or error}; the index is up to date, and the "
                "next reindex learns from it again"
            ) from error

    def _teach(
        self, document: str, passages: Sequence[tuple[Passage, Sequence[Token]]], ranks: Mapping[int, int]
    ) -> None:
        """Makes a lesson; twice as many pairs are kept as would teach of `ranks`: an archive may shrink."""
        least = max(0, _least(ranks) - 1)
        lesson = lesson_of(document, passages, self._reader, least)
        self._kept = max(self._kept, least)
        self._ranks.update(lesson.pairs)
        line = lesson.to_json()
        written = line.encode("utf-8", "replace")
        self._new.add(document, written)
        if self._anew:  # else some lessons stand in the file already
            if self._following is None:
                from indexer.lexicon.following import Following  # noqa: PLC0415 - as in `indexer.learning`

                self._following = Following()
            self._following.add(lesson, as_written=written == line.encode("utf-8", "surrogatepass"))

    def _take_stock(self, snapshot: Snapshot, learned_from: str) -> Head:
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
        places = stretches(documents, self._new, self._old)
        head.crc = head.checksum(read_stretches(places))
        first = head.to_json().encode() + b"\n"
        write_whole_bytes(self._settings.lessons, chain([first], read_stretches(places)))
        return head

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

    def _compared(self, documents: Sequence[str]) -> Head:
        """What the lessons of these documents have together, and how it differs from before."""
        head = Head()
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


def _generation(engine: Engine) -> str:
    """Of the present commit; empty where there is none that can be read."""
    try:
        return engine.snapshot().generation
    except (IndexMissingError, IndexOutdatedError):
        return ""


def _passages(snapshot: Snapshot, document: str) -> list[Passage]:
    return snapshot.passages(snapshot.document(document)[1])


def _least(ranks: Mapping[int, int]) -> int:
    """The rank from which on pairs teach, so that they are no more than the bound."""
    least = 0
    while sum(many for rank, many in ranks.items() if rank >= least) > MOST_PAIRS:
        least += 1
    return least
