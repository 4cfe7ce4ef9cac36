"""One reindex at a time: a second one is turned away with a line that says who is at work."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from indexer.errors import IndexLockedError, SettingsError
from indexer.locked import LockedError, locked
from indexer.settings import Settings

__all__ = ["exclusively"]


@contextmanager
def exclusively(settings: Settings) -> Iterator[None]:
    """Keeps a second writer out, also of the addresses; the system frees the lock of a killed process."""
    with ExitStack() as held:
        note = settings.index / "reindex.json"
        try:
            settings.index.mkdir(parents=True, exist_ok=True)
            held.enter_context(locked(settings.index / "reindex.lock"))
            _note(note)
        except LockedError:
            raise IndexLockedError(
                f"another reindex is running{_since(settings)}; wait until it has finished"
            ) from None
        except OSError as error:
            raise SettingsError(f"{settings.index}: cannot be written: {error.strerror or error}") from error
        try:
            yield
        finally:
            note.unlink(missing_ok=True)


def _note(path: Path) -> None:
    """Tells others who is writing, and since when."""
    started = dt.datetime.now(tz=dt.UTC).astimezone().isoformat(sep=" ", timespec="seconds")
    path.write_text(json.dumps({"pid": os.getpid(), "since": started}), encoding="utf-8")


def _since(settings: Settings) -> str:
    try:
        note = json.loads((settings.index / "reindex.json").read_text(encoding="utf-8"))
        return f" since {note['since']} (process {note['pid']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # the other one has not written its note yet, or has just removed it
