import os
import unicodedata
from pathlib import Path

import pytest

from indexer.readers import Source, SourceFile, find_sources


def make(root, *names, text="정전 협상"):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def ids(root, only=()):
    sources, failures = find_sources(root, only)
    assert failures == []
    return {
        source.document: [file.path.relative_to(root).as_posix() for file in source.files]
        for source in sources
    }


def test_one_file_is_one_document_named_by_its_path_without_suffix(tmp_path):
    make(tmp_path, "b.txt", "guide/a.md")
    assert ids(tmp_path) == {"b": ["b.txt"], "guide/a": ["guide/a.md"]}


def test_names_and_folders_declare_languages_and_two_files_are_one_document_english_first(tmp_path):
    make(tmp_path, "x.ko.html", "x.en.md", "en/y.html", "ko/y.html", "guide/ko/z.txt", "guide/en/z.pdf")
    assert ids(tmp_path) == {
        "x": ["x.en.md", "x.ko.html"],
        "y": ["en/y.html", "ko/y.html"],
        "guide/z": ["guide/en/z.pdf", "guide/ko/z.txt"],
    }
    source = find_sources(tmp_path)[0][1]
    assert [file.lang for file in source.files] == ["en", "ko"]


def test_one_language_alone_is_a_document_too(tmp_path):
    make(tmp_path, "x.en.html")
    assert find_sources(tmp_path) == ([Source("x", (SourceFile(tmp_path / "x.en.html", "en"),))], [])


def test_the_order_does_not_depend_on_the_file_system(tmp_path):
    make(tmp_path, "c.txt", "a.txt", "b/a.txt", "B.txt")
    assert list(ids(tmp_path)) == ["B", "a", "b/a", "c"]


def test_an_id_is_nfc_and_has_no_characters_that_would_need_escaping(tmp_path):
    make(tmp_path, unicodedata.normalize("NFD", "한글 (역사)") + ".txt", "50% & more?.txt")
    assert set(ids(tmp_path)) == {"한글-역사", "50-more"}


def test_hidden_files_lock_files_and_other_kinds_are_ignored(tmp_path):
    make(tmp_path, ".hidden.txt", ".git/x.txt", "~$x.docx", "image.png", "notes", "y.TXT")
    assert ids(tmp_path) == {"y": ["y.TXT"]}


def test_two_files_that_claim_one_id_are_one_document_and_one_failure(tmp_path):
    make(tmp_path, "x.html", "x.md", "y.txt", "y.en.txt", "y.ko.txt")
    sources, failures = find_sources(tmp_path)
    assert [[file.path.name for file in source.files] for source in sources] == [
        ["x.html"],
        ["y.en.txt", "y.ko.txt"],
    ]
    assert [path.name for path, _ in failures] == ["x.md", "y.txt"]
    assert "claims the document id 'x'" in failures[0][1]
    assert "rename one of them" in failures[0][1]


def test_links_are_followed_inside_the_folder_only(tmp_path):
    root = tmp_path / "archive"
    make(root, "a.txt", "sub/b.txt")
    make(tmp_path, "secret.txt", "outside/c.txt")
    (root / "inside.txt").symlink_to(root / "sub" / "b.txt")
    (root / "leak.txt").symlink_to(tmp_path / "secret.txt")
    (root / "leak").symlink_to(tmp_path / "outside")
    (root / "again").symlink_to(root)
    (root / "gone.txt").symlink_to(root / "nothing.txt")
    (root / "loop.txt").symlink_to(root / "loop.txt")
    (root / "logo.png").symlink_to(tmp_path / "secret.txt")
    sources, failures = find_sources(root)
    assert [source.document for source in sources] == ["a", "inside", "sub/b"]
    reasons = {path.name: why for path, why in failures}
    assert set(reasons) == {"leak.txt", "leak", "gone.txt", "loop.txt"}
    assert "out of the folder" in reasons["leak.txt"]
    assert "out of the folder" in reasons["leak"]
    assert "leads nowhere" in reasons["gone.txt"]
    assert "leads nowhere" in reasons["loop.txt"]


def test_what_is_no_regular_file_is_reported(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    sources, [(path, why)] = find_sources(tmp_path)
    assert sources == []
    assert path.name == "pipe.txt"
    assert "not a regular file" in why


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_a_name_that_is_not_utf_8_is_reported(tmp_path):
    try:
        (tmp_path / os.fsdecode("한글.txt".encode("cp949"))).write_text("x", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    sources, [(_, why)] = find_sources(tmp_path)
    assert sources == []
    assert "not UTF-8" in why


def test_only_some_files_or_folders_can_be_chosen_and_a_pair_stays_whole(tmp_path):
    make(tmp_path, "x.en.txt", "x.ko.txt", "sub/y.txt", "z.txt")
    assert list(ids(tmp_path, [tmp_path / "x.ko.txt"])) == ["x"]
    assert ids(tmp_path, [tmp_path / "x.ko.txt"])["x"] == ["x.en.txt", "x.ko.txt"]
    assert list(ids(tmp_path, [tmp_path / "sub", tmp_path / "z.txt"])) == ["sub/y", "z"]


@pytest.mark.parametrize(
    ("name", "reason"), [("../out.txt", "not inside"), ("../gone.txt", "not inside"), ("a.png", "kind")]
)
def test_a_choice_that_cannot_be_met_is_reported(tmp_path, name, reason):
    root = tmp_path / "archive"
    make(root, "a.txt", "a.png")
    make(tmp_path, "out.txt")
    sources, [(path, why)] = find_sources(root, [root / name])
    assert sources == []
    assert path == root / name
    assert reason in why


def test_a_relative_root_will_do(tmp_path, monkeypatch):
    make(tmp_path, "docs/a.txt")
    monkeypatch.chdir(tmp_path)
    assert [source.document for source in find_sources(Path("docs"))[0]] == ["a"]
    assert [source.document for source in find_sources(Path("docs"), [Path("docs/a.txt")])[0]] == ["a"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is forbidden to the superuser")
def test_a_folder_that_may_not_be_opened_is_reported(tmp_path):
    make(tmp_path, "a.txt", "closed/b.txt")
    (tmp_path / "closed").chmod(0)
    sources, [(path, why)] = find_sources(tmp_path)
    (tmp_path / "closed").chmod(0o700)
    assert [source.document for source in sources] == ["a"]
    assert path.name == "closed"
    assert "permissions" in why


def test_what_is_not_there_any_more_has_no_sources_and_is_no_failure(tmp_path):
    (tmp_path / "a.txt").write_text("A\n\nText.")
    assert find_sources(tmp_path, [tmp_path / "gone.txt"]) == ([], [])
    assert find_sources(tmp_path, [tmp_path / "gone" / "b.png"]) == ([], [])
