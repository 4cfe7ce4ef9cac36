"""What is searched in a text: `analyze` gives the same tokens for a passage and for a query."""

from indexer.analysis._tokens import ANALYSIS_VERSION, analyze, analyze_all, blank
from indexer.analysis.english import STOP_STEMS, STOP_WORDS, count_stems, fold, stem, stem_folded
from indexer.analysis.korean import model_version
from indexer.analysis.token_runs import Relative, TokenRuns

__all__ = [
    "ANALYSIS_VERSION",
    "STOP_STEMS",
    "STOP_WORDS",
    "Relative",
    "TokenRuns",
    "analyze",
    "analyze_all",
    "blank",
    "count_stems",
    "fold",
    "model_version",
    "stem",
    "stem_folded",
]
