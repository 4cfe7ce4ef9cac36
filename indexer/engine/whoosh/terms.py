"""The postings of one commit over all its segments, without what was deleted; those used last are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from threading import Lock
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.beginnings import Begun, begin
from indexer.engine.whoosh.fields import FieldReader, PostingList
from indexer.engine.whoosh.postings import Occurrences, Postings, meet
from indexer.engine.whoosh.schema import is_of_documents
from indexer.engine.whoosh.segment import SegmentReader

__all__ = ["Leaf", "TermPostings", "Terms", "occurrences"]

_KEPT: Final = 1 << 27
"""Bytes of postings that are kept: a query typed letter by letter asks for most of them again."""
_PER_POSTING: Final = 36
"""Bytes that a posting takes, about, when all that is asked of a term has been read and weighed."""
_PER_TERM: Final = 1000
_COUNTED: Final = 1 << 15
"""Terms of which no more than their frequency is kept."""
_TITLES: Final = 1 << 12
"""Terms of which it is kept what documents they name."""
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

    __slots__ = ("_postings", "_which", "field", "numbers")

    numbers: NDArray[np.intp]
    """The passages, ascending."""

    def __init__(self, leaf: Leaf, field: FieldReader, postings: PostingList, *, of_documents: bool) -> None:
        """Leaves out what was deleted.

        Args:
            leaf: the segment.
            field: the term's field in it.
            postings: the term's postings in it, with the numbers of the commit.
            of_documents: whether these are of documents, and stand for all their passages.
        """
        self._postings = postings
        self.field = field
        self._which: NDArray[np.intp] | None = None
        self.numbers = postings.numbers
        if leaf.living is not None:
            self._which = np.flatnonzero(leaf.living[self.numbers - leaf.offset])
            self.numbers = self.numbers[self._which]
        if of_documents:
            self.numbers, self._which = _passages_of(leaf, self.numbers, self._which)

    @property
    def tf(self) -> NDArray[Any]:
        return self._postings.tf if self._which is None else self._postings.tf[self._which]

    @property
    def once(self) -> bool:
        """Whether no passage has the term more than once, deleted passages among them."""
        return self._postings.once

    def first_positions(self, which: NDArray[np.intp] | None) -> NDArray[Any]:
        """The position of the term's first occurrence in each passage, or in those at the indices `which`."""
        return self._postings.first_positions(self._at(which))

    def runs(self, which: NDArray[np.intp] | None) -> tuple[_Ints, NDArray[np.intp], NDArray[Any]]:
        """By passage, or by those at the indices `which`: its number, its first occurrence, how many."""
        numbers = self.numbers if which is None else self.numbers[which]
        at = self._at(which)
        begins, tf = self._postings.runs(np.arange(len(numbers)) if at is None else at)
        return numbers, begins, tf

    def few_runs(self, which: Sequence[int]) -> list[tuple[int, int]]:
        """Of a few passages at the indices `which`, the occurrences `[start, stop)` in the field."""
        at = which if self._which is None else self._which[np.array(which, dtype=np.intp)].tolist()
        return self._postings.few_runs(at)

    def _at(self, which: NDArray[np.intp] | None) -> NDArray[np.intp] | None:
        """The postings of the passages at the indices `which`; none for all."""
        if which is None or self._which is None:
            return which if self._which is None else self._which
        return self._which[which]


