"""Every page: its two languages, its shape on every screen, what a browser without scripts makes of it."""

import re

import pytest
from playwright.sync_api import expect

from webapp.cdn import HTMX_URL

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "results": "/search?q=정전 협상",
    "nothing": '/search?q="blue whale" "in the attic"&lang=ko',
    "reading": "/d/armistice-1953?q=정전",
    "table-and-notes": "/d/style-guide-translation",
    "terms": "/terms?q=armistice",
    "report": "/report",
    "missing": "/p/none",
    "citation": "CITATION",
}
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def go(sample_archive, complaints):
    """Opens one of the pages by its name."""

    def open_page(page, name):
        url = PAGES[name]
        if name == "citation":
            hit = sample_archive.search("정전 협상").groups[0].hits[0].passage
            url = f"/p/{hit.address}/cite?lang={hit.lang}"
        page.goto(url)

    complaints.are_meant("404 (NOT FOUND)")
    return open_page


class TestInterfaceLanguage:
    @pytest.mark.parametrize(("lang", "skip"), [("en", "Skip to content"), ("ko", "본문으로 건너뛰기")])
    def test_is_what_the_browser_prefers(self, visit, lang, skip):
        page = visit(lang)
        page.goto("/")
        expect(page.locator("html")).to_have_attribute("lang", lang)
        expect(page.locator(".skip")).to_have_text(skip)

    def test_is_kept_once_switched(self, page):
        page.goto("/")
        page.get_by_role("link", name="한국어").click()
        expect(page.locator("html")).to_have_attribute("lang", "ko")
        for url in ("/", "/search?q=museum", "/d/armistice-1953"):
            page.goto(url)
            expect(page.locator("html")).to_have_attribute("lang", "ko")
        page.get_by_role("link", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page).to_have_url(re.compile("/d/armistice-1953$"))

    def test_switched_while_searching_shows_the_same_results(self, page):
        page.goto("/search?q=museum&lang=en")
        page.locator("#q").fill("peace")
        expect(page).to_have_url(re.compile(r"/search\?q=peace&lang=en$"))
        page.get_by_role("link", name="한국어").click()
        expect(page.locator("html")).to_have_attribute("lang", "ko")
        expect(page).to_have_url(re.compile(r"/search\?q=peace&lang=en$"))
        expect(page.locator("#q")).to_have_value("peace")

    def test_speaks_korean_also_of_what_scripts_say(self, visit):
        page = visit("ko")
        page.goto("/search?q=museum")
        page.get_by_role("link", name="링크 복사").first.click()
        expect(page.get_by_role("status")).to_have_text(re.compile("복사"))


class TestShape:
    def test_both_languages_stand_side_by_side_on_a_desk(self, visit):
        english, korean = self.sides(visit(width=1280))
        assert english["y"] == korean["y"]
        assert english["x"] + english["width"] < korean["x"]

    def test_one_comes_after_the_other_on_a_phone(self, visit):
        english, korean = self.sides(visit(width=390, has_touch=True, is_mobile=True))
        assert english["y"] + english["height"] <= korean["y"]
        assert english["x"] == korean["x"]

    def sides(self, page):
        page.goto("/d/armistice-1953")
        return [page.locator(f".side:lang({lang})").first.bounding_box() for lang in ("en", "ko")]

    @pytest.mark.parametrize("lang", ["en", "ko"])
    def test_no_page_is_wider_than_the_narrowest_phone(self, visit, go, lang):
        page = visit(lang, width=320, height=640, has_touch=True, is_mobile=True)
        for name in PAGES:
            go(page, name)
            assert page.evaluate("document.documentElement.scrollWidth") == 320, name
            assert not page.evaluate(STICKING_OUT), name

    @pytest.mark.parametrize("width", [700, 1160, 1280, 1440])
    def test_the_controls_of_a_passage_are_on_the_screen_and_not_over_the_other_side(self, visit, go, width):
        page = visit(width=width)
        go(page, "reading")
        edges = page.evaluate(CONTROLS)
        assert len(edges) > 20
        assert all(right <= most for right, most in edges)

    @pytest.mark.parametrize("name", ["reading", "table-and-notes"])
    def test_no_line_of_a_phone_begins_with_controls(self, visit, go, name):
        page = visit(width=390, height=844, has_touch=True, is_mobile=True)
        go(page, name)
        assert page.evaluate("matchMedia('(hover: none)').matches")
        assert page.evaluate(ORPHANS) == []

    def test_no_korean_word_is_broken_whatever_language_it_stands_in(self, page, go):
        for name in PAGES:
            go(page, name)
            assert page.evaluate(BREAKS) == ["keep-all"], name

    def test_a_document_in_both_languages_is_printed_on_a_few_sheets(self, page, go):
        go(page, "reading")
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) < 9


