"""The permanent ids of passages, kept in `addresses.jsonl`.

An address is minted once, opaque and short, and written to a text file that belongs to the archive: it can be
kept in version control, and any index can be rebuilt from it.  A passage is known again, within its document,
by its exact text; of several with the same text the first is the first.  A document whose file was renamed is
known again by its passages.
"""

from __future__ import annotations

import json
import re
import secrets
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from indexer.durable import write_whole
from indexer.errors import AddressesError
from indexer.model import LANGS, Lang, Passage

__all__ = ["ADDRESS", "Comparison", "Registration", "Registry", "load_registry"]

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH: Final = 9
ADDRESS: Final = re.compile(rf"[{_ALPHABET}]{{{_LENGTH}}}")
"""What an address looks like: nine characters of Crockford's base32 in lower case (45 bits).

Source: Douglas Crockford, "Base 32", https://www.crockford.com/base32.html
"""


@dataclass(frozen=True, slots=True)
class Registration:
    """A line of the registry: a passage that has, or once had, an address."""

    address: str
    document: str
    lang: Lang
    text: str
    """The passage's text when it was last seen."""
    gone: bool = False
    """True where the passage is no longer in its document."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The passages of a document against the registry."""

    kept: int
    """Passages that keep their address."""
    new: tuple[str, ...]
    """Texts that would get a new address."""
    lost: tuple[str, ...]
    """Texts whose address would lead nowhere."""


class Registry:
    """All addresses of an archive."""

    def __init__(self, path: Path, registrations: Iterable[Registration]) -> None:
        self._path = path
        self._by_document: dict[str, list[Registration]] = defaultdict(list)
        for registration in registrations:
            self._by_document[registration.document].append(registration)
        self._taken = {one.address for many in self._by_document.values() for one in many}
        self._changed = not path.exists()

    def knows(self, document_id: str) -> bool:
        """Whether the document has, or had, passages with addresses."""
        return document_id in self._by_document

    def adopt(self, document_id: str, passages: Iterable[Passage]) -> None:
        """Registers the passages of a document with the addresses that they have already."""
        adopted = [Registration(one.address, document_id, one.lang, one.text) for one in passages]
        self._taken.update(one.address for one in adopted)
        self._put(document_id, adopted)

    def follow(self, document_id: str, passages: Sequence[Passage], gone: Iterable[str]) -> None:
        """Lets the addresses of a document that has moved come along.

        A document that was never seen is the same as one whose file is gone if most of its passages have the
        same text as passages of that one; of several the one with the most.

        Args:
            document_id: the document as it is called now.
            passages: what it holds.
            gone: ids whose files are gone.
        """
        if self.knows(document_id):
            return
        now = Counter((passage.lang, passage.text) for passage in passages)
        shared = {
            before: (now & Counter((one.lang, one.text) for one in self._by_document[before])).total()
            for before in sorted(gone)
            if self.knows(before)
        }
        best = max(shared, key=lambda before: shared[before], default=None)
        if best is not None and 2 * shared[best] > len(passages):
            moved = [replace(one, document=document_id) for one in self._by_document.pop(best)]
            self._put(document_id, moved)

    def compare(self, document_id: str, passages: Sequence[Passage]) -> Comparison:
        """What `assign` would do, without doing it."""
        before = Counter(
            (one.lang, one.text) for one in self._by_document.get(document_id, ()) if not one.gone
        )
        now = Counter((passage.lang, passage.text) for passage in passages)
        return Comparison(
            kept=(before & now).total(),
            new=tuple(text for _, text in (now - before).elements()),
            lost=tuple(text for _, text in (before - now).elements()),
        )

    def assign(self, document_id: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """The passages with their addresses; those that were never seen before get new ones."""
        known: dict[tuple[Lang, str], deque[Registration]] = defaultdict(deque)
        for registration in sorted(self._by_document.get(document_id, ()), key=lambda one: one.gone):
            known[registration.lang, registration.text].append(registration)
        addressed: list[Passage] = []
        registered: list[Registration] = []
        for passage in passages:
            same = known.get((passage.lang, passage.text))
            address = same.popleft().address if same else self._mint()
            addressed.append(replace(passage, address=address))
            registered.append(Registration(address, document_id, passage.lang, passage.text))
        left = [replace(one, gone=True) for many in known.values() for one in many]
        self._put(document_id, [*registered, *left])
        return tuple(addressed)

    def retire(self, document_id: str) -> None:
        """Marks the passages of a removed document as gone; their addresses are never used again."""
        self._put(document_id, [replace(one, gone=True) for one in self._by_document.get(document_id, ())])

    def documents(self) -> dict[str, tuple[str, ...]]:
        """The texts of the passages that each document has, by its id, as they were last seen."""
        return {
            document: tuple(one.text for one in many if not one.gone)
            for document, many in self._by_document.items()
        }

    def save(self) -> None:
        """Writes the registry if anything has changed; a crash leaves the old file or the new one."""
        if not self._changed:
            return
        many = (one for document_id in sorted(self._by_document) for one in self._by_document[document_id])
        # A registry kept elsewhere and linked here stays where it is kept.
        write_whole(self._path.resolve(), map(_line, many))
        self._changed = False

    def _put(self, document_id: str, registrations: list[Registration]) -> None:
        if registrations != self._by_document.get(document_id, []):
            self._by_document[document_id] = registrations
            self._changed = True

    def _mint(self) -> str:
        while True:
            address = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
            if address not in self._taken:
                self._taken.add(address)
                return address


def load_registry(path: Path) -> Registry:
    """The registry kept in `path`; an empty one where there is no such file.

    Raises:
        AddressesError: a line cannot be understood; the message names it.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return Registry(path, ())
    except (OSError, UnicodeDecodeError) as error:
        raise AddressesError(f"{path}: cannot be read ({error}); nothing has been changed") from error
    registrations: list[Registration] = []
    seen: dict[tuple[str, Lang], int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        registration = _parse(path, number, line)
        first = seen.setdefault((registration.address, registration.lang), number)
        if first != number:
            raise _broken(path, number, f"the address {registration.address} stands in line {first} already")
        registrations.append(registration)
    return Registry(path, registrations)


def _parse(path: Path, number: int, line: str) -> Registration:
    try:
        row = json.loads(line)
        one = Registration(row["address"], row["document"], row["lang"], row["text"], row.get("gone", False))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken(
            path, number, "it is not a JSON object with address, document, lang and text"
        ) from error
    texts = (one.address, one.document, one.text)
    if (
        not all(isinstance(text, str) for text in texts)
        or one.lang not in LANGS
        or not isinstance(one.gone, bool)
    ):
        raise _broken(path, number, "address, document and text must be texts, lang must be en or ko")
    if ADDRESS.fullmatch(one.address) is None:
        raise _broken(path, number, f"{one.address!r} is not an address")
    return one


def _broken(path: Path, number: int, reason: str) -> AddressesError:
    return AddressesError(
        f"{path}, line {number}: {reason}; mend the line and run again (nothing has been changed)"
    )


def _line(one: Registration) -> str:
    row: dict[str, str | bool] = {
        "address": one.address,
        "document": one.document,
        "lang": one.lang,
        "text": one.text,
    }
    if one.gone:
        row["gone"] = True
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
