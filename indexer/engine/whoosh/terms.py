"""Reads the postings of one commit from Whoosh into arrays, and keeps those that were used last."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import numpy as np
from whoosh.reading import IndexReader, TermNotFound

from indexer.engine.whoosh.postings import Occurrences, Postings, count
from indexer.engine.whoosh.schema import OCCURRENCE, SCHEMA

__all__ = ["MAX_SCANNED", "Terms", "leaves"]

_KEPT: Final = 512
"""Terms whose postings are kept: a query typed letter by letter asks for most of them again."""
MAX_SCANNED: Final = 5000
"""Terms that are looked at for one prefix."""


class Terms:
    """The terms of one commit.  Whoosh's readers are not made for threads: `lock` lets in one at a time."""

    def __init__(self, reader: IndexReader, lock: AbstractContextManager[object]) -> None:
        self._leaves = leaves(reader)
        self._lock = lock
        self._cached_postings = lru_cache(maxsize=_KEPT)(self._read_postings)
        self._cached_occurrences = lru_cache(maxsize=_KEPT)(self._read_occurrences)

    def postings(self, field: str, term: str) -> Postings:
        """The passages with `term`; none where the index does not have it."""
        with self._lock:
            return self._cached_postings(field, term)

    def occurrences(self, field: str, term: str, only: Sequence[int] | None = None) -> Occurrences:
        """The places of `term`, in all passages or in those of `only` (ascending)."""
        with self._lock:
            if only is None:
                return self._cached_occurrences(field, term)
            return self._read_occurrences(field, term, only)

    def beginning_with(self, field: str, prefix: str, limit: int) -> tuple[list[str], bool]:
        """The most frequent terms that begin with `prefix`, at most `limit`, and whether there are more."""
        frequencies: dict[str, int] = {}
        scanned = 0
        with self._lock:
            for leaf, _ in self._leaves:
                for term in islice(leaf.expand_prefix(field, prefix), MAX_SCANNED):
                    text = term.decode("utf-8")
                    frequencies[text] = frequencies.get(text, 0) + leaf.doc_frequency(field, term)
                    scanned += 1
        best = heapq.nsmallest(limit, frequencies, key=lambda term: (-frequencies[term], term))
        return best, len(frequencies) > limit or scanned >= MAX_SCANNED

    def _matchers(self, field: str, term: str) -> Iterator[tuple[Any, int]]:
        # Asked as bytes: Whoosh would otherwise analyse the term once more.
        key = SCHEMA[field].to_bytes(term)
        for leaf, offset in self._leaves:
            try:
                yield leaf.postings(field, key), offset
            except TermNotFound:
                continue

    def _read_postings(self, field: str, term: str) -> Postings:
        return count(self._read_occurrences(field, term))

    def _read_occurrences(self, field: str, term: str, only: Sequence[int] | None = None) -> Occurrences:
        numbers: list[int] = []
        values: list[bytes] = []
        for matcher, offset in self._matchers(field, term):
            if only is None:
                while matcher.is_active():
                    numbers.append(offset + matcher.id())
                    values.append(matcher.value())
                    matcher.next()
            else:
                for number in only:
                    if number < offset or not matcher.is_active():
                        continue
                    if matcher.id() < number - offset:
                        matcher.skip_to(number - offset)
                    if matcher.is_active() and matcher.id() == number - offset:
                        numbers.append(number)
                        values.append(matcher.value())
        return _decode(numbers, values)


def leaves(reader: IndexReader) -> list[tuple[Any, int]]:
    """The readers of the single segments, each with the number of its first passage."""
    return [(leaf, offset) for leaf, offset in reader.leaf_readers() if leaf.doc_count_all()]


def _decode(numbers: list[int], values: list[bytes]) -> Occurrences:
    if not numbers:
        return Occurrences.none()
    rows = np.frombuffer(b"".join(values), dtype=OCCURRENCE)
    many = [len(value) // OCCURRENCE.itemsize for value in values]
    columns = (rows[name].astype(np.int64) for name in ("position", "end", "start", "stop"))
    return Occurrences(np.repeat(np.array(numbers, dtype=np.int64), many), *columns)
