"""What all commands have in common: help, exit codes, one line where they cannot run."""

import errno
import json
import os
import subprocess

import click
import pytest
from click.testing import CliRunner

from indexer.cli import main

from .command import assert_one_line, command_line

COMMANDS = ["reindex", "search", "show", "serve", "info", "terms"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(run, command):
    done = run(command, "-h")
    assert done.output == run(command, "--help").output
    assert done.exit_code == 0
    if command != "info":
        assert "Examples:" in done.output
        assert f"\n    hanyeong {command}" in done.output, "one example a line"
    assert all(len(line) <= 100 for line in done.output.splitlines())


def test_the_command_itself_has_help_with_examples_and_all_commands():
    done = CliRunner().invoke(main, ["--help"])
    assert done.exit_code == 0
    assert "Examples:" in done.output
    assert all(f"  {command} " in done.output for command in COMMANDS)
    assert set(main.commands) == set(COMMANDS)


def test_every_option_has_help():
    for command in [main, *main.commands.values()]:
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{command.name} {parameter.opts}"


def test_the_version_is_told():
    assert CliRunner().invoke(main, ["--version"]).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("search",),
        ("search", "x", "--lang", "fr"),
        ("search", "x", "--limit", "0"),
        ("nothing",),
        ("show",),
        ("serve", "--port", "99999"),
    ],
)
def test_arguments_that_mean_nothing_could_not_run(run, arguments):
    done = run(*arguments)
    assert done.exit_code == 2
    assert "Error: " in done.stderr


def test_the_data_folder_may_come_from_the_environment(indexed):
    done = CliRunner().invoke(main, ["info"], env={"HANYEONG_DATA": str(indexed.settings.data)})
    assert done.exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        *(("search", "x"), ("show", "x"), ("terms", "x"), ("info",), ("serve",)),
        *(("reindex",), ("reindex", "--rebuild"), ("reindex", "--check"), ("reindex", "--check", "x")),
    ],
)
def test_a_folder_that_is_not_there_is_told_as_such(run, tmp_path, arguments):
    done = run(*arguments, data=tmp_path / "mistyped")
    assert done.exit_code == 2
    assert_one_line(done.stderr, f"there is no folder {tmp_path / 'mistyped'}; name")
    assert not (tmp_path / "mistyped").exists()


@pytest.mark.parametrize("arguments", [("search", "x"), ("show", "x"), ("terms", "x"), ("info",)])
def test_without_an_index_every_command_says_what_to_run(run, arguments):
    done = run(*arguments)
    assert done.exit_code == 2
    assert_one_line(done.stderr, "run: hanyeong")


@pytest.mark.parametrize(
    "arguments", [("search", "x"), ("show", "x"), ("info",), ("reindex",), ("serve", "--port", "0")]
)
def test_an_outdated_index_says_rebuild(indexed, run, monkeypatch, arguments):
    for module in ("indexer.engine.whoosh.engine", "indexer.statcache"):
        monkeypatch.setattr(f"{module}.ANALYSIS_VERSION", "another")
    done = run(*arguments)
    assert done.exit_code == 2
    assert_one_line(done.stderr, f"run: hanyeong --data {indexed.settings.data} reindex --rebuild")


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize("arguments", [("search", "x"), ("reindex",), ("serve", "--port", "0")])
def test_an_index_in_another_format_says_rebuild(indexed, run, monkeypatch, arguments, changed):
    if changed:
        indexed.write(new="Something new.")
    for module in ("indexer.engine.whoosh.arrayfile", "indexer.statcache"):
        monkeypatch.setattr(f"{module}.FORMAT_VERSION", 1_000)
    done = run(*arguments)
    assert done.exit_code == 2
    assert_one_line(done.stderr, f"run: hanyeong --data {indexed.settings.data} reindex --rebuild")
    assert "damaged" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [("search", "x"), ("info",), ("reindex",), ("reindex", "--check"), ("serve", "--port", "0")]
)
def test_settings_that_mean_nothing_could_not_run(indexed, run, arguments):
    (indexed.settings.data / "hanyeong.toml").write_text("[colours]\n", encoding="utf-8")
    done = run(*arguments)
    assert done.exit_code == 2
    assert_one_line(done.stderr, "hanyeong.toml")


@pytest.mark.parametrize("command", [("terms", "x"), ("info",), ("search", "ceasefire")])
def test_what_the_system_refuses_is_one_line(indexed, run, monkeypatch, command):
    def refuse(*_arguments, **_more):
        raise PermissionError(errno.EACCES, "Permission denied", "/somewhere/file")

    monkeypatch.setattr("indexer.search.open_archive", refuse)
    done = run(*command)
    assert done.exit_code == 2
    assert_one_line(done.stderr, "/somewhere/file: Permission denied")


HOSTILE = "\x1b[2J\x9b31m\u202e\u2066\x7f"


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("reindex",), 1),
        (("reindex", "--check"), 1),
        (("reindex", "--json"), 1),
        (("reindex", "--check", "--json"), 1),
        (("reindex", f"nowhere{HOSTILE}"), 2),
        (("info",), 0),
        (("info", "--json"), 0),
        (("terms", f"word{HOSTILE}"), 0),
        (("show", f"x{HOSTILE}"), 2),
        (("search", f'"{HOSTILE}" ceasefire'), 0),
    ],
)
def test_nothing_that_is_printed_steers_the_terminal(indexed, run, arguments, code):
    documents = indexed.settings.documents
    (documents / f"good{HOSTILE}\nindexed: no.txt").write_text("The ceasefire holds.", encoding="utf-8")
    (documents / f"bad{HOSTILE}.txt").write_text("", encoding="utf-8")
    (documents / f"unread.x{HOSTILE}").write_text("", encoding="utf-8")
    for name in ("a\nindexed: no.md", "b\nindexed: no.md"):  # the second cannot be read
        (documents / name).write_text("---\nid: same\n---\n\nThe ceasefire.", encoding="utf-8")
    done = run(*arguments)
    assert done.exit_code == code
    told = done.stdout + done.stderr
    assert not set(told) & set(HOSTILE) - set("[2J31m")
    if "reindex" in arguments and "--json" not in arguments:
        assert "␛[2J�31m" in told
    assert "\nindexed: no." not in told


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
def test_programs_are_told_the_names_of_files_as_they_are(small, run):
    name = f"good{HOSTILE}\n.txt"
    for one in (name, "b.txt"):
        (small.settings.documents / one).write_text("The ceasefire holds.", encoding="utf-8")
    for event in ("indexed", "unchanged", "unchanged"):  # the last one at a glance
        out = run("reindex", "--json").stdout
        assert not set(out) & set(HOSTILE) - set("[2J31m")
        told = [json.loads(line) for line in out.splitlines()]
        assert {one["path"] for one in told if one["event"] == event} == {name, "b.txt"}


def test_damaged_addresses_could_not_run(indexed, run):
    indexed.settings.addresses.write_text("{\n", encoding="utf-8")
    done = run("reindex")
    assert done.exit_code == 2
    assert_one_line(done.stderr, "addresses.jsonl, line 1")


@pytest.mark.parametrize(
    "arguments", [("show", "war"), ("show", "war", "--json"), ("search", "ceasefire", "--json"), ("info",)]
)
def test_a_pipe_that_nobody_reads_ends_the_command_quietly(indexed, arguments):
    """`hanyeong show war | head -1`."""
    read, write = os.pipe()
    os.close(read)
    command = command_line(indexed.settings.data, *arguments)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(write)
    assert done.stderr == b""
    assert done.returncode == 0
