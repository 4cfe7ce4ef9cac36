"""Query -> results: runs the engine, narrows, sorts, groups by document, and cuts snippets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import accumulate, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from indexer.durable import changed_ns
from indexer.engine import Columns, Engine, Snapshot
from indexer.engine.whoosh import WhooshEngine
from indexer.errors import (
    IndexMissingError,
    IndexOutdatedError,
    UnknownAddressError,
    UnknownDocumentError,
)
from indexer.kept import Kept
from indexer.model.archive import FormerDocument, MarkedDocument, MarkedPassage, Stats, Tally, Tombstone
from indexer.model.query import Query
from indexer.model.results import (
    Also,
    AlsoResults,
    DocumentHits,
    Facets,
    Hit,
    PairedText,
    Reason,
    SearchResults,
    Sort,
)
from indexer.model.text import DocumentInfo, Lang, Passage, Span
from indexer.narrow import Choice, Found, group_by_document, narrow, numbers_of
from indexer.query import parse_query
from indexer.settings import Settings
from indexer.snippets import cut_snippet, join_sides, spans_apart

if TYPE_CHECKING:
    from indexer.addresses import PastAddresses
    from indexer.also import CurrentLexicon, Translation
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
_FEW: Final = 3
"""Documents in the other language that are shown beneath the direct hits."""
_CHARACTERS_OF_A_HIT: Final = 1000
"""What a hit takes beside its text, in code points."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A page of results that a person asks for."""

    text: str
    choice: Choice
    page: int
    per_page: int
    per_document: int | None
    """None where the passages are not grouped."""
    also: Also = "few"
    without: tuple[str, ...] = ()


_VALUES: Final = attrgetter(*(one.name for one in fields(_Asked) if one.name != "choice"))
_CHOSEN: Final = attrgetter(*(one.name for one in fields(Choice)))


class Archive:
    """An opened archive; may be used by several threads, and sees each new commit from the next call on."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings = settings
        self._engine = engine
        self._kept = Kept[SearchResults](most=_KEPT_PAGES, size=_KEPT_CHARACTERS, weigh=_characters)
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
        return self._results(_Asked(text, choice, page, per_page, per_document, also, tuple(without)))

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
        return self._results(_Asked(text, choice, page, limit, None, also, tuple(without)))

    def explain(self, text: str, passages: Sequence[Passage]) -> list[tuple[Reason, ...]]:
        """For each of the passages, which words of `text` bring it, and by what; see `Reason`."""
        snapshot = self._engine.snapshot()
        numbers = [
            next((n for n, side in _numbered(snapshot, one.address) if side.lang == one.lang), -1)
            for one in passages
        ]
        from indexer.explanation import explain

        return explain(snapshot, parse_query(text), numbers)

    def document(self, document_id: str, *, text: str = "", without: Iterable[str] = ()) -> MarkedDocument:
        """A whole document, with the matches of `text` and its renderings marked, less those in `without`.

        Raises:
            UnknownDocumentError: there is no such document.
        """
        return _document(self._engine.snapshot(), document_id, text, self._usable_lexicon(), without)

    def passage(self, address: str, lang: Lang | None = None) -> Passage:
        """The passage with this address; of a pair the side in `lang`, else the English one.

        An address of former times leads to the passage that it has become.

        Raises:
            UnknownAddressError: there is no such passage.
        """
        return self._passage(self._engine.snapshot(), address, lang)

    def place(
        self, address: str, lang: Lang | None = None, *, text: str = "", without: Iterable[str] = ()
    ) -> tuple[Passage, MarkedDocument]:
        """The passage with this address and the document it stands in, both of one commit.

        Raises:
            UnknownAddressError: there is no such passage.
        """
        snapshot = self._engine.snapshot()
        passage = self._passage(snapshot, address, lang)
        return passage, _document(snapshot, passage.document, text, self._usable_lexicon(), without)

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
        grave = self._past.grave(address, lang)
        if grave is None:
            return None
        snapshot = self._engine.snapshot()
        near = (self._past.leads_to(*key) or key for key in grave.near)
        found = (side for key in near for side in _sides(snapshot, key[0]) if side.lang == grave.lang)
        try:
            info = snapshot.info(grave.document)
        except UnknownDocumentError:
            info = None
        begins = None if info else self._past.beginning(grave.document)
        return Tombstone(
            grave.address, grave.lang, grave.text, grave.document, info, next(found, None), begins
        )

    def former(self, document_id: str) -> FormerDocument | None:
        """What became of a document that is not called so any more; `None` where nothing is known of one.

        Raises:
            AddressesError: the registry is damaged.
        """
        now = self._past.renamed(document_id)
        if now:
            with suppress(UnknownDocumentError):
                return FormerDocument(self._engine.snapshot().info(now).id)
        begins = self._past.beginning(now or document_id)
        return FormerDocument(begins=begins) if begins else None

    def documents(self) -> tuple[DocumentInfo, ...]:
        """All documents, the newest first, undated ones last."""
        return self._engine.snapshot().documents()

    def terms(self, text: str) -> list[tuple[str, tuple[Known, ...]]]:
        """The words of `text`, and the terms in it, each with its sure renderings; none without pairs.

        Raises:
            IndexOutdatedError: the lexicon is damaged, or of another version.
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

    def _passage(self, snapshot: Snapshot, address: str, lang: Lang | None) -> Passage:
        sides = _sides(snapshot, address)
        if not any(lang in (None, side.lang) for side in sides):
            now = self._past.leads_to(address, lang)
            sides = (_sides(snapshot, now[0]) if now else []) or sides
            lang = now[1] if now else lang
        if not sides:
            raise UnknownAddressError(f"no passage of this archive has the address {address!r}")
        return next((side for side in sides if side.lang == lang), sides[0])

    def _results(self, asked: _Asked) -> SearchResults:
        snapshot = self._engine.snapshot()
        taught = self._taught()
        # Of plain values a tuple is hashed by itself; a dataclass asks for each of them anew, each time.
        key = (*_VALUES(asked), *_CHOSEN(asked.choice))
        return self._kept.get((snapshot.generation, taught), key, lambda: self._find(snapshot, asked, taught))

    def _find(self, snapshot: Snapshot, asked: _Asked, taught: int) -> SearchResults:
        try:
            lexicon = self._lexicon.get() if taught else None
        except IndexOutdatedError:  # what was typed is found all the same
            results = _find(snapshot, asked, None)
            return replace(results, notices=(*results.notices, "no-lexicon")) if results.text else results
        return _find(snapshot, asked, lexicon)

    @cached_property
    def _past(self) -> PastAddresses:
        from indexer.addresses import PastAddresses

        return PastAddresses(self.settings.addresses)

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
        except IndexOutdatedError:
            return None


