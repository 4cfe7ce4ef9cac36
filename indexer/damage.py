"""Is what stands beside the index as it was written?

Each of these files can be made anew from the index and the documents, and a reindex does so where it reads
one that is damaged.  One that nobody reads stays damaged unseen: what a failing disk changes keeps its size
and its time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexer.errors import REINDEX, IndexOutdatedError
from indexer.lexicon import Lexicon
from indexer.lexicon.lesson_lines import Lines
from indexer.pairing import load_dictionaries
from indexer.settings import Settings

__all__ = ["damaged_beside"]


def damaged_beside(settings: Settings) -> Iterator[tuple[Path, IndexOutdatedError]]:
    """Each file beside the index that cannot be read as it stands, with what that means and what to do.

    One that is not there is not damaged: it is made anew when it is needed.
    """
    for path, wrong, means in (
        (
            settings.lexicon,
            _of_lexicon(settings.lexicon),
            "nothing is searched in the other language, nor are renderings shown",
        ),
        (
            settings.lessons,
            _of_lessons(settings.lessons),
            "what is searched is whole, but the next reindex has to read all pairs anew",
        ),
        (
            settings.translations,
            _of_translations(settings.translations),
            "what is searched is whole, but the next reindex has to learn anew which passages say the same",
        ),
    ):
        if wrong:
            yield path, IndexOutdatedError(f"{wrong}; {means}; delete the file", remedy=REINDEX)


def _of_lexicon(path: Path) -> str:
    """What is wrong with the lexicon; empty where it is whole."""
    try:
        Lexicon(path).check()
    except FileNotFoundError:
        return ""
    except IndexOutdatedError as error:
        return error.wrong
    return ""


def _of_lessons(path: Path) -> str:
    """The same of the lessons."""
    try:
        with path.open("rb") as file:
            Lines(file).checked()
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"{path}: cannot be read: {error.strerror or error}"
    except ValueError:
        return f"{path}: is not as it was written"
    return ""


def _of_translations(path: Path) -> str:
    """The same of the dictionaries that pair passages."""
    try:
        path.open("rb").close()
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"{path}: cannot be read: {error.strerror or error}"
    return "" if load_dictionaries(path) else f"{path}: is not as it was written"
