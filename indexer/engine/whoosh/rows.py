"""Documents and passages as they are kept in the index: JSON and one row of columns; pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import astuple
from typing import Any

import numpy as np

from indexer.engine import IndexedDocument, IndexedPassage, SourceState
from indexer.engine.whoosh.schema import AUTHOR, FACTS, TEXT, TITLE, field_name
from indexer.model import Bilingual, BlockKind, DocumentInfo, Field, Passage, Reference, Span, Tally, Token

__all__ = ["document_fields", "fingerprint", "info", "passage", "passage_fields", "sources", "tally"]


def document_fields(document: IndexedDocument) -> dict[str, Any]:
    """The Whoosh document that stands for a document of the archive."""
    about = document.info
    stored = {
        "id": about.id,
        "titles": [about.titles.en, about.titles.ko],
        "authors": about.authors,
        "date": about.date.isoformat() if about.date else None,
        "tally": astuple(document.tally) if document.tally else None,
        "sources": [[s.path, s.size, s.mtime_ns, s.sha256, s.root] for s in document.sources],
    }
    return {"entry_of": about.id, "stored": _dump(stored)}


def passage_fields(document: IndexedDocument, indexed: IndexedPassage) -> dict[str, Any]:
    """The Whoosh document that stands for a passage."""
    fields: dict[str, Any] = {
        "document": document.info.id,
        "address": indexed.passage.address or None,
        "facts": _facts(document, indexed),
        "stored": _dump(_stored(indexed.passage)),
    }
    for part, tokens in ((TEXT, indexed.tokens), (TITLE, document.title), (AUTHOR, document.authors)):
        for field in Field:
            fields[field_name(part, field)] = _of_field(tokens, field) or None
    return fields


def info(stored: dict[str, Any]) -> DocumentInfo:
    """What is said about a document, from what `document_fields` stored."""
    date = dt.date.fromisoformat(stored["date"]) if stored["date"] else None
    return DocumentInfo(stored["id"], Bilingual(*stored["titles"]), tuple(stored["authors"]), date)


def tally(stored: dict[str, Any]) -> Tally | None:
    """What there is to be looked at in a document, from what `document_fields` stored."""
    return Tally(*stored["tally"]) if stored["tally"] else None


def sources(stored: dict[str, Any]) -> tuple[SourceState, ...]:
    """The states of a document's files, from what `document_fields` stored."""
    return tuple(SourceState(*state) for state in stored["sources"])


def passage(stored: dict[str, Any]) -> Passage:
    """The passage, from what `passage_fields` stored."""
    references = tuple(
        Reference(label, Span(start, end)) for label, start, end in stored.pop("references", ())
    )
    partners = tuple(stored.pop("partners", ()))
    kind = BlockKind(stored.pop("kind"))
    return Passage(kind=kind, references=references, partners=partners, **stored)


def fingerprint(document_id: str) -> int:
    """64 bits that stand for a document's id in a column."""
    return int.from_bytes(hashlib.blake2b(document_id.encode("utf-8"), digest_size=8).digest(), "little")


def _facts(document: IndexedDocument, indexed: IndexedPassage) -> bytes:
    about = document.info
    row = np.zeros((), dtype=FACTS)
    row["document"] = fingerprint(about.id)
    row["ordinal"] = indexed.passage.ordinal
    row["date"] = about.date.toordinal() if about.date else 0
    row["year"] = about.date.year if about.date else 0
    row["length"] = max((token.position + token.length for token in indexed.tokens), default=0)
    row["pair"] = _pair(document, indexed.passage)
    row["korean"] = indexed.passage.lang == "ko"
    row["passage"] = 2 if indexed.passage.kind is BlockKind.TITLE else 1
    return row.tobytes()


def _pair(document: IndexedDocument, passage: Passage) -> int:
    """One above the lowest ordinal among the passages of its pair; 0 where the passage has no other side.

    The partners' own partners are looked at too: of one English passage with two Korean ones, these two know
    only the English one.
    """
    if not passage.partners:
        return 0
    beyond = (at for partner in passage.partners for at in document.passages[partner].passage.partners)
    return 1 + min(passage.ordinal, *passage.partners, *beyond)


def _stored(passage: Passage) -> dict[str, Any]:
    """The passage's fields that differ from their defaults."""
    stored: dict[str, Any] = {
        "document": passage.document,
        "ordinal": passage.ordinal,
        "kind": passage.kind,
        "lang": passage.lang,
        "text": passage.text,
    }
    for name in ("level", "marker", "label", "continues", "address"):
        if value := getattr(passage, name):
            stored[name] = value
    if passage.partners:
        stored["partners"] = passage.partners
    if passage.references:
        stored["references"] = [[r.label, r.span.start, r.span.end] for r in passage.references]
    return stored


def _of_field(tokens: tuple[Token, ...], field: Field) -> list[Token]:
    return [token for token in tokens if token.field is field]


def _dump(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
