"""The search page with htmx: results while one types, and a history that makes sense."""

import base64
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import expect

from webapp.cdn import HTMX_URL

from .ime import Ime
from .slow import Slow

pytestmark = pytest.mark.browser


def results_url(query):
    return re.compile(rf"/search\?q={quote(query).replace('%20', r'(%20|[+])')}$")


def searches(asked):
    return [parse_qs(urlsplit(url).query)["q"][0] for url in asked if urlsplit(url).path == "/search"]


def expect_results(page, query, sample_archive):
    """The results of exactly this query are on the page."""
    total = sample_archive.search(query).total
    expect(page.locator("[data-results] [data-count]")).to_have_text(re.compile(rf"^{total}\D"))
    expect(page.locator(".hit mark").first).to_be_visible()
    expect(page).to_have_url(results_url(query))


def caret(page):
    return page.evaluate("[q.selectionStart, q.selectionEnd]")


def go(page, way):
    """Back or forward; the page may reload itself afterwards, which is no navigation that failed."""
    page.wait_for_load_state()
    page.evaluate(f"history.{way}()")


@pytest.fixture
def home(page):
    page.goto("/")
    expect(page.locator("#q")).to_be_focused()
    return page


class TestTyping:
    def test_english_words_bring_results_without_enter(self, home, sample_archive, asked):
        home.keyboard.type("ceasefire", delay=30)
        expect_results(home, "ceasefire", sample_archive)
        assert "ceasefire" in home.locator(".hit mark").first.inner_text().lower()
        assert searches(asked)[-1] == "ceasefire"
        assert len(searches(asked)) < len("ceasefire")

    def test_the_box_keeps_focus_text_and_caret(self, home, sample_archive):
        home.keyboard.type("peace agreement")
        expect_results(home, "peace agreement", sample_archive)
        home.evaluate("q.setSelectionRange(5, 5)")
        home.keyboard.type(" talks")
        expect_results(home, "peace talks agreement", sample_archive)
        expect(home.locator("#q")).to_be_focused()
        assert caret(home) == [11, 11]
        home.keyboard.type(" war")
        expect(home.locator("#q")).to_have_value("peace talks war agreement")
        expect_results(home, "peace talks war agreement", sample_archive)

    def test_only_the_part_with_the_results_is_fetched(self, home, sample_archive):
        with home.expect_response(lambda response: "/search" in response.url) as answered:
            home.keyboard.type("museum")
        assert answered.value.request.headers["hx-request"] == "true"
        assert "<html" not in answered.value.text()

    def test_the_count_is_announced_politely_once_typing_rests(self, home, sample_archive):
        said = home.get_by_role("status")
        expect(said).to_be_empty()
        home.keyboard.type("museum")
        expect_results(home, "museum", sample_archive)
        expect(said).to_have_text(home.locator("[data-count]").inner_text())

    def test_the_title_names_the_query(self, home):
        home.keyboard.type("museum")
        expect(home).to_have_title(re.compile("^museum – "))

    def test_an_emptied_box_brings_the_documents_back(self, home, sample_archive):
        home.keyboard.type("museum")
        expect_results(home, "museum", sample_archive)
        home.locator("#q").clear()
        expect(home.locator(".browse .document").first).to_be_visible()
        expect(home.locator("#q")).to_be_focused()

    def test_filters_stay_while_one_types_on(self, page):
        page.goto("/search?q=museum&lang=en&sort=date")
        page.locator("#q").fill("peace")
        expect(page).to_have_url(re.compile(r"/search\?q=peace&lang=en&sort=date$"))
        expect(page.locator(".filters [aria-current]").first).to_contain_text("English")


