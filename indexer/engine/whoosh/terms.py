"""The postings of one commit over all its segments, without what was deleted; those used last are kept."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.fields import FieldReader, Place, PostingList
from indexer.engine.whoosh.postings import Occurrences, Postings, meet
from indexer.engine.whoosh.schema import is_of_documents
from indexer.engine.whoosh.segment import SegmentReader

__all__ = ["Leaf", "TermPostings", "Terms"]

_SCANNED: Final = 5000
"""Terms of one of several segments that are looked at for one prefix: the most frequent."""
_KEPT: Final = 1 << 27
"""Bytes of postings that are kept: a query typed letter by letter asks for most of them again."""
_PER_POSTING: Final = 28
"""Bytes that a posting takes, about, when all that is asked of a term has been read and weighed."""
_PER_TERM: Final = 1000
_PREFIXES: Final = 8
"""Prefixes whose terms are kept: what they find is marked after it was ranked."""

_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A segment of the commit."""

    segment: SegmentReader
    offset: int
    """The number of its first row in the commit."""
    living: NDArray[np.bool_] | None
    """By row; none where nothing was deleted."""


class _Part:
    """The postings of a term in one segment, or what is left of them there."""

    __slots__ = ("_offset", "_postings", "_rows", "_which")

    def __init__(self, leaf: Leaf, postings: PostingList, *, of_documents: bool) -> None:
        """Leaves out what was deleted.

        Args:
            leaf: the segment.
            postings: the term's postings in it.
            of_documents: whether these are of documents, and stand for all their passages.
        """
        self._offset = leaf.offset
        self._postings = postings
        self._rows = postings.numbers
        self._which: NDArray[np.intp] | None = None
        if leaf.living is not None:
            self._which = np.flatnonzero(leaf.living[self._rows])
            self._rows = self._rows[self._which]
        if of_documents:
            self._rows, self._which = _passages_of(leaf.segment, self._rows, self._which)

    @property
    def numbers(self) -> NDArray[np.intp]:
        """The passages, ascending."""
        return self._rows + self._offset if self._offset else self._rows

    @property
    def tf(self) -> NDArray[Any]:
        return self._postings.tf if self._which is None else self._postings.tf[self._which]

    def first_positions(self, which: NDArray[np.intp] | None) -> NDArray[Any]:
        """The position of the term's first occurrence in each passage, or in those at the indices `which`."""
        return self._postings.first_positions(self._at(which))

    def places(self, which: NDArray[np.intp] | None) -> tuple[_Ints, tuple[NDArray[Any], ...]]:
        """The passage and the place of each occurrence, in all passages or in those at the indices `which`."""
        rows = self._rows if which is None else self._rows[which]
        tf, places = self._postings.places(self._at(which))
        if len(places[0]) != len(rows):
            rows = np.repeat(rows, tf)
        return rows + self._offset, places

    def places_at(self, index: int) -> list[Place]:
        """The places of the term in the passage at `index` of `numbers`."""
        return self._postings.places_at(index if self._which is None else int(self._which[index]))

    def _at(self, which: NDArray[np.intp] | None) -> NDArray[np.intp] | None:
        """The postings of the passages at the indices `which`; none for all."""
        if which is None or self._which is None:
            return which if self._which is None else self._which
        return self._which[which]


