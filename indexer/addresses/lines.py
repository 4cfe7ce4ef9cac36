"""The lines of the registry, document by document: understood only where somebody asks for them.

What was written by this program, byte for byte, need not be understood again to keep it: where each
document's lines stand in the file is known (see `indexer.addresses.places`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from indexer.addresses.file import encoded, parsed
from indexer.addresses.places import Place
from indexer.addresses.registration import Registration

__all__ = ["DocumentLines"]

_ADDRESS: Final = re.compile(rb'^\{"address":"([0-9a-z]+)"', re.MULTILINE)


class DocumentLines:
    """By document id, the lines of its passages."""

    def __init__(
        self,
        registrations: Iterable[Registration] = (),
        content: bytes = b"",
        places: Mapping[str, Place] | None = None,
    ) -> None:
        """The lines that have been read already, or else those at `places` of the file's `content`."""
        self._content = content
        self._places = dict(places or {})
        """Of those that are as they stand in the file."""
        self._read: dict[str, list[Registration]] = defaultdict(list)
        for one in registrations:
            self._read[one.document].append(one)
        self._read = dict(self._read)

    def __contains__(self, document_id: str) -> bool:
        return document_id in self._read or document_id in self._places

    def __iter__(self) -> Iterator[str]:
        """The ids, in the order of the file."""
        return iter(sorted(self._read.keys() | self._places.keys()))

    def of(self, document_id: str) -> list[Registration]:
        """The lines of a document; none where it is unknown."""
        lines = self._read.get(document_id)
        if lines is None and (place := self._places.get(document_id)) is not None:
            lines = self._read[document_id] = parsed(self._content[place.begin : place.end])
        return lines or []

    def put(self, document_id: str, lines: Sequence[Registration]) -> None:
        """Gives a document other lines."""
        self._places.pop(document_id, None)
        self._read[document_id] = list(lines)

    def drop(self, document_id: str) -> None:
        """Forgets a document."""
        self._places.pop(document_id, None)
        self._read.pop(document_id, None)

    def living(self) -> tuple[str, ...]:
        """The ids of the documents that have a living passage."""
        return tuple(
            one
            for one in self
            if (
                self._places[one].lives
                if one in self._places
                else any(line.lives for line in self._read[one])
            )
        )

    def addresses(self) -> set[str]:
        """All addresses that stand in a line, whatever has become of them."""
        found = {address.decode("ascii") for address in _ADDRESS.findall(self._content)}
        return found.union(one.address for lines in self._read.values() for one in lines)

    def written(self) -> tuple[list[bytes], dict[str, Place]]:
        """The parts of the file that holds these lines, and where each document will stand in it."""
        parts: list[bytes] = []
        places: dict[str, Place] = {}
        at = 0
        first = last = 0  # of the old file, what is kept as it is and not yet among the parts
        for document in self:
            old = self._places.get(document)
            if old is None:
                lines = self._read[document]
                parts += (self._content[first:last], encoded(lines))
                first = last
                size, lives = len(parts[-1]), any(one.lives for one in lines)
            else:
                if old.begin != last:
                    parts.append(self._content[first:last])
                    first = old.begin
                last = old.end
                size, lives = old.end - old.begin, old.lives
            if size:
                places[document] = Place(at, at + size, lives)
            at += size
        parts.append(self._content[first:last])
        return parts, places
