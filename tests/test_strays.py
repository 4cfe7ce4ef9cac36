"""Addresses that are ahead of the index: no link that was ever given away leads nowhere after a reindex."""

import shutil

import pytest
from small import Small

from indexer.addresses import load_registry
from indexer.changes import Removed, Renamed
from indexer.engine.whoosh.writer import WhooshWriter
from indexer.errors import UnknownAddressError

LETTER = "A letter\n\nThe ferry leaves the harbour at noon.\n\nNobody waits.\n"
OTHER = "Another\n\nThe orchard behind the temple is in bloom.\n"


def write(small, name, text):
    (small.settings.documents / name).write_text(text, encoding="utf-8")


def rename(small, name, to):
    (small.settings.documents / name).rename(small.settings.documents / to)


def pull(small, other):
    """Brings documents and addresses of another clone, and leaves the index as it is."""
    shutil.rmtree(small.settings.documents)
    shutil.copytree(other.settings.documents, small.settings.documents)
    shutil.copy(other.settings.addresses, small.settings.addresses)


def documents(small):
    """By each document of the registry, whether its passages are gone."""
    return {one.document: one.gone for one in load_registry(small.settings.addresses).registrations()}


def leads(small, address):
    """The document in which an address is now; `None` where it is said to be gone.

    Raises:
        UnknownAddressError: nothing is known of it.
    """
    try:
        return small.archive.passage(address).document
    except UnknownAddressError:
        grave = small.archive.tombstone(address)
        if grave is None:
            raise
        return None


@pytest.fixture
def two(tmp_path, small):
    """Two clones that have been indexed: each with a letter and another document."""
    write(small, "a.txt", LETTER)
    write(small, "k.txt", OTHER)
    small.reindex()
    shutil.copytree(small.settings.data, tmp_path / "clone")
    return small, Small(tmp_path / "clone")


def letters(small):
    return {address for (document, _, _), address in small.addresses().items() if document == "a"}


def test_a_document_that_was_renamed_in_another_clone_and_again_is_followed(two):
    small, clone = two
    links = letters(small)
    rename(clone, "a.txt", "b.txt")
    clone.reindex()
    rename(clone, "b.txt", "c.txt")
    pull(small, clone)
    changes = small.reindex()
    assert [one for one in changes if isinstance(one, Removed | Renamed)] == [Renamed("c", "b")]
    assert {leads(small, link) for link in links} == {"c"}
    assert documents(small) == {"c": False, "k": False}


def test_a_document_that_was_deleted_after_another_clone_renamed_it_is_gone(two):
    small, clone = two
    links = letters(small)
    rename(clone, "a.txt", "b.txt")
    clone.reindex()
    (clone.settings.documents / "b.txt").unlink()
    pull(small, clone)
    small.reindex()
    assert {leads(small, link) for link in links} == {None}
    small.reindex()
    assert documents(small) == {"b": True, "k": False}


def test_what_only_the_addresses_know_is_gone_even_where_no_file_has_changed(two):
    small, clone = two
    write(clone, "new.txt", "New\n\nThe tunnel below the castle is closed.\n")
    clone.reindex()
    shutil.copy(clone.settings.addresses, small.settings.addresses)
    small.reindex()
    assert documents(small) == {"a": False, "k": False, "new": True}
    pull(small, clone)
    small.reindex()
    assert documents(small) == {"a": False, "k": False, "new": False}


def test_what_was_renamed_again_after_a_reindex_was_killed_is_followed(small, monkeypatch):
    write(small, "a.txt", LETTER)
    small.reindex()
    links = letters(small)
    rename(small, "a.txt", "b.txt")
    with monkeypatch.context() as killed:
        killed.setattr(WhooshWriter, "commit", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            small.reindex()
    rename(small, "b.txt", "c.txt")
    small.reindex()
    assert {leads(small, link) for link in links} == {"c"}


@pytest.mark.parametrize("damaged", [False, True])
def test_without_an_index_a_renamed_file_is_followed(small, damaged):
    write(small, "a.txt", LETTER)
    write(small, "k.txt", OTHER)
    small.reindex()
    links = letters(small)
    if damaged:
        (small.settings.index / "CURRENT").write_text("x", encoding="utf-8")
    else:
        shutil.rmtree(small.settings.index)
    rename(small, "a.txt", "b.txt")
    assert Renamed("b", "a") in small.reindex(rebuild=damaged)
    assert {leads(small, link) for link in links} == {"b"}


@pytest.mark.parametrize("identity", ["", "---\nid: z\n---\n\n"])
def test_without_an_index_a_copy_is_not_taken_for_what_is_still_to_be_read(small, identity):
    write(small, "x.md", identity + LETTER)
    small.reindex()
    before = small.addresses()
    shutil.rmtree(small.settings.index)
    write(small, "copy.md", LETTER)
    assert not [one for one in small.reindex() if isinstance(one, Renamed)]
    assert before.items() <= small.addresses().items()


def test_without_an_index_what_cannot_be_read_keeps_its_addresses(small):
    write(small, "a.txt", LETTER)
    write(small, "k.md", f"---\nid: kept\n---\n\n{OTHER}")
    small.reindex()
    before = small.addresses()
    shutil.rmtree(small.settings.index)
    for name in ("a.txt", "k.md"):
        write(small, name, "")
        small.reindex()
    assert documents(small) == {"a": False, "kept": False}, "nobody can tell which of them could not be read"
    write(small, "a.txt", LETTER)
    write(small, "k.md", f"---\nid: kept\n---\n\n{OTHER}")
    small.reindex()
    assert small.addresses() == before


def test_without_an_index_what_is_gone_is_retired_as_soon_as_all_can_be_read(small):
    write(small, "a.txt", LETTER)
    write(small, "k.txt", OTHER)
    small.reindex()
    shutil.rmtree(small.settings.index)
    (small.settings.documents / "k.txt").unlink()
    write(small, "bad.pdf", "x")
    small.reindex()
    (small.settings.documents / "bad.pdf").unlink()
    small.reindex()
    assert documents(small) == {"a": False, "k": True}


def test_a_part_of_the_archive_says_nothing_of_the_rest(two):
    small, clone = two
    write(clone, "new.txt", "New\n\nThe tunnel below the castle is closed.\n")
    clone.reindex()
    before = clone.addresses()
    pull(small, clone)
    write(small, "k.txt", OTHER + "\nIt is spring.\n")
    small.reindex(small.settings.documents / "k.txt")
    assert documents(small) == {"a": False, "k": False, "new": False}
    (small.settings.documents / "new.txt").unlink()
    small.reindex()
    assert documents(small) == {"a": False, "k": False, "new": True}
    assert before.keys() >= {key for key in small.addresses() if key[0] == "a"}


def test_what_came_from_outside_stays(two, tmp_path):
    small, _ = two
    outside = tmp_path / "outside.txt"
    outside.write_text("Outside\n\nThe lighthouse is dark.\n", encoding="utf-8")
    small.reindex(outside)
    small.settings.noted_addresses.unlink()
    small.reindex()
    assert documents(small) == {"a": False, "k": False, "outside": False}
    assert small.texts("lighthouse")
