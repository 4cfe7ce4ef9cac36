"""Several segments into one, by arrays: nothing is analysed again, and what was deleted is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.fields import FieldReader
from indexer.engine.whoosh.inverted import Inverted
from indexer.engine.whoosh.schema import FIELDS
from indexer.engine.whoosh.segment import SegmentReader, SegmentWriter

__all__ = ["merge_segments"]

_PER_POSTING: Final = 300
"""Bytes of memory that a posting with its occurrences takes while it is merged, about."""

_Living = NDArray[np.bool_]


def merge_segments(
    writer: SegmentWriter, segments: Sequence[tuple[SegmentReader, _Living]], memory: int
) -> None:
    """Writes what is living of `segments` with `writer`, in their order.

    Args:
        writer: with nothing written yet.
        segments: each with its living rows; a document is living with all its rows or not at all.
        memory: bytes that may be used, about.

    Raises:
        DamagedFileError: one of the segments is damaged.
        OSError: the disk is full.
    """
    moved: list[NDArray[np.int64]] = []
    for segment, living in segments:
        moved.append(np.where(living, writer.rows + np.cumsum(living) - 1, -1))
        _copy_rows(writer, segment, living)
    for name in FIELDS:
        fields = [(segment.field(name), to) for (segment, _), to in zip(segments, moved, strict=True)]
        fields = [(field, to) for field, to in fields if len(field)]
        if fields:
            out = writer.field(name)
            for part in _merged(fields, max(1, memory // _PER_POSTING)):
                out.append(part)
            out.finish()


def _copy_rows(writer: SegmentWriter, segment: SegmentReader, living: _Living) -> None:
    entries = living[segment.entry_rows]
    places = np.cumsum(living) - 1
    columns: dict[str, Any] = {
        "entry.row": places[segment.entry_rows[entries]].astype("<u4"),
        "entry.date": segment.column("entry.date")[entries],
        "entry.fingerprint": segment.column("entry.fingerprint")[entries],
        "length": segment.lengths[living].astype("<u4"),
        "pair": segment.pairs[living].astype("<u4"),
        "flags": segment.column("flags")[living],
        "address": segment.column("address")[living],
    }
    is_passage = np.ones(segment.rows, dtype=bool)
    is_passage[segment.entry_rows] = False
    for stored, out, kept in (
        (segment.entries, writer.entries, entries),
        (segment.passages, writer.passages, living[is_passage]),
    ):
        for block, (first, last) in enumerate(stored.blocks()):
            dictionary = stored.dictionary(block)
            if dictionary and kept[first:last].all():
                out.append_block(stored.block(block), last - first, dictionary)
            else:  # also where few rows were compressed without a dictionary: together they get one
                for row in (first + np.flatnonzero(kept[first:last])).tolist():
                    out.append_line(stored.line(row))
    writer.add_columns(columns)


def _merged(fields: Sequence[tuple[FieldReader, NDArray[np.int64]]], most: int) -> Iterator[Inverted]:
    """The terms of several segments, some at a time, with about `most` postings each time."""
    at = [0] * len(fields)
    for end in [*_cuts([field for field, _ in fields], most), None]:
        until = [len(field) if end is None else field.first_from(end) for field, _ in fields]
        parts = [
            _kept(field.invert(first, last), to)
            for (field, to), first, last in zip(fields, at, until, strict=True)
            if last > first
        ]
        at = until
        if parts:
            yield _join(parts)


def _cuts(fields: Sequence[FieldReader], most: int) -> list[bytes]:
    """Terms between which no segment has more than its share of `most` postings."""
    share = max(1, most // len(fields))
    return sorted({field.text(first) for field in fields for first, _ in field.pieces(share) if first})


def _kept(some: Inverted, to: NDArray[np.int64]) -> Inverted:
    """What is left of the postings, with the new numbers of the rows."""
    numbers = to[some.numbers]
    kept = numbers >= 0
    if kept.all():
        return Inverted(some.terms, some.frequencies, numbers, some.tf, some.places)
    ends = np.cumsum(some.frequencies)
    frequencies = np.diff(np.concatenate([[0], np.cumsum(kept)])[np.concatenate([[0], ends])])
    places = np.repeat(kept, some.tf)
    return Inverted(
        some.terms, frequencies, numbers[kept], some.tf[kept], tuple(column[places] for column in some.places)
    )


def _join(parts: Sequence[Inverted]) -> Inverted:
    """The postings of the same terms put together; terms that have none are left out."""
    living = {
        term
        for part in parts
        for term, frequency in zip(part.terms, part.frequencies.tolist(), strict=True)
        if frequency
    }
    terms = sorted(living)
    rank = {term: place for place, term in enumerate(terms)}
    ranks = np.concatenate(
        [
            np.repeat(
                np.fromiter((rank.get(term, 0) for term in part.terms), np.int64, len(part.terms)),
                part.frequencies,
            )
            for part in parts
        ]
    )
    # Stable: the rows of one segment come before those of the next, and stay in order.
    order = np.argsort(ranks, kind="stable")
    tf = np.concatenate([part.tf for part in parts])
    begins = np.cumsum(tf) - tf
    tf = tf[order]
    occurrences = np.repeat(begins[order] - np.cumsum(tf) + tf, tf) + np.arange(int(tf.sum()))
    return Inverted(
        terms,
        np.bincount(ranks, minlength=len(terms)),
        np.concatenate([part.numbers for part in parts])[order],
        tf,
        tuple(np.concatenate([part.places[column] for part in parts])[occurrences] for column in range(4)),
    )
