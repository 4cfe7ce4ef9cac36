"""An analysed document as a line of text, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence

from indexer.model.dates import Date
from indexer.model.terms import Field, Token
from indexer.model.text import Bilingual, BlockKind, DocumentInfo, Passage, Span

__all__ = ["as_line", "from_line"]

Line = tuple[DocumentInfo, tuple[Passage, ...], tuple[Token, ...], list[int]]
"""What is said about a document, its passages, the tokens of its title, and how many tokens each has."""


def as_line(
    info: DocumentInfo, passages: Sequence[Passage], title: Sequence[Token], lengths: Sequence[int]
) -> str:
    """A line in JSON, without its end; `lengths` are the tokens of each passage."""
    about = [info.id, info.titles.en, info.titles.ko, info.authors, info.date and info.date.isoformat()]
    written = [about, [*map(_passage, passages)], [*map(_token, title)], lengths]
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


def from_line(line: bytes | str) -> Line:
    """What `as_line` was given."""
    (name, english, korean, authors, date), passages, title, lengths = json.loads(line)
    info = DocumentInfo(name, Bilingual(english, korean), tuple(authors), date and Date.fromisoformat(date))
    read = (
        Passage(name, at, BlockKind(kind), lang, text, level, marker, label, (), bool(continues))
        for at, kind, lang, text, level, marker, label, continues in passages
    )
    tokens = (Token(Field(field), term, Span(*span), *rest) for field, term, span, *rest in title)
    return info, tuple(read), tuple(tokens), lengths


def _passage(one: Passage) -> list[object]:
    assert not one.references, "the corpus has no footnotes"
    return [one.ordinal, one.kind, one.lang, one.text, one.level, one.marker, one.label, one.continues]


def _token(one: Token) -> list[object]:
    span = [one.span.start, one.span.end]
    return [one.field, one.term, span, one.position, one.length, one.bound, one.whole, one.weight]
