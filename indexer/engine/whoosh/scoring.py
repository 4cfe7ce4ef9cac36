"""What a term is worth in a passage.

A term counts by its rarity, by how often it stands in the passage, and a little more where it stands early in
it.  All figures are of 32 bits: worths are compared, and a difference in the eighth digit says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.engine import Columns
from indexer.engine.whoosh.occurrences import OccurrenceReader
from indexer.engine.whoosh.postings import Postings
from indexer.engine.whoosh.term_postings import TermPostings
from indexer.frozen import quickly_made
from indexer.model.query import AnyOf, Clause, Phrase, Prefix, Rendered, Word
from indexer.model.terms import Field

__all__ = ["TITLED", "Normal", "kind_of"]

_K1: Final = {Field.KOREAN: 0.65, Field.BIGRAM: 0.65, Field.ENGLISH: 0.9, Field.SURFACE: 0.9}
_B: Final = 0.7
_RARITY: Final = {Field.KOREAN: 1.35, Field.BIGRAM: 1.35, Field.ENGLISH: 1.0, Field.SURFACE: 1.0}
"""The exponent of a term's rarity, by the kind of term."""
_LEAD: Final = {Field.KOREAN: 0.6, Field.BIGRAM: 0.0, Field.ENGLISH: 0.3, Field.SURFACE: 0.0}
"""What a term adds that is a passage's first unit; a text says early what it is about."""
_LEAD_UNITS: Final = 8.0
"""Units after which half of that is left."""
TITLED: Final = 1.2
"""What a term adds that stands in the document's title."""
_SEQUENCE: Final = {Field.KOREAN: 1.0, Field.BIGRAM: 1.0, Field.ENGLISH: 3.5, Field.SURFACE: 3.5}
"""What terms in a row count beside a common noun, by the kind of the first."""

_BYTE: Final = 255

_Floats = NDArray[np.float32]


def _leads(units: NDArray[Any], lead: float) -> _Floats:
    """What a term adds that first stands at these units."""
    leads: _Floats = (lead / (1 + units / _LEAD_UNITS)).astype(np.float32)
    return leads


@dataclass(frozen=True, slots=True)
class _Saturation:
    """How much the occurrences of a term count in each passage, for one value of BM25's k1."""

    k1: float
    norms: _Floats
    """By passage, how much its length, beside the average of its language, takes from its counts."""
    once: _Floats
    """By passage, what a term counts that stands in it once."""

    def of(self, numbers: NDArray[np.intp], counts: NDArray[Any]) -> _Floats:
        """What terms that stand `counts` times in the passages `numbers` count: from 0 to k1 + 1."""
        many = counts.astype(np.float32)
        norms = self.norms.take(numbers)
        norms += many
        many *= np.float32(self.k1 + 1)
        many /= norms
        return many


@quickly_made
@dataclass(frozen=True, slots=True)
class _Piece:
    """A few postings of a term in one segment."""

    place: slice
    """Where among all that is weighed."""
    numbers: NDArray[np.intp]
    postings: NDArray[np.intp]
    """Indices of the field's postings."""
    rarity: float
    """Of the term."""


