"""A reindex where nothing has changed is answered at a glance, and never wrongly."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import plan
from indexer.changes import Failed, Indexed, Planned, Unchanged
from indexer.errors import SettingsError
from indexer.events import print_events
from indexer.glance import tell_unchanged
from indexer.lexicon import Teacher
from indexer.listing import list_sources
from indexer.readers import find_sources
from indexer.settings import DEFAULT_DATA, Settings
from indexer.statcache import NAME, Look
from indexer.terminal.progress import print_changes

A = "First title\n\nThe ceasefire holds.\n"
B = "Second title\n\nThe museum is closed.\n"


def age(small, seconds=3600):
    """Lets all sources be as if they had been written long ago."""
    then = time.time_ns() - seconds * 10**9
    for path in small.settings.documents.rglob("*.*"):
        os.utime(path, ns=(then, then))


def glance(small):
    """The documents that are told to be unchanged, each with its path; `None` where it has to be looked."""
    found = Look(os.fspath(small.settings.data)).unchanged()
    if found is None:
        return None
    events = [json.loads(line) for line in found[1].splitlines()]
    assert found[0] == len(events)
    return [(one["document"], one["path"]) for one in events]


@pytest.fixture
def old(small):
    """An archive whose files were written long ago, after a reindex."""
    (small.settings.documents / "sub").mkdir()
    small.write(**{"a": A, "sub/b": B})
    (small.settings.documents / "z.en.txt").write_text(A, encoding="utf-8")
    (small.settings.documents / "z.ko.txt").write_text("첫 글\n\n정전이 이어진다.\n", encoding="utf-8")
    age(small)
    small.reindex()
    return small


# --- what is told --------------------------------------------------------------------------------------


def test_after_a_reindex_a_glance_tells_the_same_as_the_next_one(old):
    assert glance(old) == [("a", "a.txt"), ("sub/b", "sub/b.txt"), ("z", "z.en.txt + z.ko.txt")]
    changes = old.reindex()
    assert changes[0] == Planned(3)
    assert glance(old) == [(one.document, one.path) for one in changes[1:]]


@pytest.mark.parametrize("as_json", [False, True])
def test_a_glance_is_told_in_the_very_words_of_a_reindex(old, capsys, as_json):
    assert tell_unchanged(os.fspath(old.settings.data), as_json=as_json) is None
    told = capsys.readouterr().out
    show = print_events if as_json else print_changes
    changes = old.reindex()
    show(changes if as_json else lambda _: changes)
    assert told == capsys.readouterr().out
    assert "3 unchanged" in told or as_json


def test_an_archive_without_documents_can_be_glanced_at(small):
    small.reindex()
    assert glance(small) == []
    small.write(a=A)
    assert glance(small) is None


def test_reading_anew_keeps_what_it_saw_and_a_part_of_the_archive_does_not(old):
    old.reindex(rebuild=True)
    assert len(glance(old)) == 3
    old.write(a=A + "\nMore.\n")
    age(old, 1800)
    old.reindex(old.settings.documents / "a.txt")
    assert glance(old) is None
    old.reindex()
    assert len(glance(old)) == 3


def test_what_came_from_outside_is_not_looked_at_unasked(old, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text(B, encoding="utf-8")
    old.reindex(letter)
    old.reindex(rebuild=True)
    assert [document for document, _ in glance(old)] == ["a", "sub/b", "z"]


# --- what must not be missed ---------------------------------------------------------------------------


def add(data):
    (data.documents / "new.TXT").write_text(B, encoding="utf-8")


def add_in_a_new_folder(data):
    (data.documents / "deep" / "er").mkdir(parents=True)
    (data.documents / "deep" / "er" / "new.md").write_text(B, encoding="utf-8")


def change(data):
    (data.documents / "a.txt").write_text(A + "More.\n", encoding="utf-8")


def touch(data):
    os.utime(data.documents / "sub" / "b.txt")


def remove(data):
    (data.documents / "sub" / "b.txt").unlink()


def rename(data):
    (data.documents / "a.txt").rename(data.documents / "c.txt")


def move(data):
    (data.documents / "a.txt").rename(data.documents / "sub" / "a.txt")


def link(data):
    (data.documents / "link.txt").symlink_to(data.documents / "a.txt")


def lose_the_registry(data):
    data.addresses.unlink()


def change_the_registry(data):
    data.addresses.write_text(data.addresses.read_text(encoding="utf-8") + "\n", encoding="utf-8")


def settle(data):
    (data.data / "hanyeong.toml").write_text("[reading]\nmax_megabytes = 1\n", encoding="utf-8")


def lose_the_index(data):
    shutil.rmtree(next(data.index.glob("generation-*")))


def lose_a_segment(data):
    next(data.index.rglob("*.seg")).unlink()


def lose_the_documents(data):
    shutil.rmtree(data.documents)


def be_running(data):
    (data.index / "reindex.json").write_text("{}", encoding="utf-8")


@pytest.mark.parametrize(
    "act",
    [
        add, add_in_a_new_folder, change, touch, remove, rename, move, link, lose_the_registry,
        change_the_registry, settle, lose_the_index, lose_a_segment, lose_the_documents, be_running,
    ],
)  # fmt: skip
def test_whatever_has_changed_is_looked_at_closely(old, act):
    assert glance(old) is not None
    act(old.settings)
    assert glance(old) is None


@pytest.mark.parametrize("name", ["notes.odt", ".hidden.txt", "~$a.docx", ".git/config.txt"])
def test_what_is_no_source_changes_nothing(old, name):
    path = old.settings.documents / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(A, encoding="utf-8")
    assert glance(old) is not None
    assert [type(one) for one in old.reindex()] == [Planned, Unchanged, Unchanged, Unchanged]


@pytest.mark.parametrize(
    "version",
    ["SCHEMA_VERSION", "FORMAT_VERSION", "ANALYSIS_VERSION", "LEXICON_VERSION", "LESSONS_VERSION"],
)
def test_another_version_is_looked_at_closely(old, monkeypatch, version):
    monkeypatch.setattr(f"indexer.statcache.{version}", "another")
    assert glance(old) is None


def test_another_kiwi_is_looked_at_closely(old, monkeypatch, tmp_path):
    (tmp_path / "site" / "kiwipiepy-99.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert glance(old) is None


def test_a_failure_is_named_each_time(small):
    small.write(a=A, b="")
    age(small)
    for _ in range(2):
        assert [one.path for one in small.reindex() if isinstance(one, Failed)] == ["b.txt"]
        assert glance(small) is None


# --- files that change within one tick of the clock ------------------------------------------------------


def test_a_file_that_changes_in_the_same_tick_and_keeps_its_size_is_read_again(small):
    path = small.settings.documents / "a.txt"
    small.write(a=A)
    small.reindex()
    assert glance(small) == [("a", "a.txt")]
    status = path.stat()
    path.write_text(A.replace("holds", "broke"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert glance(small) is None
    assert [type(one) for one in small.reindex()] == [Planned, Indexed]
    assert small.texts("ceasefire") == ["The ceasefire broke."]


def test_the_same_without_what_the_last_reindex_kept(small):
    path = small.settings.documents / "a.txt"
    small.write(a=A)
    small.reindex()
    (small.settings.index / NAME).unlink()
    status = path.stat()
    path.write_text(A.replace("holds", "broke"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert [type(one) for one in small.reindex()] == [Planned, Indexed]


def test_the_same_after_a_reindex_that_found_no_change(small, monkeypatch):
    small.write(a=A)
    age(small)
    small.reindex()
    path = small.settings.documents / "a.txt"
    os.utime(path)
    small.reindex()
    assert glance(small) == [("a", "a.txt")]
    status = path.stat()
    path.write_text(A.replace("holds", "broke"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert glance(small) is None


def test_a_file_that_was_read_long_after_its_change_is_told_by_its_time(old, monkeypatch):
    monkeypatch.setattr(plan, "_sha256", lambda _: pytest.fail("its content was looked at"))
    assert [type(one) for one in old.reindex()] == [Planned, Unchanged, Unchanged, Unchanged]


# --- damage --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def to_be_damaged(small_module):
    """An archive that every reindex leaves as it was, and what stands in its file."""
    small_module.write(a=A)
    age(small_module)
    small_module.reindex()
    return small_module, (small_module.settings.index / NAME).read_bytes()


@given(st.data())
@settings(max_examples=60)
def test_a_damaged_file_is_no_answer(to_be_damaged, data):
    small, whole = to_be_damaged
    path = small.settings.index / NAME
    at = data.draw(st.integers(0, len(whole) - 1))
    damage = data.draw(st.sampled_from(["cut", "flip", "drop"]))
    if damage == "cut":
        path.write_bytes(whole[:at])
    elif damage == "flip":
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    else:
        path.write_bytes(whole[:at] + whole[at + 1 :])
    assert glance(small) is None
    small.reindex()
    assert path.read_bytes() == whole


def test_a_file_that_is_missing_or_stale_is_no_answer(old):
    path = old.settings.index / NAME
    stale = path.read_bytes()
    old.write(a=A + "\nMore.\n")
    age(old)
    old.reindex()
    assert glance(old) is not None
    path.write_bytes(stale)
    assert glance(old) is None
    path.unlink()
    assert glance(old) is None


def test_where_it_cannot_be_written_the_reindex_has_succeeded_nevertheless(small):
    (small.settings.index / f".{NAME}.new").mkdir(parents=True)
    small.write(a=A)
    assert isinstance(small.reindex()[-1], Indexed)
    assert glance(small) is None


# --- the listing ---------------------------------------------------------------------------------------

NAMES = st.text("aB.~$_ 한", min_size=1, max_size=6).filter(lambda name: name.strip(".") and "/" not in name)
ENDINGS = st.sampled_from([".txt", ".TXT", ".md", ".docx", ".jpg", "", ".txt.bak"])


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "x/", "x/y/", ".h/", "~$w/"]), NAMES, ENDINGS), max_size=8, unique=True
    ),
    st.booleans(),
)
@settings(max_examples=60)
def test_the_listing_has_all_that_the_readers_find_and_may_be_divided(tmp_path_factory, files, divided):
    root = tmp_path_factory.mktemp("listed")
    for folder, name, ending in files:
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / f"{name}{ending}").write_text(name, encoding="utf-8")
    lines = list_sources(os.fspath(root), divided=divided)
    sources, failures = find_sources(root)
    found = {file.path for source in sources for file in source.files} | {path for path, _ in failures}
    assert {root / line.partition("\0")[0] for line in lines} >= found
    assert lines == sorted(lines)
    for line in lines:
        path, _, numbers = line.partition("\0")
        status = (root / path).stat()
        assert numbers == f"{status.st_size} {status.st_mtime_ns}"


def test_where_a_folder_is_missing_there_is_no_listing(tmp_path):
    assert list_sources(os.fspath(tmp_path / "nowhere")) is None
    assert list_sources(os.fspath(tmp_path / "nowhere"), divided=True) is None


@pytest.mark.parametrize("divided", [False, True])
def test_a_link_in_any_folder_is_no_listing(tmp_path, divided):
    for name in "abcd":
        (tmp_path / name).mkdir()
    for name in "abcd":
        (tmp_path / name / "link").symlink_to(tmp_path)
        assert list_sources(os.fspath(tmp_path), divided=divided) is None
        (tmp_path / name / "link").unlink()
    assert list_sources(os.fspath(tmp_path), divided=divided) == []


# --- the command ---------------------------------------------------------------------------------------


def command(*arguments, environment=None, report=""):
    code = f"from indexer.__main__ import main\ntry:\n main()\nfinally:\n {report or 'pass'}"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, **(environment or {})},
    )


REPORT = "import sys; sys.stderr.write(' '.join(sorted({name.partition('.')[0] for name in sys.modules})))"


@pytest.mark.parametrize("named", ["option", "environment"])
def test_the_command_answers_before_any_library_is_loaded(old, named):
    data = os.fspath(old.settings.data)
    arguments = ["--data", data, "reindex"] if named == "option" else ["reindex"]
    done = command(*arguments, environment={"HANYEONG_DATA": data}, report=REPORT)
    assert done.returncode == 0
    assert done.stdout.startswith("0 documents indexed (0 passages), 3 unchanged, in ")
    assert {"click", "rich", "numpy", "whoosh", "pathlib", "typing", "re", "json", "subprocess"} & set(
        done.stderr.split()
    ) == set()


def test_the_command_looks_closely_where_it_must(old):
    change(old.settings)
    done = command("--data", old.settings.data, "reindex", "--json")
    assert [json.loads(line)["event"] for line in done.stdout.splitlines()] == [
        "planned", "unchanged", "unchanged", "indexed", "learned",
    ]  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_other_arguments_go_to_the_command(old):
    assert "Usage:" in command("reindex", "--help").stdout
    assert command("--data", old.settings.data, "reindex", "--nonsense").returncode == 2
    assert "a.txt" not in command("--data", old.settings.data, "reindex", "--check").stdout


def test_both_ways_into_the_command_mean_the_same_folder():
    from indexer.listing import DATA  # noqa: PLC0415

    assert Path(DATA) == DEFAULT_DATA
    assert Settings(Path("x")).documents == Path("x/documents")


# --- what could be taken wrongly -------------------------------------------------------------------------


def test_a_name_with_a_line_break_is_looked_at_closely_each_time(small):
    small.write(**{"a\nb": A})
    for _ in range(2):
        small.reindex()
        assert glance(small) is None


def test_a_glossary_that_changes_while_it_is_in_use_is_read_by_the_next_reindex(old, monkeypatch):
    glossary = old.settings.glossary
    glossary.write_text("ceasefire\t정전\n", encoding="utf-8")
    os.utime(glossary, (1, 1))
    save = Teacher.save

    def save_late(*arguments):
        glossary.write_text("ceasefire\t휴전\n", encoding="utf-8")
        os.utime(glossary, (2, 2))
        return save(*arguments)

    monkeypatch.setattr(Teacher, "save", save_late)
    old.reindex()
    assert glance(old) is None
    monkeypatch.undo()
    old.reindex()
    assert glance(old) is not None
    assert "휴전" in {known.text for _, found in old.archive.terms("ceasefire") for known in found}


def test_a_folder_that_cannot_be_written_is_told_in_one_line(old, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("indexer.exclusive._note", refuse)
    with pytest.raises(SettingsError, match="cannot be written: Permission denied"):
        old.reindex()
    monkeypatch.undo()
    old.reindex()  # the lock is free again
