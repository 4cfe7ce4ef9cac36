"""What a person typed -> a `Query`.  Nothing that is typed is an error: what does not parse is words.

The language: words, `"a phrase"`, `-word`, `one OR other`, `begin*`, and the filters `lang:ko`, `lang:both`,
`title:word`, `author:name`, `year:2023`, `year:2020..2023`.  A filter's value may be a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal

from indexer.analysis import fold
from indexer.model.query import AnyOf, Clause, Phrase, Prefix, Query, Word
from indexer.model.terms import Field
from indexer.model.text import Lang
from indexer.normalise import normalise
from indexer.words import as_it_stands, join_two, read_words

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

_ITEM: Final = re.compile(
    r"""(?P<minus>-)?(?:(?P<name>lang|title|author|year):)?(?:"(?P<phrase>[^"]*)"|(?P<plain>[^\s"]+))""",
    re.IGNORECASE,
)
_QUOTES: Final = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "＂": '"', "：": ":", "＊": "*"}
)
_SYNTAX: Final = re.compile(r'["*:“”„«»＂：＊]|(?<!\S)(?:-|OR(?!\S))')
"""Without any of this a text is nothing but words."""
_YEARS: Final = re.compile(r"(\d{4})(?:(?:\.\.|-|~)(\d{4}))?")
_HANGUL_END: Final = re.compile(r"[가-힣]$")
_KEPT: Final = 256
"""Queries that are kept as they were understood."""
_Kind = Literal["words", "phrase", "prefix", "or"]


@dataclass(frozen=True, slots=True)
class _Item:
    """A piece of the query between white space or quotation marks."""

    kind: _Kind
    text: str
    excluded: bool = False


@dataclass(slots=True)
class _Draft:
    """A query in the making."""

    items: list[_Item] = field(default_factory=list)
    titles: list[Clause] = field(default_factory=list)
    authors: list[Clause] = field(default_factory=list)
    lang: Lang | None = None
    years: tuple[int, int] | None = None
    paired: bool = False


@lru_cache(maxsize=_KEPT)
def parse_query(typed: str) -> Query:
    """The query that `typed` means; never raises.

    It is kept for when it is asked again: for its next page, on a reading page, to be explained.

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
        draft = _read_items(text.translate(_QUOTES))
        items = _with_plain_or(draft.items)
        clauses, nearby = _build([item for item in items if not item.excluded])
        excluded = [clause for item in items if item.excluded and (clause := _clause(item))]
    else:
        draft, excluded = _Draft(), []
        clauses, nearby = _plain(text.split())
    if _count(clauses) > MAX_WORDS:
        notices.append("too-many-words")
        clauses, nearby = _limit(clauses), nearby[:MAX_WORDS]
    query = Query(
        text=text,
        clauses=_require_something(clauses),
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
    items = _with_plain_or(_read_items(normalise(typed[:MAX_CHARACTERS]).translate(_QUOTES)).items)
    sought = [item.text for item in items if item.kind != "or" and not item.excluded]
    return list(dict.fromkeys(" ".join(sought).split()))


def _read_items(text: str) -> _Draft:
    draft = _Draft()
    for match in _ITEM.finditer(text):
        name = (match["name"] or "").lower()
        value = match["phrase"] if match["phrase"] is not None else match["plain"]
        # What is to be left out is never a filter: -lang:ko must not turn into its opposite.
        if name and not match["minus"] and _read_filter(draft, name, value):
            continue
        draft.items.append(_item(match, value))
    return draft


def _item(match: re.Match[str], value: str) -> _Item:
    excluded = match["minus"] is not None
    if match["phrase"] is not None:
        return _Item("phrase", value, excluded)
    if match["name"]:
        return _Item("words", f"{match['name']} {value}", excluded)
    if value == "OR" and not excluded:
        return _Item("or", value)
    if value.endswith("*") and value.strip("*"):
        return _Item("prefix", value.rstrip("*"), excluded)
    return _Item("words", value, excluded)


def _read_filter(draft: _Draft, name: str, value: str) -> bool:
    """Takes the filter up; false where its value means nothing, so that it is searched as words."""
    if name == "lang" and value.lower() in ("en", "ko"):
        draft.lang = "en" if value.lower() == "en" else "ko"
    elif name == "lang" and value.lower() == "both":
        draft.paired = True
    elif name == "year" and (years := _YEARS.fullmatch(value)):
        first, last = int(years[1]), int(years[2] or years[1])
        draft.years = (min(first, last), max(first, last))
    elif name in ("title", "author") and (clause := _clause(_Item("phrase", value))):
        (draft.titles if name == "title" else draft.authors).append(clause)
    else:
        return False
    return True


def _build(items: Sequence[_Item]) -> tuple[list[Clause], list[Phrase]]:
    """The clauses of the items, and the pairs of words that were typed side by side.

    Words that stand in a row are read together, as Kiwi reads a word better in its company.  What is joined
    by OR is read alone, so that the OR holds for the whole of it.
    """
    clauses: list[Clause] = []
    nearby: list[Phrase] = []
    row: list[str] = []
    for index, item in enumerate(items):
        if item.kind == "words" and not _joined_by_or(items, index):
            row.append(item.text)
            continue
        _close(row, clauses, nearby)
        if item.kind == "or":
            continue
        made = _clause(item)
        if made and index and items[index - 1].kind == "or" and clauses:
            clauses.append(_either(clauses.pop(), made))
        elif made:
            clauses.append(made)
    _close(row, clauses, nearby)
    return clauses, nearby


def _close(row: list[str], clauses: list[Clause], nearby: list[Phrase]) -> None:
    if row:
        words, pairs = _plain(row)
        clauses.extend(words)
        nearby.extend(pairs)
        row.clear()


def _plain(row: Sequence[str]) -> tuple[list[Clause], list[Phrase]]:
    """As `_build`, of words alone."""
    words = read_words(" ".join(row))
    return [*words], [
        Phrase(f"{left.text} {right.text}", (left, right))
        for left, right in pairwise(words)
        if not left.optional and not right.optional
    ]


def _joined_by_or(items: Sequence[_Item], index: int) -> bool:
    return any(
        item.kind == "or" for item in (*items[max(0, index - 1) : index], *items[index + 1 : index + 2])
    )


def _with_plain_or(items: Sequence[_Item]) -> list[_Item]:
    """The items, with an OR that has not something to look for on both sides turned into a word."""
    plain: list[_Item] = []
    for index, item in enumerate(items):
        sides = (*items[max(0, index - 1) : index], *items[index + 1 : index + 2])
        between = len(sides) == 2 and not any(side.kind == "or" or side.excluded for side in sides)  # noqa: PLR2004
        plain.append(_Item("words", item.text) if item.kind == "or" and not between else item)
    return plain


def _clause(item: _Item) -> Clause | None:
    """One clause for the item; of several words they must stand in a row."""
    words = read_words(item.text, joining=False)
    if not words:
        return None
    if item.kind == "prefix":
        return _prefix(item.text, words[0] if len(words) == 1 else as_it_stands(item.text))
    return words[0] if len(words) == 1 else _phrase(item.text, words)


def _phrase(text: str, words: Sequence[Word]) -> Phrase:
    """The words in a row; two of them may be written as one ("cease fire" as ceasefire)."""
    otherwise = [
        (*words[:index], one, *words[index + 2 :])
        for index, (left, right) in enumerate(pairwise(words))
        if (one := join_two(text, left, right))
    ]
    return Phrase(text, tuple(words), tuple(otherwise))


def _prefix(text: str, word: Word) -> Prefix:
    korean = _HANGUL_END.search(text) is not None
    return Prefix(text, fold(text), (Field.KOREAN,) if korean else (Field.ENGLISH, Field.SURFACE), word)


def _either(left: Clause, right: Clause) -> Clause:
    lefts = left.clauses if isinstance(left, AnyOf) else (left,)
    rights = right.clauses if isinstance(right, AnyOf) else (right,)
    return AnyOf((*lefts, *rights))


def _require_something(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """A query of nothing but stop words looks for them."""
    if not clauses or (isinstance(clauses[0], Word) and not clauses[0].optional):
        return tuple(clauses)
    if all(isinstance(clause, Word) and clause.optional for clause in clauses):
        return tuple(replace(clause, optional=False) for clause in clauses if isinstance(clause, Word))
    return tuple(clauses)


def _count(clauses: Iterable[Clause]) -> int:
    return sum(map(_size, clauses))


def _size(clause: Clause) -> int:
    match clause:
        case Phrase():
            return len(clause.words)
        case AnyOf():
            return _count(clause.clauses)
        case _:
            return 1


def _limit(clauses: Sequence[Clause]) -> list[Clause]:
    """The first clauses that together have no more than `MAX_WORDS` words."""
    kept: list[Clause] = []
    room = MAX_WORDS
    for clause in clauses:
        if room <= 0:
            break
        shortened = _shorten(clause, room)
        kept.append(shortened)
        room -= _size(shortened)
    return kept


def _shorten(clause: Clause, room: int) -> Clause:
    match clause:
        case Phrase() if len(clause.words) > room:
            return Phrase(clause.text, clause.words[:room])
        case AnyOf() if _size(clause) > room:
            return AnyOf(clause.clauses[:room])
        case _:
            return clause
