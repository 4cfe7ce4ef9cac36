import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.hanja import is_gloss, reading
from indexer.analysis.script import HANJA

CHARACTERS = st.sampled_from("現狀停戰協商女子老人力率列比失法律兩國歷史六十金樂不不")


@pytest.mark.parametrize(
    ("hanja", "hangul"),
    [
        ("現狀", "현상"),
        ("停戰", "정전"),
        ("休戰", "휴전"),
        ("平和", "평화"),
        ("韓國", "한국"),
        ("大韓民國", "대한민국"),
        ("訓民正音", "훈민정음"),
        ("歷史", "역사"),
        ("女子", "여자"),
        ("男女", "남녀"),
        ("老人", "노인"),
        ("勞動", "노동"),
        ("兩國", "양국"),
        ("流行", "유행"),
        ("理論", "이론"),
        ("比率", "비율"),
        ("百分率", "백분율"),
        ("羅列", "나열"),
        ("法律", "법률"),
        ("競爭力", "경쟁력"),
        ("協商", "협상"),
        ("世宗", "세종"),
        ("直指", "직지"),
    ],
)
def test_hanja_are_read_as_dictionaries_read_them(hanja, hangul):
    assert reading(hanja) == hangul


def test_a_character_without_a_known_reading_stays():
    assert reading("\U0002f800") in {"\U0002f800", reading("丽")}
    assert reading("A") == "A"


@pytest.mark.parametrize(
    ("hangul", "hanja"),
    [
        ("현상", "現狀"),
        ("낙원", "樂園"),
        ("음악", "音樂"),
        ("김", "金"),
        ("금", "金"),
        ("부정", "不正"),
        ("불가", "不可"),
        ("유월", "六月"),
    ],
)
def test_any_reading_of_a_character_can_be_explained_by_it(hangul, hanja):
    if (hangul, hanja) == ("유월", "六月"):
        assert not is_gloss(
            hangul, hanja
        )  # a reading of this one word only; the word is found by its own terms
    else:
        assert is_gloss(hangul, hanja)


@pytest.mark.parametrize(
    ("hangul", "hanja"), [("정전", "現狀"), ("현", "現狀"), ("", "現"), ("현상유지", "現狀")]
)
def test_other_hangul_are_not_explained(hangul, hanja):
    assert not is_gloss(hangul, hanja)


@given(st.lists(CHARACTERS, min_size=1, max_size=6).map("".join))
def test_a_reading_has_one_syllable_for_each_character_and_is_explained_by_it(hanja):
    assert len(reading(hanja)) == len(hanja)
    assert re.fullmatch("[가-힣]+", reading(hanja))
    assert is_gloss(reading(hanja), hanja)


def test_the_ranges_hold_hanja_and_no_hangul_and_no_kana():
    assert re.fullmatch(f"[{HANJA}]+", "現狀㐀𠀀金")
    assert not re.search(f"[{HANJA}]", "현상ひカA々")
