"""The columns of a commit, from those of its segments."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Columns
from indexer.engine.whoosh.segment import KOREAN, TITLE
from indexer.engine.whoosh.term_postings import Leaf

__all__ = ["read_columns"]

_UNIX_EPOCH: Final = 719163
"""1970-01-01 as a proleptic Gregorian ordinal."""


def read_columns(leaves: Sequence[Leaf]) -> Columns:
    """The columns of all rows; what is known of a document is spread over its passages.

    Raises:
        DamagedFileError: a segment is damaged.
    """
    parts = [_of_segment(leaf) for leaf in leaves]
    korean = _join([part["korean"] for part in parts], np.dtype(bool))
    year = _join([part["year"] for part in parts], np.dtype("i4"))
    pair = _join([part["pair"] for part in parts], np.dtype("u4"))
    traits, years = _traits(year, korean, pair)
    return Columns(
        passage=_join([part["passage"] for part in parts], np.dtype(bool)),
        title=_join([part["title"] for part in parts], np.dtype(bool)),
        document=_join([part["document"] for part in parts], np.dtype("u8")),
        place=_join(_counted_on([part["place"] for part in parts]), np.dtype("i4")),
        ordinal=_join([part["ordinal"] for part in parts], np.dtype("u4")),
        korean=korean,
        year=year,
        date=_join([part["date"] for part in parts], np.dtype("i4")),
        pair=pair,
        length=_join([part["length"] for part in parts], np.dtype("f4")),
        traits=traits,
        years=years,
    )


def _traits(
    year: NDArray[Any], korean: NDArray[Any], pair: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[np.int32]]:
    """See `indexer.engine.Columns`."""
    years = np.flatnonzero(np.bincount(year, minlength=1)).astype(np.int32)
    if len(years) == 0 or years[0] != 0:
        years = np.insert(years, 0, 0)
    place = np.zeros(int(years[-1]) + 1, dtype=np.uint16)
    place[years] = np.arange(len(years))
    traits = place[year] * np.uint16(4) + korean * np.uint16(2) + (pair > 0)
    # In half the bytes, as long as there are not too many years, they come to the processor sooner.
    return traits.astype(np.min_scalar_type(4 * len(years) - 1)), years


def _of_segment(leaf: Leaf) -> dict[str, NDArray[Any]]:
    segment = leaf.segment
    rows = segment.entry_rows
    many = segment.entry_ends - rows
    date = segment.column("entry.date")
    day = (date.astype(np.int64) - _UNIX_EPOCH).astype("datetime64[D]")
    year = np.where(date > 0, day.astype("datetime64[Y]").astype(np.int64) + 1970, 0)
    passage = np.ones(segment.rows, dtype=bool)
    passage[rows] = False
    if leaf.living is not None:
        passage &= leaf.living
    return {
        "passage": passage,
        "document": np.repeat(segment.column("entry.fingerprint"), many),
        "place": np.repeat(np.arange(len(rows)), many),
        "ordinal": np.where(passage, np.arange(segment.rows) - np.repeat(rows, many) - 1, 0),
        "korean": segment.column("flags") & KOREAN != 0,
        "title": passage & (segment.column("flags") & TITLE != 0),
        "year": np.repeat(year, many),
        "date": np.repeat(date, many),
        "pair": segment.pairs,
        "length": np.where(passage, segment.lengths, 0),
    }


def _counted_on(parts: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
    """The places of each part begin after the last of the part before."""
    sizes = [int(part[-1]) + 1 if len(part) else 0 for part in parts]
    return [part + before for part, before in zip(parts, accumulate(sizes, initial=0), strict=False)]


def _join(parts: Sequence[NDArray[Any]], kind: np.dtype[Any]) -> NDArray[Any]:
    if len(parts) == 1:
        return parts[0].astype(kind, copy=False)
    return np.concatenate([np.empty(0, dtype=kind), *parts]).astype(kind, copy=False)
