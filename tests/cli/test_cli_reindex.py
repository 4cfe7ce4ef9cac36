"""`hanyeong reindex`."""

import json
import os
import re
import signal
import subprocess
import sys
from typing import get_args

import pytest
from click.testing import CliRunner

from indexer.changes import Change, Checked, Failed
from indexer.cli import main

from .command import TEXT, assert_one_line, command_line, finished, process


def events(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_reindex_prints_plain_lines_where_nobody_watches(small, run):
    small.write(war=TEXT)
    done = run("reindex")
    assert done.exit_code == 0
    assert "\x1b" not in done.output
    assert "\r" not in done.output
    assert done.stdout.startswith("1 document indexed (")
    assert "war.txt" in done.stderr


def test_reindex_again_tells_that_nothing_has_changed(indexed, run):
    done = run("reindex")
    assert done.exit_code == 0
    assert "1 unchanged" in done.stdout


def test_a_reindex_that_finds_nothing_to_read_says_so_each_time(small):
    (small.settings.documents / "letter.hwp").write_text("x", encoding="utf-8")
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-m", "indexer", "--data", small.settings.data, "reindex"],
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        first, second = done.stdout.splitlines()
        assert first.startswith("0 documents indexed (0 passages), in ")
        assert second.startswith(
            f"there is nothing to read in {small.settings.documents}: put texts there, as .docx "
        )
    small.write(war=TEXT)
    assert "nothing" not in finished(small.settings.data, "reindex")[1]


def test_reindex_exits_with_1_and_names_the_files_that_failed(small, run):
    small.write(war=TEXT, empty="")
    done = run("reindex")
    assert done.exit_code == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("failed: ")]
    assert "empty.txt" in line
    assert "1 failed" in done.stdout
    assert small.texts("ceasefire")


def test_a_file_that_fails_now_stays_searchable_as_it_was_and_is_told_so(small, run):
    small.write(war=TEXT, young=TEXT)
    old = small.settings.documents / "war.txt"
    os.utime(old, (1_700_000_000, 1_700_000_000))  # 14 November 2023, or 15 in the east
    assert run("reindex").exit_code == 0
    for name in ("war", "young"):
        small.write(**{name: f"The quetzal sings.\n\n{TEXT * 1000}"})
    (small.settings.data / "hanyeong.toml").write_text("[reading]\nmax_megabytes = 0.01\n", encoding="utf-8")
    for arguments in (("reindex",), ("reindex", "--check"), ("reindex",)):
        done = run(*arguments)
        assert done.exit_code == 1
        assert re.search(r"war\.txt: .*; the version of 2023-11-1\d stays searchable\n", done.stderr)
        assert re.search(r"young\.txt: .*; what was read of it before stays searchable\n", done.stderr)
    failed = [event for event in events(run("reindex", "--json")) if event["event"] == "failed"]
    assert [(one["before"], one["version"][:8]) for one in failed] == [("stays", "2023-11-"), ("stays", "")]
    assert len(small.texts("ceasefire")) == 2
    assert not small.texts("quetzal")
    done = run("reindex", "--rebuild")
    assert re.search(r"war\.txt: .*; the version of 2023-11-1\d is no longer searchable\n", done.stderr)
    assert not small.texts("ceasefire")


def test_a_file_that_never_could_be_read_has_no_former_version(small, run):
    small.write(war=TEXT, broken="\0")
    done = run("reindex")
    assert "version" not in done.stderr
    (failed,) = [event for event in events(run("reindex", "--json")) if event["event"] == "failed"]
    assert (failed["before"], failed["version"]) == ("", "")


def test_lines_of_the_glossary_that_cannot_be_used_are_no_files_that_failed(small, run):
    small.write(war=TEXT, broken="\0")
    small.settings.glossary.write_text("war\n\nceasefire\t정전\nx\ty\n", encoding="utf-8")
    done = run("reindex")
    assert done.exit_code == 1
    assert f"\nunused: {small.settings.glossary}, line 1: there is no tab" in done.stderr
    assert ", 1 failed, 2 lines of the glossary unused, in " in done.stdout


def test_reindex_json_is_one_object_a_line(small, run):
    small.write(war=TEXT)
    done = run("reindex", "--json")
    assert done.exit_code == 0
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["event"] for event in events] == ["planned", "indexed"]
    assert events[1]["path"] == "war.txt"
    assert events[1]["passages"] > 2


def test_a_renamed_document_is_told_as_renamed(indexed, run):
    indexed.write(other="Another\n\nA letter of another kind.\n")
    run("reindex")
    (indexed.settings.documents / "war.txt").rename(indexed.settings.documents / "peace.txt")
    done = run("reindex")
    assert "renamed: war → peace" in done.stderr
    assert "removed" not in done.output
    assert re.match(r"1 document indexed \(\d passages\), 1 of them renamed, 1 unchanged, in", done.stdout)


