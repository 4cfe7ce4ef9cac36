"""Passages: links, citations, notes, matches, and the keys that lead from one to the next."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import expect

from indexer.addresses import text_version

pytestmark = pytest.mark.browser

READING = "/d/armistice-1953?q=정전"
WITH_NOTES = "/d/peace-processes/northern-ireland"


def clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


def expect_in_sight(page, locator):
    """The element is on the screen, and no bar lies over its top."""
    expect(locator).to_be_in_viewport()
    on_top = """(element) => {
      const box = element.getClientRects()[0];
      const top = document.elementFromPoint(box.left + 2, box.top + 2);
      return top === element || element.contains(top) || top.contains(element);
    }"""
    assert locator.evaluate(on_top)


def ground(locator):
    """The colour behind an element: its own, else that of the nearest thing around it that has one."""
    return locator.evaluate("""(element) => {
      const colour = (at) => getComputedStyle(at).backgroundColor;
      while (colour(element) === "rgba(0, 0, 0, 0)") element = element.parentElement;
      return colour(element);
    }""")


class TestLinks:
    def test_a_hits_link_is_copied_in_full(self, page, site, sample_archive):
        page.goto("/search?q=ceasefire")
        hit = sample_archive.search("ceasefire").groups[0].hits[0].passage
        page.get_by_role("link", name="Copy link").first.click()
        expect(page.get_by_role("status")).to_have_text("Link copied")
        assert clipboard(page) == f"{site}/p/{hit.address}?lang={hit.lang}&v={text_version(hit.text)}"
        expect(page).to_have_url(re.compile("/search"))

    def test_a_copied_link_lands_on_its_passage_in_sight_and_marked(self, page, sample_archive):
        page.goto("/search?q=정전")
        hit = sample_archive.search("정전").groups[0].hits[0].passage
        page.get_by_role("link", name="Copy link").first.click()
        page.goto(clipboard(page))
        target = page.locator(":target")
        expect(page).to_have_url(re.compile(rf"/d/{hit.document}\?lang={hit.lang}#{hit.address}"))
        expect(target).to_contain_text(hit.text[:20])
        expect_in_sight(page, target)
        assert ground(target) != ground(page.locator("main"))

    def test_whatever_kind_of_block_is_linked_is_marked(self, page):
        for document, blocks in [
            ("armistice-1953", ["h1", "h2", "p", "blockquote", "tr"]),
            ("peace-processes/northern-ireland", ["li", ".note"]),
        ]:
            page.goto(f"/d/{document}")
            for block in blocks:
                passage = page.locator(f"{block} .passage, {block}.passage").first
                before = ground(passage)
                page.goto(f"/d/{document}#{passage.get_attribute('id')}")
                assert ground(passage) != before, block

    def test_every_passage_of_a_document_has_a_link_that_a_keyboard_reaches(self, page, site):
        page.goto("/d/armistice-1953")
        passage = page.locator(".side p .passage").first
        control = passage.get_by_role("link", name=re.compile("^Copy link"))
        control.focus()
        expect(passage.locator(".tools")).to_have_css("opacity", "1")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("Link copied")
        assert clipboard(page).startswith(f"{site}/p/{passage.get_attribute('id')}?lang=en&v=")

    def test_the_controls_of_a_passage_show_under_the_pointer(self, page):
        page.goto("/d/armistice-1953")
        passage = page.locator(".side p .passage").first
        expect(passage.locator(".tools")).to_have_css("opacity", "0")
        passage.hover()
        expect(passage.locator(".tools")).to_have_css("opacity", "1")

    def test_a_hit_leads_to_its_passage_with_the_matches_marked(self, page, sample_archive):
        page.goto("/search?q=ceasefire")
        hit = sample_archive.search("ceasefire").groups[0].hits[0].passage
        page.locator(".hit .place").first.click()
        expect(page.locator(":target")).to_have_id(hit.address)
        expect(page.locator(":target mark").first).to_be_in_viewport()


def quoted(passage):
    """What a citation quotes of it: the cells of a table row apart."""
    return " ".join(passage.text.replace("\t", " | ").split())


class TestCitation:
    def test_opens_over_the_page_and_gives_the_source(self, page, site, sample_archive):
        hit = sample_archive.search("ceasefire").groups[0].hits[0].passage
        page.goto("/search?q=ceasefire")
        page.get_by_role("link", name="Cite").first.click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        expect(dialog.locator("blockquote")).to_have_text(quoted(hit))
        expect(dialog).to_contain_text(f"{site}/p/{hit.address}?lang={hit.lang}")
        expect(dialog).to_contain_text(sample_archive.document(hit.document).info.titles.en)
        expect(page).to_have_url(re.compile("/search"))

    def test_is_copied_as_plain_text(self, page, site, sample_archive):
        hit = sample_archive.search("ceasefire").groups[0].hits[0].passage
        page.goto("/search?q=ceasefire")
        page.get_by_role("link", name="Cite").first.click()
        page.get_by_role("button", name="Copy quotation and source").click()
        expect(page.get_by_role("status")).to_have_text("Copied")
        copied = " ".join(clipboard(page).split())
        assert copied.startswith(quoted(hit))
        link = f"{site}/p/{hit.address}?lang={hit.lang}&v={text_version(hit.text)}"
        assert copied.endswith(f"{hit.address}. {link}")

    @pytest.mark.parametrize("close", ["Escape", "Close"])
    def test_closes_and_gives_the_focus_back(self, page, close):
        page.goto("/search?q=ceasefire")
        control = page.get_by_role("link", name="Cite").first
        control.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        if close == "Escape":
            page.keyboard.press("Escape")
        else:
            page.get_by_role("button", name=close).click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(control).to_be_focused()

    def test_opens_from_a_document_too(self, page):
        page.goto("/d/armistice-1953")
        passage = page.locator(".side:lang(ko) p .passage").first
        passage.hover()
        passage.get_by_role("link", name=re.compile("^Cite")).click()
        quoted = page.get_by_role("dialog").locator("blockquote")
        expect(quoted).to_have_attribute("lang", "ko")
        assert quoted.inner_text() in passage.inner_text()


class TestNotes:
    @pytest.mark.parametrize("lang", ["en", "ko"])
    def test_a_reference_jumps_to_its_note_and_back(self, page, lang):
        page.goto(WITH_NOTES)
        reference = page.locator(f".side:lang({lang}) a.ref").first
        label = reference.inner_text().strip("[]")
        reference.click()
        note = page.locator(f".side:lang({lang}) .note", has=page.locator(":target"))
        expect(note.locator(".label")).to_have_text(label)
        expect_in_sight(page, note)
        note.locator(".backlink").first.click()
        expect(page.locator("a.ref:target")).to_have_id(reference.get_attribute("id"))
        expect_in_sight(page, page.locator("a.ref:target"))
        page.go_back()
        expect_in_sight(page, note)


class TestMatches:
    @pytest.fixture
    def total(self, page):
        page.goto(READING)
        total = int(page.locator("[data-matches]").get_attribute("data-matches"))
        assert total > 3
        return total

    def expect_at(self, page, number, total):
        expect(page.locator(".counter")).to_have_text(f"{number}/{total}")
        expect(page.locator("mark.here").first).to_have_id(f"m{number}")
        expect_in_sight(page, page.locator("mark.here").first)

    def test_keys_go_from_match_to_match_and_round(self, page, total):
        expect(page.locator(".counter")).to_have_text(f"{total} matches")
        for key, number in [("n", 1), ("n", 2), ("n", 3), ("p", 2), ("p", 1), ("p", total), ("n", 1)]:
            page.keyboard.press(key)
            self.expect_at(page, number, total)
            expect(page.get_by_role("status")).to_have_text(f"{number}/{total}")

    def test_buttons_do_the_same(self, page, total):
        page.get_by_role("button", name="Next match").click()
        page.get_by_role("button", name="Next match").click()
        self.expect_at(page, 2, total)
        page.get_by_role("button", name="Previous match").click()
        self.expect_at(page, 1, total)

    def test_the_first_step_begins_at_the_passage_one_came_for(self, page, sample_archive, total):
        hit = sample_archive.search("정전 협상").groups[0].hits[0].passage
        page.goto(f"/p/{hit.address}?lang={hit.lang}&q=정전 협상")
        first = page.locator(":target mark").first.get_attribute("data-match")
        page.keyboard.press("n")
        expect(page.locator("mark.here").first).to_have_attribute("data-match", first)


class TestKeys:
    @pytest.mark.parametrize("url", ["/search?q=museum", "/d/armistice-1953", "/p/none"])
    def test_slash_goes_to_the_search_box(self, page, url, complaints):
        complaints.are_meant("404 (NOT FOUND)")
        page.goto(url)
        page.locator("main").focus()
        page.keyboard.press("/")
        box = page.locator("#q")
        expect(box).to_be_focused()
        assert "/" not in box.input_value()

    def test_slash_in_the_box_is_a_slash(self, page):
        page.goto("/d/armistice-1953")
        page.locator("#q").focus()
        page.keyboard.type("a/j")
        expect(page.locator("#q")).to_have_value("a/j")

    def test_j_and_k_move_through_the_hits_and_enter_opens_one(self, page):
        page.goto("/search?q=ceasefire")
        page.locator("main").focus()
        places = page.locator(".hit .place")
        for key, at in [("j", 0), ("j", 1), ("j", 2), ("k", 1)]:
            page.keyboard.press(key)
            expect(places.nth(at)).to_be_focused()
            expect(places.nth(at)).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("article.text")).to_be_visible()

    def test_keys_work_while_the_keyboard_is_switched_to_hangul(self, page):
        page.goto("/search?q=ceasefire")
        page.locator("main").focus()
        browser = page.context.new_cdp_session(page)
        for kind in ("keyDown", "keyUp"):
            browser.send("Input.dispatchKeyEvent", {"type": kind, "key": "ㅓ", "code": "KeyJ"})
        expect(page.locator(".hit .place").first).to_be_focused()

    def test_keys_can_be_switched_off_for_good(self, page):
        page.goto("/search?q=ceasefire")
        page.get_by_text("Keys and signs").click()
        page.get_by_label("Use these keys").uncheck()
        page.reload()
        page.locator("main").focus()
        page.keyboard.press("j")
        page.keyboard.press("/")
        expect(page.locator("main")).to_be_focused()

    def test_a_key_with_ctrl_is_the_browsers(self, page):
        page.goto("/search?q=ceasefire")
        page.locator("main").focus()
        page.keyboard.press("Control+j")
        expect(page.locator("main")).to_be_focused()


SELECT = """([id, start, end]) => {
  const nodes = document.createTreeWalker(document.getElementById(id), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let passed = 0, started = false;
  while (nodes.nextNode()) {
    const node = nodes.currentNode, length = node.length;
    if (!started && start < passed + length) { range.setStart(node, start - passed); started = true; }
    if (end <= passed + length) { range.setEnd(node, end - passed); break; }
    passed += length;
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


def copy_link_to(page, passage, words, last=None):
    """Selects from the middle of the first of these words to the middle of the last, and copies the link."""
    start = passage.text.index(words) + 1
    end = passage.text.index(last or words) + len(last or words) - 1
    page.goto(f"/d/{passage.document}")
    page.evaluate(SELECT, [passage.address, start, end])
    button = page.get_by_role("button", name="Copy link to selection")
    button.wait_for()
    bottom = page.evaluate("getSelection().getRangeAt(0).getBoundingClientRect().bottom")
    assert 0 <= button.bounding_box()["y"] - bottom <= 20, "it is right below what is selected"
    button.click()
    expect(page.get_by_role("status")).to_have_text("Link copied")
    return clipboard(page)


@pytest.fixture
def find(sample_archive):
    """The passage of a document that has these words."""

    def found(document, words):
        marked = sample_archive.document(document).passages
        return next(one.passage for one in marked if words in one.passage.text)

    return found


class TestLinkToSelection:
    def test_takes_whole_words_of_korean_and_leads_to_them(self, page, find):
        passage = find("hangul-history", "11,172")
        word = next(word for word in passage.text.split() if "11,172" in word)
        link = copy_link_to(page, passage, word)
        url = urlsplit(link)
        assert (url.path, parse_qs(url.query)["at"]) == (f"/p/{passage.address}", ["text"])
        anchor, directive = url.fragment.split(":~:text=")
        assert anchor == passage.address
        assert unquote(directive) == word
        assert "%2C" in directive, "a comma would part the words in two ends"

    @pytest.mark.parametrize("lang", ["en", "ko"])
    def test_brings_the_words_into_view_through_the_redirect(self, page, visit, sample_archive, lang):
        """Also where the place of the passage is not found: it is the words that the browser looks for."""
        passages = [one.passage for one in sample_archive.document("armistice-1953").passages]
        passage = [one for one in passages if one.lang == lang and len(one.text) > 150][-1]
        words = passage.text.split()
        link = copy_link_to(page, passage, " ".join(words[5:8]))
        other = visit()
        other.goto(link.replace(f"#{passage.address}:", "#nowhere:"))
        expect(other).to_have_url(re.compile("/d/armistice-1953"))
        expect(other.locator(f"[id='{passage.address}']")).to_be_in_viewport()
        assert other.evaluate("scrollY") > 0

    def test_of_many_words_names_both_ends(self, page, find):
        passage = find("peace-processes/colombia", "more than half a century")
        words = passage.text.split()
        link = copy_link_to(page, passage, " ".join(words[:3]), " ".join(words[-3:]))
        start, end = link.split(":~:text=")[1].split(",")
        assert passage.text.startswith(unquote(start))
        assert passage.text.endswith(unquote(end))
        assert len(start) + len(end) < 120

    def test_of_words_that_stand_earlier_too_names_what_stands_around(self, page, visit, sample_archive):
        passages = [one.passage for one in sample_archive.document("armistice-1953").passages]
        passage = [one for one in passages if one.lang == "en" and " armistice " in one.text][-1]
        link = copy_link_to(page, passage, "armistice")
        assert "-,armistice" in link or "armistice,-" in link
        other = visit()
        other.goto(link.replace(f"#{passage.address}:", "#nowhere:"))
        expect(other.locator(f"[id='{passage.address}']")).to_be_in_viewport()

    def test_offers_nothing_without_a_selection(self, page):
        page.goto("/d/hangul-history")
        expect(page.locator("#quote")).to_be_hidden()
