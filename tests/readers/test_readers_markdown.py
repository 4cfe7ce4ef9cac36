import pytest

from indexer.errors import ReadError
from indexer.model.dates import Date
from indexer.model.text import Bilingual, BlockKind
from indexer.readers import markdown
from indexer.readers.assemble import assemble


def blocks(source):
    return [
        (b.kind.value, b.level, b.marker, b.label, b.text) for b in markdown.parse(source.encode()).blocks
    ]


def texts(source):
    return [block.text for block in markdown.parse(source.encode()).blocks]


def test_front_matter_gives_title_authors_date_and_id():
    front = "title_en: Peace\ntitle_ko: 평화\nauthors: [Ann Lee, 홍길동]\ndate: 2023-07-08\nid: talks/one"
    source = f"---\n{front}\n---\nText.\n"
    document = assemble("x", [(markdown.parse(source.encode()), None)])
    assert document.titles == Bilingual("Peace", "평화")
    assert document.authors == ("Ann Lee", "홍길동")
    assert document.date == Date(2023, 7, 8)
    assert document.id == "talks/one"
    assert [block.text for block in document.blocks] == ["Text."]


@pytest.mark.parametrize(
    ("front", "titles"),
    [
        ("title: Peace", Bilingual("Peace")),
        ("title: {en: Peace, ko: 평화}", Bilingual("Peace", "평화")),
        ("title: 1953", Bilingual("1953")),
    ],
)
def test_a_title_may_be_in_one_language_or_two(front, titles):
    draft = markdown.parse(f"---\n{front}\nlang: en\n---\nThe text is here.\n".encode())
    assert assemble("x", [(draft, None)]).titles == titles


def test_dates_and_authors_may_be_written_freely():
    draft = markdown.parse("---\nauthor: Ann Lee and Bo Kim\ndate: 2023년 7월 8일\n---\nText\n".encode())
    assert draft.authors == ("Ann Lee", "Bo Kim")
    assert draft.date == Date(2023, 7, 8)


@pytest.mark.parametrize(
    ("front", "reason"),
    [
        ("title: [", "not YAML in line"),
        ("just words", "without 'name: value'"),
        ("a: !!python/object:os.system x", "not YAML"),
    ],
)
def test_front_matter_that_cannot_be_understood_is_an_error(front, reason):
    with pytest.raises(ReadError, match=reason):
        markdown.parse(f"---\n{front}\n---\nText\n".encode())


def test_an_id_with_other_characters_is_an_error():
    draft = markdown.parse(b"---\nid: ../x\n---\nText\n")
    with pytest.raises(ReadError, match="id"):
        assemble("x", [(draft, None)])


def test_two_sides_may_not_declare_different_ids():
    sides = [
        (markdown.parse(f"---\nid: {name}\n---\nText\n".encode()), lang)
        for name, lang in (("a", "en"), ("b", "ko"))
    ]
    with pytest.raises(ReadError, match="make them the same"):
        assemble("x", sides)


def test_inline_markup_is_dropped_and_words_stay_whole():
    assert texts(
        "**정**전 [link text](u) *a*b `code()` ![alt](i) &amp; \\* <b>x</b>y<br>z ~~old~~\nnext"
    ) == ["정전 link text ab code() alt & * xy z old next"]


def test_korean_after_a_strong_word_in_brackets_is_no_stumbling_block():
    assert texts("**정전(停戰)**은 끝이 아니다.") == ["정전(停戰)은 끝이 아니다."]


def test_a_strong_mark_is_closed_by_the_next_one():
    assert texts("**a **b(停戰)**은 남고 **정전(停戰)**은 끝난다.") == [
        "**a b(停戰)은 남고 정전(停戰)은 끝난다."
    ]


def test_nested_lists_keep_depth_and_numbers():
    assert blocks("- one\n\n  3. nested\n\n     more\n  4. nested\n- two\n") == [
        ("list_item", 1, "•", "", "one"),
        ("list_item", 2, "3.", "", "nested"),
        ("list_item", 2, "", "", "more"),
        ("list_item", 2, "4.", "", "nested"),
        ("list_item", 1, "•", "", "two"),
    ]


def test_headings_quotations_code_and_tables():
    assert blocks("# A\n\n### B\n\n> quoted\n\n```py\nif x:\n    y\n```\n\n|a|b|\n|-|-|\n||1|\n") == [
        ("heading", 1, "", "", "A"),
        ("heading", 3, "", "", "B"),
        ("quotation", 0, "", "", "quoted"),
        ("code", 0, "", "", "if x:\n    y"),
        ("table_row", 0, "head", "", "a\tb"),
        ("table_row", 0, "", "", "–\t1"),
    ]


def test_footnotes_keep_their_labels_and_are_tied_to_their_marks():
    first, second, note, unused = markdown.parse(
        b"One[^a].\n\n| x | y[^2] |\n|---|---|\n\n[^a]: Note *a*\n\n    goes on.\n[^2]: Two.\n[^z]: Unused.\n"
    ).blocks[:4]
    assert first.text == "One[a]."
    assert first.references[0].label == "a"
    assert first.text[first.references[0].span.slice] == "[a]"
    assert second.text[second.references[0].span.slice] == "[2]"
    assert (note.kind, note.label, note.text) == (BlockKind.FOOTNOTE, "a", "Note a goes on.")
    assert unused.label == "2"


def test_a_note_that_nothing_refers_to_is_kept():
    assert ("footnote", 0, "", "z", "Unused.") in blocks("Text.\n\n[^z]: Unused.\n")


def test_html_is_reduced_to_its_text():
    assert texts("<div onclick='x'><p>para</p><script>alert(1)</script></div>\n\nnext\n") == ["para", "next"]


def test_notes_of_both_halves_of_one_file_belong_to_their_halves():
    halves = "# Peace\n\nIt came late.[^1]\n\n# 평화\n\n평화는 늦게 왔다.[^2]\n"
    source = f"{halves}\n[^1]: 베를린에서.\n[^2]: Berlin.\n"
    document = assemble("x", [(markdown.parse(source.encode()), None)])
    assert document.titles == Bilingual("Peace", "평화")
    assert [(block.label, block.lang) for block in document.blocks[-2:]] == [("1", "en"), ("2", "ko")]
