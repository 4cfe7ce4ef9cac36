"""Sources -> index: reads what has changed, keeps addresses, and yields what became of each document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from indexer.addresses import Registry, compare, load_registry
from indexer.changes import (
    Change,
    Checked,
    Failed,
    Indexed,
    Learned,
    Planned,
    Postponed,
    Removed,
    Renamed,
    Unchanged,
    Unused,
    Watch,
)
from indexer.difference import Difference, difference
from indexer.engine import Engine, IndexedDocument, IndexedPassage
from indexer.errors import AddressesError, IndexMissingError, IndexOutdatedError
from indexer.exclusive import exclusively
from indexer.former import Former
from indexer.garbage import few_collections
from indexer.ingest import Reading, claimed, ingest, read
from indexer.looked import Looked
from indexer.model.text import Pair
from indexer.partners import pairs_of, sides_of
from indexer.plan import (
    Known,
    Plan,
    documents_of,
    everything,
    make_plan,
    passed_over,
    scopes_of,
    sorted_by,
    source_name,
)
from indexer.settings import Settings
from indexer.statcache import Look
from indexer.teaching import Teaching

if TYPE_CHECKING:
    from indexer.pairing import Sides

__all__ = ["check", "reindex"]

_WRITTEN_ANEW: Final = (
    "{0}: was not there, and has been written anew from the index; where addresses of deleted, merged and "
    "moved passages led is known no more: put a copy of the file back, if there is one, and reindex"
)
"""What is said where the addresses are gone and the index is not."""
_GONE: Final = (
    "{0}: is not there; a reindex writes it anew from the index, which does not know where addresses of "
    "deleted, merged and moved passages led: put a copy of the file back, if there is one"
)
"""What is said of it before a reindex."""


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
        SettingsError: a source does not exist.
    """
    if not (sources or settings.index.exists()):
        documents_of(settings)  # before anything is made where there may be no archive
    with exclusively(settings), few_collections():
        looked = Looked(settings, look)
        had_addresses = settings.addresses.exists()
        registry = load_registry(settings.addresses, settings.noted_addresses)
        little = None if rebuild or sources or not looked.other else _difference(settings, engine, looked)
        touched = looked.other is None  # perhaps, by somebody else
        known = _known(engine, rebuild=rebuild, whole=touched) if little is None else little.known
        if little is None:
            _restore(settings, engine, registry, known)
            scopes = everything(settings, sources, known) if rebuild else scopes_of(settings, sources, known)
            plan = make_plan(settings, scopes, known, anew=rebuild, seen=looked.seen)
        else:
            plan = little.plan
        others = () if little is None else little.unchanged
        yield Planned(len(plan.to_read) + len(plan.unchanged) + len(plan.failed) + len(others))
        if known and not had_addresses:
            yield Failed(settings.addresses.name, _WRITTEN_ANEW.format(settings.addresses))
        former = Former(settings, known, plan, stay=not rebuild)
        for path, reason in plan.failed:
            looked.failed()
            yield former.of(Failed(path, reason))
        unchanged: list[tuple[str, str]] = []
        for source, document in plan.unchanged:
            name = source_name(settings, source)
            looked.unchanged(source, name, document, known[document])
            unchanged.append((document, name))
        # Both are in the order of their sources, and together they are told as if each had been looked at.
        yield from (
            Unchanged(document, name)
            for document, name in (
                merge(unchanged, others, key=_source_of) if unchanged and others else unchanged or others
            )
        )
        anew = rebuild or not (known or little)
        pairs = any(len(planned.source.files) > 1 for planned in plan.to_read)
        with Teaching(settings, engine, anew=anew, pairs=pairs) as teaching:
            if plan.to_read or plan.removed or anew:
                done = _carry_out(
                    settings,
                    engine,
                    registry,
                    plan,
                    {**_untouched(plan, known), **dict(others), **dict(unchanged)},
                    looked=looked,
                    teaching=teaching,
                    rebuild=rebuild,
                    anew=anew,
                    whole=anew and not (known or sources or plan.failed),
                    watch=watch,
                )
                yield from map(former.told, done)
            for told in teaching.finish():
                if isinstance(told, Learned | Postponed):
                    yield told
                    continue
                looked.failed()
                path = settings.glossary.name
                yield Unused(path, *told) if told.lines else Failed(path, told.reason)
        if not sources:
            looked.save()


