"""What has become of each address between two states of a registry.  Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexer.addresses.alignment import backbone
from indexer.addresses.registration import Key, Registration
from indexer.model.text import LANGS

__all__ = ["Comparison", "Difference", "compare"]


@dataclass(frozen=True, slots=True)
class Difference:
    """What has become of one address."""

    address: str
    text: str
    """What the passage said; of a new one what it says."""
    now: str = ""
    """Of a changed passage what it says; of a moved one its document; of one that was merged into another, or
    split off from one, that one's address."""


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
    """Parts of a passage that get an address of their own."""
    merged: tuple[Difference, ...] = ()
    """Their address leads to a passage into which they went, or to their other side."""
    lost: tuple[Difference, ...] = ()
    """Their address would lead to a tombstone."""
    new: tuple[Difference, ...] = ()
    """They get a new address."""


def compare(before: Iterable[Registration], after: Iterable[Registration]) -> dict[str, Comparison]:
    """What has become of the addresses, by the document in which each passage stood before, in order."""
    was = {one.key: one for one in before}
    now = {one.key: one for one in after}
    found: defaultdict[str, defaultdict[str, list[Difference]]] = defaultdict(lambda: defaultdict(list))
    kept: defaultdict[str, int] = defaultdict(int)
    in_order = _in_order(was, now)
    for key, one in was.items():
        if not one.lives or key not in now:
            continue
        kind, difference = _fate(one, now[key], now, in_place=key in in_order)
        if difference is None:
            kept[now[key].document] += 1
        else:
            found[one.document][kind].append(difference)
    # A passage that has come to share its other side's address is told as merged, and is not new as well.
    gone_into = {(one.now, one.lang) for key, one in now.items() if one.now and key in was and was[key].lives}
    for key, one in now.items():
        if one.lives and key not in gone_into and not (key in was and was[key].lives):
            kind = "split" if one.origin and key not in was else "new"
            found[one.document][kind].append(Difference(one.address, one.text, one.origin))
    return {
        document: Comparison(kept[document], **{kind: tuple(many) for kind, many in found[document].items()})
        for document in sorted({*found, *kept, *(one.document for one in now.values() if one.lives)})
    }


def _fate(
    one: Registration, after: Registration, now: Mapping[Key, Registration], *, in_place: bool
) -> tuple[str, Difference | None]:
    if after.gone:
        other_side = any((one.address, lang) in now and now[one.address, lang].lives for lang in LANGS)
        where = one.address if other_side else ""
        return "merged" if other_side else "lost", Difference(one.address, one.text, where)
    if after.now:
        target = now.get((after.now, one.lang))
        if target is not None and target.text == one.text and target.document != one.document:
            return "moved", Difference(one.address, one.text, target.document)
        return "merged", Difference(one.address, one.text, after.now)
    if after.text != one.text:
        return "changed", Difference(one.address, one.text, after.text)
    if after.document != one.document or not in_place:
        return "moved", Difference(one.address, one.text, after.document)
    return "kept", None


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
