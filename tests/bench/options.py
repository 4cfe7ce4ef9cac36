"""What is measured, read from the command line."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from tests.bench.corpus import missing
from tests.bench.engines import PEERS, installed

__all__ = ["PARTS", "Options", "parse_options", "workspace"]

PARTS: Final = {
    "queries": "queries of nine kinds over the same passages, beside other engines",
    "writing": "reindex of each language, beside Kiwi alone and tantivy",
    "files": "reindex where nothing or one file has changed, beside git status",
    "http": "pages of `hanyeong serve`, beside the same pages rendered from hits at hand",
}
SIZES: Final = (50_000, 100_000, 200_000, 400_000, 1_000_000)
STOCK_LIMIT: Final = 200_000
_DATA: Final = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure, and how to print it."""

    parts: tuple[str, ...]
    sizes: tuple[int, ...]
    """Passages, ascending."""
    peers: tuple[str, ...]
    data: Path
    """The folder with speed-ko.jsonl.gz and speed-en.jsonl.gz."""
    work: Path | None
    """A folder whose analysis and indexes are kept for the next run."""
    each: int
    """Queries of a kind."""
    rounds: int
    budget: float
    """Seconds that one engine may take for one kind in one round."""
    cpu: bool
    files: int
    passages: int
    """Of each language in the part `writing`."""
    as_json: bool


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def parse_options(arguments: Sequence[str]) -> Options:
    """The options on the command line; ends the program with a line on stderr where they make no sense."""
    parser = _Parser(
        prog="python -m tests.bench",
        description="Measures speed, size and memory beside other engines that are fed with the same terms.",
        epilog="; ".join(f"{part}: {what}" for part, what in PARTS.items()),
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", dest="parts")
    parser.add_argument("--sizes", nargs="+", type=_count, default=SIZES, metavar="N", help="passages")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS), metavar="NAME")
    parser.add_argument("--data", type=Path, default=_DATA, help="the folder of the corpus (%(default)s)")
    parser.add_argument("--work", type=Path, help="keep the analysis and the indexes here for the next run")
    parser.add_argument("--each", type=_count, default=16, help="queries of a kind (%(default)s)")
    parser.add_argument("--rounds", type=_count, default=3, help="times that all is asked (%(default)s)")
    parser.add_argument("--budget", type=float, default=30, help="seconds for a kind (%(default)s)")
    parser.add_argument("--cpu", action="store_true", help="time of the processor instead of the clock's")
    parser.add_argument("--files", type=_count, default=10_000, help="files of the part `files`")
    parser.add_argument("--passages", type=_count, default=100_000, help="passages of the part `writing`")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    chosen = parser.parse_args(arguments)
    if path := missing(chosen.data):
        parser.error(f"there is no {path}; name the folder that has the corpus with --data")
    if absent := set(chosen.peers) - set(installed(chosen.peers)):
        parser.error(
            f"not installed: {', '.join(sorted(absent))}; install them or leave them out with --peers"
        )
    return Options(
        parts=tuple(part for part in PARTS if part in chosen.parts),
        sizes=tuple(sorted(set(chosen.sizes))),
        peers=tuple(chosen.peers),
        data=chosen.data,
        work=chosen.work and chosen.work.absolute(),  # other processes have another working folder
        each=chosen.each,
        rounds=chosen.rounds,
        budget=chosen.budget,
        cpu=chosen.cpu,
        files=chosen.files,
        passages=chosen.passages,
        as_json=chosen.json,
    )


@contextmanager
def workspace(options: Options) -> Iterator[Path]:
    """The folder to work in; one that nobody named is removed afterwards."""
    if options.work is not None:
        options.work.mkdir(parents=True, exist_ok=True)
        yield options.work
        return
    folder = Path(tempfile.mkdtemp(prefix="hanyeong-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)
