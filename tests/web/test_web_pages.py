"""Every page, in both languages of the interface, with and without htmx."""

from dataclasses import replace
from pathlib import Path

import pytest
from fake_archive import ARMISTICE, LETTER, LETTERS, FakeArchive, FakeDocument, P, make_document
from page import Page, get

from indexer import query
from indexer.addresses import text_version
from indexer.errors import (
    REBUILD,
    REINDEX,
    AddressesError,
    AnalysisError,
    IndexMissingError,
    IndexOutdatedError,
)
from indexer.model.archive import FormerDocument
from indexer.model.dates import Date
from indexer.model.text import Bilingual, DocumentInfo
from webapp import create_app
from webapp.cdn import HTMX_INTEGRITY, HTMX_URL, HTMX_VERSION

VERSION = text_version(ARMISTICE.passages[4].text)
SITE = "https://archive.example/library"
EVIL = {"headers": {"Host": "evil.example"}, "environ_overrides": {"SCRIPT_NAME": "/mounted"}}
HTMX = {"HX-Request": "true"}
PAGES = [
    "/",
    "/search?q=peace",
    "/search?q=정전&lang=ko&year=2023&sort=date",
    "/search?q=nothing+at+all",
    "/d/peace/armistice?q=정전",
    "/d/hangul?show=ko",
    "/d/letters/1950",
    "/p/PEAC0001/cite?lang=en",
    "/p/NOWHERE",
    "/p/GONE0001",
]


@pytest.mark.parametrize("url", PAGES)
class TestEveryPage:
    @pytest.mark.parametrize("lang", ["en", "ko"])
    def test_speaks_the_readers_language(self, client, url, lang):
        page = get(client, url, headers={"Accept-Language": lang})
        assert page.one("html").attributes["lang"] == lang
        assert page.text(".skip") == {"en": "Skip to content", "ko": "본문으로 건너뛰기"}[lang]

    def test_has_unique_ids_one_main_and_a_heading_at_the_top(self, client, url):
        page = get(client, url)
        assert len(page.ids()) == len(set(page.ids()))
        assert page.one("main")
        assert page.all("h1")

    def test_has_headings_that_leave_no_level_out(self, client, url):
        above = 1
        for node in get(client, url).all("h1, h2, h3, h4, h5, h6"):
            level = int(node.tag[1])
            assert level <= above + 1
            above = level

    def test_names_the_search_description_and_versioned_files(self, client, url):
        page = get(client, url)
        assert page.hrefs("link[rel=search]") == ["/opensearch.xml"]
        assert all("?v=" in href for href in page.hrefs("link[rel=stylesheet], link[rel=icon]"))

    def test_has_nothing_inline(self, client, url):
        page = get(client, url)
        assert not page.all("style, [style], script:not([src])")
        assert not [n for n in page.all("*") if any(name.startswith("on") for name in n.attributes)]

    def test_works_below_a_prefix(self, client, url):
        page = get(client, url, environ_overrides={"SCRIPT_NAME": "/archive"})
        urls = page.hrefs("[href]") + [node.attributes["action"] for node in page.all("form[action]")]
        assert urls
        assert all(url.startswith(("/archive/", "#")) or "/archive/p/" in url for url in urls)


class TestHome:
    def test_says_what_the_archive_holds(self, client, korean_client):
        assert get(client, "/").text(".count") == "3 documents: 29 passages in English, 24 in Korean"
        assert get(korean_client, "/").text(".count") == "문서 3건: 영어 단락 29개, 한국어 단락 24개"

    def test_lists_the_documents_in_both_languages_newest_first(self, client):
        page = get(client, "/")
        assert page.texts(".document .title") == [
            "The Armistice of 1953 and the Peace That Did Not Follow",
            "How Hangul Is Put Together",
            "A Letter Without a Date",
        ]
        assert page.texts(".other-title[lang=ko]") == [
            "1953년 정전 협정, 그리고 오지 않은 평화",
            "한글은 어떻게 짜여 있는가",
        ]

    def test_puts_the_readers_language_first(self, korean_client):
        first = get(korean_client, "/").all(".document .title a")[0]
        assert first.attributes["lang"] == "ko"

    def test_writes_dates_as_the_language_does(self, client, korean_client):
        assert get(client, "/").texts("time")[0] == "27 July 2023"
        assert get(korean_client, "/").texts("time")[0] == "2023년 7월 27일"

    @pytest.mark.parametrize(
        ("date", "english", "korean"),
        [(Date(1990), "1990", "1990년"), (Date(1990, 6), "June 1990", "1990년 6월")],
    )
    def test_writes_a_date_as_far_as_it_is_known(self, date, english, korean):
        info = DocumentInfo("one", Bilingual("One"), (), date)
        client = create_app(FakeArchive([make_document(info, [("en", P, "text")])])).test_client()
        for lang, written in (("en", english), ("ko", korean)):
            client.set_cookie("hl", lang)
            time = get(client, "/").one("time")
            assert (time.text(), time.attributes["datetime"]) == (written, date.isoformat())

    def test_pages_through_many_documents(self):
        one = make_document(DocumentInfo("one", Bilingual("One")), [("en", P, "text")])
        library = [
            FakeDocument(
                DocumentInfo(f"d{n}", Bilingual(f"Document {n}"), (), Date(2000, 1, 1)), one.passages
            )
            for n in range(120)
        ]
        client = create_app(FakeArchive(library)).test_client()
        assert len(get(client, "/").all(".document")) == 50
        last = get(client, "/?page=9")
        assert len(last.all(".document")) == 20
        assert last.hrefs("[rel=prev]") == ["/?page=2"]
        assert not last.all("[rel=next]")

    def test_says_what_to_do_with_an_empty_archive(self):
        page = get(create_app(FakeArchive([])).test_client(), "/")
        assert "hanyeong reindex" in page.text(".count")


