"""What a reindex has to do: which sources are new, changed, unchanged or gone."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from indexer.engine import SourceState
from indexer.errors import SettingsError
from indexer.readers import FileState, Source, document_of, find_sources, printable
from indexer.settings import Settings
from indexer.statcache import YOUNG

__all__ = [
    "BETWEEN",
    "Known",
    "Plan",
    "PlannedSource",
    "Scope",
    "Seen",
    "documents_of",
    "everything",
    "is_young",
    "make_plan",
    "passed_over",
    "plan_of",
    "scopes_of",
    "sorted_by",
    "source_name",
    "state_of",
]

BETWEEN: Final = " + "
"""Between the names of the two files of a document."""

Known = Mapping[str, tuple[SourceState, ...]]
"""By document id, the files that the present index was made from."""

Seen = Mapping[str, tuple[int, int]]
"""By path in the folder of documents, size (bytes) and time (nanoseconds) of files looked at already."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A folder of sources, or the part of it that was asked for."""

    root: Path
    only: tuple[Path, ...] = ()

    def covers(self, path: Path) -> bool:
        """Whether a source file at `path` would have been found."""
        return any(path == chosen or path.is_relative_to(chosen) for chosen in self.only or (self.root,))


@dataclass(frozen=True, slots=True)
class PlannedSource:
    """A source that has to be read."""

    source: Source
    root: Path
    """The folder that it was found from."""
    replaces: tuple[str, ...]
    """The ids of the documents in the index that were made from its files."""


@dataclass(slots=True)
class Plan:
    """What is to be done."""

    to_read: list[PlannedSource] = field(default_factory=list)
    unchanged: list[tuple[Source, str]] = field(default_factory=list)
    """Each source with the id of its document."""
    removed: list[str] = field(default_factory=list)
    """The ids of documents whose files are gone."""
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Paths that had to be passed over, each with the reason."""


def documents_of(settings: Settings) -> Path:
    """The archive's folder of documents.

    Raises:
        SettingsError: there is none, or it cannot be opened.
    """
    documents = settings.documents.absolute()
    if not documents.is_dir():
        raise SettingsError(
            f"there is no folder {settings.documents}; put your texts there, or name a source"
        )
    try:
        os.scandir(documents).close()
    except OSError as error:  # else it would be taken for an empty one
        raise SettingsError(
            f"{settings.documents}: cannot be opened: {error.strerror or error}; check its permissions"
        ) from error
    return documents


def scopes_of(settings: Settings, sources: Sequence[Path], known: Known) -> list[Scope]:
    """Where to look for `sources`; by default in the archive's folder of documents.

    Raises:
        SettingsError: there is no such file or folder, and the index knows of none.
    """
    if not sources:
        return [Scope(documents_of(settings))]
    documents = settings.documents.absolute()
    inside: list[Path] = []
    scopes: list[Scope] = []
    for source in sources:
        path = source.absolute()
        if not path.exists() and not _was_there(settings, path, known):
            raise SettingsError(f"{source}: there is no such file or folder")
        if path.is_relative_to(documents):
            inside.append(path)
        else:
            scopes.append(Scope(path) if path.is_dir() else Scope(path.parent, (path,)))
    return [*([Scope(documents, tuple(inside))] if inside else []), *scopes]


def _was_there(settings: Settings, path: Path, known: Known) -> bool:
    """Whether the index has something from `path` or from below it, which has to be removed then."""
    name = _relative(settings, path)
    paths = (state.path for states in known.values() for state in states)
    return any(before == name or before.startswith(f"{name}/") for before in paths)


def everything(settings: Settings, sources: Sequence[Path], known: Known) -> list[Scope]:
    """The archive's documents, the sources that are named, and what the index has from other folders.

    Raises:
        SettingsError: there is nothing of all this, or a source does not exist.
    """
    outside: dict[Path, list[Path]] = defaultdict(list)
    for state in (state for states in known.values() for state in states if state.root):
        outside[Path(state.root)].append(Path(state.path))
    scopes = [Scope(root, tuple(paths)) for root, paths in outside.items()]
    documents = settings.documents.absolute()
    others = [source for source in sources if not source.absolute().is_relative_to(documents)]
    if others:
        scopes += scopes_of(settings, others, known)
    if documents.is_dir() or not scopes:
        scopes = [*scopes_of(settings, (), known), *scopes]
    return scopes


def make_plan(
    settings: Settings,
    scopes: Sequence[Scope],
    known: Known,
    *,
    anew: bool = False,
    again: AbstractSet[str] = frozenset(),
    seen: Seen = MappingProxyType({}),
) -> Plan:
    """What is to be done about the sources in `scopes`.

    Args:
        settings: the archive.
        scopes: where to look; what lies elsewhere stays as it is.
        known: what the present index was made from.
        anew: read what has not changed, too.
        again: the same, of these documents.
        seen: files that need not be looked at again.
    """
    found = [(scope.root, *find_sources(scope.root, scope.only)) for scope in scopes]
    plan = plan_of(settings, found, known, anew=anew, again=again, seen=seen)
    documents = settings.documents.absolute()
    plan.removed[:] = [
        document
        for document in plan.removed
        if any(scope.covers(documents / state.path) for scope in scopes for state in known[document])
    ]
    return plan


def plan_of(
    settings: Settings,
    found: Iterable[tuple[Path, Sequence[Source], Sequence[tuple[Path, str]]]],
    known: Known,
    *,
    anew: bool = False,
    again: AbstractSet[str] = frozenset(),
    seen: Seen = MappingProxyType({}),
) -> Plan:
    """What is to be done about sources that were found, and about the documents that were not.

    Args:
        settings: the archive.
        found: each folder that was looked through, its sources, and what was passed over, with the reasons.
        known: what the present index was made from.
        anew: read what has not changed, too.
        again: the same, of these documents.
        seen: files that need not be looked at again.
    """
    found = list(found)
    plan = Plan()
    plan.failed += (
        (_relative(settings, path), f"{printable(path)}: {reason}")
        for _, _, failures in found
        for path, reason in failures
    )
    closed = passed_over(plan, known) if plan.failed else set[str]()
    owners = {state.path: document for document, states in known.items() for state in states}
    names: set[str] = set()
    for root, sources, failures in found:
        names.update(_relative(settings, path) for path, _ in failures)
        for source in sources:
            paths = [_relative(settings, file.path) for file in source.files]
            if names.issuperset(paths):
                continue  # two scopes overlap
            names.update(paths)
            replaces = tuple(dict.fromkeys(owners[path] for path in paths if path in owners))
            if not anew and not closed.isdisjoint(replaces):
                continue  # its other side cannot be looked at: both stay as they are
            wanted = anew or len(replaces) != 1 or replaces[0] in again
            if not wanted and _is_unchanged(settings, source, known[replaces[0]], seen):
                plan.unchanged.append((source, replaces[0]))
            else:
                plan.to_read.append(PlannedSource(source, root, replaces))
    plan.removed += [
        document
        for document, states in known.items()
        if document not in closed and not any(state.path in names for state in states)
    ]
    return plan


def passed_over(plan: Plan, known: Known) -> set[str]:
    """The documents in the index with a file that had to be passed over, or that lies in such a folder."""
    paths = {path for path, _ in plan.failed}
    return {
        document
        for document, states in known.items()
        if any(not paths.isdisjoint(_with_folders(state.path)) for state in states)
    }


def _with_folders(path: str) -> Iterator[str]:
    """The path, and those of the folders that it lies in."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _is_unchanged(settings: Settings, source: Source, states: Sequence[SourceState], seen: Seen) -> bool:
    """Whether the files are the same: by size and time, else by their content."""
    before = {state.path: state for state in states}
    paths = {_relative(settings, file.path): file.path for file in source.files}
    if before.keys() != paths.keys():
        return False
    try:
        return all(_same(path, before[name], seen.get(name)) for name, path in paths.items())
    except OSError:
        return False


