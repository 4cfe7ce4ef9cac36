"""Numbers and dates that say the same in two languages, and such that do not."""

import datetime as dt
import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.figures import missing, read_figures, readings
from indexer.numerals import count_words

SAME = [
    ("1,200 people came", "1200명이 왔다"),
    ("on 27 July 1953", "1953년 7월 27일에"),
    ("on July 27, 1953", "1953년 7월 27일에"),
    ("on 1953-07-27", "1953. 7. 27."),
    ("in July 1953", "1953년 7월"),
    ("30,000 soldiers", "군인 3만 명"),
    ("35,000 soldiers", "군인 3만 5천여 명"),
    ("1.2 million copies", "120만 부"),
    ("3.5 billion won", "35억 원"),
    ("123,456 words", "12만 3,456낱말"),
    ("120 million", "1억 2천만"),
    ("two thousand five hundred", "2천5백"),
    ("half of them", "2분의 1이"),
    ("two thirds of the votes", "표의 3분의 2"),
    ("12% of the land", "땅의 12퍼센트"),
    ("half the land", "땅의 50%"),
    ("three sides", "3면"),
    ("twelve chapters", "12장"),
    ("fifteenth century", "15세기"),
    ("the 1950s", "1950년대"),
    ("the ’50s", "1950년대"),
    ("1951–53", "1951~1953년"),
    ("at 3 p.m.", "15시에"),
    ("at 3:30 p.m.", "오후 3시 30분에"),
    ("the 38th parallel", "삼팔선과 38도선"),
    ("Article IV, paragraph 60", "제4조 60항"),
    ("ten days", "열흘"),
    ("two decades", "20년"),
    ("a dozen ships", "배 12척"),
    ("12 ships", "배 열두 척"),
    ("21 years", "스물한 해"),
    ("25 December", "십이월 이십오일, 12월 25일"),
    ("COVID-19 and the F-16", "코로나와 전투기"),
    ("3rd-party code", "타사의 코드"),
]
DIFFERENT = [
    ("on 27 July 1953", "1953년 7월 28일에"),
    ("in 1952", "1953년에"),
    ("1,200 people", "1,300명"),
    ("30,000 soldiers", "군인 3천 명"),
    ("3 million", "3만"),
    ("1.5 billion", "1억 5천만"),
    ("12%", "21퍼센트"),
    ("seven ships", "배 8척"),
    ("a third", "4분의 1"),
    ("nobody counted them", "37명이었다"),
]


def differences(english, korean):
    return [
        [text[figure.span.slice] for figure in missing(read_figures(text), readings(other))]
        for text, other in ((english, korean), (korean, english))
    ]


@pytest.mark.parametrize(("english", "korean"), SAME)
def test_the_same_in_other_words_is_no_difference(english, korean):
    assert differences(english, korean) == [[], []]


@pytest.mark.parametrize(("english", "korean"), DIFFERENT)
def test_a_clear_difference_is_found(english, korean):
    assert any(differences(english, korean))


def test_a_date_is_marked_whole():
    assert differences("It ended on 27 July 1953.", "1953년 7월 28일에 끝났다.") == [
        ["27 July 1953"],
        ["1953년 7월 28일"],
    ]


@given(st.dates(dt.date(1000, 1, 1), dt.date(2099, 12, 31)))
def test_every_date_is_read_alike_in_every_way_of_writing_it(date):
    ways = [
        f"{date.year}년 {date.month}월 {date.day}일",
        f"{date.day} {date:%B} {date.year}",
        f"{date:%b} {date.day}, {date.year}",
        f"{date.isoformat()}",
        f"{date.year}.{date.month}.{date.day}",
    ]
    read = {tuple(part for figure in read_figures(way) for part in figure.parts) for way in ways}
    assert {frozenset(parts) for parts in read} == {
        frozenset(frozenset((Fraction(value),)) for value in (date.year, date.month, date.day))
    }


@given(st.integers(1, 10**12))
def test_every_whole_number_is_read_with_commas_or_with_man_and_eok(number):
    eok, man, rest = number // 10**8, number // 10**4 % 10**4, number % 10**4
    korean = "".join(f"{part}{unit}" for part, unit in ((eok, "억"), (man, "만"), (rest, "")) if part)
    for way in (f"{number:,}", str(number), korean):
        (figure,) = read_figures(way)
        assert Fraction(number) in figure.parts[0], way


@given(st.text(alphabet="0123456789,.-/:년월일만억조천백 aJuly%분의", max_size=40))
def test_spans_are_inside_the_text_sorted_and_disjoint(text):
    spans = [figure.span for figure in read_figures(text)]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(left.end <= right.start for left, right in itertools.pairwise(spans))


def test_words_that_count_are_told_from_words_that_do_not():
    assert [number for number, _, _ in count_words("seven delegates and one more at first")] == [7]
    assert [number for number, _, _ in count_words("대표 일곱 명과 두 나라, 세계와 네덜란드")] == [7, 2]


@pytest.mark.parametrize(
    "text",
    [
        "9" * 9000,
        "1," * 5000,
        "만" * 9000,
        "1만" * 4000,
        "one " * 3000,
        "hundred " * 2000,
        "일" * 9000,
        "x" * 20_000,
        "1-" * 5000,
        "1 " * 5000,
        "분의" * 4000,
        "I" * 9000,
        "년월일" * 3000,
        "1년" * 4000,
    ],
)
def test_hostile_texts_are_read_to_their_end(text):
    assert all(figure.span.end <= len(text) for figure in read_figures(text))
    readings(text)
    count_words(text)
