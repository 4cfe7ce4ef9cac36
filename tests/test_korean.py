import threading
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis import tokenizer
from indexer.analysis.korean import digest, parse
from indexer.analysis.script import has_korean
from indexer.analysis.tokenizer import tokenize_all

SENTENCES = [
    "라브로프와의 협상을 도왔다.",
    "국가인권위원회의 현상(現狀) 유지",
    "😀 정전 협상이 시작됐다.",
    "NATO의 확장과 COVID-19, 2023년 7월 8일",
    "저건 학교다. 했다!",
    "아름다워 보였던 크림반도에서",
    "ㅋㅋ ㅠㅠ",
    "停戰 協商",
    "English only",
    "",
]


def terms(text):
    return [morpheme.term for morpheme in parse(text).morphemes]


def marked(text):
    return [text[morpheme.span.slice] for morpheme in parse(text).morphemes]


def bigrams(text):
    return {bigram.term for bigram in parse(text).bigrams}


def compounds(text):
    return [compound.term for compound in parse(text).compounds]


@pytest.mark.parametrize(
    ("dictionary", "forms"),
    [
        ("돕다", ["도왔다", "도우며", "돕는", "돕기", "도와서", "돕는다"]),
        ("어렵다", ["어려운", "어려웠다", "어려워서", "어렵게"]),
        ("걷다", ["걸었다", "걷는", "걸어"]),
        ("부르다", ["불렀다", "부르는", "불러서"]),
        ("아름답다", ["아름다워", "아름다운", "아름답게"]),
    ],
)
def test_inflected_forms_meet_their_stem(dictionary, forms):
    assert {form: terms(f"그는 {form}")[-1:] for form in forms} == {form: [dictionary] for form in forms}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("라브로프와의 만남", "라브로프"),
        ("라브로프가 말했다", "라브로프"),
        ("강대국들이 모였다", "강대국"),
        ("협상했다", "협상"),
        ("크림반도에서", "크림"),
        ("물이 맑다", "물"),
        ("강을 건넜다", "강"),
        ("선생님께서", "선생"),
    ],
)
def test_a_noun_is_found_without_its_particles_and_endings(text, word):
    assert terms(text)[0] == word
    assert marked(text)[0] == word


def test_a_predicate_is_marked_with_its_endings():
    assert marked("그를 도왔던 사람") == ["그", "도왔던", "사람"]


def test_overlapping_morphemes_make_one_span():
    """했다 is 하[0,1) + 었[0,1) + 다[1,2)."""
    assert marked("했다") == ["했다"]


def test_an_empty_morpheme_leaves_no_trace():
    """The copula in 학교다 has no characters."""
    assert terms("학교다") == ["학교"]


def test_a_morpheme_that_does_not_occur_in_the_text_still_has_its_place():
    assert marked("저건 아름다워") == ["저건", "아름다워"]


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("국가인권위원회", ["국가", "인권", "위원회"]),
        ("사회단체", ["사회", "단체"]),
        ("대한민국", ["대한", "민국"]),
    ],
)
def test_a_compound_of_the_dictionary_is_found_whole_and_by_part(whole, parts):
    assert terms(whole) == parts
    assert compounds(whole) == [whole]


@pytest.mark.parametrize("name", ["우크라이나", "아르헨티나", "라브로프", "오스트레일리아"])
def test_a_name_is_not_taken_apart(name):
    assert terms(name) == [name]
    assert compounds(name) == []


def test_a_prefix_that_turns_the_meaning_round_is_kept():
    """비급여 (not covered) without its 비 would be 급여 (covered)."""
    first, second = parse("비급여 항목").morphemes[:2]
    assert (first.term, second.term) == ("비", "급여")
    assert first.bound


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("정전평화거래", {"정전", "평화", "거래"}),
        ("시민사회단체", {"시민", "사회", "단체"}),
        ("펜타닐", {"펜타", "타닐"}),
        ("크림반도에서", {"크림", "반도"}),
    ],
)
def test_what_a_person_can_see_in_a_word_is_in_its_bigrams(text, seen):
    assert seen <= bigrams(text)


@pytest.mark.parametrize(
    ("text", "not_there"),
    [
        ("평화의 길", "화의"),
        ("할 수도 있다", "수도"),
        ("협상을 했다", "상을"),
        ("강대국들이", "국들"),
    ],
)
def test_particles_and_endings_make_no_bigrams(text, not_there):
    assert not_there not in bigrams(text)


def test_bigrams_never_reach_over_a_space():
    assert "전협" not in bigrams("정전 협상")


