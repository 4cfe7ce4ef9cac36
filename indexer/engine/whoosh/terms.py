"""The postings of one commit over all its segments, without what was deleted; those used last are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.beginnings import Begun, begin
from indexer.engine.whoosh.frequent import most_frequent
from indexer.engine.whoosh.occurrences import OccurrenceReader
from indexer.engine.whoosh.postings import Occurrences, Postings
from indexer.engine.whoosh.schema import TEXT, TITLE, field_name, is_of_documents
from indexer.engine.whoosh.term_postings import Leaf, Part, TermPostings, occurrences
from indexer.engine.whoosh.titles import Titles
from indexer.model.terms import Field

__all__ = ["Terms"]

_KEPT: Final = 1 << 27
"""Bytes of postings that are kept: a query typed letter by letter asks for most of them again."""
_PER_POSTING: Final = 16
"""Bytes that a posting takes, about, when a term has been read and weighed: its number, worth and count."""
_PER_SHARED: Final = 8
"""More bytes where there are several segments: the numbers of each, beside those of all."""
_PER_LEFT: Final = 16
"""More bytes where something was deleted: the numbers with it, and which of them are left."""
_PER_TERM: Final = 1000
_COUNTED: Final = 1 << 15
"""Terms of which no more than their frequency is kept."""
_MISSING: Final = 1 << 13
"""Terms of which it is kept that there are none."""
_SEVERAL: Final = 2
_PREFIXES: Final = 8
"""Prefixes whose terms are kept: what they find is marked after it was ranked."""


class Terms:
    """The terms of one commit; may be used by several threads at once."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._leaves = leaves
        # The caches hold what they read from and not this: a ring of all that is kept of a commit would wait
        # for the garbage collector.
        self._found = _Found(leaves)
        self.find = self._found.find
        self._frequencies = lru_cache(maxsize=_COUNTED)(self._found.count)
        self._begun = lru_cache(_PREFIXES)(partial(_begin, leaves))

    def frequency(self, field: str, term: str) -> int:
        """How many passages have `term`."""
        return self._frequencies(field, term)

    def warm(self, weigh: Callable[[TermPostings, Field], object]) -> None:
        """Reads what nearly every query asks for, and of the rest what takes longest, as far as it is kept.

        Args:
            weigh: what else is done beforehand with the postings of a term of this kind.
        """
        for kind in (Field.ENGLISH, Field.KOREAN):
            for titles in self._found.titles(field_name(TITLE, kind)):
                titles.read_all()
        for kind in (Field.ENGLISH, Field.SURFACE, Field.KOREAN):
            for leaf in self._leaves:
                leaf.segment.field(field_name(TEXT, kind)).warm()
        # What was used last is kept longest: so the most frequent comes last.
        for kind, term in reversed(list(self._found.fitting(most_frequent(self._leaves)))):
            found = self.find(field_name(TEXT, kind), term)
            if found is not None:
                weigh(found, kind)

    def documents(self, kind: Field, term: str) -> tuple[NDArray[np.intp], NDArray[np.intp]] | None:
        """The documents with `term` in their titles: first passages, those after the last; none for none."""
        encoded = term.encode("utf-8", "surrogatepass")
        named = [titles.find(encoded) for titles in self._found.titles(field_name(TITLE, kind))]
        found = [one for one in named if one is not None and len(one[0])]
        if len(found) < _SEVERAL:
            return found[0] if found else None
        return np.concatenate([begins for begins, _ in found]), np.concatenate([ends for _, ends in found])

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
        return [term.decode("utf-8", "surrogatepass") for term in begun.terms()], begun.more

    def beginning(self, field: str, prefix: str, limit: int) -> tuple[list[Postings], int, bool]:
        """The postings of the terms of `beginning_with`; how many terms, and whether there are more.

        Postings of several terms may be one value, unsorted, in which a passage may come several times.
        """
        begun = self._begun(field, prefix, limit)
        if is_of_documents(field):
            terms, _ = self.beginning_with(field, prefix, limit)
            return [self.postings(field, term) for term in terms], len(terms), begun.more
        found = [_living(one, leaf) for leaf, one in zip(self._leaves, begun.postings, strict=True)]
        return found, begun.many, begun.more

    def beginning_in(
        self, field: str, prefix: str, limit: int, only: NDArray[np.intp]
    ) -> tuple[list[tuple[int, OccurrenceReader, int, int]], int]:
        """Where the terms of `beginning_with` stand in a few passages (ascending); how many terms.

        Args:
            field: one of passages.
            prefix: what the terms begin with.
            limit: how many terms at most.
            only: the passages.

        Returns:
            Passages, each with occurrences of one of the terms: who reads them, and `[start, stop)` there.
        """
        begun = self._begun(field, prefix, limit)
        return list(begun.inside(only)), begun.many


