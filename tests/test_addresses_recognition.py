"""What is taken for the same passage after an edit, and what is left unclear."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.addresses.alignment import backbone, equal_texts
from indexer.addresses.chains import heaviest_chain
from indexer.addresses.recognition import recognise

KAESONG = "The negotiations began at Kaesong on 10 July 1951 and moved to Panmunjom in October."
GENEVA = "A conference on Korea opened at Geneva in April 1954. It ended without an agreement in June."
PRISONERS = "The hardest question was that of the prisoners of war: might a prisoner refuse to go home?"
MOVED_KO = "정전협상은 1951년 7월 10일 개성에서 시작되어 그해 10월 판문점으로 자리를 옮겼다."
GENEVA_KO = "1954년 4월 제네바에서 한국 문제 회의가 열렸다. 회의는 합의 없이 6월에 끝났다."


def same(before, after, lang="en"):
    return dict(recognise(before, after, lang).same)


@pytest.mark.parametrize(
    ("before", "after", "lang"),
    [
        (KAESONG, KAESONG.replace("Kaesong", "Keasong"), "en"),
        (KAESONG, KAESONG.replace("10 July", "11 July"), "en"),
        (KAESONG, KAESONG.upper(), "en"),
        (GENEVA, GENEVA.replace("It ended without an agreement in June.", "Nothing came of it."), "en"),
        (GENEVA, GENEVA + " Nobody was surprised by that, and nobody protested.", "en"),
        (MOVED_KO, MOVED_KO.replace("옮겼다", "옮겨 갔다"), "ko"),
        (MOVED_KO, MOVED_KO.replace(" ", ""), "ko"),
        (GENEVA_KO, GENEVA_KO.replace("회의는 합의 없이 6월에 끝났다.", "성과는 없었다."), "ko"),
        ("Numbers", "Numers", "en"),
        ("Hanja", "Hannja", "en"),
        ("동결 분쟁", "동결분쟁", "ko"),
        ("1951\tKaesong\tTalks begin", "1951\tKaesong\tThe talks begin", "en"),
    ],
)
def test_a_passage_that_was_edited_where_it_stands_is_the_same(before, after, lang):
    around = [["Before it.", "Behind it."], ["앞에 있는 말.", "뒤에 있는 말."]][lang == "ko"]
    assert same([around[0], before, around[1]], [around[0], after, around[1]], lang)[1] == 1


@pytest.mark.parametrize(
    ("before", "after", "lang"),
    [
        (KAESONG, PRISONERS, "en"),
        (MOVED_KO, GENEVA_KO, "ko"),
        ("Names", "Dates", "en"),
        ("Chapter 1", "Appendix", "en"),
        ("협상", "중재", "ko"),
        ("1951\tKaesong\tTalks begin", "1954\tGeneva\tA conference opens", "en"),
    ],
)
def test_another_passage_at_the_same_place_is_another(before, after, lang):
    assert same(["Before it.", before, "Behind it."], ["Before it.", after, "Behind it."], lang) == {
        0: 0,
        2: 2,
    }


def test_what_resembles_two_passages_alike_is_neither():
    rows = ["1951\tKaesong\tThe talks are opened", "1951\tKaesong\tThe talks are closed"]
    assert same(rows, ["1951\tKaesong\tThe talks are held"]) == {}


def test_of_rows_that_resemble_each_other_each_goes_with_its_own():
    before = [f"{year}\tPanmunjom\tMeeting of the commission\tRoom {year % 7}" for year in range(1953, 1975)]
    after = [row.replace("Meeting", "Meetings") for row in before]
    del after[5]
    found = same(before, after)
    assert all(old == new + (new >= 5) for new, old in found.items())


def test_a_passage_that_moved_and_was_edited_is_the_same():
    before = [KAESONG, "One.", "Two.", "Three.", GENEVA]
    after = ["One.", "Two.", "Three.", GENEVA, KAESONG.replace("moved", "went")]
    assert same(before, after) == {0: 1, 1: 2, 2: 3, 3: 4, 4: 0}


def test_two_passages_become_one():
    found = recognise([KAESONG, GENEVA, "End."], [f"{KAESONG} {GENEVA}", "End."], "en")
    assert (dict(found.same), dict(found.merged)) == ({0: 1, 1: 2}, {0: 0})


def test_one_passage_becomes_two():
    found = recognise([f"{KAESONG} {GENEVA}", "End."], [KAESONG, GENEVA, "End."], "en")
    assert (dict(found.same), dict(found.split)) == ({1: 0, 2: 1}, {0: 0})


def test_a_heading_is_not_merged_into_a_paragraph_that_had_its_words_already():
    text = f"{KAESONG} What the agreement of the commanders set up was a commission. {GENEVA}"
    heading = "What the agreement of the commanders set up"
    found = recognise([heading, text], [text.replace("July", "june")], "en")
    assert (dict(found.same), dict(found.merged)) == ({0: 1}, {})


def test_a_deleted_passage_is_not_the_one_that_comes_after_it():
    assert same([KAESONG, GENEVA], [GENEVA]) == {0: 1}
    assert same([KAESONG, KAESONG.replace("1951", "1952"), GENEVA], [KAESONG, GENEVA]) == {0: 0, 1: 2}


def test_thousands_of_edited_passages_are_known_again():
    """Far more pairs than anybody could compare: only what shares something rare is looked at."""
    words = random.Random(5)
    vocabulary = ["".join(words.choices(string.ascii_lowercase, k=7)) for _ in range(4000)]
    before = [" ".join(words.choices(vocabulary, k=14)) for _ in range(3_000)]
    after = [text.replace(" ", " and ", 1) for text in before]
    assert same(before, after) == {at: at for at in range(3_000)}


TEXTS = st.lists(
    st.sampled_from([KAESONG, GENEVA, PRISONERS, "Notes", "Dates", "Q.", KAESONG[:-9]]), max_size=9
)


@given(before=TEXTS, after=TEXTS)
def test_every_passage_has_one_fate(before, after):
    found = recognise(before, after, "en")
    assert len(set(found.same.values())) == len(found.same)
    assert not set(found.same.values()) & set(found.merged)
    assert not set(found.same) & set(found.split)
    assert set(found.merged.values()) <= set(found.same)
    assert set(found.split.values()) <= set(found.same.values())
    assert found.equal <= set(found.same)
    assert all(before[found.same[new]] == after[new] for new in found.equal)
    assert found == recognise(before, after, "en")


@given(before=TEXTS)
def test_nothing_edited_is_nothing_changed(before):
    assert same(before, before) == {at: at for at in range(len(before))}


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 30), max_size=12))
def test_the_backbone_rises_and_is_the_longest(matches):
    matches = {new: old for old, new in {old: new for new, old in matches.items()}.items()}
    run = backbone(matches)
    assert list(run.values()) == sorted(run.values())
    pairs = [(old, new, 1.0) for new, old in matches.items()]
    assert len(run) == len(heaviest_chain(pairs))


@given(st.lists(st.sampled_from("abcdef"), max_size=12), st.lists(st.sampled_from("abcdef"), max_size=12))
def test_equal_texts_are_equal_and_matched_once(before, after):
    found = equal_texts(before, after)
    assert all(before[old] == after[new] for new, old in found.items())
    assert len(set(found.values())) == len(found)
