"""Bytes to text: UTF-8, UTF-16 and CP949 (which includes EUC-KR), or a clear refusal; never mojibake."""

from __future__ import annotations

import codecs
import re
from typing import Final

from indexer.errors import ReadError

__all__ = ["decode"]

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE: Final = 64 * 1024
"""So many bytes are enough to guess by."""

_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_FOREIGN: Final = re.compile("[^\x00-\x7f]")

_WEB_NAMES: Final = {
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "windows-949": "cp949",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}
"""What these names mean on the web.  Source: WHATWG Encoding Standard, 4.2 "Names and labels"."""


def decode(data: bytes, declared: str = "") -> str:
    """The text that the bytes are, as a byte order mark, UTF-8 itself, `declared` or a guess says.

    Raises:
        ReadError: The bytes are no text, or it cannot be told in which encoding; names no file.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _checked(_strict(data, name))
    if b"\0" not in data and (text := _strict(data, "utf-8")) is not None:
        return _checked(text)
    if declared and b"\0" not in data and (text := _declared(data, declared)) is not None:
        return _checked(text)
    return _checked(_guessed(data))


def _declared(data: bytes, declared: str) -> str | None:
    name = declared.strip().lower()
    try:
        codec = codecs.lookup(_WEB_NAMES.get(name, name)).name
        return _strict(data, codec)
    except (LookupError, ValueError):
        return None


def _guessed(data: bytes) -> str | None:
    candidates = ["utf_16_le", "utf_16_be"] if b"\0" in data else ["cp949"]
    if b"\0" not in data and len(data) % 2 == 0:
        from charset_normalizer import from_bytes  # noqa: PLC0415 - loaded only where UTF-8 is not what it is

        best = from_bytes(data[:_SAMPLE], cp_isolation=["cp949", "utf_16_le", "utf_16_be"]).best()
        candidates += [best.encoding] if best else []
    texts = [_strict(data, name) for name in candidates]
    return next((text for text in texts if text is not None and _is_plausible(text[:_SAMPLE])), None)


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _is_plausible(text: str) -> bool:
    """Whether what is not ASCII in a guessed text is what Korean typists have on their keyboards.

    Bytes of another encoding, read as CP949, give syllables that no Korean word has; those are not among
    the 2,350 syllables of KS X 1001, which EUC-KR can write.
    """
    foreign = _FOREIGN.findall(text)
    usual = sum(1 for character in foreign if _in_euc_kr(character))
    hangul = sum(1 for character in foreign if "가" <= character <= "힣")
    if _CONTROLS.search(text):
        return False
    return not foreign or (usual >= 0.97 * len(foreign) and hangul >= 0.5 * len(foreign))


def _in_euc_kr(character: str) -> bool:
    try:
        character.encode("euc_kr")
    except UnicodeEncodeError:
        return False
    return True


def _checked(text: str | None) -> str:
    if text is None:
        raise ReadError("is neither UTF-8, UTF-16 nor CP949 text; save it as UTF-8")
    controls = len(_CONTROLS.findall(text[:_SAMPLE]))
    if "\0" in text or controls > len(text[:_SAMPLE]) // 100:
        raise ReadError("is not text but binary; give it the suffix of its kind or remove it")
    return text
