"""Sources -> documents ready to be written: read, paired with all the others at hand, and analysed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from indexer.ahead import ahead
from indexer.analysis import analyze_all, has_korean
from indexer.analysis.heard import SpellingHearer
from indexer.analysis.spelled import Spelled
from indexer.changes import Failed, Watch
from indexer.claims import Claims
from indexer.engine import IndexedDocument, IndexedPassage, SourceState
from indexer.kiwi import apart, expect
from indexer.model.terms import Token
from indexer.model.text import DocumentInfo, Pair, Passage
from indexer.partners import Waiting, dictionaries_for, pairs_of, sides_of, with_partners
from indexer.plan import Plan, PlannedSource, source_name, state_of
from indexer.readers import Cut, Limits, break_off, read_all
from indexer.readers.analysed import texts_of
from indexer.settings import Settings

if TYPE_CHECKING:
    from indexer.pairing import Sides

__all__ = ["Reading", "ingest", "read"]

_BATCH: Final = 30_000
"""Code points that are analysed together, so that Kiwi has work for all cores."""
_BEGUN: Final = 6
"""So many times that are begun before the first must have ended, so that Kiwi never runs out of work."""
_BEGUN_APART: Final = 64
"""The same where Kiwi has a process of its own: while it is loaded, documents are paired here."""
_AHEAD: Final = 1_000_000
"""Code points that are read before they are needed."""
_MANY: Final = 32
"""Sources from which it pays that the process which reads them loads what analyses them, too."""


_Tokens = Iterator[Sequence[Token]]
"""Of each of some texts, in order."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A source that has been read, and what its files were like."""

    planned: PlannedSource
    info: DocumentInfo
    states: tuple[SourceState, ...]
    passages: tuple[Passage, ...]
    pairs: tuple[Pair, ...] = ()
    """Which of them say the same; known when all sources have been read."""
    undated: tuple[str, ...] = ()
    """Lines about files that declare a date which cannot be understood."""
    told: Spelled | None = None
    """What their tokens are made of, where they were divided into runs when they were read."""

    @property
    def characters(self) -> int:
        """Code points of all its passages."""
        return sum(len(passage.text) for passage in self.passages)


def ingest(
    settings: Settings,
    plan: Plan,
    claims: Claims,
    others: Iterable[Sides],
    *,
    anew: bool,
    watch: Watch,
) -> Iterator[Failed | tuple[Reading, IndexedDocument]]:
    """Reads, pairs and analyses the sources of the plan in order; yields each, or why it cannot be read.

    Nothing can be paired before all has been read; so from the first document in both languages on, all wait.

    Args:
        settings: the archive.
        plan: what is to be read.
        claims: which source is which document.
        others: the documents in both languages that stay; the dictionaries are learned from them, too.
        anew: learn the dictionaries in any case.
        watch: as in `indexer.reindex.reindex`.
    """
    waiting: Waiting[Reading] | None = None
    analysis = _Analysis()
    expected = False
    try:
        for number, (outcome, tokens) in enumerate(_readings(settings, plan.to_read, claims), 1):
            if waiting is not None:
                watch("reading", number)
            if isinstance(outcome, Failed):
                yield outcome
                continue
            if (
                not expected
                and tokens is None
                and any(map(has_korean, texts_of(outcome.info, outcome.passages)))
            ):
                expected = True
                expect()
            if waiting is None and len({passage.lang for passage in outcome.passages}) > 1:
                waiting = Waiting(settings.index)  # what has been begun goes on meanwhile
            if waiting is not None:
                waiting.add(replace(outcome, told=None))  # what it was told by does not wait with it
                continue
            yield from analysis.add(outcome, tokens)
        if waiting is not None:
            watch("pairing", 0)
            yield from _pair_all(settings, waiting, others, analysis, anew=anew, watch=watch)
        elif anew:
            settings.translations.unlink(missing_ok=True)  # nothing is in both languages
        yield from analysis.finish()
    finally:
        if waiting is not None:
            waiting.close()