def _same(path: Path, before: SourceState, seen: tuple[int, int] | None) -> bool:
    if seen is None:
        status = path.stat()
        seen = status.st_size, status.st_mtime_ns
    size, mtime_ns = seen
    return size == before.size and (mtime_ns == before.mtime_ns or _sha256(path) == before.sha256)


def state_of(settings: Settings, root: Path, path: Path, was: FileState) -> SourceState:
    """What the file at `path`, found from the folder `root`, was when it was read."""
    outside = "" if root == settings.documents.absolute() else str(root)
    mtime_ns = 0 if is_young(was.mtime_ns, was.seen_ns) else was.mtime_ns
    return SourceState(_relative(settings, path), was.size, mtime_ns, was.sha256, outside)


def is_young(mtime_ns: int, now: int) -> bool:
    """Whether a file that changed at `mtime_ns` could change again after `now` without another time."""
    return mtime_ns > now - YOUNG


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _relative(settings: Settings, path: Path) -> str:
    """The path as the index keeps it: from the folder of documents where it lies in there, else absolute."""
    # By the letter: with ten thousand files, `relative_to` would take most of a reindex that finds no change.
    name, documents = path.absolute().as_posix(), _folder(settings.documents)
    return name.removeprefix(documents) if name.startswith(documents) else name


@lru_cache(maxsize=8)
def _folder(path: Path) -> str:
    return path.absolute().as_posix().rstrip("/") + "/"


def source_name(settings: Settings, source: Source) -> str:
    """The source's files as a person calls them."""
    return BETWEEN.join(_relative(settings, file.path) for file in source.files)


def sorted_by(name: str) -> str:
    """The id by which a source is sorted, which `source_name` calls so."""
    return document_of(name.partition(BETWEEN)[0])
