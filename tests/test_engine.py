"""Whoosh as an engine: each of its traps that touches our road has a test named for it."""

import gc
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import threading
import weakref
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from by_hand import document, found, phrase, put, query, tokens
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC
from whoosh.searching import Searcher

from indexer.engine import IndexedDocument, IndexedPassage
from indexer.engine.whoosh import WhooshEngine, codec, store
from indexer.engine.whoosh import engine as whoosh_engine
from indexer.engine.whoosh.arrayfile import ArrayFile
from indexer.engine.whoosh.schema import SCHEMA
from indexer.engine.whoosh.toc import ArrayTOC
from indexer.errors import (
    IndexLockedError,
    IndexMissingError,
    IndexOutdatedError,
    IndexWriteError,
    UnknownDocumentError,
)
from indexer.model.dates import Date
from indexer.model.query import Prefix
from indexer.model.terms import Field
from indexer.model.text import Bilingual, BlockKind, DocumentInfo, Passage, Reference, Span

# Whoosh leaves files open that it could not read.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module", autouse=True)
def _what_was_there_before_is_looked_through_once():
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _no_open_files_for_the_next_test():
    yield
    gc.collect()


@pytest.fixture
def index(tmp_path):
    return tmp_path / "index"


@pytest.fixture
def engine(index):
    return WhooshEngine(index)


def folder(index):
    return store.current(index)


def toc(index):
    (path,) = folder(index).glob("*.toc")
    return path


# --- what is no longer used goes ------------------------------------------------------------------------


def test_an_old_commit_goes_at_once_with_all_that_it_has_opened(engine):
    """A ring would keep its files and what was read of them until a full garbage collection."""
    snapshots, files = [], []
    gc.collect()
    gc.disable()
    try:
        for n in range(4):
            put(engine, document(f"d{n}", "war and peace", "peace talks about a war", title="war"))
            snapshot = engine.snapshot()
            prefix = Prefix("wa", "wa", (Field.ENGLISH,), query("wa").clauses[0])
            asked = query("peace", prefix, phrase("peace", "talks"), nearby=(phrase("peace", "talks"),))
            numbers = [int(number) for number in snapshot.rank(asked).numbers]
            assert any(snapshot.spans(asked, numbers))
            assert all((snapshot.infos(numbers), snapshot.passages(numbers), snapshot.documents()))
            assert all((snapshot.document("d0"), snapshot.info("d0"), snapshot.stats, snapshot.sources()))
            snapshots.append(weakref.ref(snapshot))
            files += [weakref.ref(leaf.segment.file) for leaf in snapshot._leaves]
            del snapshot
        assert [one() is None for one in snapshots] == [True, True, True, False]
        current = {id(leaf.segment.file) for leaf in snapshots[-1]()._leaves}
        assert {id(one()) for one in files if one()} == current
    finally:
        gc.enable()


# --- what is written comes back ------------------------------------------------------------------------


def test_nothing_committed_yet_is_a_missing_index(engine):
    with pytest.raises(IndexMissingError, match=r"run: hanyeong .*reindex$"):
        engine.snapshot()


def test_a_passage_comes_back_as_it_was_written(engine):
    passage = Passage(
        "guide/제1장", 0, BlockKind.LIST_ITEM, "ko", "정전 [1]\t“협상”\n😀", level=2, marker="3.", label="x",
        references=(Reference("1", Span(3, 6)),), continues=True, address="7eyrj5fpm",
    )  # fmt: skip
    info = DocumentInfo("guide/제1장", Bilingual("A", "가"), ("Kim", "이"), Date(1953, 7, 27))
    put(engine, IndexedDocument(info, (), (IndexedPassage(passage, tokens("x")),), (), ()))
    snapshot = engine.snapshot()
    assert snapshot.document("guide/제1장") == (info, snapshot.addressed("7eyrj5fpm"))
    assert snapshot.passages(snapshot.addressed("7eyrj5fpm")) == [passage]


