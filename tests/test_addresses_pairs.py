"""The two sides of a pair share one address, also when pairs come and go."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.addresses import PastAddresses, compare, load_registry
from indexer.model.text import BlockKind, Pair, Passage

ENGLISH = ["The talks began at Kaesong in July.", "Prisoners of war were the hardest question.", "It ended."]
KOREAN = ["협상은 7월 개성에서 시작되었다.", "전쟁 포로가 가장 어려운 문제였다.", "그것은 끝났다."]


class Archive:
    """A document that is edited, read from and written to its file each time."""

    def __init__(self, path):
        self.path = path

    def assign(self, english, korean, *pairs, document="d"):
        """The addresses of both sides; a pair is an English and a Korean place."""
        texts = [*(("en", text) for text in english), *(("ko", text) for text in korean)]
        passages = [
            Passage(document, n, BlockKind.PARAGRAPH, lang, text) for n, (lang, text) in enumerate(texts)
        ]
        registry = load_registry(self.path)
        given_ = [
            one.address
            for one in registry.assign(
                document, passages, [Pair((en,), (len(english) + ko,), 1.0) for en, ko in pairs]
            )
        ]
        registry.settle()
        registry.save()
        keys = list(zip(given_, [lang for lang, _ in texts], strict=True))
        assert len(set(keys)) == len(keys)
        return given_[: len(english)], given_[len(english) :]

    def leads_to(self, address, lang):
        return PastAddresses(self.path).leads_to(address, lang)


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "addresses.jsonl")


def test_a_new_pair_has_one_address(archive):
    english, korean = archive.assign(ENGLISH, KOREAN, (0, 0), (2, 2))
    assert (english[0], english[2]) == (korean[0], korean[2])
    assert len({*english, *korean}) == 4


def test_passages_that_become_a_pair_keep_the_english_address_and_the_other_one_leads_there(archive):
    english, korean = archive.assign(ENGLISH, KOREAN)
    assert len({*english, *korean}) == 6
    after = archive.assign(ENGLISH, KOREAN, (0, 0))
    assert after == (english, [english[0], *korean[1:]])
    assert archive.leads_to(korean[0], "ko") == (english[0], "ko")


def test_a_pair_that_dissolves_leaves_the_address_to_the_english_side_and_the_korean_one_gets_its_own_back(
    archive,
):
    english, korean = archive.assign(ENGLISH, KOREAN)
    archive.assign(ENGLISH, KOREAN, (0, 0))
    assert archive.assign(ENGLISH, KOREAN) == (english, korean)
    assert archive.leads_to(english[0], "ko") == (korean[0], "ko")
    paired = archive.assign(ENGLISH, KOREAN, (0, 0))
    assert archive.assign(ENGLISH, KOREAN, (0, 0)) == paired, "nothing is minted by coming and going"


def told(archive, *versions):
    """What is told of the last of some versions, each with its texts and pairs."""
    for english, korean, *pairs in versions[:-1]:
        archive.assign(english, korean, *pairs)
    before = load_registry(archive.path).registrations()
    english, korean, *pairs = versions[-1]
    archive.assign(english, korean, *pairs)
    return compare(before, load_registry(archive.path).registrations())["d"]


def test_a_passage_that_comes_to_share_an_address_is_told_as_merged_and_is_not_new(archive):
    found = told(archive, (ENGLISH, KOREAN), (ENGLISH, KOREAN, (0, 0)))
    assert [one.text for one in found.merged] == [KOREAN[0]]
    assert (found.new, found.split, found.kept) == ((), (), 5)


def test_a_pair_that_came_apart_is_told_as_split_with_the_address_that_the_korean_side_had(archive):
    _, korean = archive.assign(ENGLISH, KOREAN)
    found = told(archive, (ENGLISH, KOREAN, (0, 0)), (ENGLISH, KOREAN))
    assert [(one.text, one.address) for one in found.split] == [(KOREAN[0], korean[0])]
    assert (found.new, found.merged, found.kept) == ((), (), 5)


def test_a_pair_that_came_apart_has_no_address_to_be_told_where_it_never_had_one_of_its_own(archive):
    (shared, *_), _ = archive.assign(ENGLISH, KOREAN, (0, 0))
    found = told(archive, (ENGLISH, KOREAN, (0, 0)), (ENGLISH, KOREAN))
    assert [(one.address, one.text, one.now) for one in found.split] == [("", KOREAN[0], shared)]


def test_two_passages_that_become_one_are_merged_even_where_their_pairs_came_apart(archive):
    found = told(
        archive, (ENGLISH, KOREAN, (0, 0), (1, 1)), (ENGLISH, [f"{KOREAN[0]} {KOREAN[1]}", KOREAN[2]])
    )
    assert [(one.text, one.now) for one in found.merged] == [(KOREAN[0], ""), (KOREAN[1], "")]
    assert (found.new, found.split) == ((), ())


def test_one_side_written_anew_keeps_the_address_by_the_other(archive):
    english, _ = archive.assign(ENGLISH, KOREAN, (0, 0), (1, 1), (2, 2))
    anew = ["전혀 다르게 옮긴 첫 문장.", "두 번째 글도 새로 썼다.", "마침내 막을 내렸다."]
    assert archive.assign(ENGLISH, anew, (0, 0), (1, 1), (2, 2)) == (english, english)
    rows = [json.loads(line) for line in archive.path.read_text(encoding="utf-8").splitlines()]
    assert not any(row.get("gone") for row in rows)


def test_further_passages_of_a_pair_keep_addresses_of_their_own(archive):
    texts = [("en", ENGLISH[0]), ("ko", KOREAN[0]), ("ko", KOREAN[1])]
    passages = [Passage("d", n, BlockKind.PARAGRAPH, lang, text) for n, (lang, text) in enumerate(texts)]
    one, two, three = load_registry(archive.path).assign("d", passages, [Pair((0,), (1, 2), 0.9)])
    assert one.address == two.address != three.address


def test_a_merge_on_one_side_does_not_drive_the_other_from_its_addresses(archive):
    english, _ = archive.assign(ENGLISH, KOREAN, (0, 0), (1, 1), (2, 2))
    merged = [f"{ENGLISH[0]} {ENGLISH[1]}", ENGLISH[2]]
    after = archive.assign(merged, KOREAN, (0, 0), (1, 2))
    assert after == ([english[0], english[2]], english)
    assert archive.leads_to(english[1], "en") == (english[0], "en")


EDITION = st.tuples(
    st.lists(st.sampled_from(ENGLISH), max_size=4),
    st.lists(st.sampled_from(KOREAN), max_size=4),
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3)),
        max_size=4,
        unique_by=(lambda p: p[0], lambda p: p[1]),
    ),
)


@settings(max_examples=60)
@given(st.lists(EDITION, min_size=1, max_size=5))
def test_over_any_pairs_addresses_are_unique_and_every_old_one_leads_somewhere(tmp_path_factory, editions):
    archive = Archive(tmp_path_factory.mktemp("pairs") / "addresses.jsonl")
    minted = set()
    for english, korean, pairs in editions:
        possible = [(en, ko) for en, ko in pairs if en < len(english) and ko < len(korean)]
        first = archive.assign(english, korean, *possible)
        assert archive.assign(english, korean, *possible) == first, "the same again is the same"
        assert all(first[0][en] == first[1][ko] for en, ko in possible)
        living = {*((a, "en") for a in first[0]), *((a, "ko") for a in first[1])}
        minted |= living
        past = PastAddresses(archive.path)
        for key in minted - living:
            assert past.grave(*key) or past.leads_to(*key) in living
