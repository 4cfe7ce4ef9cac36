from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import _tokens, analyze, analyze_all, english, korean, met
from indexer.analysis.token_runs import TokenRuns
from indexer.model.terms import Field
from indexer.model.text import Span
from indexer.references import blank

WORDS = st.sampled_from(
    [
        *(
            "Cease-fire",
            "F-16",
            "NATO의",
            "정전협상",
            "국가인권위원회의",
            "현상(現狀)",
            "現狀維持",
            "했다",
            "저건",
            "걔가",
        ),
        *(
            "2023년",
            "1,200",
            "don’t",
            "U.S.",
            "😀",
            "👨‍👩‍👧",
            "펜타닐",
            "비급여",
            "ㅋㅋ",
            "—",
            "ʻ",
            "물",
            "Москва",
            "[1]",
        ),
        *("도왔다", "ﾞ", "한A글", "³"),
        # What cannot be read without its neighbours: it begins with syllables of no morpheme, or has a space.
        *("하려면이", "여이", "파일 탐색기를", "두 오버"),
    ]
)
TEXTS = st.lists(WORDS, max_size=10).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda gap: gap.join(words))
)


@settings(max_examples=200)
@given(TEXTS | st.text(max_size=40))
def test_every_token_covers_some_of_the_text(text):
    for token in analyze(text):
        assert 0 <= token.span.start < token.span.end <= len(text)
        assert text[token.span.slice].strip()
        assert token.term
        assert token.length >= 1


@settings(max_examples=200)
@given(TEXTS | st.text(max_size=40))
def test_positions_are_dense_and_in_the_order_of_the_text(text):
    """Otherwise two neighbours would not be neighbours for a phrase."""
    tokens = [token for token in analyze(text) if token.field in (Field.ENGLISH, Field.KOREAN)]
    smallest = {token.position: token.span for token in tokens if token.length == 1}
    assert sorted(smallest) == list(range(len(smallest)))
    starts = [smallest[position].start for position in sorted(smallest)]
    assert starts == sorted(starts)
    assert all(token.position + token.length <= len(smallest) for token in tokens)


@settings(max_examples=50)
@given(TEXTS)
def test_tokens_come_in_the_order_of_their_positions_shorter_ones_first(text):
    keys = [(token.position, token.length) for token in analyze(text)]
    assert keys == sorted(keys)


@settings(max_examples=20)
@given(st.lists(TEXTS | st.text(max_size=20), max_size=6))
def test_many_texts_at_once_give_the_same_tokens_as_each_alone(texts):
    assert list(analyze_all(texts)) == [analyze(text) for text in texts]


@pytest.mark.parametrize(
    "text",
    [
        "하려면이 좋다",
        "AWS를 사용하려면이 절차를 따르고 하려면이 그",
        "3 여이",
        "서비스 제어 관리자와 파일 탐색기를 연다",
        "그는 파일 탐색기하려면이 여이",
    ],
)
def test_words_that_are_read_with_their_neighbours_give_what_the_whole_text_gives(text):
    (tokens,) = analyze_all([text])
    assert isinstance(tokens, TokenRuns)
    assert tuple(tokens) == analyze(text)


@settings(max_examples=50)
@given(st.text(max_size=30), st.lists(st.tuples(st.integers(0, 29), st.integers(0, 9)), max_size=3))
def test_blanking_moves_nothing(text, places):
    spans = [Span(start, min(len(text), start + length)) for start, length in places if start <= len(text)]
    blanked = blank(text, spans)
    assert len(blanked) == len(text)
    covered = {at for span in spans for at in range(span.start, span.end)}
    assert all(blanked[at] == (" " if at in covered else text[at]) for at in range(len(text)))


def at_position(text, field):
    return [(t.term, t.position, t.length) for t in analyze(text) if t.field is field and not t.whole]


def test_both_languages_are_numbered_in_one_order():
    text = "NATO의 확장 and cease-fire"
    both = sorted(at_position(text, Field.ENGLISH) + at_position(text, Field.KOREAN), key=lambda one: one[1:])
    assert both == [
        ("nato", 0, 1), ("확장", 1, 1), ("and", 2, 1), ("ceas", 3, 1), ("ceasefir", 3, 2), ("fire", 4, 1),
    ]  # fmt: skip


def test_a_compound_covers_its_parts():
    assert ("국가인권위원회", 0, 3) in at_position("국가인권위원회의 권고", Field.KOREAN)
    assert ("권고", 3, 1) in at_position("국가인권위원회의 권고", Field.KOREAN)


def test_hanja_and_their_reading_stand_at_one_place():
    assert at_position("현상(現狀) 유지", Field.KOREAN) == [("현상", 0, 1), ("現狀", 0, 1), ("유지", 1, 1)]


