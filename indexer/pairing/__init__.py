"""Which English passage says what which Korean passage of the same document says.

`learn` reads the documents of an archive and gives `Dictionaries`; `pair_document` finds the pairs of one
document with them (or without, `EMPTY`); `pair_archive` does both.

A way through a document pairs passages in order, one with one to three, or leaves one alone.  What speaks for
a pair (`evidence`) are form, length, numbers, words that stand in both, and translations that the archive has
taught; the confidence of a pair is the share of all ways that have it (`paths`).  Everything is deterministic
and looks at a number of places that grows as the length of the document (`band`).
"""

from typing import TYPE_CHECKING

from indexer.late import late

if TYPE_CHECKING:
    from indexer.pairing.archive import Sides, learn, pair_archive
    from indexer.pairing.document import BOUND, EMPTY, Dictionaries, pair_document
    from indexer.pairing.storage import load_dictionaries, save_dictionaries

__all__ = [
    "BOUND",
    "EMPTY",
    "Dictionaries",
    "Sides",
    "learn",
    "load_dictionaries",
    "pair_archive",
    "pair_document",
    "save_dictionaries",
]

__getattr__ = late(
    __name__,
    {
        "archive": (
            "Sides",
            "learn",
            "pair_archive",
        ),
        "document": (
            "BOUND",
            "EMPTY",
            "Dictionaries",
            "pair_document",
        ),
        "storage": (
            "load_dictionaries",
            "save_dictionaries",
        ),
    },
)
"""Documents in one language need nothing of this."""
