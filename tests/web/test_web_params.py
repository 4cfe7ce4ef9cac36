"""Request arguments to frozen values and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from indexer.query import MAX_CHARACTERS, parse_query
from webapp.params import (
    MAX_LIMIT,
    MAX_PAGE,
    ReadingParams,
    SearchParams,
    query_text,
    reading_args,
    reading_params,
    search_args,
    search_limit,
    search_params,
)

texts = st.text(max_size=40).map(str.strip)
langs = st.sampled_from([None, "en", "ko"])
years = st.none() | st.tuples(st.integers(0, 9999), st.integers(0, 9999)).map(
    lambda pair: tuple(sorted(pair))
)
anything = st.dictionaries(
    st.sampled_from(["q", "lang", "year", "sort", "page", "limit", "show", "other"]), st.text(max_size=30)
)


@given(
    st.builds(
        SearchParams, texts, langs, years, st.sampled_from(["relevance", "date"]), st.integers(1, MAX_PAGE)
    )
)
def test_search_params_survive_the_way_through_a_url(params):
    assert search_params(search_args(params)) == params


@given(st.builds(ReadingParams, texts, langs, st.sampled_from(["both", "en", "ko"])))
def test_reading_params_survive_the_way_through_a_url(params):
    assert reading_params(reading_args(params)) == params


@given(anything)
def test_whatever_a_url_says_gives_params_within_their_bounds(args):
    params = search_params(args)
    assert params.lang in (None, "en", "ko")
    assert params.sort in ("relevance", "date")
    assert 1 <= params.page <= MAX_PAGE
    assert params.years is None or 0 <= params.years[0] <= params.years[1] <= 9999
    assert 1 <= search_limit(args) <= MAX_LIMIT
    assert reading_params(args).show in ("both", "en", "ko")


@given(anything)
def test_args_are_canonical(args):
    canonical = search_args(search_params(args))
    assert search_args(search_params(canonical)) == canonical


@settings(max_examples=25)
@given(st.text(alphabet='a -"가각한글\u1112\u1161\u11ab\u200b', min_size=MAX_CHARACTERS, max_size=2000))
def test_a_long_query_is_cut_once_and_the_search_still_says_so(typed):
    text = query_text({"q": typed})
    assert len(text) <= MAX_CHARACTERS + 1
    assert query_text({"q": text}) == text
    assert parse_query(text).text == parse_query(typed).text
    assert parse_query(text).notices == parse_query(typed).notices


def test_a_query_in_jamo_is_as_long_as_its_syllables():
    assert query_text({"q": "\u1112\u1161\u11ab" * 400}) == "한" * 400


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1.5", "9" * 5000, "٣", "１"])
def test_a_page_that_means_nothing_is_a_page_that_exists(page):
    assert 1 <= search_params({"page": page}).page <= MAX_PAGE


@pytest.mark.parametrize(
    ("year", "years"),
    [
        ("2023", (2023, 2023)),
        ("2020..2023", (2020, 2023)),
        ("2023..2020", (2020, 2023)),
        ("soon", None),
        ("2020..", None),
        ("..2020", None),
        ("20233", None),
        ("２０２３", None),
    ],
)
def test_a_year_is_a_year_or_a_range_and_else_left_out(year, years):
    assert search_params({"year": year}).years == years


@pytest.mark.parametrize("also", ["few", "all", "off"])
def test_the_other_language_and_what_is_left_out_go_round_by_a_url(also):
    params = SearchParams("war", also=also, without=("정전", "휴전"))
    assert search_params(MultiDict(search_args(params))) == params
