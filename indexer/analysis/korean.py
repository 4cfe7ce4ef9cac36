"""Korean words by their morphemes.  The only module that knows what Kiwi's tags say.

What a reader sees as one word (an eojeol, 어절: 라브로프와의) is a stem with endings or a noun with
particles.  Of its morphemes the content ones are kept, each with its span in the text; particles and endings
carry no content.  Kiwi's mistakes are expected: where it does not know a name, the pieces are marked as
`bound`, and syllable pairs (bigrams) find what the morphemes miss.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from indexer.analysis.glosses import add_hanja
from indexer.analysis.morphemes import Bigram, Compound, KoreanText, Morpheme
from indexer.analysis.tokenizer import Inside, KiwiToken, KiwiTokens, tokenize
from indexer.model.text import Span

__all__ = [
    "Bigram",
    "Compound",
    "KoreanText",
    "Morpheme",
    "digest",
    "digest_word",
    "divide",
    "parse",
]

_HANGUL_RUN: Final = re.compile(r"[\uac00-\ud7a3]+")

# Source of the tags: the table "품사 태그" of kiwipiepy's documentation, an extension of the Sejong tag set.
_NOUNS: Final = frozenset({"NNG", "NNP"})
_NOMINALS: Final = _NOUNS | {"NR", "XR", "MAG", "MAJ", "IC", "XPN", "XSN", "MM"}
_PREDICATES: Final = frozenset({"VV", "VA", "VX", "VCN"})
_CONTENT: Final = _NOMINALS | _PREDICATES | {"NNB", "NP"}
_BOUND: Final = frozenset({"XPN", "XSN", "NNB"})
_PLURALS: Final = frozenset({"들", "님", "쯤", "씩", "끼리"})
"""Suffixes that change a noun's number or tone and not what it names."""

_WEIGHTS: Final = {
    "NNP": 1.15,
    "XR": 0.8,
    "VV": 0.5,
    "VA": 0.5,
    "MAG": 0.5,
    "NNB": 0.1,
    "XSN": 0.1,
    "NP": 0.05,
    "MM": 0.05,
    "VX": 0.05,
    "VCN": 0.05,
    "MAJ": 0.05,
}
"""What a morpheme says in a query beside a common noun (1): 무엇, 어떤 and 있다 are how one asks.

Fitted on judged questions by a linear model of the score with one weight a tag; the other constants of the
ranking by `python -m tests.relevance.tune`.
"""

_DERIVING: Final = frozenset({"XSV", "XSA", "VCP"})
"""What makes a predicate of a noun (환산하면, 의미인): such a word is no name."""

_MIN_COMPOUND: Final = 4
"""Syllables from which a noun is tried for parts; shorter ones have parts of a single syllable."""
_MIN_PART: Final = 2

_PARTICLES: Final = re.compile(
    "(?:으로부터|에서부터|에게서|으로서|으로써|에서는|에서도|까지는|까지도|이라는|이라고|에서|에게|으로|까지|부터|처럼|보다|마다"
    "|이나|이란|이라|라는|라고|하고|에는|에도|와의|과의|로서|로써|은|는|이|가|을|를|의|에|와|과|로|도|만|나|란)$"
)
"""What may follow a noun in a word; taken off by the letter, as Kiwi is not to be trusted with names."""


def parse(text: str) -> KoreanText:
    """The morphemes, compounds and bigrams of `text` (NFC); what is in other scripts is left out.

    >>> text = parse("라브로프와의 협상을 도왔다")
    >>> [(m.term, "라브로프와의 협상을 도왔다"[m.span.slice]) for m in text.morphemes]
    [('라브로프', '라브로프'), ('협상', '협상'), ('돕다', '도왔다')]
    """
    if _HANGUL_RUN.search(text) is None:
        return digest(text, ())
    return digest(text, tokenize(text))


def divide(text: str, tokens: KiwiTokens) -> Iterator[tuple[int, int, tuple[Inside, ...]]]:
    """Each unbroken run of Hangul: where it starts and ends, and the morphemes that begin in it.

    Their places are told as if the run began the text.
    """
    for run, inside in _by_word(text, tokens):
        start = run.start
        own = [Inside(one.form, one.tag, one.start - start, one.end - start, one.oov) for one in inside]
        yield start, run.end, tuple(own)


