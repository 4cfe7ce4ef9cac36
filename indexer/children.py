"""From where the child processes of this one import: from where this one does."""

from __future__ import annotations

import os
import sys

__all__ = ["environment"]


def environment() -> dict[str, str]:
    """The environment of a child process that is started with `-P`, and runs the very code that runs here.

    An empty entry of `sys.path` means the folder the user stands in, from which no module is ever taken,
    unless this program itself lies there.
    """
    folders = [folder for folder in sys.path if folder]
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - no pathlib
    if "" in sys.path and own not in folders:
        folders.insert(0, own)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
