"""Hanyeong itself, through what its commands and its web pages call."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from indexer.engine import Snapshot
from indexer.engine.whoosh import WhooshEngine
from indexer.model.query import Query
from indexer.model.results import Snippet
from indexer.query import parse_query
from indexer.search import Archive
from indexer.settings import Settings
from indexer.snippets import cut_snippet
from tests.bench.questions import PER_PAGE, Asked
from tests.bench.stopwatch import Stopwatch
from tests.bench.store import Store

__all__ = ["engine"]


class _Hanyeong:
    def build(self, store: Store, size: int, folder: Path, *, cpu: bool) -> float:
        watch = Stopwatch(cpu=cpu)
        with WhooshEngine(Settings(folder).index).writer(rebuild=True) as writer:
            for document in watch.without(store.indexed(size)):
                writer.add(document)
            writer.commit()
        return watch.seconds

    def open(self, folder: Path) -> None:
        settings = Settings(folder)
        self._engine = WhooshEngine(settings.index)
        self._archive = Archive(settings, self._engine)
        self._archive.warm()
        gc.collect()
        gc.freeze()  # as `serve` does

    def prepare(self, asked: Asked) -> object:
        return parse_query(asked.typed)

    def ids(self, prepared: object, asked: Asked) -> Sequence[str]:
        snapshot = self._engine.snapshot()
        return snapshot.addresses(_best(snapshot, prepared, asked))

    def marked(self, prepared: object, asked: Asked) -> Sequence[str]:
        snapshot = self._engine.snapshot()
        numbers = _best(snapshot, prepared, asked)
        spans = snapshot.spans(cast(Query, prepared), numbers)
        return [
            _html(cut_snippet(passage.text, marks, passage.lang))
            for passage, marks in zip(snapshot.passages(numbers), spans, strict=True)
        ]

    def finished(self, asked: Asked) -> Sequence[str]:
        results = self._archive.passages(
            asked.text, lang=asked.only, years=asked.years, page=asked.page, limit=PER_PAGE
        )
        return [_html(hit.snippet) for hit in results.hits]


def _best(snapshot: Snapshot, prepared: object, asked: Asked) -> list[int]:
    ranking = snapshot.rank(cast(Query, prepared))
    numbers: list[int] = ranking.matches[ranking.best(asked.offset + PER_PAGE)[asked.offset :]].tolist()
    return numbers


def _html(snippet: Snippet) -> str:
    return "".join(f"<b>{text}</b>" if marked else text for text, marked in snippet.parts())


def engine() -> _Hanyeong:
    """Hanyeong."""
    return _Hanyeong()
