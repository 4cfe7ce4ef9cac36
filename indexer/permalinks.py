"""Where does an address lead now: to a passage, to what that has become, or to what is left of it?"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.engine import Engine, Snapshot
from indexer.errors import UnknownAddressError, UnknownDocumentError
from indexer.model.archive import FormerDocument, Tombstone
from indexer.model.text import DocumentInfo, Lang, Passage

if TYPE_CHECKING:
    from indexer.addresses import PastAddresses

__all__ = ["Permalinks"]


class Permalinks:
    """The addresses of an archive, present and past, in each of its commits."""

    def __init__(self, engine: Engine, path: Path) -> None:
        """The addresses in this index, and those kept in `path`, which is read for one that is not."""
        self._engine = engine
        self._path = path

    def passage(self, snapshot: Snapshot, address: str, lang: Lang | None) -> Passage:
        """The passage with this address; of a pair the side in `lang`, else the English one.

        An address of former times leads to the passage that it has become.

        Raises:
            UnknownAddressError: there is no such passage.
        """
        sides = _sides(snapshot, address)
        if not any(lang in (None, side.lang) for side in sides):
            now = self._past.leads_to(address, lang)
            sides = (_sides(snapshot, now[0]) if now else []) or sides
            lang = now[1] if now else lang
        if not sides:
            raise UnknownAddressError(f"no passage of this archive has the address {address!r}")
        return next((side for side in sides if side.lang == lang), sides[0])

    def number(self, snapshot: Snapshot, passage: Passage) -> int:
        """The number of a passage, by its address and language; -1 where it is not in this commit."""
        numbers = snapshot.addressed(passage.address)
        sides = zip(numbers, snapshot.passages(numbers), strict=True)
        return next((number for number, side in sides if side.lang == passage.lang), -1)

    def tombstone(self, address: str, lang: Lang | None) -> Tombstone | None:
        """What is left of a passage that is gone; `None` where there never was one with this address."""
        grave = self._past.grave(address, lang)
        if grave is None:
            return None
        snapshot = self._engine.snapshot()
        near = (self._past.leads_to(*key) or key for key in grave.near)
        found = (side for key in near for side in _sides(snapshot, key[0]) if side.lang == grave.lang)
        try:
            info = snapshot.info(grave.document)
        except UnknownDocumentError:
            info = None
        begins = None if info else self._past.beginning(grave.document)
        return Tombstone(
            grave.address, grave.lang, grave.text, grave.document, info, next(found, None), begins
        )

    def former(self, document_id: str) -> FormerDocument | None:
        """What became of a document that is not called so any more; `None` where nothing is known of one."""
        became = self._past.became(document_id)
        snapshot = self._engine.snapshot()
        present: list[DocumentInfo] = []
        for one in became.documents:
            with suppress(UnknownDocumentError):  # one that a reindex has not brought into the index yet
                present.append(snapshot.info(one))
        if became.sure and present:
            return FormerDocument(present[0].id)
        begins = self._past.beginning(document_id)
        return FormerDocument(begins=begins, elsewhere=tuple(present)) if begins or present else None

    @cached_property
    def _past(self) -> PastAddresses:
        from indexer.addresses import PastAddresses  # noqa: PLC0415 - few addresses are of former times

        return PastAddresses(self._path)


def _sides(snapshot: Snapshot, address: str) -> list[Passage]:
    """The passages with this address, English first."""
    return sorted(snapshot.passages(snapshot.addressed(address)), key=lambda side: side.lang)
