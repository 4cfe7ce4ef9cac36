"""Two sides cut into rows."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.rows import Stretch, align, pad

sizes = st.lists(st.integers(1, 3), max_size=8)


@st.composite
def documents(draw):
    """Two sides in parts of several passages, and links between them, crossing ones too."""
    sides, at = [], 0
    for _ in range(2):
        parts = []
        for size in draw(sizes):
            parts.append(list(range(at, at + size)))
            at += size
        sides.append(parts)
    left, right = ([ordinal for part in side for ordinal in part] for side in sides)
    links = {}
    if left and right:
        for a, b in draw(st.lists(st.tuples(st.sampled_from(left), st.sampled_from(right)), max_size=8)):
            links.setdefault(a, []).append(b)
    return (*sides, links)


@given(documents())
def test_joined_the_stretches_give_both_sides_in_order(document):
    left, right, links = document
    stretches = align(left, right, links)
    assert [at for stretch in stretches for at in stretch.left] == list(range(len(left)))
    assert [at for stretch in stretches for at in stretch.right] == list(range(len(right)))


@given(documents())
def test_what_is_linked_stands_in_one_stretch(document):
    left, right, links = document
    for stretch in align(left, right, links):
        here = {ordinal for at in stretch.right for ordinal in right[at]}
        for at in stretch.left:
            assert {other for ordinal in left[at] for other in links.get(ordinal, ())} <= here


@given(documents())
def test_without_crossing_links_a_part_stands_alone_or_with_what_it_is_linked_to(document):
    left, right, _ = document
    links = {part[0]: [other[0]] for part, other in zip(left, right, strict=False)}
    stretches = align(left, right, links)
    pairs = min(len(left), len(right))
    assert stretches[:pairs] == [Stretch(range(i, i + 1), range(i, i + 1)) for i in range(pairs)]
    assert all(len(stretch.left) + len(stretch.right) == 1 for stretch in stretches[pairs:])


@given(documents())
def test_padded_both_sides_have_as_many_lines_and_lose_nothing(document):
    left, right, links = document
    lines = pad(align(left, right, links))
    assert len(lines[0]) == len(lines[1])
    assert [at for at in lines[0] if at is not None] == list(range(len(left)))
    assert [at for at in lines[1] if at is not None] == list(range(len(right)))
