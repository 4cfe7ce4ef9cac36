"""Addresses that are ahead of the index: no link that was ever given away leads nowhere after a reindex."""

import random
import shutil

import pytest
from small import Small

from indexer.addresses import compare, load_registry
from indexer.changes import Checked, Failed, Removed, Renamed
from indexer.check import check
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


def test_what_another_clone_does_not_have_lives_on_where_it_is(two, tmp_path):
    small, clone = two
    outside = tmp_path / "outside.txt"
    outside.write_text("Outside\n\nThe lighthouse is dark.\n", encoding="utf-8")
    small.reindex(outside)
    shutil.copy(small.settings.addresses, clone.settings.addresses)
    clone.reindex()
    assert documents(clone)["outside"]
    pull(small, clone)
    told = {one.document: one.comparison for one in check(small.settings, (), small.engine)}
    assert not told["outside"].lost
    before = small.addresses()
    small.reindex()
    assert documents(small) == {"a": False, "k": False, "outside": False}
    assert small.addresses() == before


def test_what_came_from_outside_stays(two, tmp_path):
    small, _ = two
    outside = tmp_path / "outside.txt"
    outside.write_text("Outside\n\nThe lighthouse is dark.\n", encoding="utf-8")
    small.reindex(outside)
    small.settings.noted_addresses.unlink()
    small.reindex()
    assert documents(small) == {"a": False, "k": False, "outside": False}
    assert small.texts("lighthouse")


# --- over any edits, in any state ------------------------------------------------------------------------

NOUNS = (
    "river",
    "mountain",
    "harbour",
    "village",
    "bridge",
    "market",
    "window",
    "garden",
    "letter",
    "border",
)


def some_text(dice, paragraphs=4):
    lines = [" ".join(dice.choices(NOUNS, k=10)) + "." for _ in range(paragraphs)]
    return "\n\n".join([f"Title {dice.randrange(1000)}", *lines]) + "\n"


def edit(dice, small):
    """What somebody does to the files between two reindexes."""
    folder = small.settings.documents
    files = sorted(folder.iterdir())
    one, other = dice.choice(files), folder / f"{dice.choice('abcdefgh')}.md"
    match dice.choice(["write", "change", "rename", "rename", "delete", "swap", "copy", "declare", "spoil"]):
        case "write":
            other.write_text(some_text(dice), encoding="utf-8")
        case "change":
            one.write_text(one.read_text(encoding="utf-8") + f"\n{some_text(dice, 1)}", encoding="utf-8")
        case "rename":
            one.replace(other)
        case "delete" if len(files) > 2:
            one.unlink()
        case "swap":
            two = dice.choice(files)
            texts = one.read_bytes(), two.read_bytes()
            two.write_bytes(texts[0])
            one.write_bytes(texts[1])
        case "copy":
            other.write_bytes(one.read_bytes())
        case "declare":
            text = one.read_text(encoding="utf-8").rpartition("---\n\n")[2]
            one.write_text(f"---\nid: {dice.choice('abcxyz')}\n---\n\n{text}", encoding="utf-8")
        case "spoil":
            one.write_text("", encoding="utf-8")


def disturb(dice, small, clone):
    """What happens to the index, or to the addresses, meanwhile."""
    match dice.choice(["nothing", "nothing", "no index", "pull", "pull"]):
        case "no index":
            shutil.rmtree(small.settings.index)
        case "pull":
            for _ in range(2):
                edit(dice, clone)
            clone.reindex()
            edit(dice, clone)
            pull(small, clone)


@pytest.mark.parametrize("seed", range(12))
def test_over_any_edits_in_any_state_no_link_is_lost_and_checking_tells_what_is_done(tmp_path, seed):
    dice = random.Random(seed)
    small = Small(tmp_path / "data")
    for name in "abc":
        write(small, f"{name}.md", some_text(dice))
    small.reindex()
    clone = tmp_path / "clone"
    for _ in range(6):
        shutil.rmtree(clone, ignore_errors=True)
        shutil.copytree(small.settings.data, clone)
        for _ in range(dice.randint(1, 3)):
            edit(dice, small)
        disturb(dice, small, Small(clone))
        before = load_registry(small.settings.addresses).registrations()
        checked = list(check(small.settings, (), small.engine))
        changes = small.reindex()
        after = load_registry(small.settings.addresses).registrations()
        assert {one.document: one.comparison for one in checked if isinstance(one, Checked)} == compare(
            before, after
        )
        failed = {one.path for one in changes if isinstance(one, Failed)}
        assert failed == {one.path for one in checked if isinstance(one, Failed)}
        assert {one.address for one in before} <= {one.address for one in after}
        if not failed:
            living = {one.address for one in after if one.lives}
            assert set(small.addresses().values()) == living
            for one in after:
                assert (leads(small, one.address) is not None) >= (one.address in living)
