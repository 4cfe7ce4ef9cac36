"""`addresses.jsonl`: the registry as a text file, made to be kept in version control and mended by hand.

One JSON object a line, one line a passage, in UTF-8.  Documents stand in the order of their ids, the
passages of each in reading order, a tombstone or an alias where its passage stood: an edit changes one line,
an insertion adds one, and two people who edit different passages do not conflict.

| field | |
|---|---|
| `address` | the permanent id; with `lang` it names the line, and no other line has both |
| `document` | the id of the document in which the passage stands, or stood last |
| `lang` | `en` or `ko` |
| `text` | the passage's text when it was last seen |
| `gone` | `true` for a tombstone: the passage is no longer in the archive |
| `now` | for an alias: the address of the passage that this one went into, was paired with, or became |
| `from` | the address of the passage that this one was split off from |
| `was` | on one line of a document that was renamed: the ids that it had before, the oldest first |

The last four are left out where they say nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from json.encoder import encode_basestring as quoted
from pathlib import Path
from typing import Any, Final, cast

from indexer.addresses.registration import ADDRESS, Key, Registration
from indexer.durable import write_whole_bytes
from indexer.errors import AddressesError
from indexer.model.text import LANGS

__all__ = ["encoded", "parsed", "read_content", "read_registrations", "registrations_in", "write_content"]

_CONFLICT: Final = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


def read_registrations(path: Path) -> list[Registration]:
    """The lines of the file; none where there is no such file.

    Raises:
        AddressesError: a line cannot be understood; the message names it by its number.
    """
    return registrations_in(path, read_content(path))


def read_content(path: Path) -> bytes:
    """The file as it is; nothing where there is no such file.

    Raises:
        AddressesError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _unreadable(path, error) from error


def registrations_in(path: Path, content: bytes) -> list[Registration]:
    """The lines of `content`, which was read from the file at `path`.

    Raises:
        AddressesError: a line cannot be understood; the message names it by its number.
    """
    try:
        lines = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    except UnicodeDecodeError as error:
        raise _unreadable(path, error) from error
    numbers: dict[Key, int] = {}
    registrations: list[Registration] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            registration = _parse(path, number, line)
            numbers.setdefault(registration.key, number)
            registrations.append(registration)
    if len(numbers) < len(registrations):
        places = [number for number, line in enumerate(lines, start=1) if line.strip()]
        registrations = _one_of_each(path, list(zip(places, registrations, strict=True)))
    _check_aliases(path, registrations, numbers)
    return registrations


def _one_of_each(path: Path, numbered: Sequence[tuple[int, Registration]]) -> list[Registration]:
    from indexer.addresses.merged import TwiceError, one_of_each  # noqa: PLC0415 - only after a merge

    try:
        return one_of_each(numbered)
    except TwiceError as twice:
        (first, one), (number, other) = twice.first, twice.second
        same = one.document == other.document
        which = (
            "whose text stands in the document now"
            if same
            else f"of the document that holds the passage now ({one.document} or {other.document})"
        )
        reason = f"the address {other.address} stands in line {first} already: keep the line {which}"
        raise _broken(path, number, f"{reason}, take out the other") from None


def parsed(content: bytes) -> list[Registration]:
    """The lines of a part of a file that this module has written."""
    return [_registration(json.loads(line)) for line in content.decode("utf-8").split("\n") if line]


def encoded(registrations: Iterable[Registration]) -> bytes:
    """The lines as they stand in the file."""
    return "".join(map(_line, registrations)).encode("utf-8")


def write_content(path: Path, parts: Iterable[bytes]) -> None:
    """Writes the file in one step.

    Raises:
        OSError: the disk is full or not writable; the old file is untouched.
    """
    # A registry kept elsewhere and linked here stays where it is kept.
    write_whole_bytes(path.resolve(), parts)


def _parse(path: Path, number: int, line: str) -> Registration:
    if line.startswith(_CONFLICT):
        raise _broken(
            path,
            number,
            "a conflict of git is marked here: take out the marks and keep the lines of both sides; of two "
            "with one address and one document keep that with the present text",
        )
    try:
        one = _registration(json.loads(line))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _broken(
            path, number, "it is not a JSON object with address, document, lang and text"
        ) from error
    if reason := _fault(one):
        raise _broken(path, number, reason)
    return one


def _registration(row: dict[str, Any]) -> Registration:
    was = row.get("was", ())
    return Registration(
        row["address"],
        row["document"],
        row["lang"],
        row["text"],
        row.get("gone", False),
        row.get("now", ""),
        row.get("from", ""),
        tuple(was) if isinstance(was, list) else was,
    )


def _fault(one: Registration) -> str:
    texts: tuple[object, ...] = (one.address, one.document, one.text, one.now, one.origin)
    lang, gone, was = cast(object, one.lang), cast(object, one.gone), cast(object, one.was)
    if not all(isinstance(text, str) for text in texts) or lang not in LANGS:
        return "address, document and text must be texts, lang must be en or ko"
    if not isinstance(was, tuple) or not all(isinstance(name, str) for name in was):
        return "was must be a list of texts, or be left out"
    if not isinstance(gone, bool):
        return "gone must be true, or be left out"
    for address in (one.address, one.now, one.origin):
        if ADDRESS.fullmatch(address) is None and (address or not one.address):
            return f"{address!r} is not an address"
    if one.gone and one.now:
        return (
            "gone and now cannot stand in one line: either the passage is gone, or it has another address now"
        )
    return ""


def _check_aliases(path: Path, registrations: Iterable[Registration], numbers: Mapping[Key, int]) -> None:
    """Makes sure that every alias leads to a passage, or to a tombstone."""
    aliases = {one.key: one for one in registrations if one.now}
    known = {address for address, _ in numbers}
    for one in aliases.values():
        if one.now not in known:
            raise _broken(path, numbers[one.key], f"{one.now}, which it goes by now, stands in no line")
        passed, at = {one.key}, aliases.get((one.now, one.lang))
        while at is not None:
            if at.key in passed:
                raise _broken(path, numbers[one.key], f"{one.address} leads back to itself")
            passed.add(at.key)
            at = aliases.get((at.now, at.lang))


def _unreadable(path: Path, error: Exception) -> AddressesError:
    reason = (isinstance(error, OSError) and error.strerror) or error
    return AddressesError(f"{path}: cannot be read ({reason}); nothing has been changed")


def _broken(path: Path, number: int, reason: str) -> AddressesError:
    return AddressesError(
        f"{path}, line {number}: {reason}; mend the line and run again (nothing has been changed)"
    )


def _line(one: Registration) -> str:
    # As `json.dumps` would write it, in a fraction of the time.
    more = ',"gone":true' if one.gone else ""
    if one.now:
        more += f',"now":{quoted(one.now)}'
    if one.origin:
        more += f',"from":{quoted(one.origin)}'
    if one.was:
        more += f',"was":[{",".join(map(quoted, one.was))}]'
    document, text = quoted(one.document), quoted(one.text)
    return (
        f'{{"address":{quoted(one.address)},"document":{document},"lang":"{one.lang}","text":{text}{more}}}\n'
    )