@pytest.mark.parametrize("address", ["7eyrj5fpm", "0", "", "Not base32", "z" * 40, "여기"])
def test_an_address_is_told_as_it_was_written(engine, address):
    passage = Passage("d", 0, BlockKind.PARAGRAPH, "en", "x", address=address)
    info = DocumentInfo("d", Bilingual("A", ""), (), None)
    put(engine, IndexedDocument(info, (), (IndexedPassage(passage, tokens("x")),), (), ()))
    snapshot = engine.snapshot()
    (number,) = snapshot.document("d")[1]
    assert snapshot.addresses([number]) == [address]
    assert snapshot.addressed(address) == ([number] if address else [])


def test_what_is_known_of_each_passage_is_in_the_columns(engine):
    put(engine, document("d", "a b c", "", lang="ko", year=2021), document("e", "x", year=0))
    snapshot = engine.snapshot()
    (_, [first, second]), (_, [other]) = snapshot.document("d"), snapshot.document("e")
    columns = snapshot.columns
    assert [int(columns.ordinal[n]) for n in (first, second, other)] == [0, 1, 0]
    assert [bool(columns.korean[n]) for n in (first, second, other)] == [True, True, False]
    assert [int(columns.year[n]) for n in (first, second, other)] == [2021, 2021, 0]
    assert [int(columns.length[n]) for n in (first, second, other)] == [3, 0, 1]
    assert int(columns.passage.sum()) == 3
    assert columns.document[first] == columns.document[second] != columns.document[other]


def test_documents_come_newest_first_and_undated_ones_last(engine):
    put(engine, document("a", "x", year=0), document("b", "x", year=2020), document("c", "x", year=2023))
    assert [info.id for info in engine.snapshot().documents()] == ["c", "b", "a"]


def test_each_passage_tells_what_is_said_about_its_document(engine):
    put(engine, document("a", "war", "peace"), document("b", "talks"))
    put(engine, document("c", "treaty"))
    snapshot = engine.snapshot()
    numbers = [int(number) for number in snapshot.rank(query("war", "peace", "talks", "treaty")).numbers]
    assert len(numbers) == 4
    infos = snapshot.infos(numbers)
    assert [info.id for info in infos] == [one.document for one in snapshot.passages(numbers)]
    assert infos == [snapshot.info(info.id) for info in infos]


