"""The lines of the registry, document by document: understood only where somebody asks for them.

What this program wrote is in the order of the documents' ids, and each line begins with the address and the
document; so a document's lines are found by these bytes, and all others are kept as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from indexer.addresses.file import encoded, parsed
from indexer.addresses.registration import Registration
from indexer.model.text import Lang

__all__ = ["DocumentLines"]

_ADDRESS: Final = re.compile(rb'^\{"address":"([0-9a-z]+)"', re.MULTILINE)
_LINE: Final = re.compile(
    rb'^\{"address":"[0-9a-z]+","document":("(?:[^"\\]|\\.)*"),"lang":".*\n?', re.MULTILINE
)
_GONE: Final = b',"gone":true'
"""Stands in the line of a tombstone."""
_SELDOM: Final = 32
"""Documents that are looked for one by one; of more, it is quicker to look through all lines once."""

_Place = tuple[int, int]
"""Where a document's lines begin in the file, and where the next document's do: bytes."""


class DocumentLines:
    """By document id, the lines of its passages."""

    def __init__(self, registrations: Iterable[Registration] = (), written: bytes = b"") -> None:
        """The lines that have been read already; or else all those of a file that was `written` here."""
        self._content = written
        self._lines: dict[str, list[Registration]] = {}
        for one in registrations:
            self._lines.setdefault(one.document, []).append(one)
        self._other = set(self._lines)
        """The documents whose lines are not those of the file."""
        self._searches = 0

    def __contains__(self, document_id: str) -> bool:
        if document_id in self._other:
            return document_id in self._lines
        return self._place(document_id) is not None

    def __iter__(self) -> Iterator[str]:
        """The ids, in the order of the file."""
        return iter(sorted(self._lines.keys() | (self._places.keys() - self._other)))

    def of(self, document_id: str) -> list[Registration]:
        """The lines of a document; none where it is unknown."""
        if document_id not in self._lines and document_id not in self._other:
            if (place := self._place(document_id)) is None:
                return []
            self._lines[document_id] = parsed(self._content[slice(*place)])
        return self._lines.get(document_id, [])

    def put(self, document_id: str, lines: Sequence[Registration]) -> None:
        """Gives a document other lines."""
        self._other.add(document_id)
        self._lines[document_id] = list(lines)

    def drop(self, document_id: str) -> None:
        """Forgets a document."""
        self._other.add(document_id)
        self._lines.pop(document_id, None)

    def addresses(self) -> set[str]:
        """All addresses that stand in a line, whatever has become of them."""
        found = {address.decode("ascii") for address in _ADDRESS.findall(self._content)}
        return found.union(one.address for lines in self._lines.values() for one in lines)

    @cached_property
    def gone(self) -> Mapping[tuple[Lang, str], Collection[str]]:
        """By the texts of the tombstones that stood there at first, with their language, their documents."""
        found: dict[tuple[Lang, str], set[str]] = {}
        lines = [one for lines in self._lines.values() for one in lines if one.gone]
        if _GONE in self._content:
            lines += parsed(
                b"".join(line for line in self._content.splitlines(keepends=True) if _GONE in line)
            )
        for one in lines:
            found.setdefault((one.lang, one.text), set()).add(one.document)
        return found

    def parts(self) -> list[bytes]:
        """The file that holds these lines, in several parts."""
        changed: list[tuple[_Place, str]] = []
        for document in self._other:
            place = self._place(document)
            if place is None:
                at = self._place_for(document)
                place = at, at
            changed.append((place, document))
        parts: list[bytes] = []
        at = 0
        for (begin, end), document in sorted(changed):
            parts += (self._content[at:begin], encoded(self._lines.get(document, ())))
            at = end
        return [*parts, self._content[at:]]

    def _place(self, document_id: str) -> _Place | None:
        """Where the document's lines stand in the file; `None` where it has none."""
        if not self._content:
            return None
        self._searches += 1
        if self._searches > _SELDOM:
            return self._places.get(document_id)
        # No text has these bytes in it: there, a backslash stands before every quotation mark.
        named = b'","document":' + json.dumps(document_id, ensure_ascii=False).encode() + b',"lang":"'
        at = self._content.find(named)
        if at < 0:
            return None
        begin = end = self._content.rfind(b"\n", 0, at) + 1
        while self._content.startswith(named, end + at - begin):
            end = self._content.find(b"\n", end) + 1
        return begin, end

    def _place_for(self, document_id: str) -> int:
        """Where the lines of a document would stand that has none in the file."""
        low, high = 0, len(self._content)
        while low < high:
            begin = self._content.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self._content.find(b"\n", begin) + 1
            if json.loads(self._content[begin:end])["document"] < document_id:
                low = end
            else:
                high = begin
        return low

    @cached_property
    def _places(self) -> dict[str, _Place]:
        places: dict[str, _Place] = {}
        for line in _LINE.finditer(self._content):
            document = json.loads(line[1])
            begin = places[document][0] if document in places else line.start()
            places[document] = begin, line.end()
        return places
