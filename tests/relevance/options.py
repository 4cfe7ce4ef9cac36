"""What the measurements have in common: their options, read from the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["MEASUREMENTS", "Options", "parse_options"]

MEASUREMENTS: Final = {
    "ranking": "questions in the language of the passages, beside other engines",
    "pairing": "which English passage says what which Korean passage says",
    "crosslingual": "questions in the other language",
}
_DATA: Final = Path(__file__).resolve().parents[2].parent / "shared" / "eval"


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure, and how to print it."""

    measurement: str
    data: Path
    """A folder of sets, each a folder."""
    sets: tuple[str, ...]
    """Names of the sets to measure; empty for all."""
    peers: bool
    as_json: bool


def parse_options(arguments: Sequence[str]) -> Options:
    """The options on the command line; ends the program with a line on stderr where they make no sense."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.relevance",
        description="Measures how well Hanyeong finds and pairs, on judged data.",
        epilog="; ".join(f"{name}: {what}" for name, what in MEASUREMENTS.items()),
    )
    parser.add_argument("measurement", nargs="?", choices=MEASUREMENTS, default="ranking")
    parser.add_argument("--data", type=Path, default=_DATA, help="the folder of sets (default: %(default)s)")
    parser.add_argument("--sets", nargs="+", default=[], metavar="NAME", help="only these sets")
    parser.add_argument("--no-peers", action="store_true", help="Hanyeong alone")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = parser.parse_args(arguments)
    if not chosen.data.is_dir():
        parser.error(f"{chosen.data} is not a folder; name the folder of sets with --data")
    return Options(chosen.measurement, chosen.data, tuple(chosen.sets), not chosen.no_peers, chosen.json)