class TestSearch:
    def test_groups_the_hits_by_document_and_marks_the_matches(self, client):
        page = get(client, "/search?q=정전")
        assert page.text(".count") == "7 passages in 1 document"
        assert len(page.all(".document")) == 1
        assert len(page.all(".hit")) == 3
        assert set(page.texts(".hit mark")) == {"정전"}
        assert page.text(".more") == "4 more in this document"
        assert page.hrefs(".more a") == ["/d/peace/armistice?q=%EC%A0%95%EC%A0%84"]

    def test_gives_every_hit_its_language_and_its_permanent_link(self, client):
        hit = get(client, "/search?q=ceasefire").one(".hit .place")
        assert hit.attributes["lang"] == "en"
        assert hit.attributes["href"] == "/p/PEAC0004?lang=en&q=ceasefire"

    def test_shows_the_other_side_of_a_pair(self):
        pair = [
            ("en", P, "A museum keeps things.", {"address": "AAAA1111"}),
            ("ko", P, "박물관은 물건을 지킨다.", {"address": "AAAA1111"}),
        ]
        library = [make_document(DocumentInfo("x", Bilingual("X")), pair)]
        page = get(create_app(FakeArchive(library)).test_client(), "/search?q=museum")
        assert page.one(".pair a").attributes["lang"] == "ko"
        assert page.text(".pair a") == "박물관은 물건을 지킨다."

    def test_shows_a_pair_once_with_both_sides_marked_and_linked(self):
        page = get(create_app(FakeArchive([LETTERS])).test_client(), "/search?q=1952")
        assert page.text(".count") == "3 passages in 1 document"
        assert page.texts(".hit .place mark") == page.texts(".hit .pair mark") == ["1952"] * 3
        assert page.hrefs(".hit .place")[0] == "/p/ISLE0002?lang=en&q=1952"
        assert page.hrefs(".hit .pair a")[0] == "/p/ISLE0002?lang=ko&q=1952"
        assert page.texts(".filters a")[:4] == ["All 3", "English 3", "Korean 3", "In both languages 3"]

    def test_filters_for_what_stands_in_both_languages(self):
        client = create_app(FakeArchive([LETTERS, LETTER])).test_client()
        page = get(client, "/search?q=home+paragraph+letter&lang=both")
        assert page.text(".count") == "3 passages in 1 document"
        assert page.texts(".filters [aria-current]")[0] == "In both languages 3"
        hidden = {n.attributes["name"]: n.attributes["value"] for n in page.all("input[type=hidden]")}
        assert hidden == {"lang": "both"}
        assert "lang=both" in page.hrefs(".sort a")[1]
        assert "lang=both" not in page.hrefs(".filters a")[1]

    def test_tells_the_cells_of_a_table_row_apart(self, client):
        row = "10 July 1951 | Kaesong | The negotiations begin"
        assert row in get(client, "/search?q=Kaesong").texts(".place")

    def test_fills_the_box_with_the_query(self, client):
        assert get(client, "/search?q=peace").one("#q").attributes["value"] == "peace"

    def test_filters_with_their_numbers(self, client):
        page = get(client, "/search?q=1953")
        assert page.texts(".filters a") == ["All 6", "English 3", "Korean 3", "All", "2023 6"]
        korean = get(client, "/search?q=1953&lang=ko")
        assert korean.text(".count") == "3 passages in 1 document"
        assert korean.texts(".filters [aria-current]") == ["Korean 3", "All"]

    def test_keeps_the_filters_while_one_types_on(self, client):
        page = get(client, "/search?q=peace&lang=en&year=2020..2023&sort=date&page=3")
        hidden = {n.attributes["name"]: n.attributes["value"] for n in page.all("input[type=hidden]")}
        assert hidden == {"lang": "en", "year": "2020..2023", "sort": "date"}
        assert all(n.attributes["form"] == "find" for n in page.all("input[type=hidden]"))

    def test_shows_a_range_of_years_as_a_filter_of_its_own(self, client):
        page = get(client, "/search?q=peace&year=2020..2023")
        assert "2020–2023" in page.texts(".filters [aria-current]")

    def test_a_page_past_the_last_shows_the_last(self, client):
        page = get(client, "/search?q=peace&page=999")
        assert page.all(".hit")

    @pytest.mark.parametrize(
        ("filters", "count", "numbers"),
        [
            ("lang=ko", "24 passages in 2 documents", ["All 53", "English 29", "Korean 24"]),
            ("year=2021", "15 passages in 1 document", ["All 15", "English 8", "Korean 7"]),
            ("year=2020..2023&lang=ko", "24 passages in 2 documents", ["All 51", "English 27", "Korean 24"]),
        ],
    )
    def test_without_a_query_shows_what_the_filters_let_through(self, client, filters, count, numbers):
        page = get(client, f"/search?{filters}")
        assert page.text(".count") == count
        assert page.texts(".filters a")[:3] == numbers
        assert page.text("title") == "Hanyeong"
        assert page.all(".document .title")
        assert not page.all(".hit, .sort")

    def test_with_filters_that_let_nothing_through_offers_to_drop_them(self, client):
        page = get(client, "/search?q=&lang=ko&year=1800")
        assert page.text(".count") == "Nothing found"
        assert {"/search?year=1800", "/search?lang=ko", "/"} <= set(page.hrefs(".empty a"))

    def test_pages_with_links_that_keep_the_query(self):
        library = [
            make_document(DocumentInfo(f"d{n:02}", Bilingual(f"D{n}")), [("en", P, "peace")])
            for n in range(25)
        ]
        page = get(create_app(FakeArchive(library)).test_client(), "/search?q=peace&page=2")
        assert page.hrefs("[rel=prev]") == ["/search?q=peace"]
        assert page.hrefs("[rel=next]") == ["/search?q=peace&page=3"]

    def test_without_hits_says_what_to_do_next(self, client):
        page = get(client, "/search?q=%22no+such%22+thing&lang=ko&year=1999")
        assert page.text(".count") == "Nothing found"
        assert {
            "/search?q=%22no+such%22+thing&year=1999",
            "/search?q=%22no+such%22+thing&lang=ko",
            "/search?q=thing&lang=ko&year=1999",
            "/",
        } <= set(page.hrefs(".empty a"))

    def test_without_hits_offers_single_words_and_no_filters(self, client):
        page = get(client, "/search", query_string={"q": '"no such" OR truce* -war lang:ko', "year": "1800"})
        assert page.texts(".empty a + a") == ["such", "truce"]
        assert {f"/search?q={word}&year=1800" for word in ("no", "such", "truce")} <= set(
            page.hrefs(".empty a")
        )

    def test_a_query_at_the_start_page_leads_to_its_results(self, client):
        response = client.get("/?q=peace&lang=ko")
        assert (response.status_code, response.location) == (302, "/search?q=peace&lang=ko")

    def test_without_a_query_lists_the_documents(self, client):
        assert get(client, "/search?q=+").text("h2") == "Documents"

    @pytest.mark.parametrize("lang", ["en", "ko"])
    @pytest.mark.parametrize("notice", sorted(query.NOTICES))
    def test_says_so_when_a_bound_was_met(self, client, archive, notice, lang):
        archive.notices = (notice,)
        page = get(client, "/search?q=peace", headers={"Accept-Language": lang})
        assert len(page.text(".notice")) > 20


