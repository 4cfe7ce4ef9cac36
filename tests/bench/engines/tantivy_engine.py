"""tantivy through its Python package, with its own snippets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Occur, Query, TextAnalyzerBuilder, Tokenizer

from tests.bench.engines import fed
from tests.bench.questions import PER_PAGE, Asked
from tests.bench.stopwatch import Stopwatch
from tests.bench.store import Store

__all__ = ["engine"]


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("address", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", stored=True, tokenizer_name="spaces", index_option="position")
    builder.add_text_field("others", stored=False, tokenizer_name="spaces", index_option="position")
    builder.add_text_field("lang", stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("year", stored=False, indexed=True, fast=True)
    return builder.build()


class _Tantivy:
    def build(self, store: Store, size: int, folder: Path, *, cpu: bool) -> float:
        watch = Stopwatch(cpu=cpu)
        self._index = _opened(folder)
        writer = self._index.writer(heap_size=512_000_000)
        for passage in watch.without(fed(store, size)):
            document = tantivy.Document()
            document.add_text("address", passage.address)
            document.add_text("words", passage.words)
            document.add_text("others", passage.others)
            document.add_text("lang", passage.lang)
            document.add_integer("year", passage.year)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        return watch.seconds

    def open(self, folder: Path) -> None:
        self._index = _opened(folder)
        self._index.reload()
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    def prepare(self, asked: Asked) -> object:
        return self._query(asked)

    def ids(self, prepared: object, asked: Asked) -> Sequence[str]:
        found = self._searcher.search(prepared, PER_PAGE, count=False, offset=asked.offset)
        return [self._searcher.doc(place)["address"][0] for _, place in found.hits]

    def marked(self, prepared: object, asked: Asked) -> Sequence[str]:
        found = self._searcher.search(prepared, PER_PAGE, count=False, offset=asked.offset)
        snippets = tantivy.SnippetGenerator.create(self._searcher, prepared, self._schema, "words")
        documents = (self._searcher.doc(place) for _, place in found.hits)
        return [snippets.snippet_from_doc(document).to_html() for document in documents]

    def finished(self, asked: Asked) -> Sequence[str]:
        return self.marked(self.prepare(asked), asked)

    def _query(self, asked: Asked) -> Any:
        terms = [Query.term_query(self._schema, "words", term) for term in asked.terms]
        match asked.kind:
            case "phrase":
                query = Query.phrase_query(self._schema, "words", list(asked.terms))
            case "prefix":
                pattern = re.escape(asked.terms[0]) + ".*"
                both = [Query.regex_query(self._schema, name, pattern) for name in ("words", "others")]
                query = Query.boolean_query([(Occur.Should, one) for one in both])
            case "OR of 3" | "question":
                query = Query.boolean_query([(Occur.Should, term) for term in terms])
            case _:
                query = Query.boolean_query([(Occur.Must, term) for term in terms]) if terms[1:] else terms[0]
        if not (asked.only and asked.years):
            return query
        lang = Query.term_query(self._schema, "lang", asked.only)
        years = Query.range_query(self._schema, "year", tantivy.FieldType.Integer, *asked.years)
        narrowed = [Query.const_score_query(one, 0.0) for one in (lang, years)]
        return Query.boolean_query([(Occur.Must, one) for one in (query, *narrowed)])


def _opened(folder: Path) -> Any:
    path = folder / "tantivy"
    path.mkdir(exist_ok=True)
    index = tantivy.Index(_schema(), path=str(path))
    index.register_tokenizer("spaces", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index


def engine() -> _Tantivy:
    """tantivy."""
    return _Tantivy()
