"""Reindex where nothing has changed, or one file, beside `git status` on the same folder."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from typing import Final

from indexer.model.text import LANGS
from tests.bench.commands import hanyeong, run
from tests.bench.corpus import documents
from tests.bench.options import Options

__all__ = ["Files", "measure"]

_ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Files:
    """Seconds of whole commands; medians."""

    files: int
    git_status: float
    unchanged: float
    english: float
    """With one English file changed."""
    korean: float
    """With one Korean file changed."""
    kiwi: float
    """What it takes to load Kiwi."""


def measure(options: Options, work: Path, say: Callable[[str], None]) -> Files:
    """Writes the files, indexes them, and looks again."""
    folder = work / "files"
    shutil.rmtree(folder, ignore_errors=True)
    say(f"{options.files:,} files: indexing them")
    paths = _write(options, folder / "documents")
    run(hanyeong("--data", folder, "reindex", "--json"))
    for command in (("init", "-q"), ("add", "-A"), _COMMIT):
        subprocess.run(["git", *command], cwd=folder / "documents", check=True)
    say(f"{options.files:,} files: nothing changed, one changed, git status")
    seconds: tuple[list[float], ...] = ([], [], [], [], [])
    texts = folder / "texts.jsonl"
    texts.write_text(json.dumps("한영") + "\n", encoding="utf-8")
    reindex = hanyeong("--data", folder, "reindex", "--json")
    english, korean = (next(path for path in paths if path.name.startswith(lang)) for lang in LANGS)
    for number in range(_ROUNDS):
        seconds[0].append(run(["git", "status", "--porcelain"], folder / "documents").seconds)
        seconds[1].append(run(reindex).seconds)
        for path, text, place in (
            (english, f"This was changed {number} times before.", 2),
            (korean, f"{number}번째로 고친 글이다.", 3),
        ):
            with path.open("a", encoding="utf-8") as file:
                file.write(f"\n{text}\n")
            seconds[place].append(run(reindex).seconds)
        alone = run([sys.executable, "-m", "tests.bench.alone", "kiwi", str(texts)])
        seconds[4].append(json.loads(alone.output)["load"])
    shutil.rmtree(folder)
    return Files(len(paths), *map(median, seconds))


_COMMIT: Final = ("-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "-q", "-m", "files")


def _write(options: Options, folder: Path) -> list[Path]:
    """Paragraphs of the corpus, the beginning of each in a file of its own."""
    blocks = (block for document in documents(options.data) for block in document.blocks)
    texts = [(block.lang, block.text) for block in islice(blocks, options.files)]
    paths: list[Path] = []
    for number, (lang, text) in enumerate(islice(cycle(texts), options.files)):
        path = folder / f"{number // 100:03}" / f"{lang}-{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number}. {text[:200]}\n", encoding="utf-8")
        paths.append(path)
    return paths