class TestFragment:
    def test_is_what_htmx_gets(self, client):
        response = client.get("/search?q=peace", headers=HTMX)
        assert "<html" not in response.text
        assert "<title>peace – Hanyeong</title>" in response.text

    def test_is_the_same_as_in_the_page(self, client):
        fragment = get(client, "/search?q=peace", headers=HTMX)
        page = get(client, "/search?q=peace")
        assert fragment.one("[data-results]").html == page.one("#found [data-results]").html

    def test_is_not_for_a_history_restore_nor_for_anybody_else(self, client):
        restore = {**HTMX, "HX-History-Restore-Request": "true"}
        for headers in (restore, {}, {"HX-Request": "false"}):
            assert "<html" in client.get("/search?q=peace", headers=headers).text

    @pytest.mark.parametrize("headers", [HTMX, {}])
    def test_and_page_say_what_they_vary_with(self, client, headers):
        vary = client.get("/search?q=peace", headers=headers).vary
        assert {"HX-Request", "Accept-Language", "Cookie"} == set(vary)

    def test_and_page_have_different_tags(self, client):
        tags = {client.get("/search?q=peace", headers=headers).headers["ETag"] for headers in (HTMX, {})}
        assert len(tags) == 2

    def test_the_form_asks_for_it_and_works_without(self, client):
        form = get(client, "/").one("#find").attributes
        assert (form["action"], form["method"], form["hx-get"]) == ("/search", "get", "/search")
        assert "delay:250ms" in form["hx-trigger"]
        assert form["hx-sync"] == "this:replace"

    def test_htmx_comes_from_its_cdn_with_version_and_integrity(self, client):
        script = get(client, "/").one("script[integrity]").attributes
        assert script["src"] == HTMX_URL
        assert f"@{HTMX_VERSION}/" in HTMX_URL
        assert script["integrity"] == HTMX_INTEGRITY
        assert script["crossorigin"] == "anonymous"


