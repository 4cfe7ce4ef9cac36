"""Routes a text by script and numbers what comes back: the tokens of a passage or a query."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from itertools import chain
from threading import Lock
from typing import ClassVar, Final
from weakref import WeakKeyDictionary

from indexer.analysis import english, korean, stems
from indexer.analysis.hangul import divide, run_tokens
from indexer.analysis.met import Met
from indexer.analysis.morphemes import KoreanText
from indexer.analysis.numbering import numbered
from indexer.analysis.script import has_korean
from indexer.analysis.token_runs import Core, Relative, RelativeToken, Run, RunTable, TokenRuns, moved
from indexer.analysis.tokenizer import KiwiTokens, tokenize_all
from indexer.analysis.told import Hearer
from indexer.kiwi import Asked, GoneError, KiwiApart, apart
from indexer.model.terms import Field, Token

__all__ = ["Analysis", "analyze", "analyze_all", "cores"]

_POSSESSIVES: Final = tuple(f"{mark}{letter}" for mark in "'’ʼ" for letter in "sS")
_ONE_RUN: Final = re.compile(r"[A-Za-z0-9]+(?:['’-][A-Za-z0-9]+)*")
"""What is one of `english.runs` whatever stands around it: found in a fraction of the time."""
_JOINED: Final = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*|[0-9]+(?:\.[0-9]+)+")
_JOINT: Final = re.compile(r"[-.]")
_ALIKE: Final = re.compile("[A-Za-z]+|[0-9]+")
_MOST_RUNS: Final = 1 << 16
"""Different words that are remembered."""


def analyze(text: str) -> tuple[Token, ...]:
    """The tokens of `text` (NFC), a passage or a query, in the order of their positions, shorter ones first.

    >>> [(t.term, t.position, t.length) for t in analyze("Cease-fire talk")]
    [('ceas', 0, 1), ('cease', 0, 1), ('ceasefir', 0, 2), ('fire', 1, 1), ('talk', 2, 1)]
    """
    if has_korean(text):
        return _number(text, korean.parse(text))
    return tuple(Run(len(text), *_of_parts(english.divide(text))).at(0, 0))


def analyze_all(texts: Sequence[str]) -> Iterator[Sequence[Token]]:
    """As `analyze` for each of `texts`, in order, with Kiwi on all cores.

    Kiwi begins with the first of them at once, the rest is done as the tokens are taken; where it has a
    process of its own (`indexer.kiwi`), all is done there.  A Korean text that comes again is analysed once;
    of an English one it is the words that are.

    Raises:
        AnalysisError: that process has said nothing for so long that it never will.
    """
    elsewhere = apart()
    if elsewhere is None:
        return Analysis(texts).tokens()
    return _answered(elsewhere.ask(list(texts), _hearer(elsewhere).hear), texts)


def _answered(asked: Asked, texts: Sequence[str]) -> Iterator[Sequence[Token]]:
    try:
        told: Iterator[Sequence[Token]] = asked.answer()
    except GoneError:  # somebody has ended it: the same can be done here, only later
        told = Analysis(texts).tokens()
    yield from told


def _hearer(there: KiwiApart) -> Hearer:
    with _Latest.adding:
        # As long as the process is there: it tells of each run once, whoever else is asked meanwhile.
        return _Latest.hearers.setdefault(there, Hearer())


class Analysis:
    """Some texts that are analysed in this process; Kiwi's threads begin at once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._met = met = _met()
        self._new: dict[str, None] = {}  # in order, each once
        for text in texts:
            if text not in self._new and has_korean(text) and met.text(text) is None:
                self._new[text] = None
        self._tokenized = tokenize_all(list(self._new)) if self._new else iter(())

    @property
    def table(self) -> RunTable:
        """Where their runs are."""
        return self._met.table

    def tokens(self) -> Iterator[Sequence[Token]]:
        """The tokens of each text, in order; to be asked for once."""
        met, new = self._met, self._new
        divided = iter(divide(list(new), met))
        latin = _without_korean([text for text in self._texts if not has_korean(text)], met)
        for text in self._texts:
            if not has_korean(text):
                yield next(latin)
                continue
            tokens = met.text(text)
            if text in new:
                del new[text]
                tokens = _with_korean(text, next(divided), next(self._tokenized), met)
                met.keep(text, tokens)
            yield analyze(text) if tokens is None else tokens


def _number(text: str, parsed: KoreanText) -> tuple[Token, ...]:
    """The tokens of both languages in one order."""
    return tuple(Run(len(text), *numbered(tuple(english.words(text)), parsed)).at(0, 0))


class _Runs(dict[str, Core]):
    """What runs of characters give, with their units, each made when it is first asked for."""

    def __missing__(self, surface: str) -> Core:
        if len(self) >= _MOST_RUNS:
            self.clear()
        self[surface] = found = _plain_run(surface) or _joined_run(surface) or _any_run(surface)
        return found

    def meet(self, words: Iterable[str]) -> None:
        """Makes all at once what the new ones of these words give; each is of Latin letters or of digits."""
        new = [word for word in dict.fromkeys(words) if word not in self]
        if len(self) + len(new) > _MOST_RUNS:
            self.clear()
        folded = [word[: stems.LONGEST].lower() for word in new]
        terms = stems.stem_folded(folded)
        self.update((word, _single_run(word, *rest)) for word, *rest in zip(new, folded, terms, strict=True))


