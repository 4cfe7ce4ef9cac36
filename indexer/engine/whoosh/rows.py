"""Documents and passages as rows of the index: what is stored of them as JSON, and their columns; pure."""

from __future__ import annotations

from dataclasses import astuple
from json.encoder import encode_basestring as quoted
from operator import attrgetter
from typing import Any, Final

from indexer.engine import IndexedDocument, SourceState
from indexer.engine.whoosh.segment import KOREAN, TITLE
from indexer.engine.whoosh.stored import dump
from indexer.model.archive import Tally
from indexer.model.dates import Date
from indexer.model.text import Bilingual, BlockKind, DocumentInfo, Passage, Reference, Span

__all__ = [
    "dump_document",
    "dump_passage",
    "flags",
    "info",
    "pair",
    "passage",
    "sources",
    "tally",
]

_KINDS: Final = {kind.value: kind for kind in BlockKind}
_PLAIN: Final = 4
"""The values of a passage's row that has nothing beside what every one has."""
_MORE: Final = attrgetter("level", "marker", "label", "continues", "partners", "references")
"""What a passage's row has only where it is not the default."""


def dump_document(document: IndexedDocument) -> str:
    """The row of a document."""
    about = document.info
    return dump(
        {
            "id": about.id,
            "titles": [about.titles.en, about.titles.ko],
            "authors": about.authors,
            "date": about.date.isoformat() if about.date else None,
            "tally": astuple(document.tally) if document.tally else None,
            "sources": [[s.path, s.size, s.mtime_ns, s.sha256, s.root] for s in document.sources],
        }
    )


def dump_passage(passage: Passage) -> str:
    """The row of a passage: what every one has, then those of its fields that differ from their defaults."""
    # As `dump` would write it, in a fraction of the time.
    row = f'["{passage.kind}","{passage.lang}",{quoted(passage.text)},{quoted(passage.address)}'
    more = _more(passage)
    return f"{row},{dump(more)}]" if more else f"{row}]"


def _more(passage: Passage) -> dict[str, Any] | None:
    """Those of its fields that differ from their defaults, by name."""
    if not any(_MORE(passage)):  # as of most passages
        return None
    more: dict[str, Any] = {
        name: value
        for name in ("level", "marker", "label", "continues", "partners")
        if (value := getattr(passage, name))
    }
    if passage.references:
        more["references"] = [[r.label, r.span.start, r.span.end] for r in passage.references]
    return more


def info(row: dict[str, Any]) -> DocumentInfo:
    """What is said about a document, from its row."""
    date = Date.fromisoformat(row["date"]) if row["date"] else None
    return DocumentInfo(row["id"], Bilingual(*row["titles"]), tuple(row["authors"]), date)


def tally(row: dict[str, Any]) -> Tally | None:
    """What there is to be looked at in a document, from its row."""
    return Tally(*row["tally"]) if row["tally"] else None


def sources(row: dict[str, Any]) -> tuple[SourceState, ...]:
    """The states of a document's files, from its row."""
    return tuple(SourceState(*state) for state in row["sources"])


def passage(document: str, ordinal: int, row: list[Any]) -> Passage:
    """The passage, from its row."""
    if len(row) == _PLAIN:
        kind, lang, text, address = row
        return Passage(document, ordinal, _KINDS[kind], lang, text, 0, "", "", (), False, address)
    kind, lang, text, address, more = row
    references = tuple(Reference(label, Span(start, end)) for label, start, end in more.pop("references", ()))
    partners = tuple(more.pop("partners", ()))
    return Passage(
        document, ordinal, _KINDS[kind], lang, text,
        address=address, references=references, partners=partners, **more,
    )  # fmt: skip


def flags(passage: Passage) -> int:
    """What is known of a passage in one bit each."""
    korean = KOREAN if passage.lang == "ko" else 0
    return korean | TITLE if passage.kind is BlockKind.TITLE else korean


def pair(document: IndexedDocument, passage: Passage) -> int:
    """One above the lowest ordinal among the passages of its pair; 0 where the passage has no other side.

    The partners' own partners are looked at too: of one English passage with two Korean ones, these two know
    only the English one.
    """
    if not passage.partners:
        return 0
    beyond = (at for partner in passage.partners for at in document.passages[partner].passage.partners)
    return 1 + min(passage.ordinal, *passage.partners, *beyond)
