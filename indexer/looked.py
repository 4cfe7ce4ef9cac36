"""What a reindex sees of the archive's own sources, kept for the next one (see `indexer.statcache`)."""

from __future__ import annotations

import json
import os
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from indexer.engine import SourceState
from indexer.listing import list_tree
from indexer.obeyed import in_json
from indexer.plan import Seen, is_young, sorted_by
from indexer.readers import Source
from indexer.settings import Settings
from indexer.statcache import NAME, Look, content

__all__ = ["Looked"]


class Looked:
    """Begins with a look at all sources; is told what became of each; says in the end what to keep."""

    def __init__(self, settings: Settings, look: Look | None = None) -> None:
        """Begins while nobody else can write, with a look that somebody took already, if it still holds."""
        self._settings = settings
        data = os.fspath(settings.data)
        self._look = look if look is not None and look.data == data else Look(data, alone=False)
        if self._look.kept is None or not self._look.kept.still_holds(data):
            self._look.kept = None  # somebody wrote since
        self._files = dict(line.partition("\0")[::2] for line in self._look.sources or ())
        """By path, size and time as they stand in a line."""
        self._surely = self._look.sources is not None
        self._beside = self._look_beside()
        self._paths: set[str] = set()
        self._young: list[tuple[str, str]] = []
        self._carried: list[tuple[str, str]] = []
        """Of documents that need not be looked at, in order: the names of their files, and their events."""
        self._events: list[tuple[str, str]] = []

    @property
    def seen(self) -> Seen:
        """The files by path, with size and time."""
        return self.seen_of(self._files)

    def seen_of(self, paths: Iterable[str]) -> Seen:
        """As `seen`, of some of the files."""
        return {path: _numbers(self._files[path]) for path in paths if path in self._files}

    @property
    def files(self) -> Mapping[str, str]:
        """All files by path."""
        return self._files

    @property
    def other(self) -> frozenset[str] | None:
        """The paths that are new, gone, or not as the last reindex saw them; `None` where nobody knows."""
        return None if self._look.kept is None else self._look.other

    @property
    def events(self) -> Sequence[str]:
        """What the last reindex told of each document, by a JSON object, if `other` is known."""
        return [] if self._look.kept is None else self._look.kept.events.split("\n")[:-1]

    def failed(self) -> None:
        """Something could not be read: it is to be tried again, and named again, each time."""
        self._surely = False

    def carry(self, events: Iterable[tuple[str, str]], without: frozenset[str]) -> None:
        """All documents but those of the files `without` still are what they were.

        Args:
            events: theirs, in order, each with the names of the files.
            without: paths; what becomes of them will be told.
        """
        if self._look.kept is None:
            return
        self._carried = list(events)
        before = (line.partition("\0")[0] for line in self._look.kept.sources.split("\n") if line)
        self._paths.update(path for path in before if path not in without)
        for line in self._look.kept.young.split("\n") if self._look.kept.young else ():
            path, digest = line.split("\0")
            if path not in without and self._is_young(path):
                self._young.append((path, digest))

    def unchanged(self, source: Source, name: str, document: str, states: Sequence[SourceState]) -> None:
        """The files `states` of a source, by `name`, still are what the index has as `document`."""
        self._young += [(one.path, one.sha256) for one in states if self._is_young(one.path)]
        self._add(source, name, document, states)

    def indexed(self, source: Source, name: str, document: str, states: Sequence[SourceState]) -> None:
        """The files `states` of a source, by `name`, were read, and are `document` now."""
        if any(state.root for state in states):
            return  # from outside the archive's folder of documents, where nobody looks unasked
        for state in states:
            if not state.mtime_ns:
                self._young.append((state.path, state.sha256))
            elif self._files.get(state.path) != f"{state.size} {state.mtime_ns}":
                self._surely = False  # it changed between the look and the reading
        self._add(source, name, document, states)

    def save(self) -> None:
        """Keeps what was seen, unless something was unclear.

        Where it cannot be written, the next reindex has to look closely, and that is all.
        """
        if not self._surely or self._look.sources is None or self._paths != self._files.keys():
            return
        path = self._settings.index / NAME
        if self._beside is None or self._beside != self._look_beside():
            return  # the glossary or the settings changed while they were in use
        with suppress(OSError, ValueError):
            sources, data = self._look.sources, os.fspath(self._settings.data)
            kept = content(data, sources, sorted(self._young), self._all_events())
            if path.is_file() and path.read_bytes() == kept:
                return
            temporary = path.with_name(f".{NAME}.new")
            temporary.write_bytes(kept)  # not synced: it has a checksum, and can be lost
            temporary.replace(path)

    def _all_events(self) -> list[str]:
        """The events of all documents, in order."""
        carried = [event for _, event in self._carried]
        places: list[tuple[int, str, str]] = []
        for document, event in sorted(self._events):
            at = bisect_left(self._carried, document, key=lambda one: sorted_by(one[0]))
            places.append((at, document, event))
        for at, _, event in reversed(places):
            carried.insert(at, event)
        return carried

    def _is_young(self, path: str) -> bool:
        return path in self._files and is_young(_numbers(self._files[path])[1], self._look.began)

    def _look_beside(self) -> list[str] | None:
        """What stands in the archive's folder beside the addresses, which a reindex writes itself.

        `None` where that cannot be told, or where something is so young that it may still change unseen.
        """
        own = self._settings.addresses.name
        try:
            lines = list_tree(os.fspath(self._settings.data), deep=False, without=(own,))
        except OSError:
            return None
        times = (int(line.rpartition("\0")[2].split(" ")[1]) for line in lines)
        return None if any(is_young(time_ns, self._look.began) for time_ns in times) else lines

    def _add(self, source: Source, name: str, document: str, states: Sequence[SourceState]) -> None:
        self._paths.update(state.path for state in states)
        told = {"event": "unchanged", "document": document, "path": name}
        self._events.append((source.document, in_json(json.dumps(told, ensure_ascii=False))))


def _numbers(text: str) -> tuple[int, int]:
    size, _, mtime_ns = text.partition(" ")
    return int(size), int(mtime_ns)
