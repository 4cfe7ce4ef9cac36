"""The queries of a measurement, drawn from the passages by a fixed seed: the same for every engine."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import STOP_WORDS, analyze
from indexer.model.terms import Field, Token
from indexer.model.text import LANGS, Lang
from tests.bench.census import Census
from tests.bench.corpus import FIRST_YEAR, LAST_YEAR
from tests.bench.store import Analysed, Store

__all__ = ["KINDS", "PER_PAGE", "Asked", "as_json", "draw", "from_json", "plain_terms", "word_rows"]

PER_PAGE: Final = 10
_SEED: Final = 20_260_802
_TRIES: Final = 3000
"""Passages that are looked at for one query; a small corpus may not have what is wanted."""
_DOCUMENTS: Final = 1000
"""Documents that stay in memory; of a small corpus the same are looked at over and over."""
_MAIN: Final = (Field.ENGLISH, Field.KOREAN)
_YEARS: Final = 5
_PAGE: Final = 5
_QUESTION_WORDS: Final = 9
_MIN_QUESTION: Final = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: for Hanyeong as it is typed, for the peers as the same terms."""

    kind: str
    lang: Lang
    text: str
    terms: tuple[str, ...]
    only: Lang | None = None
    years: tuple[int, int] | None = None
    page: int = 1

    @property
    def typed(self) -> str:
        """The text with its filters, as a person could type them."""
        lang = f" lang:{self.only}" if self.only else ""
        return f"{self.text}{lang}" + (f" year:{self.years[0]}..{self.years[1]}" if self.years else "")

    @property
    def offset(self) -> int:
        """Passages before the page."""
        return (self.page - 1) * PER_PAGE


def as_json(asked: Asked) -> str:
    """A query as one line."""
    return json.dumps([getattr(asked, name) for name in Asked.__slots__], ensure_ascii=False)


def from_json(line: str) -> Asked:
    """The query of such a line."""
    kind, lang, text, terms, only, years, page = json.loads(line)
    return Asked(kind, lang, text, tuple(terms), only, tuple(years) if years else None, page)


@dataclass(frozen=True, slots=True)
class _Found:
    """Words next to each other in a passage."""

    text: str
    terms: tuple[str, ...]


class _Corpus:
    """The passages that queries are drawn from, and how many passages of a language have each term.

    A passage is read when it is drawn.
    """

    def __init__(self, store: Store, size: int) -> None:
        self.terms = store.terms
        self._document = lru_cache(_DOCUMENTS)(store.document)
        census, size = Census(store), min(size, store.real)
        self.frequency = {lang: census.frequency(lang, size) for lang in LANGS}
        self.places = {lang: census.places(lang, size).tolist() for lang in LANGS}

    def choose(self, lang: Lang, rng: random.Random) -> tuple[Analysed, int]:
        """Any passage of the language: its document, and its place there."""
        document, index = rng.choice(self.places[lang])
        return self._document(document), index

    def share(self, lang: Lang, least: float, most: float, *, floor: int) -> tuple[int, int]:
        """Document frequencies between two shares of the passages, both bounds at least `floor`."""
        size = len(self.places[lang])
        return max(floor, int(least * size)), max(floor, int(most * size))


def draw(store: Store, size: int, each: int, skip: int = 0) -> list[Asked]:
    """Queries of every kind, half of them in each language.

    Args:
        store: the analysed corpus.
        size: passages that they are drawn from.
        each: queries of a kind.
        skip: queries of a kind and language that are passed over; for other queries of the same sort.
    """
    corpus = _Corpus(store, size)
    drawn: list[Asked] = []
    for kind, make in KINDS.items():
        for number, lang in enumerate(LANGS):
            rng = random.Random(f"{_SEED} {kind} {lang}")
            wanted = (each + 1 - number) // 2
            drawn.extend(_distinct(make, corpus, lang, rng, wanted + skip)[skip:])
    return drawn


def word_rows(rows: NDArray[np.void]) -> NDArray[np.bool_]:
    """Which rows are the words of a passage one after the other: the first term at each position."""
    main = (rows["field"] < len(_MAIN)) & (rows["length"] == 1)
    first = np.zeros(len(rows), dtype=bool)
    first[np.flatnonzero(main)[np.unique(rows["position"][main], return_index=True)[1]]] = True
    return first


def plain_terms(text: str) -> tuple[str, ...]:
    """The terms of a text's words, one a position."""
    return tuple(token.term for token in _units(text))


def _units(text: str) -> list[Token]:
    at: dict[int, Token] = {}
    for token in analyze(text):
        if token.field in _MAIN and token.length == 1:
            at.setdefault(token.position, token)
    return list(at.values())


_Make = Callable[[_Corpus, Lang, random.Random], Asked | None]


def _distinct(make: _Make, corpus: _Corpus, lang: Lang, rng: random.Random, wanted: int) -> list[Asked]:
    """So many different queries, or as many as the corpus has."""
    made: dict[str, Asked] = {}
    for _ in range(40 * wanted):
        if len(made) == wanted or not corpus.places[lang]:
            break
        asked = make(corpus, lang, rng)
        if asked is None:
            break
        made.setdefault(asked.text, asked)
    return list(made.values())


def _words(corpus: _Corpus, lang: Lang, rng: random.Random, band: tuple[int, int]) -> Iterator[_Found]:
    """Single words of the language whose document frequency lies in `band`."""
    for _ in range(_TRIES):
        yield from _words_at(corpus, lang, rng, band, corpus.choose(lang, rng))