class TestReadingPage:
    def test_has_every_passage_at_its_address_in_its_language(self, client):
        page = get(client, "/d/peace/armistice")
        for passage in ARMISTICE.passages:
            node = page.one(f"#{passage.address}")
            assert node.attributes["lang"] == passage.lang

    def test_shows_both_languages_side_by_side_or_one(self, client):
        assert len(get(client, "/d/hangul").all(".side")) == 2
        page = get(client, "/d/hangul?show=ko")
        assert page.one(".side").attributes["lang"] == "ko"
        assert page.hrefs(".show a") == ["/d/hangul", "/d/hangul?show=en", "/d/hangul?show=ko"]
        assert page.text(".show [aria-current]") == "Korean"

    def test_offers_no_switch_where_there_is_one_language(self, client):
        assert not get(client, "/d/letters/1950").all(".show")

    def test_marks_and_counts_the_matches(self, client):
        page = get(client, "/d/peace/armistice?q=협상")
        marks = page.all("mark")
        assert page.text(".counter") == f"{len(marks)} matches"
        assert [mark.attributes["id"] for mark in marks] == [f"m{n + 1}" for n in range(len(marks))]
        assert page.hrefs(".back") == ["/search?q=%ED%98%91%EC%83%81"]

    def test_says_so_where_nothing_matches(self, client):
        assert get(client, "/d/hangul?q=zebra").text(".counter") == "No match here"

    def test_renderings_left_out_stay_left_out_on_the_way_to_why_and_on(self, client):
        why = next(
            url for url in get(client, "/search?q=협상&without=talks").hrefs(".about a") if "/why?" in url
        )
        page = get(client, why)
        assert "without=talks" in why
        assert page.hrefs(".source a")[0].endswith("?q=%ED%98%91%EC%83%81&without=talks")

    def test_leads_from_references_to_notes_and_back(self, client):
        page = get(client, "/d/peace/armistice")
        for reference in page.all("a.ref"):
            note = page.one(reference.attributes["href"])
            backlinks = [a.attributes["href"] for a in note.parent.css("a.backlink")]
            assert f"#{reference.attributes['id']}" in backlinks

    def test_names_a_note_in_the_language_of_the_interface(self, korean_client):
        references = get(korean_client, "/d/peace/armistice").all("a.ref")
        assert {node.attributes["aria-label"] for node in references} == {"각주 1", "각주 2"}
        assert {node.attributes["lang"] for node in references} == {"ko"}

    def test_leaves_a_reference_without_a_note_as_text(self, client):
        page = get(client, "/d/peace/armistice")
        assert "[9]" in page.text("#PEAC0023")
        assert "[9]" not in page.texts("a.ref")

    def test_has_an_outline_of_both_languages(self, client):
        page = get(client, "/d/peace/armistice")
        assert page.texts(".outline li:has(a[lang=ko])") == ["두 해에 걸친 협상", "협정이 정한 것", "날짜"]
        assert all(page.one(href) for href in page.hrefs(".outline a"))

    def test_makes_lists_tables_quotations_and_code_of_their_blocks(self, client):
        page = get(client, "/d/peace/armistice?show=en")
        assert page.texts("ul.items ol.items .marker") == ["1.", "2."]
        assert page.texts("th") == ["Date", "Place", "Event"]
        assert len(page.all("table tr")) == 4
        assert page.one("blockquote")
        assert "\n    return" in get(client, "/d/hangul?show=en").one("pre").text()

    def test_lets_the_parts_of_an_over_long_block_flow_on(self, client):
        paragraph = get(client, "/d/hangul").one("#HANG0002").parent
        assert [span.attributes["id"] for span in paragraph.css("span.passage")] == ["HANG0002", "HANG0003"]

    def test_gives_every_passage_a_link_to_copy_and_a_way_to_cite(self, client):
        page = get(client, "/d/hangul")
        addresses = {node.attributes["id"] for node in page.all(".passage")}
        assert {href.split("/")[2].split("?")[0] for href in page.hrefs("[data-copy]")} == addresses
        assert {href.split("/")[2] for href in page.hrefs("[data-cite]")} == addresses

    def test_keeps_controls_out_of_headings(self, client):
        assert get(client, "/d/hangul").text(".side[lang=en] h1") == "How Hangul Is Put Together"

    def test_writes_each_sides_date_in_its_own_language(self, client):
        assert get(client, "/d/hangul").texts(".byline time") == ["9 October 2021", "2021년 10월 9일"]


