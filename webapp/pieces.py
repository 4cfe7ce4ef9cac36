"""A text cut where its marks and its footnote references begin and end.  Pure; no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.model.text import Span

__all__ = ["NoteLink", "Piece", "cells_of", "cut"]


@dataclass(frozen=True, slots=True)
class NoteLink:
    """A footnote mark that leads to its note."""

    label: str
    anchor: str
    """The id of the mark itself, for the way back."""
    target: str
    """The id of the note."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that looks the same from end to end."""

    text: str
    match: int = 0
    """The number of the match that it belongs to, from 1; 0 where nothing matches."""
    first: bool = False
    """Whether it is the first piece of its match."""
    link: NoteLink | None = None
    renders: bool = False
    """Whether it renders a word of the query; never where it matches."""


def cut(
    text: str,
    matches: Sequence[tuple[int, Span]] = (),
    links: Sequence[tuple[NoteLink, Span]] = (),
    renderings: Sequence[Span] = (),
) -> tuple[Piece, ...]:
    """The text in pieces; joined, they give the text.

    `matches` (with their numbers, which rise), `links` and `renderings` are each sorted and disjoint, but
    may overlap one another.

    >>> [(piece.text, piece.match) for piece in cut("정전 협상을", [(1, Span(3, 5))])]
    [('정전 ', 0), ('협상', 1), ('을', 0)]
    """
    edges = {0, len(text)}
    for _, span in matches:
        edges |= {span.start, span.end}
    for span in renderings:
        edges |= {span.start, span.end}
    for _, span in links:  # a link stays in one piece, also where a match ends inside it
        edges -= set(range(span.start + 1, span.end))
        edges |= {span.start, span.end}
    return tuple(_pieces(text, sorted(edges), matches, links, renderings))


def _pieces(
    text: str,
    edges: Sequence[int],
    matches: Sequence[tuple[int, Span]],
    links: Sequence[tuple[NoteLink, Span]],
    renderings: Sequence[Span],
) -> Iterator[Piece]:
    before = 0
    for start, end in pairwise(edges):
        match = next((number for number, span in matches if span.start < end and start < span.end), 0)
        link = next((link for link, span in links if span.start == start), None)
        renders = not match and any(span.start < end and start < span.end for span in renderings)
        yield Piece(text[start:end], match, match not in (0, before), link, renders)
        before = match or before


def cells_of(pieces: Iterable[Piece]) -> tuple[tuple[Piece, ...], ...]:
    r"""The pieces of a table row by cell; the tabs between the cells are gone.

    >>> [[piece.text for piece in cell] for cell in cells_of(cut("Year\tEvent", [(1, Span(5, 10))]))]
    [['Year'], ['Event']]
    """
    cells: list[list[Piece]] = [[]]
    for piece in pieces:
        for position, text in enumerate(piece.text.split("\t")):
            if position:
                cells.append([])
            if text:
                cells[-1].append(replace(piece, text=text, first=piece.first and not position))
    return tuple(tuple(cell) for cell in cells)
