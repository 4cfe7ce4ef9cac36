"""The real article that holds both languages in one text file."""

from pathlib import Path

import pytest

from indexer.model.dates import Date
from indexer.model.text import BlockKind
from indexer.passages import cut
from indexer.readers import Limits, Source, SourceFile, read

ARTICLE = Path(__file__).parents[2].parent / "shared" / "corpora" / "bilingual-article.txt"

pytestmark = pytest.mark.skipif(not ARTICLE.is_file(), reason="needs the article in ../shared/corpora")


@pytest.fixture(scope="module")
def document():
    return read(Source("article", (SourceFile(ARTICLE, None),)), Limits(1 << 20, 30))


def test_titles_authors_and_date(document):
    assert document.titles.en.startswith("Ukraine War: Secret Negotiations")
    assert document.titles.ko == "미제와 러제 간 비밀협상이 시작됐다"
    assert document.authors == ("Michael Pröbsting", "미하엘 프뢰브스팅")
    assert document.date == Date(2023, 7, 8)


def test_headings_of_both_halves(document):
    headings = [passage.text for passage in cut(document) if passage.kind is BlockKind.HEADING]
    assert len(headings) == 6
    assert headings[1:3] == [
        "The negotiation plan of Haass (and the White House)",
        "Confirmation of the Marxists’ analysis",
    ]
    assert headings[4:] == ["하스 (그리고 백악관) 협상 플랜", "맑스주의자들의 평가분석의 옳음을 확인하다"]


def test_eight_notes_and_references_to_them_from_both_halves(document):
    passages = cut(document)
    notes = [
        passage.label for passage in passages if passage.kind is BlockKind.FOOTNOTE and not passage.continues
    ]
    assert notes == ["1", "2", "3", "4", "5", "6", "7", "8"]
    marks = {
        lang: [r.label for p in passages if p.lang == lang for r in p.references] for lang in ("en", "ko")
    }
    assert marks == {"en": notes, "ko": ["1", "2", "3", "4", "5"]}
    assert all(p.text[r.span.slice] == f"[{r.label}]" for p in passages for r in p.references)


def test_the_languages_do_not_mix(document):
    passages = cut(document)
    first = next(passage.ordinal for passage in passages if passage.lang == "ko")
    assert passages[first].kind is BlockKind.TITLE
    assert {passage.lang for passage in passages[first:]} == {"ko"}