def test_the_surface_of_a_word_is_kept_where_its_stem_differs():
    assert at_position("negotiations war", Field.SURFACE) == [("negotiations", 0, 1)]


def test_a_footnote_mark_that_was_blanked_is_no_token():
    text = "the war[1] ended"
    assert [token.term for token in analyze(blank(text, [Span(7, 10)])) if token.field is Field.ENGLISH] == [
        "the", "war", "end",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["정전 협상", "정전협상"])
def test_words_written_together_or_apart_have_the_same_terms_at_the_same_positions(text):
    assert at_position(text, Field.KOREAN) == [("정전", 0, 1), ("협상", 1, 1)]


def test_a_word_that_its_morphemes_do_not_show_is_kept_whole_beside_them():
    def wholes(text):
        return [(t.term, t.position, t.length, text[t.span.slice]) for t in analyze(text) if t.whole]

    assert wholes("정전협상을 했다") == [("정전협상", 0, 2, "정전협상")]
    assert wholes("벨몬트는 어떤 카운티에 있나요") == [("벨몬트", 0, 3, "벨몬트")]
    assert wholes("정전을 환산하면") == []


def test_a_very_long_text_is_analysed_to_its_end():
    text = "war " * 20_000 + "정전 협상"
    last = analyze(text)[-1]
    assert text[last.span.slice] == "협상"


def test_a_passage_that_comes_again_is_given_to_kiwi_once(monkeypatch):
    given = []
    tokenize_all = _tokens.tokenize_all
    monkeypatch.setattr(_tokens, "tokenize_all", lambda texts: given.extend(texts) or tokenize_all(texts))
    monkeypatch.setattr(korean, "parse", lambda text: pytest.fail(f"{text} was analysed alone"))
    monkeypatch.setattr(_tokens._Latest, "met", _tokens.Met(_tokens.cores))
    first = list(analyze_all(["정전 협상이 열렸다.", "The war", "현상(現狀) 유지", "정전 협상이 열렸다."]))
    again = list(analyze_all(["현상(現狀) 유지", "정전 협상이 열렸다.", "다른 글이다."]))
    assert given == ["정전 협상이 열렸다.", "현상(現狀) 유지", "다른 글이다."]
    assert first[0] == first[3] == again[1]
    assert first[2] == again[0]


@pytest.mark.parametrize("bound", ["_MOST", "_MOST_TEXTS"])
def test_what_was_met_may_be_forgotten_at_any_time(monkeypatch, bound):
    texts = [
        "정전 협상이 열렸다.",
        "The cease-fire holds",
        "정전 협상이 열렸다.",
        "하려면이",
        "NATO의 확장",
    ] * 3
    expected = [analyze(text) for text in texts]
    monkeypatch.setattr(met, bound, 1)
    monkeypatch.setattr(_tokens._Latest, "met", _tokens.Met(_tokens.cores))
    assert [next(analyze_all([text])) for text in texts] == expected
    assert list(analyze_all(texts)) == expected


def test_many_threads_meet_the_same_words_under_the_same_numbers(monkeypatch):
    monkeypatch.setattr(_tokens._Latest, "met", _tokens.Met(_tokens.cores))
    texts = [f"word{number % 50} and {number} more, war{number % 7}" for number in range(400)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: tuple(next(iter(analyze_all([text])))), texts * 2))
    assert found == [analyze(text) for text in texts * 2]


@pytest.mark.parametrize(
    "text",
    [
        "두 오버로드",
        "하려면이 함수",
        "가변 여이 면이",
        "한글 The whole sentence, in U.S. English, 한글의 3·1운동",
    ],
)
def test_words_that_kiwi_reads_together_and_long_stretches_of_english(text):
    assert list(analyze_all([text])) == [analyze(text)]


@given(
    st.from_regex(
        r"([A-Za-z]{1,6}[-'’.]?){1,4}|\d{1,4}|[A-Z]{2,3}('s)?|([A-Z0-9a-c]{1,4}[-.]?){1,4}"
        r"|(\d{1,4}[.,]){1,3}\d|[a-z]{98,102}|9{99,102}|([A-Z]\.){1,3}('s)?",
        fullmatch=True,
    )
)
def test_the_short_ways_to_a_run_give_what_the_long_one_gives(surface):
    parts = english.divide(surface)
    for run in parts[1::2]:
        short = _tokens._plain_run(run) or _tokens._joined_run(run)
        assert short in (None, _tokens._any_run(run))
    for text in (surface, f"“{surface},”", f"({surface}.)", f"-{surface}’s. {surface}."):
        assert list(analyze_all([text])) == [analyze(text)]


def test_each_process_is_heard_by_the_same_as_long_as_it_is_there():
    class Process:
        pass

    one, other = Process(), Process()
    first = _tokens._hearer(one)
    assert _tokens._hearer(other) is not first
    assert _tokens._hearer(one) is first, "it tells of each run once"
