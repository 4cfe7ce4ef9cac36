"""URLs are those that Flask makes of the same routes."""

import pytest
from flask import Flask, url_for
from hypothesis import given
from hypothesis import strategies as st

from webapp.urls import url_of

ROUTES = {
    "home": "/",
    "search": "/search",
    "document": "/d/<path:document>",
    "permalink": "/p/<address>",
    "cite": "/p/<address>/cite",
}
# Flask takes . and .. in a path for what they mean; ids and addresses are never that.
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda text: not text.startswith("/") and not set(text.split("/")) & {"", ".", ".."}
)
VALUES = st.text(st.characters(exclude_categories=["Cs"]))

ARGS = st.fixed_dictionaries(
    {"q": VALUES, "lang": st.none(), "without": st.lists(VALUES, max_size=2), "page": st.integers(1, 99)}
)


@pytest.fixture(scope="module")
def app():
    app = Flask(__name__)
    for endpoint, rule in ROUTES.items():
        app.add_url_rule(rule, endpoint, lambda **_: "")
    return app


@pytest.mark.parametrize("root", ["", "/archive"])
@given(name=NAMES, args=ARGS, anchor=st.none() | VALUES)
def test_a_url_is_the_one_that_flask_makes(app, root, name, args, anchor):
    with app.test_request_context(base_url=f"http://localhost{root}"):
        for endpoint, parts in (
            ("home", {}),
            ("search", {}),
            ("document", {"document": name}),
            ("permalink", {"address": name.replace("/", "-")}),
            ("cite", {"address": name.replace("/", "-")}),
        ):
            assert url_of(endpoint, **parts) == url_for(endpoint, **parts)
            theirs = url_for(endpoint, _anchor=anchor, **parts, **args)
            assert url_of(endpoint, _anchor=anchor, **parts, **args) == theirs
