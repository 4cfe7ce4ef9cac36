"""What an opened archive can be asked: searches, documents, passages, reports, terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from indexer.durable import changed_ns
from indexer.engine import Engine, Snapshot
from indexer.engine.whoosh import WhooshEngine
from indexer.errors import IndexMissingError, IndexOutdatedError, LexiconError
from indexer.hits import mark_document
from indexer.kept import Kept
from indexer.model.archive import FormerDocument, MarkedDocument, Stats, Tally, Tombstone
from indexer.model.results import Also, Reason, SearchResults, Sort
from indexer.model.text import DocumentInfo, Lang, Passage
from indexer.narrow import Choice
from indexer.page import Asked, find_page, room_of
from indexer.permalinks import Permalinks
from indexer.query import parse_query
from indexer.settings import Settings

if TYPE_CHECKING:
    from indexer.also import CurrentLexicon
    from indexer.lexicon import Known, Lexicon
    from indexer.report import Finding

# What not every search needs is loaded where it is needed: `hanyeong serve` answers its first query so much
# sooner.
# ruff: noqa: PLC0415

__all__ = ["Archive", "open_archive"]

_KEPT_PAGES: Final = 512
"""Pages of results that are kept until the next commit."""
_KEPT_CHARACTERS: Final = 8_000_000
"""Code points that they may have together, and as many bytes and more."""

_VALUES: Final = attrgetter(*(one.name for one in fields(Asked) if one.name != "choice"))
_CHOSEN: Final = attrgetter(*(one.name for one in fields(Choice)))


class Archive:
    """An opened archive; may be used by several threads, and sees each new commit from the next call on."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings = settings
        self._engine = engine
        self._kept = Kept[SearchResults](most=_KEPT_PAGES, size=_KEPT_CHARACTERS, weigh=room_of)
        self._permalinks = Permalinks(engine, settings.addresses)
        self._lexicon_file = settings.lexicon

    def search(
        self,
        text: str,
        *,
        lang: Lang | None = None,
        years: tuple[int, int] | None = None,
        paired: bool = False,
        sort: Sort = "relevance",
        page: int = 1,
        per_page: int = 10,
        per_document: int = 3,
        also: Also = "few",
        without: Iterable[str] = (),
    ) -> SearchResults:
        """One page of what `text` finds, grouped by document.

        Args:
            text: what was typed; where it is empty, what is chosen beside it finds all that it lets by.
            lang: only passages in this language.
            years: only documents of these years, both included.
            paired: only passages that have another side.
            sort: by the best passage of each document, or by the documents' dates.
            page: from 1; beyond the last page there is nothing.
            per_page: documents on a page.
            per_document: passages shown of each.
            also: of what is found in the other language by what the archive's pairs teach: `few` of it,
                beside the first page of direct hits; `all` of it, page by page, and no direct hits; or `off`.
            without: renderings that are not searched.

        Raises:
            IndexMissingError: there is no index yet.
            IndexOutdatedError: the index must be rebuilt.
        """
        choice = Choice(lang, years, sort, paired)
        return self._results(Asked(text, choice, page, per_page, per_document, also, tuple(without)))

    def passages(
        self,
        text: str,
        *,
        lang: Lang | None = None,
        years: tuple[int, int] | None = None,
        paired: bool = False,
        sort: Sort = "relevance",
        page: int = 1,
        limit: int = 10,
        also: Also = "few",
        without: Iterable[str] = (),
    ) -> SearchResults:
        """As `search`, but `limit` passages a page in one list, each in a group of its own."""
        choice = Choice(lang, years, sort, paired)
        return self._results(Asked(text, choice, page, limit, None, also, tuple(without)))

    def explain(self, text: str, passages: Sequence[Passage]) -> list[tuple[Reason, ...]]:
        """For each of the passages, which words of `text` bring it, and by what; see `Reason`."""
        snapshot = self._engine.snapshot()
        numbers = [self._permalinks.number(snapshot, one) for one in passages]
        from indexer.explanation import explain

        return explain(snapshot, parse_query(text), numbers)

    def document(self, document_id: str, *, text: str = "", without: Iterable[str] = ()) -> MarkedDocument:
        """A whole document, with the matches of `text` and its renderings marked, less those in `without`.

        Raises:
            UnknownDocumentError: there is no such document.
        """
        return mark_document(self._engine.snapshot(), document_id, text, self._usable_lexicon(), without)

    def passage(self, address: str, lang: Lang | None = None) -> Passage:
        """The passage with this address; of a pair the side in `lang`, else the English one.

        An address of former times leads to the passage that it has become.

        Raises:
            UnknownAddressError: there is no such passage.
        """
        return self._permalinks.passage(self._engine.snapshot(), address, lang)

    def place(
        self, address: str, lang: Lang | None = None, *, text: str = "", without: Iterable[str] = ()
    ) -> tuple[Passage, MarkedDocument]:
        """The passage with this address and the document it stands in, both of one commit.

        Raises:
            UnknownAddressError: there is no such passage.
        """
        snapshot = self._engine.snapshot()
        passage = self._permalinks.passage(snapshot, address, lang)
        return passage, mark_document(snapshot, passage.document, text, self._usable_lexicon(), without)

    def report(self, document_id: str) -> tuple[DocumentInfo, tuple[Finding, ...]]:
        """What a translation editor should look at in a document; computed now.

        Raises:
            UnknownDocumentError: there is no such document.
        """
        snapshot = self._engine.snapshot()
        info, numbers = snapshot.document(document_id)
        from indexer.consistency import SeveralWays
        from indexer.report import review

        several = SeveralWays(self._renderings) if self._usable_lexicon() else None
        return info, review(snapshot.passages(numbers), several)

    def _renderings(self, word: str) -> list[str]:
        found = dict(self.terms(word)).get(word, ())
        return [text for known in found for text in known.text.split(" / ")]

    def tallies(self) -> tuple[tuple[DocumentInfo, Tally], ...]:
        """How much there is to be looked at in each document that is in both languages, the most first.

        The figures were counted when the documents were indexed.
        """
        snapshot = self._engine.snapshot()
        tallies = snapshot.tallies()
        counted = [(info, tallies[info.id]) for info in snapshot.documents() if info.id in tallies]
        return tuple(sorted(counted, key=lambda one: -one[1].total))

    def tombstone(self, address: str, lang: Lang | None = None) -> Tombstone | None:
        """What is left of a passage that is gone; `None` where there never was one with this address."""
        return self._permalinks.tombstone(address, lang)

    def former(self, document_id: str) -> FormerDocument | None:
        """What became of a document that is not called so any more; `None` where nothing is known of one.

        Raises:
            AddressesError: the registry is damaged.
        """
        return self._permalinks.former(document_id)

    def documents(self) -> tuple[DocumentInfo, ...]:
        """All documents, the newest first, undated ones last."""
        return self._engine.snapshot().documents()

    def terms(self, text: str) -> list[tuple[str, tuple[Known, ...]]]:
        """The words of `text`, and the terms in it, each with its sure renderings; none without pairs.

        Raises:
            LexiconError: it is damaged, or of another version.
        """
        lexicon = self._lexicon.get() if self._taught() else None
        if lexicon is None:
            return []
        from indexer.lexicon import known_terms

        return known_terms(parse_query(text), lexicon)

    def stats(self) -> Stats:
        """How much there is."""
        return self._engine.snapshot().stats

    @property
    def generation(self) -> str:
        """What changes with every commit, and only then; costs next to nothing.

        Raises:
            IndexMissingError: there is no index yet.
            IndexOutdatedError: the index must be rebuilt.
        """
        return self._engine.snapshot().generation

    @property
    def checked(self) -> bool:
        """Whether all of the newest commit has been compared with its checksums; costs next to nothing.

        Raises:
            IndexMissingError: there is no index yet.
            IndexOutdatedError: the index must be rebuilt.
        """
        return self._engine.snapshot().checked

    @property
    def version(self) -> str:
        """What changes with every commit and with what the pairs teach: what an answer depends on.

        Raises:
            IndexMissingError: there is no index yet.
            IndexOutdatedError: the index must be rebuilt.
        """
        return f"{self.generation}-{self._taught():x}"

    def is_built(self) -> bool:
        """Whether there is an index.

        Raises:
            IndexOutdatedError: there is one that must be rebuilt.
        """
        try:
            self._engine.snapshot()
        except IndexMissingError:
            return False
        return True

    def warm(self) -> None:
        """Loads what the first Korean query would wait for, and checks the index, if there is one."""
        parse_query("한영")
        with suppress(IndexMissingError, IndexOutdatedError):  # whoever asks is told
            self._engine.snapshot().warm()

    def _results(self, asked: Asked) -> SearchResults:
        snapshot = self._engine.snapshot()
        taught = self._taught()
        # Of plain values a tuple is hashed by itself; a dataclass asks for each of them anew, each time.
        key = (*_VALUES(asked), *_CHOSEN(asked.choice))
        return self._kept.get((snapshot.generation, taught), key, lambda: self._find(snapshot, asked, taught))

    def _find(self, snapshot: Snapshot, asked: Asked, taught: int) -> SearchResults:
        try:
            lexicon = self._lexicon.get() if taught else None
        except LexiconError:  # what was typed is found all the same
            results = find_page(snapshot, asked, None)
            return replace(results, notices=(*results.notices, "no-lexicon")) if results.text else results
        return find_page(snapshot, asked, lexicon)

    @cached_property
    def _lexicon(self) -> CurrentLexicon:
        from indexer.also import CurrentLexicon

        return CurrentLexicon(self._lexicon_file)

    def _taught(self) -> int:
        """The lexicon's version (see `indexer.also.CurrentLexicon`); 0 where there is none."""
        return changed_ns(self._lexicon_file)

    def _usable_lexicon(self) -> Lexicon | None:
        """The lexicon; `None` also where it cannot be read, which a search says."""
        try:
            return self._lexicon.get() if self._taught() else None
        except LexiconError:
            return None


def open_archive(settings: Settings) -> Archive:
    """The archive of these settings; its index is opened at the first use."""
    return Archive(settings, WhooshEngine(settings.index))
