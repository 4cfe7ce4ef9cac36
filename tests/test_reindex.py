import errno
import gc
import json
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import Small

from indexer import ingest
from indexer.addresses import compare, load_registry
from indexer.changes import Checked, Failed, Indexed, Planned, Removed, Renamed, Undated
from indexer.check import check
from indexer.engine.whoosh import WhooshEngine
from indexer.engine.whoosh import writer as writer_room
from indexer.engine.whoosh.writer import WhooshWriter
from indexer.errors import (
    AddressesError,
    IndexLockedError,
    IndexOutdatedError,
    IndexWriteError,
    SettingsError,
)
from indexer.locked import locked
from indexer.model.dates import Date
from indexer.reindex import reindex
from indexer.settings import Settings, load_settings

A = "First title\n\nThe ceasefire holds.\n\nNobody knows why.\n"
B = "Second title\n\nThe museum is closed.\n"
C = "Third title\n\nAnother museum is open.\n"


def kinds(changes):
    return [type(change).__name__ for change in changes]


def touch(small, name):
    """The same content with another time."""
    path = small.settings.documents / f"{name}.txt"
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 10**9))


def with_id(identity, text):
    return f"---\nid: {identity}\n---\n\n{text}"


# --- what is done and what is not ----------------------------------------------------------------------


def test_everything_is_indexed_the_first_time(small):
    small.write(a=A, b=B)
    planned, first, second = small.reindex()
    assert planned == Planned(2)
    assert (first.document, first.path, first.passages) == ("a", "a.txt", 3)
    assert first.characters == len("First title") + len("The ceasefire holds.") + len("Nobody knows why.")
    assert isinstance(second, Indexed)
    assert small.texts("museum") == ["The museum is closed."]


def test_unchanged_files_are_skipped_without_being_opened_or_analysed(small, monkeypatch):
    small.write(a=A, b=B)
    for name in ("a", "b"):  # of one that has just been written the time does not tell enough
        os.utime(small.settings.documents / f"{name}.txt", ns=(10**18, 10**18))
    small.reindex()
    opened = Path.open

    def open_(path, *args, **more):
        assert not path.is_relative_to(small.settings.documents), "an unchanged file was opened"
        return opened(path, *args, **more)

    monkeypatch.setattr(Path, "open", open_)
    for name in ("read_all", "analyze_all"):
        monkeypatch.setattr(ingest, name, lambda *_: pytest.fail("an unchanged file was analysed"))
    assert kinds(small.reindex()) == ["Planned", "Unchanged", "Unchanged"]


def test_a_file_with_another_time_and_the_same_content_is_unchanged(small, monkeypatch):
    small.write(a=A)
    small.reindex()
    touch(small, "a")
    monkeypatch.setattr(ingest, "read_all", lambda *_: pytest.fail("an unchanged file was read"))
    assert kinds(small.reindex()) == ["Planned", "Unchanged"]


def test_a_changed_file_of_the_same_size_is_read_again(small):
    small.write(a=A)
    small.reindex()
    small.write(a=A.replace("holds", "broke"))
    touch(small, "a")
    assert kinds(small.reindex()) == ["Planned", "Indexed"]
    assert small.texts("ceasefire") == ["The ceasefire broke."]


def test_only_what_has_changed_is_indexed_again(small):
    small.write(a=A, b=B)
    small.reindex()
    small.write(b=B + "\nIt has a roof.\n")
    assert kinds(small.reindex()) == ["Planned", "Unchanged", "Indexed"]
    assert small.texts("roof") == ["It has a roof."]
    assert small.texts("museum") == ["The museum is closed."]


def test_a_vanished_file_is_removed(small):
    small.write(a=A, b=B)
    small.reindex()
    small.remove("a")
    changes = small.reindex()
    assert Removed("a") in changes
    assert small.texts("ceasefire") == []
    assert [info.id for info in small.archive.documents()] == ["b"]
    assert small.archive.stats().passages["en"] == 2


def test_a_folder_that_is_named_by_way_of_another_one_is_the_same(small, tmp_path, monkeypatch):
    (tmp_path / "aside").mkdir()
    monkeypatch.chdir(tmp_path / "aside")
    named = load_settings(Path("..") / small.settings.data.relative_to(tmp_path))
    small.write(a=A)
    assert [one.path for one in reindex(named, small.engine) if isinstance(one, Indexed)] == ["a.txt"]
    (small.settings.documents / "a.txt").rename(small.settings.documents / "b.txt")
    assert Renamed("b", "a") in list(reindex(named, small.engine))
    assert kinds(small.reindex()) == ["Planned", "Unchanged"]
    assert [info.id for info in small.archive.documents()] == ["b"]


def test_the_last_file_may_vanish(small):
    small.write(a=A)
    small.reindex()
    small.remove("a")
    assert kinds(small.reindex()) == ["Planned", "Removed"]
    assert small.archive.documents() == ()
    small.write(a=A)
    assert kinds(small.reindex()) == ["Planned", "Indexed"]


@pytest.mark.parametrize("left", [(), (".gitkeep", "photo.jpg", "old/")])
def test_a_folder_that_had_documents_and_has_none_is_emptied_only_on_demand(small, left):
    small.write(a=A, b=B)
    small.reindex()
    addresses = small.addresses()
    small.remove("a")
    small.remove("b")
    for name in left:
        path = small.settings.documents / name
        path.mkdir() if name.endswith("/") else path.touch()
    told = (
        "has nothing to read, and the archive has 2 documents; mount the disk .* hanyeong reindex --rebuild"
    )
    for _ in range(2):
        with pytest.raises(SettingsError, match=told):
            small.reindex()
    assert small.texts("ceasefire")
    assert small.addresses() == addresses
    small.reindex(rebuild=True)
    assert small.archive.documents() == ()