def test_a_date_that_is_not_understood_is_a_line_and_no_failure(small, run):
    (small.settings.documents / "war.md").write_text("---\ndate: 1950s\n---\n\nThe war.\n")
    done = run("reindex")
    assert done.exit_code == 0
    assert re.search(
        r"^undated: .*war\.md: declares the date '1950s', which is not", done.stderr, re.MULTILINE
    )
    assert "1 date not understood" in done.stdout
    event = json.loads(run("reindex", "--rebuild", "--json").stdout.splitlines()[-1])
    assert (event["event"], event["document"], event["path"]) == ("undated", "war", "war.md")


def test_the_help_names_every_event(run):
    text = run("reindex", "--help").stdout
    events = [kind.__name__.lower() for kind in (*get_args(Change), Checked, Failed)]
    assert [event for event in [*events, "totals"] if event not in text] == []


def test_reindex_json_goes_on_after_a_file_that_failed(small, run):
    """And commits what was read."""
    small.write(a_empty="", war=TEXT, z_empty="")
    done = run("reindex", "--json")
    assert done.exit_code == 1
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted(event["event"] for event in events) == ["failed", "failed", "indexed", "planned"]
    assert small.texts("ceasefire")


def test_reindex_check_tells_and_changes_nothing(indexed, run):
    before = indexed.settings.addresses.read_bytes()
    indexed.write(war=TEXT.replace("The ceasefire holds. Nobody negotiates.", "Museums are open today."))
    done = run("reindex", "--check")
    assert done.exit_code == 1, "an address would be lost"
    assert re.search(r"\b1 lost +would lead to a tombstone", done.stdout)
    assert "Nobody negotiates" in done.stdout
    assert indexed.settings.addresses.read_bytes() == before


def test_reindex_check_json_tells_each_document_and_the_totals(indexed, run):
    indexed.write(
        war=TEXT.replace("The ceasefire holds. Nobody negotiates.", "Museums are open today."), empty=""
    )
    done = run("reindex", "--check", "--json")
    assert done.exit_code == 1
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["event"] for event in events] == ["failed", "checked", "totals"]
    comparison, totals = events[1]["comparison"], events[2]
    (lost,) = comparison["lost"]
    assert lost["text"] == "The ceasefire holds. Nobody negotiates."
    assert (totals["lost"], totals["failed"]) == (1, 1)
    assert totals["kept"] == comparison["kept"] > 0
    counted = {kind: len(told) for kind, told in comparison.items() if kind != "kept"}
    assert {kind: totals[kind] for kind in counted} == counted


def damage(settings):
    """Changes one byte far inside the index, which nothing but a search for the right word would read."""
    (path,) = settings.index.glob("generation-*/*.seg")
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)


def test_a_reindex_notices_that_the_index_is_damaged(indexed, run):
    damage(indexed.settings)
    done = run("reindex")
    assert done.exit_code == 2
    assert_one_line(done.stderr, "the index is damaged: ")
    assert_one_line(done.stderr, f"run: hanyeong --data {indexed.settings.data} reindex --rebuild")
    assert run("reindex", "--rebuild").exit_code == 0
    assert run("reindex").stdout.startswith("0 documents indexed (0 passages), 1 unchanged")


def test_a_reindex_makes_the_index_anew_where_its_table_of_contents_is_gone(indexed, run):
    before = indexed.addresses()
    (path,) = indexed.settings.index.glob("generation-*/*.toc")
    path.unlink()
    assert run("search", "ceasefire").exit_code == 2
    done = run("reindex")
    assert (done.exit_code, done.stdout.partition(" (")[0]) == (0, "1 document indexed")
    assert indexed.addresses() == before


def test_reindex_check_looks_at_the_index_too(indexed, run):
    assert run("reindex", "--check").exit_code == 0
    damage(indexed.settings)
    done = run("reindex", "--check")
    assert done.exit_code == 1
    assert done.stderr.startswith("failed: the index is damaged: ")
    assert f"run: hanyeong --data {indexed.settings.data} reindex --rebuild" in done.stderr
    *_, failed, totals = map(json.loads, run("reindex", "--check", "--json").stdout.splitlines())
    assert (failed["event"], failed["path"], totals["failed"]) == ("failed", "index", 1)


TRUCE_EN = """The Long War

The ceasefire talks began in July 1951 at Kaesong.

The armistice was signed on 27 July 1953 at Panmunjom.
"""
TRUCE_KO = """긴 전쟁

정전 협상은 1951년 7월 개성에서 시작되었다.

정전 협정은 1953년 7월 27일 판문점에서 조인되었다.
"""


