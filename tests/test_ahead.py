"""Values made in a thread of their own: in order, not too many at once, and never left behind."""

import threading
from threading import Event

import pytest

from indexer.ahead import ahead


def no_stop():
    raise AssertionError("nobody is to be stopped")


def test_values_come_in_order_whatever_they_weigh():
    assert list(ahead(range(100), weigh=lambda value: value, most=50, stop=no_stop)) == list(range(100))


def test_no_more_is_made_than_may_wait():
    made = []

    def making():
        for value in range(10):
            made.append(value)
            yield value

    values = ahead(making(), weigh=lambda _value: 1, most=3, stop=lambda: None)
    for taken in values:
        # Three wait, one more made them too heavy, and one may have taken the place of the one in hand.
        assert len(made) <= taken + 1 + 3 + 2
        if taken == 2:
            break
    values.close()
    assert len(made) < 10


def test_an_error_is_raised_in_its_turn():
    def making():
        yield 1
        raise ValueError("broken")

    values = ahead(making(), weigh=lambda _value: 1, most=9, stop=no_stop)
    assert next(values) == 1
    with pytest.raises(ValueError, match="broken"):
        next(values)


def test_who_gives_up_stops_what_is_being_made_and_leaves_no_thread():
    working, stopped = Event(), Event()

    def making():
        yield 1
        working.set()
        assert stopped.wait(10)
        yield 2

    values = ahead(making(), weigh=lambda _value: 1, most=9, stop=stopped.set)
    assert next(values) == 1
    assert working.wait(10)
    values.close()
    assert stopped.is_set()
    assert not any(thread.name == "ahead" for thread in threading.enumerate())
