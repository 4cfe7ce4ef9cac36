"""`hanyeong search`, `show` and `info`."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from indexer.cli import main

from .command import TEXT, assert_one_line, command_line


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


@pytest.mark.parametrize(
    ("one", "other"), [("--also", "--no-also"), ("--no-also", "--also"), ("--also", "--explain")]
)
def test_search_refuses_options_that_contradict_each_other(indexed, run, one, other):
    done = run("search", "ceasefire", one, other)
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1].startswith("Error: --")
    assert done.stderr.endswith(": choose one of them\n")
    assert run("search", "ceasefire", one).exit_code == 0


def test_search_that_finds_nothing_says_what_to_do_and_is_done(indexed, run):
    done = run("search", "quetzal")
    assert done.exit_code == 0
    assert "Nothing found" in done.stdout


@pytest.mark.parametrize("arguments", [("search", "ceasefire"), ("info",)])
def test_an_empty_archive_says_what_to_do(small, run, arguments):
    small.reindex()
    done = run(*arguments)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (
        0,
        f"The index is empty: put texts into {small.settings.documents} and run hanyeong reindex.",
    )


@pytest.mark.skipif(os.name == "nt", reason="looks through a terminal's eyes")
@pytest.mark.parametrize(("width", "whole"), [(80, True), (40, False)])
def test_info_keeps_the_names_of_documents_whole_where_there_is_room(small, width, whole):
    name = "letters-from-the-northern-provinces"
    small.write(**{name: "A long title " * 20, "b": TEXT})
    small.reindex()
    master, slave = os.openpty()
    environment = {**os.environ, "COLUMNS": str(width), "TERM": "xterm"}
    done = subprocess.run(
        command_line(small.settings.data, "info"), stdout=slave, env=environment, check=True
    )
    os.close(slave)
    told = os.read(master, 100_000).decode()
    os.close(master)
    assert done.returncode == 0
    assert (name in told) == whole


def test_search_tells_what_was_cut(indexed, run):
    assert "500 characters" in run("search", "war " * 200).stdout
    assert "add a word to look for" in run("search", "--", "-war").stdout


def test_show_prints_one_passage(indexed, run):
    (address,) = [a for (_, _, text), a in indexed.addresses().items() if "ceasefire" in text]
    done = run("show", address)
    assert done.exit_code == 0
    assert "The ceasefire holds. Nobody negotiates." in done.stdout
    assert address in done.stdout
    value = json.loads(run("show", address, "--json").stdout)
    assert (value["address"], value["document"]["id"]) == (address, "war")


def test_show_knows_an_address_that_was_typed_in_capitals(small, run):
    small.write(BH8NGF6CD="A title\n\nIts name looks like an address.\n")
    small.reindex()
    (address,) = [a for (_, _, text), a in small.addresses().items() if "looks like" in text]
    assert run("show", address.upper()).stdout == run("show", address).stdout
    assert run("show", "BH8NGF6CD").stdout.startswith("A title\n"), "a document's name is what it is"


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


def test_show_puts_the_two_spellings_of_an_author_together(small, run):
    small.write(**{"a.en": "Title\n\nBy Hong Gil-dong\n\nText.\n", "a.ko": "제목\n\n글: 홍길동\n\n글이다.\n"})
    small.reindex()
    assert "Hong Gil-dong / 홍길동, a\n" in run("show", "a").stdout


def test_info_tells_of_files_that_nobody_reads(indexed, run):
    assert "not read" not in run("info").stdout
    documents = indexed.settings.documents
    (documents / "sub").mkdir()
    for name in ("letter.hwp", "sub/letter.HWP", "notes.odt", "README", ".hidden.odt"):
        (documents / name).write_bytes(b"x")
    assert "not read, by their kind: 1 without a suffix, 2 .hwp, 1 .odt\n" in run("info").stdout
    assert json.loads(run("info", "--json").stdout)["unread"] == {"": 1, ".hwp": 2, ".odt": 1}


@pytest.mark.skipif(sys.platform != "linux", reason="needs file names that only some systems allow")
def test_info_prints_any_kind_of_file_in_one_line(indexed, run):
    for name in (b"a.b\nc", b"a.\xff", b"a.[b]"):
        (indexed.settings.documents / os.fsdecode(name)).touch()
    assert "by their kind: 1 .[b], 1 .\\xff, 1 .b\\nc\n" in run("info").stdout


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


def test_bytes_that_are_no_text_are_words_like_others(indexed):
    for arguments in (
        ("search", b"\xff\xed war"),
        ("show", b"\xff"),
        ("show", b"\xff", "--json"),
        ("search", b"\xff", "--json"),
    ):
        command = command_line(indexed.settings.data, *arguments)
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        assert done.returncode in (0, 2)


def test_show_keeps_to_one_language(small, run):
    small.write(**{"letter.en": "A letter\n\nThe war ended.\n", "letter.ko": "편지\n\n전쟁이 끝났다.\n"})
    small.reindex()
    assert "The war ended." in run("show", "letter").output
    only = run("show", "letter", "--lang", "ko").output
    assert "전쟁이 끝났다." in only
    assert "The war ended." not in only


def test_terms_of_nothing_asks_for_a_word(indexed, run):
    done = run("terms", " ")
    assert (done.exit_code, "Error: name a word" in done.stderr) == (2, True)


def test_show_says_that_a_document_has_nothing_in_a_language(small, run):
    small.write(letter="A letter\n\nThe ceasefire holds.\n")
    small.reindex()
    assert run("show", "letter", "--lang", "ko").stdout.endswith("\n\nNothing in it is in Korean.\n")
    assert "Nothing in it" not in run("show", "letter", "--lang", "en").stdout


def test_a_search_for_nothing_asks_for_a_word(indexed, run):
    assert "Name a word to search for" in run("search", "").output


def test_a_word_with_a_minus_is_left_out_whatever_letters_it_has(indexed, run):
    found = run("search", "ceasefire", "-light", "--json")
    assert found.exit_code == 0
    assert json.loads(found.output)["query"] == "ceasefire -light"


def test_a_document_is_shown_by_the_id_that_it_had_once(small, run):
    small.write(old="The Long War\n\nThe negotiations began at Kaesong and moved to Panmunjom in October.\n")
    small.reindex()
    (small.settings.documents / "old.txt").rename(small.settings.documents / "new.txt")
    small.reindex()
    done = run("show", "old")
    assert done.exit_code == 0
    assert done.stderr == "hanyeong: old is called new now\n"
    assert done.stdout == run("show", "new").stdout
    assert json.loads(run("show", "old", "--json").stdout)["id"] == "new"


def test_a_document_that_is_gone_is_told_by_how_it_began(small, run):
    moved = "The negotiations began at Kaesong on 10 July 1951 and moved to Panmunjom in October."
    small.write(old=f"The Long War\n\n{moved}\n\nIt was long.\n", other="Another\n\nIt stays as it is.\n")
    small.reindex()
    small.write(other=f"Another\n\nIt stays as it is.\n\n{moved}\n")
    small.remove("old")
    small.reindex()
    done = run("show", "old")
    assert done.exit_code == 2
    assert_one_line(done.stderr, "is no longer in the archive; it began: The Long War; look for what stood")
    assert done.stderr.endswith(" in other\n")
