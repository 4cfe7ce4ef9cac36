"""All addresses of an archive: who has one, who gets one, and what becomes of those that are left."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final

from indexer.addresses.file import read_content, registrations_in, write_content
from indexer.addresses.lines import DocumentLines
from indexer.addresses.registration import Key, Registration, mint, mint_all
from indexer.addresses.sharing import share
from indexer.addresses.written import digest_of, forget_written, is_as_written, note_written
from indexer.model.text import Pair, Passage

__all__ = ["Registry", "load_registry"]

_RETURNED: Final = 4
"""Documents that are gone, and are compared with one that is new."""


class Registry:
    """The addresses of an archive, kept in a file."""

    def __init__(
        self, path: Path, lines: DocumentLines, noted: Path | None = None, *, as_noted: bool = False
    ) -> None:
        """The registry kept in `path`.

        Args:
            path: the file.
            lines: what stands in it.
            noted: where to note what is written, so that it need not be read as a whole; nowhere if `None`.
            as_noted: whether it is what was noted there.
        """
        self._path = path
        self._noted = noted
        self._as_noted = as_noted
        self._unnoted = b""
        """The digest of what was written, which is to be noted."""
        self._lines = lines
        self._altered: set[str] = set()
        """The documents that got other lines since all was settled."""
        self._fresh: set[str] = set()
        self._lost: set[Key] = set()
        self._changed = not path.exists()

    @property
    def as_noted(self) -> bool:
        """Whether it is, to the byte, what the last reindex left, which brought the index in step with it."""
        return self._as_noted

    def knows(self, document_id: str) -> bool:
        """Whether the document has, or had, passages with addresses."""
        return document_id in self._lines

    def documents(self) -> tuple[str, ...]:
        """The ids of the documents that have a living passage."""
        return tuple(name for name in self._lines if any(one.lives for one in self._lines.of(name)))

    def registrations(self) -> tuple[Registration, ...]:
        """All lines, in the order of the file."""
        return self._registrations(self._lines)

    def adopt(self, documents: Iterable[tuple[str, Sequence[Passage]]]) -> None:
        """Registers the passages of documents with the addresses that they have already.

        Those that are said to be gone live again; an address that another document has meanwhile stays there.
        """
        known = {one.key for one in self.registrations()}
        for document, passages in documents:
            there = {(one.address, one.lang): one for one in passages}
            lines = [
                replace(one, text=there[one.key].text, gone=False, now="") if one.key in there else one
                for one in self._lines.of(document)
            ]
            new = [one for key, one in there.items() if key not in known]
            known.update((one.address, one.lang) for one in new)
            self._taken.update(one.address for one in new)
            lines += [Registration(one.address, document, one.lang, one.text) for one in new]
            if lines:
                self._put(document, lines)

    def living(self, document_id: str) -> set[Key]:
        """The addresses of the passages that a document has, each with its language."""
        return {one.key for one in self._lines.of(document_id) if one.lives}

    def catch_up(self, documents: Iterable[tuple[str, Sequence[Passage]]]) -> None:
        """Registers the addresses that passages of known documents go by and that no line knows.

        Where another address stands for the same text, as in a copy of the file that was put back, they lead
        there.
        """
        known = {one.key for one in self.registrations()}
        for document, passages in documents:
            known.update(self._catch_up(document, passages, known))

    def _catch_up(
        self, document_id: str, passages: Sequence[Passage], known: AbstractSet[Key]
    ) -> Iterable[Key]:
        """As `catch_up` for one document, where the keys of all lines are `known`; those of its new lines."""
        lines = self._lines.of(document_id)
        own = {one.key for one in lines}
        same = {(one.lang, one.text): one.address for one in reversed(lines) if one.lives}
        # Each stands where it stands in the document: by that, too, it is known again.
        after: defaultdict[Key | None, list[Registration]] = defaultdict(list)
        last: Key | None = None
        for one in passages:
            key = one.address, one.lang
            if key in own:
                last = key
            elif key not in known:
                now = same.get((one.lang, one.text), "")
                after[last].append(Registration(one.address, document_id, one.lang, one.text, now=now))
        new = [one for several in after.values() for one in several]
        if new:
            self._taken.update(one.address for one in new)
            kept = (each for one in lines for each in (one, *after.get(one.key, ())))
            self._put(document_id, [*after.get(None, ()), *kept])
        return [one.key for one in new]

    def follow(self, document_id: str, passages: Sequence[Passage], gone: Iterable[str]) -> str | None:
        """Lets the addresses of a document that has moved come along.

        Returns:
            What it was called before; `None` where it has not moved, as far as can be told.

        Args:
            document_id: the document as it is called now; one that has a living passage stays what it is, and
                so does one that was gone and comes back.
            passages: what it holds.
            gone: ids whose files are gone, or have another id now.
        """
        best = self.called_before(document_id, passages, gone)
        if best is not None:
            lines, dead = self._lines.of(best), self._lines.of(document_id)
            self._lines.drop(best)
            self._put(document_id, [*_renamed(lines, document_id), *dead])
        return best

    def called_before(self, document_id: str, passages: Sequence[Passage], gone: Iterable[str]) -> str | None:
        """What `follow` would find; nothing is changed."""
        own = self._lines.of(document_id)
        if any(one.lives for one in own):  # as of most that are read, for which nothing else is looked at
            return None
        others = sorted({*gone, *self._returned(passages)} - {document_id})
        if not others:
            return None
        before = {one: lines for one in others if (lines := self._lines.of(one))}
        if not before:
            return None
        from indexer.addresses.elsewhere import comes_back, renamed_from  # noqa: PLC0415 - compares texts

        best = renamed_from(before, passages)
        return None if best is None or comes_back(own, before[best], passages) else best

    def _returned(self, passages: Sequence[Passage]) -> Sequence[str]:
        """Documents of which all is gone and that said most of this: a file may be back somewhere else."""
        gone = self._lines.gone
        if not gone:
            return ()
        said = Counter(name for one in passages for name in gone.get((one.lang, one.text), ()))
        return [
            name
            for name, many in said.most_common(_RETURNED)
            if 2 * many > len(passages) and not self.living(name)
        ]

    def names_before(self, document_id: str) -> tuple[str, ...]:
        """The ids that a document had before, the oldest first."""
        return tuple(name for one in self._lines.of(document_id) for name in one.was)

    def assign(
        self, document_id: str, passages: Sequence[Passage], pairs: Sequence[Pair] = ()
    ) -> tuple[Passage, ...]:
        """The passages with their addresses, in the same order.

        Args:
            document_id: their document; all its passages are given.
            passages: in reading order.
            pairs: which of them say the same, by their ordinals.
        """
        before = self._lines.of(document_id)
        if not before and not pairs:
            return self._assign_new(document_id, passages)
        from indexer.addresses.known import known_again  # noqa: PLC0415 - as in `follow`

        known = known_again(before, passages)
        found = {at: one.address for at, one in known.same.items()}
        addresses = share(passages, found, known.sure, pairs=pairs, earlier=_earlier(before), new=self._mint)
        goes_by = {one.key: addresses[at] for at, one in known.same.items()}
        goes_by |= {key: addresses[at] for key, at in known.merged.items()}
        origins = {one.key: one.origin for one in before}
        names = {one.key: one.was for one in before}
        lines: list[Registration] = []
        for at, one in enumerate(passages):
            origin = known.split.get(at, origins.get((addresses[at], one.lang), ""))
            own = "" if origin == addresses[at] else origin
            was = names.get((addresses[at], one.lang), ())
            lines.append(Registration(addresses[at], document_id, one.lang, one.text, origin=own, was=was))
        self._put(document_id, self._with_the_dead(before, lines, goes_by))
        return tuple(one.addressed(addresses[at]) for at, one in enumerate(passages))

    def _assign_new(self, document_id: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """As `assign` where there is nothing to be recognised, and no two share an address."""
        addresses = mint_all(self._taken, len(passages))
        self._fresh.update(addresses)
        addressed = tuple([one.addressed(address) for one, address in zip(passages, addresses, strict=True)])
        self._put(
            document_id, [Registration(one.address, document_id, one.lang, one.text) for one in addressed]
        )
        return addressed

    def retire(self, document_id: str) -> None:
        """Marks the passages of a removed document as gone; their addresses are never used again."""
        self._put(document_id, self._with_the_dead(self._lines.of(document_id), [], {}))

    def settle(self) -> None:
        """Finds passages that went from one document to another: to be called when all are assigned.

        The address that a passage had in its old document becomes an alias of the one it got in the new one.
        """
        if self._lost:
            self._settle_lost()
        self._altered.clear()
        self._lost.clear()
        self._fresh.clear()

    def _settle_lost(self) -> None:
        from indexer.addresses.elsewhere import gone_elsewhere  # noqa: PLC0415 - as in `follow`

        altered = self._registrations(sorted(self._altered))  # what is lost or fresh stands in one of these
        lost = [one for one in altered if one.gone and one.key in self._lost]
        fresh = [one for one in altered if one.lives and one.address in self._fresh]
        moved = gone_elsewhere(lost, fresh)
        for document in sorted({one.document for one in lost if one.key in moved}):
            lines = self._lines.of(document)
            self._put(
                document,
                [replace(x, gone=False, now=moved[x.key]) if x.gone and x.key in moved else x for x in lines],
            )

    def save(self) -> None:
        """Writes the registry if anything has changed; a crash leaves the old file or the new one.

        What was noted of it goes first: until `note` is called, nobody may rely upon it.

        Raises:
            OSError: the disk is full or not writable; the old file is untouched.
        """
        if self._changed:
            parts = self._lines.parts()
            if self._noted is not None:
                forget_written(self._noted)
                self._unnoted = digest_of(parts)
            write_content(self._path, parts)
            self._changed = False

    def note(self) -> None:
        """Notes what was saved: to be called when the index is in step with it."""
        if self._unnoted and self._noted is not None:
            note_written(self._noted, self._unnoted)
        self._unnoted = b""

    def _with_the_dead(
        self, before: Sequence[Registration], lines: Sequence[Registration], goes_by: Mapping[Key, str]
    ) -> list[Registration]:
        """The lines of the living, and after each what stood there and is an alias or a tombstone now."""
        living = {one.key for one in lines}
        behind: defaultdict[Key | None, list[Registration]] = defaultdict(list)
        last: Key | None = None
        for one in before:
            if one.key in living:
                last = one.key
                continue
            behind[last].append(self._laid_to_rest(one, goes_by.get(one.key, "")) if one.lives else one)
        return [*behind[None], *(each for one in lines for each in (one, *behind[one.key]))]

    def _laid_to_rest(self, one: Registration, now: str) -> Registration:
        if now:
            return replace(one, now=now)
        self._lost.add(one.key)
        return replace(one, gone=True)

    def _put(self, document_id: str, registrations: list[Registration]) -> None:
        if registrations != self._lines.of(document_id):
            self._lines.put(document_id, registrations)
            self._altered.add(document_id)
            self._changed = True

    @cached_property
    def _taken(self) -> set[str]:
        return self._lines.addresses()

    def _registrations(self, documents: Iterable[str]) -> tuple[Registration, ...]:
        return tuple(one for document in documents for one in self._lines.of(document))

    def _mint(self) -> str:
        address = mint(self._taken)
        self._fresh.add(address)
        return address


def load_registry(path: Path, noted: Path | None = None) -> Registry:
    """The registry kept in `path`; an empty one where there is no such file.

    Args:
        path: the file.
        noted: where it was noted what the last reindex wrote; if the file is another one, all of it is read.

    Raises:
        AddressesError: a line cannot be understood; the message names it.
    """
    content = read_content(path)
    if noted is not None and is_as_written(noted, content):
        return Registry(path, DocumentLines(written=content), noted, as_noted=True)
    return Registry(path, DocumentLines(registrations_in(path, content)), noted)


def _renamed(lines: Sequence[Registration], document_id: str) -> list[Registration]:
    """The lines of a document under another id; the first one tells what it was called before."""
    was = dict.fromkeys([*(name for one in lines for name in one.was), lines[0].document])
    was.pop(document_id, None)
    first, *others = (replace(one, document=document_id, was=()) for one in lines)
    return [replace(first, was=tuple(was)), *others]


def _earlier(before: Sequence[Registration]) -> dict[Key, str]:
    """For an address and a language, what that side was called before it was paired."""
    texts = {one.key: one.text for one in before}
    earlier: dict[Key, str] = {}
    for one in before:
        target = (one.now, one.lang)
        if one.now and (target not in earlier or texts.get(target) == one.text):
            earlier[target] = one.address
    return earlier