class TestKorean:
    """정전 typed as a Korean keyboard does: ㅈ, 저, 정, then ㅈ, 저, 전."""

    def test_results_appear_while_the_last_syllable_is_in_composition(self, home, sample_archive):
        Ime(home).type("정전")
        expect_results(home, "정전", sample_archive)
        expect(home.locator("#q")).to_have_value("정전")
        assert "정전" in home.locator(".hit mark").first.inner_text()

    def test_no_syllable_is_lost_or_doubled_by_results_that_come_meanwhile(self, home, sample_archive):
        ime = Ime(home)
        ime.type("정전", pause=350)  # longer than the wait: every stage brings results of its own
        ime.commit("전")
        home.keyboard.type(" ")
        ime.type("협상", pause=350)
        ime.commit("상")
        expect(home.locator("#q")).to_have_value("정전 협상")
        expect_results(home, "정전 협상", sample_archive)
        expect(home.locator("#q")).to_be_focused()

    @pytest.mark.parametrize(
        ("key", "code"),
        [
            ("Enter", "Enter"),
            ("Escape", "Escape"),
            ("ArrowDown", "ArrowDown"),
            ("ArrowLeft", "ArrowLeft"),
            ("Process", "Enter"),
        ],
    )
    def test_keys_within_a_composition_belong_to_the_input_method(
        self, home, sample_archive, asked, key, code
    ):
        ime = Ime(home)
        ime.type("정전")
        expect_results(home, "정전", sample_archive)
        before = (len(asked), home.evaluate("history.length"))
        ime.key(key, code)
        home.wait_for_timeout(400)
        assert (len(asked), home.evaluate("history.length")) == before
        expect(home.locator("#q")).to_have_value("정전")
        expect(home.locator("#q")).to_be_focused()
        ime.commit("전")
        expect(home.locator("#q")).to_have_value("정전")
        assert caret(home) == [2, 2]

    def test_an_enter_that_ends_a_syllable_does_not_submit(self, home, sample_archive, asked):
        ime = Ime(home)
        ime.type("정전")
        expect_results(home, "정전", sample_archive)
        before = len(asked)
        home.keyboard.press("Enter")  # some systems send the true key while the composition lasts
        home.wait_for_timeout(400)
        assert len(asked) == before

    def test_enter_after_the_composition_searches(self, home, sample_archive, asked):
        ime = Ime(home)
        ime.type("정전")
        ime.commit("전")
        expect_results(home, "정전", sample_archive)
        before = len(searches(asked))
        home.keyboard.press("Enter")
        expect_results(home, "정전", sample_archive)
        assert len(searches(asked)) == before + 1

    def test_a_syllable_put_into_the_middle_stays_there(self, home, sample_archive):
        ime = Ime(home)
        home.locator("#q").fill("정전협상")
        home.evaluate("q.setSelectionRange(2, 2)")
        ime.type("의", pause=350)
        assert caret(home) == [3, 3]
        ime.commit("의")
        home.keyboard.type(" ")
        expect(home.locator("#q")).to_have_value("정전의 협상")
        expect_results(home, "정전의 협상", sample_archive)
        assert caret(home) == [4, 4]


class TestSlowAnswers:
    def test_an_old_answer_never_replaces_a_newer_one(self, home, sample_archive):
        slow = Slow(home)
        home.keyboard.type("peace")
        slow.wait_for("peace")
        home.locator("#q").fill("museum")
        slow.wait_for("museum")
        slow.let_go("museum")
        expect_results(home, "museum", sample_archive)
        slow.let_go("peace")
        home.wait_for_timeout(300)
        expect_results(home, "museum", sample_archive)
        expect(home.locator("#q")).to_have_value("museum")

    def test_a_sign_of_progress_shows_while_one_waits(self, home, sample_archive):
        slow = Slow(home)
        progress = home.locator(".progress")
        expect(progress).to_have_css("opacity", "0")
        home.keyboard.type("museum")
        slow.wait_for("museum")
        expect(progress).to_have_css("opacity", "1")
        slow.let_go("museum")
        expect_results(home, "museum", sample_archive)
        expect(progress).to_have_css("opacity", "0")

    def test_a_search_that_does_not_get_through_says_so_and_what_to_do(
        self, home, sample_archive, complaints
    ):
        complaints.are_meant("net::ERR_FAILED", "htmx:sendError")
        home.route("**/search?**", lambda route: route.abort())
        home.keyboard.type("museum")
        expect(home.locator("#trouble")).to_contain_text("Press Enter")
        expect(home.get_by_role("status")).to_contain_text("Press Enter")
        home.unroute("**/search?**")
        home.keyboard.press("Enter")
        expect_results(home, "museum", sample_archive)
        expect(home.locator("#trouble")).to_be_hidden()


