"""Takes up an archive lesson by lesson, and writes the lexicon that they teach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from indexer.lexicon.glossary import obey
from indexer.lexicon.learn import Correspondence, Pairs, learn
from indexer.lexicon.lessons import MOST_PAIRS, Lesson, Text, lesson_of_pair
from indexer.lexicon.lookup import save
from indexer.lexicon.names import Names
from indexer.lexicon.units import UnitReader
from indexer.model.text import Lang

__all__ = ["Teacher"]


class Teacher:
    """Learns a lexicon; memory is bounded, however many pairs there are."""

    def __init__(self, most: int = MOST_PAIRS) -> None:
        """Knows nothing yet; learns from at most `most` pairs of passages."""
        self._pairs = Pairs(most)
        self._names = Names()
        self._reader = UnitReader()
        self._taken = 0

    def __len__(self) -> int:
        """How many pairs were taken up."""
        return len(self._pairs)

    @property
    def sampled(self) -> int:
        """How many of them teach; of more than the bound, an even sample."""
        return self._pairs.sampled

    def add(self, text: Text, lang: Lang) -> None:
        """Takes up a passage that has no other side: words in it can be found by their sound."""
        self._add([text] if lang == "en" else (), [text] if lang == "ko" else ())

    def add_pair(self, english: Sequence[Text], korean: Sequence[Text]) -> None:
        """Takes up a pair: the passages of each side that say the same."""
        self._add(english, korean)

    def add_lesson(self, lesson: Lesson) -> None:
        """Takes up what a document teaches."""
        self._pairs.add(lesson)
        self._names.add(lesson)

    def save(
        self, path: Path, glossary: Sequence[Correspondence] = (), about: Mapping[str, str] | None = None
    ) -> int:
        """Learns, writes the lexicon to `path`, and returns how many correspondences it has.

        Args:
            path: where the lexicon lies.
            glossary: what an editor says; it stands above what is learned.
            about: what is noted beside the lexicon (see `Lexicon.about`).

        Raises:
            OSError: the disk is full or not writable; an older lexicon stays.
        """
        learned = obey(glossary, learn(self._pairs))
        self._names.learn(*self._pairs.sides())
        save(path, learned, self._names, about or {})
        return len(learned)

    def _add(self, english: Sequence[Text], korean: Sequence[Text]) -> None:
        self._taken += 1
        name = str(self._taken)
        self.add_lesson(lesson_of_pair(name, english, korean, self._reader, self._pairs.least))
