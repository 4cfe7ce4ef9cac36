"""Nothing that a document or a URL says gets further than it should."""

from importlib import resources
from urllib.parse import parse_qsl

import pytest
from fake_archive import fake_archive
from hypothesis import given, settings
from hypothesis import strategies as st
from page import get

from indexer.query import NOTICES
from webapp import create_app
from webapp.cdn import HTMX_URL

CLIENT = create_app(fake_archive()).test_client()

EVERYWHERE = [
    "/",
    "/search?q=x",
    "/d/hangul",
    "/p/PEAC0001",
    "/p/NONE",
    "/api/search",
    "/healthz",
    "/nowhere",
]
HOSTILE_PAGES = ["/", "/search?q=evil", "/d/hostile?q=evil", "/p/HOST0001/cite", "/search?q=script"]


@pytest.mark.parametrize("url", [*EVERYWHERE, "/static/hanyeong.js", "/opensearch.xml"])
class TestHeaders:
    def test_content_security_policy_allows_self_and_one_file(self, client, url):
        policy = client.get(url).headers["Content-Security-Policy"]
        rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
        assert rules["default-src"] == "'none'"
        assert rules["script-src"] == f"'self' {HTMX_URL}"
        assert rules["style-src"] == "'self'"
        assert rules["base-uri"] == rules["frame-ancestors"] == "'none'"
        assert "unsafe" not in policy

    def test_others_are_there(self, client, url):
        headers = client.get(url).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cache-Control"]


class TestHostileDocument:
    @pytest.mark.parametrize("url", HOSTILE_PAGES)
    def test_its_markup_is_text(self, hostile_client, url):
        page = get(hostile_client, url)
        assert page.response.status_code == 200
        assert not page.all("script:not([src]), img, [onerror], [onclick], main i, main b")

    def test_is_shown_as_it_is_written(self, hostile_client):
        page = get(hostile_client, "/d/hostile")
        assert "evil <script>alert('evil')</script> & \"quotes\"" in page.text("#HOST0001")
        assert "{{ 7 * 7 }}" in page.text("#HOST0001")

    @pytest.mark.parametrize("url", ["/search", "/d/hostile", "/p/HOST0001", "/p/HOST0001/cite"])
    def test_query_cannot_break_out_either(self, hostile_client, url):
        query = '"><script>alert(1)</script><mark onclick=x>{{ 7 * 7 }}'
        page = get(hostile_client, url, query_string={"q": query}, follow_redirects=True)
        assert not page.all("script:not([src]), [onclick]")
        assert "49" not in page.text("title")

    def test_is_text_in_json_too(self, hostile_client):
        response = hostile_client.get("/api/search?q=evil")
        assert response.content_type == "application/json"


class TestBounds:
    def test_a_query_of_ten_megabytes_is_refused_before_it_is_read(self, client, archive, monkeypatch):
        lengths = []

        def read(text, **more):
            lengths.append(len(text))
            return parse_qsl(text, **more)

        monkeypatch.setattr("werkzeug.sansio.request.parse_qsl", read)
        client.get("/search?q=short")
        assert max(lengths) == len("q=short")  # what is read is read there
        archive.calls.clear()
        assert client.get("/search", query_string="q=" + "a" * 10_000_000).status_code == 414
        assert client.get("/api/search", query_string="q=" + "a" * 10_000_000).status_code == 414
        assert max(lengths) == len("q=short")
        assert archive.calls == []

    def test_a_long_paste_still_gets_to_the_search(self, client):
        assert client.get("/search", query_string={"q": "가" * 2000}).status_code == 200

    @pytest.mark.parametrize("url", ["/search", "/d/hangul", "/p/HANG0001/cite"])
    def test_a_long_paste_does_not_swell_the_page(self, client, url):
        short, long = (client.get(url, query_string={"q": "a" * n, "lang": "en"}) for n in (500, 60_000))
        assert len(long.data) < len(short.data) + 2_000

    def test_a_long_paste_is_cut_in_the_box_and_the_notice_says_so(self, client):
        page = get(client, "/search", query_string={"q": "peace" * 1000})
        assert len(page.one("#q").attributes["value"]) == 501
        assert page.text(".notice") == NOTICES["too-long"]

    def test_a_body_is_refused_before_it_is_read(self, client):
        assert client.get("/search", data=b"x" * 1_000_000).status_code == 413

    @settings(max_examples=60)
    @given(
        st.dictionaries(
            st.sampled_from(
                ["q", "lang", "year", "sort", "page", "limit", "show", "hl", "_anchor", "endpoint"]
            ),
            st.text(max_size=20),
        )
    )
    def test_no_arguments_make_an_error(self, args):
        for url in ("/", "/search", "/d/hangul", "/p/HANG0001", "/p/HANG0001/cite"):
            assert CLIENT.get(url, query_string=args).status_code in (200, 302)
        for url in ("/api/search", "/api/passages/HANG0001"):  # a program is told what it asked wrongly
            answer = CLIENT.get(url, query_string=args)
            assert answer.status_code == 200 or answer.json["error"]["status"] == answer.status_code == 400

    @pytest.mark.parametrize("query", ["%00", "%ff%fe", "%ED%A0%80", "%E2%80%8B", "a%0d%0aSet-Cookie:x"])
    def test_bytes_that_are_no_text_are_no_error(self, client, query):
        for url in ("/search", "/d/hangul", "/p/HANG0001", "/api/search"):
            response = client.get(f"{url}?q={query}")
            assert response.status_code in (200, 302)
            assert "x" not in response.headers.get("Set-Cookie", "")


class TestFiles:
    @pytest.mark.parametrize(
        "path",
        [
            "../views.py",
            "..%2fviews.py",
            "%2e%2e/views.py",
            "/etc/passwd",
            "....//views.py",
            "hanyeong.css%00",
        ],
    )
    def test_only_the_static_files_are_served(self, client, path):
        assert client.get(f"/static/{path}").status_code == 404

    def test_a_versioned_file_may_be_kept_for_ever(self, client):
        url = get(client, "/").hrefs("link[rel=stylesheet]")[0]
        assert "immutable" in client.get(url).headers["Cache-Control"]
        assert client.get("/static/hanyeong.css?v=old").headers["Cache-Control"] == "no-cache"

    @pytest.mark.parametrize("name", ["hanyeong.css", "reading.css"])
    def test_the_stylesheets_are_small(self, client, name):
        assert 0 < len(client.get(f"/static/{name}").data) <= 15 * 1024

    def test_the_templates_switch_escaping_off_nowhere(self):
        for file in (resources.files("webapp") / "templates").iterdir():
            text = file.read_text(encoding="utf-8")
            assert "|safe" not in text.replace(" ", "")
            assert "autoescape" not in text
        for file in resources.files("webapp").iterdir():
            if file.name.endswith(".py"):
                assert "Markup" not in file.read_text(encoding="utf-8")