class TestPairsOnTheReadingPage:
    @pytest.fixture
    def client(self):
        return create_app(FakeArchive([LETTERS])).test_client()

    def test_every_row_holds_a_pair_or_one_side_alone(self, client):
        page = get(client, "/d/two-letters")
        rows = [
            [(side.attributes["lang"], " ".join(side.text().split())[:9]) for side in row.css(".side")]
            for row in page.all(".row")[2:4]
        ]
        assert rows == [[("en", "The boat "), ("ko", "1952년의 배는")], [("en", "This para")]]
        assert page.texts(".row.alone .passage")[0].startswith("This paragraph stands in English only.")

    def test_every_passage_is_there_once_at_its_anchor(self, client):
        ids = get(client, "/d/two-letters").ids()
        assert {"ISLE0002", "ISLE0002-ko", "ISLE0012", "ISLE0003", "ISLE0008-ko"} <= set(ids)
        assert len(ids) == len(set(ids))

    def test_passages_of_a_pair_carry_the_same_number_and_a_way_across(self, client):
        page = get(client, "/d/two-letters")
        numbers = {
            page.one(f"#{at}").attributes["data-pair"] for at in ("ISLE0002", "ISLE0002-ko", "ISLE0012")
        }
        assert len(numbers) == 1
        assert page.hrefs("#ISLE0002 .across, #ISLE0012 .across") == ["#ISLE0002-ko", "#ISLE0002"]
        assert "data-pair" not in page.one("#ISLE0003").attributes

    def test_lists_and_notes_are_lined_up_with_gaps(self, client):
        page = get(client, "/d/two-letters")
        english, korean = page.all(".lined.list_item .items")
        assert [len(items.css("li")) for items in (english, korean)] == [3, 3]
        assert ["gap" in (li.attributes.get("class") or "") for li in korean.css("li")] == [
            False,
            True,
            False,
        ]

    def test_matches_are_numbered_as_the_page_is_read(self, client):
        marks = get(client, "/d/two-letters?q=1952").all("mark")
        assert [mark.attributes["id"] for mark in marks] == [f"m{n}" for n in range(1, len(marks) + 1)]

    @pytest.mark.parametrize("lang", ["en", "ko"])
    def test_one_side_alone_has_no_rows(self, client, lang):
        page = get(client, f"/d/two-letters?show={lang}")
        assert not page.all(".row, .across")
        assert page.one(".side").attributes["lang"] == lang

    def test_a_document_without_pairs_stands_in_two_columns(self, client):
        page = get(create_app(FakeArchive([ARMISTICE])).test_client(), "/d/peace/armistice")
        assert not page.all(".row")
        assert len(page.all("section.side")) == 2

    def test_a_permanent_link_leads_to_the_side_in_its_language(self, client):
        place = client.get("/p/ISLE0002?lang=ko").headers["Location"]
        assert place == "/d/two-letters?lang=ko#ISLE0002-ko"


class TestPermanentLink:
    @pytest.mark.parametrize(
        ("url", "place"),
        [
            ("/p/PEAC0004", "/d/peace/armistice#PEAC0004"),
            ("/p/PEAC0004?lang=en&q=peace", "/d/peace/armistice?q=peace&lang=en#PEAC0004"),
            ("/p/PEAC0004?lang=ko", "/d/peace/armistice?lang=ko#PEAC0004"),
        ],
    )
    def test_leads_to_its_place_and_keeps_lang_and_query(self, client, url, place):
        response = client.get(url)
        assert response.status_code == 302
        assert response.headers["Location"] == place

    def test_of_the_second_side_of_a_pair_leads_to_that_side(self):
        pair = [(lang, P, "text", {"address": "AAAA1111"}) for lang in ("en", "ko")]
        library = [make_document(DocumentInfo("x", Bilingual("X")), pair)]
        client = create_app(FakeArchive(library)).test_client()
        assert client.get("/p/AAAA1111?lang=ko").headers["Location"] == "/d/x?lang=ko#AAAA1111-ko"
        assert client.get("/p/AAAA1111?lang=en").headers["Location"] == "/d/x?lang=en#AAAA1111"

    @pytest.mark.parametrize("page", ["/p/{}", "/p/{}/cite", "/p/{}/why", "/api/passages/{}"])
    @pytest.mark.parametrize("typed", ["7EYRJ5FPM", "7eyr-j5fpm", "7Eyrj5fpm"])
    def test_an_address_typed_by_hand_leads_to_the_one_that_is_meant(self, client, page, typed):
        response = client.get(page.format(typed) + "?lang=ko&q=정전")
        assert response.status_code == 301
        assert response.headers["Location"] == page.format("7eyrj5fpm") + "?lang=ko&q=%EC%A0%95%EC%A0%84"

    def test_what_cannot_be_an_address_is_none(self, client):
        assert client.get("/p/U11111111").status_code == 404


class TestCitation:
    def test_has_title_author_date_address_and_text(self, client):
        page = get(client, "/p/PEAC0020/cite?lang=ko")
        text = page.text("[data-text]")
        for part in (
            "1953년 7월 27일 판문점에서 정전 협정이 체결되었다.",
            "한서연",
            "「1953년 정전 협정, 그리고 오지 않은 평화」",
            "2023년 7월 27일, 한영,",
            "PEAC0020",
            "http://localhost/p/PEAC0020?lang=ko",
        ):
            assert part in text
        assert page.one("[data-text] blockquote").attributes["lang"] == "ko"

    def test_of_an_unknown_address_is_not_found(self, client):
        assert client.get("/p/NOWHERE/cite").status_code == 404

    @pytest.mark.parametrize(("lang", "date"), [("en", "27 July 2023"), ("ko", "2023년 7월 27일")])
    def test_writes_its_date_as_the_passage_would_whoever_reads(self, korean_client, lang, date):
        address = {"en": "PEAC0001", "ko": "PEAC0020"}[lang]
        time = get(korean_client, f"/p/{address}/cite").one("[data-text] time")
        assert (time.text(), time.attributes["lang"]) == (date, lang)

    @pytest.mark.parametrize(
        ("form", "media_type"),
        [
            ("plain", "text/plain"),
            ("bibtex", "application/x-bibtex"),
            ("ris", "application/x-research-info-systems"),
            ("csl", "application/vnd.citationstyles.csl+json"),
        ],
    )
    def test_is_given_to_reference_managers(self, client, form, media_type):
        (link,) = [url for url in get(client, "/p/PEAC0020/cite").hrefs(".formats a") if f"={form}" in url]
        response = client.get(link)
        assert (response.status_code, response.content_type) == (200, f"{media_type}; charset=utf-8")
        assert response.headers["Content-Disposition"].startswith('attachment; filename="PEAC0020-ko.')
        for part in ("1953년 정전 협정, 그리고 오지 않은 평화", "한서연", "PEAC0020", "한영", "2023"):
            assert part in response.text
        assert "http://localhost/p/PEAC0020?lang=ko&v=" in response.text

    def test_in_a_format_that_nobody_knows_is_the_page(self, client):
        assert client.get("/p/PEAC0020/cite?format=docx").mimetype == "text/html"


