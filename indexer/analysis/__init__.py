"""What is searched in a text: `analyze` gives the same tokens for a passage and for a query."""

from typing import TYPE_CHECKING

from indexer.late import late

if TYPE_CHECKING:
    from indexer.analysis._tokens import analyze, analyze_all
    from indexer.analysis.english import count_stems, divide
    from indexer.analysis.script import has_korean
    from indexer.analysis.stems import LONGEST, STOP_STEMS, STOP_WORDS, acronym, fold, stem, stem_folded
    from indexer.analysis.token_runs import Relative, RelativeToken, Run, RunTable, TokenRuns, relative
    from indexer.analysis.tokenizer import model_version

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
        "english": ("count_stems", "divide"),
        "script": ("has_korean",),
        "stems": ("LONGEST", "STOP_STEMS", "STOP_WORDS", "acronym", "fold", "stem", "stem_folded"),
        "token_runs": ("Relative", "RelativeToken", "Run", "RunTable", "TokenRuns", "relative"),
        "tokenizer": ("model_version",),
    },
)
"""The process that reads the files needs little of this."""
