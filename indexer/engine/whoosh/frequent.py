"""The terms of a commit that take longest to read: those that most passages have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from indexer.engine.whoosh.schema import TEXT, field_name
from indexer.engine.whoosh.term_postings import Leaf
from indexer.model.terms import Field

__all__ = ["most_frequent"]

_LEAST: Final = 100
"""Passages that a term must stand in; one of fewer is read in no time when somebody asks."""


def most_frequent(leaves: Sequence[Leaf]) -> Iterator[tuple[Field, str, int]]:
    """The terms of the passages' texts that many passages have, the most frequent first.

    Yields:
        The kind of a term, the term, and how many passages have it, deleted passages among them.
    """
    many: Counter[tuple[Field, bytes]] = Counter()
    for leaf in leaves:
        for kind in Field:
            reader = leaf.segment.field(field_name(TEXT, kind))
            frequencies = reader.frequencies(0, reader.size)
            places = (frequencies >= _LEAST).nonzero()[0]
            for text, frequency in zip(reader.texts_at(places), frequencies[places].tolist(), strict=True):
                many[kind, text] += frequency
    for (kind, text), frequency in many.most_common():
        yield kind, text.decode("utf-8", "surrogatepass"), frequency
