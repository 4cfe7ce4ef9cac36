"""What is found in the other language by what pairs teach; the documents are invented."""

import pytest
from by_hand import document, put
from test_lexicon import invented, taught
from test_search_pairs import paired

from indexer.analysis import analyze
from indexer.engine.whoosh import WhooshEngine
from indexer.interchange import Paths, search_json
from indexer.search import Archive
from indexer.settings import Settings
from webapp import create_app

LETTERS = [
    ("en", "The war came to the village", (1,)),
    ("ko", "전쟁 중에 마을로 왔다", (0,)),
    ("ko", "전쟁 이야기를 아무도 옮기지 않았다", ()),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    settings = Settings(tmp_path_factory.mktemp("also") / "data")
    put(
        WhooshEngine(settings.index),
        paired("letters", LETTERS),
        document("other", passages=[("rope", analyze("rope"))]),
    )
    taught(settings.lexicon, invented(300))
    return Archive(settings, WhooshEngine(settings.index))


def texts(also):
    return [hit.passage.text for hit in also.hits]


def test_untranslated_passages_stand_apart_from_direct_hits(archive):
    results = archive.search("war")
    assert [hit.passage.ordinal for hit in results.hits] == [0]
    assert (results.also.lang, results.also.total) == ("ko", 1)
    assert texts(results.also) == [LETTERS[2][1]]
    assert results.also.words[0].renderings[0] == "전쟁"


def test_what_renders_the_word_is_marked_on_the_other_side_and_in_the_list(archive):
    results = archive.search("war")
    for text, spans in [
        (results.hits[0].pair.text, results.hits[0].pair.renderings),
        (results.also.hits[0].passage.text, results.also.hits[0].renderings),
    ]:
        assert [text[span.slice] for span in spans] == ["전쟁"]
    (_, partner, alone) = archive.document("letters", text="war").passages
    assert partner.renderings
    assert alone.renderings


def test_lang_and_the_switch_limit_what_is_found(archive):
    assert archive.search("war", lang="en").also is None
    assert archive.search("war lang:en").also is None
    assert archive.search("war", also="off").also is None
    assert archive.search("rope").also is None
    only = archive.search("war", lang="ko")
    assert only.total == 0
    assert sorted(texts(only.also)) == sorted([LETTERS[1][1], LETTERS[2][1]])


def test_a_rendering_that_is_taken_out_is_not_searched(archive):
    also = archive.search("war", without=["전쟁"]).also
    assert also.total == 0
    assert also.without == ("전쟁",)


def test_all_of_them_are_listed_alone(archive):
    results = archive.search("war", also="all")
    assert not results.groups
    assert len(results.also.hits) == results.also.total == 1


def test_page_and_json_show_them(archive):
    answer = search_json(archive.passages("war"), Paths())
    assert answer["hits"][0]["pair"]["renderings"] == [[0, 2]]
    assert answer["also"]["total"] == 1
    page = create_app(archive).test_client().get("/search?q=war").text
    assert "Also in Korean" in page
    assert '<mark class="renders">전쟁</mark>' in page
    assert "without=" in page
    without = create_app(archive).test_client().get("/search?q=war&without=전쟁").text
    assert "Search with 전쟁 again" in without
