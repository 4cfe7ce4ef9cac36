"""`kill -9` at any point: readers have a whole old or a whole new index, and the next run goes on cleanly."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer.addresses import load_registry

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills are made in forked children")


@pytest.mark.parametrize("scenario", ["first", "incremental", "little", "rebuild"])
def test_a_reindex_killed_before_any_of_its_steps_leaves_a_whole_index(tmp_path, scenario):
    killing = Path(__file__).with_name("killing.py")
    done = subprocess.run(
        [sys.executable, killing, tmp_path, scenario],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    kills = [json.loads(line) for line in done.stdout.splitlines()]
    assert sum(kill["killed"] for kill in kills) >= 20
    assert [kill for kill in kills if kill["wrong"]] == []
    seen = [kill["seen"] for kill in kills if kill["kind"] == "step"]
    old = "none" if scenario == "first" else "old"
    changed = seen.index("new")
    assert 0 < changed < len(seen), "there is one step at which the new index takes the old one's place"
    assert seen == [old] * changed + ["new"] * (len(seen) - changed)


def test_the_command_killed_while_it_reads_leaves_no_process_and_no_lock(small):
    small.write(a="Title\n\nThe ceasefire holds.\n")
    small.reindex()
    before = small.addresses()
    small.write(**{f"b{n}": f"Title {n}\n\nSentence {n}.\n" for n in range(30)})
    code = "from indexer.cli import main; main()"
    command = [sys.executable, "-c", code, "--data", str(small.settings.data), "reindex", "--rebuild"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    children = wait_for(lambda: children_of(process.pid))
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert children
    assert wait_for(lambda: not [child for child in children if is_running(child)]), (
        "the reading process ends too"
    )
    assert small.addresses() == before
    load_registry(small.settings.addresses)
    small.reindex()
    after = small.addresses()
    assert len(after) == 62
    assert before.items() <= after.items()
    assert len(list(small.settings.index.glob("generation-*"))) == 1


def wait_for(something, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := something():
            return found
        time.sleep(0.02)
    return None


def children_of(process):
    try:
        return Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:
        return []


def is_running(process):
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
