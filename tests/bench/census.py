"""What is asked of all passages together: counted once, and kept beside the analysed corpus."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.model.text import LANGS, Lang
from tests.bench.store import ROW, Store

__all__ = ["Census", "written_beside"]

_PASSAGE: Final = np.dtype(
    [("document", "<u4"), ("index", "<u4"), ("lang", "u1"), ("bytes", "<u4"), ("rows", "<u4")]
)
"""A passage: its document's number, its place there, its language's number, its text in UTF-8, its tokens."""
_ROWS: Final = 1 << 20
"""Tokens that are counted together."""


class Census:
    """The passages of a store without its copies, one after the other."""

    def __init__(self, store: Store) -> None:
        self._store = store
        kept = store.folder / "passages.npy"
        if not kept.exists():
            unfinished = written_beside(kept)
            with unfinished.open("wb") as file:
                np.save(file, _count(store), allow_pickle=False)
            unfinished.replace(kept)
        self._passages: NDArray[Any] = np.load(kept, allow_pickle=False)

    def text_bytes(self, size: int) -> int:
        """How long the texts of `size` passages are in UTF-8; a copy is as long as what it is a copy of."""
        lengths = self._passages["bytes"].astype(np.int64)
        copies, rest = divmod(size, len(lengths))
        return int(copies * lengths.sum() + lengths[:rest].sum())

    def places(self, lang: Lang, size: int) -> NDArray[Any]:
        """`document` and `index` of those of the first `size` passages that are in this language."""
        first = self._passages[:size]
        return first[["document", "index"]][first["lang"] == LANGS.index(lang)]

    def frequency(self, lang: Lang, size: int) -> NDArray[np.int64]:
        """In how many of those passages each term stands, by the term's number."""
        terms = len(self._store.terms)
        counts = np.zeros(terms, dtype=np.int64)
        first = self._passages[:size]
        for passages, rows in _together(first["rows"].astype(np.int64), self._store.rows):
            here = first["lang"][passages] == LANGS.index(lang)
            passage = np.repeat(np.arange(len(here)), first["rows"][passages])
            wanted = here[passage]
            pairs = np.sort(passage[wanted] * terms + rows["term"][wanted])
            once = pairs[np.diff(pairs, prepend=-1) > 0]  # `np.unique` takes ten times as long
            counts += np.bincount(once % terms, minlength=terms)
        return counts


def _count(store: Store) -> NDArray[Any]:
    lines = (
        (number, index, LANGS.index(passage.lang), len(passage.text.encode()), len(rows))
        for number, document in enumerate(store.documents(store.real))
        for index, (passage, rows) in enumerate(zip(document.passages, document.rows, strict=True))
    )
    return np.fromiter(lines, dtype=_PASSAGE, count=store.real)


def _together(lengths: NDArray[np.int64], path: Path) -> Iterator[tuple[slice, NDArray[Any]]]:
    """Neighbouring passages with all their rows, as many at once as have about `_ROWS`."""
    ends = np.cumsum(lengths)
    start = done = 0
    with path.open("rb") as file:
        while start < len(ends):
            stop = max(start + 1, int(np.searchsorted(ends, done + _ROWS, side="right")))
            wanted = int(ends[stop - 1]) - done
            yield slice(start, stop), np.frombuffer(file.read(wanted * ROW.itemsize), dtype=ROW)
            start, done = stop, done + wanted


def written_beside(path: Path) -> Path:
    """A new file in the same folder, which is renamed to `path` when it is complete."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    os.close(handle)
    return Path(name)
