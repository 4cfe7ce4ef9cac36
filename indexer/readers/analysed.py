"""Documents whose texts are divided into runs where they are read, so that two processes share the work.

Only as long as no document with Korean has come: these are analysed where Kiwi is, together with all that
follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.analysis.script import has_korean
from indexer.analysis.spelled import Spelled, Speller
from indexer.model.text import DocumentInfo, Passage
from indexer.references import blank

__all__ = ["Analyst", "texts_of"]


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
        self._speller = Speller()
        self._korean = False
        """Whether any has come."""

    def tell(self, documents: Sequence[tuple[DocumentInfo, Sequence[Passage]]]) -> list[Spelled] | None:
        """What is to be told of each document's `texts_of`; nothing once there is Korean."""
        if self._korean:
            return None
        texts = [list(texts_of(*one)) for one in documents]
        self._korean = any(any(map(has_korean, some)) for some in texts)
        return None if self._korean else self._speller.spell(texts)
