"""Pairs of passages: invented documents, properties, hostile ones, and a floor on real ones."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.model.text import BlockKind, Pair, Passage
from indexer.pairing import EMPTY, learn, pair_archive, pair_document
from indexer.pairing.band import band_of
from indexer.pairing.dictionary import Lesson, teach
from indexer.pairing.side import know, side_of
from indexer.pairing.terms import skeleton, terms_of

SENTENCES = [
    (
        "The museum opened in 1987 with 240 drawings from Busan.",
        "미술관은 1987년 부산에서 온 그림 240점으로 문을 열었다.",
    ),
    (
        "Its first director, Clara Lindqvist, came from Stockholm.",
        "초대 관장 린드크비스트는 스톡홀름에서 왔다.",
    ),
    (
        "Rain damaged the roof in the summer of 1994, and the archive moved to the cellar for three years.",
        "1994년 여름에 비가 지붕을 망가뜨려 기록실은 3년 동안 지하로 옮겨야 했다.",
    ),
    ("Nobody was hurt.", "다친 사람은 없었다."),
    (
        "The letters of the poet are kept in box 17; they may be read on Tuesdays from 10 to 16.",
        "시인의 편지는 17번 상자에 보관되어 있으며 화요일 10시부터 16시까지 열람할 수 있다.",
    ),
    (
        "In 2003 UNESCO sent 3 million won for repairs [2].",
        "2003년 UNESCO가 수리비로 300만 원을 보냈다 [2].",
    ),
    ("A catalogue of all drawings appeared on 8 July 2011.", "모든 그림의 목록은 2011년 7월 8일에 나왔다."),
    ("The garden behind the house has 12 old pine trees.", "집 뒤의 정원에는 오래된 소나무 12그루가 있다."),
]


def passages(lang, texts, start=0, **form):
    return tuple(
        Passage("invented", start + at, BlockKind.PARAGRAPH, lang, text, **form)
        for at, text in enumerate(texts)
    )


def both(order=range(8), without_english=(), without_korean=()):
    """The document's two sides and the ordinal pairs that are right."""
    order = list(order)
    english = [n for n in order if n not in without_english]
    korean = [n for n in order if n not in without_korean]
    sides = (
        passages("en", (SENTENCES[n][0] for n in english)),
        passages("ko", (SENTENCES[n][1] for n in korean), 100),
    )
    right = {(english.index(n), 100 + korean.index(n)) for n in english if n in korean}
    return *sides, right


def ordinals(pairs):
    return {(one, other) for pair in pairs for one in pair.english for other in pair.korean}


def test_numbers_names_and_lengths_pair_a_document_that_stands_alone():
    english, korean, right = both()
    found = pair_document(english, korean, bound=0.5)
    assert ordinals(found) == right


def test_what_has_no_other_side_is_left_alone():
    english, korean, right = both(without_english=(1, 6), without_korean=(4,))
    found = ordinals(pair_document(english, korean, bound=0.5))
    assert found <= right
    assert len(found) >= len(right) - 1


def test_a_paragraph_may_say_what_two_say():
    english, korean, _ = both()
    merged = replace(korean[4], text=f"{korean[4].text} {korean[5].text}")
    korean = (*korean[:4], merged, *korean[6:])
    found = pair_document(english, korean, bound=0.5)
    assert [pair.english for pair in found if pair.korean == (104,)] == [(4, 5)]


def test_sides_in_turns_give_the_same_pairs_with_their_ordinals():
    english, korean, _ = both()
    in_turns = (
        tuple(replace(passage, ordinal=2 * passage.ordinal) for passage in english),
        tuple(replace(passage, ordinal=2 * (passage.ordinal - 100) + 1) for passage in korean),
    )
    assert ordinals(pair_document(*in_turns, bound=0.5)) == {
        (2 * n, 2 * n + 1) for n in range(len(SENTENCES))
    }


