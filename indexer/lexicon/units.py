"""What a lexicon renders: the words of a text, and the words in a row that may be one term.

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
        self._rows: dict[tuple[int, int, str], int] = {}
        self._runs: dict[Run, tuple[str, tuple[_Slot, ...]]] = {}

    def read(self, text: str, tokens: Sequence[Token], lang: Lang) -> list[int]:
        """The units of a passage, in order; single words first where several begin at one place."""
        if lang == "en" and isinstance(tokens, TokenRuns):
            slots = self._slots_of_runs(text, tokens)
        else:
            slots = self._slots(text, tokens, lang)
        found: list[int] = []
        last = len(slots) - 1
        for at, slot in enumerate(slots):
            found.extend(slot.units)
            if slot.whole and at < last and slots[at + 1].whole:
                found.extend(self._rows_from(text, slots, at, lang))
        return found

    def forget(self) -> None:
        """Forgets all units where they have become too many; their numbers mean nothing then."""
        if len(self.units) > _MOST_KEPT:
            self.units, self._numbers, self._rows, self._runs = [], {}, {}, {}

    def _number(self, unit: Unit) -> int:
        number = self._numbers.setdefault(unit, len(self.units))
        if number == len(self.units):
            self.units.append(unit)
        return number

    def _slots_of_runs(self, text: str, tokens: TokenRuns) -> list[_Slot]:
        slots: list[_Slot] = []
        first = 0
        for start, run in zip(tokens.starts, tokens.runs, strict=True):
            if run.tokens:
                surface = text[start : start + max(token[3] for token in run.tokens)]
                slots += [
                    _Slot(first + slot[0], slot[1], start + slot[2], start + slot[3], slot[4])
                    for slot in self._slots_of_run(run, surface)
                ]
            first += run.units
        return slots

    def _slots_of_run(self, run: Run, surface: str) -> tuple[_Slot, ...]:
        known = self._runs.get(run)
        if known is None or known[0] != surface:
            several = [Token(t[0], t[1], Span(t[2], t[3]), t[4], t[5]) for t in run.tokens]
            known = self._runs[run] = surface, tuple(self._slots(surface, several, "en"))
        return known[1]

    def _slots(self, text: str, tokens: Iterable[Token], lang: Lang) -> list[_Slot]:
        slots: list[_Slot] = []
        for token in tokens:
            if token.field not in (Field.ENGLISH, Field.KOREAN) or token.term.endswith("."):
                continue
            start, stop = token.span.start, token.span.end
            surface = text[start:stop]
            if token.field is Field.ENGLISH:
                if token.term in FUNCTION_STEMS and (not surface.isupper() or len(surface) < 2):  # noqa: PLR2004
                    continue
                whole = lang == "en" and token.term.isalpha()
            else:
                whole = surface == token.term
                surface = token.term
                if token.term in FUNCTION_WORDS and token.length == 1:
                    continue
            number = self._number(Unit(token.term, surface))
            if slots and slots[-1].position == token.position:
                before = slots[-1]
                if number not in before.units:
                    slots[-1] = before._replace(units=(*before.units, number))
            else:
                slots.append(_Slot(token.position, (number,), start, stop, whole and token.length == 1))
        return slots

    def _rows_from(self, text: str, slots: Sequence[_Slot], at: int, lang: Lang) -> list[int]:
        """The rows that begin there: all that is written in one, and one word more after a space."""
        rows: list[int] = []
        row = slots[at].units[0]
        for slot, following in zip(slots[at:], slots[at + 1 : at + _MOST_TOUCHING], strict=False):
            if not following.whole or following.position != slot.position + 1:
                break
            between = text[slot.stop : following.start]
            if (between or lang == "en") and between not in (" ", "-"):
                break
            row = self._row(row, following.units[0], between)
            rows.append(row)
            if between:
                break
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