def test_that_much_has_no_pair_is_told_and_that_little_has_none_is_not(small, run):
    small.write(**{"truce.en": TRUCE_EN, "truce.ko": TRUCE_KO})
    assert "pair" not in run("reindex").stdout
    (indexed,) = [one for one in events(run("reindex", "--rebuild", "--json")) if one["event"] == "indexed"]
    assert (indexed["passages"], indexed["unpaired"]) == (6, 0)
    alone = "대통령은 새로운 경제 정책을 발표하고 물가를 안정시키겠다고 약속했다.\n"
    small.write(**{"truce.ko": f"{TRUCE_KO}\n{alone}\n{alone[::-1]}"})
    told = run("reindex").stdout.splitlines()[1]
    assert re.match(r"[2-8] of 8 passages in documents in both languages have no pair: a small archive", told)


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("lexicon.zip", "nothing is searched in the other language"),
        ("lessons.jsonl", "has to read all pairs anew"),
        ("translations.npz", "has to learn anew which passages say the same"),
    ],
)
def test_reindex_check_looks_at_what_the_pairs_taught_too(indexed, run, name, means):
    indexed.write(**{"truce.en": TRUCE_EN, "truce.ko": TRUCE_KO})
    indexed.reindex()
    assert run("reindex", "--check").exit_code == 0
    path = indexed.settings.index / name
    path.write_bytes(path.read_bytes()[:-9])
    done = run("reindex", "--check")
    assert done.exit_code == 1
    assert done.stderr.startswith(f"failed: {path}: ")
    assert means in done.stderr
    assert f"delete the file; run: hanyeong --data {indexed.settings.data} reindex" in done.stderr
    *_, failed, totals = map(json.loads, run("reindex", "--check", "--json").stdout.splitlines())
    assert (failed["event"], failed["path"], totals["failed"]) == ("failed", f"index/{name}", 1)
    path.unlink()
    assert run("reindex").exit_code == 0
    assert run("reindex", "--check").exit_code == 0


def test_reindex_check_tells_that_the_addresses_are_gone_and_what_would_be_kept(indexed, run):
    indexed.settings.addresses.unlink()
    done = run("reindex", "--check")
    assert done.exit_code == 1
    assert done.stderr.startswith(f"failed: {indexed.settings.addresses}: is not there; ")
    assert not indexed.settings.addresses.exists()
    *_, totals = map(json.loads, run("reindex", "--check", "--json").stdout.splitlines())
    assert totals["kept"] > 0
    assert (totals["new"], totals["lost"], totals["failed"]) == (0, 0, 1)
    assert run("reindex").stderr.startswith(f"failed: {indexed.settings.addresses}: was not there, and has")


def test_reindex_check_shows_what_an_edit_changes_and_is_content(indexed, run):
    indexed.write(war=TEXT.replace("Nobody", "Somebody"))
    done = run("reindex", "--check")
    assert done.exit_code == 0, "every address leads to its passage"
    assert re.search(r"\b1 changed ", done.stdout)
    assert "Nobody negotiates" in done.stdout
    assert "→ The ceasefire holds. Somebody negotiates." in done.stdout


def test_reindex_of_a_source(small, run, tmp_path):
    (tmp_path / "letter.txt").write_text(TEXT, encoding="utf-8")
    assert run("reindex", tmp_path / "letter.txt").exit_code == 0
    assert small.texts("ceasefire")


def test_reindex_rebuild(indexed, run):
    before = indexed.addresses()
    assert run("reindex", "--rebuild").exit_code == 0
    assert indexed.addresses() == before


def test_reindex_of_a_source_that_is_not_there_could_not_run(run, tmp_path):
    done = run("reindex", tmp_path / "nowhere")
    assert done.exit_code == 2
    assert_one_line(done.stderr, "no such file or folder")


