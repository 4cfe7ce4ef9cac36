import time

import pytest
from pdfs import Text, pdf

from indexer.errors import ReadError
from indexer.model.dates import Date
from indexer.readers import pdf as reader
from indexer.readers.assemble import assemble
from indexer.readers.pdf_layout import HYPHEN, Line, blocks_of_lines

FULL = "가나다라마바사아자차카타파하" * 2


def lines(*texts, size=10, left=72, right=500, top=700, page=0):
    """Lines one under another; a text with its own right edge is a pair."""
    pairs = [text if isinstance(text, tuple) else (text, right) for text in texts]
    return [
        Line(text, page, left, edge, top - at * 14, top - at * 14 + size)
        for at, (text, edge) in enumerate(pairs)
    ]


def texts(found):
    return [block.text for block in blocks_of_lines(found)]


def test_a_real_file_gives_paragraphs_without_its_heads_and_page_numbers():
    def page(number, *body):
        frame = [Text(72, 800, "A History of Peace"), Text(300, 30, f"- {number} -")]
        return [*frame, *(Text(72, 740 - 14 * at, text) for at, text in enumerate(body))]

    pages = [
        page(
            1,
            "It was a long war that was ended by the cease-",
            "fire of 1953, which both of the sides kept to.",
        ),
        page(
            2, "The cease-fire of that year is still kept on", "both sides, although nobody signed a treaty."
        ),
        page(3, "정전 협정은 1953년 7월 27일에 맺어졌으며 전쟁을 멈", "추기로 한 약속이다."),
    ]
    draft = reader.parse(pdf(pages, info="/Title (Peace) /Author (Ann Lee) /CreationDate (D:20230708120000)"))
    assert [block.text for block in draft.blocks] == [
        "It was a long war that was ended by the cease-fire of 1953, which both of the sides kept to.",
        "The cease-fire of that year is still kept on both sides, although nobody signed a treaty.",
        "정전 협정은 1953년 7월 27일에 맺어졌으며 전쟁을 멈추기로 한 약속이다.",
    ]
    assert (draft.title, draft.authors, draft.date) == ("Peace", ("Ann Lee",), None)


def test_a_line_under_the_title_dates_a_file_and_the_day_of_its_scan_does_not():
    def date(*byline):
        body = ("The harbour was dredged again in the spring,", "and the old pier was torn down", "in May.")
        lines = [
            *(Text(72, 720, one) for one in byline),
            *(Text(72, 680 - 14 * at, t) for at, t in enumerate(body)),
        ]
        page = [Text(72, 760, "The Harbour", 20), *lines]
        info = "/CreationDate (D:20230708120000) /ModDate (D:20230709120000)"
        return assemble("x", [(reader.parse(pdf([page], info=info)), None)]).date

    assert date() is None
    assert date("By Ann Lee, The Harbour Office, June 1938") == Date(1938, 6)


def test_bigger_letters_make_headings_by_rank():
    page = [
        Text(72, 740, "The War", 20),
        Text(72, 700, "It began long before anybody knew it."),
        Text(72, 660, "Its end", 14),
        Text(72, 640, "It ended late."),
    ]
    assert [(b.kind.value, b.level, b.text) for b in reader.parse(pdf([page])).blocks] == [
        ("heading", 1, "The War"),
        ("paragraph", 0, "It began long before anybody knew it."),
        ("heading", 2, "Its end"),
        ("paragraph", 0, "It ended late."),
    ]


def test_without_a_text_layer_the_message_says_what_to_do():
    with pytest.raises(ReadError, match="no text layer; run OCR"):
        reader.parse(pdf([[]]))


def test_paragraphs_are_told_by_gaps_indents_short_last_lines_and_list_marks():
    body = lines(
        "This is a line of the first one that", ("ends here.", 200), "And the second one is after it and"
    )
    assert texts(body) == [
        "This is a line of the first one that ends here.",
        "And the second one is after it and",
    ]
    gap = [*lines("One line of it and", "a second one,"), *lines("After the gap.", "It goes on.", top=650)]
    assert texts(gap) == ["One line of it and a second one,", "After the gap. It goes on."]
    indent = [
        *lines("First line of all of it", "second line"),
        *lines("indented", left=90, top=672),
        *lines("end", top=658),
    ]
    assert texts(indent) == ["First line of all of it second line", "indented end"]
    items = [*lines("• one item that goes"), *lines("on here", left=84, top=686), *lines("• two", top=672)]
    assert texts(items) == ["one item that goes on here", "two"]


