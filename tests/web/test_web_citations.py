"""Citations hold whatever a title or a name has in it."""

import datetime as dt
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.authors import authors_in, authors_of
from indexer.lexicon.likeness import Likeness
from indexer.model.dates import Date
from indexer.model.text import Bilingual, BlockKind, DocumentInfo, Passage
from webapp.citations import FORMATS, citation_of, written

DAY = dt.date(2026, 7, 27)
DATED = Date(2023, 7, 8)
URL = "https://archive.example/p/7eyrj5fpm?lang=ko&v=m1p0y43d"
BOTH = Bilingual("War", "전쟁")
LINE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


def cite(form, *, title="정전 협정", authors=("한서연",), date=DATED, text="글\t글", lang="ko"):
    passage = Passage("letters/1953", 0, BlockKind.PARAGRAPH, lang, text, address="7eyrj5fpm")
    info = DocumentInfo("letters/1953", Bilingual(ko=title), authors, date)
    return written(citation_of(passage, info, "평화 기록관", URL, DAY), form)


def test_bibtex():
    assert cite("bibtex", title="R&D {50 %} #1_a", authors=("Ann Lee", "한서연")) == (
        "@misc{hanyeong-7eyrj5fpm-ko,\n"
        "  author = {{Ann Lee} and {한서연}},\n"
        "  title = {{R\\&D \\{50 \\%\\} \\#1\\_a}},\n"
        "  year = {2023},\n"
        "  date = {2023-07-08},\n"
        "  howpublished = {평화 기록관, 7eyrj5fpm},\n"
        f"  url = {{{URL}}},\n"
        "  urldate = {2026-07-27},\n"
        "  langid = {korean},\n"
        "  abstract = {글 | 글}\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("titles", "authors", "english", "korean"),
    [
        (BOTH, ("Hong Gil-dong", "홍길동"), ["Hong Gil-dong"], ["홍길동"]),
        (BOTH, ("The Editors", "편집부"), ["The Editors"], ["편집부"]),
        (BOTH, ("Ann Lee", "Bo Kim", "앤 리", "김보"), ["Ann Lee", "Bo Kim"], ["앤 리", "김보"]),
        (BOTH, ("Bo Kim", "Gil-dong Hong", "홍길동"), ["Bo Kim", "Gil-dong Hong"], ["Bo Kim", "홍길동"]),
        (BOTH, ("José García", "호세 가르시아", "1991"), ["José García", "1991"], ["호세 가르시아", "1991"]),
        (BOTH, ("Ann Lee", "홍길동", "Bo Kim"), ["Ann Lee", "홍길동", "Bo Kim"], None),
        (Bilingual("War"), ("Ann Lee", "홍길동"), ["Ann Lee", "홍길동"], None),
        (Bilingual(ko="전쟁"), ("홍길동", "洪吉童"), ["홍길동", "洪吉童"], None),
        (BOTH, (), [], None),
    ],
)
def test_an_author_is_named_once_and_as_the_passage_is_written(titles, authors, english, korean):
    info = DocumentInfo("x", titles, authors)
    for lang, names in (("en", english), ("ko", english if korean is None else korean)):
        passage = Passage("x", 0, BlockKind.PARAGRAPH, lang, "text", address="7eyrj5fpm")
        citation = citation_of(passage, info, "archive", URL, DAY)
        assert list(citation.authors) == names
        assert [one["literal"] for one in json.loads(written(citation, "csl"))[0].get("author", [])] == names


@given(
    st.lists(st.sampled_from(["Ann Lee", "Hong Gil-dong", "홍길동", "앤 리", "1991", "Éva", "ㅁ", "-"])),
    st.booleans(),
)
def test_every_author_stays(authors, both):
    """Each name stands in one group, and what is left out of a citation is the same in the other script."""
    info = DocumentInfo("x", BOTH if both else Bilingual("War"), tuple(dict.fromkeys(authors)))
    groups = authors_of(info, "ko")
    assert sorted(name for group in groups for name in group) == sorted(info.authors)
    assert all(len(group) <= 2 for group in groups)
    for lang in ("en", "ko"):
        assert len(authors_in(info, lang)) == len(groups)


