"""What a lexicon renders: the words of a text, and the words in a row that may be one term.

Every word of an archive passes here, so the steps that each takes are few and plain.

A unit's key is the terms that it is indexed under, in a row, with spaces between them: `prime minist`,
`프레임 워크` (for 프레임워크, which Kiwi takes apart), `정전`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from indexer.analysis import Run, TokenRuns
from indexer.lexicon.function_words import FUNCTION_STEMS, FUNCTION_WORDS
from indexer.model import Field, Lang, Span, Term, Token

__all__ = ["Unit", "UnitReader", "terms_of"]

_MOST_TOUCHING: Final = 4
"""Morphemes written in one that are looked at as one word."""
_TOGETHER: Final = frozenset((" ", "-"))
"""What may stand between the words of a term."""
_MOST_KEPT: Final = 500_000
"""Units that are remembered; a reader that knows more of them may be asked to forget."""


class Unit(NamedTuple):
    """A word or a row of words as it is written."""

    key: str
    surface: str
    """As the text writes it; of a Korean predicate its dictionary form."""
    touching: bool = True
    """False for a row with a space in it, which is one term only if its words keep together."""


class _Slot(NamedTuple):
    """What begins at one place of a text."""

    position: int
    units: tuple[int, ...]
    """Numbers of units: the word itself first, then what else it is read as."""
    start: int
    stop: int
    whole: bool
    """Whether the text has just the first unit's term here, so that a row can be read off the text."""


_NO_SLOT: Final = _Slot(-2, (), 0, 0, whole=False)


class _KnownRun(NamedTuple):
    """A run of characters that has been read: the same wherever it stands."""

    surface: str
    slots: tuple[_Slot, ...]


