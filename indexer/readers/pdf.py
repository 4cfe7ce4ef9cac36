"""PDF files: the lines of the text layer and what the file says about itself."""

from __future__ import annotations

import ctypes
import math
import re
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from indexer.errors import ReadError
from indexer.normalise import normalise
from indexer.readers.bylines import split_authors
from indexer.readers.draft import Draft, plain
from indexer.readers.pdf_layout import HYPHEN, Line, blocks_of_lines

__all__ = ["parse"]

_MAX_PAGES: Final = 5000
_LINE_END: Final = frozenset("\r\n\x02\ufffe")
"""What ends a line; PDFium gives a hyphen at a line's end as U+0002, without a line break."""

_NO_TITLE: Final = re.compile(
    r"|untitled.*|제목\s*없음|무제.*|document\s*\d*|microsoft (?:word|powerpoint).*"
    r"|.*\.(?:docx?|hwpx?|pdf|indd|tex|dvi|qxd)",
    re.IGNORECASE,
)
_NO_AUTHOR: Final = re.compile(
    r"|user|사용자|author|admin|administrator|owner|windows.*|unknown", re.IGNORECASE
)


def parse(data: bytes) -> Draft:
    """The draft of a PDF file.

    It has no date: when the file was made, as by a scan, says nothing of its text.

    Raises:
        ReadError: The file is damaged or encrypted, has too many pages, or has no text layer.
    """
    with _opened(data) as document:
        if len(document) > _MAX_PAGES:
            raise ReadError(f"has {len(document):,} pages, more than {_MAX_PAGES:,}; split it")
        lines = [line for number in range(len(document)) for line in _lines(document, number)]
        about = document.get_metadata_dict()
    blocks = blocks_of_lines(lines)
    if not blocks:
        raise ReadError("has no text layer; run OCR on it first")
    title = normalise(plain(about.get("Title", "")))
    authors = split_authors(normalise(plain(about.get("Author", ""))))
    has_heading = any(each.kind.value == "heading" for each in blocks[:3])
    return Draft(
        blocks,
        title="" if has_heading or _NO_TITLE.fullmatch(title) else title,
        authors=tuple(name for name in authors if not _NO_AUTHOR.fullmatch(name)),
        byline_first=True,
    )


def _opened(data: bytes) -> Any:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise ReadError("is encrypted; save it without a password") from error
        raise ReadError("is not a PDF file or is damaged; save it anew") from error


def _lines(document: Any, number: int) -> list[Line]:
    """The lines of a page in the order of the file."""
    try:
        page = document[number]
        text = page.get_textpage()
    except pdfium.PdfiumError as error:
        raise ReadError(f"has a damaged page {number + 1}; save it anew") from error
    try:
        codes = [pdfium_c.FPDFText_GetUnicode(text, at) for at in range(text.count_chars())]
        lines: list[Line] = []
        start = 0
        for at, code in enumerate([*codes, 10]):
            if chr(code) in _LINE_END:
                if at > start:
                    lines.extend(_line(text, codes, start, at, number))
                start = at + 1
        return lines
    finally:
        text.close()
        page.close()


def _line(text: Any, codes: list[int], start: int, end: int, number: int) -> list[Line]:
    """The line of the characters from `start` to `end`, if anything can be seen of it."""
    shown = [at for at in range(start, end) if not chr(codes[at]).isspace()]
    if not shown:
        return []
    broken = end < len(codes) and chr(codes[end]) in "\x02\ufffe"
    left, bottom = _origin(text, shown[0])
    size = _size(text, shown[len(shown) // 2])
    content = plain(_characters(codes[start:end])) + (HYPHEN if broken else "")
    line = Line(content, number, left, text.get_charbox(shown[-1], loose=True)[2], bottom, bottom + size)
    return [line] if line.text.strip() else []


def _characters(codes: list[int]) -> str:
    # PDFium counts UTF-16 units on some platforms, so that a rare character may come in two halves.
    return "".join(map(chr, codes)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _origin(text: Any, at: int) -> tuple[float, float]:
    """Where a character stands on its base line, in points."""
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium_c.FPDFText_GetCharOrigin(text, at, ctypes.byref(x), ctypes.byref(y))
    return x.value, y.value


def _size(text: Any, at: int) -> float:
    """The size that a character is shown in, in points, whatever its font."""
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetMatrix(text, at, ctypes.byref(matrix))
    size: float = pdfium_c.FPDFText_GetFontSize(text, at) * math.hypot(matrix.c, matrix.d)
    return size
