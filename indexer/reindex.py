"""Sources -> index: reads what has changed, keeps addresses, and yields what became of each document."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from indexer.addresses import Comparison, Registry, load_registry
from indexer.analysis import analyze, analyze_all, blank
from indexer.engine import Engine, IndexedDocument, IndexedPassage, SourceState
from indexer.errors import (
    AddressesError,
    IndexLockedError,
    IndexMissingError,
    ReadError,
    SettingsError,
)
from indexer.model import Document, Passage
from indexer.passages import cut
from indexer.readers import Limits, Source, find_sources, read
from indexer.settings import Settings

__all__ = ["Change", "Checked", "Failed", "Indexed", "Planned", "Removed", "Unchanged", "check", "reindex"]

_BATCH: Final = 20_000
"""Code points that are analysed together, so that Kiwi has work for all cores."""


@dataclass(frozen=True, slots=True)
class Planned:
    """Comes first: how much there is to do."""

    sources: int
    """Documents that are looked at."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """A document was read and put into the index."""

    document: str
    path: str
    passages: int
    characters: int
    """Code points of all its passages."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A document's files are as they were."""

    document: str
    path: str


@dataclass(frozen=True, slots=True)
class Removed:
    """A document's files are gone; its addresses are kept."""

    document: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A file could not be read.  What the index already had of it stays."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What reindexing would do to the addresses of a document."""

    document: str
    comparison: Comparison


Change = Planned | Indexed | Unchanged | Removed | Failed


