import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import english
from indexer.analysis.english import count_stems, words
from indexer.analysis.stems import STOP_STEMS, STOP_WORDS, fold, stem


def wholes(text):
    return [word.whole for word in words(text)]


def pieces(text):
    return [[piece.term for piece in word.pieces] for word in words(text)]


@pytest.mark.parametrize(
    "forms",
    [
        (
            "negotiate",
            "negotiates",
            "negotiated",
            "negotiating",
            "negotiation",
            "Negotiations",
            "NEGOTIATION",
        ),
        ("treaty", "treaties", "Treaty’s", "treaty's", "treaties’"),
        ("cease-fire", "ceasefire", "Cease-Fire", "cease‑fire", "cease‐fire", "ceasefires"),
        ("e-mail", "email", "E-mail", "emails"),
        ("U.S.", "US"),
        ("café", "cafe", "CAFÉ", unicodedata.normalize("NFC", "cafe\u0301")),
        ("Pröbsting", "Probsting"),
        ("Łódź", "Lodz"),
        ("don't", "don’t", "dont"),
        ("1,200", "1200"),
        ("ＮＡＴＯ", "NATO", "nato"),
        ("Straße", "strasse"),
    ],
)
def test_forms_of_one_word_meet_in_one_term(forms):
    assert len({tuple(wholes(form)) for form in forms}) == 1


@pytest.mark.parametrize(
    ("text", "whole", "parts"),
    [
        ("COVID-19", "covid19", ["covid", "19"]),
        ("F-16", "f16", ["f", "16"]),
        ("F16", "f16", ["f", "16"]),
        ("cease-fire", "ceasefir", ["ceas", "fire"]),
        ("state-of-the-art", "stateoftheart", ["state", "of", "the", "art"]),
    ],
)
def test_hyphenated_and_mixed_words_are_found_whole_and_in_parts(text, whole, parts):
    assert wholes(text) == [whole]
    assert pieces(text) == [parts]


@pytest.mark.parametrize("text", ["The country’s war", "the countries’ war", "NATO's war"])
def test_a_possessive_ending_is_in_no_span(text):
    assert [text[word.span.slice][-1] for word in words(text)][1] not in "’'s" or "ies" in text
    assert "’" not in "".join(text[word.span.slice] for word in words(text))
    assert "'" not in "".join(text[word.span.slice] for word in words(text))


@pytest.mark.parametrize(
    ("number", "terms"),
    [
        ("1,200,000", ["1200000"]),
        ("3.14", ["3.14"]),
        ("1991", ["1991"]),
        ("7-8", ["78"]),
        ("1953-07-27", ["19530727"]),
        ("24/7", ["24", "7"]),
    ],
)
def test_numbers_are_found_whole(number, terms):
    assert wholes(number) == terms


def test_a_number_with_hyphens_is_found_by_each_part():
    assert pieces("1953-07-27") == [["1953", "07", "27"]]


def test_a_decimal_is_found_by_each_part_and_a_sum_with_thousands_is_one_unit():
    assert pieces("3.14 1,200.50") == [["3", "14"], ["1200.50"]]


def test_a_possessive_ending_of_an_acronym_is_cut_too():
    assert wholes("the U.S.’s plan") == wholes("the U.S. plan")


@pytest.mark.parametrize("text", ["US", "U.S.", "WHO", "IT"])
def test_an_acronym_that_looks_like_a_stop_word_has_a_term_of_its_own(text):
    (word,) = words(text)
    assert word.pieces[0].acronym
    assert word.pieces[0].acronym.replace(".", "") == text.replace(".", "").lower()


@pytest.mark.parametrize("text", ["us", "who", "it", "NATO", "UN", "A", "I"])
def test_other_words_have_no_acronym(text):
    assert [piece.acronym for word in words(text) for piece in word.pieces] == [""]


def test_stop_words_are_kept_for_phrases():
    assert wholes("the state of the union") == ["the", "state", "of", "the", "union"]
    assert {"the", "of"} <= STOP_WORDS


def test_korean_is_left_to_the_other_analysis():
    assert wholes("NATO의 확장과 現狀 유지 plan") == ["nato", "plan"]


def test_other_scripts_are_words_too():
    assert wholes("Ελλάδα Москва") == ["ελλαδα", "москва"]


@pytest.mark.parametrize(
    "text", ["", " ", "—", "…", "'", "’s’", "-", "--", "a--b", "ʼ", "ʼs", "a ʼ b", "_", "[1]", "½ ²", "ﾞ"]
)
def test_odd_marks_neither_raise_nor_make_empty_words(text):
    for word in words(text):
        assert word.whole.strip()
        assert all(piece.term.strip() for piece in word.pieces)
        assert all(text[piece.span.slice].strip() for piece in word.pieces)


def test_a_run_without_end_makes_no_endless_term():
    (word,) = words("x" * 1_000_000)
    assert len(word.whole) <= 100


def test_footnote_marks_split_no_word():
    assert wholes("war[1]ends") == ["war", "1", "end"]


TEXTS = st.text(max_size=60) | st.lists(
    st.sampled_from(
        [
            "don't",
            "F-16",
            "’",
            "'s",
            "-",
            "U.S.",
            "1,2",
            ".",
            "é",
            "ʼ",
            "한",
            "2023",
            "²",
            " ",
            "ﬁ",
            "İ",
            "ǅ",
            "ß",
        ]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=150)
@given(TEXTS)
def test_words_and_pieces_are_in_order_disjoint_and_not_empty(text):
    at = 0
    for word in words(text):
        assert word.whole
        assert word.pieces
        assert word.span.start == word.pieces[0].span.start >= at
        for piece in word.pieces:
            assert piece.term
            assert piece.surface
            assert at <= piece.span.start < piece.span.end <= len(text)
            at = piece.span.end
        assert word.span.end == at


@settings(max_examples=100)
@given(st.text(max_size=20))
def test_folding_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


def test_folding_leaves_hangul_as_it_is():
    assert fold("정전") == "정전"


@pytest.mark.parametrize("word", ["", "Ꞌ", "ﬀ", "İstanbul", "𝔑𝔄𝔗𝔒"])
def test_stemming_any_string_gives_a_string(word):
    assert stem(word) == stem(word.casefold()) or stem(word)


@given(TEXTS | st.text("abU.,()s'-1 \"", max_size=30))
def test_the_stems_that_are_counted_are_those_of_the_words(text):
    pieces = [piece.term for word in words(text) for piece in word.pieces]
    counted = count_stems(text)
    assert counted.total() == sum(term not in STOP_STEMS for term in pieces)
    assert all(counted[term] == pieces.count(term) for term in set(pieces) - STOP_STEMS)


@given(st.text(st.sampled_from("aBs1.,'-_ (/"), max_size=30) | st.text(st.characters(max_codepoint=127)))
def test_a_text_in_ascii_is_divided_as_any_other(text):
    assert english.divide(text) == english._run().split(text)


@given(st.text(alphabet="aBé1٣.,·-'’s_ 가現x²", max_size=9))
def test_the_kind_of_a_run_is_told_by_itself_as_by_its_text(text):
    assert all(english.kind_of(surface) == kind for _, surface, kind in english.runs(text))
