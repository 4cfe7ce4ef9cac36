"""Pairs at reindex: what the archive teaches, kept for the documents that change later."""

import pytest

from indexer.model import BlockKind, Pair, Passage
from indexer.pairing import load_dictionaries
from indexer.partners import Waiting, sides_of, with_partners

ENGLISH = """The harbour

The harbour of Busan was opened to trade in 1876.

Ships from Nagasaki brought cotton and left with rice.

In 1945 two million people came home through its gates.

Today 20 million containers pass through it every year.
"""
KOREAN = """항구

부산항은 1876년에 무역을 위해 열렸다.

나가사키에서 온 배들은 면직물을 싣고 와서 쌀을 싣고 떠났다.

1945년에는 200만 명이 그 문을 지나 고향으로 돌아왔다.

오늘날에는 해마다 컨테이너 2,000만 개가 이곳을 지난다.
"""


def passage(ordinal, lang):
    return Passage("d", ordinal, BlockKind.PARAGRAPH, lang, f"text {ordinal}")


def sides(small, query="lang:both"):
    hits = small.archive.passages(query, limit=100).hits
    return {hit.passage.text: hit.pair.text for hit in hits}


def test_partners_are_told_to_both_sides_of_a_pair():
    passages = [passage(0, "en"), passage(1, "en"), passage(2, "ko"), passage(3, "ko"), passage(4, "ko")]
    pairs = [Pair((0,), (2, 3), 0.99)]
    assert [one.partners for one in with_partners(passages, pairs)] == [(2, 3), (), (0,), (0,), ()]
    english, korean = sides_of(passages)
    assert ([one.ordinal for one in english], [one.ordinal for one in korean]) == ([0, 1], [2, 3, 4])


def test_what_waits_comes_back_in_order_and_as_often_as_asked(tmp_path):
    waiting = Waiting(tmp_path)
    for value in ({"a": 1}, [2], "셋"):
        waiting.add(value)
    assert list(waiting) == list(waiting) == [{"a": 1}, [2], "셋"]
    waiting.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("files", ["two", "sequence", "turns"])
def test_a_text_in_two_languages_is_paired(small, files):
    if files == "two":
        small.write(**{"harbour.en": ENGLISH, "harbour.ko": KOREAN})
    elif files == "sequence":
        small.write(harbour=f"{ENGLISH}\n{KOREAN}")
    else:
        turns = zip(ENGLISH.split("\n\n"), KOREAN.split("\n\n"), strict=True)
        small.write(
            harbour="\n\n".join(f"{english.strip()}\n\n{korean.strip()}" for english, korean in turns)
        )
    small.reindex()
    paired = sides(small)
    assert (
        paired["The harbour of Busan was opened to trade in 1876."] == "부산항은 1876년에 무역을 위해 열렸다."
    )
    both = small.archive.passages("lang:both 1945", limit=10).hits
    assert {hit.passage.address for hit in both if "1945" in hit.passage.text}
    for hit in both:
        other = "ko" if hit.passage.lang == "en" else "en"
        assert small.archive.passage(hit.passage.address, other).lang == other, "both sides share an address"


def test_an_edited_side_stays_paired_and_keeps_the_address(small):
    small.write(**{"harbour.en": ENGLISH, "harbour.ko": KOREAN})
    small.reindex()
    assert load_dictionaries(small.settings.translations) is not None
    (before,) = small.archive.passages("Nagasaki", limit=1).hits
    edited = ENGLISH.replace("brought cotton and left", "carried cotton here and left")
    small.write(**{"harbour.en": edited})
    small.reindex()
    (after,) = small.archive.passages("Nagasaki", limit=1).hits
    assert "carried" in after.passage.text
    assert after.passage.address == before.passage.address
    assert after.pair.text == before.pair.text


def test_an_archive_in_one_language_learns_nothing(small):
    small.write(harbour=ENGLISH)
    small.reindex()
    assert not small.settings.translations.exists()
    assert small.archive.passages("lang:both", limit=10).hits == ()


def test_damaged_dictionaries_are_learned_again(small):
    small.write(**{"harbour.en": ENGLISH, "harbour.ko": KOREAN})
    small.reindex()
    small.settings.translations.write_bytes(b"no zip at all")
    small.write(**{"harbour.en": ENGLISH.replace("brought", "carried")})
    small.reindex()
    assert sides(small)["In 1945 two million people came home through its gates."].startswith("1945년")
    assert load_dictionaries(small.settings.translations) is not None
