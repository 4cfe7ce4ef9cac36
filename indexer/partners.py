"""Documents that have been read, kept until all are there, and the pairs that they teach together.

What a document's two sides say to each other is known best when the whole archive has been read; so nothing
is paired before.  Meanwhile the documents wait on the disk, in a file without a name that a killed process
leaves nothing of.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from indexer.model.text import Pair, Passage

if TYPE_CHECKING:
    from indexer.pairing import Dictionaries, Sides

__all__ = ["Waiting", "dictionaries_for", "pairs_of", "sides_of", "with_partners"]

_T = TypeVar("_T")


class Waiting(Generic[_T]):
    """Values that wait on the disk; gone when it is closed, or the process."""

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`
        self._many = 0

    def add(self, value: _T) -> None:
        """Puts a value behind the others.

        Raises:
            OSError: the disk is full.
        """
        pickle.dump(value, self._file, pickle.HIGHEST_PROTOCOL)
        self._many += 1

    def __iter__(self) -> Iterator[_T]:
        """The values in order; one walk at a time, and no adding meanwhile."""
        self._file.seek(0)
        for _ in range(self._many):
            value: _T = pickle.load(self._file)  # noqa: S301 - nobody else can reach the file
            yield value

    def close(self) -> None:
        """Forgets the values."""
        self._file.close()


def sides_of(passages: Sequence[Passage]) -> Sides:
    """The English and the Korean passages of a document."""
    english = [passage for passage in passages if passage.lang == "en"]
    return english, [passage for passage in passages if passage.lang == "ko"]


def dictionaries_for(
    documents: Iterable[Sides], others: Iterable[Sides], path: Path, *, anew: bool
) -> Dictionaries:
    """What the archive teaches: as it is kept in `path`, or learned from all documents and kept there.

    Args:
        documents: all that have been read.
        others: the rest of the archive; looked at only where there is something to learn.
        path: where the dictionaries are kept.
        anew: learn them in any case.

    Raises:
        OSError: they cannot be written.
    """
    from indexer.pairing import learn, load_dictionaries, save_dictionaries  # noqa: PLC0415 - see `pairs_of`

    kept = None if anew else load_dictionaries(path)
    if kept is not None:
        return kept
    learned = learn(chain(documents, others))
    if any(one.english.numbers for one in learned.all):
        save_dictionaries(learned, path)
    else:  # nothing is in both languages
        path.unlink(missing_ok=True)
    return learned


def pairs_of(passages: Sequence[Passage], dictionaries: Dictionaries) -> tuple[Pair, ...]:
    """Which passages of a document say the same; none where it is in one language."""
    english, korean = sides_of(passages)
    if not (english and korean):
        return ()
    from indexer.pairing import pair_document  # noqa: PLC0415 - a document in one language does not need it

    return pair_document(english, korean, dictionaries)


def with_partners(passages: Sequence[Passage], pairs: Sequence[Pair]) -> tuple[Passage, ...]:
    """The passages, each with those that say the same."""
    partners: dict[int, tuple[int, ...]] = {}
    for pair in pairs:
        partners.update(dict.fromkeys(pair.english, pair.korean))
        partners.update(dict.fromkeys(pair.korean, pair.english))
    return tuple(replace(passage, partners=partners.get(passage.ordinal, ())) for passage in passages)