CONTROLS = """[...document.querySelectorAll(".tools")].map((tools) => {
  const {right} = tools.getBoundingClientRect();
  const other = document.querySelector(".side[lang=ko]").getBoundingClientRect().left;
  const beside = tools.closest(".side").lang === "en" && other > innerWidth / 4;
  return [right, beside ? other : innerWidth];
})"""
ORPHANS = """() => {
  const ends = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return Math.max(...[...range.getClientRects()].map((rect) => rect.bottom));
  };
  return [...document.querySelectorAll("p .tools, .items .tools, .headed .tools")]
    .filter((tools) => tools.getBoundingClientRect().top >= ends(tools.previousSibling))
    .map((tools) => tools.parentElement.textContent.slice(-40));
}"""
BREAKS = """[...new Set(
  [...document.querySelectorAll("body *")].map((element) => getComputedStyle(element).wordBreak)
)]"""
STICKING_OUT = """() => {
  const scrolls = (element) => element.closest(".wide, pre, .vh, .skip, dialog");
  return [...document.querySelectorAll("body *")]
    .filter((element) => !scrolls(element) && element.getBoundingClientRect().right > innerWidth + 1)
    .map((element) => element.outerHTML.slice(0, 200));
}"""


class TestWithoutScripts:
    @pytest.fixture
    def page(self, visit, asked):
        yield visit(javascript=False)
        assert HTMX_URL not in asked

    def test_search_filters_order_and_pages_work(self, page):
        page.goto("/")
        page.get_by_role("searchbox").press_sequentially("peace")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/search\?q=peace$"))
        expect(page.locator(".hit mark").first).to_be_visible()
        page.locator(".filters").get_by_role("link", name="English").click()
        expect(page).to_have_url(re.compile(r"/search\?q=peace&lang=en$"))
        page.locator(".filters").get_by_role("link", name=re.compile("^20")).first.click()
        expect(page).to_have_url(re.compile(r"/search\?q=peace&lang=en&year=20\d\d$"))
        page.get_by_role("link", name="Newest first").click()
        expect(page.locator(".sort [aria-current]")).to_have_text("Newest first")
        page.get_by_role("searchbox").fill("the")
        page.get_by_role("button", name="Search").click()
        expect(page).to_have_url(re.compile(r"/search\?q=the&lang=en&year=20[\d.]+&sort=date$"))

    def test_later_pages_are_reached(self, page, sample_archive):
        page.goto("/search?q=year:1900..2100")
        pages = sample_archive.search("year:1900..2100").pages
        assert pages > 1
        page.get_by_role("link", name="Next").click()
        expect(page.locator(".paging")).to_contain_text(f"Page 2 of {pages}")
        expect(page.locator(".hit").first).to_be_visible()

    def test_a_document_is_read_in_one_language_or_both(self, page):
        page.goto("/search?q=정전협정")
        page.locator(".document .title a").first.click()
        page.goto("/d/armistice-1953?q=정전")
        expect(page.locator("article.two")).to_be_visible()
        page.locator(".show").get_by_role("link", name="Korean").click()
        expect(page.locator(".side")).to_have_count(1)
        expect(page.locator(".side")).to_have_attribute("lang", "ko")
        expect(page.locator(".side mark").first).to_be_visible()
        page.get_by_role("link", name="First match").click()
        expect(page.locator("#m1")).to_be_in_viewport()
        page.locator(".show").get_by_role("link", name="Both").click()
        expect(page.locator("article.two")).to_be_visible()

    def test_links_citations_and_notes_are_plain_links(self, page):
        page.goto("/search?q=정전")
        page.get_by_role("link", name="Cite").first.click()
        expect(page.locator("#citation blockquote")).to_be_visible()
        page.locator("#citation dd a").click()
        expect(page.locator(":target")).to_be_in_viewport()
        page.goto("/d/peace-processes/northern-ireland")
        page.locator("a.ref").first.click()
        expect(page.locator(".note :target").first).to_be_in_viewport()
        page.locator(".note:has(:target) .backlink").first.click()
        expect(page.locator("a.ref:target")).to_be_in_viewport()

    def test_the_interface_language_can_be_switched(self, page):
        page.goto("/search?q=museum")
        page.get_by_role("link", name="한국어").click()
        expect(page.locator("html")).to_have_attribute("lang", "ko")
        expect(page.get_by_role("searchbox")).to_have_value("museum")

    def test_nothing_is_offered_that_needs_a_script(self, page, go):
        for name in PAGES:
            go(page, name)
            expect(page.locator("button:visible:not([type=submit])")).to_have_count(0)


