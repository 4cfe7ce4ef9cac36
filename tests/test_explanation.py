"""Why a hit was found is told in full, whatever brought it."""

import pytest
from small import Small


@pytest.fixture
def archive(tmp_path):
    small = Small(tmp_path)
    small.write(
        talks="The armistice\n\nCeasefire talks went on for two years at Panmunjom.\n",
        fire="Letters\n\nThey asked for a cease fire, and later for talks.\n",
        grain="Harvest\n\nThe price of grain rose in spring.\n",
        ko="정전\n\n국가인권위원회가 정전 협상을 기록했다.\n",
    )
    small.reindex()
    return small.archive


def reasons(archive, text):
    """By text of the hit, what brought it: word and kind with the whole reason."""
    hits = archive.passages(text).hits
    told = archive.explain(text, [hit.passage for hit in hits])
    return {
        hit.passage.text: {(one.word, one.kind): one for one in of_hit}
        for hit, of_hit in zip(hits, told, strict=True)
    }


TALKS = "Ceasefire talks went on for two years at Panmunjom."


def test_the_shares_of_a_hit_are_all_there_is(archive):
    for text in ("ceasefire talks", '"ceasefire talks" year*', "grain OR armistice", "정전 협상"):
        for told in reasons(archive, text).values():
            assert sum(one.share for one in told.values()) == pytest.approx(1, abs=0.03)


def test_words_side_by_side_are_told(archive):
    assert ("", "nearby") in reasons(archive, "ceasefire talks")[TALKS]
    assert ("", "nearby") not in reasons(archive, "talks ceasefire")[TALKS]


def test_a_word_of_the_title_is_told(archive):
    armistice = reasons(archive, "armistice Panmunjom OR armistice")
    assert armistice["The armistice"]["armistice", "word"].in_title
    assert not reasons(archive, "Panmunjom")[TALKS]["Panmunjom", "word"].in_title


def test_a_word_written_in_another_form_is_told(archive):
    told = reasons(archive, "ceasefire")["They asked for a cease fire, and later for talks."]
    assert list(told) == [("ceasefire", "form")]


def test_phrases_and_beginnings_are_told(archive):
    assert list(reasons(archive, '"ceasefire talks"')[TALKS]) == [("ceasefire talks", "phrase")]
    assert list(reasons(archive, "Panmun*")[TALKS]) == [("Panmun", "beginning")]


def test_parts_and_syllables_are_told(archive):
    told = reasons(archive, "인권위원회")["국가인권위원회가 정전 협상을 기록했다."]
    assert {kind for _, kind in told} >= {"part", "syllables"}
