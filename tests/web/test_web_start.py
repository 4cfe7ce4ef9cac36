"""What is put off until a visitor has been answered."""

from collections import Counter
from threading import Event, Timer

import pytest
from fake_archive import fake_archive
from page import Page

from indexer.errors import AnalysisError
from indexer.search import open_archive
from tests.small import Small
from webapp import create_app, keeper, quiet, server


def start(work):
    return quiet.AfterAnswers(lambda environ, start_response: [b"page"], work)


def test_the_first_answer_comes_before_the_work():
    done = Event()
    app = start(done.set)
    assert not done.is_set()
    assert list(app({}, None)) == [b"page"]
    assert done.wait(10)


def test_without_a_visitor_the_work_is_done_all_the_same(monkeypatch):
    monkeypatch.setattr(quiet, "_PATIENCE", 0.01)
    done = Event()
    start(done.set)
    assert done.wait(10)


def test_an_application_that_fails_has_answered_too(monkeypatch):
    done = Event()

    def broken(environ, start_response):
        raise LookupError

    app = quiet.AfterAnswers(broken, done.set)
    try:
        app({}, None)
    except LookupError:
        assert done.wait(10)


def test_work_that_has_not_begun_is_not_begun_after_a_stop():
    done = Event()
    app = start(done.set)
    app({}, None)
    app.stop()
    assert not done.wait(0.5)


def test_a_stop_waits_for_work_that_has_begun():
    begun, steps = Event(), []

    def work():
        begun.set()
        steps.append("half")
        may_end.wait(5)
        steps.append("done")

    may_end = Event()
    app = start(work)
    app({}, None)
    assert begun.wait(5)
    Timer(0.2, may_end.set).start()
    app.stop()
    assert steps == ["half", "done"]


def test_work_that_is_due_again_is_done_after_a_later_answer():
    times, done, due = [], Event(), Event()

    def work():
        times.append(len(times))
        done.set()

    app = quiet.AfterAnswers(lambda environ, start_response: [b"page"], work, due.is_set)
    app({}, None)
    assert done.wait(10)
    done.clear()
    app({}, None)
    assert not done.wait(1)  # nothing is new
    due.set()
    app({}, None)
    assert done.wait(10)
    app.stop()
    assert len(times) >= 2


@pytest.mark.parametrize("failing", ["work", "is_due"])
def test_work_that_fails_is_logged_and_tried_again_after_a_while(monkeypatch, caplog, failing):
    monkeypatch.setattr(quiet, "_AGAIN", 0.01)
    calls, done = Counter(), Event()

    def called(name):
        calls[name] += 1
        if name == failing and calls[name] == 1:
            raise RuntimeError("damaged")
        if calls["work"] > 1:
            done.set()
        return True

    app = quiet.AfterAnswers(
        lambda environ, start_response: [b"page"], lambda: called("work"), lambda: called("is_due")
    )
    for _ in range(100):
        app({}, None)
        if done.wait(0.1):
            break
    app.stop()
    assert done.is_set()
    (record,) = caplog.records
    assert "damaged" in str(record.exc_info[1])


def test_work_that_always_fails_is_not_tried_after_each_answer(caplog):
    tried = Event()

    def work():
        tried.set()
        raise RuntimeError

    app = quiet.AfterAnswers(lambda environ, start_response: [b"page"], work, lambda: True)
    app({}, None)
    assert tried.wait(10)
    tried.clear()
    for _ in range(3):
        app({}, None)
        assert not tried.wait(0.5)
    app.stop()
    assert len(caplog.records) == 1


def test_where_kiwi_says_nothing_the_index_is_checked_another_time(tmp_path, monkeypatch):
    small = Small(tmp_path / "data")
    small.write(one="A first letter\n\nIt came in May.")
    small.reindex()
    warming = server.Warming(small.archive)

    def fail(_):
        raise AnalysisError

    with monkeypatch.context() as during:
        during.setattr("indexer.search.parse_query", fail)
        warming.work()
    assert warming.is_due()
    warming.work()
    assert not warming.is_due()


def test_each_commit_is_made_ready_for(tmp_path, monkeypatch):
    warmed = []
    small = Small(tmp_path / "data")
    warm = small.archive.warm
    monkeypatch.setattr(small.archive, "warm", lambda: (warmed.append(small.archive.generation), warm()))
    warming = server.Warming(small.archive)
    assert not warming.is_due()  # there is no index yet
    small.write(one="A first letter\n\nIt came in May.")
    small.reindex()
    assert warming.is_due()
    warming.work()
    assert not warming.is_due()
    small.write(two="A second letter\n\nIt came in June.")
    small.reindex()
    assert warming.is_due()
    warming.work()
    assert len(set(warmed)) == 2


@pytest.mark.parametrize("known", [False, True], ids=["while it is read", "before it is opened"])
def test_a_damaged_index_is_unavailable_and_never_an_empty_answer(tmp_path, known):
    small = Small(tmp_path / "data")
    small.write(**{f"letter{n}": f"A letter\n\nThe ceasefire held in year {n}.\n" for n in range(50)})
    small.reindex()
    archive = open_archive(small.settings)
    client = create_app(archive).test_client()
    if not known:
        archive.warm()
        assert client.get("/healthz").json == {
            "status": "ok",
            "generation": archive.generation,
            "checked": True,
        }
    (path,) = small.settings.index.glob("*/*.seg")
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(path.stat().st_size - 8192))
    archive.warm()  # as `serve` does by itself
    for url in ("/healthz", "/api/search?q=ceasefire", "/search?q=ceasefire", "/", "/d/letter7"):
        assert client.get(url).status_code == 503, url
    small.reindex(rebuild=True)
    assert client.get("/healthz").json["status"] == "ok"
    assert client.get("/api/search?q=ceasefire").json["total"] == 50


def test_a_damaged_lexicon_takes_the_renderings_away_and_nothing_else(tmp_path, caplog):
    small = Small(tmp_path / "data")
    small.write(letter="A letter\n\nThe river rose in July.\n")
    (small.settings.data / "glossary.tsv").write_text("river\t강\n", encoding="utf-8")
    small.reindex()
    client = create_app(small.archive).test_client()
    assert client.get("/terms?q=river").status_code == 200
    content = small.settings.lexicon.read_bytes()
    small.settings.lexicon.write_bytes(content[: len(content) // 2])
    page = Page(client.get("/terms?q=river", headers={"Accept-Language": "en"}))
    assert page.response.status_code == 503
    assert page.text("h1") == "The renderings cannot be shown now"
    assert "index" not in page.text(".failure")
    assert page.one("main input[name=q]")
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.endswith("reindex")
    assert "--rebuild" not in line
    assert client.get("/search?q=river").status_code == 200
    assert client.get("/healthz").json["status"] == "ok"


def test_several_troubles_are_logged_once_each_a_minute(monkeypatch, caplog):
    clock = [1000.0]
    monkeypatch.setattr(keeper, "monotonic", lambda: clock[0])
    app = create_app(fake_archive())
    log = app.extensions["keeper"]
    with app.app_context():
        for _ in range(50):
            log.write("one")
            log.write("two")
        assert [record.getMessage() for record in caplog.records] == ["one", "two"]
        clock[0] += 61
        log.write("one")
        log.write("one")
        assert len(caplog.records) == 3
        for number in range(1000):
            log.write(f"line {number}")
        assert len(caplog.records) == 1003
        assert len(log._written) <= 64
