"""Stock Whoosh 2.7.4: its own codec, its own searcher, BM25F, its own highlighter over stored characters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from whoosh import analysis, fields, highlight, index, query

from tests.bench.engines import fed
from tests.bench.questions import PER_PAGE, Asked
from tests.bench.stopwatch import Stopwatch
from tests.bench.store import Store

__all__ = ["engine"]

_MEMORY: Final = 512
"""Megabytes that its writer may gather before it writes a run."""


def _schema() -> Any:
    spaces = analysis.SpaceSeparatedTokenizer()
    return fields.Schema(
        address=fields.ID(stored=True),
        words=fields.TEXT(analyzer=spaces, phrase=True, chars=True, stored=True),
        others=fields.TEXT(analyzer=spaces, phrase=True),
        lang=fields.ID,
        year=fields.NUMERIC(int, bits=32, signed=False),
    )


class _Whoosh:
    def build(self, store: Store, size: int, folder: Path, *, cpu: bool) -> float:
        watch = Stopwatch(cpu=cpu)
        writer = index.create_in(str(folder), _schema()).writer(limitmb=_MEMORY)
        for passage in watch.without(fed(store, size)):
            writer.add_document(
                address=passage.address,
                words=passage.words,
                others=passage.others,
                lang=passage.lang,
                year=passage.year,
            )
        writer.commit()
        return watch.seconds

    def open(self, folder: Path) -> None:
        self._searcher = index.open_dir(str(folder)).searcher()

    def prepare(self, asked: Asked) -> object:
        return _query(asked)

    def ids(self, prepared: object, asked: Asked) -> Sequence[str]:
        return [hit["address"] for hit in self._hits(prepared, asked)]

    def marked(self, prepared: object, asked: Asked) -> Sequence[str]:
        return [hit.highlights("words") for hit in self._hits(prepared, asked)]

    def finished(self, asked: Asked) -> Sequence[str]:
        return self.marked(self.prepare(asked), asked)

    def _hits(self, prepared: object, asked: Asked) -> Sequence[Any]:
        results = self._searcher.search(prepared, limit=asked.offset + PER_PAGE, filter=_filter(asked))
        results.fragmenter = highlight.PinpointFragmenter()
        return [results[place] for place in range(asked.offset, results.scored_length())]


def _query(asked: Asked) -> Any:
    terms = [query.Term("words", term) for term in asked.terms]
    match asked.kind:
        case "phrase":
            return query.Phrase("words", list(asked.terms))
        case "prefix":
            return query.Or([query.Prefix(name, asked.terms[0]) for name in ("words", "others")])
        case "OR of 3" | "question":
            return query.Or(terms)
        case _:
            return query.And(terms) if terms[1:] else terms[0]


def _filter(asked: Asked) -> Any:
    if not (asked.only and asked.years):
        return None
    return query.And([query.Term("lang", asked.only), query.NumericRange("year", *asked.years)])


def engine() -> _Whoosh:
    """Stock Whoosh."""
    return _Whoosh()
