"""How often Python looks for rings among the objects of a process that makes very many, and keeps them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["few_collections"]


@contextmanager
def few_collections() -> Iterator[None]:
    """Lets Python look for rings among its objects seldom: nearly all that a reindex makes is kept.

    To look through millions of them again and again would take half of the time.  What there is at the end is
    never looked through: it is freed when nothing leads to it, as everything is, and a ring that is left over
    by then stays.  Else all of it would be looked through twice more, here and when the process ends.
    """
    before = gc.get_threshold()
    gc.set_threshold(400_000, 50, 1000)
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*before)
