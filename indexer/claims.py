"""Which source is which document: no two have one id, and what cannot be read keeps the one that it had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from indexer.changes import Failed
from indexer.plan import Known, Plan, PlannedSource, source_name
from indexer.readers import printable
from indexer.settings import Settings

__all__ = ["Claims", "untouched"]

_T = TypeVar("_T")


class Claims:
    """The ids that are taken, while sources are read one after the other."""

    def __init__(
        self, settings: Settings, taken: dict[str, str], to_read: Sequence[PlannedSource], *, stay: bool
    ) -> None:
        """What there is before anything is read.

        Args:
            settings: the archive.
            taken: by their ids, the files of documents that stay as they are; those that are read are added,
                and those that stay because they could not be read.
            to_read: what is going to be read.
            stay: whether what fails stays as the index has it.
        """
        self.taken = taken
        self._settings = settings
        self._stay = stay
        self._owners = Counter(document for one in to_read for document in one.replaces)
        """By the ids that the index has of what is read, how many sources each belongs to."""
        self._contested: set[str] = set()
        """Ids that were claimed while they may still be kept by others."""
        self._kept: dict[str, str] = {}
        """Of those that stay with their file, or failed, the name of that source."""

    def claim(self, planned: PlannedSource, document: str) -> Failed | None:
        """Takes an id for a source that has been read; or says why it cannot have it.

        Where `is_contested` is true of it then, it may still turn out that it cannot: see `settled`.
        """
        name = source_name(self._settings, planned.source)
        owned = document in planned.replaces
        if document in self.taken and not (owned and document in self._contested):
            return self._refuse(planned, document)
        if document in self.taken:
            self._kept[document] = name  # it comes late, but the id is its own
        elif self.is_contested(planned, document):
            self._contested.add(document)
        self.taken[document] = name
        return None

    def is_contested(self, planned: PlannedSource, document: str) -> bool:
        """Whether the index has this id of another source that is read, too, and may keep it."""
        return self._stay and document in self._owners and document not in planned.replaces

    def failed(self, planned: PlannedSource) -> None:
        """A source could not be read: no other one may take the place of what the index has of it."""
        if not self._stay:
            return
        for document in planned.replaces:
            if self._owners[document] == 1:  # else the other one may be it now
                name = source_name(self._settings, planned.source)
                self._kept[document] = name
                self.taken.setdefault(document, name)

    def settled(self, waiting: Iterable[tuple[PlannedSource, str, _T]]) -> tuple[list[_T], list[Failed]]:
        """When all has been read: of the sources whose claims had to wait those that have their ids.

        Each comes after the one that had its id before, so that addresses can follow from the one to the
        other; and why the others cannot have theirs.

        Args:
            waiting: sources with the ids that they claimed, and what is to be told of them.
        """
        left = list(waiting)
        refused: list[Failed] = []
        # Each source that is refused may be the reason why the next one is: it keeps what it had.
        while lost := [one for one in left if one[1] in self._kept and self.is_contested(*one[:2])]:
            left = [one for one in left if one not in lost]
            for planned, document, _ in lost:
                self.taken[document] = self._kept[document]
                refused.append(self._refuse(planned, document))
        ready: list[_T] = []
        while left:
            held = {document for planned, _, _ in left for document in planned.replaces}
            at = next((at for at, one in enumerate(left) if one[1] not in held), 0)  # 0: they swap theirs
            ready.append(left.pop(at)[2])
        return ready, refused

    def _refuse(self, planned: PlannedSource, document: str) -> Failed:
        self.failed(planned)
        name = source_name(self._settings, planned.source)
        return Failed(
            name,
            f"{printable(Path(name))}: {printable(Path(self.taken[document]))} has the id {document!r}, too; "
            "change one of them",
        )


def untouched(plan: Plan, known: Known, *, stay: bool) -> dict[str, str]:
    """By id, a file of each document that stays and that nobody reads.

    Those from other folders do, and what had to be passed over, unless another file has taken its very place.

    Args:
        plan: what is to be done.
        known: what the index was made from.
        stay: whether what had to be passed over stays as the index has it.
    """
    spoken = {*plan.removed, *(before for planned in plan.to_read for before in planned.replaces)}
    left = {path for path, _ in plan.failed}
    placed = {planned.source.document for planned in plan.to_read} if left else set[str]()
    return {
        document: states[0].path
        for document, states in known.items()
        if document not in spoken
        and ((stay and document not in placed) or left.isdisjoint(state.path for state in states))
    }
