"""Footnote marks in the text of a block."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.model.text import Reference

__all__ = ["without_marks"]


def without_marks(text: str, references: Sequence[Reference]) -> str:
    """The text without its footnote marks.

    >>> from indexer.model.text import Span
    >>> without_marks("The war [1]", [Reference("1", Span(8, 11))])
    'The war'
    """
    for reference in reversed(references):
        text = text[: reference.span.start] + text[reference.span.end :]
    return " ".join(text.split())
