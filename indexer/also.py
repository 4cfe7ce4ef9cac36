"""What a query finds in the other language, by the renderings that the archive's own pairs teach."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.durable import changed_ns
from indexer.engine import Columns, Numbers, Ranking, Snapshot, in_years
from indexer.errors import REINDEX, LexiconError
from indexer.lexicon import Lexicon, other_language, translate
from indexer.model.query import Query, Rendered, Rendering
from indexer.model.results import Facets, Translated
from indexer.model.text import Span
from indexer.narrow import Choice, Found

__all__ = ["CurrentLexicon", "Translation", "find_also", "rendering_spans_of", "translation_of"]

_LEAST_SHOWN: Final = 0.1
"""How surely a rendering must render a word to be named and marked; the search weighs lesser ones, too."""
_MOST_SHOWN: Final = 5
_Keep = Callable[[Rendering], bool]


class CurrentLexicon:
    """The lexicon in a file as it was written last; may be used by several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._version = 0
        self._lexicon: Lexicon | None = None
        self._damage = ""
        """What is wrong with the file of that version."""

    @property
    def version(self) -> int:
        """Changes when a lexicon is written; 0 where there is none."""
        return changed_ns(self._path)

    def get(self) -> Lexicon | None:
        """The lexicon, opened anew where it has changed; `None` where no pairs have taught one.

        Raises:
            LexiconError: it is damaged, or of another version.
        """
        version = self.version
        with self._lock:
            if version != self._version:
                self._lexicon, self._damage = self._opened() if version else (None, "")
                self._version = version
            if self._damage:
                raise LexiconError(self._damage, remedy=REINDEX)
            return self._lexicon

    def _opened(self) -> tuple[Lexicon | None, str]:
        """The lexicon, or what is wrong with it; raises LexiconError where it may be read later."""
        try:
            lexicon = Lexicon(self._path)
            lexicon.check()
        except FileNotFoundError:
            return None, ""
        except LexiconError as error:
            if isinstance(error.__cause__, OSError):  # such as too many open files: not the file's fault
                raise
            return None, error.wrong
        return lexicon, ""


@dataclass(frozen=True, slots=True)
class Translation:
    """A query in the other language."""

    query: Query
    """What is searched; without clauses where nothing is left."""
    marks: Query
    """What is marked: only renderings that are sure enough."""
    words: tuple[Translated, ...]
    """What is shown of it."""


def translation_of(query: Query, lexicon: Lexicon | None, without: Iterable[str] = ()) -> Translation | None:
    """The query in the language that it is not in, less the renderings in `without`.

    Returns:
        `None` where there is no lexicon, or where it knows none of the words.
    """
    if lexicon is None or not query.clauses:
        return None
    whole = translate(query, lexicon, other_language(query))
    if not whole.clauses:
        return None
    dropped = set(without)
    clauses = [clause for clause in whole.clauses if isinstance(clause, Rendered)]
    searched = _chosen(clauses, lambda one: not one.learned or one.text not in dropped)
    left = any(one.learned for clause in searched for one in clause.renderings)
    sure = _chosen(searched, lambda one: one.learned and one.sure and one.weight >= _LEAST_SHOWN)
    return Translation(
        replace(whole, clauses=searched if left else ()),
        replace(whole, clauses=sure, excluded=(), titles=(), authors=()),
        tuple(Translated(one.text, tuple(dict.fromkeys(each.text for each in one.renderings))[:_MOST_SHOWN])
              for one in sure),
    )  # fmt: skip


def find_also(snapshot: Snapshot, translation: Translation, direct: Numbers, choice: Choice) -> Found | None:
    """What the translated query finds, without what the query itself finds and the other sides of that.

    It is all in one language, so that no passage stands for its other side, and is not counted by facets.

    Args:
        snapshot: what is searched.
        translation: of the query.
        direct: all passages that the query itself finds.
        choice: what a person chose beside the query.

    Returns:
        `None` where only results in the query's own language are wanted.
    """
    query, into = translation.query, translation.query.lang
    if into is None or choice.lang not in (None, into):
        return None
    ranking = snapshot.rank(query) if query.clauses else Ranking.none()
    kept = np.flatnonzero(_lets_by(snapshot.columns, ranking.matches, direct, choice))
    numbers = ranking.matches[kept]
    days = None
    if choice.sort == "date":
        days = snapshot.columns.date[numbers], np.zeros(len(numbers), dtype=np.int8)
    return Found(numbers, Facets(), ranking.notices, ranking, kept, days)


def rendering_spans_of(
    snapshot: Snapshot, translation: Translation | None, numbers: Sequence[int]
) -> list[tuple[Span, ...]]:
    """For each of the passages, where words stand that render the query's; found without any analysis."""
    if translation is None or not translation.marks.clauses:
        return [()] * len(numbers)
    korean = translation.query.lang == "ko"
    inside = [number for number in numbers if bool(snapshot.columns.korean[number]) == korean]
    if not inside:
        return [()] * len(numbers)
    spans = dict(zip(inside, snapshot.spans(translation.marks, inside), strict=True))
    return [spans.get(number, ()) for number in numbers]


def _chosen(clauses: Iterable[Rendered], keep: _Keep) -> tuple[Rendered, ...]:
    """The clauses with only some of their renderings; those that have none left are dropped."""
    chosen = (replace(one, renderings=tuple(filter(keep, one.renderings))) for one in clauses)
    return tuple(one for one in chosen if one.renderings)


def _lets_by(columns: Columns, numbers: Numbers, direct: Numbers, choice: Choice) -> NDArray[np.bool_]:
    """Which of `numbers` were chosen, are not among `direct`, and do not say the same as one that is."""
    there = np.zeros(len(columns.passage), dtype=np.bool_)
    there[direct] = True
    lets_by: NDArray[np.bool_] = ~there[numbers]
    pairs = columns.pair[numbers]
    if pairs.any():
        there[:] = False
        there[_pairs(columns, direct[columns.pair[direct] > 0])] = True
        paired = np.flatnonzero(pairs)
        lets_by[paired] &= ~there[_pairs(columns, numbers[paired])]
    if choice.paired:
        lets_by &= pairs > 0
    if choice.years is not None:
        lets_by &= in_years(columns.year[numbers], choice.years)
    return lets_by


def _pairs(columns: Columns, numbers: Numbers) -> NDArray[np.int64]:
    """The pair that each of these passages, which have one, belongs to: the number of its first passage."""
    pairs: NDArray[np.int64] = numbers - columns.ordinal[numbers].astype(np.int64) + columns.pair[numbers] - 1
    return pairs
