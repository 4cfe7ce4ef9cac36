"""Tokens that one process tells another are the same there."""

import pickle
from array import array

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.analysis.met import Met
from indexer.analysis.token_runs import RunTable, TokenRuns
from indexer.analysis.told import Hearer, Teller
from indexer.model.terms import Field, Token
from indexer.model.text import Span


def met():
    return Met(lambda surfaces: [_core(surface or "_") for surface in surfaces])


def _core(term):
    return 1, ((Field.ENGLISH, term, 0, len(term), 0, 1, False, False, 1.0),)


def runs_of(known, words):
    return TokenRuns(known.table, array("I", [known.between[word] for word in words]))


def told(teller, table, texts):
    return pickle.loads(pickle.dumps(teller.tell(table, texts)))


WORDS = st.lists(st.sampled_from(["a", "bc", "def", "g", "bc."]), max_size=6)


@settings(max_examples=50)
@given(st.lists(st.lists(WORDS, max_size=4), max_size=5))
def test_what_is_told_is_heard_whatever_was_told_before(messages):
    ours, copy = met(), met()
    teller, hearer = Teller(), Hearer()
    heard = [
        hearer.hear(told(teller, ours.table, [runs_of(ours, one) for one in texts])) for texts in messages
    ]
    # Also where the texts of an earlier message are looked at later, or never.
    for texts, tokens in reversed(list(zip(messages, heard, strict=True))):
        assert [list(one) for one in tokens] == [list(runs_of(copy, one)) for one in texts]


def test_each_run_is_told_once():
    ours, teller = met(), Teller()
    for words, cores, runs in ((["a", "b", "a"], 2, 2), (["a", "c", "a,"], 1, 2)):
        _, added, _ = teller.tell(ours.table, [runs_of(ours, words)])
        assert [len(one) for one in added] == [cores, runs, runs, runs]


def test_tokens_that_are_no_runs_are_told_one_by_one():
    tokens = (
        Token(Field.KOREAN, "현상", Span(0, 2), 0, weight=1.15),
        Token(Field.KOREAN, "現狀", Span(3, 5), 0),
    )
    (heard,) = Hearer().hear(told(Teller(), RunTable(), [tokens]))
    assert heard == tokens


def test_after_another_table_numbers_mean_its_runs():
    first, second = met(), met()
    teller, hearer = Teller(), Hearer()
    (before,) = hearer.hear(told(teller, first.table, [runs_of(first, ["a"])]))
    (after,) = hearer.hear(told(teller, second.table, [runs_of(second, ["z"])]))
    assert [token.term for one in (before, after) for token in one] == ["a", "z"]
