"""A small archive in memory: it finds words by looking for them, and keeps the contract of `Archive`."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.errors import UnknownAddressError, UnknownDocumentError
from indexer.lexicon import Known
from indexer.model.archive import FormerDocument, MarkedDocument, MarkedPassage, Stats, Tombstone
from indexer.model.dates import Date
from indexer.model.results import DocumentHits, Facets, Hit, PairedText, SearchResults, Snippet
from indexer.model.text import Bilingual, BlockKind, DocumentInfo, Passage, Reference, Span
from indexer.query import parse_query
from indexer.report import in_both_languages, review, tally
from indexer.settings import Settings
from indexer.snippets import join_sides

REFERENCE = re.compile(r"\[(\w+)\]")
COMMITTED = dt.datetime(2024, 5, 1, 12, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class FakeDocument:
    info: DocumentInfo
    passages: tuple[Passage, ...]


@dataclass
class FakeArchive:
    """The reading half of an archive."""

    library: list[FakeDocument]
    settings: Settings = field(default_factory=lambda: Settings(Path("nowhere")))
    generation: str = "g1"
    checked: bool = False
    notices: tuple[str, ...] = ()
    calls: list[str] = field(default_factory=list)
    graves: dict[str, Tombstone] = field(default_factory=dict)
    formers: dict[str, FormerDocument] = field(default_factory=dict)

    @property
    def version(self):
        return self.generation

    def search(
        self,
        text,
        *,
        lang=None,
        years=None,
        paired=False,
        sort="relevance",
        page=1,
        per_page=10,
        per_document=3,
        also="few",
        without=(),
    ):
        self.calls.append("search")
        groups = []
        for document in self._ordered(years, sort):
            hits = self._hits(document, text, lang, paired=paired)
            if hits:
                shown = tuple(hits[:per_document])
                groups.append((DocumentHits(document.info, shown, len(hits) - len(shown)), len(hits)))
        pages = max(1, -(-len(groups) // per_page))
        start = (page - 1) * per_page
        return SearchResults(
            text=text,
            total=sum(count for _, count in groups),
            documents=len(groups),
            groups=tuple(group for group, _ in groups[start : start + per_page]),
            facets=self._facets(text, lang, years),
            notices=(*self.notices, *parse_query(text).notices),
            page=page,
            pages=pages,
        )

    def passages(
        self,
        text,
        *,
        lang=None,
        years=None,
        paired=False,
        sort="relevance",
        page=1,
        limit=10,
        also="few",
        without=(),
    ):
        self.calls.append("passages")
        found = [
            DocumentHits(document.info, (hit,))
            for document in self._ordered(years, sort)
            for hit in self._hits(document, text, lang, paired=paired)
        ]
        start = (page - 1) * limit
        return SearchResults(
            text=text,
            total=len(found),
            documents=len({group.document.id for group in found}),
            groups=tuple(found[start : start + limit]),
            facets=self._facets(text, lang, years),
            page=page,
            pages=max(1, -(-len(found) // limit)),
        )

    def explain(self, text, passages):
        return [()] * len(passages)

    def document(self, document_id, *, text="", without=()):
        self.calls.append("document")
        return self._marked(document_id, text)

    def _marked(self, document_id, text):
        for document in self.library:
            if document.info.id == document_id:
                marked = tuple(MarkedPassage(p, _spans(p.text, text)) for p in document.passages)
                return MarkedDocument(document.info, marked)
        raise UnknownDocumentError(
            f"there is no document {document_id!r}; `hanyeong info` lists what there is"
        )

    def passage(self, address, lang=None):
        self.calls.append("passage")
        return self._side(address, lang)

    def _side(self, address, lang):
        sides = [p for document in self.library for p in document.passages if p.address == address]
        if not sides:
            raise UnknownAddressError(f"no passage of this archive has the address {address!r}")
        sides.sort(key=lambda side: side.lang)
        return next((side for side in sides if side.lang == lang), sides[0])

    def place(self, address, lang=None, *, text="", without=()):
        self.calls.append("place")
        passage = self._side(address, lang)
        return passage, self._marked(passage.document, text)

    def terms(self, text):
        self.calls.append("terms")
        if text != "ceasefire":
            return []
        known = (
            Known("ko 정전", "정전", "ceasefire", 0.8, 3, 4),
            Known("ko 휴전", "휴전", "", 1.0, 0, 0, given=True),
        )
        return [("ceasefire", known)]

    def tombstone(self, address, lang=None):
        self.calls.append("tombstone")
        return self.graves.get(address)

    def former(self, document_id):
        return self.formers.get(document_id)

    def documents(self):
        return tuple(document.info for document in self._ordered(None, "date"))

    def report(self, document_id):
        marked = self._marked(document_id, "")
        return marked.info, review([one.passage for one in marked.passages])

    def tallies(self):
        counted = [
            (document.info, tally(review(document.passages)))
            for document in self.library
            if in_both_languages(document.passages)
        ]
        return tuple(sorted(counted, key=lambda one: -one[1].total))

    def stats(self):
        langs = Counter(passage.lang for document in self.library for passage in document.passages)
        return Stats(len(self.library), langs, COMMITTED, self.generation)

    def _ordered(self, years, sort):
        chosen = [d for d in self.library if years is None or years[0] <= _year(d) <= years[1]]
        return sorted(chosen, key=_year, reverse=True) if sort == "date" else chosen

    def _hits(self, document, text, lang, *, paired=False, folded=True):
        hits = []
        for passage in document.passages:
            spans = _spans(passage.text, text)
            if (spans or not text) and lang in (None, passage.lang):
                hits.append(Hit(passage, float(len(spans)), spans, _snippet(passage.text, spans)))
        found = [replace(hit, pair=self._pair(document, hit.passage, text)) for hit in hits]
        shown, kept = set(), []
        for hit in found:
            if (folded and hit.passage.ordinal in shown) or (paired and not hit.pair):
                continue
            kept.append(hit)
            shown.update(hit.passage.partners)
        return kept

    def _pair(self, document, passage, text):
        partners = [document.passages[at] for at in passage.partners]
        pair = join_sides(partners, [_spans(partner.text, text) for partner in partners])
        if pair:
            return pair
        for other in document.passages:
            if other.address == passage.address and other.lang != passage.lang:
                return PairedText(other.lang, other.text, _spans(other.text, text))
        return None

    def _facets(self, text, lang, years):
        langs, by_year, both = Counter(), Counter(), Counter()
        for document in self.library:
            if years is None or years[0] <= _year(document) <= years[1]:
                every = self._hits(document, text, None, folded=False)
                langs.update(hit.passage.lang for hit in every)
                both.update(bool(hit.pair) for hit in self._hits(document, text, None))
            for hit in self._hits(document, text, None):
                if lang in (None, hit.passage.lang) and document.info.date:
                    by_year[_year(document)] += 1
        return Facets(dict(langs), dict(sorted(by_year.items(), reverse=True)), both[True], both.total())


def _year(document):
    return document.info.date.year if document.info.date else 0


def _spans(text, query):
    words = [re.escape(word) for word in re.findall(r"[\w']+", query)]
    if not words:
        return ()
    return tuple(Span(*m.span()) for m in re.finditer("|".join(words), text, re.IGNORECASE))


def _snippet(text, spans):
    start = max(0, spans[0].start - 60) if spans and len(text) > 240 else 0
    end = min(len(text), start + 240)
    inside = tuple(Span(s.start - start, s.end - start) for s in spans if s.start >= start and s.end <= end)
    return Snippet(text[start:end], inside, start > 0, end < len(text))


def make_document(info, lines):
    """A document from `(lang, kind, text, extras)`; its addresses are made from its id and the ordinal."""
    passages = []
    for ordinal, (lang, kind, text, *extras) in enumerate(lines):
        extra = extras[0] if extras else {}
        references = ()
        if kind is not BlockKind.CODE:
            references = tuple(Reference(m[1], Span(*m.span())) for m in REFERENCE.finditer(text))
        number = f"{info.id.upper().replace('/', '')[:4]:0<4}{ordinal:04d}"
        fields = {"address": number, "references": references, **extra}
        passages.append(Passage(info.id, ordinal, kind, lang, text, **fields))
    return FakeDocument(info, tuple(passages))


T, H, P, L, R, Q, C, N = (
    BlockKind.TITLE,
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.LIST_ITEM,
    BlockKind.TABLE_ROW,
    BlockKind.QUOTATION,
    BlockKind.CODE,
    BlockKind.FOOTNOTE,
)

ARMISTICE = make_document(
    DocumentInfo(
        "peace/armistice",
        Bilingual(
            "The Armistice of 1953 and the Peace That Did Not Follow",
            "1953년 정전 협정, 그리고 오지 않은 평화",
        ),
        ("Han Seo-yeon", "한서연"),
        Date(2023, 7, 27),
    ),
    [
        ("en", T, "The Armistice of 1953 and the Peace That Did Not Follow"),
        (
            "en",
            P,
            (
                "On 27 July 1953 an armistice was signed at Panmunjom. It stopped the fighting of the "
                "Korean War, "
                "but it was a military agreement between commanders, and no peace treaty has replaced it. [1]"
            ),
        ),
        ("en", H, "Two years of negotiations", {"level": 1}),
        (
            "en",
            P,
            (
                "The negotiations began at Kaesong on 10 July 1951 and moved to Panmunjom in October of "
                "the same "
                "year. The hardest question was that of the prisoners of war: whether a prisoner might "
                "refuse to "
                "go home."
            ),
        ),
        (
            "en",
            P,
            (
                "A ceasefire was meant to be the first step. The agreement itself recommends a political "
                "conference within three months, to settle the question of Korea through negotiation. [2]"
            ),
        ),
        ("en", H, "What the agreement set up", {"level": 2}),
        ("en", L, "A military demarcation line", {"level": 1, "marker": "•"}),
        ("en", L, "A demilitarized zone on both sides of it:", {"level": 1, "marker": "•"}),
        ("en", L, "two kilometres to the north;", {"level": 2, "marker": "1."}),
        ("en", L, "two kilometres to the south.", {"level": 2, "marker": "2."}),
        ("en", L, "A commission that watches over the armistice", {"level": 1, "marker": "•"}),
        ("en", H, "Dates", {"level": 1}),
        ("en", R, "Date\tPlace\tEvent", {"marker": "head"}),
        ("en", R, "10 July 1951\tKaesong\tThe negotiations begin"),
        ("en", R, "27 July 1953\tPanmunjom\tThe armistice is signed"),
        ("en", R, "26 April 1954\tGeneva\tA conference on Korea opens; it ends without an agreement"),
        (
            "en",
            Q,
            "The conditions of an armistice are intended to be purely military in character.",
        ),
        ("en", N, "The agreement was signed in English, Korean and Chinese.", {"label": "1"}),
        ("en", N, "Article IV, paragraph 60. See also the dates above. [1]", {"label": "2"}),
        ("ko", T, "1953년 정전 협정, 그리고 오지 않은 평화"),
        (
            "ko",
            P,
            (
                "1953년 7월 27일 판문점에서 정전 협정이 체결되었다. 협정은 한국전쟁의 전투를 멈추게 했지만 "
                "사령관들 사이의 군사 협정이었고, 이를 대신할 평화 조약은 아직 맺어지지 않았다.[1]"
            ),
        ),
        ("ko", H, "두 해에 걸친 협상", {"level": 1}),
        (
            "ko",
            P,
            (
                "정전협상은 1951년 7월 10일 개성에서 시작되어 그해 10월 판문점으로 자리를 옮겼다. 가장 풀기 "
                "어려운 문제는 전쟁 포로였다. 포로가 귀환을 거부할 수 있는가를 두고 양측은 오래 맞섰다."
            ),
        ),
        (
            "ko",
            P,
            (
                "정전은 첫걸음이어야 했다. 협정은 석 달 안에 정치 회의를 열어 한국 문제를 협상으로 풀 것을 "
                "권고한다.[2] 그러나 현상(現狀) 유지가 일흔 해를 넘겼다.[9]"
            ),
        ),
        ("ko", H, "협정이 정한 것", {"level": 2}),
        ("ko", L, "군사분계선", {"level": 1, "marker": "•"}),
        ("ko", L, "그 양쪽의 비무장지대", {"level": 1, "marker": "•"}),
        ("ko", L, "북쪽으로 2킬로미터", {"level": 2, "marker": "1."}),
        ("ko", L, "남쪽으로 2킬로미터", {"level": 2, "marker": "2."}),
        ("ko", L, "정전을 감독하는 위원회", {"level": 1, "marker": "•"}),
        ("ko", H, "날짜", {"level": 1}),
        ("ko", R, "날짜\t장소\t사건", {"marker": "head"}),
        ("ko", R, "1951년 7월 10일\t개성\t협상 시작"),
        ("ko", R, "1953년 7월 27일\t판문점\t정전 협정 체결"),
        ("ko", R, "1954년 4월 26일\t제네바\t한국 문제 회의 개막, 합의 없이 폐막"),
        ("ko", Q, "정전의 조건은 순전히 군사적 성격을 띠는 것으로 의도되었다."),
    ],
)

HANGUL = make_document(
    DocumentInfo(
        "hangul",
        Bilingual("How Hangul Is Put Together", "한글은 어떻게 짜여 있는가"),
        ("Im Do-hyeon",),
        Date(2021, 10, 9),
    ),
    [
        ("en", T, "How Hangul Is Put Together"),
        (
            "en",
            P,
            (
                "King Sejong's new script was finished in 1443 and proclaimed in 1446, together with a "
                "book that "
                "explains it, the Hunminjeongeum Haerye. [1]"
            ),
        ),
        (
            "en",
            P,
            (
                "Its letters are gathered into syllables. The Haerye says of the consonants that they "
                "picture the "
                "organs of speech."
            ),
        ),
        ("en", P, "It was lost for centuries and came to light again in 1940.", {"continues": True}),
        ("en", H, "Syllables as numbers", {"level": 3}),
        ("en", P, "Unicode holds all 11,172 modern syllables, in an order that can be computed:"),
        (
            "en",
            C,
            "def syllable(lead, vowel, tail):\n    return chr(0xAC00 + (lead * 21 + vowel) * 28 + tail)",
        ),
        (
            "en",
            N,
            "A copy is kept in the Kansong Art Museum in Seoul; UNESCO listed it in 1997.",
            {"label": "1"},
        ),
        ("ko", T, "한글은 어떻게 짜여 있는가"),
        (
            "ko",
            P,
            (
                "세종의 새 문자는 1443년에 완성되어 1446년에 그 풀이를 담은 책 『훈민정음 해례』와 함께 "
                "반포되었다.[1]"
            ),
        ),
        ("ko", P, "낱자는 모여서 음절을 이룬다. 해례는 자음이 발음 기관의 모양을 본떴다고 밝힌다."),
        (
            "ko",
            P,
            "이 책은 여러 세기 동안 자취를 감추었다가 1940년에 다시 세상에 나왔다.",
            {"continues": True},
        ),
        ("ko", H, "숫자로 본 음절", {"level": 3}),
        ("ko", P, "유니코드에는 현대 한글 음절 11,172자가 계산할 수 있는 차례로 들어 있다."),
        (
            "ko",
            N,
            "간송미술관이 한 부를 소장하고 있으며, 1997년 유네스코 세계기록유산에 올랐다.",
            {"label": "1"},
        ),
    ],
)

LETTERS = make_document(
    DocumentInfo(
        "two-letters",
        Bilingual("Two Letters from the Island", "섬에서 온 편지 두 통"),
        ("Han Seo-yeon",),
        Date(2022, 3, 1),
    ),
    [
        ("en", T, "Two Letters from the Island", {"address": "ISLE0000", "partners": (9,)}),
        ("en", H, "The first letter", {"address": "ISLE0001", "partners": (10,), "level": 1}),
        (
            "en",
            P,
            "The boat of 1952 never came. We waited at the pier until dark, and then went home. [1]",
            {"address": "ISLE0002", "partners": (11, 12)},
        ),
        ("en", P, "This paragraph stands in English only.", {"address": "ISLE0003"}),
        ("en", L, "salt", {"address": "ISLE0004", "partners": (13,), "level": 1, "marker": "•"}),
        ("en", L, "rope", {"address": "ISLE0005", "level": 1, "marker": "•"}),
        ("en", L, "lamp oil", {"address": "ISLE0006", "partners": (14,), "level": 1, "marker": "•"}),
        ("en", R, "1952\tboat", {"address": "ISLE0007", "partners": (15,)}),
        ("en", N, "The harbour book of 1952.", {"address": "ISLE0008", "partners": (16,), "label": "1"}),
        ("ko", T, "섬에서 온 편지 두 통", {"address": "ISLE0000", "partners": (0,)}),
        ("ko", H, "첫 번째 편지", {"address": "ISLE0001", "partners": (1,), "level": 1}),
        ("ko", P, "1952년의 배는 끝내 오지 않았다.", {"address": "ISLE0002", "partners": (2,)}),
        (
            "ko",
            P,
            "우리는 어두워질 때까지 선착장에서 기다리다 집으로 돌아갔다.[1]",
            {"address": "ISLE0012", "partners": (2,)},
        ),
        ("ko", L, "소금", {"address": "ISLE0004", "partners": (4,), "level": 1, "marker": "•"}),
        ("ko", L, "등유", {"address": "ISLE0006", "partners": (6,), "level": 1, "marker": "•"}),
        ("ko", R, "1952\t배", {"address": "ISLE0007", "partners": (7,)}),
        ("ko", N, "1952년 항구 일지.", {"address": "ISLE0008", "partners": (8,), "label": "1"}),
    ],
)
"""Paired throughout, but for an English paragraph and an item; one English paragraph has two Korean ones."""

LETTER = make_document(
    DocumentInfo("letters/1950", Bilingual("A Letter Without a Date"), (), None),
    [
        ("en", T, "A Letter Without a Date"),
        ("en", P, "We do not know who wrote these lines, nor whether peace found the writer at home."),
    ],
)

HOSTILE = make_document(
    DocumentInfo(
        "hostile",
        Bilingual("<script>alert(1)</script>", "제목 <img src=x onerror=alert(2)>"),
        ("<b>Mallory</b>", '"><script>alert(3)</script>'),
        Date(2020, 1, 1),
    ),
    [
        ("en", T, "<script>alert(1)</script>"),
        ("en", P, "evil <script>alert('evil')</script> & \"quotes\" [1] {{ 7 * 7 }}"),
        ("en", H, "evil <h1 onclick=alert(4)>", {"level": 1}),
        ("en", L, "evil item", {"level": 1, "marker": "<i>"}),
        ("en", R, "evil <td>\t</table><script>alert(5)</script>"),
        ("en", C, "evil </pre><script>alert(6)</script>"),
        ("en", N, "evil note <script>alert(7)</script>", {"label": "1"}),
    ],
)


GRAVES = {
    "GONE0001": Tombstone(
        "GONE0001", "ko", "마지막 <글>", ARMISTICE.info.id, ARMISTICE.info, ARMISTICE.passages[20]
    ),
    "GONE0002": Tombstone("GONE0002", "en", "The last <text>", "nowhere"),
    "GONE0003": Tombstone(
        "GONE0003", "ko", "마지막 글", "old/letter", begins=Bilingual("An old letter", "<옛> 편지")
    ),
}


def fake_archive(*, hostile=False):
    """A fresh archive with three friendly documents, and a hostile one where it is asked for."""
    library = [ARMISTICE, HANGUL, LETTER]
    return FakeArchive([*library, HOSTILE] if hostile else library, graves=dict(GRAVES))