def test_looking_up_places_loads_no_masked_arrays(index, engine):
    """They take NumPy longer to load than a query takes."""
    put(engine, document("a", *["war and peace", "peace talks"] * 300))
    (path,) = folder(index).glob("*.seg")
    script = f"""
import sys
from pathlib import Path
import numpy as np
from indexer.engine.whoosh.arrayfile import ArrayFile
file = ArrayFile(Path({str(path)!r}))
assert len(file.take("text_en.numbers", np.array([3, 900, 3]))) == 3
assert "numpy.ma" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_an_unknown_document_is_said_to_be_unknown(engine):
    put(engine, document("a", "x"))
    with pytest.raises(UnknownDocumentError, match="there is no document 'b'"):
        engine.snapshot().document("b")


@pytest.mark.parametrize("name", ["", "\udcff", "a" * 100_000, "없음", "\x00"])
def test_any_string_may_be_asked_for_as_an_address_or_a_document(engine, name):
    put(engine, document("a", "x"))
    assert engine.snapshot().addressed(name) == []
    with pytest.raises(UnknownDocumentError):
        engine.snapshot().document(name)


def test_a_document_without_passages_is_a_document(engine):
    put(engine, document("a"))
    snapshot = engine.snapshot()
    assert snapshot.document("a")[1] == []
    assert (snapshot.stats.documents, dict(snapshot.stats.passages)) == (1, {"en": 0, "ko": 0})


def test_an_index_of_nothing_is_an_index(engine):
    put(engine)
    snapshot = engine.snapshot()
    assert (snapshot.stats.documents, dict(snapshot.stats.passages)) == (0, {"en": 0, "ko": 0})
    assert snapshot.documents() == ()
    assert dict(snapshot.sources()) == {}


def test_an_index_whose_last_document_was_removed_is_an_index(engine):
    put(engine, document("a", "x"))
    put(engine, remove=["a"])
    snapshot = engine.snapshot()
    assert (snapshot.stats.documents, sum(snapshot.stats.passages.values())) == (0, 0)
    assert found(snapshot, query("x")) == []


def test_removed_passages_are_gone_from_counts_filters_and_results(engine):
    put(engine, document("a", "x one", "x two", lang="ko"), document("b", "x three"))
    put(engine, document("a", "x four", lang="ko"), remove=["a"])
    snapshot = engine.snapshot()
    assert dict(snapshot.stats.passages) == {"en": 1, "ko": 1}
    assert found(snapshot, query(lang="ko")) == ["x four"]
    assert sorted(found(snapshot, query("x"))) == ["x four", "x three"]
    assert snapshot.addressed("a-1") == []
    assert len(snapshot.document("a")[1]) == 1


def test_every_commit_has_another_generation_and_nothing_else_has(engine, index):
    generations = []
    for n in range(3):
        put(engine, document(f"d{n}", "x"))
        generations += [engine.snapshot().stats.generation, WhooshEngine(index).snapshot().stats.generation]
    put(engine, document("z", "x"), rebuild=True)
    generations += [engine.snapshot().stats.generation, WhooshEngine(index).snapshot().stats.generation]
    assert generations[::2] == generations[1::2]
    assert len(set(generations)) == 4


def test_a_snapshot_is_shared_until_the_next_commit(engine):
    put(engine, document("a", "x"))
    assert engine.snapshot() is engine.snapshot()


def test_a_commit_is_seen_though_nothing_had_changed_for_long(engine, index, monkeypatch):
    put(engine, document("a", "war"))
    monkeypatch.setattr(store, "_UNSURE", 0)  # as if the clock had moved on since
    for _ in range(3):
        assert engine.snapshot() is engine.snapshot()
    assert store.Stamp.of(index).holds()
    stamp = store.Stamp.of(index)
    put(engine, document("b", "peace"))
    assert not stamp.holds()
    assert found(engine.snapshot(), query("peace")) == ["peace"]


def test_an_index_that_has_just_changed_has_no_stamp(engine, index):
    assert store.Stamp.of(index) is None
    put(engine, document("a", "war"))
    assert store.Stamp.of(index) is None  # another commit could bear the same time
    for path in (index / "CURRENT", folder(index)):
        os.utime(path, (1, 1))
    assert store.Stamp.of(index).holds()
    shutil.rmtree(folder(index))
    assert not store.Stamp(index / "CURRENT", folder(index), ()).holds()


def test_while_a_commit_is_opened_others_go_on_with_the_one_before(engine, monkeypatch):
    put(engine, document("a", "war"))
    before = engine.snapshot()
    put(WhooshEngine(engine._index), document("b", "peace"))
    begun, go_on, opened = threading.Event(), threading.Event(), []
    whole = whoosh_engine._open

    def slowly(*args):
        begun.set()
        assert go_on.wait(60)
        return whole(*args)

    monkeypatch.setattr(whoosh_engine, "_open", slowly)
    thread = threading.Thread(target=lambda: opened.append(engine.snapshot()))
    thread.start()
    try:
        assert begun.wait(60)
        assert engine.snapshot() is before
    finally:
        go_on.set()
        thread.join()
    assert engine.snapshot() is opened[0]
    assert opened[0].generation != before.generation


def test_leaving_without_a_commit_changes_nothing(engine):
    put(engine, document("a", "x"))
    for rebuild in (False, True):
        with engine.writer(rebuild=rebuild) as writer:
            writer.remove("a")
            writer.add(document("b", "y"))
        assert [info.id for info in engine.snapshot().documents()] == ["a"]
    put(engine, document("c", "z"))
    assert {info.id for info in engine.snapshot().documents()} == {"a", "c"}


def test_an_error_while_writing_changes_nothing_and_frees_the_lock(engine):
    put(engine, document("a", "x"))
    with pytest.raises(ZeroDivisionError), engine.writer() as writer:
        writer.remove(str(1 // 0))
    assert found(engine.snapshot(), query("x")) == ["x"]
    put(engine, document("b", "x"))


# --- traps of Whoosh 2.7.4 --------------------------------------------------------------


def test_no_searcher_is_ever_refreshed(engine, monkeypatch):
    monkeypatch.setattr(Searcher, "refresh", lambda _: pytest.fail("refresh() was called"))
    put(engine, document("a", "x"))
    assert found(engine.snapshot(), query("x")) == ["x"]
    put(engine, document("b", "x"))
    assert len(found(engine.snapshot(), query("x"))) == 2


def test_a_snapshot_stays_whole_while_later_commits_merge_and_remove_its_files(engine):
    put(engine, document("a", "x first", "y"))
    old = engine.snapshot()
    for n in range(6):
        put(engine, document("a", f"x number{n}"), remove=["a"])
    put(engine, document("b", "x rebuilt"), rebuild=True)
    assert found(old, query("x")) == ["x first"]
    assert [span.slice for span in old.spans(query("y"), [2])[0]] == [slice(0, 1)]
    assert [p.text for p in old.passages(old.document("a")[1])] == ["x first", "y"]
    assert [info.id for info in old.documents()] == ["a"]
    assert dict(old.sources()).keys() == {"a"}
    assert old.stats.documents == 1
    assert found(engine.snapshot(), query("x")) == ["x rebuilt"]


def test_readers_see_whole_commits_while_others_write(index):
    """Every commit replaces both documents; a reader must see both of one commit."""
    writing, reading = WhooshEngine(index), WhooshEngine(index)
    put(writing, document("a", "x 0", "w"), document("b", "x 0"))
    stop, errors, seen = threading.Event(), [], set()

    def read():
        try:
            while not stop.is_set():
                snapshot = reading.snapshot()
                texts = found(snapshot, query("x"))
                assert len(texts) == 2
                assert len(set(texts)) == 1, texts
                marks = snapshot.spans(query("x"), [int(n) for n in snapshot.rank(query("x")).numbers])
                assert marks == [(Span(0, 1),)] * 2
                assert [p.text for p in snapshot.passages(snapshot.document("a")[1])] == [texts[0], "w"]
                assert found(snapshot, query(phrase(*texts[0].split()))) == texts
                seen.add(texts[0])
        except BaseException as error:  # noqa: BLE001 - told to the test
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(1, 26):
        put(
            writing,
            document("a", f"x {n}", "w"),
            document("b", f"x {n}"),
            remove=["a", "b"],
            rebuild=n % 5 == 0,
        )
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(seen) > 1


def test_threads_may_ask_one_snapshot_for_different_things_at_once(index):
    engine = WhooshEngine(index)
    words = [f"w{n}" for n in range(60)]
    put(engine, *[document(f"d{n}", *[f"{word} x{n}" for word in words]) for n in range(20)])
    snapshot = engine.snapshot()
    errors = []

    def ask(seed):
        try:
            for n in range(60):
                word = words[(n * 7 + seed) % 60]
                name = f"d{(n + seed) % 20}"
                assert len(found(snapshot, query(word))) == 20
                assert len(snapshot.document(name)[1]) == 60
                (number,) = snapshot.addressed(f"{name}-{words.index(word)}")
                assert snapshot.passages([number])[0].text.split()[0] == word
                assert snapshot.spans(query(word), [number]) == [(Span(0, len(word)),)]
        except BaseException as error:  # noqa: BLE001 - told to the test
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


@pytest.mark.parametrize("rebuild", [False, True])
def test_opening_while_a_rebuild_swaps_the_folders_waits_for_the_new_one(index, monkeypatch, rebuild):
    """A reader has read CURRENT, and the folder it names is replaced before the reader opens it."""
    writing, reading = WhooshEngine(index), WhooshEngine(index)
    put(writing, document("a", "x old"))
    if rebuild:
        reading.snapshot()  # with a snapshot of the old folder at hand
        put(writing, document("a", "x older"), remove=["a"])
    look = store.current

    def look_then_swap(path):
        named = look(path)
        monkeypatch.setattr(store, "current", look)
        put(writing, document("a", "x new"), rebuild=True)
        return named

    monkeypatch.setattr(store, "current", look_then_swap)
    assert found(reading.snapshot(), query("x")) == ["x new"]


@pytest.mark.parametrize("at", range(12))
def test_opening_while_a_commit_replaces_the_files_gives_the_new_one(index, monkeypatch, at):
    """A commit comes in before the reader's `at`-th look at a file."""
    writing, reading = WhooshEngine(index), WhooshEngine(index)
    for n in range(3):
        put(writing, document(f"a{n}", f"x old{n}"))
    looks = [0]
    toc_name, listing = ArrayTOC._filename, FileStorage.list

    def commit_in_between():
        looks[0] += 1
        if looks[0] == at + 1:
            monkeypatch.undo()
            put(writing, document("b", "x new"), remove=["a0", "a1", "a2"])

    monkeypatch.setattr(ArrayTOC, "_filename", lambda *a: commit_in_between() or toc_name(*a))
    monkeypatch.setattr(codec, "ArrayFile", lambda *a: commit_in_between() or ArrayFile(*a))
    monkeypatch.setattr(FileStorage, "list", lambda *a: commit_in_between() or listing(*a))
    texts = sorted(found(reading.snapshot(), query("x")))
    assert texts in (["x new"], ["x old0", "x old1", "x old2"])
    monkeypatch.undo()
    if looks[0] > at:
        assert found(reading.snapshot(), query("x")) == ["x new"]


