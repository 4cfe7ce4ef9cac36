import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from functools import partial

import click
import pytest
from click.testing import CliRunner

from indexer.cli import main

COMMANDS = ["reindex", "search", "show", "serve", "info", "terms"]
TEXT = """The Long War

By Ann Kim, 8 July 2023

The ceasefire holds. Nobody negotiates.

라브로프와의 정전 협상이 시작됐다.
"""


@pytest.fixture
def run(small):
    """Runs the command over a small archive."""

    def run(*arguments, data=small.settings.data):
        return CliRunner().invoke(main, ["--data", str(data), *map(str, arguments)])

    return run


@pytest.fixture
def indexed(small):
    small.write(war=TEXT)
    small.reindex()
    return small


def process(*arguments, **options):
    """The command as people run it, in a process of its own."""
    command = [sys.executable, "-c", "from indexer.cli import main; main()", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def finished(*arguments, **options):
    started = process(*arguments, **options)
    out, err = started.communicate(timeout=60)
    return started.returncode, out.decode(), err.decode()


# --- help ----------------------------------------------------------------------------------------------


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


def test_a_search_can_be_explained(indexed, run):
    plain = run("search", "ceasefire talks", "--explain")
    assert plain.exit_code == 0
    assert "ceasefire as a word " in plain.output
    hits = json.loads(run("search", "ceasefire talks", "--explain", "--json").output)["hits"]
    assert hits
    for hit in hits:
        assert {"word", "by", "share", "in_title"} == set(hit["why"][0])
        assert abs(sum(one["share"] for one in hit["why"]) - 1) < 0.05
    assert "why" not in json.loads(run("search", "ceasefire", "--json").output)["hits"][0]


def test_every_option_has_help():
    for command in [main, *main.commands.values()]:
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{command.name} {parameter.opts}"


def test_the_version_is_told():
    assert CliRunner().invoke(main, ["--version"]).exit_code == 0


# --- reindex -------------------------------------------------------------------------------------------


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


def test_reindex_exits_with_1_and_names_the_files_that_failed(small, run):
    small.write(war=TEXT, empty="")
    done = run("reindex")
    assert done.exit_code == 1
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("failed: ")]
    assert "empty.txt" in line
    assert "1 failed" in done.stdout
    assert small.texts("ceasefire")


def test_reindex_json_is_one_object_a_line(small, run):
    small.write(war=TEXT)
    done = run("reindex", "--json")
    assert done.exit_code == 0
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["event"] for event in events] == ["planned", "indexed"]
    assert events[1]["path"] == "war.txt"
    assert events[1]["passages"] > 2


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
    events = [json.loads(line) for line in run("reindex", "--check", "--json").stdout.splitlines()]
    (lost,) = events[0]["comparison"]["lost"]
    assert lost["text"] == "The ceasefire holds. Nobody negotiates."


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


def assert_one_line(text, says):
    assert text.startswith("hanyeong: ")
    assert text.count("\n") == 1
    assert says in text


# --- search --------------------------------------------------------------------------------------------


def test_search_shows_marked_snippets_with_addresses(indexed, run):
    done = run("search", "negotiate", "정전협상")
    assert done.exit_code == 0
    assert "**negotiates**" in done.stdout
    assert "**정전" in done.stdout
    assert "The Long War" in done.stdout
    addresses = {address for address in indexed.addresses().values() if address in done.stdout}
    assert len(addresses) == 2
    assert "\x1b" not in done.stdout


def test_search_keeps_a_snippet_on_one_line_where_nobody_watches(small, run):
    small.write(a="Title\n\n" + "The ceasefire holds and holds again. " * 8 + "\n")
    small.reindex()
    assert max(len(line) for line in run("search", "ceasefire").stdout.splitlines()) > 200


