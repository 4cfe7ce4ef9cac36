"""What a lexicon renders: the words of a text, and the words in a row that may be one term.

Every word of an archive passes here, so the steps that each takes are few and plain.

A unit's key is the terms that it is indexed under, in a row, with spaces between them: `prime minist`,
`프레임 워크` (for 프레임워크, which Kiwi takes apart), `정전`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import filterfalse
from operator import itemgetter
from typing import Final, NamedTuple, cast

from indexer.analysis import RelativeToken, RunTable, TokenRuns, relative
from indexer.lexicon.function_words import FUNCTION_STEMS, FUNCTION_WORDS
from indexer.model.terms import Field, Token
from indexer.model.text import LANGS, Lang

__all__ = ["KnownRun", "Unit", "UnitReader"]

_KOREAN: Final = Field.KOREAN
_ENGLISH: Final = Field.ENGLISH
_MOST_TOUCHING: Final = 4
"""Morphemes written in one that are looked at as one word."""
_TOGETHER: Final = frozenset((" ", "-"))
"""What may stand between the words of a term."""
_SURFACE: Final = itemgetter(0)
_MOST_KEPT: Final = 250_000
"""Units, and runs of characters, that are remembered; a reader that knows more may be asked to forget."""


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


_Part = tuple[tuple[int, ...], int]


KnownRun = tuple[str, int, Sequence[_Part], tuple[int, ...], int, int, int, bool, int]
"""A run of characters that has been read, the same wherever it stands; a plain tuple, as it is taken apart
for each word of an archive:

- its characters, and how many positions they take up;
- by slot, what begins there inside the run, and the row from there to its end, if it may go on: numbers of
  units, -1 where nothing goes on;
