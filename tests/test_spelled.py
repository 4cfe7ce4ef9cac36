"""Texts without Korean, told by one process to another: their tokens are those that each text has alone."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import analyze, spelled
from indexer.analysis.heard import SpellingHearer
from indexer.analysis.spelled import Speller

WORDS = "The talks, “Cease-fire” U.S. US (NATO’s) 1,200 e-mail a.b É"
PIECES = [*WORDS.split(), "\u3000", "\ud800x", "", "\n", "F-16s\t"]
DOCUMENTS = st.lists(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join), max_size=3), max_size=3
)


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(spelled, "_MOST", 8)


@pytest.mark.usefixtures("few")
@given(st.lists(DOCUMENTS, max_size=5), st.lists(DOCUMENTS, max_size=2))
def test_however_often_all_is_numbered_anew_each_text_has_its_own_tokens(first, then):
    hearer = SpellingHearer()
    heard = []
    for process, parts in enumerate((first, then), 1):
        speller = Speller()
        speller._numbering = process, 0
        for documents in parts:
            told = pickle.loads(pickle.dumps(speller.spell(documents)))
            for texts, one in zip(documents, told, strict=True):
                heard += zip(texts, hearer.hear(one), strict=True)
    assert [text for text, _ in heard] == [
        text for part in (*first, *then) for texts in part for text in texts
    ]
    for text, tokens in heard:
        assert list(tokens) == list(analyze(text))


def test_a_run_is_told_once():
    speller = Speller()
    (_, cores, runs, _), (_, again, no_runs, _) = speller.spell([["peace (talks"], ["peace (talks peace"]])
    # Those before a space come first: peace, (talks; then those at the end of a text: (talks, peace.
    assert (cores, [list(one) for one in runs]) == (
        ["peace", "talks"],
        [[0, 1, 1, 0], [0, 1, 1, 0], [6, 7, 6, 5]],
    )
    assert (again, [list(one) for one in no_runs]) == ([], [[], [], []])
    ((_, cores, runs, _),) = speller.spell([["peace on “peace"]])
    assert (cores, [list(one) for one in runs]) == (["on"], [[2, 0], [0, 1], [3, 6]])
