"""What would a reindex do to the addresses?  All is read for it, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from indexer.addresses import Registry, compare, load_registry
from indexer.changes import Checked, Failed
from indexer.engine import Engine
from indexer.former import Former
from indexer.ingest import Reading, claimed, read
from indexer.partners import pairs_of, sides_of
from indexer.plan import BETWEEN, PlannedSource, make_plan, passed_over, scopes_of, source_name
from indexer.recovery import GONE, adopt, sources_known
from indexer.settings import Settings

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
    plan = make_plan(settings, scopes_of(settings, sources, {}), {})
    former = Former(settings, known, plan, stay=True)
    yield from (former.of(Failed(path, reason)) for path, reason in plan.failed)
    taken: dict[str, str] = {}
    if not sources:
        taken = {one: states[0].path for one, states in known.items() if any(state.root for state in states)}
    there = passed_over(plan, known)
    staying = {state.path for document in there for state in known[document]}
    to_read = [one for one in plan.to_read if staying.isdisjoint(_paths(settings, one))]
    readings: list[Reading] = []
    for number, (planned, answer) in enumerate(zip(to_read, read(settings, to_read), strict=True), 1):
        watch(number, len(to_read))
        outcome = answer if isinstance(answer, Failed) else claimed(settings, taken, answer)
        if isinstance(outcome, Failed):
            # Its text is most likely registered under this id, and not lost.
            there.add(planned.source.document)
            yield former.of(outcome)
        else:
            readings.append(outcome)
    there.update(taken)
    _assign(settings, registry, readings, None if sources else there)
    for document, comparison in compare(before, registry.registrations()).items():
        if not sources or document in there:
            yield Checked(document, comparison)


def _paths(settings: Settings, planned: PlannedSource) -> list[str]:
    """The paths of a source's files, as the index keeps them."""
    return source_name(settings, planned.source).split(BETWEEN)


def _assign(
    settings: Settings, registry: Registry, readings: Sequence[Reading], there: Collection[str] | None
) -> None:
    """Gives what has been read its addresses.

    Args:
        settings: the archive.
        registry: its addresses.
        readings: its documents.
        there: the ids of all that it has; all others are gone.  `None` where only some were looked at.
    """
    from indexer.pairing import learn, load_dictionaries  # noqa: PLC0415 - as in `indexer.partners`

    dictionaries = load_dictionaries(settings.translations) or learn(
        sides_of(reading.passages) for reading in readings
    )
    for reading in readings:
        gone = () if there is None else set(registry.documents()).difference(there)
        registry.follow(reading.info.id, reading.passages, gone)
        registry.assign(reading.info.id, reading.passages, pairs_of(reading.passages, dictionaries))
    if there is not None:
        for document in set(registry.documents()).difference(there):
            registry.retire(document)
    registry.settle()