def _words_at(
    corpus: _Corpus, lang: Lang, rng: random.Random, band: tuple[int, int], place: tuple[Analysed, int]
) -> Iterator[_Found]:
    """One such word of a passage, if luck has it."""
    document, index = place
    rows = document.rows[index]
    rows = rows[word_rows(rows) & (rows["field"] == _FIELD[lang])]
    frequency = corpus.frequency[lang][rows["term"]]
    fitting = rows[(frequency >= band[0]) & (frequency <= band[1])]
    if len(fitting):
        row = fitting[rng.randrange(len(fitting))]
        surface = document.passages[index].text[int(row["start"]) : int(row["end"])]
        term = corpus.terms[int(row["term"])][1]
        if _is_word(surface) and plain_terms(surface) == (term,):
            yield _Found(surface, (term,))


def _is_word(surface: str) -> bool:
    return len(surface) > 1 and surface.isalpha() and surface.lower() not in STOP_WORDS


def _one(corpus: _Corpus, lang: Lang, rng: random.Random, band: tuple[int, int]) -> _Found | None:
    return next(_words(corpus, lang, rng, band), None)


def _frequent(corpus: _Corpus, lang: Lang, rng: random.Random) -> Asked | None:
    found = _one(corpus, lang, rng, corpus.share(lang, 0.03, 0.3, floor=3))
    return Asked("frequent word", lang, found.text, found.terms) if found else None


def _rare(corpus: _Corpus, lang: Lang, rng: random.Random) -> Asked | None:
    found = _one(corpus, lang, rng, (2, corpus.share(lang, 0, 0.0004, floor=4)[1]))
    return Asked("rare word", lang, found.text, found.terms) if found else None


def _both(corpus: _Corpus, lang: Lang, rng: random.Random) -> Asked | None:
    """Two words that at least one passage has both of."""
    band = corpus.share(lang, 0.003, 0.1, floor=2)
    for _ in range(_TRIES):
        place = corpus.choose(lang, rng)
        found = {
            word.terms: word.text for _ in range(4) for word in _words_at(corpus, lang, rng, band, place)
        }
        if len(found) > 1:
            (first,), (second,) = list(found)[:2]
            return Asked("AND of 2", lang, " ".join(list(found.values())[:2]), (first, second))
    return None


def _either(corpus: _Corpus, lang: Lang, rng: random.Random) -> Asked | None:
    found: dict[tuple[str, ...], str] = {}
    for word in _words(corpus, lang, rng, corpus.share(lang, 0.003, 0.1, floor=2)):
        found.setdefault(word.terms, word.text)
        if len(found) == 3:
            return Asked("OR of 3", lang, " OR ".join(found.values()), tuple(terms[0] for terms in found))
    return None


def _phrase(corpus: _Corpus, lang: Lang, rng: random.Random) -> Asked | None:
    for _ in range(_TRIES):
        document, index = corpus.choose(lang, rng)
        rows = document.rows[index]
        rows = rows[word_rows(rows)]
        if len(rows) < 3:
            continue
        at = rng.randrange(len(rows) - 1)
        two = rows[at : at + 2]
        text = document.passages[index].text[int(two["start"][0]) : int(two["end"][1])]
        terms = tuple(corpus.terms[int(number)][1] for number in two["term"])
        words = text.split(" ")
        frequency = corpus.frequency[lang][two["term"]]
        if (
            len(words) == 2
            and all(map(_is_word, words))
            and frequency.min() > 2
            and plain_terms(text) == terms
        ):
            return Asked("phrase", lang, f'"{text}"', terms)
    return None


def _prefix(corpus: _Corpus, lang: Lang, rng: random.Random) -> Asked | None:
    length = 3 if lang == "en" else 2
    for found in _words(corpus, lang, rng, corpus.share(lang, 0.001, 0.1, floor=2)):
        beginning = found.terms[0][:length]
        if len(found.terms[0]) > length and beginning not in STOP_WORDS:
            return Asked("prefix", lang, f"{beginning}*", (beginning,))
    return None


def _question(corpus: _Corpus, lang: Lang, rng: random.Random) -> Asked | None:
    for _ in range(_TRIES):
        document, index = corpus.choose(lang, rng)
        words = document.passages[index].text.split(" ")
        start = rng.randrange(max(1, len(words) - _QUESTION_WORDS))
        row = [word.strip("`*_.,:;()[]\"'") for word in words[start : start + _QUESTION_WORDS]]
        text = " ".join(row)
        if all(row) and not set(text) & set('"*`_|{}<>\\/=') and "OR" not in row:
            terms = tuple(dict.fromkeys(plain_terms(text)))
            if len(terms) >= _MIN_QUESTION:
                return Asked("question", lang, f"{text}?", terms)
    return None


def _filtered(corpus: _Corpus, lang: Lang, rng: random.Random) -> Asked | None:
    found = _one(corpus, lang, rng, corpus.share(lang, 0.01, 0.2, floor=3))
    first = rng.randrange(FIRST_YEAR, LAST_YEAR - _YEARS + 2)
    years = (first, first + _YEARS - 1)
    return Asked("filtered", lang, found.text, found.terms, lang, years) if found else None


def _page_five(corpus: _Corpus, lang: Lang, rng: random.Random) -> Asked | None:
    found = _one(corpus, lang, rng, corpus.share(lang, 0.02, 0.3, floor=3))
    return Asked("page 5", lang, found.text, found.terms, page=_PAGE) if found else None


_FIELD: Final[dict[Lang, int]] = {"en": _MAIN.index(Field.ENGLISH), "ko": _MAIN.index(Field.KOREAN)}

KINDS: Final[dict[str, _Make]] = {
    "frequent word": _frequent,
    "rare word": _rare,
    "AND of 2": _both,
    "OR of 3": _either,
    "phrase": _phrase,
    "prefix": _prefix,
    "question": _question,
    "filtered": _filtered,
    "page 5": _page_five,
}