def test_a_paragraph_goes_on_over_the_page_unless_its_sentence_has_ended():
    first = lines("A line that is as long as the column,", "and it goes on")
    assert texts([*first, *lines("on the next page.", page=1)]) == [
        "A line that is as long as the column, and it goes on on the next page."
    ]
    first = lines("A line that is as long as the column,", "and it ends.")
    assert len(texts([*first, *lines("On the next page.", page=1)])) == 2


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (f"nego{HYPHEN}", "tiations", "negotiations"),
        (f"a cease{HYPHEN}", "fire came", "a cease-fire came"),
        (f"anti{HYPHEN}", "American", "anti-American"),
        ("the years 1950-", "1953 or so", "the years 1950- 1953 or so"),
    ],
)
def test_hyphens_at_line_ends_are_mended(first, second, expected):
    found = texts([*lines("They asked for a cease-fire before it."), *lines(first, second, top=600)])
    assert found[1] == expected


def test_korean_words_broken_at_a_full_line_are_joined():
    assert texts(lines(FULL + " 전쟁을 멈", "추기로 했다.")) == [FULL + " 전쟁을 멈추기로 했다."]


def test_a_file_that_keeps_spaces_at_line_ends_says_itself_where_words_end():
    assert texts(lines("그들은 전쟁 ", "마당에서 협", "상을 했다.")) == ["그들은 전쟁 마당에서 협상을 했다."]


def test_ragged_korean_lines_were_broken_between_words():
    body = lines((FULL + " 오래된", 470), ("것이다 그리고 다시", 500), ("긴 이야기를", 440), "시작했다.")
    assert texts(body) == [FULL + " 오래된 것이다 그리고 다시 긴 이야기를 시작했다."]


def test_what_the_rest_of_the_document_says_decides_about_korean_line_ends():
    known = "그 오래된 나라와 정전협정에 대해서 말한다"
    full = "이 책에서 다루는 것은 바로 "
    assert texts(lines(known, full + "오래된", "그림이다."))[-1].endswith("오래된 그림이다.")
    assert texts(lines(known, full + "정전", "협정에 대해서다."))[-1].endswith("정전협정에 대해서다.")
    assert texts(lines(known, full + "무엇을", "말하는가."))[-1].endswith("무엇을 말하는가.")
    assert texts(lines(known, full + "NATO", "는 말한다."))[-1].endswith("NATO는 말한다.")


def test_a_word_that_the_document_has_with_another_particle_is_a_word():
    known = "그 오래된 문서는 정전협정을 담고 있다"
    assert texts(lines(known, FULL + " 이", "문서를 읽는다."))[-1].endswith(" 이 문서를 읽는다.")
    assert texts(lines(known, FULL + " 정전", "협정에 대해서다."))[-1].endswith(" 정전협정에 대해서다.")


@pytest.mark.parametrize("text", ["1" + " " * 50_000 + "x", "(" * 50_000 + "x", "a" * 50_000 + "1-"])
def test_a_hostile_line_is_read_in_time(text):
    start = time.process_time()
    assert " ".join(texts(lines(text, "and another"))).endswith("and another")
    assert time.process_time() - start < 2


@pytest.mark.parametrize("number", ["12", "- 12 -", "Page 3 of 10", "12쪽", "xiv"])
def test_page_numbers_are_dropped_from_the_edges_only(number):
    body = [*lines("The text is here.", top=700), *lines("It ends here.", top=600), *lines(number, top=40)]
    assert texts(body) == ["The text is here.", "It ends here."]
    middle = [*lines("A.", "B."), *lines(number, top=500), *lines("C.", "D.", top=300)]
    assert number.strip(" -") in " ".join(texts(middle))
