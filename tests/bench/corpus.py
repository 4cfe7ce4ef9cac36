"""The passages that are measured: real documents, and copies of them with their words shuffled."""

from __future__ import annotations

import gzip
import itertools
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from indexer.model.dates import Date
from indexer.model.text import LANGS, Bilingual, Block, BlockKind, Document, Lang

__all__ = ["FIRST_YEAR", "LAST_YEAR", "documents", "documents_of", "missing"]

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2024


def missing(folder: Path) -> Path | None:
    """The first of the corpus's files that is not in `folder`; none where all are there."""
    return next((path for lang in LANGS if not (path := _file(folder, lang)).is_file()), None)


def documents(folder: Path) -> Iterator[Document]:
    """Documents of both languages in turn, so that whoever stops early has about as many passages of each."""
    waiting = {lang: documents_of(folder, lang) for lang in LANGS}
    given = dict.fromkeys(LANGS, 0)
    while waiting:
        lang = min(waiting, key=lambda one: given[one])
        document = next(waiting[lang], None)
        if document is None:
            del waiting[lang]
        else:
            given[lang] += len(document.blocks)
            yield document


def documents_of(folder: Path, lang: Lang) -> Iterator[Document]:
    """The documents of one language as the file gives them."""
    with gzip.open(_file(folder, lang), "rt", encoding="utf-8") as lines:
        passages = (json.loads(line) for line in lines)
        for name, group in itertools.groupby(passages, key=lambda one: one["_id"].partition("#")[0]):
            yield _document(f"{lang}/{name}", lang, list(group))


def _file(folder: Path, lang: Lang) -> Path:
    return folder / f"speed-{lang}.jsonl.gz"


def _document(name: str, lang: Lang, passages: list[dict[str, str]]) -> Document:
    number = zlib.crc32(name.encode())
    year = FIRST_YEAR + number % (LAST_YEAR - FIRST_YEAR + 1)
    title = " ".join(passages[0]["title"].split())
    blocks = (" ".join(passage["text"].split()) for passage in passages)
    return Document(
        id=name,
        titles=Bilingual(en=title) if lang == "en" else Bilingual(ko=title),
        authors=(),
        date=Date(year, 1 + number // 64 % 12, 1 + number // 1024 % 28),
        blocks=tuple(Block(BlockKind.PARAGRAPH, text, lang=lang) for text in blocks if text),
    )