class UnitReader:
    """Reads texts as numbers of units; what it has met before costs it little.

    >>> from indexer.analysis import analyze
    >>> reader = UnitReader()
    >>> numbers = reader.read("The prime minister", analyze("The prime minister"), "en")
    >>> [reader.units[number].key for number in numbers]
    ['prime', 'prime minist', 'minist']
    """

    def __init__(self) -> None:
        self.units: list[Unit] = []
        """By number."""
        self._numbers: dict[Unit, int] = {}
        self._morphemes: dict[str, int] = {}
        """By Korean term the number of the unit that is written so."""
        self._rows: dict[tuple[int, int, str], int] = {}
        self._runs: dict[Run, _KnownRun] = {}

    def read(self, text: str, tokens: Sequence[Token], lang: Lang) -> list[int]:
        """The units of a passage, in order; single words first where several begin at one place."""
        if lang == "en" and isinstance(tokens, TokenRuns):
            return self._read_runs(text, tokens)
        slots = self._slots(text, tokens, lang)
        found: list[int] = []
        rows_from = self._pair if lang == "en" else self._rows_from
        for at, slot in enumerate(slots[:-1]):
            found += slot.units
            if slot.whole and slots[at + 1].whole:
                found += rows_from(text, slots, at)
        return found + [*slots[-1].units] if slots else found

    def forget(self) -> None:
        """Forgets all units where they have become too many; their numbers mean nothing then."""
        if len(self.units) > _MOST_KEPT:
            self.units, self._numbers, self._morphemes, self._rows, self._runs = [], {}, {}, {}, {}

    def _number(self, unit: Unit) -> int:
        number = self._numbers.setdefault(unit, len(self.units))
        if number == len(self.units):
            self.units.append(unit)
        return number

    def _read_runs(self, text: str, tokens: TokenRuns) -> list[int]:
        """As `read`, of a text without Korean: a few steps for each of its words."""
        found: list[int] = []
        known_runs = self._runs
        first = 0
        after, before, stop = -1, 0, 0  # of a whole word: the position after it, its unit, and where it ends
        for start, run in zip(tokens.starts, tokens.runs, strict=True):
            known = known_runs.get(run)
            if known is None or not text.startswith(known.surface, start):
                known = self._read_run(text, start, run)
            for position, units, begin, end, whole in known.slots:
                if not whole:
                    after = -1
                else:
                    if after == first + position:
                        between = text[stop : start + begin]
                        if between in _TOGETHER:
                            found.append(self._row(before, units[0], between))
                    after, before, stop = first + position + 1, units[0], start + end
                found += units
            first += run.units
        return found

    def _read_run(self, text: str, start: int, run: Run) -> _KnownRun:
        surface = text[start : start + max((token[3] for token in run.tokens), default=0)]
        tokens = [Token(t[0], t[1], Span(t[2], t[3]), t[4], t[5]) for t in run.tokens]
        known = self._runs[run] = _KnownRun(surface, tuple(self._slots(surface, tokens, "en")))
        return known

    def _slots(self, text: str, tokens: Iterable[Token], lang: Lang) -> list[_Slot]:
        slots: list[_Slot] = []
        last = _NO_SLOT
        for token in tokens:
            field, term, span = token.field, token.term, token.span
            start, stop = span.start, span.end
            if field is Field.KOREAN:
                number = self._morpheme(term)
                if number < 0 and token.length == 1 or term.endswith("."):
                    continue
                if number < 0:
                    number = self._number(Unit(term, term))
                whole = stop - start == len(term) and text.startswith(term, start)
            elif field is Field.ENGLISH and not term.endswith("."):
                surface = text[start:stop]
                if term in FUNCTION_STEMS and (not surface.isupper() or len(surface) < 2):  # noqa: PLR2004
                    continue
                number = self._number(Unit(term, surface))
                whole = lang == "en" and term.isalpha()
            else:
                continue
            if last.position == token.position:
                if number not in last.units:
                    slots[-1] = last = last._replace(units=(*last.units, number))
            else:
                last = _Slot(token.position, (number,), start, stop, whole and token.length == 1)
                slots.append(last)
        return slots

    def _morpheme(self, term: str) -> int:
        """The number of the unit that is written as this Korean term; -1 for a word that holds texts together."""
        number = self._morphemes.get(term)
        if number is None:
            number = -1 if term in FUNCTION_WORDS else self._number(Unit(term, term))
            self._morphemes[term] = number
        return number

    def _pair(self, text: str, slots: Sequence[_Slot], at: int) -> list[int]:
        """Of an English text the two words that begin there, where they stand together."""
        slot, following = slots[at], slots[at + 1]
        between = text[slot.stop : following.start]
        if following.position != slot.position + 1 or between not in _TOGETHER:
            return []
        return [self._row(slot.units[0], following.units[0], between)]

    def _rows_from(self, text: str, slots: Sequence[_Slot], at: int) -> list[int]:
        """Of a Korean text the rows that begin there: all that is written in one, and one word more."""
        rows: list[int] = []
        slot = slots[at]
        row = slot.units[0]
        for following in slots[at + 1 : at + _MOST_TOUCHING]:
            if not following.whole or following.position != slot.position + 1:
                break
            between = text[slot.stop : following.start]
            if between and between not in _TOGETHER:
                break
            row = self._row(row, following.units[0], between)
            rows.append(row)
            if between:
                break
            slot = following
        return rows

    def _row(self, row: int, last: int, between: str) -> int:
        found = self._rows.get((row, last, between))
        if found is None:
            (key, surface, _), (other, its_surface, _) = self.units[row], self.units[last]
            found = self._number(Unit(f"{key} {other}", surface + between + its_surface, not between))
            self._rows[row, last, between] = found
        return found


def terms_of(key: str) -> tuple[Term, ...]:
    """What a unit is looked for as in the index.

    >>> [(term.field.value, term.text) for term in terms_of("nasa 위성")]
    [('en', 'nasa'), ('ko', '위성')]
    """
    return tuple(
        Term(Field.KOREAN if "가" <= term[0] <= "힣" else Field.ENGLISH, term) for term in key.split()
    )
