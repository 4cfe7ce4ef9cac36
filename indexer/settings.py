"""Where the archive lives and how it is read: defaults, `hanyeong.toml`, then what the caller says."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from indexer.errors import SettingsError
from indexer.listing import DATA, DOCUMENTS, INDEX
from indexer.model.text import Bilingual

__all__ = ["DEFAULT_DATA", "Settings", "load_settings"]

DEFAULT_DATA: Final = Path(DATA)
"""The archive's folder where neither `--data` nor `HANYEONG_DATA` names one."""

_NAME: Final = Bilingual("Hanyeong", "한영")
_KNOWN: Final = {
    "archive": {"name_en", "name_ko"},
    "reading": {"max_megabytes", "max_seconds"},
    "web": {"url"},
}


@dataclass(frozen=True, slots=True)
class Settings:
    """One archive: its folder and the few choices its keeper may make in `hanyeong.toml`."""

    data: Path
    """The archive's folder."""
    name: Bilingual = _NAME
    """What the search page calls the archive."""
    url: str = ""
    """Where people find the site, without a slash at the end; empty: where the browser asked for it."""
    max_bytes: int = 64 * 1024 * 1024
    """A source file larger than this (bytes; for a .docx also: unpacked) is reported and left out."""
    max_seconds: float = 30.0
    """A source file whose reading takes longer (seconds) is reported and left out."""

    @property
    def documents(self) -> Path:
        """The folder with the source files."""
        return self.data / DOCUMENTS

    @property
    def index(self) -> Path:
        """The folder with the index; it can always be rebuilt from the documents and the addresses."""
        return self.data / INDEX

    @property
    def lexicon(self) -> Path:
        """The lexicon that the archive's pairs teach; it can always be learned anew."""
        return self.index / "lexicon.zip"

    @property
    def lessons(self) -> Path:
        """What each document teaches; it can always be made anew from the index."""
        return self.index / "lessons.jsonl"

    @property
    def translations(self) -> Path:
        """What the archive taught about its own translations when all of it was read; for pairing."""
        return self.index / "translations.npz"

    @property
    def glossary(self) -> Path:
        """The editor's own renderings; it belongs to the archive, and there need not be one."""
        return self.data / "glossary.tsv"

    @property
    def addresses(self) -> Path:
        """The registry of permanent addresses; it belongs to the archive and is never rebuilt."""
        return self.data / "addresses.jsonl"

    @property
    def noted_addresses(self) -> Path:
        """What a reindex wrote into the registry last, by its digest; can always be deleted."""
        return self.index / "addresses.sha256"


def load_settings(data: Path) -> Settings:
    """The settings of the archive in `data`, read from its `hanyeong.toml` where there is one.

    Raises:
        SettingsError: `hanyeong.toml` is not TOML, or has a key or a value that means nothing.
    """
    if ".." in data.parts:
        data = (
            data.resolve()
        )  # else one file has two names, and none of them would be in the folder of documents
    path = data / "hanyeong.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Settings(data)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: cannot be read: it is not UTF-8; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error
    _check_keys(path, table)
    archive, reading, web = (table.get(section, {}) for section in ("archive", "reading", "web"))
    default = Settings(data)
    return Settings(
        data,
        name=Bilingual(
            _text(path, archive, "name_en", default.name.en), _text(path, archive, "name_ko", default.name.ko)
        ),
        url=_url(path, web),
        max_bytes=int(_positive(path, reading, "max_megabytes", default.max_bytes / 2**20) * 2**20),
        max_seconds=_positive(path, reading, "max_seconds", default.max_seconds),
    )


def _check_keys(path: Path, table: dict[str, Any]) -> None:
    for section, keys in table.items():
        home = next((name for name in _KNOWN if section in _KNOWN[name]), "")
        if home and not isinstance(keys, dict):
            raise SettingsError(f"{path}: {section} must stand below [{home}]")
        if section not in _KNOWN or not isinstance(keys, dict):
            known = ", ".join(f"[{name}]" for name in _KNOWN)
            raise SettingsError(f"{path}: unknown section [{section}]; there are {known}")
        for key in keys:
            if key not in _KNOWN[section]:
                known = ", ".join(sorted(_KNOWN[section]))
                raise SettingsError(f"{path}: unknown key {key!r} in [{section}]; there are {known}")


def _text(path: Path, section: dict[str, Any], key: str, default: str) -> str:
    value = section.get(key, default)
    if not isinstance(value, str):
        raise SettingsError(f"{path}: {key} must be a text in quotes, not {value!r}")
    return value


def _url(path: Path, section: dict[str, Any]) -> str:
    url = _text(path, section, "url", "")
    if url and not re.fullmatch(r"https?://[^/?#\s]+(/[^?#\s]*)?", url):
        raise SettingsError(f"{path}: url must be a web address such as https://archive.example, not {url!r}")
    return url.rstrip("/")


def _positive(path: Path, section: dict[str, Any], key: str, default: float) -> float:
    value = section.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
        raise SettingsError(f"{path}: {key} must be a number above 0, not {value!r}")
    return float(value)
