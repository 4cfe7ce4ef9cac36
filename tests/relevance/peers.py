"""Other engines and other ways of analysis, asked the same questions.

Each is asked for any of the words of a question, with BM25 in the way of Lucene (k1 = 1.2, b = 0.75; SQLite
and tantivy have the same figures built in).  What they need is in the extra `test`.
"""

from __future__ import annotations

import importlib.util
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from indexer.model.text import Lang

__all__ = ["PEERS", "Peer"]

Search = Callable[[str], Sequence[int]]
"""Gives for a question the numbers of the passages found, best first, at most `depth`."""

_WORD: Final = re.compile(r"[^\W_]+")
_HANJA: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")

_NORI_STOP_TAGS: Final = frozenset(
    ["IC", "MAG", "MAJ", "MM", "SP", "SSC", "SSO", "SC", "SE", "XPN", "XSA", "XSN", "XSV", "UNA", "NA", "VSV"]
)
"""Source: the default of `KoreanPartOfSpeechStopFilter` in Lucene's analysis-nori, with E* and J* below."""
_NORI_PUNCTUATION: Final = frozenset({"SF", "SY"})
"""What Nori's tokenizer drops beside the stop tags (`discardPunctuation`)."""

_KIWI_CONTENT: Final = frozenset(
    ["NNG", "NNP", "NNB", "NR", "NP", "VV", "VA", "VX", "XR", "MAG", "SL", "SN", "SH"]
)


@dataclass(frozen=True, slots=True)
class Peer:
    """A way of searching beside Hanyeong's."""

    name: str
    make: Callable[[Sequence[str], int], Search]
    """From the passages and the depth, a search over them."""
    langs: tuple[Lang, ...] = ("en", "ko")
    needs: tuple[tuple[str, str], ...] = ()
    """Modules that it imports, each with the package to install."""

    def missing(self) -> list[str]:
        """The packages to be installed before it can be used."""
        return [package for module, package in self.needs if importlib.util.find_spec(module) is None]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _bm25(analyse: Callable[[Sequence[str]], Iterable[list[str]]]) -> Callable[[Sequence[str], int], Search]:
    """A peer that is BM25 over the terms that `analyse` finds in each text."""

    def make(passages: Sequence[str], depth: int) -> Search:
        from bm25s import BM25  # type: ignore[import-untyped]  # noqa: PLC0415 - not everybody has it

        terms = list(analyse(passages))
        ranker = BM25(method="lucene", k1=1.2, b=0.75)
        if any(terms):
            ranker.index(terms, show_progress=False)

        def search(question: str) -> Sequence[int]:
            (asked,) = analyse([question])
            known = [term for term in asked if term in vocabulary]
            return _best(ranker.get_scores(known), depth) if known else []

        vocabulary = {term for passage in terms for term in passage}
        return search

    return make


def _best(scores: Any, depth: int) -> list[int]:
    order = np.argsort(-scores, kind="stable")[:depth]
    return [int(number) for number in order if scores[number] > 0]


def _all_words(texts: Sequence[str]) -> Iterator[list[str]]:
    return map(_words, texts)


class _Nori:
    """The terms that Lucene's Nori would index, with the dictionary that it uses."""

    def __init__(self) -> None:
        self._mecab: Any = None

    def __call__(self, texts: Sequence[str]) -> Iterator[list[str]]:
        if self._mecab is None:
            from mecab import MeCab  # type: ignore[import-untyped]  # noqa: PLC0415 - not everybody has it

            self._mecab = MeCab()
        for text in texts:
            yield [
                term.lower()
                for morpheme in self._mecab.parse(text)
                for term, tag in _taken_apart(morpheme)
                if tag[0] not in "EJ" and tag not in _NORI_STOP_TAGS | _NORI_PUNCTUATION
            ]


def _taken_apart(morpheme: Any) -> Iterator[tuple[str, str]]:
    """The parts of a compound or of an inflected form (`decompound_mode=discard`), each with its tag."""
    feature = morpheme.feature
    if feature.expression and feature.expression != "*":
        for part in feature.expression.split("+"):
            surface, tag, *_ = part.split("/")
            yield surface, tag
        return
    # `KoreanReadingFormFilter`: hanja as they are read.
    read = feature.reading if feature.reading and _HANJA.search(morpheme.surface) else morpheme.surface
    yield read, feature.pos.split("+")[0]


class _Kiwi:
    """Content morphemes as Kiwi gives them, and nothing else."""

    def __init__(self) -> None:
        self._kiwi: Any = None

    def __call__(self, texts: Sequence[str]) -> Iterator[list[str]]:
        if self._kiwi is None:
            from kiwipiepy import Kiwi  # noqa: PLC0415 - takes 2 s

            self._kiwi = Kiwi(num_workers=1)
        for text in texts:
            tokens = self._kiwi.tokenize(text)
            yield [token.form.lower() for token in tokens if token.tag.split("-")[0] in _KIWI_CONTENT]


def _fts5(tokenizer: str, terms: Callable[[str], Iterable[str]]) -> Callable[[Sequence[str], int], Search]:
    """SQLite FTS5 with one of its tokenizers."""

    def make(passages: Sequence[str], depth: int) -> Search:
        database = sqlite3.connect(":memory:")
        database.execute(f"CREATE VIRTUAL TABLE passages USING fts5(text, tokenize='{tokenizer}')")
        database.executemany("INSERT INTO passages(rowid, text) VALUES (?, ?)", enumerate(passages))

        def search(question: str) -> Sequence[int]:
            quoted = ['"{}"'.format(term.replace('"', '""')) for term in dict.fromkeys(terms(question))]
            if not quoted:
                return []
            rows = database.execute(
                "SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY bm25(passages) LIMIT ?",
                (" OR ".join(quoted), depth),
            )
            return [number for (number,) in rows]

        return search

    return make


def _trigrams(text: str) -> Iterator[str]:
    plain = " ".join(text.replace("\0", " ").split()).lower()
    return (plain[at : at + 3] for at in range(len(plain) - 2))


def _tantivy(passages: Sequence[str], depth: int) -> Search:
    import tantivy  # noqa: PLC0415 - not everybody has it

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", stored=True)
    builder.add_text_field("text", tokenizer_name="en_stem")
    index = tantivy.Index(builder.build())
    writer = index.writer(heap_size=64 * 2**20, num_threads=1)
    for number, passage in enumerate(passages):
        writer.add_document(tantivy.Document(number=number, text=passage))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(question: str) -> Sequence[int]:
        words = _words(question)
        if not words:
            return []
        hits = searcher.search(index.parse_query(" ".join(words), ["text"]), depth).hits
        return [searcher.doc(address)["number"][0] for _, address in hits]

    return search


_BM25S: Final = ("bm25s", "bm25s")

PEERS: Final = (
    Peer("plain words", _bm25(_all_words), needs=(_BM25S,)),
    Peer("Nori's way", _bm25(_Nori()), langs=("ko",), needs=(_BM25S, ("mecab", "python-mecab-ko"))),
    Peer("Kiwi morphemes", _bm25(_Kiwi()), langs=("ko",), needs=(_BM25S,)),
    Peer("FTS5 porter", _fts5("porter unicode61", _words)),
    Peer("FTS5 trigram", _fts5("trigram", _trigrams)),
    Peer("tantivy en_stem", _tantivy, needs=(("tantivy", "tantivy"),)),
)
