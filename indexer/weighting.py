"""How much does each term of a word count?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from indexer.analysis import STOP_STEMS
from indexer.model.query import Evidence
from indexer.model.terms import Field, Term, Token

__all__ = ["EVIDENCE", "evidence_of"]

EVIDENCE: Final = {
    "bigram": 0.33,
    "whole": 0.5,
    "compound": 0.6,
    "part": 0.5,
    "english": 3.5,
    "number": 2.0,
    "stop": 1.0,
}
"""How much each kind of evidence counts beside a common noun (1)."""
_BIGRAM: Final = Field.BIGRAM
_ENGLISH: Final = Field.ENGLISH
_SURFACE: Final = Field.SURFACE


def evidence_of(tokens: Sequence[Token], *, compounds: bool) -> tuple[Evidence, ...]:
    """What a passage is ranked by for this word; a term that several tokens give counts once."""
    weights: dict[tuple[Field, str], float] = {}
    for token in tokens:
        if token.field is not _SURFACE:
            term = token.field, token.term
            weights[term] = weights.get(term, 0.0) + _weight(token, compounds=compounds)
    return tuple([Evidence(Term(*term), weight) for term, weight in weights.items() if weight > 0])


def _weight(token: Token, *, compounds: bool) -> float:
    if token.field is _BIGRAM:
        return EVIDENCE["bigram"]
    if token.field is _ENGLISH:
        if token.term in STOP_STEMS:
            return EVIDENCE["stop"]
        return EVIDENCE["number"] if token.term.isdecimal() else EVIDENCE["english"]
    if token.whole:
        return EVIDENCE["whole"]
    if token.length > 1:
        return EVIDENCE["compound"]
    return token.weight * (EVIDENCE["part"] if compounds else 1.0)
