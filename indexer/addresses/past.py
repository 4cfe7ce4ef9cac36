"""Where addresses lead that no passage bears any more: to another address, or to a tombstone."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from indexer.addresses.file import read_registrations
from indexer.addresses.registration import Key, Registration
from indexer.addresses.successors import NONE, Successors, successors
from indexer.errors import AddressesError
from indexer.model.text import LANGS, Bilingual, Lang

__all__ = ["Grave", "PastAddresses"]

_Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Grave:
    """A passage that is no longer in the archive."""

    address: str
    lang: Lang
    document: str
    """The id of the document in which it stood last."""
    text: str
    """What it said last."""
    near: tuple[Key, ...]
    """Passages that stood near it, the nearest first; they have addresses still."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What the file said when it had that stamp."""

    stamp: _Stamp | None
    aliases: Mapping[Key, Key]
    graves: Mapping[Key, Grave]
    successors: Mapping[str, Successors]
    """By the id that a document had once, or that had one which is gone, what became of it."""
    beginnings: Mapping[str, Bilingual]
    """By each id of a document of which nothing is left under that id, its first passages."""

    def end(self, key: Key) -> Key:
        """Where the aliases that begin at `key` end; none of them leads back to itself."""
        return _end(self.aliases, key)


class PastAddresses:
    """The aliases and tombstones of the registry at `path`, read when they are first asked for.

    The file is read again when it has been replaced, and only then, also if it is damaged.  May be used
    by several threads.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._read = _Read(None, {}, {}, {}, {})
        self._damaged: tuple[_Stamp | None, str] | None = None
        """Which file could not be understood, and why: it is not read anew for each visitor."""

    def leads_to(self, address: str, lang: Lang | None = None) -> Key | None:
        """The address, and its language, that `address` has become; `None` where it has become none.

        Args:
            address: what a link says.
            lang: the side that is asked for; where it has become nothing the other side counts.

        Raises:
            AddressesError: the registry is damaged.
        """
        read = self._now()
        ends = ((key, read.end(key)) for key in _keys(address, lang))
        return next((end for key, end in ends if end != key and end not in read.graves), None)

    def grave(self, address: str, lang: Lang | None = None) -> Grave | None:
        """The tombstone at `address`, or at the end of where it leads; `None` where there is none.

        Raises:
            AddressesError: the registry is damaged.
        """
        read = self._now()
        ends = (read.end(key) for key in _keys(address, lang))
        return next((read.graves[end] for end in ends if end in read.graves), None)

    def became(self, document_id: str) -> Successors:
        """Which documents are now what was called `document_id` once, or have passages of it.

        Raises:
            AddressesError: the registry is damaged.
        """
        return self._now().successors.get(document_id, NONE)

    def beginning(self, document_id: str) -> Bilingual | None:
        """What the first passages of a document said last; `None` where it is not gone, or never was.

        As a rule that is its title; what it was is not kept.

        Raises:
            AddressesError: the registry is damaged.
        """
        return self._now().beginnings.get(document_id)

    def _now(self) -> _Read:
        stamp = _stamp(self._path)
        if stamp != self._read.stamp:
            with self._lock:
                if stamp != self._read.stamp:
                    self._read = self._reading(stamp)
        return self._read

    def _reading(self, stamp: _Stamp | None) -> _Read:
        if self._damaged and self._damaged[0] == stamp:
            raise AddressesError(self._damaged[1])
        try:
            registrations = read_registrations(self._path)
        except AddressesError as error:
            if not isinstance(error.__cause__, OSError):  # such as too many open files: not the file's fault
                self._damaged = stamp, error.wrong
            raise
        self._damaged = None
        return _digest(stamp, registrations)


def _keys(address: str, lang: Lang | None) -> Iterator[Key]:
    langs: Sequence[Lang] = LANGS if lang is None else (lang, *(other for other in LANGS if other != lang))
    return ((address, one) for one in langs)


def _stamp(path: Path) -> _Stamp | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _digest(stamp: _Stamp | None, registrations: Iterable[Registration]) -> _Read:
    by_document = sorted(registrations, key=lambda one: one.document)
    documents = {name: list(lines) for name, lines in groupby(by_document, key=lambda one: one.document)}
    aliases: dict[Key, Key] = {one.key: (one.now, one.lang) for one in by_document if one.now}
    graves: dict[Key, Grave] = {}
    beginnings: dict[str, Bilingual] = {}
    for name, lines in documents.items():
        for lang in LANGS:
            graves.update(_graves([one for one in lines if one.lang == lang]))
        if not any(one.lives for one in lines):
            beginnings[name] = _beginning(lines)
            for once in (once for one in lines for once in one.was):
                beginnings.setdefault(once, beginnings[name])
    became = successors(documents, partial(_end, aliases))
    return _Read(stamp, aliases, graves, became, beginnings)


def _end(aliases: Mapping[Key, Key], key: Key) -> Key:
    while key in aliases:
        key = aliases[key]
    return key


def _beginning(lines: Sequence[Registration]) -> Bilingual:
    """The first passages of a document that is gone, or the first that are elsewhere now."""
    first: dict[Lang, str] = {}
    for one in sorted(lines, key=lambda one: bool(one.now)):
        first.setdefault(one.lang, one.text)
    return Bilingual(first.get("en", ""), first.get("ko", ""))


def _graves(lines: Sequence[Registration]) -> Iterator[tuple[Key, Grave]]:
    """The tombstones of a document's side, each with what stands before and behind it."""
    behind: list[Key | None] = [None] * len(lines)
    following: Key | None = None
    for at in reversed(range(len(lines))):
        behind[at] = following
        following = following if lines[at].gone else lines[at].key
    before: Key | None = None
    for at, one in enumerate(lines):
        if one.gone:
            near = tuple(key for key in (before, behind[at]) if key is not None)
            yield one.key, Grave(one.address, one.lang, one.document, one.text, near)
        else:
            before = one.key