class TestTextThatHasChanged:
    NOTICE = "The text has changed since this link was made."

    def test_is_told_at_the_passage_where_the_link_is_older(self, client):
        response = client.get("/p/PEAC0004?v=00000000")
        assert response.headers["Location"] == "/d/peace/armistice?lang=en&changed=PEAC0004#PEAC0004"
        page = get(client, response.headers["Location"])
        assert page.texts(".changed") == [self.NOTICE]
        assert page.one("#PEAC0004 .changed").attributes["lang"] == "en"

    def test_is_not_told_where_the_text_is_the_same(self, client):
        for url in (f"/p/PEAC0004?v={VERSION}", "/p/PEAC0004"):
            location = client.get(url).headers["Location"]
            assert "changed" not in location
            assert self.NOTICE not in client.get(location).text

    def test_is_told_at_a_heading_a_row_and_a_note_too(self, client):
        for address in ("PEAC0002", "PEAC0013", "PEAC0017", "HANG0006"):
            url = client.get(f"/p/{address}?v=old").headers["Location"]
            assert get(client, url).texts(".changed") == [self.NOTICE], address

    def test_is_told_in_the_language_of_the_interface(self, korean_client):
        url = korean_client.get("/p/PEAC0004?v=old").headers["Location"]
        assert get(korean_client, url).text(".changed") == "이 링크를 만든 뒤에 글이 바뀌었습니다."

    @pytest.mark.parametrize("value", ["x" * 99, "<b>", "no one", "%00"])
    def test_a_damaged_parameter_changes_nothing(self, client, value):
        assert self.NOTICE not in client.get("/d/hangul", query_string={"changed": value}).text


def test_a_link_to_words_leaves_the_place_to_the_browser(client):
    location = client.get(f"/p/PEAC0004?lang=en&v={VERSION}&at=text").headers["Location"]
    assert location == "/d/peace/armistice?lang=en"


class TestTombstone:
    @pytest.mark.parametrize("url", ["/p/GONE0001", "/p/GONE0001/cite", "/p/GONE0001?lang=ko&q=x"])
    def test_shows_the_last_text_and_leads_on(self, client, url):
        response = client.get(url)
        assert response.status_code == 410
        page = Page(response)
        assert page.text(".failure blockquote") == "마지막 <글>"
        assert page.one(".failure blockquote").attributes["lang"] == "ko"
        assert "/p/PEAC0020?lang=ko" in page.hrefs(".failure a")
        assert "/d/peace/armistice" in page.hrefs(".failure a")
        assert page.one("input[name=q]")

    def test_a_document_that_is_gone_as_well_is_named_by_how_it_began(self, client):
        page = get(client, "/p/GONE0003")
        assert page.text("cite[lang=ko]") == "「<옛> 편지」"
        assert page.texts("code") == ["old/letter", "GONE0003"]

    def test_of_a_document_that_is_gone_too_names_it(self, client):
        page = Page(client.get("/p/GONE0002"))
        assert "nowhere" in page.text(".failure")
        assert not [url for url in page.hrefs(".failure a") if url.startswith(("/p/", "/d/"))]

    def test_is_json_for_programs(self, client):
        response = client.get("/api/passages/GONE0001")
        assert response.status_code == 410
        assert response.json["error"]["status"] == 410
        assert response.json["gone"]["text"] == "마지막 <글>"
        assert response.json["gone"]["nearest"]["url"] == "http://localhost/p/PEAC0020?lang=ko"
        assert client.get("/api/passages/GONE0002").json["gone"]["nearest"] is None

    def test_is_in_the_language_of_the_reader(self, korean_client):
        assert "자료실에 없습니다" in Page(korean_client.get("/p/GONE0001")).text("h1")


class TestOneSnapshot:
    @pytest.mark.parametrize("url", ["/p/PEAC0004?lang=en", "/p/PEAC0020/cite", "/api/passages/PEAC0001"])
    def test_a_passage_and_its_document_come_from_one_call(self, client, archive, url):
        assert client.get(url).status_code in (200, 302)
        assert archive.calls == ["place"]


