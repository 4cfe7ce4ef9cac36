"""Stylesheet, script and icon: read once, then served from memory, so that no URL touches the file system."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

__all__ = ["Asset", "fingerprint", "load_assets"]

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file."""

    body: bytes
    content_type: str
    version: str
    """Changes with the content, and only then; it is part of the file's URL."""


def load_assets() -> Mapping[str, Asset]:
    """The files of `static/` by name."""
    assets = {}
    for file in (resources.files("webapp") / "static").iterdir():
        content_type = _TYPES.get(file.name[file.name.rfind(".") :])
        if content_type:
            body = file.read_bytes()
            assets[file.name] = Asset(body, content_type, hashlib.sha256(body).hexdigest()[:12])
    return assets


def fingerprint(*settings: object) -> str:
    """A short name for this version of the pages; changes with every file of this package and `settings`."""
    digest = hashlib.sha256(repr(settings).encode())
    for file in _files(resources.files("webapp")):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def _files(folder: Traversable) -> Iterator[Traversable]:
    for child in sorted(folder.iterdir(), key=lambda child: child.name):
        if child.is_dir() and child.name != "__pycache__":
            yield from _files(child)
        elif child.is_file():
            yield child
