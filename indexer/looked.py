"""What a reindex sees of the archive's own sources, kept for the next one (see `indexer.statcache`)."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from contextlib import suppress

from indexer.engine import SourceState
from indexer.listing import list_sources, list_tree
from indexer.plan import Seen, is_young
from indexer.readers import Source
from indexer.settings import Settings
from indexer.statcache import NAME, content

__all__ = ["Looked"]


class Looked:
    """Begins with a look at all sources; is told what became of each; says in the end what to keep."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._began = time.time_ns()
        self._lines = list_sources(os.fspath(settings.documents))
        self.seen: Seen = {}
        """The files by path, with size and time."""
        if self._lines is not None:
            self.seen = {
                path: _numbers(rest) for path, _, rest in (one.partition("\0") for one in self._lines)
            }
        self._surely = self._lines is not None
        self._beside = self._look_beside()
        self._paths: set[str] = set()
        self._young: list[tuple[str, str]] = []
        self._events: list[tuple[str, str]] = []

    def failed(self) -> None:
        """Something could not be read: it is to be tried again, and named again, each time."""
        self._surely = False

    def unchanged(self, source: Source, name: str, document: str, states: Sequence[SourceState]) -> None:
        """The files `states` of a source, by `name`, still are what the index has as `document`."""
        self._young += [
            (state.path, state.sha256)
            for state in states
            if state.path in self.seen and is_young(self.seen[state.path][1], self._began)
        ]
        self._add(source, name, document, states)

    def indexed(self, source: Source, name: str, document: str, states: Sequence[SourceState]) -> None:
        """The files `states` of a source, by `name`, were read, and are `document` now."""
        if any(state.root for state in states):
            return  # from outside the archive's folder of documents, where nobody looks unasked
        for state in states:
            if not state.mtime_ns:
                self._young.append((state.path, state.sha256))
            elif self.seen.get(state.path) != (state.size, state.mtime_ns):
                self._surely = False  # it changed between the look and the reading
        self._add(source, name, document, states)

    def save(self) -> None:
        """Keeps what was seen, unless something was unclear.

        Where it cannot be written, the next reindex has to look closely, and that is all.
        """
        if not self._surely or self._lines is None or self._paths != self.seen.keys():
            return
        path = self._settings.index / NAME
        events = [event for _, event in sorted(self._events)]
        if self._beside is None or self._beside != self._look_beside():
            return  # the glossary or the settings changed while they were in use
        with suppress(OSError, ValueError):
            kept = content(os.fspath(self._settings.data), self._lines, sorted(self._young), events)
            if path.is_file() and path.read_bytes() == kept:
                return
            temporary = path.with_name(f".{NAME}.new")
            temporary.write_bytes(kept)  # not synced: it has a checksum, and can be lost
            temporary.replace(path)

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
        return None if any(is_young(time_ns, self._began) for time_ns in times) else lines

    def _add(self, source: Source, name: str, document: str, states: Sequence[SourceState]) -> None:
        self._paths.update(state.path for state in states)
        told = {"event": "unchanged", "document": document, "path": name}
        self._events.append((source.document, json.dumps(told, ensure_ascii=False)))


def _numbers(text: str) -> tuple[int, int]:
    size, _, mtime_ns = text.partition(" ")
    return int(size), int(mtime_ns)