def _readings(
    settings: Settings, planned: Sequence[PlannedSource], claims: Claims
) -> Iterator[tuple[Reading | Failed, _Tokens | None]]:
    """The sources, read by the other process while what came before is indexed here; and their tokens."""
    hearer = SpellingHearer()
    readings = read(settings, planned, analysed=len(planned) >= _MANY)
    outcomes = ahead(readings, weigh=_weight, most=_AHEAD, stop=break_off)
    for one, outcome in zip(planned, outcomes, strict=True):
        if isinstance(outcome, Failed):
            claims.failed(one)
            yield outcome, None
            continue
        # Heard even where it is not wanted: what is told later names runs that are told now.
        tokens = None if outcome.told is None else hearer.hear(outcome.told)
        yield claims.claim(one, outcome.info.id) or outcome, tokens


def _weight(outcome: Reading | Failed) -> int:
    return outcome.characters + 1000 if isinstance(outcome, Reading) else 1000


def _pair_all(
    settings: Settings,
    waiting: Waiting[Reading],
    others: Iterable[Sides],
    analysis: _Analysis,
    *,
    anew: bool,
    watch: Watch,
) -> Iterator[tuple[Reading, IndexedDocument]]:
    sides = (sides_of(reading.passages) for reading in waiting)
    dictionaries = dictionaries_for(sides, others, settings.translations, anew=anew)
    watch("indexing", 0)
    for reading in waiting:
        if pairs := pairs_of(reading.passages, dictionaries):
            passages = with_partners(reading.passages, pairs)
            yield from analysis.add(replace(reading, pairs=pairs, passages=passages))
        else:
            yield from analysis.add(reading)


class _Analysis:
    """Analyses what has been read, some documents at a time.

    Kiwi's threads begin with the next ones before the tokens of these are taken, so that they are never
    without work.
    """

    def __init__(self) -> None:
        self._waiting: list[Reading] = []
        self._characters = 0
        self._begun: deque[tuple[Sequence[Reading], _Tokens]] = deque()

    def add(
        self, reading: Reading, tokens: _Tokens | None = None
    ) -> Iterator[tuple[Reading, IndexedDocument]]:
        """Takes up a document, with its tokens where it is analysed; yields what is ready, in order."""
        if tokens is not None:
            yield from self.finish()
            yield reading, _indexed(reading, tokens)
            return
        self._waiting.append(reading)
        self._characters += reading.characters
        if self._characters >= _BATCH:
            yield from self._begin()

    def finish(self) -> Iterator[tuple[Reading, IndexedDocument]]:
        """The documents that are left."""
        if self._waiting:
            yield from self._begin()
        while self._begun:
            yield from self._end()

    def _begin(self) -> Iterator[tuple[Reading, IndexedDocument]]:
        texts = [text for reading in self._waiting for text in texts_of(reading.info, reading.passages)]
        self._begun.append((self._waiting, iter(analyze_all(texts))))
        self._waiting, self._characters = [], 0
        while len(self._begun) > (_BEGUN if apart() is None else _BEGUN_APART):
            yield from self._end()

    def _end(self) -> Iterator[tuple[Reading, IndexedDocument]]:
        readings, tokens = self._begun.popleft()
        for reading in readings:
            yield reading, _indexed(reading, tokens)


def _indexed(reading: Reading, tokens: _Tokens) -> IndexedDocument:
    indexed = tuple([IndexedPassage(passage, next(tokens)) for passage in reading.passages])
    return IndexedDocument(reading.info, reading.states, indexed, next(tokens), next(tokens))


def read(
    settings: Settings, planned: Sequence[PlannedSource], *, analysed: bool = False
) -> Iterator[Reading | Failed]:
    """The sources in order, or why one cannot be read; not paired.

    Args:
        settings: their archive.
        planned: what is to be read.
        analysed: what has no Korean, and none before it, is divided into runs where it is read.
    """
    limits = Limits(settings.max_bytes, settings.max_seconds)
    answers = read_all((one.source for one in planned), limits, analysed=analysed)
    for one, answer in zip(planned, answers, strict=True):
        if isinstance(answer, Cut):
            yield _reading(settings, one, answer)
        else:
            yield Failed(source_name(settings, one.source), str(answer))


def _reading(settings: Settings, planned: PlannedSource, read: Cut) -> Reading:
    states = (
        state_of(settings, planned.root, file.path, was)
        for file, was in zip(planned.source.files, read.files, strict=True)
    )
    return Reading(planned, read.info, tuple(states), read.passages, undated=read.undated, told=read.told)
