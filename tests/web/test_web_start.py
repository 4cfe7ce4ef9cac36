"""What is put off until the first visitor has been answered."""

from threading import Event, Timer

from webapp import quiet


def start(work):
    return quiet.AfterFirstAnswer(lambda environ, start_response: [b"page"], work)


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

    app = quiet.AfterFirstAnswer(broken, done.set)
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
