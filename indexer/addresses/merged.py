"""The lines of two branches that git, or whoever solved its conflict, has put into one file.  Pure.

Where one branch has renamed a document and the other has edited it, each of its passages stands there twice:
under its former id and under the new one, whose lines say what it `was`.  Then the renamed lines count, and
what only the other branch has comes along.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from indexer.addresses.registration import Key, Registration

__all__ = ["TwiceError", "one_of_each"]

_Line = tuple[int, Registration]
"""A line and its number."""


class TwiceError(Exception):
    """Two lines have one address, and nothing tells which of them counts."""

    def __init__(self, first: _Line, second: _Line) -> None:
        super().__init__()
        self.first = first
        self.second = second


def one_of_each(lines: Sequence[_Line]) -> list[Registration]:
    """The lines with each address and language once; those of each document in their order.

    Args:
        lines: all of the file, by their numbers.

    Raises:
        TwiceError: it is not clear which line counts.
    """
    was = _former_ids(lines)
    kept: dict[Key, _Line] = {}
    renamed: dict[str, str] = {}
    for number, one in lines:
        other = kept.setdefault(one.key, (number, one))
        if other[1] == one:
            continue
        newer = _renamed_one(other, (number, one), was)
        older = one if newer == other else other[1]
        if renamed.setdefault(older.document, newer[1].document) != newer[1].document:
            raise TwiceError(other, (number, one))
        kept[one.key] = newer
    if renamed.keys() & set(renamed.values()):
        raise _first_twice(lines)
    return _arranged([one for _, one in lines], {key: one for key, (_, one) in kept.items()}, renamed)


def _former_ids(lines: Iterable[_Line]) -> dict[str, set[str]]:
    """By document, the ids that it had before."""
    was: defaultdict[str, set[str]] = defaultdict(set)
    for _, one in lines:
        was[one.document].update(one.was)
    return was


def _renamed_one(first: _Line, second: _Line, was: Mapping[str, set[str]]) -> _Line:
    """That of two lines whose document was the other's before it was renamed."""
    one, two = first[1].document, second[1].document
    is_first, is_second = two in was[one], one in was[two]
    if is_first == is_second or one == two:
        raise TwiceError(first, second)
    return first if is_first else second


def _first_twice(lines: Iterable[_Line]) -> TwiceError:
    seen: dict[Key, _Line] = {}
    return next(
        TwiceError(seen[one.key], (number, one))
        for number, one in lines
        if seen.setdefault(one.key, (number, one))[1] != one
    )


def _arranged(
    lines: Sequence[Registration], kept: Mapping[Key, Registration], renamed: Mapping[str, str]
) -> list[Registration]:
    """The kept lines; what stood under a former id alone comes behind what stood before it there."""
    behind: defaultdict[Key | None, dict[Key, Registration]] = defaultdict(dict)
    last: dict[str, Key] = {}
    for one in lines:
        now = renamed.get(one.document)
        if now is None:
            continue
        if kept[one.key].document == now:
            last[one.document] = one.key
        else:
            behind[last.get(one.document)][one.key] = replace(one, document=now)
    present = {one.key: one for one in lines if one.document not in renamed and kept[one.key] == one}
    woven = list(behind[None].values())
    for one in present.values():
        woven += (one, *behind[one.key].values())
    return woven
