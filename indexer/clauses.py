"""Which clauses do the pieces of a query make, and how many words are in them?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, Literal

from indexer.analysis import fold
from indexer.model.query import AnyOf, Clause, Phrase, Prefix, Word
from indexer.model.terms import Field
from indexer.words import as_it_stands, join_two, read_words

__all__ = [
    "Piece",
    "clause_of",
    "clauses_of",
    "clauses_of_words",
    "count_words",
    "limit",
    "require_something",
]

_HANGUL_END: Final = re.compile(r"[가-힣]$")
_Kind = Literal["words", "phrase", "prefix", "or"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the query between white space or quotation marks."""

    kind: _Kind
    text: str
    excluded: bool = False


def clauses_of(pieces: Sequence[Piece]) -> tuple[list[Clause], list[Phrase]]:
    """The clauses of the pieces, and the pairs of words that were typed side by side.

    Words that stand in a row are read together, as Kiwi reads a word better in its company.  What is joined
    by OR is read alone, so that the OR holds for the whole of it.
    """
    clauses: list[Clause] = []
    nearby: list[Phrase] = []
    row: list[str] = []
    for index, piece in enumerate(pieces):
        if piece.kind == "words" and not _joined_by_or(pieces, index):
            row.append(piece.text)
            continue
        _close(row, clauses, nearby)
        if piece.kind == "or":
            continue
        made = clause_of(piece)
        if made and index and pieces[index - 1].kind == "or" and clauses:
            clauses.append(_either(clauses.pop(), made))
        elif made:
            clauses.append(made)
    _close(row, clauses, nearby)
    return clauses, nearby


def _close(row: list[str], clauses: list[Clause], nearby: list[Phrase]) -> None:
    if row:
        words, pairs = clauses_of_words(row)
        clauses.extend(words)
        nearby.extend(pairs)
        row.clear()


def clauses_of_words(row: Sequence[str]) -> tuple[list[Clause], list[Phrase]]:
    """As `clauses_of`, of words without syntax."""
    words = read_words(" ".join(row))
    return [*words], [
        Phrase(f"{left.text} {right.text}", (left, right))
        for left, right in pairwise(words)
        if not left.optional and not right.optional
    ]


def _joined_by_or(pieces: Sequence[Piece], index: int) -> bool:
    return any(
        piece.kind == "or" for piece in (*pieces[max(0, index - 1) : index], *pieces[index + 1 : index + 2])
    )


def clause_of(piece: Piece) -> Clause | None:
    """One clause for the piece; of several words they must stand in a row."""
    words = read_words(piece.text, joining=False)
    if not words:
        return None
    if piece.kind == "prefix":
        return _prefix(piece.text, words[0] if len(words) == 1 else as_it_stands(piece.text))
    return words[0] if len(words) == 1 else _phrase(piece.text, words)


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


def require_something(clauses: Sequence[Clause]) -> tuple[Clause, ...]:
    """A query of nothing but stop words looks for them."""
    if not clauses or (isinstance(clauses[0], Word) and not clauses[0].optional):
        return tuple(clauses)
    if all(isinstance(clause, Word) and clause.optional for clause in clauses):
        return tuple(replace(clause, optional=False) for clause in clauses if isinstance(clause, Word))
    return tuple(clauses)


def count_words(clauses: Iterable[Clause]) -> int:
    """How many words there are in all of them."""
    return sum(map(_size, clauses))


def _size(clause: Clause) -> int:
    match clause:
        case Phrase():
            return len(clause.words)
        case AnyOf():
            return count_words(clause.clauses)
        case _:
            return 1


def limit(clauses: Sequence[Clause], room: int) -> list[Clause]:
    """The first clauses that together have no more than `room` words."""
    kept: list[Clause] = []
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
