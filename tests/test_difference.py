"""Where little has changed only that is looked at, and what comes of it is what comes of looking at all."""

import json
import os
import time
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import Small

from indexer import reindex as room
from indexer.addresses import load_registry
from indexer.changes import Failed, Indexed, Planned, Removed, Renamed, Unchanged
from indexer.errors import AddressesError
from indexer.statcache import Look

A = "First title\n\nThe ceasefire holds.\n\nThe museum is closed.\n"
B = "Second title\n\nThe letter was never sent.\n"
C = "Third title\n\nNobody answered the letter.\n"


@pytest.fixture
def old(small):
    """An archive whose files were written long ago, after a reindex."""
    small.write(a=A, b=B, c=C)
    age(small)
    small.reindex()
    return small


def age(small):
    """Lets all sources be as if they had been written long ago."""
    then = time.time_ns() - 3600 * 10**9
    for path in small.settings.documents.rglob("*.*"):
        os.utime(path, ns=(then, then))


def little(small):
    """A reindex that is certain not to look at everything; what it tells."""
    with mock.patch.object(room, "make_plan", side_effect=AssertionError("all was looked at")):
        return small.reindex()


def what(changes):
    """The changes but for those that are none."""
    return [change for change in changes if not isinstance(change, Planned | Unchanged)]


# --- what is done --------------------------------------------------------------------------------------


def test_one_changed_file_is_read_and_nothing_else(old):
    before = old.addresses()
    old.write(b=B + "\nIt lies here.\n")
    changes = little(old)
    assert changes[0] == Planned(3)
    assert changes[1:3] == [Unchanged("a", "a.txt"), Unchanged("c", "c.txt")]
    assert what(changes) == [Indexed("b", "b.txt", 3, 51)]
    assert before.items() <= old.addresses().items()
    assert old.texts("lies") == ["It lies here."]


def test_a_file_that_was_only_touched_is_told_in_its_place(old):
    (old.settings.documents / "b.txt").touch()
    assert little(old) == [
        Planned(3), Unchanged("a", "a.txt"), Unchanged("b", "b.txt"), Unchanged("c", "c.txt")
    ]  # fmt: skip


def test_a_new_file_and_one_that_is_gone(old):
    old.remove("a")
    old.write(d="Fourth title\n\nA new text.\n")
    assert what(little(old)) == [Indexed("d", "d.txt", 2, 23), Removed("a")]
    assert {document for document, *_ in old.addresses()} == {"b", "c", "d"}


def test_a_renamed_file_keeps_its_addresses(old):
    before = {text: address for (_, _, text), address in old.addresses().items()}
    (old.settings.documents / "a.txt").rename(old.settings.documents / "z.txt")
    changes = little(old)
    assert changes[-2:] == [Renamed("z", "a"), Indexed("z", "z.txt", 3, len(A.replace("\n", "")))]
    assert not [change for change in changes if isinstance(change, Removed)]
    assert {text: address for (_, _, text), address in old.addresses().items()} == before


def test_a_passage_that_went_to_another_file_leaves_an_alias(old):
    moved = "The museum that nobody ever entered again is closed."
    old.write(a=f"{A}\n{moved}\n")
    little(old)
    address = old.addresses()["a", 3, moved]
    old.write(a=A, c=f"{C}\n{moved}\n")
    little(old)
    now = old.addresses()["c", 2, moved]
    lines = load_registry(old.settings.addresses).registrations()
    assert [one.now for one in lines if one.address == address] == [now]


def test_a_touched_file_is_not_read(old):
    os.utime(old.settings.documents / "b.txt")
    changes = little(old)
    assert what(changes) == []
    assert len(changes) == 4
    assert Look(os.fspath(old.settings.data)).unchanged() is not None


def test_the_other_side_of_a_document_brings_in_the_side_that_is_there(old):
    (old.settings.documents / "d.en.txt").write_text(B, encoding="utf-8")
    assert what(little(old)) == [Indexed("d", "d.en.txt", 2, 38)]
    (old.settings.documents / "d.ko.txt").write_text("편지\n\n편지는 보내지 않았다.\n", encoding="utf-8")
    assert Indexed("d", "d.en.txt", 4, 52, unpaired=0) in what(little(old))
    assert Unchanged("d", "d.en.txt + d.ko.txt") in old.reindex()
    (old.settings.documents / "d.ko.txt").unlink()
    assert Indexed("d", "d.en.txt", 2, 38) in what(little(old))
    assert old.texts("편지") == []


def test_a_text_that_claims_the_id_of_one_that_was_not_looked_at_is_told(old):
    (old.settings.documents / "x.md").write_text("---\nid: a\n---\nA text.\n", encoding="utf-8")
    failed = [change for change in little(old) if isinstance(change, Failed)]
    assert ["a.txt has the id 'a', too" in one.reason for one in failed] == [True]
    assert [change.path for change in old.reindex() if isinstance(change, Failed)] == ["x.md"]


