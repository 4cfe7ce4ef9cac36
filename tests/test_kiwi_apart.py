"""Kiwi in another process says what it says in this one."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from indexer import kiwi
from indexer.analysis import analyze_all, korean

TEXTS = [
    "라브로프와의 협상을 도왔다.",
    "국가인권위원회는 A/RES/1(I)을 보았다 🙂 현상(現狀) 유지",
    "세르게이 라브로프, 아름다운 학교다",
    "No Korean here",
]


@pytest.fixture
def apart(monkeypatch):
    """Another process that loads Kiwi."""
    begun = kiwi.KiwiApart()
    monkeypatch.setattr(kiwi._Begun, "kiwi", begun)
    korean._parts.cache_clear()
    yield begun
    begun.close()
    korean._parts.cache_clear()


def test_the_tokens_are_the_same(monkeypatch, apart):
    there = [list(tokens) for tokens in analyze_all(TEXTS)]
    single = korean.parse(TEXTS[0])
    monkeypatch.setattr(kiwi._Begun, "kiwi", None)
    korean._parts.cache_clear()
    assert there == [list(tokens) for tokens in analyze_all(TEXTS)]
    assert single == korean.parse(TEXTS[0])


def test_when_the_process_is_gone_the_work_is_done_here(apart):
    os.kill(apart.id, signal.SIGTERM)
    with pytest.raises(kiwi.GoneError):
        apart.tokenize(["글"])
    assert korean.parse("정전 협상").morphemes


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at /proc")
def test_the_process_ends_with_the_one_that_began_it():
    code = "from indexer import kiwi; kiwi.begin(); print(kiwi.apart().id)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    deadline = time.monotonic() + 30
    while (status := Path(f"/proc/{done.stdout.strip()}/stat")).exists() and time.monotonic() < deadline:
        if status.read_text().rpartition(")")[2].split()[0] == "Z":
            break  # ended, and only not yet buried
        time.sleep(0.05)
    else:
        assert not status.exists()
