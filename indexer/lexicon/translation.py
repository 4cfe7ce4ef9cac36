"""A query in one language -> the same query in the other, every word with its renderings.

The renderings of one word are synonyms that share one document frequency, each weighted by how surely it
renders the word, so that a word with many renderings counts no more than a word with one.

Source: Darwish and Oard, "Probabilistic Structured Query Methods" (2003), after Pirkola (1998).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import prod
from operator import attrgetter
from typing import Final, NamedTuple

from indexer.analysis import fold
from indexer.lexicon.function_words import FUNCTION_WORDS
from indexer.lexicon.lookup import Known, Lexicon
from indexer.model.query import AnyOf, Clause, Phrase, Prefix, Query, Rendered, Rendering, Word
from indexer.model.terms import Field, Term
from indexer.model.text import Lang

__all__ = ["known_terms", "other_language", "translate"]

_LEAST_SHARE: Final = 0.02
_LEAST_EXCLUDED: Final = 0.3
"""How surely a rendering must render an excluded word for passages with it to be left out."""
_LEAST_ROW: Final = 0.5
"""How much of a term of several words must be known for its words not to be rendered one by one as well."""
_MOST_RENDERINGS: Final = 12
_SURE_PAIRS: Final = 3
"""Up to so many pairs of passages, a word is as good as unknown: what sounds like it is searched too."""
_WEIGHT: Final = attrgetter("weight")
_MOST_IN_PHRASE: Final = 3
"""Renderings of a word that are looked for beside those of its neighbours in a phrase."""
_LONGEST_ROW: Final = 4
"""Words of the query that may be one term."""


def other_language(query: Query) -> Lang:
    """The language that a query is translated into: the one that fewer of its words are in."""
    words = [word for clause in query.clauses for word in _words(clause) if not word.optional]
    korean = sum(_lang(word) == "ko" for word in words)
    return "en" if 2 * korean >= len(words) else "ko"


def translate(query: Query, lexicon: Lexicon, into: Lang) -> Query:
    """The query for the passages of the language `into`; without clauses where nothing is known.

    A word that is in that language already, and a word in Latin script that a Korean passage may have as
    it is (NASA, 2019), are looked for as they are, too.
    """
    # A word may have none: what is known of it may be too little to be searched.
    rendered = [one for one in _rendered(query.clauses, lexicon, into) if one.renderings]
    clauses = tuple({one.text.lower(): one for one in rendered}.values())
    known = any(rendering.learned for clause in clauses for rendering in clause.renderings)
    excluded = tuple(
        replace(one, renderings=tuple(each for each in one.renderings if each.weight >= _LEAST_EXCLUDED))
        for one in _rendered(query.excluded, lexicon, into)
    )
    return replace(
        query,
        clauses=clauses if known else (),
        nearby=(),
        excluded=(*query.excluded, *(one for one in excluded if one.renderings)),
        lang=into,
    )


def known_terms(query: Query, lexicon: Lexicon) -> list[tuple[str, tuple[Known, ...]]]:
    """The words of the query, and the terms of several words in it, each with its sure renderings."""
    words = [_Asked.of(word) for clause in query.clauses for word in _words(clause)]
    found: dict[str, tuple[Known, ...]] = {}
    for length in range(min(len(words), _LONGEST_ROW), 1, -1):
        for at in range(len(words) - length + 1):
            row = words[at : at + length]
            keys = [key for one in row for key in one.keys[:1]]
            found[" ".join(one.word.text for one in row)] = lexicon.shown(" ".join(keys), row[0].lang)
    for one in words:
        shown = (lexicon.shown(key, one.lang) for key in one.keys)
        found[one.word.text] = next((known for known in shown if known), ())
    return [(text, known) for text, known in found.items() if known]


class _Asked(NamedTuple):
    """A word of a query."""

    word: Word
    keys: list[str]
    """Of the units that it may be, the surest first."""
    lang: Lang

    @classmethod
    def of(cls, word: Word) -> _Asked:
        variants = [one for one in word.variants if one.terms[0].field is not Field.BIGRAM]
        variants.sort(key=_WEIGHT, reverse=True)
        keys = [" ".join([term.text for term in variant.terms]) for variant in variants]
        return cls(word, list(dict.fromkeys(keys)), _lang(word))


def _rendered(clauses: Sequence[Clause], lexicon: Lexicon, into: Lang) -> Iterator[Rendered]:
    """The clauses with their renderings; words in a row that are one term are rendered as one."""
    asked = [_Asked.of(clause) if isinstance(clause, Word) else None for clause in clauses]
    at = 0
    while at < len(clauses):
        row = _longest_row(asked[at : at + _LONGEST_ROW], lexicon, into)
        many, rendered = row or (1, None)
        if rendered is not None:
            yield rendered
        if rendered is None or sum(one.weight for one in rendered.renderings) < _LEAST_ROW:
            for clause, word in zip(clauses[at : at + many], asked[at : at + many], strict=True):
                yield from _word(word, lexicon, into) if word else _clause(clause, lexicon, into)
        at += many


def _clause(clause: Clause, lexicon: Lexicon, into: Lang) -> Iterator[Rendered]:
    match clause:
        case Word():
            yield from _word(_Asked.of(clause), lexicon, into)
        case Prefix():
            yield from _word(_Asked.of(clause.word), lexicon, into)
        case Phrase():
            yield from _phrase(clause, lexicon, into)
        case AnyOf():
            yield from _either(list(_rendered(clause.clauses, lexicon, into)))
        case Rendered():
            yield clause


def _phrase(phrase: Phrase, lexicon: Lexicon, into: Lang) -> Iterator[Rendered]:
    """The phrase as one: as a term that is known as a whole, or its words' renderings side by side.

    A phrase with a word that nothing renders is not looked for: without it, it would be another phrase.
    """
    parts = list(_rendered(phrase.words, lexicon, into))
    said = " ".join(word.text for word in phrase.words)
    if len(parts) < 2 and any(part.text == said for part in parts):  # noqa: PLR2004
        yield from parts
        return
    told = {word for part in parts for word in part.text.split()}
    content = [word for word in map(_Asked.of, phrase.words) if not _says_nothing(word)]
    if len(parts) > _LONGEST_ROW or any(one.word.text not in told for one in content):
        return
    ways = product(*(part.renderings[:_MOST_IN_PHRASE] for part in parts))
    if rows := [_row(way) for way in ways if way]:
        yield Rendered(said, _merge(rows)[:_MOST_RENDERINGS])


def _row(way: Sequence[Rendering]) -> Rendering:
    """Renderings of words in a row as a rendering of the row."""
    return Rendering(
        " ".join(one.text for one in way),
        tuple(term for one in way for term in one.terms),
        prod(one.weight for one in way),
        learned=any(one.learned for one in way),
        sure=all(one.sure for one in way),
    )


def _says_nothing(asked: _Asked) -> bool:
    return asked.word.optional or any(key in FUNCTION_WORDS for key in asked.keys)


def _either(rendered: Sequence[Rendered]) -> Iterator[Rendered]:
    """Alternatives as one word: what renders one of them is as good as what renders another."""
    if any(one.renderings for one in rendered):
        text = " OR ".join(one.text for one in rendered)
        yield Rendered(text, _merge(rendering for one in rendered for rendering in one.renderings))


def _longest_row(asked: Sequence[_Asked | None], lexicon: Lexicon, into: Lang) -> tuple[int, Rendered] | None:
    """Of words in a row those of the longest term that they begin with: how many, and what renders it."""
    words: list[_Asked] = []
    for one in asked:
        if one is None or one.lang == into or not one.keys or (words and one.lang != words[0].lang):
            break
        words.append(one)
    for length in range(len(words), 1, -1):
        found = lexicon.renderings(" ".join([one.keys[0] for one in words[:length]]), words[0].lang)
        if found:
            return length, Rendered(" ".join(one.word.text for one in words[:length]), _renderings(found))
    return None


def _word(asked: _Asked, lexicon: Lexicon, into: Lang) -> Iterator[Rendered]:
    """The word with its renderings; a Korean word that is not known as a whole by its parts."""
    word, lang = asked.word, asked.lang
    if _says_nothing(asked):
        return
    if lang == into:
        yield Rendered(word.text, _as_it_is(word))
        return
    found = _known(asked, lexicon)
    if not found and lang == "ko":
        for part in _parts(word):
            yield from _word(_Asked.of(part), lexicon, into)
    renderings = [*_renderings(found), *_sounding(asked, found, lexicon)]
    if lang == "en":
        renderings += _as_it_is(word)
    if renderings:
        yield Rendered(word.text, _merge(renderings))


def _known(asked: _Asked, lexicon: Lexicon) -> list[Known]:
    """What renders the word, whichever of its units it is; what an editor says stands alone."""
    found: dict[str, Known] = {}
    for key in asked.keys:
        for known in lexicon.renderings(key, asked.lang):
            if known.key not in found or found[known.key].share < known.share:
                found[known.key] = known
    given = [known for known in found.values() if known.given]
    return given or list(found.values())


def _sounding(asked: _Asked, found: Sequence[Known], lexicon: Lexicon) -> Iterator[Rendering]:
    """Words that sound like a word of which too little is known."""
    if any(known.given or known.pairs > _SURE_PAIRS for known in found):
        return
    for form in _forms(asked):
        for known in lexicon.sounding(form, asked.lang):
            yield from (Rendering(known.text, way, known.share, sure=known.is_sure) for way in known.ways)


def _renderings(found: Iterable[Known]) -> tuple[Rendering, ...]:
    best = sorted(found, key=lambda known: -known.share)[:_MOST_RENDERINGS]
    return tuple(
        Rendering(known.text, way, known.share * _trust(known), sure=known.is_sure)
        for known in best
        for way in known.ways
        if known.share >= _LEAST_SHARE
    )


def _trust(known: Known) -> float:
    """How far a share is believed that was counted in few pairs."""
    return 1.0 if known.given or known.pairs > _SURE_PAIRS else known.pairs / (known.pairs + 2)


def _merge(renderings: Iterable[Rendering]) -> tuple[Rendering, ...]:
    """Each rendering once, with its greatest weight, the heaviest first."""
    best: dict[tuple[Term, ...], Rendering] = {}
    for rendering in renderings:
        if rendering.terms not in best or best[rendering.terms].weight < rendering.weight:
            best[rendering.terms] = rendering
    return tuple(sorted(best.values(), key=lambda rendering: -rendering.weight))


def _as_it_is(word: Word) -> tuple[Rendering, ...]:
    return tuple(
        Rendering(word.text, variant.terms, variant.weight, learned=False)
        for variant in word.variants
        if variant.terms[0].field is not Field.BIGRAM and variant.weight == 1
    )


def _parts(word: Word) -> list[Word]:
    """The pieces of a Korean word as words, where it has several."""
    longest = max((variant.terms for variant in word.variants if variant.terms[0].field is Field.KOREAN),
                  key=len, default=())  # fmt: skip
    if len(longest) < 2:  # noqa: PLR2004
        return []
    return [Word(term.text, (replace(word.variants[0], terms=(term,), weight=1.0),)) for term in longest]


def _forms(asked: _Asked) -> list[str]:
    if asked.lang == "en":
        return [fold(asked.word.text)]
    return list(dict.fromkeys((asked.word.text, *(key.replace(" ", "") for key in asked.keys))))


def _lang(word: Word) -> Lang:
    return "ko" if any("가" <= character <= "힣" for character in word.text) else "en"


def _words(clause: Clause) -> Iterator[Word]:
    match clause:
        case Word():
            yield clause
        case Prefix():
            yield clause.word
        case Phrase():
            yield from clause.words
        case AnyOf():
            for one in clause.clauses:
                yield from _words(one)
        case Rendered():
            return