def _passages_of(
    leaf: Leaf, entries: NDArray[np.intp], postings: NDArray[np.intp] | None
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The passages of the documents with the numbers `entries`, and which posting each belongs to."""
    documents = leaf.segment.entry_rows.searchsorted(entries - leaf.offset)
    first = entries + 1
    many = leaf.segment.entry_ends[documents] + leaf.offset - first
    ends = np.cumsum(many)
    expanded = np.repeat(first - ends + many, many) + np.arange(int(ends[-1]) if len(ends) else 0)
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

    @property
    def once(self) -> bool:
        """Whether no passage has the term more than once, as far as that is known without looking."""
        return all(part.once for part in self._parts)

    def first_positions(self, which: NDArray[np.intp] | None = None) -> NDArray[Any]:
        """Where (its unit) the term first stands in each of `numbers`, or of those at the indices `which`."""
        if len(self._parts) == 1:
            return self._parts[0].first_positions(which)
        if which is None:
            return _join([part.first_positions(None) for part in self._parts], np.uint8)
        return _join([part.first_positions(here) for part, here in self._split(which)], np.uint8)

    def runs_in(
        self, only: NDArray[np.intp], listed: Sequence[int] | None = None
    ) -> dict[int, tuple[FieldReader, int, int]]:
        """By passage among a few, the term's occurrences: a field, and `[start, stop)` there.

        Args:
            only: the passages, ascending.
            listed: the same as plain numbers, where somebody has them.

        Returns:
            Nothing for passages without the term.
        """
        found: dict[int, tuple[FieldReader, int, int]] = {}
        wanted = only.tolist() if listed is None else listed
        for part in self._parts:
            numbers, size = part.numbers.data, len(part.numbers)
            if not size or not wanted or numbers[0] > wanted[-1] or numbers[-1] < wanted[0]:
                continue
            at = [
                (number, index)
                for number, index in zip(wanted, part.numbers.searchsorted(only).tolist(), strict=True)
                if index < size and numbers[index] == number
            ]
            runs = part.few_runs([index for _, index in at]) if at else ()
            for (number, _), (start, stop) in zip(at, runs, strict=True):
                found[number] = part.field, start, stop
        return found

    def parts_with(self, only: NDArray[np.intp] | None) -> Iterator[tuple[_Part, NDArray[np.intp] | None]]:
        """The parts that have any of the passages `only`, and where in each these are; none for all."""
        if only is None:
            yield from ((part, None) for part in self._parts)
            return
        yield from self._split(meet(self.numbers, only)[0])

    def _split(self, at: NDArray[np.intp]) -> Iterator[tuple[_Part, NDArray[np.intp]]]:
        """The parts that have any of `numbers` at the indices `at` (ascending), and where in each these are."""
        first = 0
        for part in self._parts:
            if not len(at):
                return
            last = first + len(part.numbers)
            here = at if int(at[-1]) < last else at[: at.searchsorted(last)]
            if len(here):
                yield part, here - first if first else here
            at, first = at[len(here) :], last


class Terms:
    """The terms of one commit; may be used by several threads at once."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._leaves = leaves
        # The caches hold what they read from and not this: a ring of all that is kept of a commit would wait
        # for the garbage collector.
        self._found = _Found(leaves)
        self._frequencies = lru_cache(maxsize=_COUNTED)(self._found.count)
        self._documents = lru_cache(maxsize=_TITLES)(self._found.documents)
        self._begun = lru_cache(_PREFIXES)(partial(_begin, leaves))

    def find(self, field: str, term: str) -> TermPostings | None:
        """The postings of `term`; none where the index does not have it, or only in deleted passages."""
        return self._found.find(field, term)

    def frequency(self, field: str, term: str) -> int:
        """How many passages have `term`."""
        return self._frequencies(field, term)

    def documents(self, field: str, term: str) -> tuple[NDArray[np.intp], NDArray[np.intp]] | None:
        """The documents that have `term`: their first passages, and those after their last; none for none."""
        return self._documents(field, term)

    def postings(self, field: str, term: str) -> Postings:
        """The passages with `term`, and how often they have it; none where the index does not have it."""
        found = self.find(field, term)
        return Postings(found.numbers, found.tf) if found else Postings.none()

    def occurrences(self, field: str, term: str, only: NDArray[np.intp] | None = None) -> Occurrences:
        """The places of `term`, in all passages or in those of `only` (ascending)."""
        found = self.find(field, term)
        return occurrences([found], only)[0] if found else Occurrences.none()

    def beginning_with(self, field: str, prefix: str, limit: int) -> tuple[list[str], bool]:
        """The most frequent terms that begin with `prefix`, at most `limit`, and whether there are more."""
        begun = self._begun(field, prefix, limit)
        return [term.decode("utf-8", "surrogatepass") for term in begun.terms], begun.more

    def beginning(self, field: str, prefix: str, limit: int) -> tuple[list[Postings], int, bool]:
        """The postings of the terms of `beginning_with`; how many terms, and whether there are more.

        Postings of several terms may be one value, unsorted, in which a passage may come several times.
        """
        begun = self._begun(field, prefix, limit)
        if is_of_documents(field):
            terms, _ = self.beginning_with(field, prefix, limit)
            return [self.postings(field, term) for term in terms], len(terms), begun.more
        found = [_living(one, leaf) for leaf, one in zip(self._leaves, begun.postings, strict=True)]
        return found, len(begun.terms), begun.more

    def beginning_in(
        self, field: str, prefix: str, limit: int, only: NDArray[np.intp]
    ) -> tuple[list[tuple[int, FieldReader, int, int]], int]:
        """Where the terms of `beginning_with` stand in a few passages (ascending); how many terms.

        Args:
            field: one of passages.
            prefix: what the terms begin with.
            limit: how many terms at most.
            only: the passages.

        Returns:
            Passages, each with occurrences of one of the terms: a field, and `[start, stop)` there.
        """
        begun = self._begun(field, prefix, limit)
        return list(begun.inside(only)), len(begun.terms)


class _Found:
    """Finds the postings of terms, and keeps those used last."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._leaves = leaves
        self._kept = _Kept(_KEPT)

    def find(self, field: str, term: str) -> TermPostings | None:
        """The postings of `term`; none where the index does not have it, or only in deleted passages."""
        key = field, term
        known, found = self._kept.get(key)
        if not known:
            found = self._look_up(field, term)
            self._kept.put(key, found, _PER_TERM + (_PER_POSTING * len(found.numbers) if found else 0))
        return found

    def count(self, field: str, term: str) -> int:
        """How many passages have `term`."""
        if is_of_documents(field) or any(leaf.living is not None for leaf in self._leaves):
            found = self.find(field, term)
            return len(found.numbers) if found else 0
        encoded = term.encode("utf-8", "surrogatepass")
        readers = [leaf.segment.field(field) for leaf in self._leaves]
        places = [(reader, reader.find(encoded)) for reader in readers]
        return sum(reader.frequency(place) for reader, place in places if place is not None)

    def documents(self, field: str, term: str) -> tuple[NDArray[np.intp], NDArray[np.intp]] | None:
        """See `Terms.documents`."""
        encoded = term.encode("utf-8", "surrogatepass")
        begins: list[NDArray[np.intp]] = []
        ends: list[NDArray[np.intp]] = []
        for leaf in self._leaves:
            postings = leaf.segment.field(field).find_postings(encoded)
            if postings is not None:
                rows = postings.numbers
                if leaf.living is not None:
                    rows = rows[leaf.living[rows]]
                begins.append(rows + (leaf.offset + 1))
                ends.append(leaf.segment.entry_ends[leaf.segment.entry_rows.searchsorted(rows)] + leaf.offset)
        if not any(map(len, begins)):
            return None
        return _join(begins, np.intp), _join(ends, np.intp)

    def _look_up(self, field: str, term: str) -> TermPostings | None:
        encoded = term.encode("utf-8", "surrogatepass")
        of_documents = is_of_documents(field)
        parts: list[_Part] = []
        for leaf in self._leaves:
            reader = leaf.segment.field(field)
            postings = reader.find_postings(encoded, leaf.offset)
            if postings is not None:
                parts.append(_Part(leaf, reader, postings, of_documents=of_documents))
        if not parts:
            return None
        found = TermPostings(parts)
        return found if len(found.numbers) else None


def _begin(leaves: Sequence[Leaf], field: str, prefix: str, limit: int) -> Begun:
    return begin([(leaf.segment.field(field), leaf.offset) for leaf in leaves], prefix, limit)


def occurrences(
    several: Sequence[TermPostings], only: NDArray[np.intp] | None = None, *, spans: bool = True
) -> list[Occurrences]:
    """For each of several terms its places, in all passages or in those of `only` (ascending).

    All are read together: of few places, it costs most to ask for them.  Where nobody asks for `spans`, their
    code points are all 0.
    """
    runs: dict[FieldReader, list[tuple[int, _Ints, NDArray[np.intp], NDArray[Any]]]] = {}
    for index, term in enumerate(several):
        for part, which in term.parts_with(only):
            runs.setdefault(part.field, []).append((index, *part.runs(which)))
    found: list[list[Occurrences]] = [[] for _ in several]
    for field, pieces in runs.items():
        numbers = _join([numbers for _, numbers, _, _ in pieces], np.intp)
        begins = _join([begins for _, _, begins, _ in pieces], np.intp)
        tf = _join([tf for _, _, _, tf in pieces], np.uint8)
        position, units, *points = field.places_at(begins, tf, spans=spans)
        if len(position) != len(numbers):
            numbers = numbers.repeat(tf)
        whole = Occurrences.of(numbers, (position, units), (points[0], points[1]) if spans else None)
        first = 0
        for index, _, _, many in pieces:
            last = len(whole) if len(pieces) == 1 else first + int(many.sum(dtype=np.int64))
            found[index].append(whole.between(first, last))
            first = last
    return [Occurrences.joined(one) for one in found]


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


def _living(postings: Postings, leaf: Leaf) -> Postings:
    """Without those of rows that were deleted from the segment."""
    if leaf.living is None:
        return postings
    living = leaf.living[postings.numbers - leaf.offset]
    return Postings(postings.numbers[living], postings.counts[living])


def _join(parts: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    if not parts:
        return np.empty(0, dtype=kind)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