def test_without_an_index_a_folder_that_has_no_documents_loses_no_addresses(small):
    small.write(a=A, b=B)
    small.reindex()
    shutil.rmtree(small.settings.index)
    small.remove("a")
    small.remove("b")
    kept = small.settings.addresses.read_bytes()
    for _ in range(2):
        with pytest.raises(SettingsError, match="the archive has 2 documents; mount the disk"):
            small.reindex()
    assert small.settings.addresses.read_bytes() == kept
    small.reindex(rebuild=True)
    assert not any(one.lives for one in load_registry(small.settings.addresses).registrations())


def test_a_folder_of_which_all_is_replaced_is_followed(small):
    small.write(a=A, b=B)
    small.reindex()
    small.remove("a")
    small.remove("b")
    small.write(c="Title\n\nAll is new.\n")
    small.reindex()
    assert [info.id for info in small.archive.documents()] == ["c"]


def test_an_empty_folder_gives_an_empty_index(small):
    assert small.reindex() == [Planned(0)]
    assert small.archive.documents() == ()
    assert small.reindex() == [Planned(0)]


def test_nothing_is_written_where_nothing_has_changed(small):
    small.write(a=A)
    small.reindex()
    before = {path: path.stat().st_mtime_ns for path in small.settings.data.rglob("*") if path.is_file()}
    generation = small.archive.stats().generation
    small.reindex()
    after = {path: path.stat().st_mtime_ns for path in small.settings.data.rglob("*") if path.is_file()}
    assert {p.name: t for p, t in after.items() if "lock" not in p.name.lower()} == {
        p.name: t for p, t in before.items() if "lock" not in p.name.lower()
    }
    assert small.archive.stats().generation == generation


def test_reindexing_twice_changes_no_address_and_no_hit(small):
    small.write(a=A, b=B, c="셋째 글\n\n정전 협상을 도왔다.\n\n같은 말\n\n같은 말\n")
    small.reindex()
    queries = ("museum", "정전협상", "말", "lang:ko")
    before = small.addresses(), [small.texts(query) for query in queries]
    small.reindex()
    assert (small.addresses(), [small.texts(query) for query in queries]) == before
    small.reindex(rebuild=True)
    assert (small.addresses(), [small.texts(query) for query in queries]) == before


def test_an_index_that_was_lost_is_rebuilt_with_the_same_addresses(small):
    small.write(a=A, b=B)
    small.reindex()
    before = small.addresses()
    shutil.rmtree(small.settings.index)
    small.reindex()
    assert small.addresses() == before


WORDS = st.lists(
    st.sampled_from(["The war ends.", "The talks begin.", "Nobody knows.", "A museum opens."]), max_size=4
)


def unique(addresses):
    """The addresses of texts that stand once in their document."""
    places = [(document, text) for document, _, text in addresses]
    return {(d, text): address for (d, _, text), address in addresses.items() if places.count((d, text)) == 1}


@settings(max_examples=12)
@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "c"]), WORDS), min_size=1, max_size=4))
def test_over_any_edits_the_index_is_that_of_a_fresh_one_and_addresses_stay(tmp_path_factory, versions):
    grown = Small(tmp_path_factory.mktemp("grown") / "data")
    before = {}
    for files in versions:
        several = len(list(grown.settings.documents.iterdir())) > 1
        for path in grown.settings.documents.iterdir():
            path.unlink()
        grown.write(**{name: "\n\n".join([f"Title {name}", *lines]) + "\n" for name, lines in files.items()})
        grown.reindex(rebuild=several and not files)  # as that is taken for a disk that is not there
        after = unique(grown.addresses())
        assert {key: after[key] for key in before.keys() & after} == {
            key: before[key] for key in before.keys() & after
        }
        before = after
    fresh = Small(tmp_path_factory.mktemp("fresh") / "data")
    for path in grown.settings.documents.iterdir():
        (fresh.settings.documents / path.name).write_bytes(path.read_bytes())
    fresh.reindex()
    assert grown.addresses().keys() == fresh.addresses().keys()
    assert dict(grown.archive.stats().passages) == dict(fresh.archive.stats().passages)
    for query in ("war", "talks OR museum", "lang:en", "title:title"):
        assert sorted(grown.texts(query)) == sorted(fresh.texts(query))
        one, other = (
            [round(h.score, 6) for h in a.archive.passages(query, limit=99).hits] for a in (grown, fresh)
        )
        assert one == other


# --- pairs of files, ids ------------------------------------------------------------------------------


def test_the_other_language_may_come_later_and_go_again(small):
    documents = small.settings.documents
    (documents / "x.en.txt").write_text(A, encoding="utf-8")
    small.reindex()
    english = small.addresses()
    (documents / "x.ko.txt").write_text("첫 글\n\n정전이 이어진다.\n", encoding="utf-8")
    assert kinds(small.reindex()) == ["Planned", "Indexed"]
    (info,) = small.archive.documents()
    assert (info.id, info.titles.en, info.titles.ko) == ("x", "First title", "첫 글")
    assert small.texts("정전") == ["정전이 이어진다."]
    assert {text: a for (_, _, text), a in english.items()}.items() <= {
        t: a for (_, _, t), a in small.addresses().items()
    }.items()
    (documents / "x.ko.txt").unlink()
    assert kinds(small.reindex()) == ["Planned", "Indexed"]
    assert small.texts("정전") == []
    assert small.addresses() == english


