"""A query in one language -> the same query in the other, every word with its renderings.

The renderings of one word are synonyms that share one document frequency, each weighted by how surely it
renders the word, so that a word with many renderings counts no more than a word with one.

Source: Darwish and Oard, "Probabilistic Structured Query Methods" (2003), after Pirkola (1998).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from indexer.analysis import fold
from indexer.lexicon.function_words import FUNCTION_WORDS
from indexer.lexicon.lookup import Known, Lexicon
from indexer.model import AnyOf, Clause, Field, Lang, Phrase, Prefix, Query, Rendered, Rendering, Term, Word

__all__ = ["known_terms", "other_language", "translate"]

_LEAST_SHARE: Final = 0.02
_LEAST_EXCLUDED: Final = 0.3
"""How surely a rendering must render an excluded word for passages with it to be left out."""
_LEAST_ROW: Final = 0.5
"""How much of a term of several words must be known for its words not to be rendered one by one as well."""
_MOST_RENDERINGS: Final = 12
_SURE_PAIRS: Final = 3
"""Up to so many pairs of passages, a word is as good as unknown: what sounds like it is searched too."""
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
    words = [word for clause in query.clauses for word in _words(clause)]
    found: dict[str, tuple[Known, ...]] = {}
    for length in range(min(len(words), _LONGEST_ROW), 1, -1):
        for at in range(len(words) - length + 1):
            row = words[at : at + length]
            keys = [key for word in row for key in _keys(word)[:1]]
            found[" ".join(word.text for word in row)] = lexicon.shown(" ".join(keys), _lang(row[0]))
    for word in words:
        shown = (lexicon.shown(key, _lang(word)) for key in _keys(word))
        found[word.text] = next((known for known in shown if known), ())
    return [(text, known) for text, known in found.items() if known]


def _rendered(clauses: Sequence[Clause], lexicon: Lexicon, into: Lang) -> Iterator[Rendered]:
    """The clauses with their renderings; words in a row that are one term are rendered as one."""
    at = 0
    while at < len(clauses):
        row = _longest_row(clauses[at:], lexicon, into)
        if row is not None:
            length, rendered = row
            yield rendered
            if sum(one.weight for one in rendered.renderings) < _LEAST_ROW:
                for word in clauses[at : at + length]:
                    yield from _clause(word, lexicon, into)
            at += length
            continue
        yield from _clause(clauses[at], lexicon, into)
        at += 1


def _clause(clause: Clause, lexicon: Lexicon, into: Lang) -> Iterator[Rendered]:
    match clause:
        case Word():
            yield from _word(clause, lexicon, into)
        case Prefix():
            yield from _word(clause.word, lexicon, into)
        case Phrase():
            yield from _rendered(clause.words, lexicon, into)
        case AnyOf():
            yield from _either(list(_rendered(clause.clauses, lexicon, into)))
        case Rendered():
            yield clause


def _either(rendered: Sequence[Rendered]) -> Iterator[Rendered]:
    """Alternatives as one word: what renders one of them is as good as what renders another."""
    if any(one.renderings for one in rendered):
        text = " OR ".join(one.text for one in rendered)
        yield Rendered(text, _merge(rendering for one in rendered for rendering in one.renderings))


def _longest_row(clauses: Sequence[Clause], lexicon: Lexicon, into: Lang) -> tuple[int, Rendered] | None:
    words: list[Word] = []
    for clause in clauses[:_LONGEST_ROW]:
        if not isinstance(clause, Word):
            break
        words.append(clause)
    for length in range(len(words), 1, -1):
        row = words[:length]
        langs = {_lang(word) for word in row}
        if len(langs) > 1 or into in langs:
            continue
        keys = [_keys(word)[0] for word in row if _keys(word)]
        found = lexicon.renderings(" ".join(keys), langs.pop()) if len(keys) == length else ()
        if found:
            return length, Rendered(" ".join(word.text for word in row), _renderings(found))
    return None


def _word(word: Word, lexicon: Lexicon, into: Lang) -> Iterator[Rendered]:
    """The word with its renderings; a Korean word that is not known as a whole by its parts."""
    if word.optional or _holds_together(word):
        return
    lang = _lang(word)
    if lang == into:
        yield Rendered(word.text, _as_it_is(word))
        return
    found = _known(word, lexicon, lang)
    if not found and lang == "ko":
        for part in _parts(word):
            yield from _word(part, lexicon, into)
    renderings = [*_renderings(found), *_sounding(word, found, lexicon, lang)]
    if lang == "en":
        renderings += _as_it_is(word)
    if renderings:
        yield Rendered(word.text, _merge(renderings))


def _known(word: Word, lexicon: Lexicon, lang: Lang) -> list[Known]:
    """What renders the word, whichever of its units it is; what an editor says stands alone."""
    found: dict[str, Known] = {}
    for key in _keys(word):
        for known in lexicon.renderings(key, lang):
            if known.key not in found or found[known.key].share < known.share:
                found[known.key] = known
    given = [known for known in found.values() if known.given]
    return given or list(found.values())


def _sounding(word: Word, found: Sequence[Known], lexicon: Lexicon, lang: Lang) -> Iterator[Rendering]:
    """Words that sound like a word of which too little is known."""
    if any(known.given or known.pairs > _SURE_PAIRS for known in found):
        return
    for form in _forms(word, lang):
        for known in lexicon.sounding(form, lang):
            yield from (Rendering(known.text, way, known.share) for way in known.ways)


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


def _holds_together(word: Word) -> bool:
    """Whether it is a Korean word that only holds the sentence together."""
    return any(key in FUNCTION_WORDS for key in _keys(word))


def _keys(word: Word) -> list[str]:
    """The keys of the units that the word may be, the surest first."""
    keys = [
        " ".join(term.text for term in variant.terms)
        for variant in sorted(word.variants, key=lambda variant: -variant.weight)
        if variant.terms[0].field is not Field.BIGRAM
    ]
    return list(dict.fromkeys(keys))


def _parts(word: Word) -> list[Word]:
    """The pieces of a Korean word as words, where it has several."""
    longest = max((variant.terms for variant in word.variants if variant.terms[0].field is Field.KOREAN),
                  key=len, default=())  # fmt: skip
    if len(longest) < 2:  # noqa: PLR2004
        return []
    return [Word(term.text, (replace(word.variants[0], terms=(term,), weight=1.0),)) for term in longest]


def _forms(word: Word, lang: Lang) -> list[str]:
    if lang == "en":
        return [fold(word.text)]
    return list(dict.fromkeys((word.text, *(key.replace(" ", "") for key in _keys(word)))))


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
