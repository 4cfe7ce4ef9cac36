"""What one document teaches: its units, and the pairs of passages in which they stand.

A lesson holds all that learning needs of a document, so that the documents which have not changed need not be
analysed again.  Of very many pairs a sample teaches.  Which pairs are in it depends on nothing but their
document and their place in it, so that a lexicon does not depend on the order in which an archive was read.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any, Final, NamedTuple

from indexer.lexicon.units import KnownRun, Unit, UnitReader
from indexer.model.terms import Token
from indexer.model.text import LANGS, Lang, Passage

__all__ = [
    "MOST_PAIRS",
    "Lesson",
    "PairOfTexts",
    "Text",
    "fingerprint",
    "lesson_of",
    "lesson_of_pair",
    "rank_of",
]

MOST_PAIRS: Final = 50_000
"""Pairs of passages from which a lexicon is learned; of more, an even sample, so that memory is bounded."""
_HIGHEST_RANK: Final = 31

Text = tuple[str, Sequence[Token]]
"""The text of a passage and its tokens."""


class PairOfTexts(NamedTuple):
    """Both sides of a pair, as numbers of units of the lesson."""

    rank: int
    """A sample of one in 2**n has the pairs of rank n and above."""
    english: tuple[int, ...]
    korean: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a document teaches."""

    document: str
    text: str
    """Of the passages that it was made from, the `fingerprint`."""
    pairs: Mapping[int, int]
    """By rank, how many pairs of passages the document has."""
    units: Mapping[Lang, tuple[Unit, ...]]
    texts: tuple[PairOfTexts, ...]
    """The pairs of the ranks that were asked for, in order."""

    def to_json(self) -> str:
        """The lesson in one line."""
        first = {"document": self.document, "text": self.text, "pairs": self.pairs}
        units = [f'"{lang}":[{",".join(map(_unit_json, self.units[lang]))}]' for lang in LANGS]
        last = {"texts": self.texts}
        return ",".join([_json(first)[:-1], *units, _json(last)[1:]])

    @classmethod
    def from_json(cls, line: str | bytes) -> Lesson:
        """The lesson of a line.

        Raises:
            ValueError: the line is no lesson.
        """
        try:
            value = json.loads(line)
            return cls(
                value["document"],
                value["text"],
                {int(rank): int(many) for rank, many in value["pairs"].items()},
                {lang: tuple(map(_unit, value[lang])) for lang in LANGS},
                tuple(PairOfTexts(rank, tuple(en), tuple(ko)) for rank, en, ko in value["texts"]),
            )
        except (AttributeError, IndexError, KeyError, TypeError) as error:
            raise ValueError(f"no lesson: {error!r}") from error


