"""Both sides of a pair on the screen; over a document that is paired by hand."""

import re
from pathlib import Path
from threading import Thread

import pytest
import waitress
from playwright.sync_api import expect

from webapp import create_app

from .test_browser_pages import violations

pytestmark = pytest.mark.browser

READING = "/d/two-letters"


@pytest.fixture(scope="module")
def fake(request):
    """The small archive in memory that the web tests use."""
    folder = str(Path(__file__).parents[1] / "web")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        import fake_archive  # noqa: PLC0415

    return fake_archive


@pytest.fixture(scope="module")
def site(fake):
    app = create_app(fake.FakeArchive([fake.LETTERS, fake.ARMISTICE]))
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.trigger.pull_trigger(server.close)
    thread.join(timeout=2)
    server.task_dispatcher.shutdown()


def top(page, address):
    return page.locator(f"[id='{address}']").bounding_box()["y"]


def left(page, address):
    return page.locator(f"[id='{address}']").bounding_box()["x"]


def test_what_says_the_same_begins_on_one_line(page):
    page.goto(READING)
    for address in ("ISLE0001", "ISLE0002", "ISLE0004", "ISLE0006", "ISLE0007", "ISLE0008"):
        assert abs(top(page, address) - top(page, f"{address}-ko")) < 8, address
        assert left(page, address) < left(page, f"{address}-ko")
    assert top(page, "ISLE0002") < top(page, "ISLE0003") < top(page, "ISLE0004")
    assert top(page, "ISLE0004") < top(page, "ISLE0005") < top(page, "ISLE0006")


def test_on_a_phone_the_two_sides_follow_one_another(visit):
    page = visit(width=390, has_touch=True, is_mobile=True)
    page.goto(READING)
    order = ["ISLE0001", "ISLE0001-ko", "ISLE0002", "ISLE0002-ko", "ISLE0012", "ISLE0003", "ISLE0004"]
    tops = [top(page, address) for address in order]
    assert tops == sorted(tops)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_pointing_at_a_passage_lights_up_its_other_side(page):
    page.goto(READING)
    page.locator("#ISLE0002").hover()
    for address in ("ISLE0002", "ISLE0002-ko", "ISLE0012"):
        expect(page.locator(f"[id='{address}']")).to_have_class(re.compile("lit"))
    page.locator("#ISLE0003").hover()
    expect(page.locator(".lit")).to_have_count(0)


def test_a_chosen_passage_stays_lit_until_it_is_chosen_again(page):
    page.goto(READING)
    page.locator("[id='ISLE0004-ko']").click()
    page.locator("#ISLE0003").hover()
    expect(page.locator(".chosen")).to_have_count(2)
    page.locator("#ISLE0004").click()
    expect(page.locator(".chosen")).to_have_count(0)


def test_a_keyboard_goes_across_and_sees_both_sides(page):
    page.goto(READING)
    page.locator("#ISLE0002 .across").focus()
    expect(page.locator("[id='ISLE0002-ko']")).to_have_class(re.compile("lit"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#ISLE0002-ko$"))
    expect(page.locator("#ISLE0002")).to_have_class(re.compile("chosen"))


def test_a_permanent_link_lights_up_the_other_side_too(page):
    page.goto("/p/ISLE0006?lang=ko")
    expect(page).to_have_url(re.compile("#ISLE0006-ko$"))
    expect(page.locator("#ISLE0006")).to_have_class(re.compile("chosen"))


def test_the_other_side_of_a_hit_is_folded_on_a_phone_alone(visit):
    page = visit()
    page.goto("/search?q=1952")
    expect(page.locator(".pair a").first).to_be_visible()
    expect(page.locator(".pair summary").first).to_be_hidden()
    phone = visit(width=390, has_touch=True, is_mobile=True)
    phone.goto("/search?q=1952")
    expect(phone.locator(".pair a").first).to_be_hidden()
    phone.locator(".pair summary").first.click()
    expect(phone.locator(".pair a").first).to_be_visible()


@pytest.mark.parametrize("url", [READING, "/search?q=1952", "/report", "/report/two-letters"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit, axe, url, scheme):
    page = visit(color_scheme=scheme)
    page.goto(url)
    page.evaluate(axe)
    assert not violations(page)
