"""The dictionaries on disk, so that a document that changes later is paired as the whole archive taught.

An .npz file (a zip of NumPy arrays, read without pickle): `version`, `stretch`, and for dictionary N and each
of its halves `N.en.` and `N.ko.` the terms in UTF-8, one after the other with a line feed between them, and
the arrays of `indexer.pairing.dictionary.Half`.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from indexer.durable import write_whole_bytes
from indexer.pairing.dictionary import Dictionary, Half, Table
from indexer.pairing.document import Dictionaries

__all__ = ["load_dictionaries", "save_dictionaries"]

_VERSION: Final = 1
_Arrays = Mapping[str, npt.NDArray[Any]]


def save_dictionaries(dictionaries: Dictionaries, path: Path) -> None:
    """Writes the dictionaries; a crash leaves the old file or the new one.

    Raises:
        OSError: the disk is full or not writable.
    """
    arrays: dict[str, Any] = {"version": np.array(_VERSION), "stretch": np.array(dictionaries.stretch)}
    for number, dictionary in enumerate(dictionaries.all):
        for name, half in (("en", dictionary.english), ("ko", dictionary.korean)):
            arrays.update({f"{number}.{name}.{key}": value for key, value in _of_half(half)})
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    write_whole_bytes(path, [file.getvalue()])


def load_dictionaries(path: Path) -> Dictionaries | None:
    """The dictionaries kept in `path`; `None` where there are none, or none that can be read.

    They can always be learned again, so that a damaged file costs time and nothing else.
    """
    try:
        # Opened here: NumPy leaves a file open that is no zip.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            if int(arrays["version"]) != _VERSION:
                return None
            many = sum(name.endswith(".en.counts") for name in arrays)
            found = [
                Dictionary(_half(arrays, f"{number}.en"), _half(arrays, f"{number}.ko"))
                for number in range(many)
            ]
            return Dictionaries(tuple(found), int(arrays["stretch"])) if found else None
    except (OSError, ValueError, KeyError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return None


def _of_half(half: Half) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    terms = sorted(half.numbers, key=half.numbers.__getitem__)
    yield "terms", np.frombuffer("\n".join(terms).encode("utf-8", "surrogatepass"), dtype=np.uint8)
    yield "counts", half.counts
    yield "trust", half.trust
    yield "starts", half.table.starts
    yield "targets", half.table.targets
    yield "chances", half.table.chances


def _half(arrays: _Arrays, name: str) -> Half:
    text = arrays[f"{name}.terms"].tobytes().decode("utf-8", "surrogatepass")
    terms = text.split("\n") if text else []
    counts, starts = arrays[f"{name}.counts"], arrays[f"{name}.starts"]
    trust, targets, chances = (arrays[f"{name}.{key}"] for key in ("trust", "targets", "chances"))
    rows = len(terms)
    if {len(counts), len(trust), len(starts) - 1} != {rows} or len(targets) != len(chances):
        raise ValueError(f"{name}: terms and arrays do not go together")
    if starts[0] != 0 or starts[-1] != len(targets) or (np.diff(starts) < 0).any():
        raise ValueError(f"{name}: the rows of the table do not ascend")
    return Half({term: at for at, term in enumerate(terms)}, counts, trust, Table(starts, targets, chances))
