"""What a lexicon on disk knows: renderings of a unit, and words that sound alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path
from typing import Final

import numpy as np

from indexer.errors import REINDEX, LexiconError
from indexer.lexicon.learn import Correspondence
from indexer.lexicon.likeness import Likeness
from indexer.lexicon.names import ALSO, Names
from indexer.lexicon.sounds import english_keys, korean_key, letters_of
from indexer.lexicon.storage import Row, Table, TableFile, write_tables
from indexer.model.terms import Field, Term
from indexer.model.text import LANGS, Lang
from indexer.versions import LEXICON_VERSION

__all__ = ["Known", "Lexicon", "save", "terms_of"]

_COLUMNS: Final = ("key", "rendering", "written", "rendering written", "share", "together", "pairs",
                   "rendering's pairs", "chance", "by")  # fmt: skip
_RENDERINGS: Final[Mapping[Lang, str]] = {"en": "en-ko.tsv", "ko": "ko-en.tsv"}
"""The tables of the correspondences, by the language of what is rendered."""
_REMEMBERED: Final = 4096
"""Units whose renderings are remembered."""
_LEAST_LIKENESS: Final = 6.0
"""How much likelier than chance (as a logarithm) two words must be one name, to be searched for."""
_LEAST_SURE_LIKENESS: Final = 9.0
"""As `_LEAST_LIKENESS`, for a word of two syllables to be found by its sound alone: it sounds like many (크림
like claim), but 푸틴 is Putin."""
_SURE_SYLLABLES: Final = 3
_SHOWN_CHANCE: Final = 0.001
"""How many others may look like what is shown, by chance; a person looks at hundreds."""
_SHOWN_SHARE: Final = 0.12
_SHOWN_PART: Final = 0.25
"""What is shown has this part of the share of the best, at least."""
_MOST_SHOWN: Final = 3
_MOST_ALIKE: Final = 3
_LEAST_NAME: Final = 3
"""Letters from which an English word may be a name that is written in Hangul."""


@dataclass(frozen=True, slots=True)
class Known:
    """A rendering of a unit, with what speaks for it."""

    key: str
    """The unit that renders; several, with `|` between them, where one word is read as several units."""
    text: str
    """The rendering as it is mostly written."""
    word: str
    """What it renders, as that is mostly written."""
    share: float
    together: int
    """Pairs of passages that have both; 0 where an editor or only the sound says so."""
    pairs: int
    """Pairs of passages that have the unit that is rendered."""
    chance: float = 1.0
    """How many other words would look so much like a rendering by chance."""
    given: bool = False
    """Whether it comes from the editor's glossary."""

    @property
    def is_sure(self) -> bool:
        """Whether it is sure enough to be shown to a person."""
        return self.given or self.chance <= _SHOWN_CHANCE

    @property
    def ways(self) -> tuple[tuple[Term, ...], ...]:
        """What it is looked for as: terms in a row; several rows where Kiwi reads it in several ways."""
        return tuple(terms_of(key) for key in self.key.split(ALSO))


def save(path: Path, learned: Iterable[Correspondence], names: Names, about: Mapping[str, str]) -> None:
    """Writes a lexicon to `path`, in one step; `about` is what is noted beside it.

    Raises:
        OSError: the disk is full or not writable; an older lexicon is untouched.
    """
    learned = list(learned)
    english, korean, english_written, korean_written, to_korean, to_english, together, english_pairs, \
        korean_pairs, chance, given = zip(*learned, strict=True) if learned else ((),) * 11  # fmt: skip
    by_reading = {pair: names.ways(*pair) for pair in set(zip(korean_written, korean, strict=True))}
    ways = list(map(by_reading.__getitem__, zip(korean_written, korean, strict=True)))
    kinds = {one: f"{one:.2g}" for one in set(chance)}
    rest = (list(map(kinds.__getitem__, chance)), ["glossary" if one else "" for one in given])
    met, in_english, in_korean = map(_counts, (together, english_pairs, korean_pairs))
    tables: dict[str, tuple[Row, Iterable[Row]]] = {
        "en-ko.tsv": (_COLUMNS, _sorted(
            (english, ways, english_written, korean_written, _shares(to_korean), met, in_english,
             in_korean, *rest), to_korean, korean)),
        "ko-en.tsv": (_COLUMNS, _sorted(
            (korean, english, korean_written, english_written, _shares(to_english), met, in_korean,
             in_english, *rest), to_english, english)),
        "likeness.tsv": (("letter", "jamo", "seen"), names.likeness.rows()),
        "about.tsv": (("what", "value"), {**about, "version": LEXICON_VERSION}.items()),
    }  # fmt: skip
    for lang in LANGS:
        tables[f"sounds-{lang}.tsv"] = (("consonants", "written", "key"), names.rows(lang))
    write_tables(path, tables)


def _counts(values: Sequence[int]) -> list[str]:
    """The numbers as text, each of them written once: most come again and again."""
    written = {value: str(value) for value in set(values)}
    return list(map(written.__getitem__, values))


def _shares(values: Sequence[float]) -> list[str]:
    return list(map("%.4f".__mod__, values))


def _sorted(columns: Sequence[Sequence[str]], shares: Sequence[float], others: Sequence[str]) -> list[Row]:
    """The rows by their first column, the greatest share first, and then by `others`."""
    order = np.lexsort((np.array(_ranks(others)), np.negative(shares), np.array(_ranks(columns[0]))))
    rows = list(zip(*columns, strict=True))
    return list(map(rows.__getitem__, order.tolist()))