def open_archive(settings: Settings) -> Archive:
    """The archive of these settings; its index is opened at the first use."""
    return Archive(settings, WhooshEngine(settings.index))


def _find(snapshot: Snapshot, asked: _Asked, lexicon: Lexicon | None) -> SearchResults:
    query = parse_query(asked.text)
    if not query and not asked.choice:
        return SearchResults(query.text, 0, 0, (), Facets(), query.notices)
    found = narrow(snapshot.columns, query, snapshot.rank(query), asked.choice)
    translation = _translation(query, lexicon, asked.without)
    also = _also(snapshot, query, translation, found, asked)
    whole = also is not None and also.whole
    groups = group_by_document(
        snapshot.columns,
        found,
        (asked.page - 1) * asked.per_page,
        asked.page * asked.per_page,
        grouped=asked.per_document is not None,
    )
    shown = [] if whole else groups.shown
    return SearchResults(
        text=query.text,
        total=len(found.numbers),
        documents=groups.documents,
        groups=_read(snapshot, query, found, shown, asked.per_document or 1, translation=translation),
        facets=found.facets,
        notices=(*query.notices, *found.notices),
        page=1 if whole else asked.page,
        pages=max(1, -(-groups.groups // asked.per_page)),
        also=also,
    )


def _also(
    snapshot: Snapshot, query: Query, translation: Translation | None, direct: Found, asked: _Asked
) -> AlsoResults | None:
    """What is found in the other language; a few of it beside the first page of direct hits."""
    whole = asked.also == "all"
    if translation is None or asked.also == "off" or (asked.page > 1 and not whole):
        return None
    lang = translation.query.lang
    if lang is None or query.lang not in (None, lang):
        return None
    from indexer.also import find_also

    found = find_also(snapshot, translation, direct.numbers, asked.choice)
    if found is None:
        return None
    size = asked.per_page if whole else min(_FEW, asked.per_page)
    page = asked.page if whole else 1
    groups = group_by_document(
        snapshot.columns,
        found,
        (page - 1) * size,
        page * size,
        grouped=asked.per_document is not None,
    )
    return AlsoResults(
        lang=lang,
        total=len(found.numbers),
        documents=groups.documents,
        groups=_read(
            # What is found only by its translation has nothing of the query itself to be marked.
            snapshot,
            replace(query, clauses=()),
            found,
            groups.shown,
            asked.per_document or 1,
            translation=translation,
        ),
        words=translation.words,
        without=asked.without,
        page=page,
        pages=max(1, -(-groups.groups // size)) if whole else 1,
        whole=whole,
    )


def _translation(query: Query, lexicon: Lexicon | None, without: Iterable[str] = ()) -> Translation | None:
    """The query in the other language; none where there is no lexicon, or it knows none of the words."""
    if lexicon is None:
        return None
    from indexer.also import translation_of

    return translation_of(query, lexicon, without)


def _renderings(
    snapshot: Snapshot, translation: Translation | None, numbers: Sequence[int]
) -> Sequence[Sequence[Span]]:
    """For each of the passages, where words stand that render the query's."""
    if translation is None:
        return [()] * len(numbers)
    from indexer.also import rendering_spans_of

    return rendering_spans_of(snapshot, translation, numbers)


def _characters(results: SearchResults) -> int:
    """About how much room results take, in code points."""
    size = _CHARACTERS_OF_A_HIT
    for group in (*results.groups, *(results.also.groups if results.also else ())):
        for hit in group.hits:
            size += _CHARACTERS_OF_A_HIT + len(hit.passage.text) + (len(hit.pair.text) if hit.pair else 0)
    return size


def _document(
    snapshot: Snapshot, document_id: str, text: str, lexicon: Lexicon | None, without: Iterable[str]
) -> MarkedDocument:
    info, numbers = snapshot.document(document_id)
    passages = snapshot.passages(numbers)
    if not text.strip():
        return MarkedDocument(info, tuple(map(MarkedPassage, passages)))
    query = parse_query(text)
    spans = snapshot.spans(query, numbers)
    renderings = _renderings(snapshot, _translation(query, lexicon, without), numbers)
    marked = (
        MarkedPassage(passage, found, spans_apart(rendered, found))
        for passage, found, rendered in zip(passages, spans, renderings, strict=True)
    )
    return MarkedDocument(info, tuple(marked))


def _numbered(snapshot: Snapshot, address: str) -> list[tuple[int, Passage]]:
    numbers = snapshot.addressed(address)
    return list(zip(numbers, snapshot.passages(numbers), strict=True))


def _sides(snapshot: Snapshot, address: str) -> list[Passage]:
    """The passages with this address, English first."""
    return sorted(snapshot.passages(snapshot.addressed(address)), key=lambda side: side.lang)


def _read(
    snapshot: Snapshot,
    query: Query,
    found: Found,
    groups: Sequence[Sequence[int]],
    per_document: int,
    *,
    translation: Translation | None,
) -> tuple[DocumentHits, ...]:
    """The hits of these groups and their other sides: the only passages of a search that are read."""
    shown = [group[:per_document] for group in groups]
    indices = [index for part in shown for index in part]
    every = found.numbers.data  # a few come faster out of a view
    numbers: list[int] = [every[index] for index in indices]
    passages = snapshot.passages(numbers)
    partners = _partners(snapshot.columns, numbers, passages)
    wanted = sorted({number for several in partners for number in several})
    # Hits and their other sides are looked into together, as each word is looked up once.
    shown_all = [*numbers, *wanted]
    marked = dict(zip(shown_all, snapshot.spans(query, shown_all), strict=True))
    rendered = dict(zip(shown_all, _renderings(snapshot, translation, shown_all), strict=True))
    sides = dict(zip(wanted, snapshot.passages(wanted), strict=True)) if wanted else {}
    hits = [
        _hit(
            passage,
            score,
            marked[number],
            rendered[number],
            _side(several, sides, marked, rendered),
        )
        for number, passage, score, several in zip(
            numbers, passages, found.scores(indices), partners, strict=True
        )
    ]
    rest = iter(hits)
    best = accumulate(map(len, shown), initial=0)
    infos = snapshot.infos([numbers[at] for at, _ in zip(best, shown, strict=False)])
    return tuple(
        [
            DocumentHits(info, tuple(islice(rest, len(part))), more=len(group) - len(part))
            for info, group, part in zip(infos, groups, shown, strict=True)
        ]
    )


def _hit(
    passage: Passage,
    score: float,
    marked: tuple[Span, ...],
    rendered: Sequence[Span],
    pair: PairedText | None,
) -> Hit:
    renderings = spans_apart(rendered, marked) if rendered else ()
    snippet = cut_snippet(passage.text, marked, passage.lang, renderings=renderings)
    if pair is not None:
        # Of a long side without a match, the part is shown that stands where the hit's snippet stands.
        at = passage.text.find(snippet.text) / len(passage.text) if snippet.starts_inside else 0.0
        side = cut_snippet(pair.text, pair.highlights, pair.lang, at=at, renderings=pair.renderings)
        pair = replace(pair, snippet=side)
    return Hit(passage, score, marked, snippet, pair, renderings)


def _partners(columns: Columns, numbers: Sequence[int], passages: Sequence[Passage]) -> list[list[int]]:
    """For each of the passages the numbers of those that say the same in the other language."""
    return [
        numbers_of(columns, number, passage.partners) if passage.partners else []
        for number, passage in zip(numbers, passages, strict=True)
    ]


def _side(
    numbers: Sequence[int],
    passages: Mapping[int, Passage],
    marked: Mapping[int, tuple[Span, ...]],
    rendered: Mapping[int, Sequence[Span]],
) -> PairedText | None:
    """The other side of a hit: the passages `numbers`, by number with what is marked in each."""
    if not numbers:
        return None
    return join_sides(
        [passages[number] for number in numbers],
        [marked[number] for number in numbers],
        [rendered[number] for number in numbers],
    )
