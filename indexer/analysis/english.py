"""English words, numbers and what is made of both: the terms and the places of a text in Latin script.

Everything that is not Korean goes through here, so that COVID-19, Pröbsting and Ελλάδα can be found too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from indexer.analysis.script import HANJA
from indexer.analysis.stems import APOSTROPHES, LONGEST, STOP_STEMS, acronym, fold, stem, stem_plain
from indexer.model.text import Span

__all__ = [
    "Piece",
    "Word",
    "atoms",
    "count_stems",
    "divide",
    "kind_of",
    "piece",
    "runs",
    "words",
    "words_of",
]

_HANGUL: Final = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"
_CHARACTER: Final = rf"[^\W_{APOSTROPHES}{_HANGUL}{HANJA}]"
_LETTER: Final = rf"[^\W\d_{APOSTROPHES}{_HANGUL}{HANJA}]"
_HYPHENS: Final = r"\-‐‑"

_MIDDLE_DOTS: Final = "·ㆍ‧・"
"""As in 3·1운동."""

_WORD: Final = (
    rf"(?P<acronym>{_LETTER}\.(?:{_LETTER}\.)+)(?:[{APOSTROPHES}][sS](?!{_CHARACTER}))?"
    rf"|(?P<number>\d+(?:[.,{_MIDDLE_DOTS}]\d+)+)(?!{_CHARACTER})"
    rf"|{_CHARACTER}+(?:[{APOSTROPHES}{_HYPHENS}]{_CHARACTER}+)*"
)
_ASCII_RUN: Final = re.compile(
    r"((?:[A-Za-z]\.(?:[A-Za-z]\.)+)(?:'[sS](?![A-Za-z0-9]))?"
    r"|(?:[0-9]+(?:[.,][0-9]+)+)(?![A-Za-z0-9])"
    r"|[A-Za-z0-9]+(?:['-][A-Za-z0-9]+)*)"
)
"""What `_run` finds in ASCII, in a third of the time."""
_KIND: Final = re.compile(
    rf"(?P<acronym>[^\W\d_]\.(?:[^\W\d_]\.)+)(?:[{APOSTROPHES}][sS])?"
    rf"|(?P<number>\d+(?:[.,{_MIDDLE_DOTS}]\d+)+)"
)
"""What tells acronyms and numbers from the other runs: in those, there are no other characters anyway."""
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PART: Final = re.compile(rf"[{_HYPHENS}{_MIDDLE_DOTS}.,]?([^{_HYPHENS}{_MIDDLE_DOTS}.,]+)")
_ATOM: Final = re.compile(r"\d+|[^\W\d_]+")
_JOINTS: Final = re.compile(rf"[{_HYPHENS},]")
_DOTS: Final = re.compile(rf"[{_MIDDLE_DOTS}]")
_MAX_ATOMS: Final = 3
"""Runs of letters and digits in a word; what has more (7m3kq9zt) is no word with a number but a code."""
_POSSESSIVE: Final = re.compile(rf"[{APOSTROPHES}]s$|[{APOSTROPHES}]$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """The smallest unit: a run of letters or of digits."""

    term: str
    span: Span
    surface: str
    """The word as it is written, folded; what a prefix is compared with."""
    acronym: str = ""
    """Of an acronym that would pass for a stop word (U.S., US, WHO): its letters with dots (`u.s.`)."""


@dataclass(frozen=True, slots=True)
class Word:
    """What a reader sees as one word, with its pieces: cease-fire is cease + fire, F-16 is F + 16."""

    pieces: tuple[Piece, ...]
    span: Span
    """Without a possessive ending."""
    whole: str
    """The term of the word without its hyphens; of a word of one piece, that piece's term."""

    def moved(self, by: int) -> Word:
        """The same word so many code points further on."""
        pieces = tuple(
            Piece(one.term, Span(one.span.start + by, one.span.end + by), one.surface, one.acronym)
            for one in self.pieces
        )
        return Word(pieces, Span(self.span.start + by, self.span.end + by), self.whole)


def words(text: str) -> Iterator[Word]:
    """The words of `text` in order; what is Korean is left out.

    >>> [(word.whole, [piece.term for piece in word.pieces]) for word in words("Cease-fires by NATO’s F-16s")]
    [('ceasefir', ['ceas', 'fire']), ('by', ['by']), ('nato', ['nato']), ('f16s', ['f', '16', 's'])]
    >>> [word.whole for word in words("The U.S. paid 1,200.50 in e-mail COVID-19 don’t")]
    ['the', 'us', 'paid', '1200.50', 'in', 'email', 'covid19', 'dont']
    """
    for start, surface, kind in runs(text):
        yield from (word.moved(start) for word in words_of(surface, kind))