def _untouched(plan: Plan, known: Known) -> dict[str, str]:
    """By id, a file of each document that the plan does not speak of, as those from other folders."""
    spoken = {*plan.removed, *(before for planned in plan.to_read for before in planned.replaces)}
    passed_over = {path for path, _ in plan.failed}
    return {
        document: states[0].path
        for document, states in known.items()
        if document not in spoken and passed_over.isdisjoint(state.path for state in states)
    }


def _source_of(unchanged: tuple[str, str]) -> str:
    """The id by which the source of an unchanged document, told with the name of its files, is sorted."""
    return sorted_by(unchanged[1])


def check(
    settings: Settings, sources: Sequence[Path] = (), engine: Engine | None = None
) -> Iterator[Checked | Failed]:
    """What reindexing would do to the addresses; changes nothing.

    Args:
        settings: the archive.
        sources: files or folders to look at; by default the archive's folder of documents.
        engine: its index, which tells what documents are from elsewhere, and stay as they are.

    Raises:
        AddressesError: `addresses.jsonl` is damaged.
        SettingsError: a source does not exist.
    """
    registry = load_registry(settings.addresses)
    known = {} if engine is None else _known(engine, rebuild=True)
    if engine is not None and _adopt(engine, registry, known) and not settings.addresses.exists():
        yield Failed(settings.addresses.name, _GONE.format(settings.addresses))
    before = registry.registrations()
    plan = make_plan(settings, scopes_of(settings, sources, {}), {})
    former = Former(settings, known, plan, stay=True)
    yield from (former.of(Failed(path, reason)) for path, reason in plan.failed)
    taken: dict[str, str] = {}
    if not sources:
        taken = {one: states[0].path for one, states in known.items() if any(state.root for state in states)}
    seen = taken.keys() | passed_over(plan, known)
    readings: list[Reading] = []
    for planned, answer in zip(plan.to_read, read(settings, plan.to_read), strict=True):
        outcome = answer if isinstance(answer, Failed) else claimed(settings, taken, answer)
        if isinstance(outcome, Failed):
            # Its text is most likely registered under this id, and not lost.
            seen.add(planned.source.document)
            yield former.of(outcome)
        else:
            readings.append(outcome)
    from indexer.pairing import learn, load_dictionaries  # noqa: PLC0415 - as in `indexer.partners`

    dictionaries = load_dictionaries(settings.translations) or learn(
        sides_of(reading.passages) for reading in readings
    )
    for reading in readings:
        seen.add(reading.info.id)
        gone = () if sources else set(registry.documents()) - taken.keys() - seen
        registry.follow(reading.info.id, reading.passages, gone)
        registry.assign(reading.info.id, reading.passages, pairs_of(reading.passages, dictionaries))
    if not sources:
        for document in set(registry.documents()) - seen:
            registry.retire(document)
    registry.settle()
    for document, comparison in compare(before, registry.registrations()).items():
        if not sources or document in seen:
            yield Checked(document, comparison)


