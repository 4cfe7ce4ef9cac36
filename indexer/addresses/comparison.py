"""What has become of each address between two states of a registry.  Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from indexer.addresses.alignment import backbone
from indexer.addresses.registration import Key, Registration
from indexer.model.text import LANGS

__all__ = ["Comparison", "Difference", "compare"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What has become of one address."""

    address: str
    """Of what is new or split the address that it gets; empty where that is only known when it is given."""
    text: str
    """What the passage said; of a new one what it says."""
    now: str = ""
    """Of a changed passage what it says; of a moved one its document; of one that was merged into another
    that one's address, empty where it gets a new one; of what was split off the address it was part of."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The passages of a document against the registry."""

    kept: int = 0
    """Passages that are as they were and where they were."""
    changed: tuple[Difference, ...] = ()
    """They keep their address with another text."""
    moved: tuple[Difference, ...] = ()
    """They keep their text, and their address leads to another place in the document, or to another one."""
    split: tuple[Difference, ...] = ()
    """Parts of a passage, or one side of a pair that came apart, that get an address of their own."""
    merged: tuple[Difference, ...] = ()
    """Their address leads to a passage into which they went, or to their other side."""
    lost: tuple[Difference, ...] = ()
    """Their address would lead to a tombstone."""
    new: tuple[Difference, ...] = ()
    """They get a new address."""


def compare(before: Iterable[Registration], after: Iterable[Registration]) -> dict[str, Comparison]:
    """What has become of the addresses, by the document in which each passage stood before, in order."""
    states = _States({one.key: one for one in before}, {one.key: one for one in after})
    found: defaultdict[str, defaultdict[str, list[Difference]]] = defaultdict(lambda: defaultdict(list))
    kept: defaultdict[str, int] = defaultdict(int)
    in_order = _in_order(states.was, states.now)
    for key, one in states.was.items():
        if not one.lives or key not in states.now:
            continue
        kind, difference = states.fate(one, in_place=key in in_order)
        if difference is None:
            kept[states.now[key].document] += 1
        else:
            found[one.document][kind].append(difference)
    for kind, one in states.added():
        found[one.document][kind].append(Difference(states.told(one.address), one.text, one.origin))
    documents = {*found, *kept, *(one.document for one in states.now.values() if one.lives)}
    return {
        document: Comparison(kept[document], **{kind: tuple(many) for kind, many in found[document].items()})
        for document in sorted(documents)
    }


class _States:
    """The lines of a registry before and after, by their keys."""

    def __init__(self, was: Mapping[Key, Registration], now: Mapping[Key, Registration]) -> None:
        self.was = was
        self.now = now
        self._known = {address for address, _ in was}
        self._lived = {one.address for one in was.values() if one.lives}
        self._gone_into = Counter(
            (one.now, one.lang) for key, one in now.items() if one.now and key in was and was[key].lives
        )

    def told(self, address: str) -> str:
        """The address; empty where it is new, and would be another one the next time."""
        return address if address in self._known else ""

    def added(self) -> Iterator[tuple[str, Registration]]:
        """The passages that were not there, each with what it is: new, or split off."""
        for key, one in self.now.items():
            # What another line has become is told with that one, and is not new as well.
            if one.lives and key not in self._gone_into and not (key in self.was and self.was[key].lives):
                yield "split" if one.origin and key not in self.was else "new", one

    def fate(self, one: Registration, *, in_place: bool) -> tuple[str, Difference | None]:
        """What has become of a passage that lived."""
        after = self.now[one.key]
        if after.gone:
            other_side = any(
                (one.address, lang) in self.now and self.now[one.address, lang].lives for lang in LANGS
            )
            where = one.address if other_side else ""
            return "merged" if other_side else "lost", Difference(one.address, one.text, where)
        if after.now:
            return self._gone_by(one, after.now)
        if after.text != one.text:
            return "changed", Difference(one.address, one.text, after.text)
        if after.document != one.document or not in_place:
            return "moved", Difference(one.address, one.text, after.document)
        return "kept", None

    def _gone_by(self, one: Registration, address: str) -> tuple[str, Difference]:
        """What has become of a passage that goes by another address."""
        key = address, one.lang
        target = self.now.get(key)
        elsewhere = target is not None and target.document != one.document
        if target is not None and elsewhere and target.text == one.text:
            return "moved", Difference(one.address, one.text, target.document)
        shared = any(
            (one.address, lang) in self.was and self.was[one.address, lang].lives
            for lang in LANGS
            if lang != one.lang
        )
        alone = address not in self._lived and self._gone_into[key] == 1
        if shared and alone and not elsewhere:
            return "split", Difference(self.told(address), one.text, one.address)
        return "merged", Difference(one.address, one.text, self.told(address))


def _in_order(was: Mapping[Key, Registration], now: Mapping[Key, Registration]) -> set[Key]:
    """The passages that stand among the same others, document by document."""
    old: defaultdict[str, dict[Key, int]] = defaultdict(dict)
    for place, one in enumerate(was.values()):
        old[one.document][one.key] = place
    new: defaultdict[str, list[Key]] = defaultdict(list)
    for one in now.values():
        if one.lives:
            new[one.document].append(one.key)
    return {key for document, keys in new.items() for key in _run(keys, old.get(document, {}))}


def _run(keys: Sequence[Key], places: Mapping[Key, int]) -> Iterable[Key]:
    run = backbone({at: places[key] for at, key in enumerate(keys) if key in places})
    return (keys[at] for at in run)