def test_two_files_with_one_id_are_not_mixed_and_the_second_is_reported(small):
    documents = small.settings.documents
    (documents / "a.md").write_text(with_id("same", "# A\n\nFirst quetzal.\n"), encoding="utf-8")
    (documents / "b.md").write_text(with_id("same", "# B\n\nSecond quetzal.\n"), encoding="utf-8")
    for _ in range(2):
        changes = small.reindex()
        (failed,) = [change for change in changes if isinstance(change, Failed)]
        assert failed.path == "b.md"
        assert "'same'" in failed.reason
        assert small.texts("quetzal") == ["First quetzal."]


def test_two_files_may_swap_their_ids(small):
    documents = small.settings.documents
    texts = {"a": "# A\n\nFirst quetzal.\n", "b": "# B\n\nSecond quetzal.\n"}
    for name, identity in (("a", "x"), ("b", "y")):
        (documents / f"{name}.md").write_text(with_id(identity, texts[name]), encoding="utf-8")
    small.reindex()
    for name, identity in (("a", "y"), ("b", "x")):
        (documents / f"{name}.md").write_text(with_id(identity, texts[name]), encoding="utf-8")
    small.reindex()
    assert {(key[0], key[2]) for key in small.addresses()} == {
        ("y", "A"), ("y", "First quetzal."), ("x", "B"), ("x", "Second quetzal."),
    }  # fmt: skip
    rows = [json.loads(line) for line in small.settings.addresses.read_text(encoding="utf-8").splitlines()]
    living = {row["address"] for row in rows if not row.get("gone")}
    assert living == set(small.addresses().values())


def test_a_file_that_takes_over_an_id_replaces_the_document_and_keeps_its_addresses(small):
    documents = small.settings.documents
    (documents / "a.md").write_text(with_id("x", "# A\n\nA quetzal.\n"), encoding="utf-8")
    small.reindex()
    before = small.addresses()
    (documents / "a.md").rename(documents / "moved.md")
    assert kinds(small.reindex()) == ["Planned", "Indexed"], "it is there as before"
    assert small.addresses() == before
    assert len(small.texts("quetzal")) == 1


def test_a_file_whose_id_changes_leaves_no_old_document(small):
    path = small.settings.documents / "a.md"
    path.write_text(with_id("x", "# A\n\nA quetzal.\n"), encoding="utf-8")
    small.reindex()
    path.write_text(with_id("y", "# A\n\nA quetzal.\n"), encoding="utf-8")
    small.reindex()
    assert [info.id for info in small.archive.documents()] == ["y"]
    assert len(small.texts("quetzal")) == 1


def test_a_file_that_is_given_an_id_keeps_its_addresses(small):
    path = small.settings.documents / "a.md"
    path.write_text("# A\n\nA quetzal.\n", encoding="utf-8")
    small.reindex()
    before = set(small.addresses().values())
    for identity, was in (("x", "a"), ("a", "x")):
        path.write_text(with_id(identity, "# A\n\nA quetzal.\n"), encoding="utf-8")
        assert not any(told.comparison.lost or told.comparison.new for told in check(small.settings))
        assert Renamed(identity, was) in small.reindex()
        assert set(small.addresses().values()) == before


def test_a_file_that_is_given_an_id_and_another_text_is_another_document(small):
    path = small.settings.documents / "a.md"
    path.write_text("# A\n\nA quetzal.\n", encoding="utf-8")
    small.reindex()
    path.write_text(with_id("x", "# Rivers\n\nNobody dams them here.\n"), encoding="utf-8")
    changes = small.reindex()
    assert kinds(changes) == ["Planned", "Indexed", "Removed"]
    assert changes[-1] == Removed("a")


def test_files_may_pass_on_their_ids_and_keep_their_addresses(small):
    documents = small.settings.documents
    texts = {"a": "# A\n\nFirst quetzal.\n", "b": "# B\n\nSecond quetzal.\n"}
    addresses = []
    for ids in ("xy", "zx"):
        for name, identity in zip(texts, ids, strict=True):
            (documents / f"{name}.md").write_text(with_id(identity, texts[name]), encoding="utf-8")
        small.reindex()
        addresses.append({key[2]: address for key, address in small.addresses().items()})
    before, after = addresses
    assert after == before


def test_an_id_that_another_file_has_taken_over_is_not_followed(small):
    documents = small.settings.documents
    alike = "A quetzal sings.\n\nNobody listens to it.\n\nThe forest is far away.\n"
    texts = {"a": f"# A\n\n{alike}", "b": f"# B\n\n{alike}"}
    for ids in ("yx", "xz"):
        for name, identity in zip(texts, ids, strict=True):
            (documents / f"{name}.md").write_text(with_id(identity, texts[name]), encoding="utf-8")
        small.reindex()
    rows = [json.loads(line) for line in small.settings.addresses.read_text(encoding="utf-8").splitlines()]
    living = [row["address"] for row in rows if not (row.get("gone") or row.get("now"))]
    assert sorted(living) == sorted(small.addresses().values())
    assert {key[0] for key in small.addresses()} == {"x", "z"}


# --- sources ------------------------------------------------------------------------------------------


