from pathlib import Path

import pytest

from indexer.model.dates import Date
from indexer.model.text import Bilingual
from indexer.readers import html
from indexer.readers.assemble import assemble

GUIDE = Path(__file__).parents[2].parent / "shared" / "corpora" / "installation-guide"


def parse(body, head=""):
    return html.parse(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode())


def blocks(body):
    return [(block.kind.value, block.text) for block in parse(body).blocks]


def texts(body):
    return [block.text for block in parse(body).blocks]


def test_inline_markup_neither_breaks_nor_glues_words():
    assert texts(
        "<p><b>정</b>전 <i>협</i><span>상</span>은<br>끝났다<!-- x -->.</p><p>A<wbr>B&nbsp;&amp;&#x20;C</p>"
    ) == [
        "정전 협상은 끝났다.",
        "AB & C",
    ]


def test_blocks_separate_even_without_white_space():
    assert texts("<div>one<p>two</p>three<div>four</div></div>") == ["one", "two", "three", "four"]


def test_the_frame_of_the_page_is_dropped():
    page = """
    <header><h1>Site</h1></header><nav>Menu</nav><aside>Ad</aside><div role="navigation">Nav</div>
    <div class="toc">Contents</div><div hidden>no</div><p style="display: none">no</p>
    <p aria-hidden="true">no</p>
    <script>no()</script><style>no{}</style><template><p>no</p></template><noscript>no</noscript>
    <p>Text.</p><form><button>Go</button><select><option>no</select></form><footer>Imprint</footer>"""
    assert texts(page) == ["Text."]


def test_the_article_is_preferred_and_keeps_its_own_header():
    page = "<p>Out</p><main><p>Up</p><article><header><h1>T</h1></header><p>The text.</p></article></main>"
    assert texts(page) == ["T", "The text."]
    assert texts(
        "<main><p>A long enough lead of the page.</p><article><p>x</p></article></main><p>out</p>"
    ) == [
        "A long enough lead of the page.",
        "x",
    ]


def test_lists_keep_depth_and_numbers():
    found = parse(
        '<ol start="3"><li>three<ul><li><p>deep</p><p>more</p></li></ul></li><li value="7">seven</li></ol>'
        '<ol type="a"><li>first</li></ol><dl><dt>term</dt><dd>meaning</dd></dl>'
    ).blocks
    assert [(block.marker, block.level, block.text) for block in found] == [
        ("3.", 1, "three"),
        ("•", 2, "deep"),
        ("", 2, "more"),
        ("7.", 1, "seven"),
        ("a.", 1, "first"),
        ("", 1, "term"),
        ("", 2, "meaning"),
    ]
    assert {block.kind.value for block in found} == {"list_item"}


def test_tables_become_rows_and_tables_for_layout_do_not():
    found = parse("<table><caption>C</caption><tr><th><th>B<tr><td>1<td><p>2</p><p>3</p></table>").blocks
    assert [(block.kind.value, block.marker, block.text) for block in found] == [
        ("paragraph", "", "C"),
        ("table_row", "head", "–\tB"),
        ("table_row", "", "1\t2 3"),
    ]
    assert blocks(
        "<table><tr><td><img alt=x></td><th>Note</th></tr><tr><td><p>One.</p><p>Two.</p></td></tr></table>"
    ) == [
        ("paragraph", "Note"),
        ("paragraph", "One."),
        ("paragraph", "Two."),
    ]


def test_code_keeps_its_lines_and_quotations_are_told():
    assert blocks("<pre>if x:\n    <b>y</b></pre><blockquote><p>q</p><ul><li>i</li></ul></blockquote>") == [
        ("code", "if x:\n    y"),
        ("quotation", "q"),
        ("list_item", "i"),
    ]


@pytest.mark.parametrize(
    ("mark", "note"),
    [
        ('<sup><a href="#fn1">1</a></sup>', '<p id="fn1">The note. <a href="#r" class="backref">↩</a></p>'),
        (
            '<a href="#ftn.x" class="footnote" name="x"><sup class="footnote">[1]</sup></a>',
            '<div id="ftn.x"><p><a href="#x" class="para"><sup>[1] </sup></a>The note.</p></div>',
        ),
        (
            '<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup>',
            '<section><ol><li id="fn:1"><p>The note. <a href="#fnref:1">↩</a></p></li></ol></section>',
        ),
        (
            '<a href="#_ftn1" name="_ftnref1">[1]</a>',
            '<p><a href="#_ftnref1" name="_ftn1">[1]</a> The note.</p>',
        ),
        (
            '<sup class="reference" id="cite_ref-1">[<a href="#cite_note-1">1</a>]</sup>',
            '<ol><li id="cite_note-1"><a href="#cite_ref-1">↑</a> The note.</li></ol>',
        ),
        ('<a role="doc-noteref" href="#n">1</a>', '<aside role="doc-footnote" id="n">The note.</aside>'),
        ("[1]", "<p>[1] The note.</p>"),
    ],
)
def test_footnotes_of_every_usual_make_are_tied_to_their_marks(mark, note):
    document = assemble("x", [(parse(f"<p>그렇다{mark}고 했다.</p>{note}"), None)])
    text, footnote = document.blocks
    assert text.text == "그렇다[1]고 했다."
    assert [reference.label for reference in text.references] == ["1"]
    assert text.text[text.references[0].span.slice] == "[1]"
    assert (footnote.kind.value, footnote.label, footnote.text) == ("footnote", "1", "The note.")


