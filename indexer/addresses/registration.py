"""What an address is, and what is kept of it: one line of the registry."""

from __future__ import annotations

import hashlib
import re
import secrets
from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from indexer.frozen import quickly_made
from indexer.model.text import Lang

__all__ = ["ADDRESS", "Key", "Registration", "mint", "mint_all", "text_version", "typed_address"]

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH: Final = 9
ADDRESS: Final = re.compile(rf"[{_ALPHABET}]{{{_LENGTH}}}")
"""What an address looks like: nine characters of Crockford's base32 in lower case (45 bits).

Source: Douglas Crockford, "Base 32", https://www.crockford.com/base32.html
"""
_BY_HAND: Final = str.maketrans("oil", "011", "- ")
"""What people write for what they have read, and what they put in between."""
_AT_ONCE: Final = 256
"""Addresses that are made together."""
_TO_LETTERS: Final = (_ALPHABET * 8).encode("ascii")
"""By byte, a letter; each of the 32 stands for as many bytes."""
_VERSION_BYTES: Final = 5
_TO_CROCKFORD: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _ALPHABET)

Key = tuple[str, Lang]
"""An address and a language: the two sides of a pair share one address."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Registration:
    """A line of the registry: a passage that has, or once had, an address."""

    address: str
    document: str
    lang: Lang
    text: str
    """The passage's text when it was last seen."""
    gone: bool = False
    """True where the passage is no longer in the archive: the line is its tombstone."""
    now: str = ""
    """The address that the passage goes by now, where this one is only an alias; else empty."""
    origin: str = ""
    """The address of the passage that it was split off from; empty where it was not."""
    was: tuple[str, ...] = ()
    """The ids that the document had before, the oldest first: on one of its lines."""

    @property
    def key(self) -> Key:
        """What no two lines have in common."""
        return self.address, self.lang

    @property
    def lives(self) -> bool:
        """Whether the passage is in the archive under this very address."""
        return not (self.gone or self.now)


def mint(taken: set[str]) -> str:
    """A new address, which is put among those that are `taken`."""
    while True:
        address = next(_minted)
        if address not in taken:
            taken.add(address)
            return address


def mint_all(taken: set[str], many: int) -> list[str]:
    """So many new addresses, as by `mint`, in a fraction of the time."""
    minted = list(islice(_minted, many))
    if len(set(minted)) < many or not taken.isdisjoint(minted):
        return [mint(taken) for _ in range(many)]
    taken.update(minted)
    return minted


def _addresses() -> Iterator[str]:
    # The system is asked for many at once: each time, another thread may take its turn, and keep it.
    while True:
        letters = secrets.token_bytes(_LENGTH * _AT_ONCE).translate(_TO_LETTERS).decode("ascii")
        yield from (letters[at : at + _LENGTH] for at in range(0, len(letters), _LENGTH))


_minted: Final = _addresses()


def typed_address(text: str) -> str | None:
    """The address that somebody means who types it by hand; `None` where it cannot be one.

    Source: Douglas Crockford, "Base 32" (above): O is read as 0, I and L as 1, case and hyphens do not count.

    >>> typed_address("BH8NGF6CD"), typed_address("bh8-ngf-6co"), typed_address("Letters")
    ('bh8ngf6cd', 'bh8ngf6c0', None)
    """
    address = text.lower().translate(_BY_HAND)
    return address if ADDRESS.fullmatch(address) else None


def text_version(text: str) -> str:
    """Eight characters (40 bits) that tell one version of a passage's text from another.

    A link carries them, so that it can say later that the text has changed.

    >>> text_version("정전"), len(text_version(""))
    ('3v2djf19', 8)
    """
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_VERSION_BYTES).digest()
    return b32encode(digest).decode("ascii").translate(_TO_CROCKFORD)
