"""The terms that begin with what was typed, put together from all segments."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.fields import FieldReader
from indexer.engine.whoosh.occurrences import OccurrenceReader
from indexer.engine.whoosh.postings import Postings

__all__ = ["Begun", "begin"]

_SCANNED: Final = 5000
"""Terms of one of several segments that are looked at for one prefix: the most frequent."""

_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Begun:
    """The terms of one field that begin with a prefix, and their postings."""

    many: int
    """How many terms."""
    more: bool
    """Whether there are more such terms."""
    postings: Sequence[Postings]
    """By segment, of all these terms: unsorted, and a passage may come several times.  Deleted ones too."""
    _readers: Sequence[FieldReader]
    """By segment."""
    _places: Sequence[_Ints]
    """By segment, those of the terms."""

    def terms(self) -> list[bytes]:
        """The terms, each once."""
        known = (reader.texts_at(places) for reader, places in zip(self._readers, self._places, strict=True))
        return list(dict.fromkeys(chain.from_iterable(known)))

    def inside(self, only: NDArray[np.intp]) -> Iterator[tuple[int, OccurrenceReader, int, int]]:
        """The places of the terms in a few passages (ascending).

        Yields:
            A passage, and occurrences of one of the terms in it: who reads them, and `[start, stop)` there.
        """
        for reader, places, postings in zip(self._readers, self._places, self.postings, strict=True):
            numbers = postings.numbers
            if not len(numbers) or not len(only):
                continue
            wanted = np.zeros(max(int(only[-1]), int(numbers.max())) + 1, dtype=bool)
            wanted[only] = True
            at = np.flatnonzero(wanted.take(numbers))
            starts, stops = reader.extents(places)
            ends = np.cumsum(stops - starts)
            term = ends.searchsorted(at, "right")
            indices = starts[term] + at - np.concatenate([[0], ends])[term]
            runs = reader.occurrences.runs(indices.tolist())
            for number, (start, stop) in zip(numbers[at].tolist(), runs, strict=True):
                yield number, reader.occurrences, start, stop


def begin(segments: Sequence[tuple[FieldReader, int]], prefix: str, limit: int) -> Begun:
    """The most frequent terms that begin with `prefix`, at most `limit`.

    Args:
        segments: the field in each segment, and the number of the segment's first row.
        prefix: what the terms begin with.
        limit: how many terms at most.
    """
    readers = [reader for reader, _ in segments]
    many, places, more = _most_frequent(readers, prefix.encode("utf-8", "surrogatepass"), limit)
    postings: list[Postings] = []
    for (reader, offset), at in zip(segments, places, strict=True):
        found = Postings(*reader.several(at)) if len(at) else Postings.none()
        postings.append(Postings(found.numbers + offset, found.counts) if offset else found)
    return Begun(many, more, postings, readers, places)


def _most_frequent(
    readers: Sequence[FieldReader], prefix: bytes, limit: int
) -> tuple[int, list[_Ints], bool]:
    """How many terms, their places in each segment, and whether there are more."""
    most = limit if len(readers) == 1 else max(limit, _SCANNED)
    known = [_of_one(reader, *reader.beginning_with(prefix), most) for reader in readers]
    more = any(cut for _, _, cut in known)
    if len(readers) == 1:
        places = known[0][0]
        return len(places), [places], more
    texts = [reader.texts_at(places) for reader, (places, _, _) in zip(readers, known, strict=True)]
    frequencies: dict[bytes, int] = {}
    for terms, (_, many, _) in zip(texts, known, strict=True):
        for term, frequency in zip(terms, many.tolist(), strict=True):
            frequencies[term] = frequencies.get(term, 0) + frequency
    if len(frequencies) <= limit:
        return len(frequencies), [places for places, _, _ in known], more
    chosen = set(heapq.nsmallest(limit, frequencies, key=lambda term: (-frequencies[term], term)))
    kept = [np.array([term in chosen for term in terms], dtype=bool) for terms in texts]
    return len(chosen), [places[at] for (places, _, _), at in zip(known, kept, strict=True)], True


def _of_one(reader: FieldReader, first: int, last: int, limit: int) -> tuple[_Ints, _Ints, bool]:
    """The places of the most frequent terms of `[first, last)`, ascending; how frequent; whether more."""
    many = reader.frequencies(first, last)
    if last - first <= limit:
        return np.arange(first, last), many, False
    if limit <= 0:
        return many[:0], many[:0], True
    least = int(np.partition(many, -limit)[-limit])
    above, among = np.flatnonzero(many > least), np.flatnonzero(many == least)
    places = np.sort(np.concatenate([above, among[: limit - len(above)]]))
    return first + places, many[places], True