def runs(text: str) -> Iterator[tuple[int, str, str | None]]:
    """The runs of characters that words are made of: where each starts, itself, and of which kind it is."""
    for match in _word().finditer(text):
        yield match.start(), match[0], match.lastgroup


def count_stems(text: str) -> Counter[str]:
    """How often each stem stands in `text` that says something.

    >>> sorted(count_stems("The F-16s of the wing, wings of F-16s").items())
    [('16', 2), ('f', 2), ('s', 2), ('wing', 2)]
    """
    stems: Counter[str] = Counter()
    # Most runs come again and again.
    for surface, many in Counter((_ASCII_RUN if text.isascii() else _run()).findall(text)).items():
        for one in _content_stems(surface):
            stems[one] = stems.get(one, 0) + many
    return stems


@lru_cache(maxsize=1 << 16)
def _content_stems(surface: str) -> tuple[str, ...]:
    """Those of one of the `runs`, as often as they stand in it."""
    plain = surface.isascii()
    if plain and surface.isalpha():  # as most are: a word of one piece
        alone = stem_plain(surface[:LONGEST].lower())
        return () if alone in STOP_STEMS else (alone,)
    # Acronyms and numbers that are of a kind have a dot or a comma.
    kind = None if plain and "." not in surface and "," not in surface else kind_of(surface)
    stems = (piece.term for word in words_of(surface, kind) for piece in word.pieces)
    return tuple(one for one in stems if one not in STOP_STEMS)


@cache
def _word() -> re.Pattern[str]:
    return re.compile(
        _WORD
    )  # late, as this and the next take 20 ms, and most queries in English need neither


@cache
def _run() -> re.Pattern[str]:
    """The same as one group, which `re.split` keeps."""
    return re.compile(f"({_WORD.replace('?P<acronym>', '?:').replace('?P<number>', '?:')})")


def divide(text: str) -> list[str]:
    """The text as what stands between its `runs` and the runs themselves, in turns; both ends are between.

    >>> divide("In 1,200 F-16s.")
    ['', 'In', ' ', '1,200', ' ', 'F-16s', '.']
    """
    return (_ASCII_RUN if text.isascii() else _run()).split(text)


def kind_of(surface: str) -> str | None:
    """Of which kind one of the `runs` is: nothing around it makes a difference."""
    match = _KIND.fullmatch(surface)
    return match and match.lastgroup


@lru_cache(maxsize=1 << 16)
def words_of(surface: str, kind: str | None) -> tuple[Word, ...]:
    """The words of one of the `runs`, as if it began the text; none where nothing is left of it."""
    if kind == "acronym":
        acronym = _POSSESSIVE.sub("", surface)
        return (_single(acronym.replace(".", ""), Span(0, len(acronym))),)
    if kind == "number" and _THOUSANDS.fullmatch(surface):
        return (_single(surface.replace(",", ""), Span(0, len(surface))),)
    return tuple(_compound(_POSSESSIVE.sub("", surface), 0))


def _single(surface: str, span: Span) -> Word:
    only = piece(surface, span.start, span.end)
    return Word((only,), span, only.term)


def piece(surface: str, start: int = 0, end: int = 0) -> Piece:
    """The unit that is written `surface`, between two code points of a text."""
    folded = fold(surface)
    return Piece(stem(surface), Span(start, end), folded, acronym(surface, folded))


def _compound(surface: str, start: int) -> Iterator[Word]:
    """The word with its pieces; none where nothing is left of it when it is folded (a lone accent)."""
    pieces: list[Piece] = []
    for part in _PART.finditer(surface):
        plain = _POSSESSIVE.sub("", part[1])
        at = start + part.start(1)
        if any(mark in plain for mark in APOSTROPHES):
            pieces.append(piece(plain, at, at + len(plain)))
        else:
            pieces.extend(_atoms(plain, at))
    pieces = [piece for piece in pieces if piece.term]
    if pieces:
        span = Span(pieces[0].span.start, pieces[-1].span.end)
        whole = pieces[0].term if len(pieces) == 1 else stem(_JOINTS.sub("", _DOTS.sub(".", surface)))
        yield Word(tuple(pieces), span, whole)


def atoms(surface: str) -> list[str]:
    """The pieces of a run of letters and digits, without anything between them: letters, or digits.

    >>> atoms("F16"), atoms("7m3kq9zt")
    (['F', '16'], ['7m3kq9zt'])
    """
    found = _ATOM.findall(surface)
    return found if len(found) <= _MAX_ATOMS else [surface]


def _atoms(surface: str, start: int) -> Iterator[Piece]:
    """F16 as F and 16."""
    for atom in atoms(surface):
        yield piece(atom, start, start + len(atom))
        start += len(atom)
