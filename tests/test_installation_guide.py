"""Eighty-one real pages in two languages, one folder for each language."""

import shutil

import copied
import pytest

from indexer.changes import Failed


@pytest.fixture(scope="module")
def guide(shared, small_module):
    source = shared / "corpora" / "installation-guide"
    for lang in ("en", "ko"):
        shutil.copytree(source / lang, small_module.settings.documents / lang)
    small_module.changes = small_module.reindex()
    return small_module


def test_every_page_is_read_and_paired(guide):
    assert [change for change in guide.changes if isinstance(change, Failed)] == []
    infos = guide.archive.documents()
    assert len(infos) == 81
    assert all(info.titles.en for info in infos)
    assert len([info for info in infos if info.titles.ko]) == 81


def test_navigation_is_no_text(guide):
    assert guide.texts('"Prev Up Next"') == []
    texts = [passage.text for passage in copied.passages(guide.archive)]
    assert not [text for text in texts if text in ("Prev", "Next", "이전", "다음", "Home", "처음으로")]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("파티션", "파티션"),
        ("partition", "artition"),
        ("네트워크 설정", "네트워크"),
        ("boot loader", "loader"),
        ("부트로더", "부트로더"),
        ("데비안", "데비안"),
    ],
)
def test_what_is_looked_for_is_on_top(guide, query, text):
    found = guide.texts(query)
    assert len(found) > 3
    assert all(text in one for one in found[:3])


@pytest.mark.parametrize(
    "seen", ["파티션", "네트워크", "부트로더", "커널", "데비안", "하드 디스크", "시리얼", "키보드"]
)
def test_every_passage_where_a_reader_can_see_the_word_is_found(guide, seen):
    having = {p.address for p in copied.passages(guide.archive) if f" {seen}" in f" {p.text}"}
    assert having
    missing = having - copied.found(guide.archive, seen)
    assert len(missing) <= 0.02 * len(having), [
        p.text for p in copied.passages(guide.archive) if p.address in missing
    ]


@pytest.mark.parametrize(
    ("together", "apart"), [("네트워크설정", "네트워크 설정"), ("설치프로그램", "설치 프로그램")]
)
def test_spacing_does_not_matter(guide, together, apart):
    assert guide.texts(together) == guide.texts(apart) != []


def test_reading_again_finds_nothing_to_do(guide):
    kinds = [type(change).__name__ for change in guide.reindex()]
    assert kinds == ["Planned"] + ["Unchanged"] * 81
