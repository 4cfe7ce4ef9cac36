"""Word documents (.docx): styles, lists, tables, footnotes and endnotes, as the final text reads."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, Final

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from indexer.errors import ReadError
from indexer.model.text import Block, BlockKind
from indexer.normalise import normalise, normalise_code
from indexer.readers.bylines import split_authors
from indexer.readers.docx_styles import Numbering, Style, Styles, number_of, numeral, value
from indexer.readers.draft import Draft, block, mark, plain, table_row

__all__ = ["parse"]

_MAX_PARTS: Final = 5000
_CHUNK: Final = 1 << 20

_DROPPED: Final = frozenset(
    qn(name)
    for name in ("w:del", "w:moveFrom", "w:instrText", "w:delText", "w:rPr", "w:pPr", "w:rubyPr", "w:sdtPr")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
"""Deleted text, field codes, properties; and the copy of a text box for programs that know only old ones."""
_BOX: Final = qn("w:txbxContent")
_MATH_TEXT: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_CHARACTERS: Final = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_CONTAINERS: Final = tuple(
    qn(name) for name in ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:customXml", "w:smartTag")
)
_DOCTYPE: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_NO_TITLE: Final = re.compile(
    r"|untitled.*|제목\s*없음|무제.*|document\s*\d*|문서\s*\d*|word document|.*\.docx?|microsoft word.*",
    re.IGNORECASE,
)
_NO_AUTHOR: Final = re.compile(
    r"|python-docx|user|사용자|author|admin|administrator|owner|windows.*|microsoft.*", re.IGNORECASE
)


def parse(data: bytes, max_bytes: int) -> Draft:
    """The draft of a .docx file that unpacks to at most `max_bytes`.

    It has no date: when the file was made or saved, as by one who copied it, says nothing of its text.

    Raises:
        ReadError: The file is no .docx, or hides a bomb or entities.
    """
    _check(data, max_bytes)
    try:
        document = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError) as error:
        raise ReadError("is not a Word document; save it anew as .docx") from error
    walk = _Walk(document)
    walk.body(document.element.body)
    walk.notes()
    properties = document.core_properties
    has_heading = any(each.kind is BlockKind.HEADING for each in walk.blocks[:3])
    title = normalise(plain(properties.title or ""))
    return Draft(
        tuple(walk.blocks),
        title=walk.title or ("" if has_heading or _NO_TITLE.fullmatch(title) else title),
        authors=tuple(
            name
            for name in split_authors(normalise(properties.author or ""))
            if not _NO_AUTHOR.fullmatch(name)
        ),
        byline_first=True,
    )


def _check(data: bytes, max_bytes: int) -> None:
    """Looks at everything in the file before anything is built from it."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadError("is encrypted or in Word's old format; save it anew as .docx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > _MAX_PARTS:
                raise ReadError(f"has {len(parts):,} parts, more than {_MAX_PARTS:,}; save it anew")
            if sum(part.file_size for part in parts) > max_bytes:
                raise ReadError(
                    f"unpacks to more than {max_bytes / 2**20:,.1f} MB; split it or raise max_megabytes"
                )
            for part in parts:
                _check_part(archive, part)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise ReadError("is not a Word document or is damaged; save it anew as .docx") from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    # zipfile gives no byte more than the size that a part declares, and complains where it has more.
    before = b""
    with archive.open(part) as file:
        while piece := file.read(_CHUNK):
            text = (before + piece).replace(b"\0", b"")  # UTF-16 may hide it
            if part.filename.endswith((".xml", ".rels")) and _DOCTYPE.search(text):
                raise ReadError("declares XML entities, which no Word document does; save it anew")
            before = piece[-32:]


