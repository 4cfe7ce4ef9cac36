"""The table of contents of a commit: which segments it has and which of their rows are deleted.

Whoosh pickles it, and so would run what a foreign file tells it to; ours is JSON with a checksum.  The rest
is Whoosh's: the name with the number of the commit, and that the file is renamed into place.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from time import time
from typing import Any, Final

from whoosh.index import TOC, EmptyIndexError, FileIndex

from indexer.engine.whoosh.codec import ArraySegment
from indexer.engine.whoosh.schema import SCHEMA
from indexer.errors import DamagedFileError

__all__ = ["NAME", "ArrayIndex", "ArrayTOC"]

NAME: Final = "MAIN"
"""What the names of all files of the index begin with."""


class ArrayTOC(TOC):  # type: ignore[misc]
    """See the module."""

    @classmethod
    def read(cls, storage: Any, indexname: str, gen: int | None = None, schema: Any = None) -> ArrayTOC:
        """The table of the commit `gen`, by default the newest.

        Raises:
            EmptyIndexError: there is none.
            DamagedFileError: it is not whole.
        """
        gen = cls._latest_generation(storage, indexname) if gen is None else gen
        if gen < 0:
            raise EmptyIndexError(f"there is no commit in {storage.folder}")
        name = cls._filename(indexname, gen)
        checksum, _, listing = (Path(storage.folder) / name).read_bytes().partition(b"\n")
        if checksum != b"%08x" % zlib.crc32(listing):
            raise DamagedFileError(f"{name} is damaged")
        told = json.loads(listing)
        if told["generation"] != gen:
            raise DamagedFileError(f"{name} is the table of contents of commit {told['generation']}")
        segments = [
            ArraySegment(indexname, one["rows"], one["name"], [(a, b) for a, b in one["deleted"]])
            for one in told["segments"]
        ]
        return cls(schema or SCHEMA, segments, gen)

    def write(self, storage: Any, indexname: str) -> None:
        """Publishes the table, in one step.

        Raises:
            OSError: the disk is full or not writable; nothing is published.
        """
        segments = [{"name": s.segid, "rows": s.rows, "deleted": s.deleted} for s in self.segments]
        listing = json.dumps({"generation": self.generation, "segments": segments}).encode("ascii")
        name = self._filename(indexname, self.generation)
        temporary = f"{name}.{time()}"
        with storage.create_file(temporary) as file:
            file.write(b"%08x\n" % zlib.crc32(listing) + listing)
        storage.rename_file(temporary, name, safe=True)


class ArrayIndex(FileIndex):  # type: ignore[misc]
    """Whoosh's index over our tables of contents."""

    def __init__(self, storage: Any) -> None:
        """Opens the index in `storage`.

        Raises:
            EmptyIndexError: there is none.
            DamagedFileError: its table of contents is not whole.
        """
        self.storage = storage
        self.indexname = NAME
        self._schema = SCHEMA
        self._read_toc()

    def _read_toc(self) -> ArrayTOC:
        return ArrayTOC.read(self.storage, self.indexname)