def digest(text: str, tokens: KiwiTokens) -> KoreanText:
    """What there is to search in `text`, as Kiwi read it."""
    found = _Found()
    for run, inside in _by_word(text, list(_without_spaces(text, tokens))):
        found.add(text, run, inside)
    return add_hanja(text, found.text())


def digest_word(word: str, tokens: Sequence[KiwiToken]) -> KoreanText:
    """As `digest`, of a single word of nothing but Hangul, and morphemes that begin in it and end there."""
    found = _Found()
    found.add(word, Span(0, len(word)), tokens)
    return found.text()


class _Found:
    """What has been found so far."""

    def __init__(self) -> None:
        self._morphemes: list[Morpheme] = []
        self._compounds: list[Compound] = []
        self._bigrams: list[Bigram] = []
        self._wholes: list[Compound] = []

    def add(self, text: str, run: Span, inside: Sequence[KiwiToken]) -> None:
        """What is in a word."""
        morphemes, compounds = self._morphemes, self._compounds
        first, before = len(morphemes), len(compounds)
        _add_word(inside, morphemes, compounds)
        self._bigrams.extend(_bigrams(text, run, inside))
        known = {one.term for one in morphemes[first:]} | {one.term for one in compounds[before:]}
        whole = _whole(text[run.slice], inside, known)
        if whole and len(morphemes) > first:
            span = Span(run.start, run.start + len(whole))
            self._wholes.append(Compound(whole, span, first, len(morphemes) - first))

    def text(self) -> KoreanText:
        """All of it."""
        parts = self._morphemes, self._compounds, self._bigrams, self._wholes
        return KoreanText(tuple(parts[0]), tuple(parts[1]), tuple(parts[2]), tuple(parts[3]))


def _without_spaces(text: str, tokens: Iterable[KiwiToken]) -> Iterator[KiwiToken]:
    """The tokens, those names taken apart that Kiwi knows with their spaces (세르게이 라브로프)."""
    for token in tokens:
        if _tag(token) in _NOUNS and " " in text[token.start : token.end]:
            for part in _HANGUL_RUN.finditer(text, token.start, token.end):
                yield Inside(part[0], token.tag, part.start(), part.end(), oov=False)
        else:
            yield token


def _by_word(text: str, tokens: Sequence[KiwiToken]) -> Iterator[tuple[Span, list[KiwiToken]]]:
    """Each unbroken run of Hangul with the morphemes that begin in it."""
    at = 0
    for match in _HANGUL_RUN.finditer(text):
        inside: list[KiwiToken] = []
        while at < len(tokens) and tokens[at].start < match.end():
            if tokens[at].start >= match.start():
                inside.append(tokens[at])
            at += 1
        yield Span(match.start(), match.end()), inside


def _add_word(tokens: Sequence[KiwiToken], morphemes: list[Morpheme], compounds: list[Compound]) -> None:
    for number, token in enumerate(tokens):
        tag = _tag(token)
        if tag not in _CONTENT or token.end <= token.start or _is_plural(token):
            continue
        if tag in _PREDICATES:
            morphemes.append(_predicate(token, _end_of_endings(tokens, number), _WEIGHTS.get(tag, 1.0)))
            continue
        parts = _parts(token.form) if tag in _NOUNS and not token.oov else ()
        if parts and token.end - token.start == len(token.form):
            compounds.append(Compound(token.form, Span(token.start, token.end), len(morphemes), len(parts)))
            morphemes.extend(_split(token, parts, _WEIGHTS.get(tag, 1.0)))
        else:
            bound = token.oov or tag in _BOUND or (tag in _NOMINALS and token.end - token.start == 1)
            if token.end - token.start == 1 and _makes_verb(tokens, number):
                # 말했다 is 말 + 하 + 았 + 다 or 말하 + 았 + 다, as Kiwi likes; both are found by 말하다.
                span = Span(token.start, _end_of_endings(tokens, number + 1))
                compounds.append(Compound(f"{token.form}하다", span, len(morphemes), 1))
            weight = _WEIGHTS.get(tag, 1.0)
            morphemes.append(Morpheme(token.form, Span(token.start, token.end), bound, weight=weight))


