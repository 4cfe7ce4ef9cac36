"""Documents analysed in the process that reads them, so that two processes share the work of an archive.

Only as long as no document with Korean has come: these are analysed where Kiwi is, together with all that
follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from indexer.analysis import blank, has_korean
from indexer.analysis._tokens import Analysis, nothing_met
from indexer.analysis.told import Teller, Told
from indexer.model.text import DocumentInfo, Passage

__all__ = ["Analyst", "texts_of"]

_BESIDE: Final = 2
"""Texts of a document beside its passages: its titles, its authors."""


def texts_of(info: DocumentInfo, passages: Sequence[Passage]) -> Iterator[str]:
    """What is analysed of a document: its passages without their footnote marks, its titles, its authors."""
    for passage in passages:
        if passage.references:
            yield blank(passage.text, (reference.span for reference in passage.references))
        else:
            yield passage.text
    yield " / ".join(text for _, text in info.titles.items())
    yield " / ".join(info.authors)


class Analyst:
    """The side that reads; see the module.  Each is for one that hears all of it from the beginning."""

    def __init__(self) -> None:
        self._teller = Teller()
        self._met = nothing_met()
        self._korean = False
        """Whether any has come."""

    def tell(self, documents: Sequence[tuple[DocumentInfo, Sequence[Passage]]]) -> list[Told] | None:
        """What is to be told of the tokens of each document's `texts_of`; nothing once there is Korean."""
        texts = [text for one in documents for text in texts_of(*one)]
        self._korean = self._korean or any(map(has_korean, texts))
        if self._korean:
            return None
        if self._met.full:
            self._met = nothing_met()
        analysis = Analysis(texts, self._met)
        tokens = analysis.tokens()
        tell, table = self._teller.tell, analysis.table
        return [tell(table, islice(tokens, len(passages) + _BESIDE)) for _, passages in documents]
