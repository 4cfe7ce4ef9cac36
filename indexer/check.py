"""What would a reindex do to the addresses?  All is read for it, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.addresses import Registry, compare, load_registry
from indexer.changes import Checked, Failed
from indexer.claims import Claims, untouched
from indexer.engine import Engine
from indexer.former import Former
from indexer.ingest import Reading, read
from indexer.partners import pairs_of, sides_of
from indexer.plan import Known, Plan, make_plan, passed_over, scopes_of
from indexer.recovery import GONE, adopt, revive, sources_known
from indexer.settings import Settings
from indexer.strays import Strays

__all__ = ["check"]


def check(
    settings: Settings,
    sources: Sequence[Path] = (),
    engine: Engine | None = None,
    *,
    watch: Callable[[int, int], None] = lambda _done, _all: None,
) -> Iterator[Checked | Failed]:
    """What reindexing would do to the addresses; changes nothing.

    Args:
        settings: the archive.
        sources: files or folders to look at; by default the archive's folder of documents.
        engine: its index, which tells what documents are from elsewhere, and stay as they are.
        watch: is told how many sources have been read, of how many.

    Raises:
        AddressesError: `addresses.jsonl` is damaged.
        SettingsError: a source does not exist.
    """
    registry = load_registry(settings.addresses)
    known = {} if engine is None else sources_known(engine, rebuild=True)
    if engine is not None and adopt(engine, registry, known) and not settings.addresses.exists():
        yield Failed(settings.addresses.name, GONE.format(settings.addresses))
    before = registry.registrations()
    plan = _plan(settings, sources, known)
    former = Former(settings, known, plan, stay=True)
    yield from (former.of(Failed(path, reason)) for path, reason in plan.failed)
    staying = untouched(plan, known, stay=True)
    if engine is not None:
        revive(engine, registry, staying)
    claims = Claims(settings, staying, plan.to_read, stay=True)
    strays = Strays(settings, registry, plan, known, wanted=not sources)
    checking = _Checking(settings, registry, plan, claims, strays)
    yield from map(former.of, checking.read(watch))
    concerned = checking.assign()
    for document, comparison in compare(before, registry.registrations()).items():
        if not sources or document in concerned:
            yield Checked(document, comparison)


def _plan(settings: Settings, sources: Sequence[Path], known: Known) -> Plan:
    """What a reindex would do, and besides all that has not changed, to be read."""
    plan = make_plan(settings, scopes_of(settings, sources, known), known, anew=True)
    closed = passed_over(plan, known)  # where one side cannot be looked at, both stay as they are
    plan.to_read[:] = [planned for planned in plan.to_read if closed.isdisjoint(planned.replaces)]
    return plan


@dataclass(frozen=True, slots=True)
class _Checking:
    """Does to the addresses what `indexer.update` does."""

    settings: Settings
    registry: Registry
    plan: Plan
    claims: Claims
    strays: Strays
    readings: list[Reading] = field(default_factory=list)
    """What has been read, as far as it could be."""
    late: list[Reading] = field(default_factory=list)
    """What comes after all others."""
    there: set[str] = field(default_factory=set)
    """The ids of what has its addresses, or gets them first."""

    def read(self, watch: Callable[[int, int], None]) -> Iterator[Failed]:
        """Reads all sources, and yields what fails."""
        waiting: list[Reading] = []
        to_read = self.plan.to_read
        for number, (planned, answer) in enumerate(
            zip(to_read, read(self.settings, to_read), strict=True), 1
        ):
            watch(number, len(to_read))
            if isinstance(answer, Failed):
                self.claims.failed(planned)
                yield self._failed(answer)
                continue
            if (failure := self.claims.claim(planned, answer.info.id)) is not None:
                yield self._failed(failure)
            elif self._must_wait(answer):
                waiting.append(answer)
            else:
                self.readings.append(answer)
                self.there.add(answer.info.id)
        ready, refused = self.claims.settled([(one.planned, one.info.id, one) for one in waiting])
        self.late.extend(ready)
        yield from map(self._failed, refused)

    def assign(self) -> Collection[str]:
        """Gives what has been read its addresses; the ids of all documents that it was about."""
        from indexer.pairing import learn, load_dictionaries  # noqa: PLC0415 - as in `indexer.partners`

        dictionaries = load_dictionaries(self.settings.translations) or learn(
            sides_of(reading.passages) for reading in (*self.readings, *self.late)
        )
        removed, taken = frozenset(self.plan.removed), self.claims.taken
        concerned = {*removed, *self.strays.surely_gone(taken)}
        there = set[str]()
        for readings, gone in ((self.readings, removed), (self.late, removed | self.strays.gone(taken))):
            for reading in readings:
                replaces = reading.planned.replaces
                self.registry.follow(reading.info.id, reading.passages, gone.union(replaces) - there)
                there.add(reading.info.id)
                concerned.update((reading.info.id, *replaces))
                pairs = pairs_of(reading.passages, dictionaries)
                self.registry.assign(reading.info.id, reading.passages, pairs)
        for document in sorted(concerned.difference(taken)):
            self.registry.retire(document)
        self.registry.settle()
        return concerned

    def _must_wait(self, reading: Reading) -> bool:
        planned, document = reading.planned, reading.info.id
        return self.claims.is_contested(planned, document) or self.strays.may_be(
            planned, document, reading.passages, self.there
        )

    def _failed(self, failure: Failed) -> Failed:
        self.strays.failed(failure)
        return failure