def _ranks(words: Sequence[str]) -> list[int]:
    ranks = {word: rank for rank, word in enumerate(sorted(set(words)))}
    return list(map(ranks.__getitem__, words))


class Lexicon:
    """A lexicon on disk; its tables are opened when they are first asked for."""

    def __init__(self, path: Path) -> None:
        """Opens the lexicon.

        Raises:
            FileNotFoundError: there is none.
            LexiconError: it is damaged, or of another version.
        """
        self._file = TableFile(path)
        about = dict(row for row in self._file.table("about.tsv").beginning_with("") if len(row) == 2)  # noqa: PLR2004
        if about.pop("version", "") != LEXICON_VERSION:
            raise LexiconError(f"{path}: is of another version", remedy=REINDEX)
        # Neither of them knows the lexicon: else old ones would stay in memory until the collector comes.
        self._table = cache(self._file.table)
        self._known = lru_cache(maxsize=_REMEMBERED)(partial(_look_up, self._table))
        self.about: Mapping[str, str] = about
        """What was noted when it was written."""

    def check(self) -> None:
        """Looks through all tables.

        Raises:
            LexiconError: one of them is missing or damaged.
        """
        _ = self._renderings, self._sounds, self._likeness

    def renderings(self, key: str, lang: Lang) -> tuple[Known, ...]:
        """How the unit `key` of `lang` is rendered in the other language, the best first."""
        return self._known(key, lang)

    def shown(self, key: str, lang: Lang) -> tuple[Known, ...]:
        """The renderings of a unit that are sure enough to be shown to a person, the best first."""
        sure = [known for known in self.renderings(key, lang) if known.is_sure]
        least = max(_SHOWN_SHARE, _SHOWN_PART * max((known.share for known in sure), default=0.0))
        once = {(known.text, known.word): known for known in reversed(sure) if known.share >= least}
        return tuple(reversed(once.values()))[:_MOST_SHOWN]

    def words(self, prefix: str, lang: Lang) -> Iterator[tuple[str, Known]]:
        """The keys that begin with `prefix`, each with each of its renderings, in order."""
        for row in self._renderings[lang].beginning_with(prefix):
            yield row[0], _known(row)

    def sounding(self, word: str, lang: Lang) -> tuple[Known, ...]:
        """Words of the archive in the other language that write down the sound of `word`, likeliest first.

        Args:
            word: a folded English word, or a word in Hangul.
            lang: the language of `word`.
        """
        pairs = self._alike(word, lang)
        odds = self._likeness.weigh([(one, other) for one, other, _ in pairs])
        best: dict[str, tuple[float, str]] = {}
        for (one, other, key), weight in zip(pairs, odds.tolist(), strict=True):
            text = other if lang == "en" else one
            best[key] = max(best.get(key, (-np.inf, text)), (weight, text))
        likely = sorted(((weight, text, key) for key, (weight, text) in best.items()), reverse=True)
        return tuple(
            Known(
                key, text, word, min(1.0, (weight - _LEAST_LIKENESS) / 4 + 0.3), 0, 0,
                chance=_chance_of_sound(weight, word if lang == "ko" else text),
            )
            for weight, text, key in likely[:_MOST_ALIKE]
            if weight >= _LEAST_LIKENESS
        )  # fmt: skip

    def _alike(self, word: str, lang: Lang) -> list[tuple[str, str, str]]:
        """English word, Korean word, key of the one that is not `word`; those with the same consonants."""
        if lang == "ko":
            if len(word) < 2 or not letters_of(word):  # noqa: PLR2004
                return []
            return [(row[1], word, row[2]) for row in self._sounds["en"].rows(korean_key(word))]
        if len(word) < _LEAST_NAME or not (word.isascii() and word.isalpha()):
            return []
        forms = [word, word[:-1]] if word.endswith("s") and len(word) > _LEAST_NAME + 1 else [word]
        rows = {(form, row[1]): row[2] for form in forms for key in english_keys(form)
                for row in self._sounds["ko"].rows(key)}  # fmt: skip
        return [(form, korean, key) for (form, korean), key in rows.items()]

    @cached_property
    def _renderings(self) -> dict[Lang, Table]:
        return {lang: self._table(_RENDERINGS[lang]) for lang in LANGS}

    @cached_property
    def _sounds(self) -> dict[Lang, Table]:
        return {lang: self._file.table(f"sounds-{lang}.tsv") for lang in LANGS}

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness.of(self._file.table("likeness.tsv").beginning_with(""))


def _chance_of_sound(likeness: float, korean: str) -> float:
    """How many other words would sound so much like it: none, or too many to show it."""
    return 0.0 if len(korean) >= _SURE_SYLLABLES or likeness >= _LEAST_SURE_LIKENESS else 1.0


def _look_up(table: Callable[[str], Table], key: str, lang: Lang) -> tuple[Known, ...]:
    return tuple(map(_known, table(_RENDERINGS[lang]).rows(key)))


def _known(row: list[str]) -> Known:
    return Known(
        row[1], row[3], row[2], float(row[4]), int(row[5]), int(row[6]), float(row[8]), row[9] == "glossary"
    )


def terms_of(key: str) -> tuple[Term, ...]:
    """What a unit is looked for as in the index.

    >>> [(term.field.value, term.text) for term in terms_of("nasa 위성")]
    [('en', 'nasa'), ('ko', '위성')]
    """
    return tuple(
        Term(Field.KOREAN if "가" <= term[0] <= "힣" else Field.ENGLISH, term) for term in key.split()
    )