class TestSiteUrl:
    """The settings say where the site is; what the request says of it is then of no account."""

    @pytest.fixture
    def client(self, archive):
        archive.settings = replace(archive.settings, url=SITE)
        return create_app(archive).test_client()

    @pytest.mark.parametrize(
        "url",
        [
            "/p/PEAC0004/cite",
            "/search?q=peace",
            "/d/peace/armistice",
            "/opensearch.xml",
            "/api/openapi.json",
            "/api/search?q=peace",
            "/api/documents/hangul",
            "/api/passages/PEAC0004",
        ],
    )
    def test_is_in_every_absolute_url(self, client, url):
        text = client.get(url, **EVIL).text
        assert "evil.example" not in text
        assert SITE in text
        assert f"{SITE}/mounted" not in text

    def test_makes_the_permanent_link(self, client):
        link = f"{SITE}/p/PEAC0004?lang=en&v={VERSION}"
        page = get(client, "/p/PEAC0004/cite", **EVIL)
        assert page.hrefs(f"dd a[href^='{SITE}']") == [link]
        assert page.text("[data-text]").endswith(link)
        assert link in get(client, "/d/peace/armistice", **EVIL).hrefs("[data-copy]")
        assert client.get("/api/openapi.json", **EVIL).json["servers"] == [{"url": SITE}]

    def test_leaves_the_links_of_the_page_where_the_reader_is(self, client):
        page = get(client, "/search?q=ceasefire", **EVIL)
        assert page.hrefs(".place") == ["/mounted/p/PEAC0004?lang=en&q=ceasefire"]

    def test_that_changes_makes_another_page(self, client, archive):
        tag = client.get("/search?q=peace").headers["ETag"]
        archive.settings = replace(archive.settings, url="https://elsewhere.example")
        assert create_app(archive).test_client().get("/search?q=peace").headers["ETag"] != tag

    def test_is_what_the_browser_asked_where_the_settings_name_none(self, archive):
        client = create_app(archive).test_client()
        text = get(client, "/p/PEAC0004/cite", headers={"Host": "here.example:8000"}).text("[data-text]")
        link = f"/p/PEAC0004?lang=en&v={VERSION}"
        assert text.endswith(f"http://here.example:8000{link}")
        assert get(client, "/search?q=ceasefire").hrefs("[data-copy]") == [link]


class TestErrors:
    @pytest.mark.parametrize(
        "url", ["/nowhere", "/d/nowhere", "/p/NOWHERE", "/static/nowhere.css", "/d/../etc/passwd"]
    )
    def test_not_found_offers_a_search_box(self, client, url):
        page = get(client, url)
        assert page.response.status_code == 404
        assert page.one("main input[name=q]")

    @pytest.mark.parametrize("url", ["/d/{}", "/report/{}", "/api/documents/{}"])
    def test_a_document_that_was_renamed_is_led_to(self, client, archive, url):
        archive.formers["old/name"] = FormerDocument("peace/armistice")
        response = client.get(url.format("old/name") + "?q=정전")
        assert response.status_code == 301
        assert response.headers["Location"] == url.format("peace/armistice") + "?q=%EC%A0%95%EC%A0%84"
        assert response.headers["Cache-Control"] == "no-cache"
        assert client.get(response.headers["Location"]).status_code == 200

    def test_a_document_that_is_gone_says_how_it_began(self, client, archive):
        archive.formers["old"] = FormerDocument(begins=Bilingual("An <old> letter", "옛 편지"))
        page = get(client, "/d/old")
        assert page.response.status_code == 410
        assert [page.text(f"blockquote[lang='{lang}']") for lang in ("en", "ko")] == [
            "An <old> letter",
            "옛 편지",
        ]
        assert page.one("main input[name=q]")

    def test_a_document_that_is_elsewhere_now_leads_there(self, client, archive):
        infos = archive.documents()[:2]
        archive.formers["old"] = FormerDocument(elsewhere=infos)
        page = get(client, "/d/old")
        assert page.response.status_code == 410
        assert page.text("h1") == "This document is no longer at this address"
        assert page.hrefs(".failure li a") == [f"/d/{info.id}" for info in infos]
        assert not page.texts("blockquote")

    def test_addresses_that_cannot_be_read_are_told_where_a_document_is_unknown(
        self, client, archive, monkeypatch
    ):
        def fail(_):
            raise AddressesError("line 1")

        monkeypatch.setattr(archive, "former", fail)
        page = get(client, "/d/nowhere")
        assert page.response.status_code == 503
        assert page.text("h1") == "It cannot be told now where this address leads"
        assert page.one("main input[name=q]"), "searched it can be all the same"

    @pytest.mark.parametrize(("status", "url"), [(405, "/search"), (413, "/"), (414, "/")])
    def test_are_pages_in_the_readers_language(self, korean_client, status, url):
        options = {
            405: {"method": "POST"},
            413: {"data": b"x" * 1_000_000},
            414: {"query_string": {"q": "가" * 100_000}},
        }[status]
        page = Page(korean_client.open(url, **options))
        assert page.response.status_code == status
        assert page.one("html").attributes["lang"] == "ko"
        assert page.text("h1")

    def test_a_method_that_is_not_allowed_names_those_that_are(self, client):
        assert "GET" in client.post("/search").headers["Allow"]

    def test_a_fault_of_ours_is_a_page_without_its_details(self, archive, monkeypatch):
        def fail(*args, **kwargs):
            raise RuntimeError("secret detail")

        monkeypatch.setattr(archive, "search", fail)
        page = get(create_app(archive).test_client(), "/search?q=peace")
        assert page.response.status_code == 500
        assert "secret detail" not in page.response.text

    @pytest.mark.parametrize("url", ["/search?q=평화", "/api/search?q=평화", "/d/armistice?q=평화"])
    def test_while_kiwi_says_nothing_korean_words_are_to_be_tried_again(
        self, archive, client, korean_client, monkeypatch, url
    ):
        def fail(*args, **kwargs):
            raise AnalysisError("Kiwi has said nothing")

        for asked in ("search", "passages", "document"):
            monkeypatch.setattr(archive, asked, fail)
        english, korean = client.get(url), korean_client.get(url)
        for answer in (english, korean):
            assert answer.status_code == 503
            assert 0 < int(answer.headers["Retry-After"]) < 60
        assert "Korean words cannot be searched just now" in english.text
        assert ("한국어 낱말을 검색할 수 없습니다" in korean.text) == ("/api/" not in url)
        assert "log" not in english.text.partition("<h1>")[2].partition("</main>")[0]

    @pytest.mark.parametrize(
        ("error", "remedy", "told"),
        [
            (IndexMissingError, REINDEX, "no index yet"),
            (IndexOutdatedError, REBUILD, "damaged"),
            (AddressesError, (), "list of addresses"),
        ],
    )
    def test_without_a_usable_index_tells_everybody_what_happened_and_the_log_what_to_run(
        self, archive, monkeypatch, caplog, *, error, remedy, told
    ):
        def fail(_):
            raise error("/srv/secret/index cannot be read", remedy=remedy)

        monkeypatch.setattr(type(archive), "generation", property(fail))
        monkeypatch.setattr(type(archive), "checked", property(fail))
        client = create_app(archive).test_client()
        page, found = get(client, "/"), client.get("/api/search?q=x")
        assert page.response.status_code == found.status_code == 503
        answers = [page.response, found]
        if error is not AddressesError:  # without them all that is there can be searched
            answers.append(client.get("/healthz"))
            assert (answers[-1].status_code, answers[-1].json["status"]) == (503, "unavailable")
        for answer in answers:
            assert told in answer.text
            assert "log" in answer.text
            assert "secret" not in answer.text
            assert "hanyeong reindex" not in answer.text
        (line,) = {record.getMessage() for record in caplog.records}
        assert line.startswith("/srv/secret/index cannot be read")
        if remedy:
            assert line.endswith(f"run: hanyeong --data {Path('nowhere').absolute()} {' '.join(remedy)}")
        assert len(caplog.records) == 1, "once, however many ask"


