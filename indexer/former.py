"""What becomes of the versions that the index has of files which cannot be read now."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Literal

from indexer.changes import Change, Failed
from indexer.engine import SourceState
from indexer.plan import BETWEEN, Known, Plan, source_name
from indexer.settings import Settings

__all__ = ["Former"]


class Former:
    """The versions that the index had before a reindex; looked through when the first file has failed."""

    def __init__(self, settings: Settings, known: Known, plan: Plan, *, stay: bool) -> None:
        """What there was.

        Args:
            settings: the archive.
            known: by document, the files that the present index was made from.
            plan: what is to be done.
            stay: whether what fails stays as the index has it.
        """
        self._settings = settings
        self._known = known
        self._plan = plan
        self._stay = stay

    def told(self, change: Change) -> Change:
        """The change; where a file failed, with what becomes of its former version."""
        return self.of(change) if isinstance(change, Failed) else change

    def of(self, failure: Failed) -> Failed:
        """The failure with what becomes of the former version of its file."""
        becomes: Literal["stays", "gone"] = "stays" if self._stay else "gone"
        documents = {self._owners[path] for path in _paths(failure.path) if path in self._owners}
        if not documents and any(path.startswith(f"{failure.path}/") for path in self._owners):
            return replace(failure, before=becomes)  # a folder
        if len(documents) != 1 or self._sources[next(iter(documents))] - {failure.path}:
            return failure  # another file may be this document now
        return replace(failure, before=becomes, version=_day(self._known[documents.pop()]))

    @cached_property
    def _owners(self) -> dict[str, str]:
        """By its path, the document that a file was read as."""
        return {state.path: document for document, states in self._known.items() for state in states}

    @cached_property
    def _sources(self) -> defaultdict[str, set[str]]:
        """By document, the names of the sources to be read that its files belong to."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for planned in self._plan.to_read:
            name = source_name(self._settings, planned.source)
            for path in _paths(name):
                if path in self._owners:
                    found[self._owners[path]].add(name)
        return found


def _paths(name: str) -> list[str]:
    return [name, *name.split(BETWEEN)]


def _day(states: Sequence[SourceState]) -> str:
    """When the files were last changed before they were read, as YYYY-MM-DD; empty where nobody knows."""
    times = [state.mtime_ns for state in states]
    if not all(times):
        return ""
    return dt.datetime.fromtimestamp(max(times) / 10**9, tz=dt.UTC).astimezone().date().isoformat()