def test_one_document_replaced_many_times_in_many_sessions_is_there_once(engine):
    """`update_document` twice with one id in one session keeps both; we remove, then add once."""
    put(engine, document("a", "x"))
    for n in range(12):
        put(engine, document("a", f"x {n}"), document("b", f"x {n}"), remove=["a", "b"])
    assert found(engine.snapshot(), query("x")) == ["x 11", "x 11"]
    assert engine.snapshot().stats.documents == 2


def recorded(monkeypatch):
    """What is synced and renamed, in order, by file name."""
    events = []
    fsync, rename, replace = os.fsync, os.rename, os.replace

    def name_of(descriptor):
        return Path(f"/proc/self/fd/{descriptor}").readlink().name

    monkeypatch.setattr(os, "fsync", lambda fd: events.append(("sync", name_of(fd))) or fsync(fd))
    monkeypatch.setattr(os, "rename", lambda a, b: events.append(("rename", Path(b).name)) or rename(a, b))
    monkeypatch.setattr(os, "replace", lambda a, b: events.append(("rename", Path(b).name)) or replace(a, b))
    return events


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="names of open files are read from /proc")
@pytest.mark.parametrize("rebuild", [False, True])
def test_files_and_folder_are_synced_before_and_after_the_toc(engine, index, monkeypatch, rebuild):
    """Whoosh syncs nothing and keeps only the newest TOC: a power cut could leave it empty."""
    put(engine, document("a", "x"))
    put(engine, document("b", "y"))
    events = recorded(monkeypatch)
    put(engine, document("c", "z"), remove=["a"], rebuild=rebuild)
    monkeypatch.undo()
    name = folder(index).name
    published = [n for n, event in enumerate(events) if event[0] == "rename" and event[1].endswith(".toc")][
        -1
    ]
    before, after = events[:published], events[published + 1 :]
    synced = {what for kind, what in before if kind == "sync"}
    assert {path.name for path in folder(index).glob("*.seg")} & synced, "the new segment's file"
    assert any(".toc" in what for what in synced), "the TOC itself, under its first name"
    assert ("sync", name) in before[-2:], "the folder last"
    assert after[0] == ("sync", name), "the folder at once"
    if rebuild:
        pointed = events.index(("rename", "CURRENT"))
        assert pointed > published
        synced = [what for kind, what in events[:pointed] if kind == "sync"]
        assert any("CURRENT" in what for what in synced), "under its first name"
        assert any("versions.json" in what for what in synced)
        assert events[pointed + 1] == ("sync", index.name)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="names of open files are read from /proc")
