"""Our segments as Whoosh sees them: its readers, matchers, queries and scorers work over our arrays.

They read one posting after the other and are slow; they are what every fast way is compared with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.matching import LeafMatcher
from whoosh.matching.mcore import ReadTooFar
from whoosh.reading import TermInfo, TermNotFound

from indexer.engine.whoosh.arrayfile import ArrayFile
from indexer.engine.whoosh.ascending import ranges
from indexer.engine.whoosh.fields import FieldReader
from indexer.engine.whoosh.inverted import BLOCK
from indexer.engine.whoosh.schema import FIELDS, OCCURRENCE, is_of_documents
from indexer.engine.whoosh.segment import SegmentReader
from indexer.engine.whoosh.stored import dump

__all__ = ["ArrayCodec", "ArraySegment"]

EXTENSION: Final = ".seg"


class ArraySegment(base.Segment):  # type: ignore[misc]
    """What a table of contents tells of a segment: its name, its rows, and which of them were deleted."""

    def __init__(
        self, indexname: str, rows: int = 0, name: str = "", deleted: Sequence[tuple[int, int]] = ()
    ) -> None:
        super().__init__(indexname)
        self.segid: str = name or self._random_id()
        self.rows = rows
        self.deleted = tuple(deleted)
        """Runs `[first, last)` of rows, ascending, none touching the next."""

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return str(self.make_filename(EXTENSION))

    def codec(self) -> ArrayCodec:
        """The codec that reads it; a new one each time, with its own open file."""
        return ArrayCodec()

    def doc_count_all(self) -> int:
        """The rows, deleted ones among them."""
        return self.rows

    def deleted_count(self) -> int:
        """The rows that were deleted."""
        return sum(last - first for first, last in self.deleted)

    def deleted_docs(self) -> Iterator[int]:
        """The rows that were deleted, ascending."""
        return (row for first, last in self.deleted for row in range(first, last))

    def is_deleted(self, docnum: int) -> bool:
        """Whether the row was deleted."""
        return any(first <= docnum < last for first, last in self.deleted)

    def living(self) -> NDArray[np.bool_]:
        """By row, whether it has not been deleted."""
        living = np.ones(self.rows, dtype=bool)
        for first, last in self.deleted:
            living[first:last] = False
        return living

    def without(self, runs: Sequence[tuple[int, int]]) -> ArraySegment:
        """The same segment with these runs of rows deleted, too."""
        joined: list[tuple[int, int]] = []
        for first, last in sorted([*self.deleted, *runs]):
            if joined and first <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(last, joined[-1][1])
            else:
                joined.append((first, last))
        return ArraySegment(self.indexname, self.rows, self.segid, joined)


class ArrayCodec(base.Codec):  # type: ignore[misc]
    """Reads one segment.  Segments are written whole (`indexer.engine.whoosh.batch`), not field by field."""

    def __init__(self) -> None:
        self._opened: SegmentReader | None = None

    def open(self, storage: Any, segment: ArraySegment) -> SegmentReader:
        """The segment's arrays; the file is opened once.

        Raises:
            OSError: it is not there.
            DamagedFileError: it is not whole.
        """
        if self._opened is None:
            self._opened = SegmentReader(ArrayFile(Path(storage.folder) / segment.file_name))
        return self._opened

    def terms_reader(self, storage: Any, segment: ArraySegment) -> _TermsReader:
        """What Whoosh finds postings by."""
        return _TermsReader(self.open(storage, segment))

    def per_document_reader(self, storage: Any, segment: ArraySegment) -> _RowReader:
        """What Whoosh reads single rows by."""
        return _RowReader(self.open(storage, segment), segment)

    def new_segment(self, _storage: Any, indexname: str) -> ArraySegment:
        """An empty segment with a new name."""
        return ArraySegment(indexname)


class _TermsReader(base.TermsReader):  # type: ignore[misc]
    """The terms of a segment, as (field, bytes), sorted."""

    def __init__(self, segment: SegmentReader) -> None:
        self._segment = segment

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return term[0] in FIELDS and self._segment.field(term[0]).find(term[1]) is not None

    def indexed_field_names(self) -> Sequence[str]:
        return FIELDS

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for name in sorted(FIELDS):
            if name >= fieldname:
                field = self._segment.field(name)
                first = field.first_from(prefix) if name == fieldname else 0
                yield from ((name, field.text(place)) for place in range(first, len(field)))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return self.items_from("", b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, tbytes: bytes) -> TermInfo:
        field, place = self._find(fieldname, tbytes)
        postings = field.postings(place)
        numbers, tf = postings.numbers, postings.tf
        lengths = self._segment.lengths[numbers]
        return TermInfo(
            float(tf.sum(dtype=np.int64)), len(numbers), int(lengths.min()), int(lengths.max()),
            float(tf.max()), int(numbers[0]), int(numbers[-1]),
        )  # fmt: skip

    def frequency(self, fieldname: str, tbytes: bytes) -> float:
        field = self._segment.field(fieldname)
        place = field.find(tbytes)
        return 0.0 if place is None else float(field.postings(place).tf.sum(dtype=np.int64))

    def doc_frequency(self, fieldname: str, tbytes: bytes) -> int:
        field = self._segment.field(fieldname)
        place = field.find(tbytes)
        return 0 if place is None else field.frequency(place)

    def matcher(self, fieldname: str, tbytes: bytes, format_: Any, scorer: Any = None) -> ArrayMatcher:
        return ArrayMatcher(*self._find(fieldname, tbytes), format_, (fieldname, tbytes), scorer)

    def _find(self, fieldname: str, tbytes: bytes) -> tuple[FieldReader, int]:
        field = self._segment.field(fieldname)
        place = field.find(tbytes)
        if place is None:
            raise TermNotFound(f"No term {fieldname}:{tbytes!r}")
        return field, place


class _RowReader(base.PerDocumentReader):  # type: ignore[misc]
    """The single rows of a segment."""

    def __init__(self, opened: SegmentReader, segment: ArraySegment) -> None:
        self._opened = opened
        self._segment = segment

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        return self._segment.deleted_docs()

    def stored_fields(self, docnum: int) -> dict[str, str]:
        entry = self._opened.entry_of(docnum)
        if int(self._opened.entry_rows[entry]) == docnum:
            return {"stored": dump(self._opened.entries[entry])}
        return {"stored": dump(self._opened.passages[docnum - entry - 1])}

    # A passage has one length, that of its text, which its units count; so has each of its fields.

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return default if is_of_documents(fieldname) else int(self._opened.lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        return 0 if is_of_documents(fieldname) else int(self._opened.lengths.sum(dtype=np.int64))

    def min_field_length(self, fieldname: str) -> int:
        return 0 if is_of_documents(fieldname) else int(self._opened.lengths.min(initial=0))

    def max_field_length(self, fieldname: str) -> int:
        return 0 if is_of_documents(fieldname) else int(self._opened.lengths.max(initial=0))


class ArrayMatcher(LeafMatcher):  # type: ignore[misc]
    """The postings of one term, one after the other."""

    def __init__(
        self, field: FieldReader, place: int, format_: Any, term: tuple[str, bytes], scorer: Any
    ) -> None:
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._field = field
        self._postings = field.postings(place)
        self._numbers = self._postings.numbers
        self._tf = self._postings.tf
        self._until_second, self._block_tf, self._block_length = field.bounds(place)
        self._at = 0

    def is_active(self) -> bool:
        return self._at < len(self._numbers)

    def reset(self) -> None:
        self._at = 0

    def id(self) -> int:
        return int(self._numbers[self._at])

    def all_ids(self) -> Iterator[int]:
        return iter(self._numbers[self._at :].tolist())

    def weight(self) -> float:
        return float(self._tf[self._at])

    def value(self) -> bytes:
        """The occurrences as an array of `OCCURRENCE`."""
        begin, tf = self._postings.runs(np.array([self._at]))
        at = ranges(begin, tf)
        occurrences = self._field.occurrences
        (position, units), (start, span) = occurrences.units_at(at), occurrences.spans_at(at)
        rows = np.empty(int(tf[0]), dtype=OCCURRENCE)
        rows["position"], rows["end"] = position, position + units
        rows["start"], rows["stop"] = start, start + span
        return rows.tobytes()

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        before = self._block()
        self._at += 1
        return not self.is_active() or self._block() != before

    def skip_to(self, target: int) -> bool:
        if not self.is_active():
            raise ReadTooFar
        before = self._block()
        self._at += int(np.searchsorted(self._numbers[self._at :], target))
        return not self.is_active() or self._block() != before

    def skip_to_quality(self, minquality: float) -> int:
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._at = self._until_second + self._block() * BLOCK
            skipped += 1
        self._at = min(self._at, len(self._numbers))
        return skipped

    def block_max_weight(self) -> float:
        tf = int(self._block_tf[self._block()])
        return float("inf") if tf == np.iinfo(np.uint16).max else float(tf)

    def block_min_length(self) -> int:
        return int(self._block_length[self._block()])

    def _block(self) -> int:
        """The block of the present posting, counted from the term's first."""
        return max(0, -(-(self._at + 1 - self._until_second) // BLOCK))