def test_an_unknown_name_keeps_all_its_syllables():
    assert {"맥라", "라렌"} <= bigrams("맥라렌은")


def test_hanja_have_the_term_of_their_reading_and_their_own():
    (word,) = parse("現狀").morphemes
    assert (word.term, word.hanja, word.span.start, word.span.end) == ("현상", "現狀", 0, 2)


@pytest.mark.parametrize("text", ["현상(現狀) 유지", "현상（現狀）을 유지", "현상[現狀]의 유지"])
def test_hanja_in_brackets_count_once_with_the_word_that_they_explain(text):
    assert [term for term in terms(text) if term == "현상"] == ["현상"]
    assert parse(text).morphemes[0].hanja == "現狀"


@pytest.mark.parametrize(
    "text", ["대한민국(大韓民國)", "국가인권위원회(國家人權委員會)", "훈민정음(訓民正音)"]
)
def test_hanja_that_explain_a_compound_count_once_too(text):
    plain = text.partition("(")[0]
    assert terms(text) == terms(plain)


def test_hanja_that_are_no_reading_of_the_word_before_stand_alone():
    assert terms("정전(現狀)") == ["정전", "현상"]


def test_hanja_without_any_hangul_need_no_kiwi(monkeypatch):
    monkeypatch.setattr(tokenizer, "_kiwi", lambda: pytest.fail("Kiwi was asked"))
    assert terms("停戰 協商") == ["정전", "협상"]


def test_nfd_hangul_would_be_one_unknown_noun_so_nfc_is_what_analysis_takes():
    decomposed = unicodedata.normalize("NFD", "민주공화국이다")
    assert terms(unicodedata.normalize("NFC", decomposed)) == terms("민주공화국이다")
    assert terms("민주공화국이다")


def test_offsets_are_code_points_after_an_emoji_and_a_rare_hanja():
    text = "😀 라브로프 𠀀 협상"
    assert marked(text) == ["라브로프", "𠀀", "협상"]


def test_english_is_left_to_the_other_analysis():
    assert terms("Treaty's NATO의 don't 확장") == ["확장"]


@pytest.mark.parametrize("text", ["", "English", "Ελλάδα", "123", "😀"])
def test_texts_without_korean_have_none(text):
    assert not has_korean(text)
    assert parse(text) == ((), (), (), ())


def test_many_texts_at_once_give_what_each_gives_alone():
    assert list(map(digest, SENTENCES, tokenize_all(SENTENCES))) == [parse(text) for text in SENTENCES]


def test_kiwi_is_loaded_once_by_many_threads(monkeypatch):
    loaded = []
    monkeypatch.setattr("kiwipiepy.Kiwi", lambda: loaded.append(1) or object())
    tokenizer._load_kiwi.cache_clear()
    try:
        threads = [threading.Thread(target=tokenizer._kiwi) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert loaded == [1]
    finally:
        monkeypatch.undo()
        tokenizer._load_kiwi.cache_clear()


WORDS = st.sampled_from(
    [
        "했다",
        "학교다",
        "저건",
        "현상(現狀)",
        "國家",
        "걔가",
        "뭘",
        "물",
        "F-16",
        "😀",
        "펜타닐",
        "국가인권위원회는",
        "ㅋㅋ",
        "도와준",
        "(",
        "。",
        "가",
        "들",
        "한\u200b글",
    ]
)
TEXTS = st.lists(WORDS, max_size=10).flatmap(
    lambda words: st.sampled_from(["", " "]).map(lambda gap: gap.join(words))
)
SYLLABLES = st.text(
    alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3) | st.sampled_from(" .現狀()"),
    max_size=30,
)


@settings(max_examples=80)
@given(TEXTS | SYLLABLES)
def test_spans_are_in_order_inside_the_text_and_never_empty(text):
    parsed = parse(text)
    for part in (parsed.morphemes, parsed.bigrams, parsed.compounds):
        spans = [one.span for one in part]
        assert spans == sorted(spans)
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(one.term for one in part)
    for bigram in parsed.bigrams:
        assert text[bigram.span.slice] == bigram.term
    for compound in parsed.compounds:
        inside = parsed.morphemes[compound.first : compound.first + compound.length]
        assert len(inside) == compound.length
        assert all(
            compound.span.start <= one.span.start < one.span.end <= compound.span.end for one in inside
        )


@settings(max_examples=60)
@given(TEXTS | SYLLABLES)
def test_no_two_morphemes_stand_at_the_same_place(text):
    spans = [morpheme.span for morpheme in parse(text).morphemes]
    assert len(spans) == len(set(spans))