def test_a_file_that_cannot_be_read_leaves_what_was_there(old):
    (old.settings.documents / "b.txt").write_bytes(b"")
    assert [change.path for change in little(old) if isinstance(change, Failed)] == ["b.txt"]
    assert old.texts("never") == ["The letter was never sent."]
    assert [change.path for change in old.reindex() if isinstance(change, Failed)] == ["b.txt"]


def test_two_files_for_one_place_in_a_document_are_told(old):
    (old.settings.documents / "b.md").write_text(B, encoding="utf-8")
    failed = [change for change in little(old) if isinstance(change, Failed)]
    assert ["claims the document id 'b'" in one.reason for one in failed] == [True]


# --- what else is noticed ------------------------------------------------------------------------------


def test_a_registry_that_somebody_damaged_is_told(old):
    old.write(b=B + "\nIt lies here.\n")
    path = old.settings.addresses
    path.write_text(path.read_text(encoding="utf-8").replace('"lang"', '"long"', 1), encoding="utf-8")
    with pytest.raises(AddressesError, match="line 1"):
        old.reindex()


@pytest.mark.parametrize("same_time", [False, True])
def test_a_registry_that_somebody_edited_is_obeyed(old, same_time):
    path = old.settings.addresses
    address = old.addresses()["b", 1, "The letter was never sent."]
    status = path.stat()
    other = "z" * 9
    path.write_text(path.read_text(encoding="utf-8").replace(address, other), encoding="utf-8")
    if same_time:
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    old.write(b=B + "\nIt lies here.\n")
    old.reindex()
    assert old.addresses()["b", 1, "The letter was never sent."] == other


def test_a_registry_from_a_backup_gets_back_what_it_lost(old):
    backup = old.settings.addresses.read_bytes()
    old.write(d="Fourth title\n\nA new text.\n")
    little(old)
    before = old.addresses()
    old.settings.addresses.write_bytes(backup)
    old.write(b=B + "\nIt lies here.\n")
    old.reindex()
    assert before.items() <= old.addresses().items()
    assert {one.address for one in load_registry(old.settings.addresses).registrations()} == set(
        old.addresses().values()
    )


def test_what_somebody_else_did_since_the_look_counts(old):
    look = Look(os.fspath(old.settings.data))
    old.write(b=B + "\nIt lies here.\n")
    late = Look(os.fspath(old.settings.data))
    assert look.other == frozenset()
    assert late.other == {"b.txt"}
    old.reindex()
    assert what(old.reindex(look=late)) == []
    assert what(old.reindex()) == []


# --- the same as looking at everything ------------------------------------------------------------------

NAMES = st.sampled_from(["a.txt", "a.en.txt", "b.md", "en/c.txt", "d e.txt", "d-e.html", "f/a.txt"])
TEXTS = st.lists(
    st.sampled_from(["A title", "The ceasefire holds.", "Nobody answered.", "The museum is closed today."]),
    min_size=1,
    max_size=4,
)
EDITS = st.lists(st.tuples(NAMES, TEXTS | st.none()), min_size=1, max_size=3)


def edit(small, edits):
    for name, texts in edits:
        path = small.settings.documents / name
        path.parent.mkdir(exist_ok=True)
        if texts is None:
            path.unlink(missing_ok=True)
        else:
            paragraphs = texts if not name.endswith("html") else [f"<p>{text}</p>" for text in texts]
            path.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")


@settings(max_examples=25)
@given(rounds=st.lists(EDITS, min_size=2, max_size=4))
def test_step_by_step_gives_what_a_look_at_everything_gives(tmp_path_factory, rounds):
    small, other = (Small(tmp_path_factory.mktemp("archive") / "data") for _ in range(2))
    for edits in rounds:
        edit(small, edits)
        edit(other, edits)
        told = small.reindex()
        (other.settings.index / "stat-cache").unlink(missing_ok=True)
        (other.settings.index / "addresses.sha256").unlink(missing_ok=True)
        closely = other.reindex()
        assert words(told, small) == words(closely, other)
        assert small.addresses().keys() == other.addresses().keys()
        lines = load_registry(small.settings.addresses).registrations()
        theirs = load_registry(other.settings.addresses).registrations()
        assert [kind(one) for one in lines] == [kind(one) for one in theirs]
        written = small.settings.addresses.read_text(encoding="utf-8")
        assert written.splitlines() == list(map(as_line, lines))
        assert {one.address for one in lines if one.lives} == set(small.addresses().values())


def words(changes, small):
    return sorted(repr(change).replace(str(small.settings.data), "") for change in changes)


def kind(line):
    return line.document, line.text, line.gone, bool(line.now), bool(line.origin), line.was


def as_line(one):
    row = {"address": one.address, "document": one.document, "lang": one.lang, "text": one.text}
    more = {"gone": one.gone, "now": one.now, "from": one.origin, "was": one.was}
    row |= {name: value for name, value in more.items() if value}
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
