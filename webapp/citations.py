"""A passage as a source to be cited: BibTeX, RIS and CSL-JSON for reference managers, and plain text.  Pure.

Names are given whole and never taken apart: nobody knows whether `Han Seo-yeon` begins with the family name.

Source: Oren Patashnik, "BibTeXing", 1988, https://tug.ctan.org/biblio/bibtex/base/btxdoc.pdf (fields and
braces), and the manual of biblatex (urldate, langid, a URL taken literally); "RIS Format Specifications",
https://refdb.sourceforge.net/manual/sect1-ris-format.html (tags, two spaces, CR LF); the CSL-JSON schema,
https://github.com/citation-style-language/schema/blob/master/schemas/input/csl-data.json
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from indexer.authors import authors_in
from indexer.model.dates import Date
from indexer.model.text import DocumentInfo, Lang, Passage

__all__ = ["FORMATS", "Citation", "Format", "citation_of", "written"]

Format = Literal["plain", "bibtex", "ris", "csl"]
FORMATS: Final[dict[Format, tuple[str, str]]] = {
    "plain": ("text/plain", "txt"),
    "bibtex": ("application/x-bibtex", "bib"),
    "ris": ("application/x-research-info-systems", "ris"),
    "csl": ("application/vnd.citationstyles.csl+json", "json"),
}
"""Each format's media type and the suffix of its files."""
_CELLS: Final = " | "
"""Between the cells of a table row."""
_LANGUAGES: Final[dict[Lang, str]] = {"en": "english", "ko": "korean"}
_TEX: Final = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"\{",
        "}": r"\}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
        **{sign: rf"\{sign}" for sign in "#$%&_"},
    }
)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says of a passage."""

    address: str
    lang: Lang
    quotation: str
    """The passage's text."""
    title: str
    """Of the document, in the passage's language where it has one in it."""
    authors: tuple[str, ...]
    """Each once, spelled as in the passage's language where that is known."""
    date: Date | None
    """Of the document."""
    archive: str
    """What the archive is called."""
    url: str
    accessed: dt.date


def citation_of(passage: Passage, info: DocumentInfo, archive: str, url: str, accessed: dt.date) -> Citation:
    """What is to be said of `passage`, which stands in the document of `info` and is found at `url`."""
    _, title = info.titles.prefer(passage.lang)
    return Citation(
        passage.address,
        passage.lang,
        " ".join(passage.text.replace("\t", _CELLS).split()),
        title or info.id,
        authors_in(info, passage.lang),
        info.date,
        archive,
        url,
        accessed,
    )


def written(citation: Citation, form: Format) -> str:
    """The citation in that format, with a line end at its end."""
    write = {"plain": _plain, "bibtex": _bibtex, "ris": _ris, "csl": _csl}
    assert write.keys() == {*get_args(Format)}  # noqa: S101 - a new format needs a writer
    return write[form](citation)


def _plain(one: Citation) -> str:
    left, right = ("「", "」") if one.lang == "ko" else ("“", "”")
    parts = [*one.authors, f"{left}{one.title}{right}", *([one.date.isoformat()] if one.date else [])]
    source = f"{', '.join([*parts, one.archive, one.address])}. {one.url} ({one.accessed.isoformat()})"
    return f"{one.quotation}\n\n{source}\n"


def _bibtex(one: Citation) -> str:
    fields = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in one.authors),
        "title": f"{{{_tex(one.title)}}}",
        "year": f"{one.date.year:04d}" if one.date else "",
        "date": one.date.isoformat() if one.date else "",
        "howpublished": _tex(f"{one.archive}, {one.address}"),
        "url": one.url,
        "urldate": one.accessed.isoformat(),
        "langid": _LANGUAGES[one.lang],
        "abstract": _tex(one.quotation),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{hanyeong-{one.address}-{one.lang},\n" + ",\n".join(lines) + "\n}\n"


def _tex(text: str) -> str:
    r"""The text with what TeX would take for a command made harmless.

    >>> _tex("R&D {50 %}")
    'R\\&D \\{50 \\%\\}'
    """
    return " ".join(text.split()).translate(_TEX)


def _ris(one: Citation) -> str:
    tags = [
        ("TY", "ELEC"),
        ("TI", one.title),
        *(("AU", name) for name in one.authors),
        ("PY", f"{one.date.year:04d}" if one.date else ""),
        ("DA", _slashed(one.date) if one.date else ""),
        ("T2", one.archive),
        ("AN", one.address),
        ("LA", one.lang),
        ("AB", one.quotation),
        ("UR", one.url),
        ("Y2", f"{one.accessed:%Y/%m/%d}/"),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in tags if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _slashed(date: Date) -> str:
    """The date as RIS has it, where what is not known is left empty: `1950/06//`."""
    return "/".join([*date.isoformat().split("-"), "", "", ""][:4])


def _csl(one: Citation) -> str:
    source: dict[str, Any] = {
        "id": f"{one.address}-{one.lang}",
        "type": "webpage",
        "title": one.title,
        "container-title": one.archive,
        "author": [{"literal": name} for name in one.authors],
        "issued": _parts(one.date) if one.date else None,
        "accessed": _parts(one.accessed),
        "archive_location": one.address,
        "abstract": one.quotation,
        "language": one.lang,
        "URL": one.url,
    }
    return json.dumps([{k: v for k, v in source.items() if v}], ensure_ascii=False, indent=1) + "\n"


def _parts(date: Date | dt.date) -> dict[str, Any]:
    return {"date-parts": [[part for part in (date.year, date.month, date.day) if part]]}
