"""What is found in the other language by what pairs teach; the documents are invented."""

import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest
from by_hand import document, put
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from test_lexicon import invented, taught
from test_search_pairs import paired

from indexer.also import CurrentLexicon
from indexer.analysis import analyze
from indexer.cli import main
from indexer.engine.whoosh import WhooshEngine
from indexer.errors import IndexOutdatedError
from indexer.interchange import Paths, search_json
from indexer.lexicon import Lexicon
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


WITH_ALL = "/search?q=war&also=1&without=전투&without=싸움"


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """An archive with more untranslated passages than a page holds."""
    settings = Settings(tmp_path_factory.mktemp("many") / "data")
    korean = [paired(f"k{n}", [("ko", f"전쟁 {n}", ())]) for n in range(25)]
    english = [paired(f"e{n}", [("en", f"war {n}", ())]) for n in range(25)]
    put(WhooshEngine(settings.index), *korean, *english)
    taught(settings.lexicon, invented(300))
    return Archive(settings, WhooshEngine(settings.index))


def test_all_of_them_go_page_by_page(many):
    pages = [many.search("war", also="all", page=page).also for page in (1, 2, 3)]
    assert [len(also.hits) for also in pages] == [10, 10, 5]
    found = [hit.passage.document for also in pages for hit in also.hits]
    assert len(set(found)) == 25
    assert {(also.page, also.pages) for also in pages} == {(1, 3), (2, 3), (3, 3)}
    assert many.search("war", page=2).also is None, "beside the first page of direct hits only"


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("url", [WITH_ALL, WITH_ALL + "&page=2", WITH_ALL.replace("also=1", "also=off")])
def test_every_link_that_stays_with_the_search_keeps_what_was_chosen(many, url, lang):
    client = create_app(many).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = lang
    tree = LexborHTMLParser(client.get(url).text)
    links = [urlsplit(node.attributes["href"]) for node in tree.css("main a[href], nav.switch a[href]")]
    searches = [parse_qs(link.query) for link in links if link.path == "/search"]
    assert len(searches) >= 5
    assert {"switch", "page", "sort", "year"} <= {
        *(["switch"] if any("hl" in one for one in searches) else []),
        *(name for one in searches for name in one),
        *(["page"] if "also=1" not in url else []),
    }
    asked = parse_qs(urlsplit(url).query)
    for one in searches:
        left_out = set(asked["without"]) ^ set(one.get("without", []))
        changes_also = one.get("also") != asked["also"]
        assert len(left_out) + changes_also <= 1, one


def test_switching_the_language_keeps_every_word_that_is_left_out(many):
    client = create_app(many).test_client()
    page = LexborHTMLParser(client.get(WITH_ALL).text)
    answer = client.get(page.css_first("nav.switch a").attributes["href"])
    assert parse_qs(urlsplit(answer.location).query) == parse_qs(urlsplit(WITH_ALL).query)


def test_the_reading_page_marks_what_renders_apart_from_what_matches(archive):
    page = LexborHTMLParser(create_app(archive).test_client().get("/d/letters?q=war").text)
    assert [node.text() for node in page.css("article mark[data-match]")] == ["war"]
    assert [node.text() for node in page.css("article mark.renders")] == ["전쟁", "전쟁"]
    assert page.css_first(".legend") is not None
    page = LexborHTMLParser(create_app(archive).test_client().get("/d/letters?q=village").text)
    assert not page.css("mark.renders")
    assert page.css_first(".legend") is None


def test_reading_keeps_what_was_chosen_and_marks_nothing_that_was_left_out(many, archive):
    client = create_app(many).test_client()
    tree = LexborHTMLParser(client.get(WITH_ALL).text)
    links = [urlsplit(node.attributes["href"]) for node in tree.css("a.place[href], .title a[href]")]
    asked = parse_qs(urlsplit(WITH_ALL).query)
    chosen = {name: asked[name] for name in ("also", "without")}
    assert links
    for link in links:
        assert {name: parse_qs(link.query).get(name) for name in chosen} == chosen
    page = LexborHTMLParser(client.get(links[0].geturl(), follow_redirects=True).text)
    back = parse_qs(urlsplit(page.css_first("a.back").attributes["href"]).query)
    assert {name: back.get(name) for name in chosen} == chosen
    page = LexborHTMLParser(create_app(archive).test_client().get("/d/letters?q=war&without=전쟁").text)
    assert [node.text() for node in page.css("article mark")] == ["war"]