def test_search_json_has_the_shape_that_the_design_names(indexed, run):
    done = run("search", "정전 협상", "--json")
    assert done.exit_code == 0
    value = json.loads(done.stdout)
    assert {"query", "total", "hits", "facets"} <= value.keys()
    (hit,) = value["hits"]
    assert {"address", "lang", "document", "text", "highlights", "score", "url", "pair"} <= hit.keys()
    assert {"id", "title", "url"} <= hit["document"].keys()
    assert [hit["text"][slice(*span)] for span in hit["highlights"]] in (["정전", "협상"], ["정전 협상"])
    assert "정전" in done.stdout, "Korean stays readable"


def test_search_takes_words_with_and_without_quotation_marks(indexed, run):
    one, several = run("search", "정전 협상", "--json"), run("search", "정전", "협상", "--json")
    assert json.loads(one.stdout) == json.loads(several.stdout)


def test_search_narrows_to_a_language_and_to_a_limit(indexed, run):
    assert {
        hit["lang"]
        for hit in json.loads(run("search", "ceasefire OR 정전", "--lang", "ko", "--json").stdout)["hits"]
    } == {"ko"}
    assert len(json.loads(run("search", "ceasefire OR 정전", "--limit", "1", "--json").stdout)["hits"]) == 1


def test_search_with_a_minus_needs_no_tricks(indexed, run):
    done = run("search", "ceasefire", "-라브로프", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["query"] == "ceasefire -라브로프"
    assert run("search", "ceasefire -negotiates").exit_code == 0


def test_search_refuses_an_option_that_does_not_exist(indexed, run):
    done = run("search", "--limt", "3", "peace")
    assert done.exit_code == 2
    assert "no such option: --limt" in done.stderr


def test_search_that_finds_nothing_says_what_to_do_and_is_done(indexed, run):
    done = run("search", "quetzal")
    assert done.exit_code == 0
    assert "Nothing found" in done.stdout


def test_search_tells_what_was_cut(indexed, run):
    assert "500 characters" in run("search", "war " * 200).stdout
    assert "add a word to look for" in run("search", "--", "-war").stdout


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


# --- show, info ----------------------------------------------------------------------------------------


def test_show_prints_one_passage(indexed, run):
    (address,) = [a for (_, _, text), a in indexed.addresses().items() if "ceasefire" in text]
    done = run("show", address)
    assert done.exit_code == 0
    assert "The ceasefire holds. Nobody negotiates." in done.stdout
    assert address in done.stdout
    value = json.loads(run("show", address, "--json").stdout)
    assert (value["address"], value["document"]["id"]) == (address, "war")


def test_show_prints_a_whole_document(indexed, run):
    done = run("show", "war")
    assert done.exit_code == 0
    assert [
        line
        for line in ("The Long War", "The ceasefire holds", "라브로프와의 정전")
        if line not in done.stdout
    ] == []
    assert all(address in done.stdout for address in indexed.addresses().values())
    assert len(json.loads(run("show", "war", "--json").stdout)["passages"]) == len(indexed.addresses())


@pytest.mark.parametrize("name", ["nowhere", "000000000", "", "../../etc/passwd"])
def test_show_of_something_unknown_could_not_run(indexed, run, name):
    done = run("show", name)
    assert done.exit_code == 2
    assert_one_line(done.stderr, repr(name))


def test_info_tells_what_there_is(indexed, run):
    done = run("info")
    assert done.exit_code == 0
    assert "1 document, " in done.stdout
    assert "war" in done.stdout
    value = json.loads(run("info", "--json").stdout)
    assert {"unpaired", "footnotes", "numbers", "documents"} <= value["report"].keys()
    assert value["documents"] == 1
    assert sum(value["passages"].values()) == len(indexed.addresses())


@pytest.mark.parametrize("name", ["[bold]", "a [/] b", "[red]x[/red]", ":smile:"])
def test_a_folder_may_have_any_name(tmp_path, name):
    data = tmp_path / name
    (data / "documents").mkdir(parents=True)
    (data / "documents" / "a.txt").write_text(
        "[bold] Title [/bold]\n\nA [red] quetzal [/] here.\n", encoding="utf-8"
    )
    runner = CliRunner()
    assert runner.invoke(main, ["--data", str(data), "reindex"]).exit_code == 0
    done = runner.invoke(main, ["--data", str(data), "info"])
    assert done.exit_code == 0, done.exception
    assert f"{name}: 1 document, 2 passages" in done.stdout, "on one line, where nobody watches"
    assert (
        "A [red] **quetzal** [/] here."
        in runner.invoke(main, ["--data", str(data), "search", "quetzal"]).stdout
    )


def test_the_data_folder_may_come_from_the_environment(indexed):
    done = CliRunner().invoke(main, ["info"], env={"HANYEONG_DATA": str(indexed.settings.data)})
    assert done.exit_code == 0


# --- what goes wrong -----------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("search", "x"), ("show", "x"), ("info",)])
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
    assert_one_line(done.stderr, "run: hanyeong reindex --rebuild")


@pytest.mark.parametrize("changed", [False, True])
@pytest.mark.parametrize("arguments", [("search", "x"), ("reindex",), ("serve", "--port", "0")])
def test_an_index_in_another_format_says_rebuild(indexed, run, monkeypatch, arguments, changed):
    if changed:
        indexed.write(new="Something new.")
    for module in ("indexer.engine.whoosh.arrayfile", "indexer.statcache"):
        monkeypatch.setattr(f"{module}.FORMAT_VERSION", 1_000)
    done = run(*arguments)
    assert done.exit_code == 2
    assert_one_line(done.stderr, "run: hanyeong reindex --rebuild")
    assert "damaged" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [("search", "x"), ("info",), ("reindex",), ("reindex", "--check"), ("serve", "--port", "0")]
)
def test_settings_that_mean_nothing_could_not_run(indexed, run, arguments):
    (indexed.settings.data / "hanyeong.toml").write_text("[colours]\n", encoding="utf-8")
    done = run(*arguments)
    assert done.exit_code == 2
    assert_one_line(done.stderr, "hanyeong.toml")


