"""What has to be done where little has changed since the last reindex, which kept what it saw.

Everything else is as the index has it, and is neither looked for nor read: neither its files, nor what the
index says of it, nor its addresses.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from indexer.engine import Snapshot, SourceState
from indexer.errors import UnknownDocumentError
from indexer.looked import Looked
from indexer.plan import BETWEEN, Plan, plan_of
from indexer.readers import is_utf8, touched_sources
from indexer.settings import Settings

__all__ = ["Difference", "difference"]

_MANY: Final = 1000
"""Changed files from which it is no longer worth while to ask for each of them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What has changed, and what has not."""

    plan: Plan
    """For the sources that the changed files belong to."""
    known: Mapping[str, tuple[SourceState, ...]]
    """By document id, the files that the index was made from, of the documents that the plan is about."""
    unchanged: tuple[tuple[str, str], ...]
    """The ids of all other documents, each with the names of its files."""


def difference(settings: Settings, looked: Looked, snapshot: Snapshot) -> Difference | None:
    """What has changed since the last reindex; `None` where that has to be looked at closely.

    Args:
        settings: the archive.
        looked: at its sources.
        snapshot: the index.
    """
    if not looked.other or len(looked.other) > _MANY or not looked.events:
        return None
    if not all(is_utf8(path) for path in looked.other):
        return None
    root = settings.documents.absolute()
    sources, failures = touched_sources(root, looked.files, looked.other)
    files = (*(file.path for source in sources for file in source.files), *(path for path, _ in failures))
    touched = looked.other.union(path.relative_to(root).as_posix() for path in files)
    known: dict[str, tuple[SourceState, ...]] = {}
    unchanged: list[tuple[str, str]] = []
    carried: list[tuple[str, str]] = []
    for event, told in zip(looked.events, json.loads(f"[{','.join(looked.events)}]"), strict=True):
        document, name = told["document"], told["path"]
        if (name in touched or BETWEEN in name) and (states := _touched(snapshot, document, name, touched)):
            known[document] = states
        else:
            unchanged.append((document, name))
            carried.append((name, event))
    looked.carry(carried, touched)
    plan = plan_of(settings, [(root, sources, failures)], known, seen=looked.seen_of(touched))
    return Difference(plan, known, tuple(unchanged))


def _touched(
    snapshot: Snapshot, document: str, name: str, touched: frozenset[str]
) -> tuple[SourceState, ...]:
    """The files of a document, which are called `name` together, if one of them is `touched`."""
    if touched.isdisjoint([name, *name.split(BETWEEN)]):
        return ()
    try:
        states = snapshot.sources_of(document)
    except UnknownDocumentError:
        return ()
    return () if touched.isdisjoint(state.path for state in states) else states
