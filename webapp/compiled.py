"""Templates as Python code that is kept beside Python's own, so that each start need not compile them anew.

Compiling the templates of the search page takes longer than a thousand searches.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from importlib.util import cache_from_source
from pathlib import Path
from pickle import UnpicklingError
from threading import get_ident
from typing import Final

from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache

__all__ = ["KeptBesideModules"]

_DAMAGES: Final = (
    AttributeError, EOFError, ImportError, LookupError, MemoryError, TypeError, UnpicklingError, ValueError
)  # fmt: skip
"""What is raised over a file that is not whole, or not as it was written."""


class KeptBesideModules(BytecodeCache):
    """Keeps compiled templates in the `__pycache__` of this package, or wherever Python keeps its own.

    Where Python is told to keep none, or the folder cannot be written, nothing is kept and nothing is amiss.
    What is there is used only if it was made of the very same source, by the same versions and settings.
    """

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fills the bucket, if its template is there."""
        # Jinja's own checksum is of the source alone.
        bucket.checksum = f"{bucket.checksum} {_made_by(bucket.environment)}"
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
        # Two threads may compile one template at once.
        unfinished = place.with_suffix(f".{os.getpid()}-{get_ident()}")
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                with unfinished.open("wb") as file:
                    bucket.write_bytecode(file)
                unfinished.replace(place)
            finally:
                unfinished.unlink(missing_ok=True)


def _place(bucket: Bucket) -> Path:
    return Path(cache_from_source(__file__)).with_name(
        f"template-{bucket.key}.{sys.implementation.cache_tag}"
    )


def _made_by(environment: Environment) -> str:
    """What decides, beside its source, what a template is compiled to."""
    settings = environment.trim_blocks, environment.lstrip_blocks, *sorted(environment.extensions)
    return " ".join(map(str, (*_versions(), *settings)))


@cache
def _versions() -> tuple[str, str]:
    """Of Jinja, which compiles, and of Flask, which says what is escaped."""
    return version("jinja2"), version("flask")