def _carry_out(
    settings: Settings,
    engine: Engine,
    registry: Registry,
    plan: Plan,
    staying: Mapping[str, str],
    *,
    teaching: Teaching,
    looked: Looked,
    rebuild: bool,
    anew: bool,
    whole: bool,
    watch: Watch,
) -> Iterator[Change]:
    """Writes the new index.

    Args:
        settings: the archive.
        engine: its index.
        registry: its addresses.
        plan: what is to be done.
        staying: by id, the files of the documents that stay in the index as they are.
        teaching: takes up what is written.
        looked: is told what is written.
        rebuild: into another index, which replaces the present one.
        anew: nothing of the present index is used.
        whole: no index can tell which documents have been removed.
        watch: as in `reindex`.
    """
    others = () if anew else _others(engine, plan)
    with engine.writer(rebuild=rebuild) as writer:
        for gone in plan.removed:
            writer.remove(gone)
            teaching.remove(gone)
        written = dict(staying)
        there = set(staying)
        replaced = set(plan.removed)
        renamed: set[str] = set()
        changed = anew or bool(plan.removed)
        for outcome in ingest(settings, plan, written, others, anew=anew, watch=watch):
            if isinstance(outcome, Failed):
                whole = False  # which of the registry's documents it was is not known
                looked.failed()
                yield outcome
                continue
            reading, document = outcome
            for before in {*reading.planned.replaces, reading.info.id}:
                writer.remove(before)
                teaching.remove(before)
            replaced.update(reading.planned.replaces)
            before_it = registry.follow(
                document.info.id, reading.passages, {*plan.removed, *reading.planned.replaces} - there
            )
            there.add(document.info.id)
            if before_it is not None:
                renamed.add(before_it)
                yield Renamed(document.info.id, before_it)
            addressed = _reviewed(_addressed(registry, document, reading.pairs))
            writer.add(addressed)
            teaching.add(addressed)
            changed = True
            source = reading.planned.source
            looked.indexed(source, source_name(settings, source), reading.info.id, reading.states)
            yield _indexed(addressed)
        # Only now is it known which ids have found another file: two files may have swapped theirs.
        yield from (Removed(gone) for gone in sorted(replaced - written.keys() - renamed))
        for gone in replaced.union(registry.documents() if whole else ()) - written.keys():
            registry.retire(gone)
        registry.settle()
        if changed:
            # First the addresses: one that no index knows yet does no harm, one that is lost does.
            _save(registry, settings)
            writer.commit()


def _addressed(registry: Registry, document: IndexedDocument, pairs: Sequence[Pair]) -> IndexedDocument:
    passages = registry.assign(document.info.id, [indexed.passage for indexed in document.passages], pairs)
    tokens = (indexed.tokens for indexed in document.passages)
    return replace(document, passages=tuple(map(IndexedPassage, passages, tokens)))


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


def _known(engine: Engine, *, rebuild: bool, whole: bool = False) -> Known:
    """The sources of the present index, by document; with `whole`, it is looked through for damage."""
    try:
        snapshot = engine.snapshot()
        if whole and not rebuild:
            snapshot.check()
        return snapshot.sources()
    except IndexMissingError:
        return {}
    except IndexOutdatedError:
        if not rebuild:
            raise
        return {}  # an index that cannot be read cannot tell what it had from outside the archive


def _difference(settings: Settings, engine: Engine, looked: Looked) -> Difference | None:
    try:
        return difference(settings, looked, engine.snapshot())
    except (IndexMissingError, IndexOutdatedError):
        return None  # told where the index is needed


def _restore(settings: Settings, engine: Engine, registry: Registry, known: Known) -> None:
    """As `_adopt`; what was registered is saved."""
    if _adopt(engine, registry, known):
        _save(registry, settings)


def _adopt(engine: Engine, registry: Registry, known: Known) -> bool:
    """Registers the addresses that the index knows and the registry has lost, so that no link breaks.

    Returns:
        Whether there were any.
    """
    lost = [document for document in known if not registry.knows(document)]
    if lost:
        snapshot = engine.snapshot()
        for document in lost:
            registry.adopt(document, snapshot.passages(snapshot.document(document)[1]))
    return bool(lost)


def _save(registry: Registry, settings: Settings) -> None:
    try:
        registry.save()
    except OSError as error:
        raise AddressesError(
            f"{settings.addresses}: cannot be written: {error.strerror or error}; nothing has been changed"
        ) from error