- all numbers of what begins inside the run;
- the unit at its first place, -1 where no row from before goes on with it;
- where its first unit begins, and where the last of them ends;
- whether a row of its last places may go on beyond it;
- `_OPENS` where a row may end at its first character, `_ENDS` where one may go on right behind its last.
"""
_ENDS: Final = 1
_OPENS: Final = 2
_TOUCHES: Final = itemgetter(8)
_TOUCHING: Final = tuple(bytes((before, after)) for before in (1, 3) for after in (2, 3))
"""What stands of two such runs one after the other."""


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
        self._numbers: dict[tuple[str, str, bool], int] = {}
        self._morphemes: dict[str, int] = {}
        """By Korean term the number of the unit that is written so."""
        self._rows: dict[tuple[int, int, str], int] = {}
        self._table: RunTable | None = None
        self._runs: dict[Lang, dict[int, KnownRun]] = {lang: {} for lang in LANGS}
        """By the number of the run in that table."""

    def read(self, text: str, tokens: Sequence[Token], lang: Lang) -> list[int]:
        """The units of a passage, in order; single words first where several begin at one place."""
        found = self._read_runs(text, tokens, lang) if isinstance(tokens, TokenRuns) else None
        if found is not None:
            return found
        slots = self._slots(text, relative(tokens), lang)
        found = []
        for at, slot in enumerate(slots):
            found += slot.units
            found += self._rows_from(text, slots, at, lang)
        return found

    def touching(
        self, text: str, tokens: Sequence[Token], lang: Lang, met: dict[int, KnownRun]
    ) -> Iterable[int]:
        """Those units of a passage that are `touching`, in order, and perhaps some that are not.

        Args:
            text: the passage.
            tokens: its tokens.
            lang: its language.
            met: the runs whose units have been told before, and are not told again; others are added.
        """
        known = self._known(text, tokens, lang) if isinstance(tokens, TokenRuns) else ()
        touches = bytes(map(_TOUCHES, known))
        # A row over the end of a run has no space in it only where two words touch each other there.
        if not known or (lang == "ko" and any(pair in touches for pair in _TOUCHING)):
            return self.read(text, tokens, lang)
        found: list[int] = []
        by_id = dict(zip(map(id, known), known, strict=True))
        for each in filterfalse(met.__contains__, by_id):
            met[each] = run = by_id[each]
            found += run[3]
        return found

    def forget(self) -> None:
        """Forgets all units where what is known has become too much; their numbers mean nothing then."""
        if max(len(self.units), sum(map(len, self._runs.values()))) > _MOST_KEPT:
            self.units, self._numbers, self._morphemes, self._rows = [], {}, {}, {}
            self._runs = {lang: {} for lang in LANGS}

    def _number(self, unit: tuple[str, str, bool]) -> int:
        """The number of a unit, which equals the plain tuple; it is made where it is new."""
        number = self._numbers.get(unit)
        if number is None:
            made = Unit(*unit)
            number = self._numbers[made] = len(self.units)
            self.units.append(made)
        return number

    def _read_runs(self, text: str, tokens: TokenRuns, lang: Lang) -> list[int] | None:
        """As `read`, a few steps for each run; none where words touch each other over the end of one."""
        found: list[int] = []
        before: tuple[int, ...] = ()  # the numbers of the last one that has units
        parts: Sequence[_Part] = ()  # what of it may go on
        stop = start = 0  # where its last unit ends; where the next run begins
        rows, english = self._rows, lang == "en"
        for surface, units, its_parts, numbers, first, begin, end, is_open, _ in self._known(
            text, tokens, lang
        ):
            if its_parts:
                if not parts or first < 0:
                    found += before
                else:
                    between = text[stop : start + begin]
                    if between not in _TOGETHER:
                        if not (between or english):
                            return None
                        found += before
                    else:
                        for inside, row in parts:
                            found += inside
                            if row >= 0:
                                known = rows.get((row, first, between))
                                found.append(self._row(row, first, between) if known is None else known)
                before, stop, parts = numbers, start + end, its_parts if is_open else ()
            elif units:
                parts = ()  # another word stands between
            start += len(surface)
        found += before
        return found

    def _known(self, text: str, tokens: TokenRuns, lang: Lang) -> Sequence[KnownRun]:
        """The runs of a text, each as it was read before."""
        table, numbers = tokens.table, tokens.numbers
        if table is not self._table:  # the numbers of the one before say nothing of this
            self._table, self._runs = table, {lang: {} for lang in LANGS}
        runs, widths = self._runs[lang], table.widths
        # None stays among them only until all that is new has been read.
        known = cast("list[KnownRun]", list(map(runs.get, numbers)))
        if None in known:
            start = 0
            for at, number in enumerate(numbers):
                stop = start + widths[number]
                if known[at] is None:
                    known[at] = runs.get(number) or self._read_run(text[start:stop], table, number, lang)
                start = stop
        if "".join(map(_SURFACE, known)) == text:
            return known
        start = 0
        for at, number in enumerate(numbers):
            stop = start + widths[number]
            surface = text[start:stop]
            if known[at][0] != surface:
                known[at] = self._read_run(surface, table, number, lang)
            start = stop
        return known

    def _read_run(self, surface: str, table: RunTable, number: int, lang: Lang) -> KnownRun:
        run = table.runs[number]
        slots = self._slots(surface, run.tokens, lang)
        known: KnownRun = surface, run.units, (), (), -1, 0, 0, False, 0
        if slots:
            first, last = slots[0], slots[-1]
            is_open = last.whole and last.position == run.units - 1
            begins = first.units[0] if first.whole and not first.position else -1
            if len(slots) == 1:
                parts = [(first.units, first.units[0] if is_open else -1)]
                numbers = first.units
            else:
                parts = [self._part(surface, slots, at, lang, is_open=is_open) for at in range(len(slots))]
                numbers = tuple([number for part, _ in parts for number in part])
            touches = _ENDS if is_open and last.stop == len(surface) else 0
            touches |= _OPENS if begins >= 0 and not first.start else 0
            known = surface, run.units, parts, numbers, begins, first.start, last.stop, is_open, touches
        self._runs[lang][number] = known
        return known

    def _part(self, text: str, slots: Sequence[_Slot], at: int, lang: Lang, *, is_open: bool) -> _Part:
        """What begins at a place of a run, and the row that goes on beyond its end."""
        units = slots[at].units
        rows = self._rows_from(text, slots, at, lang)
        row = rows[-1] if rows else units[0]
        # A row over a space or a hyphen ends with the word after it.
        goes_on = is_open and at + len(rows) == len(slots) - 1 and len(rows) < _MOST_TOUCHING - 1
        goes_on = goes_on and (not rows or (self.units[row].touching and lang == "ko"))
        return (*units, *rows), row if goes_on else -1

    def _slots(self, text: str, tokens: Iterable[RelativeToken], lang: Lang) -> list[_Slot]:
        slots: list[_Slot] = []
        last = _NO_SLOT
        for field, term, start, stop, position, length, _, _, _ in tokens:
            if field is _KOREAN:
                number = self._morpheme(term)
                if (number < 0 and length == 1) or term.endswith("."):
                    continue
                if number < 0:
                    number = self._number((term, term, True))
                whole = length == 1 and stop - start == len(term) and text.startswith(term, start)
            elif field is _ENGLISH and not term.endswith("."):
                surface = text[start:stop]
                if term in FUNCTION_STEMS and (not surface.isupper() or len(surface) < 2):  # noqa: PLR2004
                    continue
                number = self._number((term, surface, True))
                whole = length == 1 and lang == "en" and term.isalpha()
            else:
                continue
            if last.position != position:
                last = _Slot(position, (number,), start, stop, whole)
                slots.append(last)
            elif number not in last.units:
                slots[-1] = last = last._replace(units=(*last.units, number))
        return slots

    def _morpheme(self, term: str) -> int:
        """The number of the unit that is written as this Korean term; -1 for one of the function words."""
        number = self._morphemes.get(term)
        if number is None:
            number = -1 if term in FUNCTION_WORDS else self._number((term, term, True))
            self._morphemes[term] = number
        return number

    def _rows_from(self, text: str, slots: Sequence[_Slot], at: int, lang: Lang) -> list[int]:
        """The rows that begin there: all that is written in one, and one word more after a space."""
        rows: list[int] = []
        slot = slots[at]
        row = slot.units[0]
        for following in slots[at + 1 : at + _MOST_TOUCHING] if slot.whole else ():
            if not following.whole or following.position != slot.position + 1:
                break
            between = text[slot.stop : following.start]
            if (between or lang == "en") and between not in _TOGETHER:
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
            found = self._number((f"{key} {other}", surface + between + its_surface, not between))
            self._rows[row, last, between] = found
        return found
