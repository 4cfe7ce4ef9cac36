"""Tokens that wait to be written, as arrays: one by one, or by runs of characters that were met before."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import Run, TokenRuns
from indexer.engine.whoosh.inverted import Inverted
from indexer.model import Field, Token

__all__ = ["GatheredField", "GatheredPart"]

_COLUMNS: Final = 6
"""Of a token: term, row, position, units, start, span."""
_TOKENS: Final = attrgetter("tokens")

_Places = NDArray[np.uint32]
"""A row a token, with these columns."""


class GatheredField:
    """The tokens of one field that came one by one, in the order of their rows."""

    __slots__ = ("places", "terms")

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.places = array("I")

    def number(self, term: str) -> int:
        """The number of a term, by which its tokens name it."""
        return self.terms.setdefault(term, len(self.terms))

    def invert(self, more: _Places) -> Inverted:
        """These tokens and `more`, of other rows, by term, then by row, then as they came."""
        places = np.frombuffer(self.places, dtype=np.uint32).reshape(-1, _COLUMNS)
        if len(more):
            places = np.concatenate([places, more])
        texts = [term.encode("utf-8", "surrogatepass") for term in self.terms]
        order = sorted(range(len(texts)), key=texts.__getitem__)
        rank = np.empty(len(texts), dtype=np.uint64)
        rank[order] = np.arange(len(texts), dtype=np.uint64)
        keys = rank[places[:, 0]] << np.uint64(32) | places[:, 1]
        sequence = np.argsort(keys, kind="stable")
        keys, places = keys[sequence], places[sequence]
        term, row = (keys >> np.uint64(32)).astype(np.int64), places[:, 1].astype(np.int64)
        begins = np.flatnonzero(np.concatenate([[True], np.diff(keys) != 0]))
        return Inverted(
            [texts[number] for number in order],
            np.bincount(term[begins], minlength=len(texts)),
            row[begins],
            np.diff(begins, append=len(term)),
            tuple(places[:, column].astype(np.int64) for column in range(2, _COLUMNS)),
        )


class _Numbers(dict[Run, int]):
    """Runs in the order in which they are first met."""

    def __missing__(self, run: Run) -> int:
        self[run] = number = len(self)
        return number


class GatheredPart:
    """The tokens of one part of the rows (its text, its title), in all its fields."""

    def __init__(self, fields: Mapping[Field, GatheredField]) -> None:
        self._fields = fields
        self._numbers = _Numbers()
        self._met = array("I")
        """By occurrence of a run, its number."""
        self._starts = array("I")
        self._rows = array("I")
        """By row that came as runs, which it is and how many runs it has."""
        self._many = array("I")
        self._tokens = 0

    @property
    def tokens(self) -> int:
        """How many there are."""
        return self._tokens

    @property
    def runs(self) -> int:
        """How many different ones were met."""
        return len(self._numbers)

    def add(self, row: int, tokens: Iterable[Token]) -> int:
        """Takes up the tokens of a row, after those of all rows before it; returns its units."""
        if not isinstance(tokens, TokenRuns):
            return self._add_one_by_one(row, tokens)
        self._met.extend(map(self._numbers.__getitem__, tokens.runs))
        self._starts.extend(tokens.starts)
        self._rows.append(row)
        self._many.append(len(tokens.runs))
        self._tokens += sum(map(len, map(_TOKENS, tokens.runs)))
        return tokens.units

    def _add_one_by_one(self, row: int, tokens: Iterable[Token]) -> int:
        fields = self._fields
        units = 0
        for token in tokens:
            gathered = fields[token.field]
            terms = gathered.terms
            number = terms.get(token.term)
            if number is None:
                number = terms[token.term] = len(terms)
            span, position, length = token.span, token.position, token.length
            gathered.places.extend((number, row, position, length, span.start, span.end - span.start))
            units = max(units, position + length)
            self._tokens += 1
        return units

    def expand(self, field: Field) -> _Places:
        """The tokens in one field of what came as runs, in the order of the rows."""
        tokens, begins, many = self._table(field)
        if not len(tokens):
            return np.empty((0, _COLUMNS), dtype=np.uint32)
        met = np.frombuffer(self._met, dtype=np.uint32)
        runs = np.repeat(np.arange(len(met)), many[met])
        ends = np.cumsum(many[met])
        at = np.arange(len(runs)) - np.repeat(ends - many[met], many[met]) + begins[met][runs]
        places: _Places = tokens[at]
        places[:, 1] = np.repeat(np.frombuffer(self._rows, np.uint32), np.frombuffer(self._many, np.uint32))[
            runs
        ]
        places[:, 2] += self._firsts(met)[runs]
        places[:, 4] += np.frombuffer(self._starts, dtype=np.uint32)[runs]
        return places

    def _table(self, field: Field) -> tuple[_Places, NDArray[np.int64], NDArray[np.int64]]:
        """The tokens in one field of all runs, and by run where its first one is and how many it has."""
        gathered = self._fields[field]
        rows: list[tuple[int, int, int, int, int, int]] = []
        many: list[int] = []
        for run in self._numbers:
            before = len(rows)
            for kind, term, begin, end, position, length in run.tokens:
                if kind is field:
                    rows.append((gathered.number(term), 0, position, length, begin, end - begin))
            many.append(len(rows) - before)
        counts = np.array(many, dtype=np.int64)
        return (
            np.array(rows, dtype=np.uint32).reshape(-1, _COLUMNS),
            np.cumsum(counts) - counts,
            counts,
        )

    def _firsts(self, met: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """By occurrence of a run, the position of its first unit in its row."""
        units = np.array([run.units for run in self._numbers], dtype=np.int64)[met]
        before = np.cumsum(units) - units
        many = np.frombuffer(self._many, dtype=np.uint32).astype(np.int64)
        first = np.repeat(np.cumsum(many) - many, many)
        positions: NDArray[np.uint32] = (before - before[first]).astype(np.uint32)
        return positions