class TestHistory:
    def test_back_and_forward_go_from_search_to_search(self, home, sample_archive):
        home.keyboard.type("ceasefire", delay=60)
        expect_results(home, "ceasefire", sample_archive)
        home.keyboard.press("Enter")
        expect_results(home, "ceasefire", sample_archive)
        home.locator("#q").fill("museum")
        expect_results(home, "museum", sample_archive)
        go(home, "back")
        expect_results(home, "ceasefire", sample_archive)
        expect(home.locator("#q")).to_have_value("ceasefire")
        go(home, "back")
        expect(home.locator(".browse .document").first).to_be_visible()
        expect(home.locator("#q")).to_have_value("")
        go(home, "forward")
        expect_results(home, "ceasefire", sample_archive)
        go(home, "forward")
        expect_results(home, "museum", sample_archive)
        expect(home.locator("#q")).to_have_value("museum")

    def test_enter_before_the_results_makes_no_second_entry(self, home, sample_archive):
        before = home.evaluate("history.length")
        home.keyboard.type("ceasefire")
        home.keyboard.press("Enter")
        expect_results(home, "ceasefire", sample_archive)
        home.wait_for_timeout(400)
        expect_results(home, "ceasefire", sample_archive)
        assert home.evaluate("history.length") == before + 1

    def test_letters_typed_on_are_one_entry_of_the_history(self, home, sample_archive):
        before = home.evaluate("history.length")
        for query in ("peace", "peace agreement"):
            home.locator("#q").fill(query)
            expect_results(home, query, sample_archive)
        assert home.evaluate("history.length") == before + 1

    def test_reload_keeps_the_results(self, home, sample_archive):
        home.keyboard.type("museum")
        expect_results(home, "museum", sample_archive)
        home.reload()
        expect_results(home, "museum", sample_archive)
        expect(home.locator("#q")).to_have_value("museum")

    def test_the_reading_page_leads_back_to_these_results(self, page):
        page.goto("/search?q=peace&lang=ko&sort=date")
        page.locator(".hit .place").first.click()
        page.get_by_role("link", name="Results").click()
        expect(page).to_have_url(re.compile(r"/search\?q=peace&lang=ko&sort=date$"))

    def test_back_from_a_document_shows_a_page_and_not_the_part_in_the_cache(
        self, visit, htmx, sample_archive
    ):
        # Playwright's own interception would switch the browser's cache off.
        page = visit(cdn=None)
        serve_cdn(page, htmx)
        page.goto("/")
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.type("museum")
        expect_results(page, "museum", sample_archive)
        page.locator(".hit .place").first.click()
        expect(page.locator("article.text")).to_be_visible()
        go(page, "back")
        expect_results(page, "museum", sample_archive)
        expect(page.locator("header.site")).to_be_visible()
        expect(page.locator("#q")).to_have_value("museum")


def serve_cdn(page, body):
    """Answers for the CDN, and only for it."""
    browser = page.context.new_cdp_session(page)

    def answer(event):
        headers = [
            {"name": "Access-Control-Allow-Origin", "value": "*"},
            {"name": "Content-Type", "value": "text/javascript"},
        ]
        answer = {"requestId": event["requestId"], "responseCode": 200, "responseHeaders": headers}
        browser.send("Fetch.fulfillRequest", {**answer, "body": base64.b64encode(body).decode()})

    browser.on("Fetch.requestPaused", answer)
    browser.send("Fetch.enable", {"patterns": [{"urlPattern": HTMX_URL}]})
