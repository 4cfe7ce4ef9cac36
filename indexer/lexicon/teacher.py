"""Takes up an archive passage by passage and pair by pair, and writes the lexicon that they teach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from indexer.analysis import Run, TokenRuns
from indexer.lexicon.glossary import obey
from indexer.lexicon.learn import Correspondence, Pairs, Text, learn
from indexer.lexicon.lookup import save
from indexer.lexicon.names import Names
from indexer.lexicon.units import units
from indexer.model import LANGS, Lang, Passage, Token

__all__ = ["Teacher"]

_MOST_MET: Final = 1 << 17
"""Different runs of characters that are remembered as taken up."""


class Teacher:
    """Learns a lexicon; memory is bounded, however many pairs there are."""

    def __init__(self) -> None:
        self._pairs = Pairs()
        self._names = Names()
        self._met: set[Run] = set()

    def __len__(self) -> int:
        """How many pairs were taken up."""
        return len(self._pairs)

    def add(self, text: Text, lang: Lang) -> None:
        """Takes up a passage that has no other side: words in it can be found by their sound."""
        if lang == "en":
            words, tokens = text
            if isinstance(tokens, TokenRuns):  # one that was met is taken up already
                if len(self._met) > _MOST_MET:
                    self._met.clear()
                tokens = tokens.unmet(self._met)
            self._names.add_words(words, tokens)
        else:
            self._names.add_units(units(*text, lang))

    def add_pair(self, english: Sequence[Text], korean: Sequence[Text]) -> None:
        """Takes up a pair: the passages of each side that say the same."""
        found = self._pairs.add(english, korean)
        self._names.add_units(found)
        words: set[str] = set()
        for text, tokens in english:
            words |= self._names.add_words(text, tokens)
        self._names.meet(words, {unit.surface for unit in found if unit.touching})

    def add_document(self, passages: Sequence[tuple[Passage, Sequence[Token]]]) -> None:
        """Takes up the passages of a document with their tokens; `Passage.partners` says which are pairs."""
        by_ordinal = {passage.ordinal: (passage, tokens) for passage, tokens in passages}
        taken: set[int] = set()
        for passage, tokens in passages:
            if not passage.partners:
                self.add((passage.text, tokens), passage.lang)
            elif passage.ordinal not in taken:
                pair = _connected(passage, by_ordinal)
                taken |= pair
                sides: dict[Lang, list[Text]] = {lang: [] for lang in LANGS}
                for ordinal in sorted(pair):
                    member, its_tokens = by_ordinal[ordinal]
                    sides[member.lang].append((member.text, its_tokens))
                self.add_pair(sides["en"], sides["ko"])

    def save(self, folder: Path, glossary: Sequence[Correspondence] = ()) -> int:
        """Learns, writes the lexicon to `folder`, and returns how many correspondences it has.

        Args:
            folder: where the lexicon lies.
            glossary: what an editor says; it stands above what is learned.

        Raises:
            OSError: the disk is full or not writable; an older lexicon stays.
        """
        learned = obey(glossary, learn(self._pairs))
        self._names.learn()
        save(folder, learned, self._names)
        return len(learned)


def _connected(first: Passage, by_ordinal: Mapping[int, tuple[Passage, Sequence[Token]]]) -> set[int]:
    """The ordinals of all passages of the pair that `first` is in."""
    members, waiting = {first.ordinal}, [first]
    while waiting:
        for ordinal in waiting.pop().partners:
            if ordinal in by_ordinal and ordinal not in members:
                members.add(ordinal)
                waiting.append(by_ordinal[ordinal][0])
    return members
