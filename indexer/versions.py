"""What an index and what stands beside it were written with.  Loads nothing."""

from __future__ import annotations

TYPE_CHECKING = False  # loading `typing` would take as long as comparing a thousand files
if TYPE_CHECKING:
    from typing import Final

__all__ = ["ANALYSIS_VERSION", "FORMAT_VERSION", "LESSONS_VERSION", "LEXICON_VERSION", "SCHEMA_VERSION"]

SCHEMA_VERSION: Final = "4"
"""Changes whenever an index that was written before could no longer be read rightly; it must be rebuilt."""

FORMAT_VERSION: Final = 3
"""Changes whenever a file of arrays that was written before could no longer be read rightly."""

ANALYSIS_VERSION: Final = "2"
"""Changes whenever the same text would give other tokens; an index of another version is outdated."""

LEXICON_VERSION: Final = "3"
"""Changes when the same pairs would be written down as another lexicon."""

LESSONS_VERSION: Final = 2
"""Changes when the same documents would teach other lessons, or these would be written otherwise."""