def test_every_file_that_the_toc_names_was_synced(engine, index, monkeypatch):
    events = recorded(monkeypatch)
    put(engine, document("a", "x"))
    put(engine, document("b", "y"))
    monkeypatch.undo()
    synced = {what for kind, what in events if kind == "sync"}
    assert {path.name for path in folder(index).glob("*.seg")} <= synced


@pytest.mark.parametrize("broken", ["rename_file", "create_file"])
def test_a_failed_commit_gives_up_the_lock(engine, monkeypatch, broken):
    """Whoosh keeps it."""
    put(engine, document("a", "x"))

    def fail(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.SyncedStorage, broken, fail)
    with pytest.raises(IndexWriteError, match="No space left on device") as kept:
        put(engine, document("b", "x"))
    monkeypatch.undo()
    assert kept.value  # as a program does that keeps the error to tell it later
    assert found(engine.snapshot(), query("x")) == ["x"]
    put(engine, document("b", "x"))
    assert len(found(engine.snapshot(), query("x"))) == 2


def test_a_writer_that_could_not_begin_gives_up_the_lock(engine, monkeypatch):
    """The lock is taken first; what follows may fail."""
    put(engine, document("a", "x"))

    def fail(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("indexer.engine.whoosh.writer.ArrayTOC", SimpleNamespace(read=fail))
    with pytest.raises(IndexWriteError, match="No space left on device") as kept, engine.writer():
        pass
    monkeypatch.undo()
    assert kept.value
    put(engine, document("b", "x"))


def test_a_failed_rebuild_leaves_the_old_index_in_use(engine, index, monkeypatch):
    put(engine, document("a", "x"))

    def fail(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "make_current", fail)
    with pytest.raises(IndexWriteError, match="untouched"):
        put(engine, document("b", "y"), rebuild=True)
    monkeypatch.undo()
    assert found(WhooshEngine(index).snapshot(), query("x")) == ["x"]
    put(engine, document("b", "x"), rebuild=True)
    assert len(list(index.glob("generation-*"))) == 1


def test_a_second_writer_is_told_that_the_index_is_locked(engine, index):
    put(engine, document("a", "x"))
    with engine.writer() as first:
        with (
            pytest.raises(IndexLockedError, match="another process is writing"),
            WhooshEngine(index).writer(),
        ):
            pass
        first.add(document("b", "x"))
        first.commit()
    assert len(found(engine.snapshot(), query("x"))) == 2


def test_the_schema_in_the_toc_is_never_unpickled(engine, index, monkeypatch):
    """Its analyzers would come with it, and with one that holds Kiwi two seconds of loading."""
    put(engine, document("a", "x"))
    loads = pickle.loads

    def refuse(data, *args, **more):
        assert b"Schema" not in data, "the schema was unpickled"
        return loads(data, *args, **more)

    monkeypatch.setattr(pickle, "loads", refuse)
    assert found(WhooshEngine(index).snapshot(), query("x")) == ["x"]
    put(WhooshEngine(index), document("b", "x"))


def test_no_analyzer_is_pickled_into_the_index(engine, index):
    put(engine, document("a", "x"))
    raw = toc(index).read_bytes()
    for name in (b"kiwi", b"Kiwi", b"Stem", b"indexer.analysis"):
        assert name not in raw
    assert all(
        getattr(SCHEMA[name], "analyzer", None) is None for name in SCHEMA.names() if name.startswith("text")
    )


def test_a_term_may_be_any_text(engine):
    odd = ["", " ", "\x00", "\ufffe", "a" * 5000, "😀", "\u0301"]
    made = [(term or "empty", tokens("w")[:0]) for term in odd]
    passages = [
        (text, [replace(tokens("w")[0], term=term)])
        for (text, _), term in zip(made, odd, strict=True)
        if term
    ]
    put(engine, document("a", passages=passages))
    for text, (token,) in passages:
        assert found(engine.snapshot(), query(token.term)) == [text]


def test_a_match_past_32768_characters_is_marked(engine):
    """Whoosh's highlighter is silent from there on."""
    text = "a " * 20_000 + "war"
    put(engine, document("d", text))
    (spans,) = engine.snapshot().spans(query("war"), [1])
    assert [text[span.slice] for span in spans] == ["war"]


# --- damage --------------------------------------------------------------------------------------------

REBUILD = "run: hanyeong reindex --rebuild"


def damaged(index):
    """A fresh engine's answer, which must be one clear line."""
    with pytest.raises(IndexOutdatedError, match=REBUILD) as raised:
        WhooshEngine(index).snapshot()
    assert "\n" not in str(raised.value)
    put(WhooshEngine(index), document("b", "x again"), rebuild=True)
    assert found(WhooshEngine(index).snapshot(), query("x")) == ["x again"]


@pytest.mark.parametrize("content", [b"", b"\x00", b"not a table of contents", b"\xff" * 500, b"\x80\x04]."])
def test_an_empty_or_foreign_toc_says_rebuild(engine, index, content):
    put(engine, document("a", "x"))
    toc(index).write_bytes(content)
    damaged(index)


def test_a_toc_that_ends_anywhere_says_rebuild(engine, index):
    put(engine, document("a", "x"))
    whole = toc(index).read_bytes()
    for length in [*range(0, len(whole), max(1, len(whole) // 60)), len(whole) - 1]:
        toc(index).write_bytes(whole[:length])
        with pytest.raises(IndexOutdatedError, match=REBUILD):
            WhooshEngine(index).snapshot()


@settings(max_examples=30)
@given(st.data())
def test_a_toc_with_a_wrong_byte_says_rebuild_or_is_read(data):
    with tempfile.TemporaryDirectory() as temporary:
        index = Path(temporary) / "index"
        put(WhooshEngine(index), document("a", "x"))
        whole = bytearray(toc(index).read_bytes())
        # What comes after is a pickle, which the folder is trusted with.
        at = data.draw(st.integers(0, 60))
        whole[at] ^= data.draw(st.integers(1, 255))
        toc(index).write_bytes(bytes(whole))
        with suppress(IndexOutdatedError):
            assert found(WhooshEngine(index).snapshot(), query("x")) == ["x"]


def test_a_missing_toc_says_what_to_run(engine, index):
    put(engine, document("a", "x"))
    toc(index).unlink()
    with pytest.raises((IndexMissingError, IndexOutdatedError), match=r"run: hanyeong .*reindex"):
        WhooshEngine(index).snapshot()


def test_a_missing_segment_says_rebuild(engine, index):
    put(engine, document("a", "x"))
    for path in folder(index).glob("*.seg"):
        path.unlink()
    damaged(index)


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x00" * 100])
def test_a_damaged_segment_says_rebuild(engine, index, content):
    put(engine, document("a", "x"))
    for path in folder(index).glob("*.seg"):
        path.write_bytes(content)
    damaged(index)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"{}", b'{"Kiwi": 1}'])
def test_damaged_versions_say_rebuild(engine, index, content):
    put(engine, document("a", "x"))
    (folder(index) / "versions.json").write_bytes(content)
    damaged(index)


def test_missing_versions_say_rebuild(engine, index):
    put(engine, document("a", "x"))
    (folder(index) / "versions.json").unlink()
    damaged(index)


@pytest.mark.parametrize("content", [b"", b"\n", b"nowhere\n", b"../..\n", b"\xff\xfe", b"a/b", b".", b".."])
def test_a_damaged_pointer_says_rebuild(engine, index, content):
    put(engine, document("a", "x"))
    (index / "CURRENT").write_bytes(content)
    damaged(index)


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("the schema", "indexer.engine.whoosh.engine.SCHEMA_VERSION"),
        ("the analysis", "indexer.engine.whoosh.engine.ANALYSIS_VERSION"),
    ],
)
def test_an_index_of_another_version_says_rebuild(engine, index, monkeypatch, name, where):
    put(engine, document("a", "x"))
    monkeypatch.setattr(where, "another")
    with pytest.raises(IndexOutdatedError, match=f"another version of {name}; {REBUILD}"):
        WhooshEngine(index).snapshot()
    with pytest.raises(IndexOutdatedError, match=REBUILD), WhooshEngine(index).writer():
        pass
    damaged(index)


def test_an_index_of_another_model_of_kiwi_says_rebuild(engine, index, monkeypatch):
    put(engine, document("a", "x"))
    monkeypatch.setattr("indexer.engine.whoosh.engine.model_version", lambda: "kiwipiepy 9")
    with pytest.raises(IndexOutdatedError, match=f"another version of Kiwi; {REBUILD}"):
        WhooshEngine(index).snapshot()


def test_an_index_that_whoosh_made_by_itself_is_no_index_of_ours(engine, index):
    index.mkdir()
    TOC.create(FileStorage(str(index)), SCHEMA, "MAIN")
    with pytest.raises(IndexMissingError):
        engine.snapshot()