@dataclass(frozen=True, slots=True)
class Normal:
    """What is usual in the archive, and what a term is worth beside it; the same for all over a commit."""

    passages: int
    titles: NDArray[np.bool_] | None
    """By passage, whether it is its document's title; none where no passage is."""
    _saturation: dict[Field, _Saturation]
    _leading: _Floats | None
    """By passage 1; for a title, of which nothing is early, 0.  None where no passage is a title."""
    _leads: dict[Field, _Floats]
    """What a term adds that first stands at a unit whose number fits in a byte, as nearly all do."""

    @classmethod
    def of(cls, columns: Columns) -> Normal:
        """The measures of these passages."""
        lengths = columns.length.astype(np.float64)
        for korean in (False, True):
            those = columns.passage & (columns.korean == korean) & ~columns.title
            if those.any():
                lengths[those] /= lengths[those].mean() or 1.0
        # A title is short and would beat every passage that speaks of the same; it counts as an average one.
        lengths[columns.title] = 1.0
        by_k1: dict[float, _Saturation] = {}
        for k1 in set(_K1.values()):
            norms = (k1 * (1 - _B + _B * lengths)).astype(np.float32)
            # Counted as any other count is, so that it makes no difference which of the two is asked.
            once = np.float32(k1 + 1) / (norms + np.float32(1))
            by_k1[k1] = _Saturation(k1, norms, once)
        texts = int((columns.passage & ~columns.title).sum())
        titles = columns.title if columns.title.any() else None
        saturation = {kind: by_k1[k1] for kind, k1 in _K1.items()}
        leads = {kind: _leads(np.arange(_BYTE + 1), lead) for kind, lead in _LEAD.items() if lead}
        leading = None if titles is None else (~titles).astype(np.float32)
        return cls(max(1, texts), titles, saturation, leading, leads)

    def rarity(self, frequency: float, kind: Field) -> float:
        """How much a term of this kind says that `frequency` passages have.

        Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with
        the logarithm's argument raised by one as Lucene does, so that no weight is negative.
        """
        if frequency > self.passages:
            return 0.0
        argument = (self.passages - frequency + 0.5) / (frequency + 0.5)
        return float(math.log1p(argument) ** _RARITY[kind])

    def counted(self, number: int, counts: Sequence[int], kind: Field) -> list[float]:
        """What terms count that stand so often in the passage `number`: from 0 to k1 + 1."""
        saturation = self._saturation[kind]
        k1, norm = saturation.k1, float(saturation.norms[number])
        return [count * (k1 + 1) / (count + norm) for count in counts]

    def weigh(self, found: Postings, kind: Field, frequency: float | None = None) -> _Floats:
        """BM25 of each posting of a word.

        Args:
            found: the postings.
            kind: what they are of.
            frequency: in how many passages the word counts as being; by default as many as there are
            postings.
        """
        rarity = self.rarity(len(found.numbers) if frequency is None else frequency, kind)
        return _SEQUENCE[kind] * rarity * self._saturation[kind].of(found.numbers, found.counts)

    def most(self, frequency: int, kind: Field) -> float:
        """What a term that `frequency` passages have can be worth at most in one of them."""
        return self.rarity(frequency, kind) * (_K1[kind] + 1 + _LEAD[kind])

    def worths(self, term: TermPostings, kind: Field) -> _Floats:
        """What the term is worth in each passage that has it; worked out once."""
        if term.worth is None:
            term.worth = self.worths_at(term, kind, None)
        return term.worth

    def worths_at(self, term: TermPostings, kind: Field, which: NDArray[np.intp] | None) -> _Floats:
        """As `worths`, at the indices `which`."""
        if term.worth is not None:
            return term.worth if which is None else term.worth[which]
        numbers = term.numbers if which is None else term.numbers[which]
        saturation = self._saturation[kind]
        if term.once:
            worth = saturation.once.take(numbers)
        else:
            worth = saturation.of(numbers, term.tf if which is None else term.tf[which])
        if _LEAD[kind]:
            worth += self._leads_at(numbers, term.first_positions(which), kind)
        worth *= self.rarity(len(term.numbers), kind)
        return worth

    def worths_of_several(self, several: Sequence[tuple[TermPostings, Field, NDArray[np.intp]]]) -> _Floats:
        """As `worths_at`, of several terms at a few indices each: one term after the other.

        All of a kind are weighed together: of so few, it costs most to ask for them.
        """
        worths = np.empty(sum(len(which) for _, _, which in several), dtype=np.float32)
        pieces: dict[tuple[Field, OccurrenceReader], list[_Piece]] = {}
        last = 0
        for term, kind, which in several:
            if term.worth is not None:
                first, last = last, last + len(which)
                worths[first:last] = term.worth[which]
                continue
            rarity = self.rarity(len(term.numbers), kind)
            for part, here in term.split(which):
                first, last = last, last + len(here)
                piece = _Piece(slice(first, last), part.numbers[here], part.postings(here), rarity)
                pieces.setdefault((kind, part.occurrences), []).append(piece)
        for (kind, reader), alike in pieces.items():
            weighed = self._weigh_pieces(alike, kind, reader)
            first = 0
            for piece in alike:
                last = first + len(piece.numbers)
                worths[piece.place] = weighed[first:last]
                first = last
        return worths

    def _weigh_pieces(self, pieces: Sequence[_Piece], kind: Field, reader: OccurrenceReader) -> _Floats:
        numbers = np.concatenate([piece.numbers for piece in pieces])
        postings = np.concatenate([piece.postings for piece in pieces])
        worth = self._saturation[kind].of(numbers, reader.tf_at(postings))
        if _LEAD[kind]:
            worth += self._leads_at(numbers, reader.first_positions_at(postings), kind)
        rarities = np.array([piece.rarity for piece in pieces], dtype=np.float32)
        worth *= rarities.repeat([len(piece.numbers) for piece in pieces])
        return worth

    def _leads_at(self, numbers: NDArray[np.intp], units: NDArray[Any], kind: Field) -> _Floats:
        """What a term adds that first stands at these units of the passages `numbers`."""
        if units.dtype == np.uint8:
            leads = self._leads[kind].take(units)
        else:
            leads = self._leads[kind].take(units, mode="clip")
            late = (units > _BYTE).nonzero()[0]
            leads[late] = _leads(units[late], _LEAD[kind])
        if self._leading is not None:
            leads *= self._leading.take(numbers)
        return leads


def kind_of(clause: Clause) -> Field:
    """The kind of a clause's first term."""
    match clause:
        case Word():
            return clause.variants[0].terms[0].field
        case Prefix():
            return clause.fields[0]
        case Phrase():
            return kind_of(clause.words[0])
        case AnyOf():
            return kind_of(clause.clauses[0])
        case Rendered():
            return clause.renderings[0].terms[0].field