def test_a_part_of_the_archive_may_be_reindexed_and_the_rest_stays(small):
    (small.settings.documents / "sub").mkdir()
    small.write(**{"a": A, "sub/b": B})
    small.reindex()
    small.write(**{"a": A + "\nMore.\n", "sub/b": B + "\nMore too.\n"})
    small.reindex(small.settings.documents / "sub")
    assert small.texts("more") == ["More too."]
    assert len(small.archive.documents()) == 2


def test_removal_is_noticed_only_in_the_part_that_was_asked_for(small):
    (small.settings.documents / "sub").mkdir()
    small.write(**{"a": A, "sub/b": B, "sub/c": C})
    small.reindex()
    small.remove("a")
    small.remove("sub/c")
    assert [c for c in small.reindex(small.settings.documents / "sub") if isinstance(c, Removed)] == [
        Removed("sub/c")
    ]
    assert {info.id for info in small.archive.documents()} == {"a", "sub/b"}


def test_a_source_outside_the_archive_is_indexed_and_stays(small, tmp_path):
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "letter.txt").write_text(C, encoding="utf-8")
    small.write(a=A)
    small.reindex()
    small.reindex(other)
    assert len(small.archive.documents()) == 2
    small.reindex()
    assert small.texts("another museum") == ["Another museum is open."]
    (other / "letter.txt").unlink()
    small.reindex(other)
    assert len(small.archive.documents()) == 1


def test_checking_tells_of_two_documents_with_one_id_what_reindexing_tells(small):
    documents = small.settings.documents
    for name, text in (("a", "First quetzal."), ("b", "Second quetzal.")):
        (documents / f"{name}.md").write_text(with_id("x", f"# {name}\n\n{text}\n"), encoding="utf-8")
    told = [change for change in small.reindex() if isinstance(change, Failed)]
    assert [one.reason for one in told] == ["b.md: a.md has the id 'x', too; change one of them"]
    checked = list(check(small.settings))
    assert [one for one in checked if isinstance(one, Failed)] == told
    (comparison,) = [one.comparison for one in checked if isinstance(one, Checked)]
    assert (comparison.lost, comparison.new, comparison.changed) == ((), (), ())


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
def test_the_files_of_one_id_are_told_in_one_line_whatever_their_names(small):
    for name in ("a\nremoved: all.md", "b\r.md"):
        (small.settings.documents / name).write_text(with_id("x", f"Of {name[0]}.\n"), encoding="utf-8")
    (told,) = [change for change in small.reindex() if isinstance(change, Failed)]
    assert told.path == "b\r.md"
    assert told.reason.startswith(r"b\r.md: a\nremoved: all.md has the id 'x', too")


def test_checking_loses_nothing_that_came_from_outside(small, tmp_path):
    (tmp_path / "letter.txt").write_text(C, encoding="utf-8")
    small.write(a=A)
    small.reindex()
    small.reindex(tmp_path / "letter.txt")
    found = {
        one.document: one.comparison for one in check(small.settings, (), WhooshEngine(small.settings.index))
    }
    assert not any(comparison.lost for comparison in found.values())
    assert found["letter"].kept


def test_addresses_that_are_gone_are_written_anew_from_the_index_and_that_is_told(small):
    small.write(a=A, b=B)
    small.reindex()
    living = small.addresses()
    small.settings.addresses.unlink()
    failed = [one for one in small.reindex() if isinstance(one, Failed)]
    assert [one.path for one in failed] == ["addresses.jsonl"]
    assert "put a copy of the file back" in failed[0].reason
    assert small.addresses() == living
    assert not [one for one in small.reindex() if isinstance(one, Failed)]


def test_a_folder_without_documents_is_left_as_it_is(small):
    shutil.rmtree(small.settings.documents)
    with pytest.raises(SettingsError, match="put your texts there"):
        small.reindex()
    assert not small.settings.index.exists()


@pytest.mark.parametrize("inside_first", [True, False])
def test_documents_inside_and_outside_with_one_id_do_not_replace_each_other_in_silence(
    small, tmp_path, inside_first
):
    other = tmp_path / "letter.txt"
    other.write_text(C, encoding="utf-8")
    if inside_first:
        small.write(letter=A)
        small.reindex()
        changes = small.reindex(other)
    else:
        small.reindex(other)
        small.write(letter=A)
        changes = small.reindex()
    (failed,) = [change for change in changes if isinstance(change, Failed)]
    assert "letter.txt has the id 'letter', too; change one of them" in failed.reason
    assert small.texts("another museum") == ([] if inside_first else ["Another museum is open."])
    assert len(small.archive.documents()) == 1


def test_a_rebuild_of_the_whole_keeps_what_came_from_outside_or_says_that_it_does_not(small, tmp_path):
    """`run: hanyeong reindex --rebuild` is what an outdated index tells people to do."""
    other = tmp_path / "letter.txt"
    other.write_text(C, encoding="utf-8")
    small.write(a=A)
    small.reindex()
    small.reindex(other)
    changes = small.reindex(rebuild=True)
    assert len(small.archive.documents()) == 2 or [c for c in changes if isinstance(c, Removed)]


def test_a_rebuild_of_what_came_from_outside_needs_no_folder_of_documents(small, tmp_path):
    other = tmp_path / "letter.txt"
    other.write_text(C, encoding="utf-8")
    small.settings.documents.rmdir()
    small.reindex(other)
    small.reindex(rebuild=True)
    assert small.texts("another museum")


