"""Kiwi in another process says what it says in this one."""

import io
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer import glance, kiwi
from indexer.analysis import analyze_all, korean, tokenizer, visitors
from indexer.analysis._tokens import Analysis
from indexer.children import receive
from indexer.errors import AnalysisError
from indexer.query import parse_query
from indexer.statcache import Look

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
    assert kiwi.apart() is apart  # it is not known yet
    with pytest.raises(kiwi.GoneError):
        apart.tokenize(["글"])
    assert kiwi.apart() is None  # nobody asks it any more, and keeps texts for it
    assert korean.parse("정전 협상").morphemes


def test_what_was_asked_later_may_be_taken_first(monkeypatch, apart):
    first, second = analyze_all(TEXTS[:2]), analyze_all(TEXTS[2:])
    parsed = korean.parse(TEXTS[1])  # asks, too
    later, earlier = [list(tokens) for tokens in second], [list(tokens) for tokens in first]
    analyze_all(TEXTS)  # nobody takes these
    again = [list(tokens) for tokens in analyze_all(TEXTS)]
    monkeypatch.setattr(kiwi._Begun, "kiwi", None)
    assert earlier + later == again == [list(tokens) for tokens in analyze_all(TEXTS)]
    assert parsed == korean.parse(TEXTS[1])


def test_what_the_process_still_owed_is_done_here(apart):
    owed = analyze_all(TEXTS)
    os.kill(apart.id, signal.SIGKILL)
    assert [list(tokens) for tokens in owed] == [list(tokens) for tokens in Analysis(TEXTS).tokens()]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no process can be held here")
def test_a_process_that_says_nothing_is_not_waited_for_for_ever(monkeypatch, apart):
    apart.tokenize(["글"])
    os.kill(apart.id, signal.SIGSTOP)
    monkeypatch.setattr(kiwi, "_SECONDS", 0.1)
    with pytest.raises(AnalysisError, match=r"has said nothing for 0 s about the texts from '라브로프와의"):
        list(analyze_all(TEXTS))
    assert kiwi.apart() is None
    assert not Path(f"/proc/{apart.id}").exists()  # it has been ended


@pytest.fixture
def kept(monkeypatch, apart):
    """The same, loaded and kept for visitors of whom two may wait."""
    apart.load()
    assert apart.loaded.wait(60)
    monkeypatch.setattr(kiwi._Begun, "kept", True)
    monkeypatch.setattr(tokenizer._Waiting, "visitors", visitors.Visitors(2))
    yield apart
    kiwi._Begun.kiwi.close()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no process can be held here")
def test_visitors_do_not_wait_for_a_process_that_hangs_and_find_another(monkeypatch, kept):
    monkeypatch.setattr(visitors, "_ANSWER", 1.0)
    os.kill(kept.id, signal.SIGSTOP)
    began = time.monotonic()
    with ThreadPoolExecutor() as threads:
        asked = [threads.submit(parse_query, f"정전 협상 {number}") for number in range(6)]
        told = sorted(str(one.exception(timeout=30)).partition(";")[0] for one in asked)
    assert time.monotonic() - began < 10
    assert told == [
        *["Kiwi has said nothing about a query for too long and is begun anew"] * 2,
        *["as many queries wait for Kiwi as may"] * 4,
    ]
    assert kiwi.apart() is not kept
    assert parse_query("정전 협상 0").clauses  # what failed is not kept


def test_visitors_find_another_process_where_it_has_ended(monkeypatch, kept):
    monkeypatch.setattr(tokenizer, "load", None)  # in this process everybody would wait
    os.kill(kept.id, signal.SIGTERM)
    assert parse_query("정전 협상 다시").clauses
    assert kiwi.apart() is not kept


def test_visitors_wait_for_kiwi_no_longer_than_is_bearable(monkeypatch, kept):
    kept.loaded.clear()
    monkeypatch.setattr(visitors, "_LOADING", 0.1)
    with pytest.raises(AnalysisError, match="has not been loaded"):
        parse_query("정전 협상 아직")
    assert kiwi.apart() is kept  # it is loaded all the same
    kept.loaded.set()
    assert parse_query("정전 협상 아직").clauses


def test_a_text_by_which_kiwi_ends_costs_two_processes_and_not_more(monkeypatch, kept):
    begun = []

    class Ending(kiwi.KiwiApart):
        def tokenize(self, *args, **kwargs):
            begun.append(self)
            self.close()
            raise kiwi.GoneError

        def load(self):
            self.loaded.set()

    kept.close()
    monkeypatch.setattr(kiwi, "KiwiApart", Ending)
    with pytest.raises(AnalysisError, match="ended twice"):
        parse_query("정전 협상 끝")
    assert len(begun) == 2


def test_a_longer_text_is_given_more_time():
    assert kiwi.seconds_for(["글" * 1_000_000]) > 1000 > kiwi.seconds_for(["글"]) > 60


def test_a_damaged_answer_is_none(monkeypatch, apart):
    monkeypatch.setattr("indexer.children.zlib.crc32", lambda data: 7)
    assert next(list(tokens) for tokens in analyze_all(TEXTS[:1]))
    with pytest.raises(kiwi.GoneError):
        apart.tokenize(["글"])


@pytest.mark.parametrize("said", [b"", b"Loading", b"Loading a model of words", b"\xff" * 20])
def test_what_a_library_prints_is_no_message(said):
    with pytest.raises(EOFError):
        receive(io.BytesIO(said))


def test_only_who_may_begins_what_is_expected(monkeypatch):
    begun = []
    monkeypatch.setattr(kiwi, "begin", lambda: begun.append(1))
    monkeypatch.setattr(kiwi._Begun, "may", False)
    kiwi.expect()
    assert not begun
    kiwi.may_begin()
    kiwi.expect()
    assert begun


@pytest.mark.parametrize("written", ["정전 협상", "The war"])
def test_a_new_archive_with_korean_texts_begins_it_at_once(monkeypatch, tmp_path, written):
    documents = tmp_path / "documents"
    documents.mkdir()
    for number in range(100):
        (documents / f"{number:03}.txt").write_text(written, encoding="utf-8")
    begun, reading = [], []
    monkeypatch.setattr(kiwi, "begin", lambda: begun.append(1))
    monkeypatch.setattr("indexer.children.begin", reading.append)
    glance.prepare(Look(str(tmp_path)))
    assert bool(begun) == (written != "The war")
    assert reading == ["indexer.readers.worker"]
    begun.clear()
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "CURRENT").write_text("generation-1")  # what has changed since is not known yet
    glance.prepare(Look(str(tmp_path)))
    assert not begun


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
