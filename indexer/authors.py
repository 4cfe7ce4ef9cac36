"""The authors of a document whose two files spell them in two scripts.  Pure.

Each file names its authors in its own script, and the document has the names of both: who is named in both
stands there twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import Final

from indexer.model.text import DocumentInfo, Lang
from indexer.romanisation import is_romanised, latin_letters
from indexer.scripts import script_lang

__all__ = ["authors_in", "authors_of"]

_SURE: Final = 4.0
"""By how much (a logarithm) two names must be likelier to be one than two: nobody is left out lightly."""
_APART: Final = 16.0
"""By how much they are less so where no rule allows it: with less, 김지나 would be Kim Jin-a."""
_MOST: Final = 30
"""Names in each script that are compared: each with each, so that more of them would take long."""
_LONGEST: Final = 60
"""Code points of a name that is compared; no person's is longer."""
_PARTS: Final = 6
"""Parts of a name that may come first in the other script."""
_OTHERS: Final = re.compile("[^a-z]+")


def authors_of(info: DocumentInfo, lang: Lang) -> tuple[tuple[str, ...], ...]:
    """The authors in order, each with all spellings of the name, that in the script of `lang` first.

    Where a document has a title in each language, and as many names in one script after all names in the
    other, both files name the same people.  Else two names are one person's where they sound so.

    >>> from indexer.model.text import Bilingual
    >>> authors_of(DocumentInfo("x", Bilingual("Talks", "협상"), ("The Editors", "편집부")), "ko")
    (('편집부', 'The Editors'),)
    >>> authors_of(DocumentInfo("x", Bilingual("Talks"), ("Ann Lee", "Hong Gil-dong", "홍길동")), "en")
    (('Ann Lee',), ('Hong Gil-dong', '홍길동'))
    """
    groups = _grouped(info.authors, bool(info.titles.en and info.titles.ko))
    return tuple(tuple(sorted(group, key=lambda name: script_lang(name) != lang)) for group in groups)


def authors_in(info: DocumentInfo, lang: Lang) -> tuple[str, ...]:
    """The authors in order, each once: spelled as in `lang` if the document knows how, else as it has it.

    >>> from indexer.model.text import Bilingual
    >>> info = DocumentInfo("x", Bilingual("Talks", "협상"), ("Gil-dong Hong", "Ann Lee", "홍길동"))
    >>> authors_in(info, "en"), authors_in(info, "ko")
    (('Gil-dong Hong', 'Ann Lee'), ('홍길동', 'Ann Lee'))
    """
    return tuple(spellings[0] for spellings in authors_of(info, lang))


@lru_cache(maxsize=1 << 12)
def _grouped(names: tuple[str, ...], in_both: bool) -> tuple[tuple[str, ...], ...]:  # noqa: FBT001 - a key of the cache
    latin = [name for name in names if script_lang(name) == "en"]
    korean = [name for name in names if script_lang(name) == "ko"]
    if not (latin and korean):
        return tuple((name,) for name in names)
    if in_both and len(latin) == len(korean) and list(names) in (latin + korean, korean + latin):
        other = _in_order(latin, korean)
    else:
        other = _alike(latin, korean)
    other |= {second: first for first, second in other.items()}
    groups: list[tuple[str, ...]] = []
    grouped: set[str] = set()
    for name in names:
        if name not in grouped:
            groups.append((name, other[name]) if name in other else (name,))
            grouped.update(groups[-1])
    return tuple(groups)


def _in_order(latin: Sequence[str], korean: Sequence[str]) -> dict[str, str]:
    """The names in Hangul of those in Latin letters, by these, where both are told in one order.

    Where that makes one of two people whom the rules keep apart, whoever is surely the same goes first.
    """
    pairs = [(one, other, is_romanised(one, other)) for one, other in zip(latin, korean, strict=True)]
    found = {one: other for one, other, same in pairs if same}
    taken = set(found.values())
    if any(same is False for _, _, same in pairs):
        for one, other in product(latin[:_MOST], korean[:_MOST]):
            if one not in found and other not in taken and is_romanised(one, other):
                found[one] = other
                taken.add(other)
    left = zip(
        [name for name in latin if name not in found],
        [name for name in korean if name not in taken],
        strict=False,  # one that is told twice is left once
    )
    return found | {one: other for one, other in left if is_romanised(one, other) is not False}


def _alike(latin: Sequence[str], korean: Sequence[str]) -> dict[str, str]:
    """The names in Hangul that write down the sound of names in Latin letters, by these."""
    from indexer.lexicon.likeness import Likeness  # noqa: PLC0415 - for few documents

    latin, korean = ([name for name in names[:_MOST] if len(name) <= _LONGEST] for names in (latin, korean))
    pairs = [(one, other, way) for one in latin for other in korean for way in _ways(one)]
    odds = Likeness().weigh([(way, re.sub(r"\W", "", other)) for _, other, way in pairs])
    for at, (one, other, _) in enumerate(pairs):
        romanised = is_romanised(one, other)
        if romanised is not None:
            odds[at] = max(odds[at], _SURE) if romanised else odds[at] - _APART
    found: dict[str, str] = {}
    for at in (-odds).argsort(kind="stable"):
        one, other, _ = pairs[at]
        if odds[at] >= _SURE and one not in found and other not in found.values():
            found[one] = other
    return found


def _ways(name: str) -> list[str]:
    """The letters of a name, whichever part of it comes first in the other script.

    >>> _ways("Gil-dong Hong")
    ['gildonghong', 'honggildong']
    """
    words = [_OTHERS.sub("", word) for word in latin_letters(name).split()]
    return ["".join([*words[at:], *words[:at]]) for at in range(min(len(words), _PARTS))]
