"""Which documents leave the index, which come in, and what else is kept in step with it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from indexer.addresses import Registry
from indexer.changes import Change, Failed, Indexed, Removed, Renamed, Undated, Watch
from indexer.claims import Claims
from indexer.engine import Engine, IndexedDocument, IndexedPassage, Writer
from indexer.ingest import Reading, ingest
from indexer.looked import Looked
from indexer.model.text import Pair
from indexer.partners import sides_of
from indexer.plan import Plan, source_name
from indexer.recovery import save
from indexer.settings import Settings
from indexer.strays import Strays
from indexer.teaching import Teaching

if TYPE_CHECKING:
    from indexer.pairing import Sides

__all__ = ["Update"]


@dataclass(frozen=True, slots=True)
class Update:
    """A new index in the making, and all that is kept in step with it."""

    settings: Settings
    engine: Engine
    registry: Registry
    looked: Looked
    teaching: Teaching
    plan: Plan
    strays: Strays
    staying: Mapping[str, str]
    """By id, a file of each document that stays in the index as it is."""
    anew: bool
    """Nothing of the present index is used."""

    def write(self, *, rebuild: bool, watch: Watch) -> Iterator[Change]:
        """Writes it, and yields what became of each document.

        Args:
            rebuild: into another index, which replaces the present one.
            watch: as in `indexer.reindex.reindex`.

        Raises:
            IndexWriteError: the disk is full or not writable.
            AddressesError: the addresses cannot be written.
        """
        claims = Claims(self.settings, dict(self.staying), self.plan.to_read, stay=not rebuild)
        ids = _Ids(set(self.staying), set(self.plan.removed))
        others = () if self.anew else _others(self.engine, self.plan)
        changed = self.anew or bool(self.plan.removed)
        waiting: list[tuple[Reading, IndexedDocument]] = []
        with self.engine.writer(rebuild=rebuild) as writer:
            self._remove(writer, self.plan.removed)
            for outcome in ingest(self.settings, self.plan, claims, others, anew=self.anew, watch=watch):
                if isinstance(outcome, Failed):
                    yield self._failed(outcome)
                elif self._must_wait(claims, ids, outcome[0]):
                    waiting.append(outcome)
                else:
                    changed = True
                    yield from self._add(writer, ids, *outcome)
            for answer in self._waited(writer, claims, ids, waiting):
                changed = changed or not isinstance(answer, Failed)
                yield answer
            yield from self._retire(ids, claims.taken)
            # First the addresses: one that no index knows yet does no harm, one that is lost does.
            save(self.registry, self.settings)
            if changed:
                writer.commit()
        if not self.strays.left(claims.taken):
            self.registry.note()

    def _failed(self, failure: Failed) -> Failed:
        self.strays.failed(failure)
        self.looked.failed()
        return failure

    def _must_wait(self, claims: Claims, ids: _Ids, reading: Reading) -> bool:
        """Whether only when all have been read it can be told if this is a stray, or may have its id."""
        planned, document = reading.planned, reading.info.id
        return claims.is_contested(planned, document) or self.strays.may_be(
            planned, document, reading.passages, ids.there
        )

    def _waited(
        self, writer: Writer, claims: Claims, ids: _Ids, waiting: Sequence[tuple[Reading, IndexedDocument]]
    ) -> Iterator[Failed | Renamed | Indexed | Undated]:
        """Adds what had to wait, or says why it cannot have its id."""
        ready, refused = claims.settled([(one.planned, one.info.id, (one, other)) for one, other in waiting])
        yield from map(self._failed, refused)
        for reading, document in ready:
            yield from self._add(writer, ids, reading, document, self.strays.gone(claims.taken))

    def _retire(self, ids: _Ids, written: Mapping[str, str]) -> Iterator[Removed]:
        """Lays to rest what is gone.  Only now is it known which ids have found another file.

        Two files may have swapped theirs.
        """
        yield from (Removed(gone) for gone in sorted(ids.replaced - written.keys() - ids.renamed))
        for gone in sorted((ids.replaced - written.keys()) | self.strays.surely_gone(written)):
            self.registry.retire(gone)
        self.registry.settle()

    def _add(
        self,
        writer: Writer,
        ids: _Ids,
        reading: Reading,
        document: IndexedDocument,
        strays: AbstractSet[str] = frozenset(),
    ) -> Iterator[Renamed | Indexed | Undated]:
        """Puts a document that has been read in the place of those that were made from its files."""
        planned, name = reading.planned, document.info.id
        self._remove(writer, {*planned.replaces, reading.info.id})
        ids.replaced.update(planned.replaces)
        gone = {*self.plan.removed, *planned.replaces, *strays} - ids.there
        before = self.registry.follow(name, reading.passages, gone)
        ids.there.add(name)
        if before is not None:
            ids.renamed.update((before, *self.registry.names_before(name)))
            yield Renamed(name, before)
        addressed = _reviewed(self._addressed(document, reading.pairs))
        writer.add(addressed)
        self.teaching.add(addressed)
        called = source_name(self.settings, planned.source)
        self.looked.indexed(planned.source, called, reading.info.id, reading.states)
        indexed = _indexed(addressed)
        yield indexed
        yield from (Undated(indexed.document, indexed.path, reason) for reason in reading.undated)

    def _remove(self, writer: Writer, documents: Iterable[str]) -> None:
        for document in documents:
            writer.remove(document)
            self.teaching.remove(document)

    def _addressed(self, document: IndexedDocument, pairs: Sequence[Pair]) -> IndexedDocument:
        before = [indexed.passage for indexed in document.passages]
        passages = self.registry.assign(document.info.id, before, pairs)
        tokens = (indexed.tokens for indexed in document.passages)
        return replace(document, passages=tuple(map(IndexedPassage, passages, tokens)))


@dataclass(slots=True)
class _Ids:
    """What becomes of documents while the index is written, by their ids."""

    there: set[str]
    """They stay, or have come in."""
    replaced: set[str]
    """The index had them, and they have been removed or read anew."""
    renamed: set[str] = field(default_factory=set)
    """They have another id now."""


def _reviewed(document: IndexedDocument) -> IndexedDocument:
    """The document with what there is to be looked at, counted once now and not each time somebody asks."""
    passages = [indexed.passage for indexed in document.passages]
    if len({passage.lang for passage in passages}) == 1:
        return document
    from indexer.report import in_both_languages, review, tally  # noqa: PLC0415 - seldom needed

    return replace(document, tally=tally(review(passages)) if in_both_languages(passages) else None)


def _indexed(document: IndexedDocument) -> Indexed:
    characters = sum(len(indexed.passage.text) for indexed in document.passages)
    return Indexed(
        document.info.id,
        document.sources[0].path,
        len(document.passages),
        characters,
        document.tally.unpaired if document.tally else None,
    )


def _others(engine: Engine, plan: Plan) -> Iterator[Sides]:
    """The documents in both languages that stay as they are; read from the index when they are asked for."""
    leaving = {*plan.removed, *(before for planned in plan.to_read for before in planned.replaces)}
    snapshot = engine.snapshot()
    columns = snapshot.columns
    living = columns.passage
    english, korean = (
        np.unique(columns.place[living & (columns.korean == wanted)]) for wanted in (False, True)
    )
    both = np.intersect1d(english, korean)
    numbers = np.flatnonzero(living & np.isin(columns.place, both))
    ends = np.flatnonzero(np.diff(columns.place[numbers])) + 1
    for those in np.split(numbers, ends) if len(numbers) else ():
        passages = snapshot.passages(those)
        if passages[0].document not in leaving:
            yield sides_of(passages)
