"""One address for both sides of a pair.  Pure but for the new addresses, which it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from indexer.addresses.registration import Key
from indexer.model.text import Lang, Pair, Passage

__all__ = ["share"]


def share(
    passages: Sequence[Passage],
    found: Mapping[int, str],
    sure: AbstractSet[int],
    *,
    pairs: Sequence[Pair],
    earlier: Mapping[Key, str],
    new: Callable[[], str],
) -> dict[int, str]:
    """Every passage's address, by its place in `passages`.

    The first passages of both sides of a pair share one address: that of the English side, or of the Korean
    side where only that one is sure or known at all; else a new one.  Where a pair has dissolved the English
    side keeps the address, and the Korean one gets back the one it had before, else a new one.  No two
    passages of one language have the same address.

    Args:
        passages: a document's.
        found: the addresses of those that are recognised, by place; no two of one language are equal.
        sure: places of those that say the very same as before.
        pairs: what says the same, by ordinals.
        earlier: for an address and a language, the address that this side had before it was paired.
        new: gives a new address.
    """
    places = {passage.ordinal: at for at, passage in enumerate(passages)}
    owners = {address for at, address in found.items() if passages[at].lang == "en"}
    given: dict[int, str] = {}
    used: set[Key] = set()

    def give(at: int, address: str) -> None:
        given[at] = address
        used.add((address, passages[at].lang))

    for pair in pairs:
        english, korean = places[pair.english[0]], places[pair.korean[0]]
        if english in given or korean in given:
            continue
        theirs = _free(found.get(korean, ""), owners)
        ours = "" if theirs and korean in sure and english not in sure else found.get(english, "")
        address = ours or theirs or new()
        if (address, "en") in used or (address, "ko") in used:
            address = new()
        give(english, address)
        give(korean, address)
    alone = [at for at in range(len(passages)) if at not in given]
    # English first: it keeps an address that was shared.
    for at in sorted(alone, key=lambda at: (passages[at].lang, at)):
        lang: Lang = passages[at].lang
        address = found.get(at, "")
        if not address or _is_used(address, used):
            address = earlier.get((address, lang), "")
        if not address or _is_used(address, used):
            address = new()
        give(at, address)
    return given


def _free(address: str, owners: set[str]) -> str:
    """The address, unless another English passage has it."""
    return "" if address in owners else address


def _is_used(address: str, used: set[Key]) -> bool:
    return (address, "en") in used or (address, "ko") in used
