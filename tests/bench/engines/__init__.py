"""The engines that are measured.  Each is a module of its own that is imported only where it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal, Protocol, get_args

from indexer.model.text import Lang
from tests.bench.questions import Asked, word_rows
from tests.bench.store import Store

__all__ = ["HANYEONG", "JOBS", "PEERS", "Engine", "Fed", "Job", "Unable", "engine", "fed", "installed"]

HANYEONG: Final = "hanyeong"
PEERS: Final = {"whoosh": "whoosh", "fts5": "sqlite3", "tantivy": "tantivy", "bm25s": "bm25s"}
"""The other engines, each with the package it needs."""


Job = Literal["ids", "marked", "finished"]
"""What is timed: ten ids, or ten passages with marked snippets, both from a query that is ready; or the page
from the text of the query as a person gets it."""
JOBS: Final[tuple[Job, ...]] = get_args(Job)


class Unable(Exception):  # noqa: N818 - a fact about the engine, no failure
    """The engine has nothing to answer such a query with."""


@dataclass(frozen=True, slots=True)
class Fed:
    """A passage as the peers get it: terms of our analysis, joined by spaces."""

    address: str
    words: str
    """The term of each word in the order of the text: what is searched and marked."""
    others: str
    """What else Hanyeong indexes of it: syllable pairs, compounds, words as written, readings."""
    lang: Lang
    year: int


class Engine(Protocol):
    """An engine with an index in a folder of its own."""

    def build(self, store: Store, size: int, folder: Path, *, cpu: bool) -> float:
        """Indexes `size` passages; the seconds (of the processor, where `cpu`) without reading them."""
        ...

    def open(self, folder: Path) -> None:
        """Opens what `build` wrote."""
        ...

    def prepare(self, asked: Asked) -> object:
        """The query in the engine's own form, for `ids` and `marked`.

        Raises:
            Unable: the engine cannot answer it.
        """
        ...

    def ids(self, prepared: object, asked: Asked) -> Sequence[str]:
        """The addresses of the passages on the page, best first."""
        ...

    def marked(self, prepared: object, asked: Asked) -> Sequence[str]:
        """The passages on the page, best first, each as a snippet with marks.

        Raises:
            Unable: the engine marks nothing.
        """
        ...

    def finished(self, asked: Asked) -> Sequence[str]:
        """The page as a person gets it: its passages as snippets with marks, from the text of the query.

        Raises:
            Unable: the engine cannot answer it.
        """
        ...


def engine(name: str) -> Engine:
    """A new engine by its name."""
    made: Engine = import_module(f"tests.bench.engines.{name}_engine").engine()
    return made


def installed(names: Iterable[str]) -> list[str]:
    """Those of the peers whose package is there."""
    return [name for name in names if find_spec(PEERS[name])]


def fed(store: Store, size: int) -> Iterator[Fed]:
    """The passages for a peer; the same, with the same addresses, as Hanyeong gets."""
    terms = [text for _, text in store.terms]
    number = 0
    for document in store.documents(size):
        assert document.info.date is not None
        for passage, rows in zip(document.passages, document.rows, strict=True):
            main = word_rows(rows)
            yield Fed(
                str(number),
                " ".join(terms[term] for term in rows["term"][main].tolist()),
                " ".join(terms[term] for term in rows["term"][~main].tolist()),
                passage.lang,
                document.info.date.year,
            )
            number += 1