def test_forms_decide_where_texts_do_not():
    """Headings, list items and notes whose words tell nothing, some of them missing on one side."""
    english = (
        Passage("d", 0, BlockKind.HEADING, "en", "Overview", level=1),
        Passage("d", 1, BlockKind.LIST_ITEM, "en", "bread and salt", level=1, marker="1."),
        Passage("d", 2, BlockKind.LIST_ITEM, "en", "milk and tea", level=1, marker="2."),
        Passage("d", 3, BlockKind.LIST_ITEM, "en", "rice and soy", level=1, marker="3."),
        Passage("d", 4, BlockKind.FOOTNOTE, "en", "As told by a guest.", label="1"),
        Passage("d", 5, BlockKind.FOOTNOTE, "en", "As told by a cook.", label="2"),
        Passage("d", 6, BlockKind.FOOTNOTE, "en", "As told by a guide.", label="3"),
    )
    korean = (
        Passage("d", 10, BlockKind.HEADING, "ko", "개요", level=1),
        Passage("d", 11, BlockKind.LIST_ITEM, "ko", "빵과 소금", level=1, marker="1."),
        Passage("d", 12, BlockKind.LIST_ITEM, "ko", "쌀과 간장", level=1, marker="3."),
        Passage("d", 13, BlockKind.FOOTNOTE, "ko", "손님이 한 말이다.", label="1"),
        Passage("d", 14, BlockKind.FOOTNOTE, "ko", "안내인이 한 말이다.", label="3"),
    )
    found = ordinals(pair_document(english, korean, bound=0.5))
    assert found >= {(0, 10), (1, 11), (3, 12), (4, 13), (6, 14)}
    assert not any(one in (2, 5) for one, _ in found)


def test_code_that_is_the_same_is_paired():
    english = (
        *passages("en", ["Install it first, as the manual tells you to do."]),
        Passage("d", 1, BlockKind.CODE, "en", "pip install zither"),
        Passage("d", 2, BlockKind.CODE, "en", "zither --tune 440"),
    )
    korean = (
        Passage("d", 10, BlockKind.CODE, "ko", "zither --tune 440"),
        *passages("ko", ["이제 악기를 조율했으니 연주를 시작할 수 있습니다."], 11),
    )
    assert ordinals(pair_document(english, korean, bound=0.5)) == {(2, 10)}


def test_an_archive_teaches_what_a_document_cannot_tell():
    """Words without a number or a name: only other documents can tell what they mean."""
    words = [
        ("apple", "사과"), ("river", "강물"), ("window", "창문"), ("teacher", "교사"), ("forest", "숲속"),
        ("winter", "겨울"), ("bridge", "다리"), ("island", "섬마을"), ("market", "시장"), ("letter", "편지"),
    ]  # fmt: skip
    chance = random.Random(5)
    archive = []
    for number in range(60):
        rows = [chance.sample(words, 3) for _ in range(6)]
        english = passages("en", (" ".join(word for word, _ in row) for row in rows))
        korean = passages("ko", (" ".join(word for _, word in row) for row in rows), 6)
        sides = (english[: number % 6] + english[number % 6 + 1 :], korean)
        archive.append(tuple(tuple(replace(p, document=f"d{number}") for p in side) for side in sides))
    found = [pair for pairs in pair_archive(archive) for pair in ordinals(pairs)]
    right = [pair for pair in found if pair[1] == pair[0] + 6]
    assert len(found) - len(right) <= 3
    assert len(right) >= 0.9 * 60 * 5


def test_the_dictionary_does_not_depend_on_the_order_of_the_documents():
    archive = []
    for number in range(4):
        english, korean, _ = both(random.Random(number).sample(range(len(SENTENCES)), 6))
        archive.append(
            tuple(tuple(replace(p, document=f"d{number}") for p in side) for side in (english, korean))
        )
    forth, back = learn(archive), learn(archive[::-1])
    for english, korean in archive:
        assert pair_document(english, korean, forth) == pair_document(english, korean, back)


def test_a_bound_that_would_allow_contradictions_is_refused():
    with pytest.raises(ValueError, match=r"0\.5"):
        pair_document((), (), bound=0.3)


@pytest.mark.parametrize("english", [0, 3])
def test_one_side_alone_has_no_pairs(english):
    one, other, _ = both()
    sides = (one[:english], ()) if english else ((), other)
    assert pair_document(*sides) == ()
    assert pair_archive([sides]) == [()]


def test_no_documents_teach_nothing():
    assert pair_archive([]) == []
    assert teach([]).english.numbers == {}
    assert teach([Lesson((), ("말",), 1.0)]).korean.numbers == {}


texts = st.lists(
    st.sampled_from([text for pair in SENTENCES for text in pair] + ["1", "—", "", "가", "a" * 3000]),
    max_size=14,
)


