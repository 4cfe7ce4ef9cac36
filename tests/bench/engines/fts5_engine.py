"""SQLite FTS5, as its documentation advises: prefix indexes, language and year as terms of a column."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from tests.bench.engines import Fed, fed
from tests.bench.questions import PER_PAGE, Asked
from tests.bench.stopwatch import Stopwatch
from tests.bench.store import Store

__all__ = ["engine"]

# Every character but white space belongs to a term, as the terms are joined by spaces.
_TABLE: Final = """CREATE VIRTUAL TABLE passages USING fts5(
    address UNINDEXED, words, others, facets, prefix = '2 3',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co'"
)"""
_FIND: Final = """SELECT {shown} FROM passages WHERE passages MATCH ?
    ORDER BY bm25(passages, 0, 1, 1, 0) LIMIT ? OFFSET ?"""
_IDS: Final = _FIND.format(shown="address")
_SNIPPETS: Final = _FIND.format(shown="address, snippet(passages, 1, '<b>', '</b>', '…', 30)")


class _Fts5:
    def build(self, store: Store, size: int, folder: Path, *, cpu: bool) -> float:
        watch = Stopwatch(cpu=cpu)
        database = sqlite3.connect(folder / "fts5.db")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(_TABLE)
        rows = (_row(passage) for passage in watch.without(fed(store, size)))
        database.executemany("INSERT INTO passages VALUES (?, ?, ?, ?)", rows)
        database.execute("INSERT INTO passages (passages) VALUES ('optimize')")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        return watch.seconds

    def open(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "fts5.db")
        self._database.execute("PRAGMA mmap_size = 4000000000")

    def prepare(self, asked: Asked) -> object:
        quoted = [f'"{term}"' for term in asked.terms]
        match asked.kind:
            case "phrase":
                words = " + ".join(quoted)
            case "prefix":
                words = f"{quoted[0]} *"
            case "OR of 3" | "question":
                words = " OR ".join(quoted)
            case _:
                words = " AND ".join(quoted)
        column = "{words others}" if asked.kind == "prefix" else "words"
        match = f"{column} : ({words})"
        if asked.only and asked.years:
            years = " OR ".join(f"y{year}" for year in range(asked.years[0], asked.years[1] + 1))
            match += f" AND facets : ({asked.only} AND ({years}))"
        return match

    def ids(self, prepared: object, asked: Asked) -> Sequence[str]:
        rows = self._database.execute(_IDS, (cast(str, prepared), PER_PAGE, asked.offset))
        return [address for (address,) in rows]

    def marked(self, prepared: object, asked: Asked) -> Sequence[str]:
        rows = self._database.execute(_SNIPPETS, (cast(str, prepared), PER_PAGE, asked.offset))
        return [snippet for _, snippet in rows]

    def finished(self, asked: Asked) -> Sequence[str]:
        return self.marked(self.prepare(asked), asked)


def _row(passage: Fed) -> tuple[str, str, str, str]:
    return passage.address, passage.words, passage.others, f"{passage.lang} y{passage.year}"


def engine() -> _Fts5:
    """SQLite FTS5."""
    return _Fts5()