class TestLanguageSwitch:
    def test_stays_on_the_page_and_is_remembered(self, client):
        link = get(client, "/search?q=peace&lang=en").one("[data-hl]").attributes["href"]
        response = client.get(link)
        assert response.status_code == 302
        assert response.headers["Location"] == "/search?q=peace&lang=en"
        assert get(client, "/").one("html").attributes["lang"] == "ko"

    def test_sets_a_cookie_that_no_other_site_can_use(self, client):
        cookie = client.get("/?hl=ko").headers["Set-Cookie"]
        assert "SameSite=Lax" in cookie
        assert "HttpOnly" in cookie

    @pytest.mark.parametrize("url", ["//evil.example/?hl=ko", "/?hl=ko&_external=1&_scheme=evil&endpoint=x"])
    def test_never_leads_to_another_site(self, client, url):
        location = client.get(url).headers.get("Location", "/")
        assert location.startswith("/")
        assert not location.startswith("//")

    @pytest.mark.parametrize("value", ["xx", "", "ko-KR", "../en"])
    def test_takes_no_other_language(self, client, value):
        response = client.get("/", query_string={"hl": value})
        assert response.status_code == 200
        assert "Set-Cookie" not in response.headers


class TestSmallPages:
    def test_opensearch_describes_a_search_that_works(self, client):
        response = client.get("/opensearch.xml")
        assert response.content_type == "application/opensearchdescription+xml; charset=utf-8"
        assert 'template="http://localhost/search?q={searchTerms}"' in response.text

    def test_healthz_names_the_generation(self, client):
        assert client.get("/healthz").json == {"status": "ok", "generation": "g1", "checked": False}

    def test_a_page_the_browser_has_is_not_searched_again(self, client, archive):
        tag = client.get("/search?q=peace").headers["ETag"]
        assert tag.startswith("W/")
        archive.calls.clear()
        response = client.get("/search?q=peace", headers={"If-None-Match": tag})
        assert (response.status_code, archive.calls) == (304, [])
        archive.generation = "g2"
        assert client.get("/search?q=peace", headers={"If-None-Match": tag}).status_code == 200


class TestTerms:
    def test_show_what_the_pairs_and_the_glossary_say(self, client):
        page = get(client, "/terms", query_string={"q": "ceasefire"})
        assert page.texts(".renderings li") == ["정전 in 3 of 4 pairs", "휴전 from the glossary"]

    def test_says_in_which_language_each_word_is(self, client):
        page = get(client, "/terms", query_string={"q": "ceasefire"}, headers={"Accept-Language": "ko"})
        assert page.one("h2[lang=en]").text() == "ceasefire"
        assert {a.attributes["lang"] for a in page.all(".renderings a")} == {"ko"}

    def test_say_so_where_nothing_is_known(self, client):
        page = get(client, "/terms", query_string={"q": "unheard"})
        assert "do not say" in page.text(".empty")

    def test_ask_for_a_word_first(self, client, archive):
        assert get(client, "/terms").all("form [name=q]")
        assert "terms" not in archive.calls
