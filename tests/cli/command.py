"""The command in a process of its own, what it is given, and what it says where it cannot run."""

import subprocess
import sys
from pathlib import Path

TEXT = """The Long War

By Ann Kim, 8 July 2023

The ceasefire holds. Nobody negotiates.

라브로프와의 정전 협상이 시작됐다.
"""


def command_line(data, *arguments):
    """What starts the command over an archive in a process of its own."""
    return [sys.executable, "-c", "from indexer.cli import main; main()", "--data", data, *arguments]


def process(data, *arguments, **options):
    """The command as people run it, in a process of its own."""
    return subprocess.Popen(
        command_line(data, *arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )


def finished(data, *arguments, **options):
    started = process(data, *arguments, **options)
    out, err = started.communicate(timeout=60)
    return started.returncode, out.decode(), err.decode()


def children_of(process):
    """The numbers of the processes that it began and that are still there; none where nobody can tell."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    return [child for each in lists for child in each.read_text(encoding="ascii").split()]


def assert_one_line(text, says):
    """The command says in one line why it could not run."""
    assert text.startswith("hanyeong: ")
    assert text.count("\n") == 1
    assert says in text
