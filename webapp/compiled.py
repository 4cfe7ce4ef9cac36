"""Templates as Python code that is kept beside Python's own, so that each start need not compile them anew.

Compiling the templates of the search page takes longer than a thousand searches.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from pickle import UnpicklingError
from typing import Final

from jinja2.bccache import Bucket, BytecodeCache

__all__ = ["KeptBesideModules"]

_DAMAGES: Final = (EOFError, ValueError, TypeError, UnpicklingError)
"""What is raised over a file that is not whole."""


class KeptBesideModules(BytecodeCache):
    """Keeps compiled templates in the `__pycache__` of this package, or wherever Python keeps its own.

    Where Python is told to keep none, or the folder cannot be written, nothing is kept and nothing is amiss.
    What is there is used only if it was made of the very same source by the same versions.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fills the bucket, if its template is there."""
        try:
            with _place(bucket).open("rb") as file:
                bucket.load_bytecode(file)
        except OSError:
            return
        except _DAMAGES:
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what is in the bucket; another process never sees half of it."""
        if sys.dont_write_bytecode:
            return
        place = _place(bucket)
        unfinished = place.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            with unfinished.open("wb") as file:
                bucket.write_bytecode(file)
            unfinished.replace(place)


def _place(bucket: Bucket) -> Path:
    return Path(cache_from_source(__file__)).with_name(
        f"template-{bucket.key}.{sys.implementation.cache_tag}"
    )
