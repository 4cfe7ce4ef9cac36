"""The permanent ids of passages: minted once, opaque and short, kept over edits.

A passage is known again, within its document, by its exact text, else by its likeness in order, else by
its other side; where it is unclear it gets a new address, and the old one becomes a tombstone.
`recognition` decides this over texts alone, `known` over all that was registered; `sharing` gives the two
sides of a pair one address; `registry` keeps what was decided in `addresses.jsonl`, whose lines `file`
describes; `past` tells readers where an address of former times leads.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from indexer.addresses.comparison import Comparison, Difference, compare
    from indexer.addresses.past import PastAddresses
    from indexer.addresses.registration import ADDRESS, Registration, text_version, typed_address
    from indexer.addresses.registry import Registry, load_registry

__all__ = [
    "ADDRESS",
    "Comparison",
    "Difference",
    "PastAddresses",
    "Registration",
    "Registry",
    "compare",
    "load_registry",
    "text_version",
    "typed_address",
]

_FROM: Final = {
    "ADDRESS": "registration",
    "Comparison": "comparison",
    "Difference": "comparison",
    "PastAddresses": "past",
    "Registration": "registration",
    "Registry": "registry",
    "compare": "comparison",
    "load_registry": "registry",
    "text_version": "registration",
    "typed_address": "registration",
}
"""Where each of these names comes from: what only reads addresses does not load what recognises passages."""


def __getattr__(name: str) -> object:
    """The value of one of these names, loaded when it is asked for.

    Raises:
        AttributeError: there is no such name.
    """
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FROM[name]}"), name)
