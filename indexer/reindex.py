"""Sources -> index: reads what has changed, keeps addresses, and yields what became of each document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import starmap
from pathlib import Path
from typing import Final

from indexer.addresses import Registry, load_registry
from indexer.changes import Change, Failed, Learned, Planned, Postponed, Unchanged, Unused, Watch
from indexer.claims import untouched
from indexer.difference import Difference, difference
from indexer.engine import Engine
from indexer.errors import REBUILD, IndexMissingError, IndexOutdatedError, SettingsError
from indexer.exclusive import exclusively
from indexer.former import Former
from indexer.garbage import few_collections
from indexer.looked import Looked
from indexer.plan import (
    Known,
    Plan,
    documents_of,
    everything,
    make_plan,
    scopes_of,
    sorted_by,
    source_name,
)
from indexer.recovery import WRITTEN_ANEW, restore, revive, save, sources_known
from indexer.settings import Settings
from indexer.statcache import Look
from indexer.strays import Strays
from indexer.teaching import Teaching
from indexer.update import Update

__all__ = ["reindex"]

_SEVERAL: Final = 2
"""Documents that hardly anybody takes out of an archive together with all others."""


def reindex(
    settings: Settings,
    engine: Engine,
    sources: Sequence[Path] = (),
    *,
    rebuild: bool = False,
    look: Look | None = None,
    watch: Watch = lambda _stage, _done: None,
) -> Iterator[Change]:
    """Brings the index up to date with the source files; yields what became of each, as it goes.

    Everything becomes visible at once when the iterator is exhausted; one that is given up changes nothing.

    Args:
        settings: the archive.
        engine: its index.
        sources: files or folders to look at; by default the archive's folder of documents.
        rebuild: read everything that the index has, the archive's documents and `sources` anew, into a new
            index, which then replaces the present one.
        look: what was seen of the archive a moment ago, if it was looked at.
        watch: is told what goes on while nothing is yielded: the stage, and how many sources are through it.

    Raises:
        IndexLockedError: another process is doing the same.
        IndexOutdatedError: the index is of another version, or is damaged, and must be rebuilt.
        IndexWriteError: the disk is full or not writable.
        AddressesError: `addresses.jsonl` is damaged.
        SettingsError: a source does not exist, or all documents have vanished without anything in their
            place, and `rebuild` does not say that this is meant.
    """
    if not (sources or settings.index.exists()):
        documents_of(settings)  # before anything is made where there may be no archive
    with exclusively(settings), few_collections():
        looked = Looked(settings, look)
        had_addresses = settings.addresses.exists()
        registry = load_registry(settings.addresses, settings.noted_addresses)
        task = _task(settings, engine, registry, looked, sources, rebuild=rebuild)
        plan = task.plan
        if not (sources or rebuild):
            _refuse_to_empty(settings, task)
        yield Planned(len(plan.to_read) + len(plan.unchanged) + len(plan.failed) + len(task.others))
        if task.known and not had_addresses:
            yield Failed(settings.addresses.name, WRITTEN_ANEW.format(settings.addresses))
        former = Former(settings, task.known, plan, stay=not rebuild)
        for path, reason in plan.failed:
            looked.failed()
            yield former.of(Failed(path, reason))
        unchanged = _unchanged(settings, looked, task)
        yield from starmap(Unchanged, unchanged)
        pairs = any(len(planned.source.files) > 1 for planned in plan.to_read)
        with Teaching(settings, engine, anew=task.anew, pairs=pairs) as teaching:
            staying = {**untouched(plan, task.known, stay=not rebuild), **dict(unchanged)}
            if not task.anew and revive(engine, registry, staying):
                save(registry, settings)
            if plan.to_read or plan.removed or task.anew or task.strays.surely_gone(staying):
                update = Update(
                    settings, engine, registry, looked, teaching, plan, task.strays, staying, task.anew
                )
                yield from map(former.told, update.write(rebuild=rebuild, watch=watch))
            elif not task.strays.left(staying):
                registry.note()
            yield from _finish(settings, looked, teaching)
        if not sources:
            looked.save()


def _finish(
    settings: Settings, looked: Looked, teaching: Teaching
) -> Iterator[Learned | Postponed | Unused | Failed]:
    """Learns what the pairs teach, and tells so, and what cannot be used of the glossary."""
    for told in teaching.finish():
        if isinstance(told, Learned | Postponed):
            yield told
            continue
        looked.failed()
        path = settings.glossary.name
        yield Unused(path, *told) if told.lines else Failed(path, told.reason)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be done, and what not."""

    plan: Plan
    strays: Strays
    known: Known
    """What the index was made from, as far as the plan is about it."""
    others: Sequence[tuple[str, str]] = ()
    """Documents that it is not about, as nothing of them has changed: their ids, and names of files."""
    anew: bool = False
    """Nothing of the present index is used."""


def _task(
    settings: Settings,
    engine: Engine,
    registry: Registry,
    looked: Looked,
    sources: Sequence[Path],
    *,
    rebuild: bool,
) -> _Task:
    closely = rebuild or sources or not (looked.other and registry.as_noted)
    little = None if closely else _difference(settings, engine, looked)
    if little is not None:
        strays = Strays(settings, registry, little.plan, little.known, wanted=False)
        return _Task(little.plan, strays, little.known, little.unchanged)
    touched = looked.other is None  # perhaps, by somebody else
    known = sources_known(engine, rebuild=rebuild, whole=touched)
    restore(settings, engine, registry, known)
    scopes = everything(settings, sources, known) if rebuild else scopes_of(settings, sources, known)
    plan = make_plan(settings, scopes, known, anew=rebuild, seen=looked.seen)
    anew = rebuild or not known
    whole = settings.documents.is_dir() if rebuild else not sources
    strays = Strays(settings, registry, plan, known, wanted=whole and (anew or not registry.as_noted))
    return _Task(plan, strays, known, anew=anew)


def _refuse_to_empty(settings: Settings, task: _Task) -> None:
    """A folder that had several documents, and has nothing at all, is most likely a disk that is not there.

    Raises:
        SettingsError: it looks so.
    """
    plan = task.plan
    left = plan.to_read or plan.unchanged or plan.failed or task.others
    if left or len(plan.removed) < _SEVERAL or next(settings.documents.iterdir(), None):
        return
    raise SettingsError(
        f"{settings.documents} is empty, and the index has {len(plan.removed)} documents from it; mount the "
        "disk that has them, or take them all out",
        remedy=REBUILD,
    )


def _difference(settings: Settings, engine: Engine, looked: Looked) -> Difference | None:
    try:
        return difference(settings, looked, engine.snapshot())
    except (IndexMissingError, IndexOutdatedError):
        return None  # told where the index is needed


def _unchanged(settings: Settings, looked: Looked, task: _Task) -> Sequence[tuple[str, str]]:
    """The ids of the unchanged documents, each with the names of its files, as if each had been looked at."""
    unchanged: list[tuple[str, str]] = []
    for source, document in task.plan.unchanged:
        name = source_name(settings, source)
        looked.unchanged(source, name, document, task.known[document])
        unchanged.append((document, name))
    if not (unchanged and task.others):
        return unchanged or task.others
    return list(merge(unchanged, task.others, key=_source_of))  # both are in the order of their sources


def _source_of(unchanged: tuple[str, str]) -> str:
    """The id by which the source of an unchanged document, told with the name of its files, is sorted."""
    return sorted_by(unchanged[1])
