"""Which passages of a document were there before, living, merged, or gone and back again?"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.addresses.alignment import FEW
from indexer.addresses.recognition import recognise
from indexer.addresses.registration import Key, Registration
from indexer.model.text import LANGS, Lang, Passage

__all__ = ["KnownAgain", "known_again"]


class KnownAgain:
    """Which passages of a document were there before."""

    def __init__(self) -> None:
        self.same: dict[int, Registration] = {}
        """By its place in the document, the line of a passage."""
        self.sure: set[int] = set()
        """Places of passages that say the very same as before."""
        self.merged: dict[Key, int] = {}
        """By its line's key, the place of the passage into which another one went."""
        self.split: dict[int, str] = {}
        """By its place, the address of the passage from which a new one was split off."""


def known_again(before: Sequence[Registration], passages: Sequence[Passage]) -> KnownAgain:
    """What is known of the passages of a document, by all that was ever registered of it.

    Args:
        before: its lines, tombstones and aliases included.
        passages: what it holds now, in reading order.
    """
    known = KnownAgain()
    living = [one for one in before if one.lives] or [one for one in before if not one.now]
    rest = _dead(before, living)
    for lang in LANGS:
        old = [one for one in living if one.lang == lang]
        places = [at for at, passage in enumerate(passages) if passage.lang == lang]
        _revive(known, rest, Counter(one.text for one in old), [(at, passages[at]) for at in places])
        places = [at for at in places if at not in known.same]
        found = recognise([one.text for one in old], [passages[at].text for at in places], lang)
        known.same.update((places[new], old[index]) for new, index in found.same.items())
        known.sure.update(places[new] for new in found.equal)
        known.merged.update((old[index].key, places[new]) for index, new in found.merged.items())
        known.split.update((places[new], old[index].address) for new, index in found.split.items())
    return known


@dataclass(frozen=True, slots=True)
class _Grave:
    """A line of a passage that does not live under its address, and where it stood."""

    line: Registration
    after: str
    """The text of the living passage before it, in its language; empty where there is none."""


_Dead = Mapping[tuple[str, str], deque[_Grave]]


def _dead(before: Sequence[Registration], living: Sequence[Registration]) -> _Dead:
    """Tombstones and aliases by language and text; not the alias of a passage that lives with that text."""
    texts = {one.key: one.text for one in living}
    rest: defaultdict[tuple[str, str], deque[_Grave]] = defaultdict(deque)
    last: dict[Lang, str] = {}
    for one in before:
        if one.key in texts:
            last[one.lang] = one.text
        elif texts.get((one.now, one.lang)) != one.text:
            rest[one.lang, one.text].append(_Grave(one, last.get(one.lang, "")))
    return rest


def _revive(
    known: KnownAgain, rest: _Dead, living: Counter[str], passages: Sequence[tuple[int, Passage]]
) -> None:
    """Lets passages whose very text was there once, and is not there now, have their old addresses back.

    A text of a few letters says too little to be known again, unless it comes back where it stood.
    """
    wanted = Counter(passage.text for _, passage in passages)
    befores = ["", *(passage.text for _, passage in passages)]
    for index in range(len(passages) - 1, -1, -1):
        at, passage = passages[index]
        same = rest.get((passage.lang, passage.text))
        says_enough = len(passage.text) > FEW or (same and same[0].after == befores[index])
        if same and says_enough and wanted[passage.text] > living[passage.text]:
            known.same[at] = same.popleft().line
            known.sure.add(at)
            wanted[passage.text] -= 1