def test_a_rebuild_of_a_part_does_not_lose_the_rest_in_silence(small):
    (small.settings.documents / "sub").mkdir()
    small.write(**{"a": A, "sub/b": B})
    small.reindex()
    try:
        changes = small.reindex(small.settings.documents / "sub", rebuild=True)
    except SettingsError:
        changes = []
    assert small.texts("ceasefire") or [c for c in changes if isinstance(c, Removed)]


@pytest.mark.parametrize("name", ["nowhere", "nowhere.txt"])
def test_a_source_that_is_not_there_is_one_line(small, tmp_path, name):
    small.write(a=A)
    with pytest.raises(SettingsError, match="no such file or folder"):
        small.reindex(tmp_path / name)


def test_an_archive_without_documents_is_one_line(tmp_path):
    data = Settings(tmp_path / "data")
    with pytest.raises(SettingsError, match="put your texts there"):
        list(reindex(data, WhooshEngine(data.index)))


# --- failures -----------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_is_reported_and_the_rest_is_indexed(small):
    small.write(a=A, b="")
    (small.settings.documents / "c.docx").write_bytes(b"no zip")
    changes = small.reindex()
    failed = {change.path: change.reason for change in changes if isinstance(change, Failed)}
    assert failed.keys() == {"b.txt", "c.docx"}
    assert all("\n" not in reason and path in reason for path, reason in failed.items())
    assert small.texts("ceasefire") == ["The ceasefire holds."]


def test_a_failed_file_is_tried_again_and_named_every_time(small):
    small.write(a=A, b="")
    small.reindex()
    assert [change.path for change in small.reindex() if isinstance(change, Failed)] == ["b.txt"]
    small.write(b=B)
    assert kinds(small.reindex()) == ["Planned", "Unchanged", "Indexed"]


def test_what_the_index_had_of_a_file_that_fails_now_stays(small):
    small.write(a=A, b=B)
    small.reindex()
    before = small.addresses()
    small.write(b="")
    assert "Failed" in kinds(small.reindex())
    assert small.addresses() == before
    assert small.texts("museum") == ["The museum is closed."]


def test_an_archive_where_every_file_fails_has_an_index(small):
    small.write(a="")
    assert kinds(small.reindex()) == ["Planned", "Failed"]
    assert small.archive.documents() == ()


def test_a_full_disk_changes_nothing(small, monkeypatch):
    small.write(a=A)
    small.reindex()
    before = small.addresses(), small.settings.addresses.read_bytes()
    small.write(b=B)

    def fail(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("indexer.engine.whoosh.store.SyncedStorage.rename_file", fail)
    with pytest.raises(IndexWriteError, match="No space left on device"):
        small.reindex()
    monkeypatch.undo()
    assert small.addresses() == before[0]
    small.reindex()
    assert {k: v for k, v in small.addresses().items() if k[0] == "a"} == before[0]


def test_addresses_that_cannot_be_written_leave_the_old_index(small, monkeypatch):
    small.write(a=A)
    small.reindex()
    before = small.addresses()
    small.write(b=B)
    monkeypatch.setattr(
        Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(30, "Read-only file system"))
    )
    with pytest.raises(AddressesError, match="Read-only file system"):
        small.reindex()
    monkeypatch.undo()
    assert small.addresses() == before


def test_damaged_addresses_stop_everything(small):
    small.write(a=A)
    small.reindex()
    small.settings.addresses.write_text("{\n", encoding="utf-8")
    small.write(b=B)
    for options in ({}, {"rebuild": True}):
        with pytest.raises(AddressesError, match="line 1"):
            small.reindex(**options)
    assert small.settings.addresses.read_text(encoding="utf-8") == "{\n"
    assert [info.id for info in small.archive.documents()] == ["a"]


def test_an_iterator_that_is_given_up_changes_nothing_and_frees_the_lock(small):
    small.write(a=A, b=B)
    small.reindex()
    before = small.addresses()
    small.write(a=A + "\nMore.\n", b=B + "\nMore.\n")
    changes = reindex(small.settings, small.engine)
    while not isinstance(next(changes), Indexed):
        pass
    changes.close()
    assert small.addresses() == before
    assert small.texts("more") == []
    small.reindex()
    assert len(small.texts("more")) == 2


# --- locks and versions --------------------------------------------------------------------------------


def test_a_second_writer_gets_one_clear_line(small):
    small.write(a=A)
    first = reindex(small.settings, small.engine)
    next(first)
    with pytest.raises(
        IndexLockedError, match=r"another reindex is running since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
    ) as raised:
        list(reindex(small.settings, WhooshEngine(small.settings.index)))
    assert "\n" not in str(raised.value)
    assert str(os.getpid()) in str(raised.value)
    assert [type(change) for change in first] == [Indexed]
    assert kinds(small.reindex()) == ["Planned", "Unchanged"]


def test_a_second_process_gets_the_same_line(small):
    small.write(a=A)
    first = reindex(small.settings, small.engine)
    next(first)
    code = "from indexer.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--data", small.settings.data, "reindex"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert re.fullmatch(r"hanyeong: another reindex is running since [^\n]+\n", done.stderr)
    first.close()


def test_a_lock_whose_note_is_missing_still_gives_one_line(small):
    small.write(a=A)
    small.settings.index.mkdir()
    with (
        locked(small.settings.index / "reindex.lock"),
        pytest.raises(IndexLockedError, match="another reindex is running"),
    ):
        small.reindex()


