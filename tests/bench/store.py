"""One analysis of the corpus, kept in a folder: what every engine of a run is fed with.

Larger archives than the corpus are made of copies of it, in which the words of every passage stand in
another order, with their tokens.  Nothing is held whole: a document is read when it is asked for.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import analyze, analyze_all
from indexer.engine import IndexedDocument, IndexedPassage, SourceState
from indexer.model.terms import Field, Token
from indexer.model.text import Document, DocumentInfo, Passage, Span
from indexer.passages import cut
from tests.bench.lines import as_line, from_line

__all__ = ["ROW", "Analysed", "Store", "analyse"]

_SEED: Final = 20_260_801
_BATCH: Final = 300_000
"""Code points that are analysed together."""
_FIELDS: Final = tuple(Field)

ROW: Final = np.dtype(
    [("field", "u1"), ("bound", "u1"), ("length", "<u2"), ("term", "<u4")]
    + [(name, "<u4") for name in ("start", "end", "position")]
)
"""A token; `term` is its number among the terms of all fields."""

_PLACE: Final = np.dtype([("line", "<u8"), ("rows", "<u8"), ("passages", "<u4")])
"""Where a document lies in the files: the byte of its line, its first row; and its passages."""

_Rows = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Analysed:
    """A document with its tokens as rows, one array a passage."""

    info: DocumentInfo
    passages: tuple[Passage, ...]
    rows: tuple[_Rows, ...]
    title: tuple[Token, ...]


class Store:
    """An analysed corpus that is read from its folder, document by document."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._places = np.load(folder / "places.npy", allow_pickle=False)
        self.real = int(self._places["passages"].sum())
        """Passages without the copies."""

    @cached_property
    def terms(self) -> list[tuple[Field, str]]:
        """All terms by their number."""
        lines = (self.folder / "terms.json").read_text(encoding="utf-8")
        return [(_FIELDS[field], text) for field, text in json.loads(lines)]

    def documents(self, size: int) -> Iterator[Analysed]:
        """Documents with `size` passages together: the real ones, then their shuffled copies."""
        left = size
        copy = 0
        with self._lines.open("rb") as about, self.rows.open("rb") as rows:
            while left > 0 and self.real:
                for line, first, _ in self._places.tolist():
                    document = _read(line, first, about, rows)
                    document = _shorten(document, left)
                    yield _shuffle(document, copy) if copy else document
                    left -= len(document.passages)
                    if left <= 0:
                        break
                copy += 1

    def indexed(self, size: int) -> Iterator[IndexedDocument]:
        """The same documents as they are given to the engine's writer, every passage with an address."""
        terms = self.terms
        number = 0
        for document in self.documents(size):
            passages = []
            for passage, rows in zip(document.passages, document.rows, strict=True):
                addressed = replace(passage, address=_address(number))
                passages.append(IndexedPassage(addressed, _tokens(rows, terms)))
                number += 1
            source = SourceState(f"{document.info.id}.txt", 1, 1, "0" * 64)
            yield IndexedDocument(document.info, (source,), tuple(passages), document.title, ())

    def document(self, number: int) -> Analysed:
        """The document of this number, from 0; one of the real ones."""
        line, first, _ = self._places[number].tolist()
        with self._lines.open("rb") as about, self.rows.open("rb") as rows:
            return _read(line, first, about, rows)

    @property
    def rows(self) -> Path:
        """The file with the tokens of all passages one after the other, each a `ROW`."""
        return self.folder / "rows.bin"

    @property
    def _lines(self) -> Path:
        return self.folder / "documents.jsonl"


def analyse(documents: Iterable[Document], folder: Path, size: int) -> None:
    """Analyses documents until there are `size` passages, into `folder` for `Store`."""
    numbers: defaultdict[tuple[int, str], int] = defaultdict(lambda: len(numbers))
    places: list[tuple[int, int, int]] = []
    folder.mkdir(parents=True)
    written = 0
    with (folder / "documents.jsonl").open("wb") as about, (folder / "rows.bin").open("wb") as file:
        for batch in _batches(documents, size):
            tokens = analyze_all([passage.text for _, passages in batch for passage in passages])
            for info, passages in batch:
                rows = [_as_rows(next(tokens), numbers) for _ in passages]
                places.append((about.tell(), written, len(passages)))
                title = analyze(" / ".join(text for _, text in info.titles.items()))
                line = as_line(info, passages, title, [len(one) for one in rows])
                about.write(f"{line}\n".encode())
                for one in rows:
                    file.write(one.tobytes())
                    written += len(one)
    np.save(folder / "places.npy", np.array(places, dtype=_PLACE), allow_pickle=False)
    (folder / "terms.json").write_text(json.dumps(list(numbers), ensure_ascii=False), encoding="utf-8")


