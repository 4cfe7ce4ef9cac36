import datetime as dt
import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from indexer.model.dates import Date
from indexer.model.text import Bilingual, BlockKind
from indexer.readers import docx as reader
from indexer.readers.assemble import assemble

NOTES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:{0}s xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:{0} w:type="separator" w:id="-1"><w:p/></w:{0}>
<w:{0} w:id="2"><w:p><w:r><w:{0}Ref/></w:r><w:r><w:t xml:space="preserve"> A note.</w:t></w:r></w:p>
<w:p><w:r><w:t>It goes on.</w:t></w:r></w:p></w:{0}></w:{0}s>"""


def saved(document):
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def parse(document):
    return reader.parse(saved(document), 1 << 26)


def append(document, xml):
    document.element.body.insert(
        len(document.element.body) - 1, parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>")
    )


def with_notes(data, kind):
    """The file with a part of footnotes or endnotes, which python-docx cannot write."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            content = (
                source.read(name).decode("utf-8") if name.endswith((".xml", ".rels")) else source.read(name)
            )
            if name == "[Content_Types].xml":
                mime = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}s+xml"
                content = content.replace(
                    "</Types>", f'<Override PartName="/word/{kind}s.xml" ContentType="{mime}"/></Types>'
                )
            if name == "word/_rels/document.xml.rels":
                relation = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}s"
                content = content.replace(
                    "</Relationships>",
                    f'<Relationship Id="rId99" Type="{relation}" Target="{kind}s.xml"/></Relationships>',
                )
            out.writestr(name, content)
        out.writestr(f"word/{kind}s.xml", NOTES.format(kind))
    return target.getvalue()


def test_styles_tell_what_a_paragraph_is():
    document = docx.Document()
    document.add_heading("박물관", 0)
    document.add_heading("Labels", 2)
    document.add_paragraph("one", style="List Bullet")
    document.add_paragraph("two", style="List Bullet 2")
    document.add_paragraph("first", style="List Number")
    document.add_paragraph("second", style="List Number")
    document.add_paragraph("quoted", style="Intense Quote")
    document.add_paragraph("x = 1", style="macro")
    document.add_paragraph("  y = 2", style="macro")
    document.add_paragraph("plain")
    draft = parse(document)
    assert draft.title == "박물관"
    assert [(b.kind.value, b.level, b.marker, b.text) for b in draft.blocks] == [
        ("heading", 1, "", "박물관"),
        ("heading", 2, "", "Labels"),
        ("list_item", 1, "•", "one"),
        ("list_item", 2, "•", "two"),
        ("list_item", 1, "1.", "first"),
        ("list_item", 1, "2.", "second"),
        ("quotation", 0, "", "quoted"),
        ("code", 0, "", "x = 1\n  y = 2"),
        ("paragraph", 0, "", "plain"),
    ]


def test_words_in_several_runs_stay_whole():
    document = docx.Document()
    paragraph = document.add_paragraph("정")
    paragraph.add_run("전").bold = True
    paragraph.add_run("\n협상")
    assert parse(document).blocks[0].text == "정전 협상"


def test_tables_become_rows_and_a_frame_of_one_cell_does_not():
    document = docx.Document()
    table = document.add_table(2, 2)
    for cell, text in zip([*table.rows[0].cells, *table.rows[1].cells], ["A", "B", "", "x\ny"], strict=True):
        cell.text = text
    document.add_table(1, 1).cell(0, 0).text = "framed"
    assert [(b.kind.value, b.marker, b.text) for b in parse(document).blocks] == [
        ("table_row", "head", "A\tB"),
        ("table_row", "", "–\tx y"),
        ("paragraph", "", "framed"),
    ]


@pytest.mark.parametrize(("kind", "label"), [("footnote", "1"), ("endnote", "i")])
def test_notes_follow_the_text_and_their_marks_stand_in_it(kind, label):
    document = docx.Document()
    append(
        document,
        f'<w:r><w:t>그렇다</w:t></w:r><w:r><w:{kind}Reference w:id="2"/></w:r><w:r><w:t>.</w:t></w:r>',
    )
    draft = reader.parse(with_notes(saved(document), kind), 1 << 26)
    text, note = draft.blocks
    assert text.text == f"그렇다[{label}]."
    assert text.text[text.references[0].span.slice] == f"[{label}]"
    assert (note.kind, note.label, note.text) == (BlockKind.FOOTNOTE, label, "A note. It goes on.")


def test_deleted_hidden_and_field_text_is_left_out_and_inserted_text_kept():
    document = docx.Document()
    append(
        document,
        "<w:r><w:t>old </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>",
    )
    assert parse(document).blocks[0].text == "old new"


def test_the_text_of_a_text_box_is_kept_once():
    document = docx.Document()
    box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
    compatible = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    append(
        document,
        f"<w:r><w:t>around</w:t></w:r><w:r><mc:AlternateContent {compatible}>"
        f"<mc:Choice Requires='x'>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>",
    )
    assert [block.text for block in parse(document).blocks] == ["around", "boxed"]


def test_properties_serve_where_the_text_itself_says_nothing():
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = "Labels", "Ann Lee"
    document.core_properties.created = dt.datetime(2023, 7, 8, tzinfo=dt.UTC)
    document.core_properties.modified = dt.datetime(2023, 7, 9, tzinfo=dt.UTC)
    document.add_paragraph("A text without a heading that says who wrote it.")
    found = assemble("x", [(parse(document), None)])
    assert (found.titles, found.authors, found.date) == (
        Bilingual("Labels"),
        ("Ann Lee",),
        None,
    )
    document.paragraphs[0].insert_paragraph_before("By Bo Kim, 1 May 2020")
    found = assemble("x", [(parse(document), None)])
    assert (found.authors, found.date) == (("Bo Kim",), Date(2020, 5, 1))


def test_what_a_program_put_into_the_properties_is_nobody_s_name():
    document = docx.Document()
    document.add_heading("T", 1)
    draft = parse(document)
    assert (draft.title, draft.authors, draft.date) == ("", (), None)