def test_readers_work_while_somebody_writes(small):
    small.write(a=A)
    small.reindex()
    small.write(b=B)
    changes = reindex(small.settings, WhooshEngine(small.settings.index))
    for _ in changes:
        assert small.texts("ceasefire") == ["The ceasefire holds."]
    assert small.texts("museum") == ["The museum is closed."]


def test_an_outdated_index_says_rebuild_and_a_rebuild_keeps_the_addresses(small, monkeypatch):
    small.write(a=A)
    small.reindex()
    before = small.addresses()
    monkeypatch.setattr("indexer.engine.whoosh.engine.ANALYSIS_VERSION", "another")
    small.engine = WhooshEngine(small.settings.index)  # as another process sees it
    with pytest.raises(IndexOutdatedError, match="run: hanyeong reindex --rebuild"):
        small.reindex()
    small.reindex(rebuild=True)
    assert small.addresses() == before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh leaves files open
@pytest.mark.parametrize("damage", ["CURRENT", "versions.json", "*.toc", "*.seg"])
def test_a_damaged_index_can_be_rebuilt_with_the_same_addresses(small, damage):
    small.write(a=A)
    small.reindex()
    before = small.addresses()
    for path in [*small.settings.index.rglob(damage)]:
        path.write_bytes(b"?")
    small.engine = WhooshEngine(small.settings.index)  # of a process that comes later
    small.reindex(rebuild=True)
    gc.collect()
    assert small.addresses() == before


def test_a_rebuild_leaves_one_folder(small):
    small.write(a=A)
    for _ in range(3):
        small.reindex(rebuild=True)
    assert len(list(small.settings.index.glob("generation-*"))) == 1


def test_a_rebuild_marks_what_has_vanished_as_gone(small):
    small.write(a=A, b=B)
    small.reindex()
    small.remove("b")
    small.reindex(rebuild=True)
    rows = [json.loads(line) for line in small.settings.addresses.read_text(encoding="utf-8").splitlines()]
    assert {row["document"] for row in rows if row.get("gone")} == {"b"}


@pytest.fixture
def close(monkeypatch):
    """Takes a folder's permissions away, also from whoever may open any."""
    scandir = os.scandir

    def close(folder):
        def refuse(path="."):
            if os.fspath(path).rstrip("/") == os.fspath(folder):
                raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
            return scandir(path)

        monkeypatch.setattr(os, "scandir", refuse)

    return close


def test_what_lies_in_a_folder_that_cannot_be_opened_stays_as_it_is(small, close):
    folder = small.settings.documents / "letters"
    (folder / "old").mkdir(parents=True)
    (folder / "b.txt").write_text(B, encoding="utf-8")
    (folder / "old" / "c.txt").write_text(C, encoding="utf-8")
    small.write(a=A, lettersx=A)
    small.reindex()
    before = small.addresses()
    small.remove("lettersx")
    close(folder)
    changes = small.reindex()
    (failed,) = [change for change in changes if isinstance(change, Failed)]
    assert (failed.path, failed.before) == ("letters", "stays")
    assert [change.document for change in changes if isinstance(change, Removed)] == ["lettersx"]
    assert small.addresses().items() <= before.items()
    assert len(small.texts("museum")) == 2
    told = list(check(small.settings, (), small.engine))
    assert not any(one.comparison.lost for one in told if isinstance(one, Checked))


def test_a_document_whose_other_side_cannot_be_looked_at_stays_as_it_is(small, close):
    for lang, text in (("en", WAR_EN), ("ko", WAR_KO)):
        (small.settings.documents / lang).mkdir()
        (small.settings.documents / lang / "war.txt").write_text(text, encoding="utf-8")
    small.write(a=A)
    small.reindex()
    before = small.addresses()
    close(small.settings.documents / "en")
    small.write(a=A.replace("ceasefire", "truce"))
    changes = small.reindex()
    assert kinds(changes)[:3] == ["Planned", "Failed", "Indexed"]
    assert small.texts("Panmunjom")
    assert {key: one for key, one in small.addresses().items() if key[0] == "war"}.items() <= before.items()
    told = list(check(small.settings, (), small.engine))
    assert not any(one.comparison.lost or one.comparison.merged for one in told if isinstance(one, Checked))


@pytest.mark.parametrize("rebuild", [False, True])
def test_an_archive_whose_documents_cannot_be_opened_is_not_emptied(small, close, rebuild):
    small.write(a=A)
    small.reindex()
    close(small.settings.documents)
    with pytest.raises(SettingsError, match="documents: cannot be opened: Permission denied; check its"):
        small.reindex(rebuild=rebuild)
    assert small.texts("ceasefire")


# --- check ---------------------------------------------------------------------------------------------


def texts(differences):
    return tuple(one.text for one in differences)


def comparisons(small):
    return {one.document: one.comparison for one in check(small.settings) if isinstance(one, Checked)}


