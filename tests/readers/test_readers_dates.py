import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.model.dates import Date
from indexer.readers import html, markdown
from indexer.readers.assemble import assemble
from indexer.readers.bylines import parse_byline
from indexer.readers.dates import best_date, declared_date, undated


def of_front_matter(value):
    return markdown.parse(f"---\ndate: {value}\n---\nText\n".encode())


DECLARED = [
    ("1990", Date(1990)),
    ("'1950'", Date(1950)),
    ("1950년", Date(1950)),
    ("0918", Date(918)),
    ("1950-06", Date(1950, 6)),
    ("1950.10", Date(1950, 10)),
    ("1950. 6.", Date(1950, 6)),
    ("1950/6", Date(1950, 6)),
    ("June 1950", Date(1950, 6)),
    ("Sept. 1950", Date(1950, 9)),
    ("1950년 6월", Date(1950, 6)),
    ("1950年 6月", Date(1950, 6)),
    ("c. 1950", Date(1950)),
    ("ca. 1950", Date(1950)),
    ("circa June 1950", Date(1950, 6)),
    ("1950?", Date(1950)),
    ("1950년경", Date(1950)),
    ("약 1950년", Date(1950)),
    ("'[1950]'", Date(1950)),
    ("'[c. 1950?]'", Date(1950)),
    ("1950-06-25", Date(1950, 6, 25)),
    ("0918-07-25", Date(918, 7, 25)),
    ("2023-07-08 23:30:00 -05:00", Date(2023, 7, 8)),
    ("Sunday, 25 June 1950", Date(1950, 6, 25)),
]


@pytest.mark.parametrize(("value", "date"), DECLARED)
def test_front_matter_dates_a_text_as_far_as_it_knows(value, date):
    draft = of_front_matter(value)
    assert (draft.date, draft.undated) == (date, "")


@pytest.mark.parametrize(
    "value",
    ["1950s", "1950-1953", "1950–53", "before 1950", "soon", "19500625", "12", "[1950, 1951]"],
)
def test_what_is_declared_as_a_date_and_not_understood_is_told(value):
    draft = of_front_matter(value)
    assert draft.date is None
    assert draft.undated.startswith(f"declares the date '{value}', which is not understood; write it as 1950")


@pytest.mark.parametrize("value", ["1950-13-45", "1950-06-31", "1950-00", "1950-13", "31 June 1950", "0000"])
def test_of_an_impossible_date_it_is_said_that_there_is_none(value):
    draft = of_front_matter(f"'{value}'")
    assert draft.date is None
    assert f"declares the date '{value}', which does not exist" in draft.undated


def test_an_impossible_date_is_still_front_matter():
    draft = of_front_matter("1950-13-45\ntitle: 1953-07-27\nid: 3.10")
    assert (draft.title, draft.id) == ("1953-07-27", "3.10")
    assert "'1950-13-45', which does not exist" in draft.undated


@pytest.mark.parametrize("value", ["", "~", "n.d.", "undated", "미상"])
def test_that_the_date_is_unknown_may_be_said_and_is_not_told(value):
    draft = of_front_matter(value)
    assert (draft.date, draft.undated) == (None, "")


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta name="date" content="1951">', Date(1951)),
        ('<meta name="DC.date" content="1951년 3월">', Date(1951, 3)),
        ('<meta name="dc.date" content="1951"><meta name="date" content="1951-03-02">', Date(1951, 3, 2)),
        ('<meta name="dc.date" content="1951"><meta name="date" content="2020-03-02">', Date(1951)),
        ('<meta name="dc.date" content="soon"><meta name="date" content="1951">', Date(1951)),
    ],
)
def test_a_page_dates_its_text_as_far_as_it_knows(head, date):
    draft = html.parse(f"<html><head>{head}</head><body><p>Text</p></body></html>".encode())
    assert (draft.date, draft.undated) == (date, "")


def test_of_a_page_only_what_is_declared_as_its_date_is_told():
    head = '<meta name="date" content="last year">'
    body = "<article><header><time>3 hours ago</time></header><p>Text</p></article>"
    assert "'last year', which is not understood" in html.parse((head + body).encode()).undated
    assert html.parse(body.encode()).undated == ""


def test_a_time_beside_the_heading_may_be_a_year():
    body = '<article><header><time datetime="1951">in those days</time></header><p>Text</p></article>'
    assert html.parse(body.encode()).date == Date(1951)


def test_of_two_sides_the_more_exact_one_counts_where_they_agree():
    sides = [(of_front_matter(date), lang) for date, lang in (("1950", "en"), ("1950-06-25", "ko"))]
    assert assemble("x", sides).date == Date(1950, 6, 25)
    sides = [(of_front_matter(date), lang) for date, lang in (("1950", "en"), ("1951-06-25", "ko"))]
    assert assemble("x", sides).date == Date(1950)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("By Ann Lee, The Institute, June 1950", Date(1950, 6)),
        ("By Ann Lee, 1950", Date(1950)),
        ("글: 홍길동, 1950년 6월", Date(1950, 6)),
        ("By Ann Lee", None),
    ],
)
def test_a_signed_line_may_end_in_a_month_or_a_year(line, date):
    assert parse_byline(line).date == date


@pytest.mark.parametrize("line", ["June 1950", "1950년 6월", "1950", "Seoul, Korea, 1950"])
def test_the_heading_of_a_chronicle_is_no_byline(line):
    assert parse_byline(line) is None


DATES = st.one_of(
    st.dates().map(lambda day: Date(day.year, day.month, day.day)),
    st.builds(Date, st.integers(1, 9999), st.integers(0, 12)),
)


@given(DATES)
def test_a_date_is_read_as_it_is_written(date):
    assert Date.fromisoformat(date.isoformat()) == declared_date(date.isoformat()) == date


@given(DATES, DATES)
def test_dates_are_in_one_order_in_whatever_way_they_are_compared(one, other):
    assert (one < other) == (one.isoformat() < other.isoformat())
    assert one >= other or one.toordinal() <= other.toordinal()


@pytest.mark.parametrize("parts", [(1950, 13), (1950, 6, 31), (0,), (1950, 0, 5), (10_000,)])
def test_there_is_no_impossible_date(parts):
    with pytest.raises(ValueError, match=r"\d|month|day|year"):
        Date(*parts)


@given(st.text())
@example("1950" + " " * 50_000 + "x")
@example("?" * 50_000)
@example("c. " * 20_000)
def test_any_text_is_a_date_or_is_told_in_one_short_line(text):
    if declared_date(text) is None:
        assert len(undated(text)) < 1000


def test_no_dates_are_no_date():
    assert best_date([None, None]) is None