def test_what_is_too_long_to_be_a_name_is_compared_with_none(monkeypatch):
    compared = []
    weigh = Likeness.weigh
    monkeypatch.setattr(Likeness, "weigh", lambda own, pairs: compared.extend(pairs) or weigh(own, pairs))
    long, many = "word " * 1_000, [f"A b c d e f g h {n}" for n in range(1_000)]
    korean = [f"나비{chr(ord('가') + n)}" for n in range(1_000)]
    info = DocumentInfo(
        "x", Bilingual("War"), (long, "Hong Gil-dong", "홍길동", "글 " * 1_000, *many, *korean)
    )
    assert ("Hong Gil-dong", "홍길동") in authors_of(info, "en")
    assert len(compared) < 10_000
    assert all(len(one) <= 100 and len(other) <= 100 for one, other in compared)


def test_ris():
    assert cite("ris").split("\r\n") == [
        "TY  - ELEC", "TI  - 정전 협정", "AU  - 한서연", "PY  - 2023", "DA  - 2023/07/08/",
        "T2  - 평화 기록관", "AN  - 7eyrj5fpm", "LA  - ko", "AB  - 글 | 글", f"UR  - {URL}",
        "Y2  - 2026/07/27/", "ER  - ", "",
    ]  # fmt: skip


def test_csl():
    assert json.loads(cite("csl")) == [
        {
            "id": "7eyrj5fpm-ko",
            "type": "webpage",
            "title": "정전 협정",
            "container-title": "평화 기록관",
            "author": [{"literal": "한서연"}],
            "issued": {"date-parts": [[2023, 7, 8]]},
            "accessed": {"date-parts": [[2026, 7, 27]]},
            "archive_location": "7eyrj5fpm",
            "abstract": "글 | 글",
            "language": "ko",
            "URL": URL,
        }
    ]


@pytest.mark.parametrize(
    ("date", "iso", "ris", "csl"),
    [(Date(1950), "1950", "1950///", [1950]), (Date(1950, 6), "1950-06", "1950/06//", [1950, 6])],
)
def test_a_date_is_cited_as_far_as_it_is_known(date, iso, ris, csl):
    assert f"  year = {{1950}},\n  date = {{{iso}}},\n" in cite("bibtex", date=date)
    assert f"\r\nPY  - 1950\r\nDA  - {ris}\r\n" in cite("ris", date=date)
    assert json.loads(cite("csl", date=date))[0]["issued"] == {"date-parts": [csl]}
    assert f"」, {iso}, 평화 기록관" in cite("plain", date=date)


def test_plain():
    assert cite("plain") == (
        f"글 | 글\n\n한서연, 「정전 협정」, 2023-07-08, 평화 기록관, 7eyrj5fpm. {URL} (2026-07-27)\n"
    )


@pytest.mark.parametrize("form", FORMATS)
def test_without_title_author_and_date_there_is_no_empty_field(form):
    text = cite(form, title="", authors=(), date=None)
    assert "letters/1953" in text
    for empty in ("{}", "- \r\nA", "null", "[]", ", ,"):
        assert empty not in text


@given(title=LINE, author=LINE, text=st.text(max_size=60))
def test_no_text_breaks_out_of_its_field(title, author, text):
    bibtex = cite("bibtex", title=title, authors=(author,), text=text)
    bare = re.sub(r"\\[{}]|{\\text\w+}", "", bibtex)
    depth = 0
    for sign in bare:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
    assert bibtex.count("\n}\n") == 1
    ris = cite("ris", title=title, authors=(author,), text=text)
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in ris.split("\r\n")[:-1])
    assert ris.count("ER  - ") >= 1
    assert json.loads(cite("csl", title=title, authors=(author,), text=text))
