"""Dataclasses that are made and pickled quickly do all that others do."""

import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from indexer.frozen import quickly_made, quickly_pickled


@quickly_pickled
@quickly_made
@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int = 2


def test_is_made_compared_and_changed_as_any_other():
    assert (Point(1), Point(1, y=3)) == (Point(x=1, y=2), replace(Point(1), y=3))
    assert repr(Point(1)) == "Point(x=1, y=2)"
    assert str(inspect.signature(Point)) == "(x: int, y: int = 2) -> None"
    with pytest.raises(TypeError):
        Point()
    with pytest.raises(FrozenInstanceError):
        Point(1).x = 2


def test_comes_back_from_a_pickle():
    assert pickle.loads(pickle.dumps(Point(1, 3))) == Point(1, 3)


def test_what_is_made_of_more_than_its_fields_is_refused():
    @dataclass(frozen=True, slots=True)
    class Factory:
        values: list[int] = field(default_factory=list)

    @dataclass(frozen=True, slots=True)
    class Checked:
        value: int

        def __post_init__(self):
            """Would never be called."""

    @dataclass(frozen=True, slots=True)
    class Told:
        value: int = field(kw_only=True)

    for one in (Factory, Checked, Told):
        with pytest.raises(TypeError, match="made of more than its fields"):
            quickly_made(one)


def test_a_single_field_would_be_pickled_as_no_tuple():
    @dataclass(frozen=True)
    class Single:
        value: int

    with pytest.raises(TypeError, match="Single has a single field"):
        quickly_pickled(Single)
