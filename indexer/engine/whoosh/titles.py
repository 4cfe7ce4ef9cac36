"""The documents whose titles have a term.

Every term of a query is asked for in titles, too.  Few terms stand there, and all of them together take
little memory: so they can be read beforehand.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.term_postings import Leaf

__all__ = ["Titles"]

_MOST: Final = 1 << 20
"""Postings of one field that are read beforehand: 16 bytes each."""

Named = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Of some documents the first passages, and those after the last."""


class Titles:
    """The terms of the titles of one segment in one field."""

    def __init__(self, leaf: Leaf, field: str) -> None:
        """Those of the field `field` in the segment `leaf`."""
        self._leaf = leaf
        self._reader = leaf.segment.field(field)
        self._places: dict[bytes, int] | None = None
        """Once all is read, by term its place."""
        self._bounds: list[int] = []
        """By place, the first of the term's documents among all."""
        self._all: Named = (np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp))

    def read_all(self) -> None:
        """Reads all terms, unless there are too many."""
        reader, living = self._reader, self._leaf.living
        places = np.arange(reader.size)
        many = reader.frequencies(0, reader.size)
        if not 0 < int(many.sum()) <= _MOST:
            return
        rows, _ = reader.several(places)
        if living is not None:
            kept = living[rows]
            rows, many = rows[kept], np.bincount(places.repeat(many)[kept], minlength=reader.size)
        self._all = self._leaf.passages_of(rows)
        self._bounds = [0, *many.cumsum().tolist()]
        self._places = {term: place for place, term in enumerate(reader.texts(0, reader.size))}

    def find(self, term: bytes) -> Named | None:
        """The documents whose titles have `term`; none for none."""
        if self._places is not None:
            place = self._places.get(term)
            if place is None:
                return None
            first, last = self._bounds[place], self._bounds[place + 1]
            return self._all[0][first:last], self._all[1][first:last]
        postings = self._reader.find_postings(term)
        if postings is None:
            return None
        rows, living = postings.numbers, self._leaf.living
        return self._leaf.passages_of(rows if living is None else rows[living[rows]])
