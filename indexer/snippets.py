"""Spans -> snippets: which window of a passage to show, and what to mark in it.  Pure; knows no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final

from indexer.model.results import PairedText, Snippet
from indexer.model.text import Lang, Passage, Span

__all__ = ["cut_snippet", "join_sides", "merge_spans", "spans_apart", "trim_spans"]

_LENGTH: Final = {"en": 320, "ko": 180}
"""Code points of a snippet: about four lines of either script."""
_LEAD: Final = 0.25
"""The part of a window that lies before the densest marks."""
_ENDS: Final = attrgetter("start", "end")
"""What spans are ordered by; told to `sorted` it takes a tenth of the time of comparing them."""
_OTHER_SPACES: Final = ("\n", "\t")
"""White space beside the space in a text."""
_SLACK: Final = 24
"""How far, in code points, the ends of a window may move to fall between words."""


def merge_spans(spans: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """The same code points in sorted, disjoint, non-empty spans; touching ones become one.

    What comes is the start and the end of each, as most are merged away.

    >>> merge_spans([(4, 6), (0, 2), (1, 3), (3, 4), (9, 9)])
    (Span(start=0, end=6),)
    """
    merged: list[Span] = []
    start = end = -1
    for first, last in sorted(spans):
        if first > end:
            if end > start:
                merged.append(Span(start, end))
            start, end = first, last
        elif last > end:
            end = last
    if end > start:
        merged.append(Span(start, end))
    return tuple(merged)


def trim_spans(spans: Iterable[Span], window: Span) -> tuple[Span, ...]:
    """The parts of `spans` inside `window`, counted from its start.

    >>> trim_spans([Span(0, 4), Span(8, 12)], Span(2, 10))
    (Span(start=0, end=2), Span(start=6, end=8))
    """
    first, last = window.start, window.end
    if not spans:
        return ()
    return tuple(
        [
            Span(max(start - first, 0), min(end, last) - first)
            for span in spans
            if (start := span.start) < last and (end := span.end) > first and start < end and first < last
        ]
    )


def cut_snippet(
    text: str, highlights: Sequence[Span], lang: Lang, *, at: float = 0.0, renderings: Sequence[Span] = ()
) -> Snippet:
    """The window of `text` with the most marks in it; the whole text where it is short.

    Args:
        text: a passage's text.
        highlights: sorted and disjoint.
        lang: decides how long the window is.
        renderings: further marks, of the second style: sorted, disjoint, and apart from `highlights`.
        at: where the window begins when nothing is marked, as a share of the text from 0 to 1.

    >>> cut_snippet("정전 협상을 시작했다.", [Span(0, 2)], "ko").text
    '정전 협상을 시작했다.'
    """
    length = _LENGTH[lang]
    if len(text) <= length + _SLACK:
        return Snippet(text, tuple(highlights), False, False, tuple(renderings))
    marks = sorted((*highlights, *renderings), key=_ENDS) if renderings else highlights
    window = _between_words(text, _densest(marks, len(text), length, at))
    return Snippet(
        text[window.slice],
        trim_spans(highlights, window),
        window.start > 0,
        window.end < len(text),
        trim_spans(renderings, window),
    )


def spans_apart(spans: Iterable[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    """Those of `spans` that touch none of the code points of `others`.

    >>> spans_apart([Span(0, 2), Span(5, 7)], [Span(1, 3)])
    (Span(start=5, end=7),)
    """
    if not spans:
        return ()
    return tuple(
        [span for span in spans if not any(one.start < span.end and span.start < one.end for one in others)]
    )


def join_sides(
    passages: Sequence[Passage],
    spans: Sequence[Sequence[Span]],
    renderings: Sequence[Sequence[Span]] | None = None,
) -> PairedText | None:
    """The other side of a passage: its partners' texts, joined, with what is marked in each of them.

    Args:
        passages: the partners in reading order.
        spans: what is marked in each: sorted and disjoint.
        renderings: what renders words of the query in each; what is marked already is left out.

    Returns:
        `None` where there are no partners.
    """
    if not passages:
        return None
    joined: list[Span] = []
    renders: list[Span] = []
    at = 0
    for passage, marked, rendered in zip(passages, spans, renderings or [()] * len(passages), strict=True):
        joined.extend(Span(at + span.start, at + span.end) for span in marked)
        renders.extend(Span(at + span.start, at + span.end) for span in spans_apart(rendered, marked))
        at += len(passage.text) + 1
    first = passages[0]
    text = "\n".join(passage.text for passage in passages)
    return PairedText(
        first.lang, text, tuple(joined), address=first.address, kind=first.kind, renderings=tuple(renders)
    )


def _densest(highlights: Sequence[Span], total: int, length: int, at: float) -> Span:
    """The window that holds the most marked code points; the first of several; with no marks the one `at`."""
    if not highlights:
        start = max(0, min(int(at * total), total - length))
        return Span(start, min(total, start + length))
    best, most, room = 0, -1, length * (1 - _LEAD)
    marked, last = 0, 0
    for index, first in enumerate(highlights):
        begin = first.start
        # What follows a later mark reaches at least as far as what followed the one before it.
        while last < len(highlights) and (end := highlights[last].end) - begin <= room:
            marked += end - highlights[last].start
            last += 1
        if marked > most:
            best, most = begin, marked
        if last == len(highlights):
            break  # all that begins later holds less
        if last > index:
            marked -= first.end - begin
        else:  # it does not fit into the window itself
            last = index + 1
    start = max(0, min(best - int(length * _LEAD), total - length))
    return Span(start, min(total, start + length))


def _between_words(text: str, window: Span) -> Span:
    """The window, widened so that it cuts no word."""
    start, end = window.start, window.end
    if start > 0 and not text[start - 1].isspace():
        least = max(0, start - _SLACK)
        space = text.rfind(" ", least, start)
        for mark in _OTHER_SPACES:
            space = max(space, text.rfind(mark, max(least, space), start))
        start = space + 1 if space >= 0 else start
    if end < len(text) and not text[end].isspace():
        most = end + _SLACK
        space = text.find(" ", end, most)
        for mark in _OTHER_SPACES:
            other = text.find(mark, end, space if space >= 0 else most)
            space = other if other >= 0 else space
        if space >= 0:
            end = space
        elif most >= len(text):
            end = len(text)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
