"""Results that are kept: as long as they hold, and no more of them than there is room for."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.kept import Kept


def kept(most=10, size=100):
    return Kept(most=most, size=size, weigh=len)


def test_a_value_is_made_once():
    made = []
    values = kept()
    for _ in range(3):
        assert values.get(1, "a", lambda: made.append("a") or "value") == "value"
    assert made == ["a"]


def test_a_new_state_makes_everything_anew():
    values = kept()
    values.get(1, "a", lambda: "old")
    assert values.get(2, "a", lambda: "new") == "new"


def test_what_is_ready_only_after_a_new_state_has_come_puts_nothing_back():
    values = kept()
    values.get(1, "a", lambda: "old")
    assert values.get(1, "slow", lambda: values.get(2, "a", lambda: "new") and "late") == "late"
    assert values.get(2, "a", lambda: "anew") == "new"


def test_what_raises_is_not_kept():
    values = kept()
    with pytest.raises(KeyError):
        values.get(1, "a", lambda: {}["no"])
    assert values.get(1, "a", lambda: "value") == "value"


def test_what_was_not_used_for_longest_goes_first():
    values = kept(most=2)
    for key in "aba":
        values.get(1, key, lambda: "x")
    values.get(1, "c", lambda: "x")
    assert values.get(1, "a", lambda: "anew") == "x"
    assert values.get(1, "b", lambda: "anew") == "anew"


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 60))))
def test_the_bounds_hold(asked):
    values = kept(most=3, size=100)
    for key, weight in asked:
        values.get(1, key, lambda weight=weight: "x" * weight)
        held = [weight for _, weight in values._values.values()]
        assert len(held) <= 3
        assert sum(held) == values._weight <= 100


def test_threads_get_their_own_key():
    values = kept(most=5, size=40)
    with ThreadPoolExecutor(8) as pool:
        keys = [number % 9 for number in range(3000)]
        assert list(pool.map(lambda key: values.get(key % 2, key, lambda: str(key)), keys)) == list(
            map(str, keys)
        )
