"""The postings of one commit over all its segments, without what was deleted; those used last are kept."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.inverted import FieldReader
from indexer.engine.whoosh.postings import FirstPositions, Occurrences, Postings
from indexer.engine.whoosh.schema import is_of_documents
from indexer.engine.whoosh.segment import SegmentReader

__all__ = ["MAX_SCANNED", "Leaf", "Terms", "View"]

MAX_SCANNED: Final = 5000
"""Terms of one segment that are looked at for one prefix: the most frequent."""
_KEPT: Final = 1 << 27
"""Bytes of postings that are kept: a query typed letter by letter asks for most of them again."""

_Ints = NDArray[np.int64]
_T = TypeVar("_T", Postings, FirstPositions, Occurrences)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A segment of the commit."""

    segment: SegmentReader
    offset: int
    """The number of its first row in the commit."""
    living: NDArray[np.bool_] | None
    """By row; none where nothing was deleted."""


@dataclass(frozen=True, slots=True)
class View:
    """The postings of a term in one segment as they lie there: rows of `leaf`, deleted ones among them."""

    leaf: Leaf
    field: FieldReader
    place: int
    numbers: NDArray[Any]
    """Rows of the segment, ascending; of a title or an author those of documents."""
    tf: NDArray[Any]


class Terms:
    """The terms of one commit; may be used by several threads at once."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._leaves = leaves
        self._kept = _Kept(_KEPT)

    def postings(self, field: str, term: str) -> Postings:
        """The passages with `term`; none where the index does not have it."""
        return self._kept.get(("postings", field, term), lambda: self._read_postings(field, term))

    def first_positions(self, field: str, term: str) -> FirstPositions:
        """Where `term` first stands in each of the passages of `postings`, in the same order."""
        return self._kept.get(("first", field, term), lambda: self._read_first_positions(field, term))

    def frequency(self, field: str, term: str) -> int:
        """How many passages (of titles and authors: documents) have `term`."""
        total = 0
        for view in self.views(field, term):
            living = view.leaf.living
            total += len(view.numbers) if living is None else int(np.count_nonzero(living[view.numbers]))
        return total

    def occurrences(self, field: str, term: str, only: _Ints | None = None) -> Occurrences:
        """The places of `term`, in all passages or in those of `only` (ascending)."""
        if only is None:
            return self._kept.get(("places", field, term), lambda: self._read_occurrences(field, term))
        if is_of_documents(field):
            everywhere = self.occurrences(field, term)
            return everywhere.take(np.flatnonzero(np.isin(everywhere.numbers, only)))
        return _gather([_places_at(view, only) for view in self.views(field, term)])

    def views(self, field: str, term: str) -> Iterator[View]:
        """The postings of `term` in each segment that has it."""
        key = term.encode("utf-8", "surrogatepass")
        for leaf in self._leaves:
            reader = leaf.segment.field(field)
            place = reader.find(key)
            if place is not None:
                yield View(leaf, reader, place, reader.numbers(place), reader.tf(place))

    def beginning_with(self, field: str, prefix: str, limit: int) -> tuple[list[str], bool]:
        """The most frequent terms that begin with `prefix`, at most `limit`, and whether there are more."""
        frequencies: dict[bytes, int] = {}
        cut = False
        for leaf in self._leaves:
            reader = leaf.segment.field(field)
            first, last = reader.beginning_with(prefix.encode("utf-8", "surrogatepass"))
            many = reader.frequencies(first, last)
            if last - first > MAX_SCANNED:
                cut = True
                best = np.argpartition(many, -MAX_SCANNED)[-MAX_SCANNED:].tolist()
                found = [(reader.text(first + at), int(many[at])) for at in best]
            else:
                found = list(zip(reader.texts(first, last), many.tolist(), strict=True))
            for text, frequency in found:
                frequencies[text] = frequencies.get(text, 0) + frequency
        terms = heapq.nsmallest(limit, frequencies, key=lambda term: (-frequencies[term], term))
        return [term.decode("utf-8", "surrogatepass") for term in terms], cut or len(frequencies) > limit

    def _read_postings(self, field: str, term: str) -> Postings:
        numbers: list[_Ints] = []
        counts: list[NDArray[np.float64]] = []
        for view in self.views(field, term):
            rows, postings = _living(view, is_of_documents(field))
            numbers.append(rows.astype(np.int64) + view.leaf.offset)
            tf = view.tf if postings is None else view.tf[postings]
            counts.append(tf.astype(np.float64))
        return Postings(_join(numbers, np.int64), _join(counts, np.float64))

    def _read_first_positions(self, field: str, term: str) -> FirstPositions:
        firsts: list[NDArray[np.float64]] = []
        for view in self.views(field, term):
            _, postings = _living(view, is_of_documents(field))
            first = view.field.first_positions(view.place)
            firsts.append((first if postings is None else first[postings]).astype(np.float64))
        return FirstPositions(_join(firsts, np.float64))

    def _read_occurrences(self, field: str, term: str) -> Occurrences:
        parts: list[tuple[_Ints, tuple[_Ints, ...]]] = []
        for view in self.views(field, term):
            rows, postings = _living(view, is_of_documents(field))
            places: tuple[NDArray[Any], ...] = view.field.places(view.place)
            tf = view.tf.astype(np.int64)
            if postings is not None:
                begins = np.cumsum(tf) - tf
                tf = tf[postings]
                at = np.repeat(begins[postings] - np.cumsum(tf) + tf, tf) + np.arange(int(tf.sum()))
                places = tuple(column[at] for column in places)
            wide = tuple(column.astype(np.int64) for column in places)
            parts.append((np.repeat(rows.astype(np.int64) + view.leaf.offset, tf), wide))
        return _gather(parts)


class _Kept:
    """What was read last, up to so many bytes of arrays."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = 0
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str, str], tuple[Any, int]] = OrderedDict()

    def get(self, key: tuple[str, str, str], read: Callable[[], _T]) -> _T:
        """What is kept under `key`, or else what `read` gives."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                kept: _T = self._kept[key][0]
                return kept
        value = read()
        size = sum(getattr(value, name).nbytes for name in value.__slots__)
        with self._lock:
            if key not in self._kept and size <= self._limit // 4:
                self._kept[key] = value, size
                self._bytes += size
                while self._bytes > self._limit:
                    self._bytes -= self._kept.popitem(last=False)[1][1]
        return value


def _living(view: View, of_documents: bool) -> tuple[NDArray[Any], _Ints | None]:  # noqa: FBT001 - two kinds of fields
    """The rows of the living passages, and which postings they belong to; none for each its own."""
    rows, living = view.numbers, view.leaf.living
    postings = None if living is None else np.flatnonzero(living[rows])
    if postings is not None:
        rows = rows[postings]
    if not of_documents:
        return rows, postings
    segment = view.leaf.segment
    documents = np.searchsorted(segment.entry_rows, rows)
    first = rows.astype(np.int64) + 1
    many = segment.entry_ends[documents] - first
    expanded = np.repeat(first - np.cumsum(many) + many, many) + np.arange(int(many.sum()))
    return expanded, np.repeat(np.arange(len(rows)) if postings is None else postings, many)


def _places_at(view: View, only: _Ints) -> tuple[_Ints, tuple[_Ints, ...]]:
    """The places in the passages `only`."""
    rows = only - view.leaf.offset
    rows = rows[(rows >= 0) & (rows < view.leaf.segment.rows)]
    if view.leaf.living is not None:
        rows = rows[view.leaf.living[rows]]
    # Of the postings' own type: NumPy would otherwise widen all of them to look for a few.
    at = np.searchsorted(view.numbers, rows.astype(view.numbers.dtype))
    found = at < len(view.numbers)
    found[found] = view.numbers[at[found]] == rows[found]
    at, rows = at[found], rows[found]
    tf, places = view.field.places_at(view.place, at)
    return np.repeat(rows + view.leaf.offset, tf), places


def _gather(parts: Sequence[tuple[_Ints, tuple[_Ints, ...]]]) -> Occurrences:
    numbers = _join([part[0] for part in parts], np.int64)
    position, units, start, span = (
        _join([part[1][column] for part in parts], np.int64) for column in range(4)
    )
    return Occurrences(numbers, position, position + units, start, start + span)


def _join(parts: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    if not parts:
        return np.empty(0, dtype=kind)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
