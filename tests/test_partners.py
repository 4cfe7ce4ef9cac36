"""Pairs at reindex: what the archive teaches, kept for the documents that change later."""

import pytest

from indexer.model.text import BlockKind, Pair, Passage
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


GULL_ENGLISH = "Gulls\n\nA thousand gulls winter here.\n\nThey leave in March.\n"
GULL_KOREAN = "갈매기\n\n갈매기 천 마리가 여기서 겨울을 난다.\n\n3월이면 떠난다.\n"


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


@pytest.mark.parametrize("at", [0.2, 0.5, 0.8])
def test_dictionaries_with_a_flipped_bit_are_none_or_whole(small, at):
    small.write(**{"harbour.en": ENGLISH, "harbour.ko": KOREAN})
    small.reindex()
    path = small.settings.translations
    whole = path.read_bytes()
    for place in range(int(at * len(whole)), int(at * len(whole)) + 60):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        found = load_dictionaries(path)
        assert found is None or all(len(one.english.numbers) == len(one.english.counts) for one in found.all)


@pytest.mark.parametrize("damage", [None, b"no zip at all"])
def test_lost_dictionaries_are_learned_again_from_the_whole_archive(small, damage):
    small.write(**{"harbour.en": ENGLISH, "harbour.ko": KOREAN})
    others = {
        f"gate{n}.{lang}": f"{text}\n" for n in range(3) for lang, text in (("en", ENGLISH), ("ko", KOREAN))
    }
    small.write(**others, **{"gull.en": GULL_ENGLISH, "gull.ko": GULL_KOREAN})
    small.reindex()
    path = small.settings.translations
    before = {term for one in load_dictionaries(path).all for term in one.english.numbers}
    path.unlink() if damage is None else path.write_bytes(damage)
    small.write(**{"gull.en": GULL_ENGLISH.replace("thousand", "hundred")})
    small.reindex()
    after = {term for one in load_dictionaries(path).all for term in one.english.numbers}
    assert len(after) > 0.9 * len(before), "not from the changed document alone"
    assert sides(small)["In 1945 two million people came home through its gates."].startswith("1945년")
