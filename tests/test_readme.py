"""The README says what is true."""

import re

import click
import pytest

from indexer.cli import main
from indexer.query import MAX_CHARACTERS, MAX_WORDS
from indexer.readers import SUFFIXES

RUN = "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/hanyeong serve"
TEST = "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest -n auto"


@pytest.fixture(scope="module")
def readme(root):
    return (root / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [RUN, TEST])
def test_the_two_commands_stand_at_the_top_exactly_so(readme, command):
    assert command in readme.splitlines()[:30]


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_is_told_of(readme, command):
    assert f"hanyeong {command}" in readme or f"`{command}`" in readme


@pytest.mark.parametrize(
    "option",
    sorted(
        {
            name
            for command in [main, *main.commands.values()]
            for parameter in command.params
            if isinstance(parameter, click.Option)
            for name in parameter.opts
            if name.startswith("--")
        }
    ),
)
def test_every_option_is_told_of(readme, option):
    assert option in readme


@pytest.mark.parametrize("suffix", sorted(SUFFIXES - {".markdown", ".htm", ".xhtml"}))
def test_every_format_is_told_of(readme, suffix):
    assert suffix in readme


@pytest.mark.parametrize(
    "part",
    [
        "-",
        "OR",
        "lang:",
        "title:",
        "author:",
        "year:2020..2023",
        "*",
        "HANYEONG_DATA",
        "hanyeong.toml",
        "addresses.jsonl",
        "/api/search",
    ],
)
def test_what_people_touch_is_told_of(readme, part):
    assert part in readme


def test_the_bounds_of_a_query_are_told(readme):
    assert str(MAX_CHARACTERS) in readme
    assert str(MAX_WORDS) in readme


def test_every_folder_at_the_top_is_told_of(readme):
    assert [name for name in ("indexer/", "webapp/", "data/", "tests/") if name not in readme] == []


def test_changes_come_with_unreleased_first(readme):
    changes = readme[readme.index("## Changes") :]
    assert "nreleased" in changes.splitlines()[2] or "nreleased" in changes[:200]


def test_pictures_and_files_that_it_links_to_are_there(readme, root):

    for target in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (root / target).exists(), target


def test_no_line_is_too_long_to_read_as_it_is(readme):
    assert [line for line in readme.splitlines() if len(line) > 120 and not line.startswith("|")] == []


def test_the_one_module_that_knows_kiwi_is_named(root, readme):
    importing = [
        path.name
        for path in sorted((root / "indexer").rglob("*.py"))
        if re.search(r"^\s*(?:from|import) kiwipiepy\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert [f"`{name}` alone knows Kiwi" in readme for name in importing] == [True]
