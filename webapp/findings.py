"""What a report shows of its findings, page by page.  Pure; no HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from indexer.model.results import Snippet
from indexer.model.text import Passage
from indexer.snippets import cut_snippet

if TYPE_CHECKING:
    from indexer.report import Finding, FindingKind

__all__ = ["ShownFinding", "page_of", "show_finding"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding, ready to be shown."""

    kind: FindingKind
    term: str
    places: tuple[tuple[Passage, Snippet], ...]
    """The passages, each with the part of it that is shown."""


def show_finding(finding: Finding) -> ShownFinding:
    """The finding with a snippet around what it is about."""
    places = (
        (place.passage, cut_snippet(place.passage.text, place.spans, place.passage.lang))
        for place in finding.places
    )
    return ShownFinding(finding.kind, finding.term, tuple(places))


def page_of(everything: Sequence[_T], page: int, size: int) -> tuple[Sequence[_T], int, int]:
    """What stands on a page, the page's number, and how many pages there are; past the last is the last.

    >>> page_of("abcde", 9, 2)
    ('e', 3, 3)
    """
    pages = max(1, -(-len(everything) // size))
    page = min(page, pages)
    return everything[(page - 1) * size : page * size], page, pages
