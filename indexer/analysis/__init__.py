"""What is searched in a text: `analyze` gives the same tokens for a passage and for a query."""

from typing import TYPE_CHECKING

from indexer.late import late

if TYPE_CHECKING:
    from indexer.analysis._tokens import analyze, analyze_all
    from indexer.analysis.english import (
        LONGEST,
        STOP_STEMS,
        STOP_WORDS,
        acronym,
        count_stems,
        divide,
        fold,
        stem,
        stem_folded,
    )
    from indexer.analysis.korean import model_version
    from indexer.analysis.script import has_korean
    from indexer.analysis.token_runs import Relative, RelativeToken, Run, RunTable, TokenRuns, relative

__all__ = [
    "LONGEST",
    "STOP_STEMS",
    "STOP_WORDS",
    "Relative",
    "RelativeToken",
    "Run",
    "RunTable",
    "TokenRuns",
    "acronym",
    "analyze",
    "analyze_all",
    "count_stems",
    "divide",
    "fold",
    "has_korean",
    "model_version",
    "relative",
    "stem",
    "stem_folded",
]

__getattr__ = late(
    __name__,
    {
        "_tokens": ("analyze", "analyze_all"),
        "english": (
            "LONGEST",
            "STOP_STEMS",
            "STOP_WORDS",
            "acronym",
            "count_stems",
            "divide",
            "fold",
            "stem",
            "stem_folded",
        ),
        "korean": ("model_version",),
        "script": ("has_korean",),
        "token_runs": ("Relative", "RelativeToken", "Run", "RunTable", "TokenRuns", "relative"),
    },
)
"""The process that reads the files needs little of this."""
