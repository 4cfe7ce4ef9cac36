"""`hanyeong serve`."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from functools import partial
from pathlib import Path

import pytest

from .command import assert_one_line, children_of, finished, process


@pytest.mark.skipif(os.name == "nt", reason="ends the server with a signal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_builds_the_index_where_there_is_none_and_ends_with_a_line(small, number):
    small.write(war="Title\n\nThe ceasefire holds.\n\n휴전은 지켜지고 있다.\n")
    # What runs the tests in the background may have them ignore interrupts, which a child would go on to do.
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    started = process(small.settings.data, "serve", "--port", "0", preexec_fn=heeding)
    try:
        line = started.stdout.readline().decode()
        while line and "http://" not in line:
            line = started.stdout.readline().decode()
        url = line[line.index("http://") :].split()[0]
        with urllib.request.urlopen(f"{url}api/search?q=ceasefire", timeout=60) as answer:
            assert json.load(answer)["total"] == 1
        with urllib.request.urlopen(f"{url}api/search?q=%ED%9C%B4%EC%A0%84", timeout=60) as answer:
            assert json.load(answer)["total"] == 1
        if Path("/proc/self/maps").exists():
            only_kiwi_is_apart(started.pid)
    finally:
        started.send_signal(number)
        _, err = started.communicate(timeout=60)
    assert err.endswith(b"\nhanyeong: stopped\n")
    assert b"Traceback" not in err
    assert started.returncode == 0


TERMINATED_AT = """
import os, signal, sys
class Finder:
    def find_spec(name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGTERM)
sys.meta_path.insert(0, Finder)
sys.argv = {arguments!r}
from indexer.__main__ import main
main()
"""


def terminated_at(module, data, *arguments):
    """What the command says, and its exit code, that is told to end where it loads this module."""
    code = TERMINATED_AT.format(module=module, arguments=["hanyeong", "--data", str(data), *arguments])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    return done.stdout + done.stderr, done.returncode


@pytest.mark.skipif(os.name == "nt", reason="ends the server with a signal")
class TestServeIsToldToEnd:
    @pytest.mark.parametrize(
        "module", ["click", "indexer.search", "webapp.server", "indexer.analysis.english"]
    )
    def test_while_it_starts(self, indexed, module):
        assert terminated_at(module, indexed.settings.data, "serve", "--port", "0") == (
            b"hanyeong: stopped\n",
            0,
        )

    def test_while_it_makes_the_index(self, small):
        small.write(war="Title\n\nThe ceasefire holds.\n")
        assert terminated_at("indexer.terminal.progress", small.settings.data, "serve", "--port", "0") == (
            b"hanyeong: stopped; there is no index yet\n",
            0,
        )

    def test_but_a_search_for_that_word_is_no_server(self, indexed):
        _, code = terminated_at("indexer.search", indexed.settings.data, "search", "serve")
        assert code == -signal.SIGTERM


def only_kiwi_is_apart(server):
    """The reading process ends with its work; and while Kiwi is loaded, its process could answer nobody."""
    children = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children_of(server)]
    assert len(children) < 2
    assert all(b"indexer.analysis.apart" in child for child in children)
    assert "kiwipiepy" not in Path(f"/proc/{server}/maps").read_text(encoding="utf-8")


def test_serve_at_a_port_that_is_taken_is_one_line(indexed):

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, err = finished(indexed.settings.data, "serve", "--port", str(taken.getsockname()[1]))
    assert code == 2
    assert_one_line(err, "choose another with --port")
