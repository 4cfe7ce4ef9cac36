"""The pages for translation editors."""

import pytest
from fake_archive import ARMISTICE, LETTER, LETTERS, FakeArchive
from page import get

from webapp import create_app


@pytest.fixture
def client():
    return create_app(FakeArchive([LETTERS, ARMISTICE, LETTER])).test_client()


def test_lists_the_documents_in_both_languages_with_what_there_is_to_check(client):
    page = get(client, "/report")
    assert page.text("h1") == "Translation check"
    assert page.text(".count") == "2 documents in both languages"
    assert len(page.all(".document")) == 2
    assert "/report/two-letters?kind=unpaired" in page.hrefs(".document .checks a")


def test_shows_what_stands_in_one_language_only(client):
    page = get(client, "/report/two-letters")
    assert page.texts(".finding .place") == ["This paragraph stands in English only.", "rope"]
    assert page.hrefs(".finding .place") == ["/p/ISLE0003?lang=en", "/p/ISLE0005?lang=en"]


def test_shows_one_kind_alone(client):
    page = get(client, "/report/two-letters?kind=numbers")
    assert not page.all(".finding")
    assert get(client, "/report/two-letters?kind=unpaired").all(".finding")
    assert get(client, "/report/two-letters?kind=nothing").all(".finding")


def test_is_paged(client):
    page = get(client, "/report/peace/armistice?page=99")
    assert 0 < len(page.all(".finding")) <= 50
    assert not page.all("[rel=next]")


def test_speaks_korean(client):
    page = get(client, "/report", headers={"Accept-Language": "ko"})
    assert page.text("h1") == "번역 점검"


def test_of_an_unknown_document_is_not_found(client):
    assert client.get("/report/nowhere").status_code == 404


def test_with_nothing_in_two_languages_says_so():
    page = get(create_app(FakeArchive([LETTER])).test_client(), "/report")
    assert page.text(".empty") == "No document of this archive is in both languages."


def test_every_page_leads_to_it(client):
    assert "/report" in get(client, "/").hrefs("footer a")
