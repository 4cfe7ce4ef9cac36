"""Work that is put off until the first visitor has been answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Event, Thread
from time import sleep
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["after_first_answer"]

_PATIENCE: Final = 3.0
"""Seconds to wait for a first visitor."""
_SENDING: Final = 0.3
"""Seconds that the first answer, and the style sheet that its page asks for, are given to be sent."""


def after_first_answer(app: WSGIApplication, work: Callable[[], object]) -> WSGIApplication:
    """The same application; `work` runs in a thread once it has answered, or after a while without visitors.

    For work that holds Python's lock for a second or two, as loading Kiwi does: every page would wait for it.
    """
    answered = Event()

    def wait() -> None:
        answered.wait(_PATIENCE)
        sleep(_SENDING)
        work()

    def watched(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        finally:
            answered.set()

    Thread(target=wait, daemon=True).start()
    return watched