@given(texts, texts, st.sampled_from([0.5, 0.9]))
@settings(max_examples=40)
def test_pairs_keep_the_order_and_take_each_passage_once(english, korean, bound):
    sides = passages("en", english), passages("ko", korean, 1000)
    found = pair_document(*sides, bound=bound)
    assert found == pair_document(*sides, bound=bound)
    for side in ("english", "korean"):
        flat = [ordinal for pair in found for ordinal in getattr(pair, side)]
        assert flat == sorted(set(flat))
    for pair in found:
        assert isinstance(pair, Pair)
        assert min(len(pair.english), len(pair.korean)) == 1
        assert bound <= pair.confidence <= 1
        assert all(p < 1000 for p in pair.english)
        assert all(p >= 1000 for p in pair.korean)


def test_a_less_bound_never_takes_a_link_away():
    english, korean, _ = both(without_korean=(3,))
    assert ordinals(pair_document(english, korean, bound=0.95)) <= ordinals(
        pair_document(english, korean, bound=0.5)
    )


def looked_at(count):
    """How many places of the table are looked at in a document of so many passages, a stretch missing."""
    english = passages(
        "en", (f"Box {n} holds map {n * 7 % count} of town {n * 3 + 1}." for n in range(count))
    )
    kept = [n for n in range(count) if not count // 3 <= n < count // 2]
    korean = passages("ko", (f"{n}번 상자에는 {n * 3 + 1} 마을의 지도 {n * 7 % count}" for n in kept), count)
    one, other = side_of(english), side_of(korean)
    return band_of(one, other, know(one, other, EMPTY.all[0]))


def test_the_work_grows_as_the_length_and_a_missing_stretch_stays_in_the_band():
    small, large = looked_at(1500), looked_at(6000)
    assert large.size < 6 * small.size
    assert large.size < 400 * 6000
    for row in (0, 1000, 4000, 5999):  # the way leads along the diagonal, then across, then along again
        column = row if row < 2000 else max(2000, row - 1000)
        assert large.lows[row] <= column <= large.highs[row]


def test_a_missing_stretch_of_a_long_document_is_left_alone():
    count = 600
    english = passages(
        "en", (f"Box {n} holds the map of town {n * 3 + 1}, drawn by hand." for n in range(count))
    )
    kept = [n for n in range(count) if not 200 <= n < 330]
    korean = passages(
        "ko", (f"{n}번 상자에는 손으로 그린 {n * 3 + 1} 마을의 지도가 있다." for n in kept), count
    )
    found = ordinals(pair_document(english, korean, bound=0.5))
    right = {(n, count + at) for at, n in enumerate(kept)}
    assert len(found & right) > 0.95 * len(right)
    assert len(found - right) <= 2


def test_thousands_of_equal_passages_do_no_harm():
    english, korean = passages("en", ["Yes."] * 5000), passages("ko", ["네."] * 4700, 5000)
    band = band_of(side_of(english), side_of(korean), know(side_of(english), side_of(korean), EMPTY.all[0]))
    assert band.size < 400 * 5000
    found = pair_document(english[:700], korean[:650], bound=0.5)
    assert all(pair.confidence >= 0.5 for pair in found)


def test_terms_are_those_that_can_stand_in_the_other_side():
    assert set(terms_of("On 8 July 2011, 30,000 came")) & set(terms_of("2011년 7월 8일 3만 명")) == {
        "8",
        "7",
        "2011",
        "30000",
    }
    assert "1500000" in terms_of("1.5 million won")
    assert terms_of("it may be") == ("may",)
    assert terms_of("May 2011") == ("5", "may", "2011")
    assert terms_of(">>") == (">>",)
    assert terms_of("") == ()


@pytest.mark.parametrize(
    ("english", "korean"), [("lavrov", "라브로프"), ("lindqvist", "린드크비스트"), ("kremlin", "크렘린")]
)
def test_names_sound_alike(english, korean):
    assert skeleton(english)[:3] == skeleton(korean)[:3]


def test_real_documents_with_a_tenth_removed(shared, root, monkeypatch):
    """A floor, well below what is measured over whole sets; fewer documents teach less."""
    monkeypatch.syspath_prepend(root)
    from tests.relevance.aligned import cases, load  # noqa: PLC0415 - only where the texts are
    from tests.relevance.pairing import by_hanyeong, count  # noqa: PLC0415

    folder = shared / "eval" / "lohelp-koen"
    if not folder.is_dir():
        pytest.skip("needs the documents with known pairs in ../shared, which are not here")
    documents = load(folder)[::4]
    for condition, floor in (("as they are", 0.97), ("10 % removed", 0.9)):
        those = cases(documents, condition)
        figures = count(those, by_hanyeong(those), ("", condition, ""))
        assert figures.precision >= 0.96, figures
        assert figures.f1 >= floor, figures