def test_checking_tells_what_would_be_kept_new_and_lost_and_changes_nothing(small):
    small.write(a=A, b=B)
    small.reindex()
    small.write(a=A.replace("Nobody knows why.", "Museums open late."))
    before = {path: path.read_bytes() for path in small.settings.data.rglob("*") if path.is_file()}
    found = comparisons(small)
    assert (found["a"].kept, texts(found["a"].new), texts(found["a"].lost)) == (
        2,
        ("Museums open late.",),
        ("Nobody knows why.",),
    )
    assert (found["b"].kept, found["b"].new, found["b"].lost) == (2, (), ())
    assert {path: path.read_bytes() for path in small.settings.data.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("named", ["", "b.txt"])
def test_checking_a_part_tells_what_reindexing_it_does(small, named):
    small.write(a=A, k=B, z=C)
    small.reindex()
    (small.settings.documents / "a.txt").rename(small.settings.documents / "b.txt")
    (small.settings.documents / "z.txt").unlink()
    source = small.settings.documents / named
    told = {
        one.document: one.comparison
        for one in check(small.settings, [source], small.engine)
        if isinstance(one, Checked)
    }
    before = load_registry(small.settings.addresses).registrations()
    small.reindex(source)
    found = compare(before, load_registry(small.settings.addresses).registrations())
    assert told == {name: one for name, one in found.items() if name in told}
    assert told.keys() == ({"b"} if named else {"a", "b", "k", "z"})
    assert bool(told["b"].new) == bool(named)


def test_checking_tells_what_a_vanished_document_would_lose(small):
    small.write(a=A, b=B)
    small.reindex()
    small.remove("b")
    assert texts(comparisons(small)["b"].lost) == ("Second title", "The museum is closed.")


WAR_EN = """The Long War

The ceasefire talks began in July 1951 at Kaesong and went on for two years.

Nobody knew how long the prisoners of war would have to wait for their return.

The armistice was signed on 27 July 1953 at Panmunjom.
"""
WAR_KO = """긴 전쟁

정전 협상은 1951년 7월 개성에서 시작되어 2년 동안 계속되었다.

전쟁 포로들이 귀환을 얼마나 기다려야 하는지 아무도 몰랐다.

정전 협정은 1953년 7월 27일 판문점에서 조인되었다.
"""
ALONE = "대통령은 새로운 경제 정책을 발표하고 물가를 안정시키겠다고 약속했다."


@pytest.mark.parametrize(
    "edited",
    [
        {"war.ko": WAR_KO.replace("다.\n\n전쟁", "다. 전쟁").replace("전쟁\n", f"전쟁\n\n{ALONE}\n", 1)},
        {"war.ko": WAR_KO.replace("정전 협정은", f"{ALONE}\n\n정전 협정은")},
        {
            "war.ko": "긴 전쟁\n",
            "other.ko": WAR_KO.replace("긴 전쟁", "다른 글").replace("몰랐다.", "몰랐다. 정말."),
        },
        {"war.en": WAR_EN.replace("talks began in July", "talks were begun in the July of")},
    ],
)
def test_checking_names_only_addresses_that_are_there_afterwards(small, edited):
    small.write(**{"war.en": WAR_EN, "war.ko": WAR_KO})
    small.reindex()
    before = load_registry(small.settings.addresses).registrations()
    small.write(**edited)
    told = comparisons(small)
    small.reindex()
    assert told == compare(before, load_registry(small.settings.addresses).registrations())


def test_checking_needs_no_index(small):
    small.write(a=A)
    assert len(comparisons(small)["a"].new) == 3
    assert not small.settings.index.exists()


def test_checking_reports_files_that_fail(small):
    small.write(a="")
    (failed,) = check(small.settings)
    assert isinstance(failed, Failed)


# --- spelling ------------------------------------------------------------------------------------------


def test_nfd_and_zero_width_texts_are_found_as_they_are_typed(small):
    small.write(
        a=unicodedata.normalize("NFD", "제목\n\n민주공화국의 정전협상이다.\n"),
        b="제목\n\n정\u200b전 협\ufeff상과 cease\u00adfire.\n",
    )
    small.reindex()
    assert len(small.texts("정전협상")) == 2
    assert small.texts("민주공화국") == ["민주공화국의 정전협상이다."]
    assert has_mark(small, "ceasefire", "ceasefire")
    assert small.marked("민주공화국") == [["민주공화국"]]


def has_mark(small, query, mark):
    return any(mark in marks for marks in small.marked(query))


def test_file_names_may_be_korean_and_decomposed(small):
    (small.settings.documents / unicodedata.normalize("NFD", "정전 협상.txt")).write_text(A, encoding="utf-8")
    small.reindex()
    (info,) = small.archive.documents()
    assert info.id == unicodedata.normalize("NFC", info.id)
    assert kinds(small.reindex()) == ["Planned", "Unchanged"]


def test_footnote_marks_are_neither_found_nor_part_of_a_word(small):
    small.write(
        a="Title\n\nThe talks ended.[1] They began again.[2]\n\n[1] A note about quetzals.\n\n[2] Another.\n"
    )
    small.reindex()
    assert small.texts('"ended they"') != []
    assert not [text for text in small.texts("1") if "talks" in text]


def test_a_deleted_file_may_be_named_to_take_it_out(small):
    small.write(a=A, b=B)
    small.reindex()
    (small.settings.documents / "b.txt").unlink()
    assert [
        change.document
        for change in small.reindex(small.settings.documents / "b.txt")
        if isinstance(change, Removed)
    ] == ["b"]


def test_a_failure_names_its_file(small):
    small.write(a=A)
    (small.settings.documents / "nowhere.txt").symlink_to("gone")
    (failed,) = [change for change in small.reindex() if isinstance(change, Failed)]
    assert failed.path == "nowhere.txt"
    assert failed.reason.startswith(str(small.settings.documents / "nowhere.txt: "))


def test_a_renamed_file_keeps_its_addresses(small):
    small.write(a=A, b=B)
    small.reindex()
    before = set(small.addresses().values())
    (small.settings.documents / "a.txt").rename(small.settings.documents / "z.txt")
    assert {
        row.document for row in check(small.settings) if row.comparison.new or row.comparison.lost
    } == set()
    changes = small.reindex()
    assert [one for one in changes if isinstance(one, Removed | Renamed)] == [Renamed("z", "a")]
    assert {info.id for info in small.archive.documents()} == {"b", "z"}
    assert set(small.addresses().values()) == before


def test_a_file_that_is_given_the_name_of_a_deleted_one_keeps_its_addresses(small):
    small.write(a=A, b=B)
    small.reindex()
    links = {key: address for key, address in small.addresses().items() if key[0] == "a"}
    small.remove("b")
    small.reindex()
    (small.settings.documents / "a.txt").rename(small.settings.documents / "b.txt")
    assert not any(one.comparison.lost for one in check(small.settings, (), small.engine))
    assert Renamed("b", "a") in small.reindex()
    assert set(small.addresses().values()) == set(links.values())
    lines = load_registry(small.settings.addresses).registrations()
    assert [one.text for one in lines if one.gone] == ["Second title", "The museum is closed."]
    assert small.archive.former("a").now == "b"


def test_a_deleted_file_that_comes_back_is_itself_and_not_a_copy_that_goes(small):
    small.write(a=A, b=A)
    small.reindex()
    before = small.addresses()
    small.remove("b")
    small.reindex()
    small.write(b=A)
    small.remove("a")
    assert not [one for one in small.reindex() if isinstance(one, Renamed)]
    assert small.addresses() == {key: address for key, address in before.items() if key[0] == "b"}


def test_a_new_file_with_little_of_a_vanished_one_gets_addresses_of_its_own(small):
    small.write(a=A)
    small.reindex()
    before = set(small.addresses().values())
    (small.settings.documents / "a.txt").unlink()
    small.write(c="Another title\n\nThe ceasefire holds.\n\nSomething else.\n\nAnd more.\n")
    small.reindex()
    assert before & set(small.addresses().values()) == set()


def test_while_documents_in_both_languages_are_read_it_is_told_how_many_are(small):
    letters = {
        f"letter{n}": f"The war ends in {n}, they say.\n\n전쟁이 {n}에 끝난다고 한다." for n in range(5)
    }
    small.write(**letters, alone="The war ends.")
    seen = []
    changes = list(small.reindex(watch=lambda stage, done: seen.append((stage, done))))
    reading = [done for stage, done in seen if stage == "reading"]
    assert reading == list(range(reading[0], 7))
    assert [stage for stage, _ in seen][len(reading) :] == ["pairing", "indexing"]
    assert kinds(changes).count("Indexed") == 6


def test_a_small_budget_writes_several_segments_with_the_same_content(tmp_path, monkeypatch):
    written = []
    write = WhooshWriter._write
    monkeypatch.setattr(
        WhooshWriter, "_write", lambda self, content: written.append(1) or write(self, content)
    )
    monkeypatch.setattr(writer_room, "_APART", 0)
    texts = [
        f"The {word} number {n} holds.\n\n정전 {n} 협상이 열렸다."
        for n in range(40)
        for word in ("war", "talk")
    ]
    found = []
    for name, memory in (("large", 1 << 30), ("small", 20_000)):
        written.clear()
        one = Small(tmp_path / name)
        one.engine = WhooshEngine(one.settings.index, memory)
        one.write(**{f"text{n:02}": text for n, text in enumerate(texts)})
        one.reindex()
        found.append((len(written), [one.texts(query) for query in ("talk", "정전", "number 7")]))
    (few, large), (many, little) = found
    assert few == 1
    assert many > 3
    assert large == little


# --- dates ---------------------------------------------------------------------------------------------


def write_dated(small, **dates):
    for name, date in dates.items():
        text = f"---\ndate: {date}\n---\n\nThe harbour of {name}.\n"
        (small.settings.documents / f"{name}.md").write_text(text, encoding="utf-8")


def test_a_year_or_a_month_dates_a_document_everywhere(small):
    write_dated(small, a="1990", b="1950-06", c="1950-06-25", d="c. 1950", e="1950-05-31", f="n.d.")
    small.reindex()
    order = ["a", "c", "b", "e", "d", "f"]
    assert [info.id for info in small.archive.documents()] == order
    assert [info.date and info.date.isoformat() for info in small.archive.documents()] == [
        "1990", "1950-06-25", "1950-06", "1950-05-31", "1950", None,
    ]  # fmt: skip
    found = small.archive.search("harbour", sort="date")
    assert [group.document.id for group in found.groups] == order
    assert dict(found.facets.years) == {1990: 1, 1950: 4}
    assert small.texts("harbour year:1990") == ["The harbour of a."]
    assert len(small.texts("harbour year:1950")) == 4


def test_a_date_that_is_not_understood_is_told_once_and_its_document_is_indexed(small):
    write_dated(small, a="1950s", b="1950-13-45", c="1950")
    undated = [change for change in small.reindex() if isinstance(change, Undated)]
    assert [(change.document, change.path) for change in undated] == [("a", "a.md"), ("b", "b.md")]
    assert undated[0].reason.endswith(
        "a.md: declares the date '1950s', which is not understood; write it as 1950, 1950-06 or 1950-06-25"
    )
    assert "b.md: declares the date '1950-13-45', which does not exist" in undated[1].reason
    assert [info.date for info in small.archive.documents()] == [Date(1950), None, None]
    assert len(small.texts("harbour")) == 3
    assert kinds(small.reindex()) == ["Planned", "Unchanged", "Unchanged", "Unchanged"]