def test_damaged_addresses_could_not_run(indexed, run):
    indexed.settings.addresses.write_text("{\n", encoding="utf-8")
    done = run("reindex")
    assert done.exit_code == 2
    assert_one_line(done.stderr, "addresses.jsonl, line 1")


def test_an_interruption_is_one_line_and_changes_nothing(indexed, run, monkeypatch):
    before = indexed.addresses()

    def interrupted(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr("indexer.ingest.read_all", interrupted)
    indexed.write(other="Title\n\nText here.\n")
    done = run("reindex")
    assert done.exit_code not in (0, 1)
    assert "stopped; the index is as it was" in done.stderr
    assert_one_line(done.stderr.splitlines(keepends=True)[-1], "stopped")
    assert "Traceback" not in done.output
    assert indexed.addresses() == before
    monkeypatch.undo()
    assert run("reindex").exit_code == 0


def test_bytes_that_are_no_text_are_words_like_others(indexed):
    for arguments in (
        ("search", b"\xff\xed war"),
        ("show", b"\xff"),
        ("show", b"\xff", "--json"),
        ("search", b"\xff", "--json"),
    ):
        command = [
            sys.executable,
            "-c",
            "from indexer.cli import main; main()",
            "--data",
            str(indexed.settings.data),
            *arguments,
        ]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        assert done.returncode in (0, 2)


@pytest.mark.parametrize(
    "arguments", [("show", "war"), ("show", "war", "--json"), ("search", "ceasefire", "--json"), ("info",)]
)
def test_a_pipe_that_nobody_reads_ends_the_command_quietly(indexed, arguments):
    """`hanyeong show war | head -1`."""
    read, write = os.pipe()
    os.close(read)
    command = [
        sys.executable,
        "-c",
        "from indexer.cli import main; main()",
        "--data",
        str(indexed.settings.data),
        *arguments,
    ]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(write)
    assert done.stderr == b""
    assert done.returncode == 0


def test_a_reindex_whose_output_nobody_reads_is_done_all_the_same(small):
    small.write(war="Title\n\nThe ceasefire holds.\n")
    read, write = os.pipe()
    os.close(read)
    command = [
        sys.executable,
        "-c",
        "from indexer.cli import main; main()",
        "--data",
        str(small.settings.data),
        "reindex",
    ]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False, timeout=60)
    os.close(write)
    assert b"Traceback" not in done.stderr
    assert small.texts("ceasefire")


