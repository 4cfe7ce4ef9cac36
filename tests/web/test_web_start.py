"""What is put off until the first visitor has been answered."""

from threading import Event

from webapp import quiet


def start(work):
    return quiet.after_first_answer(lambda environ, start_response: [b"page"], work)


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

    app = quiet.after_first_answer(broken, done.set)
    try:
        app({}, None)
    except LookupError:
        assert done.wait(10)
