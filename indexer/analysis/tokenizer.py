"""Kiwi: where it is loaded, and what it says of a text.  The only module that imports it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import chain
from threading import Lock
from typing import Any, Final, NamedTuple, Protocol, cast

from indexer.analysis.visitors import Visitors
from indexer.kiwi import GoneError, KiwiApart, apart, keep

__all__ = [
    "Inside",
    "KiwiToken",
    "KiwiTokens",
    "load",
    "load_apart",
    "model_version",
    "tokenize",
    "tokenize_all",
]

_AT_ONCE: Final = 32
"""Texts that Kiwi takes up before it is asked for tokens, measured with two threads (kiwipiepy 0.24)."""


class KiwiToken(Protocol):
    """What is used of kiwipiepy's token; it publishes no types."""

    @property
    def form(self) -> str:
        """The morpheme."""
        ...

    @property
    def tag(self) -> str:
        """Its part of speech."""
        ...

    @property
    def start(self) -> int:
        """The first code point of the text that shows it."""
        ...

    @property
    def end(self) -> int:
        """The one after the last."""
        ...

    @property
    def oov(self) -> bool:
        """Whether no dictionary has it."""
        ...


class Inside(NamedTuple):
    """A morpheme as it stands in a word, a part of a name, or told by another process.

    It has what is used of kiwipiepy's token.
    """

    form: str
    tag: str
    start: int
    end: int
    oov: bool


KiwiTokens = Sequence[KiwiToken]
"""What Kiwi makes of a text."""


def tokenize(text: str, blocklist: Collection[str] = ()) -> KiwiTokens:
    """What Kiwi makes of a text; nouns of the `blocklist` are taken for none.

    Raises:
        AnalysisError: the process that has it has said nothing for so long that it never will; or so many
            visitors wait for it that this one is turned away.
    """
    kiwi = _kiwi()
    found = kiwi.tokenize(text, blocklist=set(blocklist)) if blocklist else kiwi.tokenize(text)
    return cast("list[KiwiToken]", found)


def tokenize_all(texts: Sequence[str]) -> Iterator[KiwiTokens]:
    """What Kiwi makes of each text, for `digest`; its threads begin at once, and have all texts at hand.

    Of one call they are given so many texts only, and one more for each that is taken.
    """
    kiwi = _kiwi()
    begun = [kiwi.tokenize(texts[at : at + _AT_ONCE]) for at in range(0, len(texts), _AT_ONCE)]
    return chain.from_iterable(cast("list[Iterator[KiwiTokens]]", begun))


def model_version() -> str:
    """The versions of Kiwi and of its model, without loading either."""
    from importlib.metadata import version  # noqa: PLC0415 - costs 20 ms, needed only when an index is opened

    return f"kiwipiepy {version('kiwipiepy')}, model {version('kiwipiepy_model')}"


_loading: Final = Lock()


class _Waiting:
    """Who waits for that process: none where it is a reindex, which may wait."""

    visitors: Visitors | None = None


class _Elsewhere:
    """What is used of Kiwi, done by the process that has begun to load it."""

    def __init__(self, kiwi: KiwiApart) -> None:
        self._kiwi = kiwi

    def tokenize(self, text: str | Sequence[str], blocklist: Iterable[str] = ()) -> Any:
        texts = [text] if isinstance(text, str) else list(text)
        try:
            if _Waiting.visitors is None:
                answers = self._kiwi.tokenize(texts, blocklist)
            else:
                answers = _Waiting.visitors.tokenize(self._kiwi, texts, blocklist)
        except GoneError:  # somebody has ended it: the same can be done here, only later
            return load().tokenize(text, blocklist=set(blocklist))
        found = [[Inside(*one) for one in answer] for answer in answers]
        return found[0] if isinstance(text, str) else iter(found)


def _kiwi() -> Any:
    return load() if (elsewhere := apart()) is None else _Elsewhere(elsewhere)


def load_apart(waiting: int) -> None:
    """Begins to load Kiwi in another process, which is asked from then on; not where this one has it.

    While Kiwi is loaded, no other thread of Python runs in its process.

    Args:
        waiting: how many threads may wait for it at a time; see `indexer.analysis.visitors`.
    """
    if not _load_kiwi.cache_info().currsize:
        _Waiting.visitors = Visitors(waiting)
        keep()


def load() -> Any:
    """Kiwi in this process."""
    with _loading:  # the cache alone would let two threads load it at the same time
        return _load_kiwi()


@cache
def _load_kiwi() -> Any:
    # Takes about two seconds and 500 MB, so late and once.
    from kiwipiepy import Kiwi  # noqa: PLC0415

    return Kiwi()
