"""Documents in both languages with what is known to say the same; and harder versions of them.

A set is a folder with `en/`, `ko/` (units separated by a blank line) and `gold.jsonl` (`doc`, `en_i`, `ko_i`:
places of units, from 0).  The units have no markup that a reader could tell apart, so they become passages
directly, every one a paragraph: there is no structure to go by.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from indexer.model.text import BlockKind, Lang, Passage

__all__ = ["CONDITIONS", "Aligned", "Case", "Unit", "cases", "load", "sets"]

_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=\S)")
_FORM: Final = re.compile(r"^(?:#+|[-*•]|\d+\.)\s+")
_HEADING: Final = 45
"""Code points of the longest unit without a stop that is taken for a heading."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A text, and which units of the set it is made of."""

    text: str
    origins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Aligned:
    """A document of a set, as it is."""

    name: str
    english: tuple[Unit, ...]
    korean: tuple[Unit, ...]
    gold: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Case:
    """A document to be paired, with what is known about it, by ordinals (those of a side count from 0)."""

    english: tuple[Passage, ...]
    korean: tuple[Passage, ...]
    gold: frozenset[tuple[int, int]]
    """English and Korean ordinals that say the same; a merged passage with each of its parts."""
    settled_english: frozenset[int]
    """Passages about which the gold speaks wholly; without a pair, their other side was removed."""
    settled_korean: frozenset[int]


def sets(data: Path, names: tuple[str, ...]) -> list[Path]:
    """The folders of the sets of this kind, all or those named.

    Raises:
        FileNotFoundError: there is none, or a named one is missing.
    """
    found = sorted(path.parent for path in data.glob("*/gold.jsonl") if (path.parent / "ko").is_dir())
    chosen = [path for path in found if not names or path.name in names]
    if missing := sorted(set(names) - {path.name for path in chosen}):
        raise FileNotFoundError(f"{data} has no set of pairs named {', '.join(missing)}")
    if not chosen:
        raise FileNotFoundError(f"{data} has no set of pairs: a folder with en/, ko/ and gold.jsonl")
    return chosen


def load(folder: Path) -> list[Aligned]:
    """The documents of a set that the gold speaks about, by name."""
    gold: dict[str, set[tuple[int, int]]] = defaultdict(set)
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            gold[row["doc"]].add((row["en_i"], row["ko_i"]))
    return [
        Aligned(name, _units(folder / "en", name), _units(folder / "ko", name), frozenset(gold[name]))
        for name in sorted(gold)
    ]


def _units(folder: Path, name: str) -> tuple[Unit, ...]:
    path = folder / name
    text = (path if path.is_file() else path.with_name(f"{path.name}.txt")).read_text("utf-8")
    return tuple(Unit(unit, (at,)) for at, unit in enumerate(text.strip("\n").split("\n\n")))


_Change = Callable[[tuple[Unit, ...], random.Random], Iterator[Unit]]


def _removed(share: float) -> _Change:
    return lambda units, chance: (unit for unit in units if chance.random() >= share)


def _merged(units: tuple[Unit, ...], chance: random.Random) -> Iterator[Unit]:
    """One of ten is joined with the one before it."""
    held: Unit | None = None
    for unit in units:
        if held and len(held.origins) == 1 and chance.random() < 0.1:
            held = Unit(f"{held.text} {unit.text}", held.origins + unit.origins)
            continue
        if held:
            yield held
        held = unit
    if held:
        yield held


def _split(units: tuple[Unit, ...], chance: random.Random) -> Iterator[Unit]:
    """Three of ten that have several sentences are split between two of them."""
    for unit in units:
        ends = list(_SENTENCE_END.finditer(unit.text))
        if ends and chance.random() < 0.3:
            end = chance.choice(ends)
            yield Unit(unit.text[: end.start()], unit.origins)
            yield Unit(unit.text[end.end() :], unit.origins)
        else:
            yield unit


def _stripped(units: tuple[Unit, ...], _: random.Random) -> Iterator[Unit]:
    """Without headings (marked ones and short units without a stop) and without the marks of lists."""
    for unit in units:
        bare = len(unit.text) < _HEADING and unit.text[-1:] not in ".!?:다"
        if not unit.text.startswith("#") and not bare and (text := _FORM.sub("", unit.text)):
            yield Unit(text, unit.origins)


def _same(units: tuple[Unit, ...], _: random.Random) -> Iterator[Unit]:
    yield from units


CONDITIONS: Final[dict[str, _Change]] = {
    "as they are": _same,
    "10 % removed": _removed(0.1),
    "30 % removed": _removed(0.3),
    "merged": _merged,
    "split": _split,
    "stripped": _stripped,
}
"""What is done to each side, independently of the other."""


def cases(
    documents: list[Aligned], condition: str, *, settled_only: bool = False, seed: int = 1
) -> list[Case]:
    """The documents under a condition; `settled_only` first leaves out what the gold is silent about."""
    return [_case(document, CONDITIONS[condition], seed, settled_only=settled_only) for document in documents]


def _case(document: Aligned, change: _Change, seed: int, *, settled_only: bool) -> Case:
    known = [{pair[side] for pair in document.gold} for side in (0, 1)]
    sides: list[tuple[Unit, ...]] = []
    for side, units in enumerate((document.english, document.korean)):
        chance = random.Random(f"{seed} {document.name} {side}")
        kept = tuple(unit for unit in units if not settled_only or known[side].issuperset(unit.origins))
        sides.append(tuple(change(kept, chance)))
    holders: dict[int, list[int]] = defaultdict(list)
    for at, unit in enumerate(sides[1]):
        for origin in unit.origins:
            holders[origin].append(at)
    gold = frozenset(
        (at, partner)
        for at, unit in enumerate(sides[0])
        for one, other in document.gold
        if one in unit.origins
        for partner in holders[other]
    )
    settled = [
        frozenset(at for at, unit in enumerate(units) if known[side].issuperset(unit.origins))
        for side, units in enumerate(sides)
    ]
    english, korean = (
        _passages(document.name, lang, units) for lang, units in zip(("en", "ko"), sides, strict=True)
    )
    return Case(english, korean, gold, settled[0], settled[1])


def _passages(name: str, lang: Lang, units: tuple[Unit, ...]) -> tuple[Passage, ...]:
    return tuple(Passage(name, at, BlockKind.PARAGRAPH, lang, unit.text) for at, unit in enumerate(units))
