"""bm25s: scores computed at indexing, in a sparse matrix.  It has no AND, phrases, prefixes or snippets."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

import bm25s
import numpy as np

from tests.bench.engines import Fed, Unable, fed
from tests.bench.questions import PER_PAGE, Asked
from tests.bench.stopwatch import Stopwatch
from tests.bench.store import Store

__all__ = ["engine"]

_KINDS: Final = ("frequent word", "rare word", "OR of 3", "question", "filtered", "page 5")


class _Bm25s:
    def build(self, store: Store, size: int, folder: Path, *, cpu: bool) -> float:
        watch = Stopwatch(cpu=cpu)
        numbers: dict[str, int] = {}
        rows: list[Sequence[int]] = []
        about: list[tuple[str, int]] = []
        for passage in watch.without(fed(store, size)):
            rows.append(array("i", (numbers.setdefault(term, len(numbers)) for term in _terms(passage))))
            about.append((passage.lang, passage.year))
        retriever = bm25s.BM25(method="lucene")
        retriever.index(bm25s.tokenization.Tokenized(ids=rows, vocab=numbers), show_progress=False)
        retriever.save(folder)
        (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
        return watch.seconds

    def open(self, folder: Path) -> None:
        self._retriever = bm25s.BM25.load(folder, mmap=True)
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        self._korean = np.array([lang == "ko" for lang, _ in about])
        self._year = np.array([year for _, year in about])

    def prepare(self, asked: Asked) -> object:
        if asked.kind not in _KINDS:
            raise Unable
        return [list(asked.terms)]

    def ids(self, prepared: object, asked: Asked) -> Sequence[str]:
        mask = None
        if asked.only and asked.years:
            first, last = asked.years
            mask = (self._year >= first) & (self._year <= last) & (self._korean == (asked.only == "ko"))
        found, scores = self._retriever.retrieve(
            cast(list[list[str]], prepared),
            k=min(asked.offset + PER_PAGE, len(self._year)),
            show_progress=False,
            weight_mask=None if mask is None else mask.astype(np.float32),
        )
        page = slice(asked.offset, asked.offset + PER_PAGE)
        return [
            str(number) for number, score in zip(found[0, page], scores[0, page], strict=True) if score > 0
        ]

    def marked(self, prepared: object, asked: Asked) -> Sequence[str]:
        raise Unable

    def finished(self, asked: Asked) -> Sequence[str]:
        return self.marked(self.prepare(asked), asked)


def _terms(passage: Fed) -> list[str]:
    return [*passage.words.split(), *(f"+{term}" for term in passage.others.split())]


def engine() -> _Bm25s:
    """bm25s."""
    return _Bm25s()