# --- serve ---------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="ends the server with a signal")
def test_serve_builds_the_index_where_there_is_none_and_prints_the_address(small):
    small.write(war="Title\n\nThe ceasefire holds.\n")
    # What runs the tests in the background may have them ignore interrupts, which a child would go on to do.
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    started = process("--data", small.settings.data, "serve", "--port", "0", preexec_fn=heeding)
    try:
        line = started.stdout.readline().decode()
        while line and "http://" not in line:
            line = started.stdout.readline().decode()
        url = line[line.index("http://") :].split()[0]
        with urllib.request.urlopen(f"{url}api/search?q=ceasefire", timeout=60) as answer:
            assert json.load(answer)["total"] == 1
    finally:
        started.send_signal(signal.SIGINT)
        _, err = started.communicate(timeout=60)
    assert b"Traceback" not in err
    assert started.returncode == 0


def test_serve_at_a_port_that_is_taken_is_one_line(indexed):

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, err = finished("--data", indexed.settings.data, "serve", "--port", taken.getsockname()[1])
    assert code == 2
    assert_one_line(err, "choose another with --port")


# --- progress ------------------------------------------------------------------------------------------


def test_on_a_terminal_there_is_a_live_bar_with_rate_and_time_left(small):
    pty = pytest.importorskip("pty")
    small.write(**{f"a{n}": f"Title {n}\n\nThe ceasefire holds.\n" for n in range(40)})
    leader, follower = pty.openpty()
    command = [
        sys.executable,
        "-c",
        "from indexer.cli import main; main()",
        "--data",
        str(small.settings.data),
        "reindex",
    ]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120"}
    started = subprocess.Popen(command, stdout=follower, stderr=follower, env=environment)
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
    text = shown.decode()
    assert "/40" in text
    assert "characters/s" in text or "passages/s" in text
    assert "0:00:0" in text
    assert "40 documents indexed" in text


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ("1T", "write it as 512M or 1G"),
        ("many", "write it as"),
        ("0M", "write it as"),
        ("1M", "at least 16M"),
    ],
)
def test_a_size_that_is_none_is_told_with_what_to_write(tmp_path, size, told):
    (tmp_path / "documents").mkdir()
    result = CliRunner().invoke(main, ["--data", str(tmp_path), "reindex", "--memory", size])
    assert result.exit_code == 2
    assert told in result.output


@pytest.mark.parametrize("size", ["16M", "512m", "1G", "2GB"])
def test_memory_may_be_given_for_a_reindex(tmp_path, size):
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.txt").write_text("The war ends.\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["--data", str(tmp_path), "reindex", "--memory", size])
    assert result.exit_code == 0, result.output


def test_show_keeps_to_one_language(small, run):
    small.write(**{"letter.en": "A letter\n\nThe war ended.\n", "letter.ko": "편지\n\n전쟁이 끝났다.\n"})
    small.reindex()
    assert "The war ended." in run("show", "letter").output
    only = run("show", "letter", "--lang", "ko").output
    assert "전쟁이 끝났다." in only
    assert "The war ended." not in only


def test_a_search_for_nothing_asks_for_a_word(indexed, run):
    assert "Name a word to search for" in run("search", "").output


def test_a_word_with_a_minus_is_left_out_whatever_letters_it_has(indexed, run):
    found = run("search", "ceasefire", "-light", "--json")
    assert found.exit_code == 0
    assert json.loads(found.output)["query"] == "ceasefire -light"
