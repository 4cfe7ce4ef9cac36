"""A real article in both languages in one file; its Korean half has references and no notes of its own."""

import shutil

import copied
import pytest

from indexer.changes import Failed, Indexed
from indexer.model.text import BlockKind


@pytest.fixture(scope="module")
def article(shared, small_module):
    shutil.copy(shared / "corpora" / "bilingual-article.txt", small_module.settings.documents)
    (change,) = (one for one in small_module.reindex() if isinstance(one, Indexed | Failed))
    assert isinstance(change, Indexed), change
    assert not isinstance(change, Failed)
    return small_module


@pytest.fixture(scope="module")
def passages(article):
    return copied.passages(article.archive)


def test_it_is_one_document_with_titles_authors_and_date(article):
    (info,) = article.archive.documents()
    assert info.titles.en.startswith("Ukraine War: Secret Negotiations")
    assert info.titles.ko.startswith("미제와 러제 간 비밀협상")
    assert "Michael Pröbsting" in info.authors
    assert (info.date.year, info.date.month, info.date.day) == (2023, 7, 8)


def test_english_comes_whole_then_its_notes_then_korean_whole(passages):
    langs = [passage.lang for passage in passages]
    assert langs == sorted(langs)


@pytest.mark.parametrize(
    "seen",
    [
        "라브로프",
        "강대국",
        "정전평화",
        "해방투쟁",
        "크림반도",
        "크림",
        "우크라이나",
        "프뢰브스팅",
        "나토",
        "하스",
        "쿱찬",
        "제국주의",
        "비밀 협상",
        "현상",
        "現狀",
        "바이든",
        "세르게이",
        "외교관계위원회",
    ],
)
def test_every_passage_where_a_reader_can_see_the_word_is_found_and_marked(article, passages, seen):
    having = {
        p.address
        for p in passages
        if f" {seen}" in f" {p.text}" or f"“{seen}" in p.text or f'"{seen}' in p.text
    }
    assert having or seen == "現狀"
    assert having - copied.found(article.archive, seen) == set()
    for hit in article.archive.passages(seen, limit=100).hits:
        if hit.passage.address in having:
            marked = {hit.passage.text[span.slice] for span in hit.highlights}
            assert any(seen.replace(" ", "") in mark.replace(" ", "") or mark in seen for mark in marked)


def test_a_name_is_found_and_marked_without_its_particles(article):
    forms = {"라브로프와의": False, "라브로프가": False}
    for hit in article.archive.passages("라브로프", limit=100).hits:
        assert {hit.passage.text[span.slice] for span in hit.highlights} <= {"라브로프", "세르게이 라브로프"}
        for form in forms:
            at = hit.passage.text.find(form)
            forms[form] |= at >= 0 and any(span.start <= at and at + 4 == span.end for span in hit.highlights)
    assert forms == {"라브로프와의": True, "라브로프가": True}


def test_ceasefire_finds_cease_fire(article):
    marks = {mark for marked in article.marked("ceasefire") for mark in marked}
    assert marks == {"ceasefire", "cease-fire"}
    assert article.texts("ceasefire") == article.texts("cease-fire")


def test_spacing_makes_no_difference(article):
    assert article.texts("정전 협상") == article.texts("정전협상") != []


def test_a_noun_finds_its_plural_with_a_particle(article):
    assert any("강대국들이" in text for text in article.texts("강대국"))


def test_two_nouns_find_the_word_that_they_make(article):
    assert any("해방투쟁이" in text for text in article.texts("해방 투쟁"))


@pytest.mark.parametrize("query", ["現狀", "현상 유지", "현상유지", '"현상 유지"'])
def test_hanja_and_their_reading_find_each_other(article, query):
    assert "현상(現狀) 유지" in article.texts(query)[0]


def test_a_phrase_is_found_in_exactly_one_place(article):
    assert len(article.texts('"frozen conflict"')) == 1
    assert [mark for marked in article.marked('"frozen conflict"') for mark in marked] == ["frozen conflict"]


@pytest.mark.parametrize("query", ["크림반도", "크림", "크림 반도", "크림*"])
def test_the_peninsula_is_found(article, query):
    assert any("크림반도" in text for text in article.texts(query))


def test_negotiate_marks_negotiations(article):
    assert "negotiations" in {mark for marked in article.marked("negotiate") for mark in marked}


def test_every_reference_has_a_note_also_in_the_korean_half(passages):
    notes = {p.label for p in passages if p.kind is BlockKind.FOOTNOTE}
    for lang in ("en", "ko"):
        labels = {reference.label for p in passages if p.lang == lang for reference in p.references}
        assert "3" in labels
        assert labels <= notes


def test_a_word_copied_from_it_finds_it(article, passages):
    places = copied.words(passages)
    words = {word: places[word] for word in sorted(places)[::4] if len(word) > 1}
    missed = copied.missed(article.archive, words)
    assert len(missed) <= 0.03 * len(words), missed
