"""Reindex of real text files: Korean beside Kiwi alone, English beside tantivy."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.model.text import Document, Lang
from tests.bench.commands import hanyeong, run
from tests.bench.corpus import documents_of
from tests.bench.options import Options

__all__ = ["Written", "measure"]


@dataclass(frozen=True, slots=True)
class Written:
    """A reindex and what it is measured beside."""

    lang: Lang
    passages: int
    characters: int
    """Code points."""
    seconds: float
    """Of the whole command, with the loading of Kiwi where it is needed."""
    peak: int
    """Bytes of memory, at most."""
    beside: str
    alone: float
    """Seconds that the other takes for the same texts, with its loading."""


def measure(options: Options, work: Path, say: Callable[[str], None]) -> list[Written]:
    """Both languages."""
    beside: tuple[tuple[Lang, str], ...] = (("ko", "kiwi"), ("en", "tantivy"))
    return [_measure(options, work, lang, other, say) for lang, other in beside]


def _measure(options: Options, work: Path, lang: Lang, beside: str, say: Callable[[str], None]) -> Written:
    say(f"reindex of {lang}, beside {beside}")
    folder = work / f"writing-{lang}"
    shutil.rmtree(folder, ignore_errors=True)
    texts: list[str] = []
    for number, document in enumerate(_some(options, lang)):
        paragraphs = [block.text for block in document.blocks]
        texts.extend(paragraphs)
        path = folder / "documents" / f"{number // 500:03}" / f"{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join((document.titles[lang], *paragraphs)) + "\n", encoding="utf-8")
    lines = folder / "texts.jsonl"
    lines.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
    alone = json.loads(run([sys.executable, "-m", "tests.bench.alone", beside, str(lines)]).output)
    ours = run(hanyeong("--data", folder, "reindex", "--json"))
    shutil.rmtree(folder)
    characters = sum(map(len, texts))
    return Written(
        lang, len(texts), characters, ours.seconds, ours.peak, beside, alone["load"] + alone["work"]
    )


def _some(options: Options, lang: Lang) -> Iterator[Document]:
    left = options.passages
    for document in documents_of(options.data, lang):
        if left <= 0:
            return
        left -= len(document.blocks)
        yield document