def _plain_run(surface: str) -> Core | None:
    """As `_any_run`, of nothing but Latin letters, with or without a possessive ending: most runs by far.

    Also of nothing but digits.
    """
    stop = len(surface) - 2 if surface.endswith(_POSSESSIVES) else len(surface)
    word = surface[:stop]
    if not word.isascii():
        return None
    if word.isdigit() and stop == len(surface) <= stems.LONGEST:
        return 1, ((Field.ENGLISH, word, 0, stop, 0, 1, False, False, 1.0),)
    if not word.isalpha():
        return None
    folded = word[: stems.LONGEST].lower()
    return _single_run(word, folded, stems.stem_plain(folded))


def _single_run(word: str, folded: str, term: str) -> Core:
    """What a run gives that is a single piece, folded and stemmed."""
    stop = len(word)
    found: Relative = ((Field.ENGLISH, term, 0, stop, 0, 1, False, False, 1.0),)
    if folded in stems.STOP_WORDS and (acronym := stems.acronym(word, folded)):
        found += ((Field.ENGLISH, acronym, 0, stop, 0, 1, False, False, 1.0),)
    if folded != term:
        found += ((Field.SURFACE, folded, 0, stop, 0, 1, False, False, 1.0),)
    return 1, found


def _joined_run(surface: str) -> Core | None:
    """As `_any_run`, of Latin letters, digits and hyphens, or a number with points in it."""
    if not surface.isascii() or not _JOINED.fullmatch(surface):
        return None
    parts = [english.atoms(part) for part in _JOINT.split(surface)]
    many = sum(map(len, parts))
    if many == 1:
        return _single_run(surface, stems.fold(surface), stems.stem(surface))
    tokens: list[RelativeToken] = []
    at = position = 0
    for part in parts:
        for atom in part:
            tokens += moved(_runs[atom][1], at, position)
            if position == 0:
                whole = stems.stem(surface.replace("-", ""))
                tokens.append((Field.ENGLISH, whole, 0, len(surface), 0, many, False, False, 1.0))
            at += len(atom)
            position += 1
        at += 1
    return many, tuple(tokens)


def _any_run(surface: str) -> Core:
    words = english.words_of(surface, english.kind_of(surface))
    return numbered(words, KoreanText((), (), ()))


_runs: Final = _Runs()


def _of_parts(parts: Sequence[str]) -> Core:
    """The units and the tokens of a text from what `english.divide` makes of it."""
    if len(parts) == 3:  # noqa: PLR2004 - a single run, with something around it
        units, found = _runs[parts[1]]
        return units, moved(found, len(parts[0]), 0)
    units = at = 0
    tokens: list[RelativeToken] = []
    for between, surface in zip(parts[0:-1:2], parts[1::2], strict=True):
        at += len(between)
        many, found = _runs[surface]
        # As `moved`, which would make a tuple for each of some hundred thousand runs.
        tokens += [
            (field, term, start + at, end + at, position + units, length, bound, whole, weight)
            for field, term, start, end, position, length, bound, whole, weight in found
        ]
        at += len(surface)
        units += many
    return units, tuple(tokens)


def cores(surfaces: Sequence[str]) -> list[Core]:
    """What is in each of some rows of characters without Hangul, mostly a word each."""
    # Stemmed all at once: one by one it takes several times as long.
    _runs.meet(_ALIKE.findall(" ".join(surfaces)))
    known = _runs.get
    return [known(surface) or _core(surface) for surface in surfaces]


def _core(surface: str) -> Core:
    return _runs[surface] if _ONE_RUN.fullmatch(surface) else _of_parts(english.divide(surface))


class _Latest:
    """What has been met so far."""

    met = Met(cores)
    hearers: ClassVar[MutableMapping[KiwiApart, Hearer]] = WeakKeyDictionary()
    """By the process that has Kiwi, whoever hears of it."""
    adding = Lock()


def _met() -> Met:
    if _Latest.met.full:
        _Latest.met = Met(cores)
    return _Latest.met


def _without_korean(texts: Sequence[str], met: Met) -> Iterator[TokenRuns]:
    """The tokens of texts without Korean: those of their words, one after the other."""
    # No word goes over a space.  A row of calls that are each a loop in C: some million words in a second.
    split = [text.split(" ") for text in texts]
    ends = [pieces.pop() for pieces in split]
    met.spaced.meet(chain.from_iterable(split))
    met.between.meet(ends)
    for pieces, end in zip(split, ends, strict=True):
        numbers = array("I", map(met.spaced.__getitem__, pieces))
        numbers.append(met.between[end])
        yield TokenRuns(met.table, numbers)


def _with_korean(text: str, parts: Sequence[str], tokens: KiwiTokens, met: Met) -> Sequence[Token]:
    """The tokens of a text with Korean, as Kiwi read it."""
    found = run_tokens(text, parts, tokens, met)
    return _number(text, korean.digest(text, tokens)) if found is None else found
