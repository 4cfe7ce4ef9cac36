"""The fields of the index, as Whoosh is told of them.

Two kinds of Whoosh document are written: one for each passage and one for each document of the archive.
Whoosh analyses nothing here and pickles nothing: our own codec is given our own tokens.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from whoosh import fields, formats

from indexer.model.terms import Field

__all__ = [
    "AUTHOR",
    "FIELDS",
    "OCCURRENCE",
    "PARTS",
    "SCHEMA",
    "TEXT",
    "TITLE",
    "field_name",
    "is_of_documents",
]

TEXT: Final = "text"
TITLE: Final = "title"
AUTHOR: Final = "author"
PARTS: Final = (TEXT, TITLE, AUTHOR)
"""What is indexed: of each passage its own text, of each document its titles and its authors."""

OCCURRENCE: Final = np.dtype([(name, "<u4") for name in ("position", "end", "start", "stop")])
"""One occurrence of a term: the units `[position, end)` and the code points `[start, stop)` it covers."""


class _Occurrences(formats.Format):  # type: ignore[misc]
    """A posting's value is its occurrences as an array; Whoosh's own formats pickle them one by one."""

    def supports(self, name: str) -> bool:
        return name in ("frequency", "positions", "characters")

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // OCCURRENCE.itemsize

    def decode_positions(self, value: bytes) -> list[int]:
        positions: list[int] = np.frombuffer(value, dtype=OCCURRENCE)["position"].tolist()
        return positions

    def decode_characters(self, value: bytes) -> list[tuple[int, int, int]]:
        places = np.frombuffer(value, dtype=OCCURRENCE)
        return list(zip(*(places[name].tolist() for name in ("position", "start", "stop")), strict=True))


class _Tokens(fields.FieldType):  # type: ignore[misc]
    """A field of our tokens."""

    def __init__(self) -> None:
        super().__init__(_Occurrences(), analyzer=None, scorable=True)


def field_name(part: str, field: Field) -> str:
    """The name in the index of one kind of evidence for one part of a passage."""
    return _NAMES[part, field]


_NAMES: Final = {(part, field): f"{part}_{field}" for part in PARTS for field in Field}
FIELDS: Final = tuple(_NAMES.values())
"""The names of all fields that have postings."""

SCHEMA: Final = fields.Schema(stored=fields.STORED(), **{name: _Tokens() for name in FIELDS})
"""`stored`: of a passage and of a document what is shown of it, as JSON."""


def is_of_documents(name: str) -> bool:
    """Whether the postings of the field `name` are documents, and not passages."""
    return not name.startswith(TEXT)