class _Found:
    """Finds the postings of terms, and keeps those used last."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._leaves = leaves
        self._whole = all(leaf.living is None for leaf in leaves)
        self._per_posting = (
            _PER_POSTING + _PER_SHARED * (len(leaves) >= _SEVERAL) + _PER_LEFT * (not self._whole)
        )
        self._kept = _Kept(_KEPT)
        self._missing: set[tuple[str, str]] = set()
        self._titles: dict[str, list[Titles]] = {}

    def find(self, field: str, term: str) -> TermPostings | None:
        """The postings of `term`; none where the index does not have it, or only in deleted passages."""
        key = field, term
        kept = self._kept.get(key)
        if kept is not None or key in self._missing:
            return kept
        found = self._look_up(field, term)
        if found is not None:
            self._kept.put(key, found, self._size(len(found.numbers)))
        else:
            # One query asks up to four times for what a word might be made of, and mostly is not.
            if len(self._missing) >= _MISSING:
                self._missing.clear()
            self._missing.add(key)
        return found

    def fitting(self, terms: Iterable[tuple[Field, str, int]]) -> Iterator[tuple[Field, str]]:
        """As many of `terms`, each with its kind and frequency, as can be kept together."""
        room = self._kept.limit
        for kind, term, frequency in terms:
            if not self._kept.takes(self._size(frequency)):
                continue
            room -= self._size(frequency)
            if room < 0:
                return
            yield kind, term

    def _size(self, frequency: int) -> int:
        """Bytes that a term takes that so many passages have, about."""
        return _PER_TERM + self._per_posting * frequency

    def count(self, field: str, term: str) -> int:
        """How many passages have `term`."""
        if not self._whole or is_of_documents(field):
            found = self.find(field, term)
            return len(found.numbers) if found else 0
        encoded = term.encode("utf-8", "surrogatepass")
        return sum([leaf.segment.field(field).frequency_of(encoded) for leaf in self._leaves])

    def titles(self, field: str) -> list[Titles]:
        """By segment, what its titles have in the field `field`."""
        known = self._titles.get(field)
        if known is None:
            known = self._titles.setdefault(field, [Titles(leaf, field) for leaf in self._leaves])
        return known

    def _look_up(self, field: str, term: str) -> TermPostings | None:
        encoded = term.encode("utf-8", "surrogatepass")
        parts: list[Part] = []
        for leaf in self._leaves:
            reader = leaf.segment.field(field)
            postings = reader.find_postings(encoded, leaf.offset)
            if postings is not None:
                parts.append(Part(leaf, postings, of_documents=is_of_documents(field)))
        if not parts:
            return None
        found = TermPostings(parts)
        return found if len(found.numbers) else None


def _begin(leaves: Sequence[Leaf], field: str, prefix: str, limit: int) -> Begun:
    return begin([(leaf.segment.field(field), leaf.offset) for leaf in leaves], prefix, limit)


class _Kept:
    """What was used last, up to so many bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._bytes = 0
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[TermPostings, int]] = OrderedDict()

    def takes(self, size: int) -> bool:
        """Whether something of so many bytes is kept at all: one thing is not kept instead of all others."""
        return size <= self.limit // 4

    def get(self, key: tuple[str, str]) -> TermPostings | None:
        """What is kept under `key`; none where nothing is."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        try:
            # Without the lock: where another thread gives it up just now, it is looked up again.
            self._kept.move_to_end(key)
        except KeyError:
            return None
        return kept[0]

    def put(self, key: tuple[str, str], value: TermPostings, size: int) -> None:
        """Keeps `value`, which takes `size` bytes, unless it is too large."""
        with self._lock:
            if key not in self._kept and self.takes(size):
                self._kept[key] = value, size
                self._bytes += size
                while self._bytes > self.limit:
                    self._bytes -= self._kept.popitem(last=False)[1][1]


def _living(postings: Postings, leaf: Leaf) -> Postings:
    """Without those of rows that were deleted from the segment."""
    if leaf.living is None:
        return postings
    living = leaf.living[postings.numbers - leaf.offset]
    return Postings(postings.numbers[living], postings.counts[living])