@dataclass(frozen=True, slots=True)
class _Reading:
    """A source that has been read, and what its files were like."""

    source: Source
    document: Document
    states: tuple[SourceState, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class _Scope:
    """A folder of sources, or the part of it that was asked for."""

    root: Path
    only: tuple[Path, ...] = ()

    def covers(self, path: Path) -> bool:
        """Whether a source file at `path` would have been found."""
        return any(path == chosen or path.is_relative_to(chosen) for chosen in self.only or (self.root,))


@dataclass(slots=True)
class _Plan:
    """What is to be done."""

    to_read: list[tuple[Source, tuple[str, ...]]] = field(default_factory=list)
    """Each source with the ids of the documents in the index that it replaces."""
    unchanged: list[tuple[Source, str]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)


def reindex(
    settings: Settings, engine: Engine, sources: Sequence[Path] = (), *, rebuild: bool = False
) -> Iterator[Change]:
    """Brings the index up to date with the source files; yields what became of each, as it goes.

    Everything becomes visible at once when the iterator is exhausted; one that is given up changes nothing.

    Args:
        settings: the archive.
        engine: its index.
        sources: files or folders to look at; by default the archive's folder of documents.
        rebuild: read everything anew into a new index, which then replaces the present one.

    Raises:
        IndexLockedError: another process is doing the same.
        IndexOutdatedError: the index is of another version and must be rebuilt.
        IndexWriteError: the disk is full or not writable.
        AddressesError: `addresses.jsonl` is damaged.
        SettingsError: a source does not exist.
    """
    with _lock(settings):
        registry = load_registry(settings.addresses)
        known = {} if rebuild else _known(engine)
        plan = _plan(settings, _scopes(settings, sources), known)
        yield Planned(len(plan.to_read) + len(plan.unchanged) + len(plan.failed))
        yield from plan.failed
        yield from (Unchanged(document, _name(settings, source)) for source, document in plan.unchanged)
        if plan.to_read or plan.removed or rebuild or not known:
            yield from _carry_out(settings, engine, registry, plan, known, rebuild=rebuild)


def check(settings: Settings, sources: Sequence[Path] = ()) -> Iterator[Checked | Failed]:
    """What reindexing would do to the addresses; changes nothing.

    Raises:
        AddressesError: `addresses.jsonl` is damaged.
        SettingsError: a source does not exist.
    """
    registry = load_registry(settings.addresses)
    plan = _plan(settings, _scopes(settings, sources), {})
    yield from plan.failed
    for source, _ in plan.to_read:
        try:
            reading = _read(settings, source)
        except ReadError as error:
            yield Failed(_name(settings, source), str(error))
        else:
            yield Checked(reading.document.id, registry.compare(reading.document.id, reading.passages))


def _carry_out(
    settings: Settings,
    engine: Engine,
    registry: Registry,
    plan: _Plan,
    known: Mapping[str, tuple[SourceState, ...]],
    *,
    rebuild: bool,
) -> Iterator[Change]:
    with engine.writer(rebuild=rebuild) as writer:
        for document in plan.removed:
            writer.remove(document)
            registry.retire(document)
            yield Removed(document)
        taken = {document for _, document in plan.unchanged}
        changed = bool(plan.removed)
        for outcome, replaces in _read_all(settings, plan, taken):
            if isinstance(outcome, Failed):
                yield outcome
                continue
            for document in {*replaces, outcome.info.id} & known.keys():
                writer.remove(document)
            for document in set(replaces) - {outcome.info.id}:
                registry.retire(document)
            addressed = registry.assign(outcome.info.id, [indexed.passage for indexed in outcome.passages])
            passages = tuple(
                IndexedPassage(passage, indexed.tokens)
                for passage, indexed in zip(addressed, outcome.passages, strict=True)
            )
            writer.add(
                IndexedDocument(outcome.info, outcome.sources, passages, outcome.title, outcome.authors)
            )
            changed = True
            characters = sum(len(passage.text) for passage in addressed)
            yield Indexed(outcome.info.id, outcome.sources[0].path, len(addressed), characters)
        if changed or rebuild or not known:
            # First the addresses: one that no index knows yet does no harm, one that is lost does.
            _save(registry, settings)
            writer.commit()


def _read_all(
    settings: Settings, plan: _Plan, taken: set[str]
) -> Iterator[tuple[Failed | IndexedDocument, tuple[str, ...]]]:
    """Reads and analyses the sources of the plan, several at a time, in order."""
    batch: list[tuple[_Reading, tuple[str, ...]]] = []
    size = 0
    for source, replaces in plan.to_read:
        try:
            reading = _read(settings, source)
            _claim(taken, reading)
        except ReadError as error:
            yield Failed(_name(settings, source), str(error)), ()
            continue
        batch.append((reading, replaces))
        size += sum(len(passage.text) for passage in reading.passages)
        if size >= _BATCH:
            yield from _analyse(batch)
            batch, size = [], 0
    yield from _analyse(batch)


def _claim(taken: set[str], reading: _Reading) -> None:
    """Makes sure that no two documents have one id."""
    document = reading.document.id
    if document in taken:
        raise ReadError(
            f"{reading.states[0].path}: another document has the id {document!r}; change one of them"
        )
    taken.add(document)


def _analyse(
    batch: Sequence[tuple[_Reading, tuple[str, ...]]],
) -> Iterator[tuple[IndexedDocument, tuple[str, ...]]]:
    texts = [
        blank(passage.text, (reference.span for reference in passage.references))
        for reading, _ in batch
        for passage in reading.passages
    ]
    tokens = analyze_all(texts)
    for reading, replaces in batch:
        info = reading.document.info
        indexed = tuple(IndexedPassage(passage, next(tokens)) for passage in reading.passages)
        title = analyze(" / ".join(text for _, text in info.titles.items()))
        authors = analyze(" / ".join(info.authors))
        yield IndexedDocument(info, reading.states, indexed, title, authors), replaces


def _read(settings: Settings, source: Source) -> _Reading:
    try:
        states = tuple(_state(settings, file.path) for file in source.files)
    except OSError as error:
        raise ReadError(f"{_name(settings, source)}: cannot be read: {error.strerror or error}") from error
    document = read(source, Limits(settings.max_bytes, settings.max_seconds))
    return _Reading(source, document, states, cut(document))


def _scopes(settings: Settings, sources: Sequence[Path]) -> list[_Scope]:
    documents = settings.documents.absolute()
    if not sources:
        if not documents.is_dir():
            raise SettingsError(
                f"there is no folder {settings.documents}; put your texts there, or name a source"
            )
        return [_Scope(documents)]
    inside: list[Path] = []
    scopes: list[_Scope] = []
    for source in sources:
        path = source.absolute()
        if not path.exists() and not path.is_relative_to(documents):
            raise SettingsError(f"{source}: there is no such file or folder")
        if path.is_relative_to(documents):
            inside.append(path)
        else:
            scopes.append(_Scope(path) if path.is_dir() else _Scope(path.parent, (path,)))
    return [*([_Scope(documents, tuple(inside))] if inside else []), *scopes]


def _plan(
    settings: Settings, scopes: Sequence[_Scope], known: Mapping[str, tuple[SourceState, ...]]
) -> _Plan:
    plan = _Plan()
    owners = {state.path: document for document, states in known.items() for state in states}
    found: set[str] = set()
    for scope in scopes:
        sources, failures = find_sources(scope.root, scope.only)
        plan.failed.extend(Failed(_relative(settings, path), reason) for path, reason in failures)
        found.update(_relative(settings, path) for path, _ in failures)
        for source in sources:
            paths = [_relative(settings, file.path) for file in source.files]
            found.update(paths)
            replaces = tuple(dict.fromkeys(owners[path] for path in paths if path in owners))
            if len(replaces) == 1 and _is_unchanged(settings, source, known[replaces[0]]):
                plan.unchanged.append((source, replaces[0]))
            else:
                plan.to_read.append((source, replaces))
    for document, states in known.items():
        covered = any(
            scope.covers(settings.documents.absolute() / state.path) for scope in scopes for state in states
        )
        if covered and not any(state.path in found for state in states):
            plan.removed.append(document)
    return plan


def _is_unchanged(settings: Settings, source: Source, states: Sequence[SourceState]) -> bool:
    """Whether the files are the same: by size and time, else by their content."""
    before = {state.path: state for state in states}
    if before.keys() != {_relative(settings, file.path) for file in source.files}:
        return False
    try:
        return all(_same(file.path, before[_relative(settings, file.path)]) for file in source.files)
    except OSError:
        return False


def _same(path: Path, before: SourceState) -> bool:
    status = path.stat()
    if status.st_size != before.size:
        return False
    return status.st_mtime_ns == before.mtime_ns or _sha256(path) == before.sha256


def _state(settings: Settings, path: Path) -> SourceState:
    status = path.stat()
    return SourceState(_relative(settings, path), status.st_size, status.st_mtime_ns, _sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _relative(settings: Settings, path: Path) -> str:
    """The path as the index keeps it: from the folder of documents where it lies in there, else absolute."""
    path, documents = path.absolute(), settings.documents.absolute()
    return (path.relative_to(documents) if path.is_relative_to(documents) else path).as_posix()


def _name(settings: Settings, source: Source) -> str:
    return " + ".join(_relative(settings, file.path) for file in source.files)


def _known(engine: Engine) -> Mapping[str, tuple[SourceState, ...]]:
    try:
        return engine.snapshot().sources()
    except IndexMissingError:
        return {}


def _save(registry: Registry, settings: Settings) -> None:
    try:
        registry.save()
    except OSError as error:
        raise AddressesError(
            f"{settings.addresses}: cannot be written: {error.strerror or error}; nothing has been changed"
        ) from error


@contextmanager
def _lock(settings: Settings) -> Iterator[None]:
    """Keeps a second writer out, also of the addresses; the system frees the lock of a killed process."""
    try:
        settings.index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(settings.index / "reindex.lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise IndexLockedError(
            f"another reindex is running{_since(settings)}; wait until it has finished"
        ) from None
    except OSError as error:
        raise SettingsError(f"{settings.index}: cannot be written: {error.strerror or error}") from error
    note = settings.index / "reindex.json"
    try:
        started = dt.datetime.now(tz=dt.UTC).astimezone().isoformat(sep=" ", timespec="seconds")
        note.write_text(json.dumps({"pid": os.getpid(), "since": started}), encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _since(settings: Settings) -> str:
    try:
        note = json.loads((settings.index / "reindex.json").read_text(encoding="utf-8"))
        return f" since {note['since']} (process {note['pid']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # the other one has not written its note yet, or has just removed it
