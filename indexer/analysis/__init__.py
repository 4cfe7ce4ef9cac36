"""What is searched in a text: `analyze` gives the same tokens for a passage and for a query."""

from indexer.analysis._tokens import analyze, analyze_all, blank
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
from indexer.analysis.korean import has_korean, model_version
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
    "blank",
    "count_stems",
    "divide",
    "fold",
    "has_korean",
    "model_version",
    "relative",
    "stem",
    "stem_folded",
]