class _Walk:
    """Goes through a document once and collects its blocks."""

    def __init__(self, document: Any) -> None:
        self.blocks: list[Block] = []
        self.title = ""
        self._styles = Styles(document.styles.element)
        self._numbering = Numbering(_part(document, RELATIONSHIP_TYPE.NUMBERING))
        self._notes = {
            "footnote": _by_id(_part(document, RELATIONSHIP_TYPE.FOOTNOTES)),
            "endnote": _by_id(_part(document, RELATIONSHIP_TYPE.ENDNOTES)),
        }
        self._labels: dict[tuple[str, str], str] = {}
        self._code: list[str] = []

    def body(self, parent: Any) -> None:
        """The blocks of the body, of a text box, or of a cell that serves as a frame."""
        for node in parent:
            if node.tag == qn("w:p"):
                self._paragraph(node)
            elif node.tag == qn("w:tbl"):
                self._end_code()
                self._table(node)
            elif node.tag in _CONTAINERS:
                self.body(node)
        self._end_code()

    def notes(self) -> None:
        """The notes that the text refers to, in the order of their marks."""
        for (kind, number), label in list(self._labels.items()):
            node = self._notes[kind].get(number)
            if node is not None:
                self._add(block(BlockKind.FOOTNOTE, self._cell(node), label=label))

    def _paragraph(self, node: Any) -> None:
        style = self._styles.get(value(node, "w:pPr", "w:pStyle") or None)
        raw = "".join(self._raw(node))
        if style.is_code:
            self._code.append(raw)
            return
        self._end_code()
        if not style.is_toc:
            self._add(self._block(node, style, raw))
        for box in _boxes(node):
            self.body(box)

    def _block(self, node: Any, style: Style, raw: str) -> Block | None:
        own = value(node, "w:pPr", "w:outlineLvl")
        level = style.level or (int(own) + 1 if own.isdigit() and int(own) < 6 else 0)  # noqa: PLR2004
        number = number_of(node) or style.number
        marker = self._numbering.next(*number) if number and number[0] != "0" and raw.strip() else ""
        if level:
            text = f"{marker} {raw}" if marker not in ("", "•") else raw
            found = block(BlockKind.HEADING, text, level=level)
            if style.is_title and found and not self.title:
                self.title = found.text
            return found
        if marker:
            depth = number[1] + 1 if number else 1
            return block(BlockKind.LIST_ITEM, raw, level=max(depth, style.depth), marker=marker)
        return block(BlockKind.QUOTATION if style.is_quote else BlockKind.PARAGRAPH, raw)

    def _raw(self, node: Any) -> Iterator[str]:
        """The raw text below an element, as it reads with all changes accepted."""
        for child in node:
            if child.tag in _DROPPED or child.tag == _BOX:
                continue
            if child.tag == qn("w:r") and _is_hidden(child):
                continue
            if child.tag in (qn("w:t"), _MATH_TEXT):
                yield plain(child.text or "")
            elif child.tag in _CHARACTERS:
                yield _CHARACTERS[child.tag]
            elif child.tag in (qn("w:footnoteReference"), qn("w:endnoteReference")):
                yield mark(self._label(child))
            elif child.tag == qn("w:rt"):
                yield f"({''.join(self._raw(child))})"
            else:
                yield from self._raw(child)

    def _label(self, node: Any) -> str:
        """The label of a note: Word counts footnotes 1, 2, 3 and endnotes i, ii, iii."""
        kind = "footnote" if node.tag == qn("w:footnoteReference") else "endnote"
        key = kind, node.get(qn("w:id")) or ""
        if key not in self._labels:
            count = sum(1 for known, _ in self._labels if known == kind) + 1
            self._labels[key] = str(count) if kind == "footnote" else numeral(count, "lowerRoman")
        return self._labels[key]

    def _cell(self, node: Any) -> str:
        """The raw text of a cell or a note, its paragraphs separated by line breaks."""
        return "\n".join("".join(self._raw(paragraph)) for paragraph in node.iter(qn("w:p")))

    def _table(self, node: Any) -> None:
        rows = [list(row.iterfind(qn("w:tc"))) for row in node.iterfind(qn("w:tr"))]
        if max((len(row) for row in rows), default=0) <= 1:
            for row in rows:
                for cell in row:
                    self.body(cell)
            return
        for at, row in enumerate(node.iterfind(qn("w:tr"))):
            is_head = row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None or (
                at == 0 and _has_head(node)
            )
            self._add(table_row([self._cell(cell) for cell in row.iterfind(qn("w:tc"))], head=is_head))

    def _end_code(self) -> None:
        text = normalise_code("\n".join(self._code))
        self._code = []
        self._add(Block(BlockKind.CODE, text) if text else None)

    def _add(self, found: Block | None) -> None:
        if found is not None:
            self.blocks.append(found)


def _part(document: Any, kind: str) -> Any:
    """The root element of a part of the document, or `None` where it has none."""
    parts = [
        each.target_part
        for each in document.part.rels.values()
        if each.reltype == kind and not each.is_external
    ]
    return parse_xml(parts[0].blob) if parts else None


def _by_id(root: Any) -> dict[str, Any]:
    return {node.get(qn("w:id")) or "": node for node in root} if root is not None else {}


def _is_hidden(run: Any) -> bool:
    hidden = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return hidden is not None and hidden.get(qn("w:val")) not in ("0", "false", "off")


def _boxes(node: Any) -> Iterable[Any]:
    """The text boxes of a paragraph, each once, and none that lies in another."""
    for child in node:
        if child.tag == _BOX:
            yield child
        elif child.tag not in _DROPPED:
            yield from _boxes(child)


def _has_head(table: Any) -> bool:
    """Whether the table's look sets its first row apart.  Source: ECMA-376 part 1, 17.4.55 tblLook."""
    look = table.find(f"{qn('w:tblPr')}/{qn('w:tblLook')}")
    if look is None:
        return False
    first = look.get(qn("w:firstRow"))
    bits = look.get(qn("w:val")) or "0"
    return first in ("1", "true", "on") if first else bool(int(bits, 16) & 0x20)
