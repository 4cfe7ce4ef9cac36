"""What is said when the archive cannot be searched: to everybody what happened, to its keeper what to do."""

from __future__ import annotations

from threading import Lock
from time import monotonic
from typing import Final, Literal

from flask import current_app

from indexer.errors import (
    AddressesError,
    AnalysisError,
    HanyeongError,
    IndexMissingError,
    LexiconError,
)
from webapp.opened import archive

__all__ = ["PUBLIC", "Trouble", "init_keeper", "tell_keeper", "trouble_of"]

Trouble = Literal["missing", "index", "addresses", "renderings", "analysis"]

PUBLIC: Final[dict[Trouble, str]] = {
    "missing": "the archive has no index yet",
    "index": "the archive's index is damaged, or was written by another version",
    "addresses": "the archive's list of addresses cannot be read",
    "renderings": "what the archive's pairs teach cannot be read",
    "analysis": "Korean words cannot be searched just now; try again in a moment",
}
"""What programs are told; where the files lie is nobody's business."""
_AGAIN: Final = 60.0
"""Seconds after which the same line is written to the log again."""
_REMEMBERED: Final = 64
"""Lines that are known to have been written."""


class _Log:
    """Writes a line to the log unless it has just been written: each visitor meets the same troubles."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._written: dict[str, float] = {}
        """When each of the last lines was written, in seconds of `monotonic`; the oldest first."""

    def write(self, line: str) -> None:
        now = monotonic()
        with self._lock:
            last = self._written.get(line)
            if last is not None and now - last < _AGAIN:
                return
            self._written.pop(line, None)
            if len(self._written) >= _REMEMBERED:
                del self._written[next(iter(self._written))]
            self._written[line] = now
        current_app.logger.error(line)


def init_keeper(extensions: dict[str, object]) -> None:
    """Gives an app, by its extensions, what it tells the keeper by."""
    extensions["keeper"] = _Log()


def trouble_of(error: HanyeongError) -> Trouble:
    """Which trouble it is that keeps the archive from being searched, or a part of it from being seen."""
    if isinstance(error, IndexMissingError):
        return "missing"
    if isinstance(error, LexiconError):
        return "renderings"
    if isinstance(error, AnalysisError):
        return "analysis"
    return "addresses" if isinstance(error, AddressesError) else "index"


def tell_keeper(error: HanyeongError) -> str:
    """Writes what is wrong, and the whole command that mends it, to the server's log.

    Returns:
        What programs are told meanwhile, in one line.
    """
    log: _Log = current_app.extensions["keeper"]
    log.write(error.told(str(archive().settings.data.absolute())))
    return f"{PUBLIC[trouble_of(error)]}; the server's log says what its keeper has to do"