def _passages_of(
    segment: SegmentReader, entries: NDArray[np.intp], postings: NDArray[np.intp] | None
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The passages of documents, whose rows are `entries`, and which posting each belongs to."""
    documents = np.searchsorted(segment.entry_rows, entries)
    first = entries + 1
    many = segment.entry_ends[documents] - first
    expanded = np.repeat(first - np.cumsum(many) + many, many) + np.arange(int(many.sum()))
    return expanded, np.repeat(np.arange(len(entries)) if postings is None else postings, many)


class TermPostings:
    """The postings of a term in a commit; each array is read when it is first asked for, and kept."""

    __slots__ = ("_parts", "_tf", "numbers", "worth")

    numbers: NDArray[np.intp]
    """The passages that have the term, ascending."""
    worth: NDArray[np.float32] | None
    """What each posting is worth, once somebody has weighed them (see `indexer.engine.whoosh.scoring`)."""

    def __init__(self, parts: Sequence[_Part]) -> None:
        self._parts = parts
        self._tf: NDArray[Any] | None = None
        self.numbers = _join([part.numbers for part in parts], np.intp)
        self.worth = None

    @property
    def tf(self) -> NDArray[Any]:
        """How often each of the passages has the term; small integers."""
        if self._tf is None:
            self._tf = _join([part.tf for part in self._parts], np.uint8)
        return self._tf

    def first_positions(self, which: NDArray[np.intp] | None = None) -> NDArray[Any]:
        """Where (its unit) the term first stands in each of `numbers`, or of those at the indices `which`."""
        if len(self._parts) == 1:
            return self._parts[0].first_positions(which)
        firsts = _join([part.first_positions(None) for part in self._parts], np.uint8)
        return firsts if which is None else firsts[which]

    def places_at(self, index: int) -> list[Place]:
        """The places of the term in the passage at `index` of `numbers`."""
        for part in self._parts:
            if index < len(part.numbers):
                return part.places_at(index)
            index -= len(part.numbers)
        raise IndexError(index)

    def occurrences(self, only: NDArray[np.intp] | None = None) -> Occurrences:
        """The places of the term, in all passages or in those of `only` (ascending)."""
        found: list[tuple[_Ints, tuple[NDArray[Any], ...]]] = []
        for part in self._parts:
            which = None if only is None else meet(part.numbers, only)[0]
            if which is None or len(which):
                found.append(part.places(which))
        if len(found) == 1:
            numbers, (position, units, start, span) = found[0]
        else:
            numbers = _join([one[0] for one in found], np.int64)
            position, units, start, span = (
                _join([one[1][column] for one in found], np.int64) for column in range(4)
            )
        position = position.astype(np.int64)
        return Occurrences(numbers, position, position + units, start, start + span)


class _Begun:
    """The terms of one segment, of which nothing was deleted, that begin with a prefix."""

    def __init__(self, reader: FieldReader, places: _Ints, more: bool) -> None:  # noqa: FBT001 - of `_most_frequent`
        self.reader = reader
        self.many = len(places)
        self.more = more
        """Whether there are more such terms."""
        self._starts, stops = reader.extents(places)
        self._ends = np.cumsum(stops - self._starts)
        self.postings = Postings(*reader.several(places)) if self.many else Postings.none()

    def inside(self, only: NDArray[np.intp]) -> list[tuple[int, int]]:
        """The passages among `only`, each with the index in the field of a posting of one of the terms."""
        numbers = self.postings.numbers
        if not len(numbers):
            return []
        wanted = np.zeros(max(int(only[-1]), int(numbers.max())) + 1, dtype=bool)
        wanted[only] = True
        at = np.flatnonzero(wanted.take(numbers))
        term = self._ends.searchsorted(at, "right")
        postings = self._starts[term] + at - np.concatenate([[0], self._ends])[term]
        return list(zip(numbers[at].tolist(), postings.tolist(), strict=True))


class Terms:
    """The terms of one commit; may be used by several threads at once."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._leaves = leaves
        self._kept = _Kept(_KEPT)
        self._begun = lru_cache(_PREFIXES)(self._begin)

    def find(self, field: str, term: str) -> TermPostings | None:
        """The postings of `term`; none where the index does not have it, or only in deleted passages."""
        key = field, term
        known, found = self._kept.get(key)
        if not known:
            found = self._look_up(field, term)
            self._kept.put(key, found, _PER_TERM + (_PER_POSTING * len(found.numbers) if found else 0))
        return found

    def postings(self, field: str, term: str) -> Postings:
        """The passages with `term`, and how often they have it; none where the index does not have it."""
        found = self.find(field, term)
        return Postings(found.numbers, found.tf) if found else Postings.none()

    def occurrences(self, field: str, term: str, only: NDArray[np.intp] | None = None) -> Occurrences:
        """The places of `term`, in all passages or in those of `only` (ascending)."""
        found = self.find(field, term)
        return found.occurrences(only) if found else Occurrences.none()

    def beginning_with(self, field: str, prefix: str, limit: int) -> tuple[list[str], bool]:
        """The most frequent terms that begin with `prefix`, at most `limit`, and whether there are more."""
        readers = [leaf.segment.field(field) for leaf in self._leaves]
        encoded = prefix.encode("utf-8", "surrogatepass")
        if len(readers) == 1:
            places, more = _most_frequent(readers[0], *readers[0].beginning_with(encoded), limit)
            return [_decode(readers[0].text(place)) for place in places.tolist()], more
        frequencies: dict[bytes, int] = {}
        cut = False
        for reader in readers:
            first, last = reader.beginning_with(encoded)
            places, more = _most_frequent(reader, first, last, _SCANNED)
            cut = cut or more
            many = reader.frequencies(first, last)[places - first].tolist()
            for place, frequency in zip(places.tolist(), many, strict=True):
                text = reader.text(place)
                frequencies[text] = frequencies.get(text, 0) + frequency
        terms = heapq.nsmallest(limit, frequencies, key=lambda term: (-frequencies[term], term))
        return [_decode(term) for term in terms], cut or len(frequencies) > limit

    def beginning(self, field: str, prefix: str, limit: int) -> tuple[list[Postings], int, bool]:
        """The postings of the terms of `beginning_with`; how many terms, and whether there are more.

        Postings of several terms may be one value, unsorted, in which a passage may come several times.
        """
        if not self._is_simple():
            terms, more = self.beginning_with(field, prefix, limit)
            return [self.postings(field, term) for term in terms], len(terms), more
        begun = self._begun(field, prefix, limit)
        return [begun.postings] if begun.many else [], begun.many, begun.more

    def beginning_in(
        self, field: str, prefix: str, limit: int, only: NDArray[np.intp]
    ) -> tuple[dict[int, list[Place]], int]:
        """The places of the terms of `beginning_with` in the passages `only` (ascending); how many terms.

        Passages without such a term are left out.
        """
        places: dict[int, list[Place]] = {}
        if self._is_simple():
            begun = self._begun(field, prefix, limit)
            for number, posting in begun.inside(only):
                places.setdefault(number, []).extend(begun.reader.places(posting))
            return places, begun.many
        terms, _ = self.beginning_with(field, prefix, limit)
        for term in terms:
            found = self.find(field, term)
            if found is not None:
                at, _ = meet(found.numbers, only)
                for index in at.tolist():
                    places.setdefault(int(found.numbers[index]), []).extend(found.places_at(index))
        return places, len(terms)

    def _is_simple(self) -> bool:
        """Whether there is one segment, of which nothing was deleted."""
        return len(self._leaves) == 1 and self._leaves[0].living is None

    def _begin(self, field: str, prefix: str, limit: int) -> _Begun:
        reader = self._leaves[0].segment.field(field)
        first, last = reader.beginning_with(prefix.encode("utf-8", "surrogatepass"))
        places, more = _most_frequent(reader, first, last, limit)
        return _Begun(reader, places, more)

    def _look_up(self, field: str, term: str) -> TermPostings | None:
        encoded = term.encode("utf-8", "surrogatepass")
        of_documents = is_of_documents(field)
        parts: list[_Part] = []
        for leaf in self._leaves:
            reader = leaf.segment.field(field)
            place = reader.find(encoded)
            if place is not None:
                parts.append(_Part(leaf, reader.postings(place), of_documents=of_documents))
        found = TermPostings(parts)
        return found if parts and len(found.numbers) else None


class _Kept:
    """What was used last, up to so many bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bytes = 0
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[TermPostings | None, int]] = OrderedDict()

    def get(self, key: tuple[str, str]) -> tuple[bool, TermPostings | None]:
        """Whether something is kept under `key`, and what."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None:
                return False, None
            self._kept.move_to_end(key)
            return True, kept[0]

    def put(self, key: tuple[str, str], value: TermPostings | None, size: int) -> None:
        """Keeps `value`, which takes `size` bytes, unless it is too large."""
        with self._lock:
            if key not in self._kept and size <= self._limit // 4:
                self._kept[key] = value, size
                self._bytes += size
                while self._bytes > self._limit:
                    self._bytes -= self._kept.popitem(last=False)[1][1]


def _most_frequent(reader: FieldReader, first: int, last: int, limit: int) -> tuple[_Ints, bool]:
    """The places of the most frequent terms of `[first, last)`, ascending, and whether there are more."""
    if last - first <= limit:
        return np.arange(first, last), False
    if limit <= 0:
        return np.empty(0, dtype=np.int64), True
    many = reader.frequencies(first, last)
    least = int(np.partition(many, -limit)[-limit])
    above, among = np.flatnonzero(many > least), np.flatnonzero(many == least)
    return first + np.sort(np.concatenate([above, among[: limit - len(above)]])), True


def _decode(term: bytes) -> str:
    return term.decode("utf-8", "surrogatepass")


def _join(parts: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    if not parts:
        return np.empty(0, dtype=kind)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