def test_an_interruption_is_one_line_and_changes_nothing(indexed, run, monkeypatch):
    before = indexed.addresses()

    def interrupted(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr("indexer.ingest.read_all", interrupted)
    indexed.write(other="Title\n\nText here.\n")
    done = run("reindex")
    assert done.exit_code == 130
    assert "stopped; the index is as it was" in done.stderr
    assert_one_line(done.stderr.splitlines(keepends=True)[-1], "stopped")
    assert "Traceback" not in done.output
    assert indexed.addresses() == before
    monkeypatch.undo()
    assert run("reindex").exit_code == 0


def terminated(*_args, **_more):
    os.kill(os.getpid(), signal.SIGTERM)
    return iter(())


@pytest.mark.skipif(os.name == "nt", reason="ends the reindex with a signal")
class TestToldToEnd:
    """By SIGTERM, as from systemd, a container or cron."""

    def test_a_reindex_says_in_one_line_that_nothing_has_changed(self, indexed, run, monkeypatch):
        before = indexed.addresses()
        monkeypatch.setattr("indexer.update.ingest", terminated)
        indexed.write(other="Title\n\nText here.\n")
        done = run("reindex", "--json")
        assert done.exit_code == 143
        assert_one_line(done.stderr, "stopped; the index is as it was")
        assert indexed.addresses() == before
        monkeypatch.undo()
        assert run("reindex").exit_code == 0
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL

    def test_a_first_reindex_says_that_there_is_no_index_yet(self, small, run, monkeypatch):
        monkeypatch.setattr("indexer.update.ingest", terminated)
        small.write(war=TEXT)
        assert_one_line(run("reindex").stderr, "stopped; there is no index yet")

    def test_a_rebuild_of_what_cannot_be_read_says_that_it_is_as_it_was(self, indexed, run, monkeypatch):
        (versions,) = indexed.settings.index.glob("generation-*/versions.json")
        versions.write_text("{}", encoding="utf-8")
        monkeypatch.setattr("indexer.update.ingest", terminated)
        assert_one_line(run("reindex", "--rebuild").stderr, "stopped; the index is as it was")

    def test_after_the_commit_it_says_what_is_left_to_do(self, indexed, run, monkeypatch):
        monkeypatch.setattr("indexer.teaching.Teaching.finish", terminated)
        indexed.write(other="Title\n\nText here.\n")
        done = run("reindex", "--json")
        assert done.exit_code == 143
        assert_one_line(done.stderr, "the index is up to date, what its pairs teach is not: run it again")
        assert indexed.texts("here")

    def test_a_process_ends_so_with_all_that_it_began(self, small):
        small.write(**{f"a{n}": f"Title {n}\n\nThe ceasefire holds for {n} days.\n" for n in range(3_000)})
        started = process(small.settings.data, "reindex", "--json")
        assert b"planned" in started.stdout.readline()
        started.terminate()
        _, err = started.communicate(timeout=60)  # a child that lives on would keep the pipes open
        assert started.returncode == 143
        assert_one_line(err.decode(), "stopped; there is no index yet")

    def test_a_server_that_builds_the_index_does_not_begin_to_serve(self, small, run, monkeypatch):
        monkeypatch.setattr("indexer.update.ingest", terminated)
        monkeypatch.setattr("webapp.server.serve_forever", pytest.fail)
        monkeypatch.setattr("os._exit", sys.exit)
        small.write(war=TEXT)
        done = run("serve", "--port", "0")
        assert done.exit_code == 0, "as whenever somebody stops a server"
        assert_one_line(done.stderr, "stopped; there is no index yet")


def test_a_reindex_whose_output_nobody_reads_is_done_all_the_same(small):
    small.write(war="Title\n\nThe ceasefire holds.\n")
    read, write = os.pipe()
    os.close(read)
    command = command_line(small.settings.data, "reindex")
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(write)
    assert b"Traceback" not in done.stderr
    assert small.texts("ceasefire")


def on_a_terminal(data, *arguments):
    """What somebody sees who watches the command."""
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"}
    started = subprocess.Popen(
        command_line(data, *arguments), stdout=follower, stderr=follower, env=environment
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            piece = os.read(leader, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(leader)
    assert started.wait(timeout=60) == 0
    return shown.decode()


def test_on_a_terminal_there_is_a_live_bar_with_rate_and_time_left(small):
    small.write(**{f"a{n}": f"Title {n}\n\nThe ceasefire holds.\n" for n in range(40)})
    text = on_a_terminal(small.settings.data, "reindex")
    assert "/40" in text
    assert "characters/s" in text or "passages/s" in text
    assert "0:00:0" in text
    assert "40 documents indexed" in text


def test_on_a_terminal_a_check_shows_how_far_it_is(small):
    small.write(**{f"a{n}": f"Title {n}\n\nThe ceasefire holds.\n" for n in range(40)})
    text = on_a_terminal(small.settings.data, "reindex", "--check")
    assert "40/40" in text
    assert " 80 new " in text


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ("1T", "'1T' is not a size; give a whole number of M or G, 16M or more, such as 512M or 1G"),
        ("1K", "'1K' is not a size; "),
        ("many", "is not a size; give a whole number of M or G"),
        ("0M", "is not a size; "),
        ("1M", "'1M' is too little; give a whole number of M or G, 16M or more, such as 512M or 1G"),
    ],
)
def test_a_size_that_is_none_is_told_with_what_to_write(tmp_path, size, told):
    (tmp_path / "documents").mkdir()
    result = CliRunner().invoke(main, ["--data", str(tmp_path), "reindex", "--memory", size])
    assert result.exit_code == 2
    assert told in " ".join(result.output.split())


@pytest.mark.parametrize("size", ["16M", "512m", "1G", "2GB"])
def test_memory_may_be_given_for_a_reindex(tmp_path, size):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text("The war ends.\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["--data", str(tmp_path), "reindex", "--memory", size])
    assert result.exit_code == 0, result.output
