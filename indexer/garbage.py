"""How often Python looks for rings among the objects of a process that makes very many, and keeps them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["few_collections"]


@contextmanager
def few_collections() -> Iterator[None]:
    """Lets Python look for rings among its objects seldom: nearly all that a reindex makes is kept.

    To look through millions of them again and again would take half of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*before)
