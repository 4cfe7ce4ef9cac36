"""What a person typed -> a `Query`.  Nothing that is typed is an error: what does not parse is words.

The language: words, `"a phrase"`, `-word`, `one OR other`, `begin*`, and the filters `lang:ko`, `lang:both`,
`title:word`, `author:name`, `year:2023`, `year:2020..2023`.  A filter's value may be a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from indexer.clauses import (
    Piece,
    clause_of,
    clauses_of,
    clauses_of_words,
    count_words,
    limit,
    require_something,
)
from indexer.model.query import Clause, Query
from indexer.model.text import Lang
from indexer.normalise import normalise

__all__ = ["MAX_CHARACTERS", "MAX_WORDS", "NOTICES", "parse_query", "words_of"]

MAX_CHARACTERS: Final = 500
"""Code points of a query that are read."""
MAX_WORDS: Final = 64
"""Words of a query that are searched."""
NOTICES: Final = {
    "too-long": f"Only the first {MAX_CHARACTERS} characters were searched.",
    "too-many-words": f"Only the first {MAX_WORDS} words were searched.",
    "too-many-expansions": "A beginning with a star has over 200 words; the most frequent were searched.",
    "only-excluded": "Words with a minus only leave passages out; add a word to look for.",
    "no-lexicon": "Nothing was searched in the other language: what the pairs teach cannot be read; "
    "run hanyeong reindex.",
}
"""Friendly remarks, by the keys that `Query.notices` and `SearchResults.notices` carry."""

_MOST_READ: Final = 4 * MAX_CHARACTERS
"""Code points of a query that are looked at before invisible ones are dropped and Jamo become syllables."""

_PIECE: Final = re.compile(
    r"""(?P<minus>-)?(?:(?P<name>lang|title|author|year):)?(?:"(?P<phrase>[^"]*)"|(?P<plain>[^\s"]+))""",
    re.IGNORECASE,
)
_QUOTES: Final = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "＂": '"', "：": ":", "＊": "*"}
)
_SYNTAX: Final = re.compile(r'["*:“”„«»＂：＊]|(?<!\S)(?:-|OR(?!\S))')
"""Without any of this a text is nothing but words."""
_YEARS: Final = re.compile(r"(\d{4})(?:(?:\.\.|-|~)(\d{4}))?")
_KEPT: Final = 256
"""Queries that are kept as they were understood."""


@dataclass(slots=True)
class _Draft:
    """A query in the making."""

    pieces: list[Piece] = field(default_factory=list)
    titles: list[Clause] = field(default_factory=list)
    authors: list[Clause] = field(default_factory=list)
    lang: Lang | None = None
    years: tuple[int, int] | None = None
    paired: bool = False


@lru_cache(maxsize=_KEPT)
def parse_query(typed: str) -> Query:
    """The query that `typed` means, whatever that is.

    It is kept for when it is asked again: for its next page, on a reading page, to be explained.

    Raises:
        AnalysisError: it has Korean words, and Kiwi says nothing about them; see `indexer.kiwi`.

    >>> query = parse_query('ceasefire -war lang:en year:2020..2023')
    >>> [clause.text for clause in query.clauses], [clause.text for clause in query.excluded]
    (['ceasefire'], ['war'])
    >>> query.lang, query.years
    ('en', (2020, 2023))
    """
    text = normalise(typed[:_MOST_READ])
    notices = ["too-long"] if len(text) > MAX_CHARACTERS or len(typed) > _MOST_READ else []
    text = text[:MAX_CHARACTERS]
    if _SYNTAX.search(text):
        draft = _read_pieces(text.translate(_QUOTES))
        pieces = _with_plain_or(draft.pieces)
        clauses, nearby = clauses_of([piece for piece in pieces if not piece.excluded])
        excluded = [clause for piece in pieces if piece.excluded and (clause := clause_of(piece))]
    else:
        draft, excluded = _Draft(), []
        clauses, nearby = clauses_of_words(text.split())
    if count_words(clauses) > MAX_WORDS:
        notices.append("too-many-words")
        clauses, nearby = limit(clauses, MAX_WORDS), nearby[:MAX_WORDS]
    query = Query(
        text=text,
        clauses=require_something(clauses),
        nearby=tuple(nearby),
        excluded=tuple(excluded[:MAX_WORDS]),
        titles=tuple(draft.titles[:MAX_WORDS]),
        authors=tuple(draft.authors[:MAX_WORDS]),
        lang=draft.lang,
        years=draft.years,
        paired=draft.paired,
        notices=tuple(notices),
    )
    return query if query or not excluded else replace(query, notices=(*notices, "only-excluded"))


def words_of(typed: str) -> list[str]:
    """The words that `typed` looks for, as they were typed: without filters, marks, and what is left out.

    >>> words_of('"cease fire" OR truce* -war lang:en')
    ['cease', 'fire', 'truce']
    """
    pieces = _with_plain_or(_read_pieces(normalise(typed[:MAX_CHARACTERS]).translate(_QUOTES)).pieces)
    sought = [piece.text for piece in pieces if piece.kind != "or" and not piece.excluded]
    return list(dict.fromkeys(" ".join(sought).split()))


def _read_pieces(text: str) -> _Draft:
    draft = _Draft()
    for match in _PIECE.finditer(text):
        name = (match["name"] or "").lower()
        value = match["phrase"] if match["phrase"] is not None else match["plain"]
        # What is to be left out is never a filter: -lang:ko must not turn into its opposite.
        if name and not match["minus"] and _read_filter(draft, name, value):
            continue
        draft.pieces.append(_piece(match, value))
    return draft


def _piece(match: re.Match[str], value: str) -> Piece:
    excluded = match["minus"] is not None
    if match["phrase"] is not None:
        return Piece("phrase", value, excluded)
    if match["name"]:
        return Piece("words", f"{match['name']} {value}", excluded)
    if value == "OR" and not excluded:
        return Piece("or", value)
    if value.endswith("*") and value.strip("*"):
        return Piece("prefix", value.rstrip("*"), excluded)
    return Piece("words", value, excluded)


def _read_filter(draft: _Draft, name: str, value: str) -> bool:
    """Takes the filter up; false where its value means nothing, so that it is searched as words."""
    if name == "lang" and value.lower() in ("en", "ko"):
        draft.lang = "en" if value.lower() == "en" else "ko"
    elif name == "lang" and value.lower() == "both":
        draft.paired = True
    elif name == "year" and (years := _YEARS.fullmatch(value)):
        first, last = int(years[1]), int(years[2] or years[1])
        draft.years = (min(first, last), max(first, last))
    elif name in ("title", "author") and (clause := clause_of(Piece("phrase", value))):
        (draft.titles if name == "title" else draft.authors).append(clause)
    else:
        return False
    return True


def _with_plain_or(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with an OR that has not something to look for on both sides turned into a word."""
    plain: list[Piece] = []
    for index, piece in enumerate(pieces):
        sides = (*pieces[max(0, index - 1) : index], *pieces[index + 1 : index + 2])
        between = len(sides) == 2 and not any(side.kind == "or" or side.excluded for side in sides)  # noqa: PLR2004
        plain.append(Piece("words", piece.text) if piece.kind == "or" and not between else piece)
    return plain
