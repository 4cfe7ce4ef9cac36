"""How a passage lies in a Whoosh index.

Two kinds of Whoosh document are written: one for each passage and one for each document of the archive.
Whoosh analyses nothing here: it is given our tokens, so none of its analyzers is pickled into the index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from whoosh import columns, fields, formats

from indexer.model import Field, Token

__all__ = [
    "AUTHOR",
    "FACTS",
    "OCCURRENCE",
    "PARTS",
    "SCHEMA",
    "SCHEMA_VERSION",
    "TEXT",
    "TITLE",
    "field_name",
]

SCHEMA_VERSION: Final = "2"
"""Changes whenever an index that was written before could no longer be read rightly."""

TEXT: Final = "text"
TITLE: Final = "title"
AUTHOR: Final = "author"
PARTS: Final = (TEXT, TITLE, AUTHOR)
"""What of a passage is indexed: its own text, its document's titles, its document's authors."""

OCCURRENCE: Final = np.dtype([(name, "<u4") for name in ("position", "end", "start", "stop")])
"""One occurrence of a term: the units `[position, end)` and the code points `[start, stop)` it covers."""

FACTS: Final = np.dtype(
    [
        ("document", "<u8"),
        ("ordinal", "<u4"),
        ("date", "<i4"),
        ("length", "<u4"),
        ("pair", "<u4"),
        ("year", "<i2"),
        ("korean", "u1"),
        ("passage", "u1"),
    ]
)
"""The columns of a passage, in one value; all zero for a document.  `passage` is 1, and 2 for a title."""


class _Occurrences(formats.Format):  # type: ignore[misc]
    """A posting's value is its occurrences as an array; Whoosh's own formats pickle them one by one."""

    def word_values(
        self, value: Sequence[Token], _analyzer: object, **_options: Any
    ) -> Iterator[tuple[str, int, float, bytes]]:
        places: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
        for token in value:
            place = (token.position, token.position + token.length, token.span.start, token.span.end)
            places[token.term].append(place)
        for term, rows in places.items():
            yield term, len(rows), float(len(rows)), np.array(rows, dtype=OCCURRENCE).tobytes()

    def supports(self, name: str) -> bool:
        return name == "frequency"

    def decode_frequency(self, value: bytes) -> int:
        return len(value) // OCCURRENCE.itemsize


class _Tokens(fields.FieldType):  # type: ignore[misc]
    """A field whose value is a sequence of our tokens."""

    def __init__(self) -> None:
        super().__init__(_Occurrences(), analyzer=None, scorable=False)


def field_name(part: str, field: Field) -> str:
    """The name in the index of one kind of evidence for one part of a passage."""
    return f"{part}_{field}"


SCHEMA: Final = fields.Schema(
    document=fields.ID(),
    entry_of=fields.ID(),
    address=fields.ID(),
    facts=fields.COLUMN(columns.FixedBytesColumn(FACTS.itemsize)),
    stored=fields.STORED(),
    **{field_name(part, field): _Tokens() for part in PARTS for field in Field},
)
"""`document`: of a passage, its document's id; `entry_of`: of a document, its own id; `stored`: JSON."""
