"""Tokens that wait to be written, as arrays: one by one, or by runs of characters that were met before."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, compress
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import Relative, RunTable, TokenRuns
from indexer.engine.whoosh.ascending import ranges
from indexer.engine.whoosh.inverted import Inverted
from indexer.model.terms import Field, Token

__all__ = ["GatheredField", "GatheredPart"]

_COLUMNS: Final = 6
"""Of a token: term, row, position, units, start, span."""
_TOLD: Final = 6
"""What is kept of a token of a core: field, term, start, end, position, length come first in it."""
_LOW: Final = 0xFFFF

_Places = NDArray[np.uint32]
"""A row a token, with these columns."""
_Ints = NDArray[np.int64]


class _Terms(dict[str, int]):
    """The numbers of terms, in the order in which they are first met."""

    def __missing__(self, term: str) -> int:
        self[term] = number = len(self)
        return number


class GatheredField:
    """The tokens of one field that came one by one, in the order of their rows."""

    __slots__ = ("places", "terms")

    def __init__(self) -> None:
        self.terms = _Terms()
        """By which number its tokens name a term."""
        self.places = array("I")

    def invert(self, more: _Places) -> Inverted:
        """These tokens and `more`, of other rows, by term, then by row, then as they came."""
        places = np.frombuffer(self.places, dtype=np.uint32).reshape(-1, _COLUMNS)
        if len(more):
            places = np.concatenate([places, more]) if len(places) else more
        texts = [term.encode("utf-8", "surrogatepass") for term in self.terms]
        order = sorted(range(len(texts)), key=texts.__getitem__)
        rank = np.empty(len(texts), dtype=np.uint32)
        rank[order] = np.arange(len(texts), dtype=np.uint32)
        terms, rows = rank[places[:, 0]], places[:, 1]
        sequence = _sorted_by(terms) if _ascends(rows) else np.lexsort((rows, terms))
        # By rows: by columns, each token would be looked for in memory as often as it has columns.  `take`
        # copies a row at once, in a fifth of the time of an index.
        places = places.take(sequence, axis=0)
        del more  # it may be what `places` was
        term, row = terms[sequence].astype(np.int64), places[:, 1].astype(np.int64)
        begins = np.flatnonzero(
            np.concatenate([[True], (term[1:] != term[:-1]) | (row[1:] != row[:-1])])[: len(term)]
        )
        return Inverted(
            [texts[number] for number in order],
            np.bincount(term[begins], minlength=len(texts)),
            row[begins],
            np.diff(begins, append=len(term)),
            tuple(places[:, column].astype(np.int64) for column in range(2, _COLUMNS)),
        )


def _ascends(values: NDArray[np.uint32]) -> bool:
    return bool((values[1:] >= values[:-1]).all())


def _sorted_by(values: NDArray[np.uint32]) -> NDArray[np.intp]:
    """The places of the values in ascending order; of equal ones as they are.

    By halves of 16 bits, as NumPy sorts these without comparing them.
    """
    sequence = np.argsort((values & _LOW).astype(np.uint16), kind="stable")
    upper = (values >> 16).astype(np.uint16)
    if upper.any():
        sequence = sequence[np.argsort(upper[sequence], kind="stable")]
    return sequence


class _Met:
    """Rows that came as runs of one table."""

    def __init__(self, table: RunTable) -> None:
        self.table = table
        self.numbers = array("I")
        """By occurrence of a run, its number."""
        self.rows = array("I")
        """By row, which it is and how many runs it has."""
        self.many = array("I")
        self._tokens = self._counted = 0

    def tokens(self) -> int:
        """How many there are; looks only at what has come since the last time."""
        new = np.frombuffer(self.numbers, dtype=np.uint32)[self._counted :]
        self._tokens += int(np.frombuffer(self.table.tokens, dtype=np.uint32)[new].sum(dtype=np.int64))
        self._counted = len(self.numbers)
        return self._tokens

    def put_units(self, by_row: NDArray[np.uint32]) -> None:
        """Puts in the units of each row."""
        units = np.frombuffer(self.table.units, dtype=np.uint32)[np.frombuffer(self.numbers, dtype=np.uint32)]
        until = np.append(0, np.cumsum(units, dtype=np.int64))
        many = _ints(self.many)
        ends = np.cumsum(many)
        by_row[_ints(self.rows)] = until[ends] - until[ends - many]

    def expand(self, fields: Mapping[Field, GatheredField]) -> dict[Field, _Places]:
        """The tokens by field, in the order of the rows."""
        table = self.table
        numbers = np.frombuffer(self.numbers, dtype=np.uint32)
        core_of = _ints(table.core_of)[numbers]
        used = np.flatnonzero(np.bincount(core_of))
        place = np.zeros(len(table.cores), dtype=np.int64)
        place[used] = np.arange(len(used))
        cores = [table.cores[core] for core in used.tolist()]
        met = place[core_of]
        many = _ints(self.many)
        before = _Before(
            np.repeat(np.frombuffer(self.rows, dtype=np.uint32), many),
            _within(np.array([units for units, _ in cores], dtype=np.int64)[met], many),
            _within(_ints(table.widths)[numbers], many) + _ints(table.leads)[numbers],
        )
        tables = _tables([tokens for _, tokens in cores], fields)
        return {field: before.put(tokens, counts, met) for field, tokens, counts in tables}


class _Before:
    """By occurrence of a run: its row, and what stands before its core in there."""

    def __init__(self, row: NDArray[np.uint32], units: _Ints, start: _Ints) -> None:
        self.row = row
        self.units = units.astype(np.uint32)
        self.start = start.astype(np.uint32)

    def put(self, tokens: _Places, counts: _Ints, met: _Ints) -> _Places:
        """The tokens of one field, which are told by core, where they stand in the rows."""
        if not len(tokens):
            return tokens
        many = counts[met]
        which = np.repeat(np.arange(len(met)), many)
        begins = np.cumsum(counts) - counts
        places: _Places = tokens.take(ranges(begins[met], many), axis=0)
        places[:, 1] = self.row[which]
        places[:, 2] += self.units[which]
        places[:, 4] += self.start[which]
        return places


def _ints(values: array[int]) -> _Ints:
    return np.frombuffer(values, dtype=np.uint32).astype(np.int64)


def _within(values: _Ints, many: _Ints) -> _Ints:
    """By occurrence, the sum of the values before it in its row; the rows have so many each."""
    before = np.cumsum(values) - values
    first = np.cumsum(many) - many
    filled = many > 0
    within: _Ints = before - np.repeat(before[first[filled]], many[filled])
    return within


def _tables(
    cores: Sequence[Relative], fields: Mapping[Field, GatheredField]
) -> Iterable[tuple[Field, _Places, _Ints]]:
    """By field, the tokens of all cores one after the other, and how many each core has."""
    # Column by column: a loop over some hundred thousand tokens takes several times as long.
    sizes = np.fromiter(map(len, cores), dtype=np.int64, count=len(cores))
    columns = list(zip(*chain.from_iterable(cores), strict=True))[:_TOLD] or [()] * _TOLD
    kinds, texts, *numbers = columns
    many = len(kinds)
    # A field is a single object, and its hash is made anew each time somebody asks for it.
    kind = np.fromiter(map(id, kinds), dtype=np.uint64, count=many)
    begin, end, position, length = (np.array(column, dtype=np.uint32) for column in numbers)
    places = np.stack(
        [
            position,
            np.repeat(np.arange(len(cores), dtype=np.uint32), sizes),
            position,
            length,
            begin,
            end - begin,
        ],
        axis=1,
    )
    for field, gathered in fields.items():
        own = kind == id(field)
        tokens: _Places = places.compress(own, axis=0)
        terms = map(gathered.terms.__getitem__, compress(texts, own.tolist()))
        tokens[:, 0] = np.fromiter(terms, dtype=np.uint32, count=len(tokens))
        yield field, tokens, np.bincount(tokens[:, 1], minlength=len(cores))


class GatheredPart:
    """The tokens of one part of the rows (its text, its title), in all its fields."""

    def __init__(self, fields: Mapping[Field, GatheredField]) -> None:
        self._fields = fields
        self._met: list[_Met] = []
        """By table, in the order in which they came."""
        self._units: dict[int, int] = {}
        """By row, of those that came one by one."""
        self._tokens = 0

    @property
    def tokens(self) -> int:
        """How many there are."""
        return self._tokens + sum([met.tokens() for met in self._met])

    @property
    def tables(self) -> list[RunTable]:
        """Where the runs are, of those that came as runs."""
        return [met.table for met in self._met]

    def add(self, row: int, *several: Iterable[Token]) -> None:
        """Takes up the tokens of a row, or of it and those behind it, after those of all rows before it."""
        for at, tokens in enumerate(several, row):
            if not isinstance(tokens, TokenRuns):
                self._add_one_by_one(at, tokens)
                continue
            if not self._met or self._met[-1].table is not tokens.table:
                self._met.append(_Met(tokens.table))
            met, numbers = self._met[-1], tokens.numbers
            met.numbers.extend(numbers)
            met.rows.append(at)
            met.many.append(len(numbers))

    def _add_one_by_one(self, row: int, tokens: Iterable[Token]) -> None:
        fields = self._fields
        units = 0
        for token in tokens:
            gathered = fields[token.field]
            number = gathered.terms[token.term]
            span, position, length = token.span, token.position, token.length
            gathered.places.extend((number, row, position, length, span.start, span.end - span.start))
            units = max(units, position + length)
            self._tokens += 1
        self._units[row] = units

    def units(self, rows: int) -> NDArray[np.uint32]:
        """By row, the positions that it takes up; 0 for a row without tokens."""
        by_row = np.zeros(rows, dtype=np.uint32)
        by_row[list(self._units)] = list(self._units.values())
        for met in self._met:
            met.put_units(by_row)
        return by_row

    def expand(self) -> dict[Field, _Places]:
        """The tokens of what came as runs, by field, in the order of the rows."""
        parts = [met.expand(self._fields) for met in self._met]
        empty = np.empty((0, _COLUMNS), dtype=np.uint32)
        return {field: np.concatenate([empty, *(part[field] for part in parts)]) for field in self._fields}
