"""What the best passages of a long English question have in common brings up what shares it."""

import pytest
from small import Small

from indexer.engine.whoosh.feedback import describes
from indexer.query import parse_query

QUESTION = "what slows the wings of fast heated aircraft near sound"


@pytest.mark.parametrize(
    ("typed", "at_length"),
    [
        (QUESTION, True),
        ("wings of fast heated aircraft", False),  # four words
        ('"slows the wings of fast heated aircraft near sound"', False),  # one phrase
        ("초음속 항공기 날개 가열 속도 항력", False),
        ("slows wings fast heated 항공기 aircraft near", False),
        ("", False),
    ],
)
def test_only_long_english_questions_are_answered_so(typed, at_length):
    assert describes(parse_query(typed).clauses) is at_length


@pytest.fixture
def small(tmp_path):
    small = Small(tmp_path)
    # Many other texts, so that what the best ones have in common is rare.
    small.write(**{f"other{n:02}": f"Bakers of town {n} sell rye and wheat.\n" for n in range(60)})
    small.write(
        best1="Shock waves slow the wings of fast heated aircraft near sound, by supersonic drag.\n",
        best2="Fast aircraft near sound: heated wings, and supersonic drag that slows.\n",
        kin="On wings: supersonic drag of shells in a tunnel of the new kind.\n",
        stranger="On wings: feathers and bones of birds in a valley of the old world.\n",
    )
    small.reindex()
    return small


def test_a_passage_that_shares_the_words_of_the_best_comes_before_one_that_does_not(small):
    found = small.texts(QUESTION)
    kin, stranger = (
        next(at for at, text in enumerate(found) if word in text) for word in ("shells", "birds")
    )
    assert kin < stranger
    told = small.archive.explain(QUESTION, [hit.passage for hit in small.archive.passages(QUESTION).hits])
    assert "common" in {one.kind for one in told[found.index(found[kin])]}


def test_what_is_found_stays_the_same(small):
    """Only the order of the first hits changes: a word that was not typed finds nothing."""
    assert not [text for text in small.texts(QUESTION) if "rye" in text]
    assert len(small.texts(QUESTION)) == small.archive.passages(QUESTION).total
