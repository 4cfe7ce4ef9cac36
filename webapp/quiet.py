"""Work that is put off until a visitor has been answered."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["AfterAnswers"]

_PATIENCE: Final = 3.0
"""Seconds to wait for a first visitor."""
_LONGEST: Final = 10.0
"""Seconds that work may take before nobody waits for it any more."""
_SENDING: Final = 0.3
"""Seconds that the first answer, and the style sheet that its page asks for, are given to be sent."""
_AGAIN: Final = 60.0
"""Seconds after which work that has failed is tried again, if it is due; else each answer would log it."""

_log: Final = logging.getLogger(__name__)


class AfterAnswers:
    """An application that does some work in a thread once it has answered, or after a while without visitors.

    For work that takes Python's lock again and again, as checking an index does: the first page would wait.
    After later answers it is done again whenever there is something new to be done.  Where it fails, the log
    says so, and what comes after it is done all the same.
    """

    def __init__(
        self, app: WSGIApplication, work: Callable[[], object], is_due: Callable[[], bool] | None = None
    ) -> None:
        """Begins to wait for the first answer.

        Args:
            app: what answers.
            work: what is to be done.
            is_due: whether the work must be done again; is asked after each answer, in the thread, and has to
                be quick. By default it never must.
        """
        self._app, self._work, self._is_due = app, work, is_due
        self._answered, self._stopped = Event(), Event()
        self._thread = Thread(target=self._wait, daemon=True)
        self._thread.start()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answers as the application does."""
        try:
            return self._app(environ, start_response)
        finally:
            self._answered.set()

    def stop(self) -> None:
        """Does not begin the work any more; work that has begun is waited for, up to a bound.

        Python may crash or hang when it ends while a library is starting threads of its own.
        """
        self._stopped.set()
        self._answered.set()
        self._thread.join(_LONGEST)

    def _wait(self) -> None:
        self._answered.wait(_PATIENCE)
        pause = _SENDING
        due = True
        while not self._stopped.wait(pause):
            try:
                if due:
                    self._work()
                if self._is_due is None:
                    return
                self._answered.wait()
                self._answered.clear()
                pause, due = _SENDING, self._is_due()
            except Exception:  # noqa: BLE001 - whatever it is, what comes after it is done
                _log.exception("what was put off until visitors have been answered has failed")
                pause, due = _AGAIN, True
