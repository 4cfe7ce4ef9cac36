"""What an index was written with: when one of these changes, it has to be rebuilt.  Loads nothing."""

from __future__ import annotations

TYPE_CHECKING = False  # loading `typing` would take as long as comparing a thousand files
if TYPE_CHECKING:
    from typing import Final

__all__ = ["ANALYSIS_VERSION", "SCHEMA_VERSION"]

SCHEMA_VERSION: Final = "4"
"""Changes whenever an index that was written before could no longer be read rightly."""

ANALYSIS_VERSION: Final = "2"
"""Changes whenever the same text would give other tokens; an index of another version is outdated."""
