"""Where each document's lines stand in `addresses.jsonl`: a reindex of one file reads those of one document.

The file belongs to the index and can always be deleted: it says of which content it speaks, by its digest,
and where that is not the present one (somebody edited the registry, or put back a copy), all lines are read.

Its first line is a checksum of the rest, and the second the digest; then comes a JSON object: by document id,
the offsets in bytes of its first line and of what follows its last one, and whether one of them lives.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

__all__ = ["Place", "read_places", "write_places"]


class Place(NamedTuple):
    """Where a document's lines stand in the file."""

    begin: int
    """Bytes."""
    end: int
    lives: bool
    """Whether one of the passages is in the archive."""


def read_places(path: Path, content: bytes) -> dict[str, Place] | None:
    """The places in this very `content` of the registry; `None` where `path` does not know them."""
    try:
        checksum, _, rest = path.read_bytes().partition(b"\n")
        digest, _, table = rest.partition(b"\n")
        if checksum != _checksum(rest) or digest != _digest([content]):
            return None
        return {document: Place(*place) for document, place in json.loads(table).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def write_places(path: Path, parts: Iterable[bytes], places: Mapping[str, Place]) -> None:
    """Keeps the places in the registry whose content is `parts`.

    Where that cannot be written, the next reindex reads all lines, and that is all.
    """
    rest = _digest(parts) + b"\n" + json.dumps(places, separators=(",", ":")).encode("ascii")
    temporary = path.with_name(f".{path.name}.new")
    with suppress(OSError):
        temporary.write_bytes(
            _checksum(rest) + b"\n" + rest
        )  # not synced: it has a checksum, and can be lost
        temporary.replace(path)


def _digest(parts: Iterable[bytes]) -> bytes:
    digest = hashlib.blake2b(digest_size=32)
    for part in parts:
        digest.update(part)
    return digest.hexdigest().encode("ascii")


def _checksum(rest: bytes) -> bytes:
    return b"%08x" % zlib.crc32(rest)