def fingerprint(passages: Iterable[Passage]) -> str:
    """Changes when the passages would teach something else."""
    digest = hashlib.sha256()
    for passage in passages:
        references = tuple((one.span.start, one.span.end) for one in passage.references)
        digest.update(f"{passage.lang}{passage.ordinal}{passage.partners}{references}".encode())
        digest.update(passage.text.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()[:32]


def rank_of(document: str, ordinal: int) -> int:
    """The rank of the pair with the passage of that ordinal: half of all have 0, a quarter 1, and so on."""
    hashed = zlib.crc32(f"{document}\n{ordinal}".encode())
    return (hashed & -hashed).bit_length() - 1 if hashed else _HIGHEST_RANK


def lesson_of(
    document: str, passages: Sequence[tuple[Passage, Sequence[Token]]], reader: UnitReader, least: int = 0
) -> Lesson:
    """What a document teaches; `Passage.partners` says which of its passages are pairs.

    Args:
        document: its id.
        passages: all of them, with their tokens.
        reader: what reads their units.
        least: the rank from which on pairs are taken up.
    """
    made = _Made(reader)
    by_ordinal = {passage.ordinal: (passage, tokens) for passage, tokens in passages}
    taken: set[int] = set()
    for passage, tokens in passages:
        if not passage.partners:
            made.add((passage.text, tokens), passage.lang)
        elif passage.ordinal not in taken:
            members = sorted(_connected(passage, by_ordinal))
            taken.update(members)
            sides: dict[Lang, list[Text]] = {lang: [] for lang in LANGS}
            for ordinal in members:
                member, its_tokens = by_ordinal[ordinal]
                sides[member.lang].append((member.text, its_tokens))
            made.add_pair(rank_of(document, members[0]), sides, least)
    return made.lesson(document, fingerprint(passage for passage, _ in passages))


def lesson_of_pair(
    name: str, english: Sequence[Text], korean: Sequence[Text], reader: UnitReader, least: int = 0
) -> Lesson:
    """What the passages of a pair teach, or passages without another side; `name` decides about its rank."""
    made = _Made(reader)
    if english and korean:
        made.add_pair(rank_of(name, 0), {"en": english, "ko": korean}, least)
    for lang, texts in (("en", english), ("ko", korean)):
        for text in () if english and korean else texts:
            made.add(text, "en" if lang == "en" else "ko")
    return made.lesson(name, "")


class _Made:
    """A lesson that is being made."""

    def __init__(self, reader: UnitReader) -> None:
        self._reader = reader
        self._numbers: Mapping[Lang, dict[int, int]] = {lang: {} for lang in LANGS}
        self._met: Mapping[Lang, dict[int, KnownRun]] = {lang: {} for lang in LANGS}
        """Runs whose words have been taken up."""
        self._texts: list[PairOfTexts] = []
        self._pairs: Counter[int] = Counter()

    def add(self, text: Text, lang: Lang) -> None:
        """Takes up the words of a passage; words in a row teach nothing where there is no other side."""
        numbers, units = self._numbers[lang], self._reader.units
        for number in self._reader.touching(*text, lang, self._met[lang]):
            if number not in numbers and units[number].touching:
                numbers[number] = len(numbers)

    def add_pair(self, rank: int, sides: Mapping[Lang, Sequence[Text]], least: int) -> None:
        self._pairs[rank] += 1
        if rank >= least:
            english, korean = (tuple(self._read(sides[lang], lang)) for lang in LANGS)
            self._texts.append(PairOfTexts(rank, english, korean))
        else:
            for lang in LANGS:
                for text in sides[lang]:
                    self.add(text, lang)

    def _read(self, texts: Iterable[Text], lang: Lang) -> list[int]:
        numbers = self._numbers[lang]
        found = [number for text in texts for number in self._reader.read(*text, lang)]
        for number in dict.fromkeys(found):
            numbers.setdefault(number, len(numbers))
        return [numbers[number] for number in found]

    def lesson(self, document: str, text: str) -> Lesson:
        units = {lang: tuple(self._reader.units[number] for number in self._numbers[lang]) for lang in LANGS}
        self._reader.forget()
        return Lesson(document, text, dict(sorted(self._pairs.items())), units, tuple(self._texts))


def _connected(first: Passage, by_ordinal: Mapping[int, tuple[Passage, Sequence[Token]]]) -> set[int]:
    """The ordinals of all passages of the pair that `first` is in."""
    members, waiting = {first.ordinal}, [first]
    while waiting:
        for ordinal in waiting.pop().partners:
            if ordinal in by_ordinal and ordinal not in members:
                members.add(ordinal)
                waiting.append(by_ordinal[ordinal][0])
    return members


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=1 << 16)
def _unit_json(unit: Unit) -> str:
    """The unit as short as it goes: a surface that is the key is not told twice."""
    key, surface, touching = unit
    if not touching:
        return f"[{encode_basestring(key)},{encode_basestring(surface)},1]"
    if key == surface:
        return f"[{encode_basestring(key)}]"
    return f"[{encode_basestring(key)},{encode_basestring(surface)}]"


def _unit(value: Sequence[Any]) -> Unit:
    key = str(value[0])
    return Unit(key, str(value[1]) if len(value) > 1 else key, len(value) < 3)  # noqa: PLR2004