def _batches(
    documents: Iterable[Document], size: int
) -> Iterator[list[tuple[DocumentInfo, tuple[Passage, ...]]]]:
    batch: list[tuple[DocumentInfo, tuple[Passage, ...]]] = []
    characters, left = 0, size
    for document in documents:
        passages = cut(document)[:left]
        batch.append((document.info, passages))
        left -= len(passages)
        characters += sum(len(passage.text) for passage in passages)
        if left <= 0:
            break
        if characters >= _BATCH:
            yield batch
            batch, characters = [], 0
    yield batch


def _as_rows(tokens: Sequence[Token], numbers: defaultdict[tuple[int, str], int]) -> _Rows:
    rows = [
        (
            field := _FIELDS.index(token.field),
            token.bound,
            token.length,
            numbers[field, token.term],
            token.span.start,
            token.span.end,
            token.position,
        )
        for token in tokens
    ]
    return np.array(rows, dtype=ROW)


def _tokens(rows: _Rows, terms: Sequence[tuple[Field, str]]) -> tuple[Token, ...]:
    return tuple(
        Token(*terms[term], Span(start, end), position, length, bool(bound))
        for _, bound, length, term, start, end, position in rows.tolist()
    )


def _read(line: int, first: int, about: BinaryIO, file: BinaryIO) -> Analysed:
    about.seek(line)
    info, passages, title, lengths = from_line(about.readline())
    file.seek(first * ROW.itemsize)
    rows = np.frombuffer(file.read(sum(lengths) * ROW.itemsize), dtype=ROW)
    bounds = list(accumulate(lengths, initial=0))
    return Analysed(info, passages, tuple(rows[a:b] for a, b in pairwise(bounds)), title)


def _shorten(document: Analysed, left: int) -> Analysed:
    return replace(document, passages=document.passages[:left], rows=document.rows[:left])


def _shuffle(document: Analysed, copy: int) -> Analysed:
    rng = random.Random(f"{_SEED} {copy} {document.info.id}")
    name = f"{document.info.id}~{copy}"
    shuffled = [
        _shuffle_words(passage, rows, rng)
        for passage, rows in zip(document.passages, document.rows, strict=True)
    ]
    return Analysed(
        replace(document.info, id=name),
        tuple(replace(passage, document=name) for passage, _ in shuffled),
        tuple(rows for _, rows in shuffled),
        document.title,
    )


def _shuffle_words(passage: Passage, rows: _Rows, rng: random.Random) -> tuple[Passage, _Rows]:
    """The passage with its words in another order, each with its tokens."""
    starts = _word_starts(passage.text, rows)
    order = np.array(rng.sample(range(len(starts)), len(starts)))
    stops = np.append(starts[1:], len(passage.text) + 1)
    words = [passage.text[a : b - 1] for a, b in zip(starts.tolist(), stops.tolist(), strict=True)]
    word = np.searchsorted(starts, rows["start"], side="right") - 1
    first = np.full(len(starts), np.iinfo(np.int64).max)
    last = np.zeros(len(starts), dtype=np.int64)
    np.minimum.at(first, word, rows["position"].astype(np.int64))
    np.maximum.at(last, word, rows["position"].astype(np.int64) + rows["length"])
    new_start = _laid_out(stops - starts, order)
    new_position = _laid_out(np.maximum(last - first, 0), order)
    moved = rows.copy()
    moved["start"] = rows["start"] + (new_start - starts)[word]
    moved["end"] = rows["end"] + (new_start - starts)[word]
    moved["position"] = rows["position"] + (new_position - first)[word]
    moved = moved[np.lexsort((moved["length"], moved["position"]))]
    return replace(passage, text=" ".join(words[index] for index in order)), moved


def _word_starts(text: str, rows: _Rows) -> NDArray[np.int64]:
    """Where words begin after a space; what one token or one unit's position holds together is one word."""
    spaces = np.flatnonzero(np.array([character == " " for character in text], dtype=bool))
    inside = np.zeros(len(text) + 2, dtype=np.int64)
    np.add.at(inside, rows["start"], 1)
    np.add.at(inside, rows["end"], -1)
    free = np.cumsum(inside)[spaces] == 0
    return np.concatenate([[0], spaces[free] + 1])


def _laid_out(lengths: NDArray[np.int64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each of several runs begins when they are put one after the other in `order`."""
    begins = np.empty(len(lengths), dtype=np.int64)
    begins[order] = np.cumsum(lengths[order]) - lengths[order]
    return begins


def _address(number: int) -> str:
    """Nine characters of base 32, different for each number."""
    digits = "0123456789abcdefghjkmnpqrstvwxyz"
    scattered = (number * 2_654_435_761 + 97) % 32**8
    return "b" + "".join(digits[scattered >> 5 * place & 31] for place in range(8))
