"""Footnote marks in the text of a block."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.model.text import Reference, Span

__all__ = ["blank", "without_marks"]


def blank(text: str, spans: Iterable[Span]) -> str:
    """The text with spaces at `spans`, such as footnote marks, so that all other offsets stay as they are.

    >>> blank("war [1] ends", [Span(4, 7)])
    'war     ends'
    """
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def without_marks(text: str, references: Sequence[Reference]) -> str:
    """The text without its footnote marks.

    >>> without_marks("The war [1]", [Reference("1", Span(8, 11))])
    'The war'
    """
    for reference in reversed(references):
        text = text[: reference.span.start] + text[reference.span.end :]
    return " ".join(text.split())
