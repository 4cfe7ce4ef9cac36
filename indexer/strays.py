"""Documents that have addresses, and that neither the index nor any source knows.

There are some where the addresses are ahead of the index: they came from another clone, where a file was
renamed or deleted in the meantime; the reindex that wrote them was killed; or the index is gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from indexer.addresses import Registry
from indexer.changes import Failed
from indexer.model.text import Passage
from indexer.plan import Known, Plan, PlannedSource, source_name
from indexer.readers import document_of
from indexer.settings import Settings

__all__ = ["Strays"]


class Strays:
    """The documents of the registry whose fate only the sources can tell."""

    def __init__(
        self, settings: Settings, registry: Registry, plan: Plan, known: Known, *, wanted: bool
    ) -> None:
        """What there is before anything is read.

        Args:
            settings: the archive.
            registry: its addresses.
            plan: what is to be read.
            known: what the index was made from; of these documents the plan speaks.
            wanted: whether all sources of the archive are looked at, and there may be strays; where that is
                not so, there are none, and nothing is read of the registry.
        """
        self._settings = settings
        self._registry = registry
        self._plan = plan
        self._unsure = not (wanted or registry.as_noted)
        """There may be some that nobody looks for now."""
        self._unknown = frozenset(registry.documents()).difference(known) if wanted else frozenset[str]()
        """Documents that only the registry knows, so far."""
        self._expected = frozenset(one.source.document for one in plan.to_read if self._unknown)
        self._failed: set[str] = set()
        self._unclear = False
        """Something failed, and which of the documents it is nobody can tell."""
        paths = {state.path for states in known.values() for state in states} if self._unknown else ()
        for path, _ in plan.failed if self._unknown else ():
            self._keep(() if path not in paths else ("",), document_of(path))

    def may_be(
        self, planned: PlannedSource, document: str, passages: Sequence[Passage], there: AbstractSet[str]
    ) -> bool:
        """Whether a source looks like one of them: that it is can only be told when all have been read.

        Args:
            planned: the source.
            document: its id.
            passages: what it holds.
            there: the ids of what is there so far.
        """
        if not self._unknown:
            return False
        own = self._unknown.intersection([planned.source.document])
        candidates = (self._unknown - self._expected | own).difference(there)
        return self._registry.called_before(document, passages, candidates) is not None

    def failed(self, failure: Failed) -> None:
        """A source could not be read: the document that it was stays."""
        if self._unknown:
            for planned in self._plan.to_read:
                if source_name(self._settings, planned.source) == failure.path:
                    self._keep(planned.replaces, planned.source.document)

    def gone(self, there: Iterable[str]) -> AbstractSet[str]:
        """Those that no source is any more: to be asked when all have been read.

        Args:
            there: the ids of all that is there.
        """
        return self._unknown.difference(there, self._failed)

    def surely_gone(self, there: Iterable[str]) -> AbstractSet[str]:
        """As `gone`; none where one of them may be what could not be read."""
        return frozenset() if self._unclear else self.gone(there)

    def left(self, there: Iterable[str]) -> bool:
        """Whether there may still be some when those that are surely gone have been retired."""
        return self._unsure or bool(self._unknown.difference(there, self.surely_gone(there)))

    def _keep(self, in_index: Iterable[str], document: str) -> None:
        """Keeps what failed: by the ids that the index has of it, or else the one that its name gives it."""
        if any(in_index):
            return
        self._unclear = self._unclear or document not in self._unknown
        self._failed.add(document)
