"""The postings of terms in a commit, put together from those in its segments, without what was deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.ascending import meet, ranges
from indexer.engine.whoosh.occurrences import OccurrenceReader
from indexer.engine.whoosh.posting_list import PostingList
from indexer.engine.whoosh.postings import Occurrences
from indexer.engine.whoosh.segment import SegmentReader

__all__ = ["Leaf", "Part", "TermPostings", "join", "occurrences"]

_Ints = NDArray[np.int64]
_Piece = tuple[int, _Ints, NDArray[np.intp], NDArray[Any]]
"""Of some postings of a term: which term, their passages, their first occurrences, and how many each has."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A segment of the commit."""

    segment: SegmentReader
    offset: int
    """The number of its first row in the commit."""
    living: NDArray[np.bool_] | None
    """By row; none where nothing was deleted."""

    def passages_of(self, documents: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Of the documents with these rows in the segment the first passages, and those after the last."""
        segment, offset = self.segment, self.offset
        ends = segment.entry_ends[segment.entry_rows.searchsorted(documents)]
        return documents + (offset + 1), ends + offset


class Part:
    """The postings of a term in one segment, or what is left of them there."""

    __slots__ = ("_postings", "_which", "numbers", "occurrences", "once")

    numbers: NDArray[np.intp]
    """The passages, ascending."""
    once: bool
    """Whether no passage has the term more than once, deleted passages among them."""

    def __init__(self, leaf: Leaf, postings: PostingList, *, of_documents: bool) -> None:
        """Leaves out what was deleted.

        Args:
            leaf: the segment.
            postings: the term's postings in it, with the numbers of the commit.
            of_documents: whether these are of documents, and stand for all their passages.
        """
        self._postings = postings
        self.once = postings.once
        self.occurrences = postings.occurrences
        self._which: NDArray[np.intp] | None = None
        self.numbers = postings.numbers
        if leaf.living is not None:
            self._which = np.flatnonzero(leaf.living[self.numbers - leaf.offset])
            self.numbers = self.numbers[self._which]
        if of_documents:
            self.numbers, self._which = _passages_of(leaf, self.numbers, self._which)

    @property
    def tf(self) -> NDArray[Any]:
        """How often each of the passages has the term."""
        return self._postings.tf if self._which is None else self._postings.tf[self._which]

    @property
    def single(self) -> bool:
        """Whether the term covers one unit wherever it stands in the segment."""
        return self._postings.single

    def first_positions(self, which: NDArray[np.intp] | None) -> NDArray[Any]:
        """The position of the term's first occurrence in each passage, or in those at the indices `which`."""
        return self._postings.first_positions(self._at(which))

    def runs(self, which: NDArray[np.intp] | None) -> tuple[_Ints, NDArray[np.intp], NDArray[Any]]:
        """By passage, or by those at the indices `which`: its number, its first occurrence, how many."""
        numbers = self.numbers if which is None else self.numbers[which]
        at = self._at(which)
        begins, tf = self._postings.runs(np.arange(len(numbers)) if at is None else at)
        return numbers, begins, tf

    def postings(self, which: NDArray[np.intp]) -> NDArray[np.intp]:
        """The passages at the indices `which` as indices of the field's postings."""
        at: NDArray[np.intp] = which if self._which is None else self._which[which]
        return at + self._postings.first

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
    first, after = leaf.passages_of(entries - leaf.offset)
    many = after - first
    return ranges(first, many), np.repeat(np.arange(len(entries)) if postings is None else postings, many)


class TermPostings:
    """The postings of a term in a commit; each array is read when it is first asked for, and kept."""

    __slots__ = ("_parts", "_tf", "numbers", "once", "worth")

    numbers: NDArray[np.intp]
    """The passages that have the term, ascending."""
    once: bool
    """Whether no passage has the term more than once, as far as that is known without looking."""
    worth: NDArray[np.float32] | None
    """What each posting is worth, once somebody has weighed them (see `indexer.engine.whoosh.scoring`)."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._tf: NDArray[Any] | None = None
        self.numbers = join([part.numbers for part in parts], np.intp)
        self.once = all([part.once for part in parts])  # noqa: C419 - of so few much faster
        self.worth = None

    @property
    def tf(self) -> NDArray[Any]:
        """How often each of the passages has the term; small integers."""
        if self._tf is None:
            self._tf = join([part.tf for part in self._parts], np.uint8)
        return self._tf

    def first_positions(self, which: NDArray[np.intp] | None = None) -> NDArray[Any]:
        """Where (its unit) the term first stands in each of `numbers`, or of those at the indices `which`."""
        if len(self._parts) == 1:
            return self._parts[0].first_positions(which)
        if which is None:
            return join([part.first_positions(None) for part in self._parts], np.uint8)
        return join([part.first_positions(here) for part, here in self.split(which)], np.uint8)

    def runs_in(
        self, only: NDArray[np.intp], listed: Sequence[int]
    ) -> dict[int, tuple[OccurrenceReader, int, int]]:
        """By passage among a few, the term's occurrences: who reads them, and `[start, stop)` there.

        Args:
            only: the passages, ascending.
            listed: the same as plain numbers.

        Returns:
            Nothing for passages without the term.
        """
        found: dict[int, tuple[OccurrenceReader, int, int]] = {}
        for reader, numbers, runs in self._inside(only, listed):
            for number, (start, stop) in zip(numbers, runs, strict=True):
                found[number] = reader, start, stop
        return found

    def spans_in(
        self, only: NDArray[np.intp], listed: Sequence[int]
    ) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """As `runs_in`, the spans of the term's occurrences (see `OccurrenceReader.few_spans`)."""
        for reader, numbers, runs in self._inside(only, listed):
            yield from zip(numbers, reader.several_spans(runs), strict=True)

    def _inside(
        self, only: NDArray[np.intp], wanted: Sequence[int]
    ) -> Iterator[tuple[OccurrenceReader, list[int], list[tuple[int, int]]]]:
        """By part: who reads its occurrences; which of a few passages it has; the occurrences in each."""
        for part in self._parts:
            numbers, size = part.numbers.data, len(part.numbers)
            if not size or not wanted or numbers[0] > wanted[-1] or numbers[-1] < wanted[0]:
                continue
            own: list[int] = []
            which: list[int] = []
            for number, index in zip(wanted, part.numbers.searchsorted(only).tolist(), strict=True):
                if index < size and numbers[index] == number:
                    own.append(number)
                    which.append(index)
            if own:
                yield part.occurrences, own, part.few_runs(which)

    def parts_with(self, only: NDArray[np.intp] | None) -> Iterator[tuple[Part, NDArray[np.intp] | None]]:
        """The parts that have any of the passages `only`, and where in each these are; none for all."""
        if only is None:
            yield from ((part, None) for part in self._parts)
            return
        at = meet(self.numbers, only)[0]
        if len(self._parts) > 1:
            yield from self.split(at)
        elif len(at):
            yield self._parts[0], at

    def split(self, at: NDArray[np.intp]) -> Iterator[tuple[Part, NDArray[np.intp]]]:
        """The parts that have any of `numbers` at the indices `at`, ascending, and where in each they are."""
        first = 0
        for part in self._parts:
            if not len(at):
                return
            last = first + len(part.numbers)
            here = at if int(at[-1]) < last else at[: at.searchsorted(last)]
            if len(here):
                yield part, here - first if first else here
            at, first = at[len(here) :], last


def occurrences(
    several: Sequence[TermPostings],
    only: NDArray[np.intp] | None = None,
    *,
    units: bool = True,
    spans: bool = True,
) -> list[Occurrences]:
    """For each of several terms its places, in all passages or in those of `only` (ascending).

    All are read together: of few places, it costs most to ask for them.  Where nobody asks for their `units`
    or their `spans`, these are all 0.
    """
    pieces: dict[OccurrenceReader, list[_Piece]] = {}
    long: set[OccurrenceReader] = set()
    for index, term in enumerate(several):
        for part, which in term.parts_with(only):
            numbers, begins, tf = part.runs(which)
            if not len(numbers):
                continue
            pieces.setdefault(part.occurrences, []).append((index, numbers, begins, tf))
            if units and not part.single:
                long.add(part.occurrences)
    found: list[list[Occurrences]] = [[] for _ in several]
    for reader, own in pieces.items():
        own.sort(key=_begin)  # what is asked for in order is found faster
        for index, one in _read(reader, own, units=units, single=reader not in long, spans=spans):
            found[index].append(one)
    # Segments come in the order in which the terms met them, and passages in their own.
    return [Occurrences.joined(sorted(one, key=_first_place)) for one in found]


def _first_place(places: Occurrences) -> int:
    """Where the first of some occurrences is."""
    return int(places.begins[0])


def _begin(piece: _Piece) -> int:
    """The first occurrence of a term in a piece."""
    return int(piece[2][0])


def _read(
    reader: OccurrenceReader, pieces: Sequence[_Piece], *, units: bool, single: bool, spans: bool
) -> Iterator[tuple[int, Occurrences]]:
    """The places of each of several terms in one field."""
    numbers = join([numbers for _, numbers, _, _ in pieces], np.intp)
    begins = join([begins for _, _, begins, _ in pieces], np.intp)
    many = join([tf for _, _, _, tf in pieces], np.uint8)
    at = ranges(begins, many)
    if len(at) > len(numbers):
        numbers = numbers.repeat(many)
        sizes = [int(tf.sum(dtype=np.int64)) for _, _, _, tf in pieces]
    else:
        sizes = [len(tf) for _, _, _, tf in pieces]
    whole = Occurrences.of(
        numbers,
        reader.units_at(at, single=single) if units else None,
        reader.spans_at(at) if spans else None,
    )
    last = 0
    for (index, _, _, _), size in zip(pieces, sizes, strict=True):
        first, last = last, last + size
        yield index, whole if size == len(whole) else whole.between(first, last)


def join(parts: Sequence[NDArray[Any]], kind: type) -> NDArray[Any]:
    """The arrays, one after the other."""
    if not parts:
        return np.empty(0, dtype=kind)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