def test_notes_under_a_table_are_notes_and_its_rows_are_kept():
    page = (
        '<table><tr><td>yes<a href="#n" class="footnote"><sup>[a]</sup></a></td><td>no</td></tr>'
        '<tr><td colspan="2"><div id="n" class="footnote"><p>The note.</p></div></td></tr></table>'
    )
    assert blocks(page) == [("table_row", "yes[a]\tno"), ("footnote", "The note.")]


def test_a_page_cannot_forge_a_footnote_mark():
    (found,) = parse("<p>x&#xFDD0;9&#xFDD1;y</p>").blocks
    assert (found.text, found.references) == ("x9y", ())


def test_ordinary_links_and_raised_numbers_are_no_footnotes():
    assert texts('<p>See <a href="#s2">2</a> and m<sup>2</sup>.</p><p id="s2">Section</p>') == [
        "See 2 and m2.",
        "Section",
    ]


def test_the_head_of_the_page_gives_author_date_and_language():
    head = (
        '<meta name="author" content="Ann Lee, 홍길동"><title>T | Site</title>'
        '<meta property="article:published_time" content="2023-07-08T09:00:00+09:00">'
    )
    draft = html.parse(
        f'<html lang="ko-KR"><head>{head}</head><body><h1>제목</h1><p>글이다.</p></body></html>'.encode()
    )
    assert draft.authors == ("Ann Lee", "홍길동")
    assert draft.date == Date(2023, 7, 8)
    assert draft.lang == "ko"
    assert draft.title == "제목"


def test_a_title_is_cleared_of_the_name_of_the_site():
    assert parse("<h2>The War</h2><p>x</p>", "<title>The War – A Site</title>").title == "The War"
    assert parse("<p>x</p>", '<title>T – A Site</title><meta property="og:title" content="T">').title == "T"


def test_a_date_inside_the_text_is_not_the_date_of_the_page():
    assert parse('<p>It ended on <time datetime="1953-07-27">27 July</time>.</p>').date is None
    assert parse(
        '<article><header><time datetime="2023-07-08">x</time></header><p>T</p></article>'
    ).date == Date(2023, 7, 8)


def test_a_wrong_language_of_the_page_is_not_believed():
    draft = html.parse(
        '<html lang="en"><body><h1>정전</h1><p>정전 협정은 끝이 아니다.</p></body></html>'.encode()
    )
    document = assemble("x", [(draft, None)])
    assert document.titles == Bilingual("", "정전")
    assert {block.lang for block in document.blocks} == {"ko"}


def test_parts_in_two_languages_keep_the_languages_they_declare():
    draft = parse('<div lang="en"><h1>Peace</h1><p>Text</p></div><div lang="ko"><h1>평화</h1><p>OK</p></div>')
    document = assemble("x", [(draft, None)])
    assert [block.lang for block in document.blocks] == ["en", "en", "ko", "ko"]
    assert document.titles == Bilingual("Peace", "평화")


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="euc-kr">',
        '<meta http-equiv="Content-Type" content="text/html; charset=ks_c_5601-1987">',
        "",
    ],
)
def test_old_korean_encodings_are_read(declaration):
    page = f"<html><head>{declaration}</head><body><p>똠방각하, 정전 협정은 끝이 아니다.</p></body></html>"
    assert html.parse(page.encode("cp949")).blocks[0].text == "똠방각하, 정전 협정은 끝이 아니다."


def test_a_declared_western_encoding_is_believed():
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>“Café”</p></body></html>'
    assert html.parse(page.encode("cp1252")).blocks[0].text == "“Café”"


def test_ruby_and_quotation_elements_read_as_they_look():
    assert texts("<p><ruby>漢字<rp>(</rp><rt>한자</rt><rp>)</rp></ruby>는 <q>글</q>이다</p>") == [
        "漢字(한자)는 “글”이다"
    ]


@pytest.mark.skipif(not GUIDE.is_dir(), reason="needs the pages in ../shared/corpora")
def test_the_two_languages_of_a_real_guide_have_the_same_structure():
    names = sorted(path.name for path in (GUIDE / "en").glob("*.html"))
    shapes = {
        lang: [
            [
                (block.kind, block.level, block.marker)
                for block in html.parse((GUIDE / lang / name).read_bytes()).blocks
            ]
            for name in names
        ]
        for lang in ("en", "ko")
    }
    same = sum(en == ko for en, ko in zip(shapes["en"], shapes["ko"], strict=True))
    assert len(names) == 81
    assert same >= 78  # three pages have paragraphs of their own in Korean
