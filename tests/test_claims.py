"""Files that declare the id of another document: nothing that cannot be read loses its place to them."""

import pytest

from indexer.changes import Failed, Indexed, Renamed
from indexer.check import check
from indexer.settings import Settings


def write(small, name, identity, text):
    (small.settings.documents / name).write_text(f"---\nid: {identity}\n---\n\n{text}", encoding="utf-8")


def spoil(small, name):
    """Writes what is too large to be read."""
    (small.settings.documents / name).write_text("x" * 1_100_000, encoding="utf-8")


def reasons(changes):
    return [one.reason for one in changes if isinstance(one, Failed)]


@pytest.fixture
def bounded(small):
    small.settings = Settings(small.settings.data, max_bytes=1_000_000)
    return small


@pytest.mark.parametrize(("one", "other"), [("a.md", "b.md"), ("b.md", "a.md")])
def test_what_fails_keeps_its_id_whoever_comes_first(bounded, one, other):
    small = bounded
    write(small, one, "x", "# One\n\nFirst quetzal.\n")
    small.reindex()
    before = small.addresses()
    spoil(small, one)
    write(small, other, "x", "# Other\n\nSecond quetzal.\n")
    changes = small.reindex()
    assert {one.path for one in changes if isinstance(one, Failed)} == {"a.md", "b.md"}
    assert f"{other}: {one} has the id 'x', too; change one of them" in reasons(changes)
    assert [one for one in check(small.settings, (), small.engine) if isinstance(one, Failed)] == [
        one for one in changes if isinstance(one, Failed)
    ]
    assert small.addresses() == before
    assert small.texts("quetzal") == ["First quetzal."]


def test_a_chain_of_ids_that_were_passed_on_stays_where_its_end_fails(bounded):
    small = bounded
    for name, identity in ("ax", "by", "cz"):
        write(small, f"{name}.md", identity, f"# {name}\n\nThe quetzal of {name}.\n")
    small.reindex()
    before = small.addresses()
    write(small, "a.md", "y", "# a\n\nThe quetzal of a.\n")
    write(small, "b.md", "z", "# b\n\nThe quetzal of b.\n")
    spoil(small, "c.md")
    told = reasons(small.reindex())
    assert len(told) == 3
    assert "a.md: b.md has the id 'y', too; change one of them" in told
    assert "b.md: c.md has the id 'z', too; change one of them" in told
    assert small.addresses() == before
    write(small, "c.md", "w", "# c\n\nThe quetzal of c.\n")
    changes = small.reindex()
    assert not reasons(changes)
    assert {one.document for one in changes if isinstance(one, Indexed)} == {"y", "z", "w"}
    assert {one for one in changes if isinstance(one, Renamed)} == {
        Renamed("w", "z"), Renamed("z", "y"), Renamed("y", "x"),
    }  # fmt: skip
    assert set(small.addresses().values()) == set(before.values())


def test_a_file_that_is_edited_keeps_its_id_from_one_that_comes_before_it(small):
    write(small, "b.md", "x", "# B\n\nFirst quetzal.\n")
    small.reindex()
    before = small.addresses()
    write(small, "b.md", "x", "# B\n\nFirst quetzal.\n\nMore.\n")
    write(small, "a.md", "x", "# A\n\nSecond quetzal.\n")
    assert reasons(small.reindex()) == ["a.md: b.md has the id 'x', too; change one of them"]
    assert before.items() <= small.addresses().items()
    assert small.texts("quetzal") == ["First quetzal."]


def test_in_a_rebuild_an_id_whose_file_fails_is_free(bounded):
    small = bounded
    write(small, "a.md", "x", "# A\n\nFirst quetzal.\n")
    small.reindex()
    spoil(small, "a.md")
    write(small, "b.md", "x", "# B\n\nSecond quetzal.\n")
    assert len(reasons(small.reindex(rebuild=True))) == 1
    assert small.texts("quetzal") == ["Second quetzal."]