class TestSafety:
    def test_no_page_asks_anybody_but_its_own_server_and_the_cdn(self, page, go, site, asked):
        for name in PAGES:
            go(page, name)
        assert {url for url in asked if not url.startswith(f"{site}/")} == {HTMX_URL}

    @pytest.mark.parametrize("addition", [b"alert(1)", b"\n"], ids=["code", "a line end"])
    def test_a_changed_file_from_the_cdn_is_not_run(self, visit, htmx, complaints, addition):
        complaints.are_meant("integrity")
        page = visit(cdn=htmx + addition)
        with page.expect_console_message(lambda message: "integrity" in message.text):
            page.goto("/")
        assert page.evaluate("typeof htmx") == "undefined"
        expect(page.locator("#q")).to_be_focused()
        page.keyboard.type("museum")
        page.keyboard.press("Enter")
        expect(page.locator(".hit mark").first).to_be_visible()

    def test_the_true_file_is_run(self, page):
        page.goto("/")
        assert page.evaluate("typeof htmx") == "object"

    @pytest.mark.parametrize(
        ("tag", "text"), [("script", "window.broken = true"), ("style", "body { display: none }")]
    )
    def test_a_script_or_style_in_the_page_would_be_refused(self, page, complaints, tag, text):
        complaints.are_meant("CSP:", "Content Security Policy")
        page.goto("/")
        with page.expect_console_message(lambda message: f"CSP: {tag}-src-elem refused" in message.text):
            page.evaluate(ADD, [tag, text])
        assert page.evaluate("window.broken") is None
        expect(page.locator("body")).to_be_visible()


ADD = """([tag, text]) => {
  const element = document.createElement(tag);
  element.textContent = text;
  document.body.append(element);
}"""


class TestAccessibility:
    @pytest.mark.parametrize("lang", ["en", "ko"])
    @pytest.mark.parametrize("name", PAGES)
    def test_axe_finds_nothing_in_light_and_dark(self, visit, go, axe, name, lang):
        page = visit(lang)
        go(page, name)
        page.evaluate(axe)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert not violations(page), scheme

    @pytest.mark.parametrize("name", ["results", "reading"])
    def test_axe_finds_nothing_on_a_phone(self, visit, go, axe, name):
        page = visit("ko", width=390, has_touch=True, is_mobile=True)
        go(page, name)
        page.evaluate(axe)
        assert not violations(page)

    def test_axe_finds_nothing_in_the_citation_that_opens_over_a_page(self, page, go, axe):
        go(page, "results")
        page.get_by_role("link", name="Cite").first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.evaluate(axe)
        assert not violations(page)

    def test_axe_would_find_something(self, page, axe):
        page.goto("/")
        page.evaluate(axe)
        page.evaluate("document.querySelector('label[for=q]').remove(), q.removeAttribute('placeholder')")
        assert [violation["id"] for violation in violations(page)] == ["label"]


def violations(page):
    """The rules that the page breaks, and where."""
    return page.evaluate(CHECK, AXE_RULES)


CHECK = """async (tags) => {
  const {violations} = await axe.run({runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  const places = (nodes) => nodes.map((node) => node.html.slice(0, 200));
  return violations.map(({id, help, nodes}) => ({id, help, at: places(nodes)}));
}"""