def test_json_tells_what_renders(archive):
    client = create_app(archive).test_client()
    texts = {
        one["text"]: one.get("renderings")
        for one in client.get("/api/documents/letters?q=war").json["passages"]
    }
    assert [texts[text] for _, text, _ in LETTERS] == [[], [[0, 2]], [[0, 2]]]


@pytest.fixture
def shown(archive, monkeypatch):
    """What `hanyeong search` prints."""

    def show(*arguments, archive=archive):
        monkeypatch.setattr("indexer.search.open_archive", lambda _settings: archive)
        return CliRunner().invoke(main, ["search", *arguments]).output

    return show


def test_the_terminal_marks_renderings_and_names_the_words(shown):
    output = shown("war")
    assert "The **war** came to the village" in output
    assert "_전쟁_ 중에 마을로 왔다" in output
    assert "Also in Korean: 1 passage\n  war → 전쟁" in output
    assert "_전쟁_ 이야기를 아무도 옮기지 않았다" in output


def test_the_terminal_says_how_many_more_there_are_and_what_shows_them(many, shown):
    output = shown("war", archive=many)
    assert output.count("war") > 10
    assert "… and 15 more: --limit shows them\n" in output
    assert "… and 22 more: --also shows them\n" in output
    output = shown("war", "--also", archive=many)
    assert output.startswith("Also in Korean: 25 passages\n")
    assert "… and 15 more: --limit shows them\n" in output
    assert "more" not in shown("war", "--also", "--limit", "25", archive=many)
    nothing = "Nothing found in the other language by what the pairs teach.\n"
    assert shown("war", "--also", "--lang", "en", archive=many) == nothing


def test_what_nothing_was_found_directly_for_is_not_found_also(archive, shown):
    output = shown("war", "--lang", "ko")
    assert output.startswith("Nothing found by these words themselves.\n\nFound in Korean: 2 passages\n")
    for hl, count, heading in [
        ("en", "No direct hits", "Found in Korean"),
        ("ko", "입력한 말로는 찾지 못했습니다", "한국어로 찾은 결과"),
    ]:
        page = create_app(archive).test_client().get("/search?q=war+lang:ko", headers={"Accept-Language": hl})
        assert count in page.text
        assert heading in page.text
        assert "Also in" not in page.text


def test_the_terminal_leaves_the_other_language_out_at_a_wish(shown):
    output = shown("war", "--no-also")
    assert "Also in Korean" not in output
    assert "아무도" not in output
    assert "The **war** came to the village" in output


def test_a_word_typed_in_both_languages_is_one_language_of_each(archive):
    also = archive.search("war 전쟁").also
    assert also is None or also.total == 0, "both passages are direct hits"
    assert archive.search("war 전쟁").total == 2


@pytest.mark.parametrize(("query", "total", "also"), [("war lang:ko", 0, 2), ("전쟁 lang:en", 0, 1)])
def test_lang_limits_the_results_whatever_the_language_of_the_query(archive, query, total, also):
    results = archive.search(query)
    assert (results.total, results.also.total) == (total, also)


def test_a_damaged_lexicon_is_opened_once_and_never_handed_out(tmp_path, monkeypatch):
    path = tmp_path / "lexicon.zip"
    taught(path, invented(60))
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as tables:
        middle = tables.getinfo("en-ko.tsv").header_offset + 60
    path.write_bytes(whole[:middle] + b"\0\1" + whole[middle + 2 :])
    current = CurrentLexicon(path)
    opened = []
    monkeypatch.setattr("indexer.also.Lexicon", lambda path: opened.append(path) or Lexicon(path))
    for _ in range(3):
        with pytest.raises(IndexOutdatedError, match=r"en-ko\.tsv is not as it was written"):
            current.get()
    assert opened == [path]
    path.unlink()
    assert current.get() is None
    path.write_bytes(whole)
    assert current.get() is current.get() is not None
    assert len(opened) == 2


@settings_of_hypothesis(max_examples=40)
@given(
    st.lists(
        st.sampled_from(["war", "village", "전쟁", "마을", "rope", "-war", "-전쟁"]), min_size=1, max_size=4
    )
)
def test_what_is_also_found_never_is_a_direct_hit_or_its_other_side(archive, words):
    results = archive.search(" ".join(words), per_document=50)
    if results.also is not None:
        direct = {
            (hit.passage.document, o)
            for hit in results.hits
            for o in (hit.passage.ordinal, *hit.passage.partners)
        }
        assert not direct & {(hit.passage.document, hit.passage.ordinal) for hit in results.also.hits}
        assert not any(hit.highlights for hit in results.also.hits)