def _whole(written: str, tokens: Sequence[KiwiToken], known: Container[str]) -> str:
    """The word less its particles; empty where one of its `known` terms is just that."""
    tags = {_tag(token) for token in tokens}
    if not tokens or _tag(tokens[0]) not in _NOMINALS or tags & _DERIVING:
        return ""
    stem = _PARTICLES.sub("", written) if len(written) > _MIN_PART else written
    stem = stem if len(stem) >= _MIN_PART else written
    return stem if len(stem) >= _MIN_PART and stem not in known else ""


def _predicate(token: KiwiToken, end: int, weight: float) -> Morpheme:
    """A verb or an adjective in its dictionary form; of 비슷하다 the root, as Kiwi also gives 비슷 + 하다."""
    root = token.form.removesuffix("하")
    if root != token.form and len(root) >= _MIN_PART and token.end - token.start >= len(root):
        return Morpheme(root, Span(token.start, token.start + len(root)), weight=weight)
    return Morpheme(token.form + "다", Span(token.start, end), weight=weight)


def _makes_verb(tokens: Sequence[KiwiToken], number: int) -> bool:
    following = tokens[number + 1] if number + 1 < len(tokens) else None
    return following is not None and following.tag == "XSV" and following.form == "하"


def _split(token: KiwiToken, parts: Iterable[str], weight: float) -> Iterator[Morpheme]:
    at = token.start
    for part in parts:
        yield Morpheme(part, Span(at, at + len(part)), weight=weight)
        at += len(part)


def _end_of_endings(tokens: Sequence[KiwiToken], number: int) -> int:
    """Where the endings of the predicate at `number` end: 도왔다 is 돕 + 었 + 다, and is marked whole."""
    end = tokens[number].end
    for token in tokens[number + 1 :]:
        if not token.tag.startswith("E"):
            break
        end = max(end, token.end)
    return end


def _is_plural(token: KiwiToken) -> bool:
    return token.tag == "XSN" and token.form in _PLURALS


def _tag(token: KiwiToken) -> str:
    return token.tag.partition("-")[0]  # VV-I, VA-R: regular or not makes no difference here


@lru_cache(maxsize=1 << 16)
def _parts(noun: str) -> tuple[str, ...]:
    """The nouns that a noun of the dictionary consists of; none where it cannot be taken apart.

    Kiwi keeps 국가인권위원회 whole.  Analysed again with itself forbidden, it becomes 국가 + 인권 + 위원회.
    Only parts that are nouns of the dictionary, of two syllables or more, count; 우크라이나 has none.
    """
    if len(noun) < _MIN_COMPOUND:
        return ()
    tokens = tokenize(noun, {noun})
    forms = tuple(token.form for token in tokens)
    nouns = all(_tag(token) in _NOUNS and not token.oov and len(token.form) >= _MIN_PART for token in tokens)
    return forms if nouns and len(forms) > 1 and "".join(forms) == noun else ()


def _bigrams(text: str, run: Span, tokens: Sequence[KiwiToken]) -> Iterator[Bigram]:
    end = _end_of_nominals(run, tokens)
    for at in range(run.start, end - 1):
        yield Bigram(text[at : at + 2], Span(at, at + 2))


def _end_of_nominals(run: Span, tokens: Sequence[KiwiToken]) -> int:
    """Up to where a word is worth bigrams: without its particles and endings where those are certain.

    Otherwise 평화의 would be found by 화의, and 할 수도 by 수도.  Of a name that Kiwi does not know (it takes
    펜타닐 for 펜타 and endings) only a particle is left out.
    """
    nominals = [token for token in tokens if _tag(token) in _NOMINALS and not _is_plural(token)]
    if not nominals:
        return run.start
    last = nominals[-1]
    following = next((_tag(token) for token in tokens if token.start >= last.end), "")
    unknown = any(token.oov for token in nominals) and not following.startswith("J")
    return run.end if unknown or following in _PREDICATES else max(token.end for token in nominals)
