"""A judged set as an archive of Hanyeong: indexed by `reindex`, asked through `Archive.search`.

Each judged passage becomes a document with the passage's title and text, and everything that `hanyeong
reindex` does to a document is done to it by the same code: it is cut into passages, these get addresses, are
analysed and written.  Only the readers' child process is left out, which takes 8 ms a file and nothing from
the ranking: their place is taken by `_Reader`, which gives the `Document` that they would.  (Through them a text without
a title would also get its file's name for one, which no judged passage has.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

import indexer.analysis
import indexer.query
from indexer.engine.whoosh import WhooshEngine
from indexer.model import AnyOf, Bilingual, Block, BlockKind, Clause, Document, Field, Phrase, Query, Token, Word
from indexer.normalise import normalise
from indexer.readers import Source
from indexer.reindex import Failed, reindex
from indexer.search import Archive, open_archive
from indexer.settings import Settings

from .sets import JudgedPassage, JudgedSet, SetError

__all__ = ["DEPTH", "IndexedSet", "index_set", "morphemes_alone"]

DEPTH: Final = 100
"""Documents that are taken from each search."""

_PARAGRAPH: Final = re.compile(r"\n\s*\n")
_MORPHEMES: Final = (Field.KOREAN, Field.ENGLISH)


@dataclass(frozen=True, slots=True)
class IndexedSet:
    """A set that has been indexed."""

    archive: Archive
    index_bytes: int
    """What the folder with the index takes on disk."""
    passages: Mapping[str, str]
    """By document id, the id of the judged passage."""

    def search(self, question: str) -> list[str]:
        """The ids of the judged passages that a question finds, best first."""
        results = self.archive.search(question, per_page=DEPTH, per_document=1)
        return [self.passages[group.document.id] for group in results.groups]


@contextmanager
def index_set(judged: JudgedSet) -> Iterator[IndexedSet]:
    """The set as an archive in a temporary folder, which is removed at the end.

    Raises:
        SetError: a passage cannot be indexed.
    """
    with TemporaryDirectory(prefix="relevance-") as folder:
        settings = Settings(Path(folder))
        reader = _Reader(judged.lang, {})
        names: dict[str, str] = {}
        settings.documents.mkdir()
        for number, (key, passage) in enumerate(judged.passages.items()):
            name = f"d{number:07}"
            names[name] = key
            reader.passages[name] = passage
            text = f"{passage.title}\n\n{passage.text}\n"
            (settings.documents / f"{name}.txt").write_text(text, encoding="utf-8", errors="replace")
        with patch("indexer.reindex.read", reader):
            for change in reindex(settings, WhooshEngine(settings.index)):
                if isinstance(change, Failed):
                    raise SetError(f"{judged.name}: {names.get(Path(change.path).stem)}: {change.reason}")
        yield IndexedSet(open_archive(settings), _size(settings.index), names)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Stands where `indexer.readers.read` stands."""

    lang: str
    passages: dict[str, JudgedPassage]

    def __call__(self, source: Source, *_: object) -> Document:
        passage = self.passages[source.document]
        texts = (normalise(text) for text in _PARAGRAPH.split(passage.text))
        return Document(
            id=source.document,
            titles=Bilingual(**{self.lang: normalise(passage.title)}),
            authors=(),
            date=None,
            blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in texts if text),
        )


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


@contextmanager
def morphemes_alone() -> Iterator[None]:
    """While it lasts, only morphemes (and English stems) are indexed and asked for.

    This is what the cost of all other evidence is measured against: the same engine with the same code.
    """
    analyze, analyze_all, parse_query = (
        indexer.analysis.analyze,
        indexer.analysis.analyze_all,
        indexer.query.parse_query,
    )
    with ExitStack() as stack:
        for place, stand_in in (
            ("indexer.reindex.analyze", lambda text: _only_morphemes(analyze(text))),
            ("indexer.reindex.analyze_all", lambda texts: map(_only_morphemes, analyze_all(texts))),
            ("indexer.search.parse_query", lambda text: _plain_query(parse_query(text))),
        ):
            stack.enter_context(patch(place, stand_in))
        yield


def _only_morphemes(tokens: Iterable[Token]) -> tuple[Token, ...]:
    return tuple(token for token in tokens if token.field in _MORPHEMES and token.length == 1)


def _plain_query(query: Query) -> Query:
    clauses = (_plain(clause) for clause in query.clauses)
    return replace(query, clauses=tuple(clause for clause in clauses if clause is not None), nearby=())


def _plain(clause: Clause) -> Clause | None:
    match clause:
        case Word():
            kept = [
                one for one in clause.variants if all(term.field in _MORPHEMES for term in one.terms)
            ]
            return replace(clause, variants=tuple(kept)) if kept else None
        case Phrase():
            words: list[Any] = [_plain(word) for word in clause.words]
            return Phrase(clause.text, tuple(words)) if all(words) else None
        case AnyOf():
            clauses: list[Any] = [one for one in map(_plain, clause.clauses) if one is not None]
            return AnyOf(tuple(clauses)) if clauses else None
        case _:
            return clause
