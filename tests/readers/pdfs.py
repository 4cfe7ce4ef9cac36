"""Minimal PDF files, written by hand: a font for Latin text, and one for Korean text that is not embedded."""

from __future__ import annotations

from collections.abc import Sequence

A4 = (595, 842)


class Text:
    """A line of text at a place of a page, in points from the lower left corner."""

    def __init__(self, x, y, text, size=11):
        self.x, self.y, self.text, self.size = x, y, text, size


def pdf(pages: Sequence[Sequence[Text]], *, info="", trailer="") -> bytes:
    """A PDF file with these lines on its pages."""
    characters = sorted({c for page in pages for line in page if not line.text.isascii() for c in line.text})
    codes = {c: at + 1 for at, c in enumerate(characters)}
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    objects.append(
        "<< /Type /Font /Subtype /Type0 /BaseFont /Batang /Encoding /Identity-H"
        " /DescendantFonts [5 0 R] /ToUnicode 7 0 R >>"
    )
    objects.append(
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Batang /FontDescriptor 6 0 R /DW 1000"
        f" /W [{' '.join(f'{codes[c]} [500]' for c in characters if c.isascii())}]"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    objects.append(
        "<< /Type /FontDescriptor /FontName /Batang /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0"
        " /Ascent 880 /Descent -120 /CapHeight 800 /StemV 80 >>"
    )
    objects.append(_stream(_to_unicode(codes)))
    kids = []
    for page in pages:
        objects.append(_stream("\n".join(_show(line, codes) for line in page)))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /L 3 0 R /K 4 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    if info:
        objects.append(f"<< {info} >>")
        trailer += f" /Info {len(objects)} 0 R"
    return _file(objects, trailer)


def _file(objects, trailer):
    data, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    data += (
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    )
    return data


def _stream(text):
    return f"<< /Length {len(text.encode('latin-1'))} >>\nstream\n{text}\nendstream"


def _show(line, codes):
    """The operators that show a line, in the Korean font where it is not all ASCII."""
    ascii_ = line.text.isascii()
    string = (
        f"({_escaped(line.text)})" if ascii_ else "<" + "".join(f"{codes[c]:04x}" for c in line.text) + ">"
    )
    return f"BT /{'L' if ascii_ else 'K'} {line.size} Tf {line.x} {line.y} Td {string} Tj ET"


def _escaped(text):
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _to_unicode(codes):
    rows = [f"<{code:04x}> <{character.encode('utf-16-be').hex()}>" for character, code in codes.items()]
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{body}\nendcmap end end"
    )
