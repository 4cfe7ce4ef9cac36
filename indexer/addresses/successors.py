"""Which documents are now what a document of former times was?  Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from indexer.addresses.registration import Key, Registration

__all__ = ["NONE", "Successors", "successors"]

_Lines = Mapping[str, Sequence[Registration]]
"""By document, its lines."""


@dataclass(frozen=True, slots=True)
class Successors:
    """What became of a document that no longer goes by its id."""

    documents: tuple[str, ...] = ()
    """The ids of those that had its id once, or that have passages of it, the most first."""
    sure: bool = False
    """Whether there is one alone and it is that document, renamed or for its greater part."""


NONE: Final = Successors()


def successors(documents: _Lines, end: Callable[[Key], Key]) -> dict[str, Successors]:
    """By the id of a document that is gone, or is called otherwise now, what became of it.

    A document that lives and had the id once goes before those that only have passages of it.  An id without
    any of both is left out.

    Args:
        documents: all of the registry.
        end: where the aliases that begin at a key end.
    """
    living = {one.key: name for name, lines in documents.items() for one in lines if one.lives}
    heirs: defaultdict[str, list[str]] = defaultdict(list)
    for name, lines in documents.items():
        for once in dict.fromkeys(once for one in lines for once in one.was):
            heirs[once].append(name)
    present = set(living.values())
    gone = [name for name in documents if name not in present]
    found: dict[str, Successors] = {}
    for once in dict.fromkeys([*heirs, *gone]):
        alive = tuple(sorted(name for name in heirs[once] if name in present))
        if alive:
            found[once] = Successors(alive, sure=len(alive) == 1)
            continue
        dead = [documents[name] for name in (*heirs[once], once) if name in documents and name not in present]
        became = _taken_in(dead, living, end)
        if became.documents:
            found[once] = became
    return found


def _taken_in(
    dead: Sequence[Sequence[Registration]], living: Mapping[Key, str], end: Callable[[Key], Key]
) -> Successors:
    """The documents that took in passages of these, of which nothing else is left."""
    lines = [one for each in dead for one in each]
    ends = Counter(living[last] for one in lines if one.now and (last := end(one.key)) in living)
    most = tuple(name for name, _ in ends.most_common())
    return Successors(most, sure=len(most) == 1 and 2 * ends[most[0]] > len(lines))
