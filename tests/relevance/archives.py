"""A judged set as an archive of Hanyeong: indexed by `reindex`, asked through `Archive.search`.

Each judged passage becomes a document with the passage's title and text, and everything that `hanyeong
reindex` does to a document is done to it by the same code: it is cut into passages, these get addresses, are
analysed and written.  Only the readers are left out, as a judged passage has no file format: their place
is taken by `_Reader`, which gives a `Document` with exactly the judged title (through the readers a text
without a title gets its file's name for one) and its text, a paragraph for each that an empty line sets off.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

import indexer.analysis
import indexer.query
from indexer.changes import Failed
from indexer.engine.whoosh import WhooshEngine
from indexer.model.query import AnyOf, Clause, Phrase, Query, Word
from indexer.model.terms import Field, Token
from indexer.model.text import Bilingual, Block, BlockKind, Document
from indexer.normalise import normalise
from indexer.passages import cut
from indexer.readers import Cut, FileState, Limits, Source, SourceFile
from indexer.reindex import reindex
from indexer.search import Archive, open_archive
from indexer.settings import Settings

from .sets import JudgedPassage, JudgedSet, SetError

__all__ = ["DEPTH", "IndexedSet", "index_set", "morphemes_alone"]

DEPTH: Final = 100
"""Documents that are taken from each search."""

_PARAGRAPH: Final = re.compile(r"\n\s*\n")
_WHOLE: Final = "whole"
"""An empty file in an archive's folder that says that indexing came to its end."""
_ASKING: Final = frozenset(
    {
        "clauses.py",
        "cli.py",
        "executor.py",
        "feedback.py",
        "hits.py",
        "interchange.py",
        "marking.py",
        "narrow.py",
        "page.py",
        "permalinks.py",
        "query.py",
        "ranking.py",
        "scoring.py",
        "search.py",
        "sequences.py",
        "snippets.py",
        "sums.py",
        "terminal.py",
        "variants.py",
        "weighting.py",
        "words.py",
    }
)
"""Code that works on questions and makes nothing of an index."""
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
        results = self.archive.search(question, per_page=DEPTH, per_document=1, also="off")
        return [self.passages[group.document.id] for group in results.groups]


@contextmanager
def index_set(judged: JudgedSet, kept: Path | None = None) -> Iterator[IndexedSet]:
    """The set as an archive in a temporary folder, which is removed at the end.

    Args:
        judged: the set.
        kept: a folder to keep the archive in, and to take it from the next time, as long as neither the
            passages nor the code that makes an index have changed.

    Raises:
        SetError: a passage cannot be indexed.
    """
    with TemporaryDirectory(prefix="relevance-") as temporary:
        settings = Settings(Path(temporary) if kept is None else kept / _digest(judged))
        names = {f"d{number:07}": key for number, key in enumerate(judged.passages)}
        if not (settings.data / _WHOLE).exists():
            _index(judged, settings, names)
            (settings.data / _WHOLE).touch()
        yield IndexedSet(open_archive(settings), _size(settings.index), names)


def _index(judged: JudgedSet, settings: Settings, names: Mapping[str, str]) -> None:
    shutil.rmtree(settings.data, ignore_errors=True)
    settings.documents.mkdir(parents=True)
    reader = _Reader(judged.lang, {name: judged.passages[key] for name, key in names.items()})
    for name, passage in reader.passages.items():
        text = f"{passage.title}\n\n{passage.text}\n"
        (settings.documents / f"{name}.txt").write_text(text, encoding="utf-8", errors="replace")
    with patch("indexer.ingest.read_all", reader):
        for change in reindex(settings, WhooshEngine(settings.index)):
            if isinstance(change, Failed):
                raise SetError(f"{judged.name}: {names.get(Path(change.path).stem)}: {change.reason}")


def _digest(judged: JudgedSet) -> str:
    """Changes with the passages and with the code that makes an index of them."""
    digest = hashlib.sha256(repr((judged.lang, list(judged.passages.items()))).encode("utf-8", "replace"))
    code = Path(indexer.analysis.__file__).parents[1]
    for file in sorted(code.rglob("*.py")):
        if file.name not in _ASKING:
            digest.update(file.read_bytes())
    return f"{judged.name.replace('/', '-')}-{digest.hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class _Reader:
    """Stands where `indexer.readers.read_all` stands: a judged text is no file of any format."""

    lang: str
    passages: dict[str, JudgedPassage]

    def __call__(self, sources: Iterable[Source], _: Limits, *, analysed: bool) -> Iterator[Cut]:
        for source in sources:
            document = self._document(source)
            yield Cut(document.info, cut(document), tuple(map(_state, source.files)))

    def _document(self, source: Source) -> Document:
        passage = self.passages[source.document]
        texts = (normalise(text) for text in _PARAGRAPH.split(passage.text))
        return Document(
            id=source.document,
            titles=Bilingual(**{self.lang: normalise(passage.title)}),
            authors=(),
            date=None,
            blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in texts if text),
        )


def _state(file: SourceFile) -> FileState:
    data, status = file.path.read_bytes(), file.path.stat()
    return FileState(len(data), status.st_mtime_ns, time.time_ns(), hashlib.sha256(data).hexdigest())


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


@contextmanager
def morphemes_alone() -> Iterator[None]:
    """While it lasts, only morphemes (and English stems) are indexed and asked for.

    This is what the cost of all other evidence is measured against: the same engine with the same code.
    """
    analyze_all, parse_query = indexer.analysis.analyze_all, indexer.query.parse_query
    with ExitStack() as stack:
        for place, stand_in in (
            ("indexer.ingest.analyze_all", lambda texts: map(_only_morphemes, analyze_all(texts))),
            ("indexer.page.parse_query", lambda text: _plain_query(parse_query(text))),
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
            kept = [one for one in clause.variants if all(term.field in _MORPHEMES for term in one.terms)]
            return replace(clause, variants=tuple(kept)) if kept else None
        case Phrase():
            words: list[Any] = [_plain(word) for word in clause.words]
            return Phrase(clause.text, tuple(words)) if all(words) else None
        case AnyOf():
            clauses: list[Any] = [one for one in map(_plain, clause.clauses) if one is not None]
            return AnyOf(tuple(clauses)) if clauses else None
        case _:
            return clause
