import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import ReadError
from indexer.model.dates import Date
from indexer.model.text import Bilingual, Block, BlockKind
from indexer.readers import text
from indexer.readers.assemble import assemble
from indexer.readers.bylines import parse_byline, split_authors
from indexer.readers.charset import decode
from indexer.readers.dates import find_date

KOREAN = "정전 협정은 1953년 7월 27일에 맺어졌다. 전쟁은 아직 끝나지 않았다.\n"


def read(source, lang=None):
    return assemble("folder/name", [(text.parse(source.encode()), lang)])


def kinds(source):
    return [(block.kind.value, block.text) for block in text.parse(source.encode()).blocks]


@pytest.mark.parametrize(
    "name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp949", "euc-kr"]
)
@pytest.mark.parametrize("content", [KOREAN, KOREAN * 50 + "Haass (and the White House)\n", "한글"])
def test_korean_in_every_usual_encoding_is_read(name, content):
    assert decode(content.encode(name)).removeprefix("\ufeff") == content


def test_syllables_that_only_cp949_has_are_read():
    assert decode((KOREAN + "똠방각하와 펲시콜라").encode("cp949")).endswith("똠방각하와 펲시콜라")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("“Don’t” — café, naïve résumé. ", "cp1252"),
        ("日本語の文章です。東京は首都です。", "shift_jis"),
        ("这是中文文本。北京是首都。", "gbk"),
        ("Это русский текст для проверки. ", "koi8-r"),
    ],
)
def test_what_cannot_be_told_is_refused_and_never_guessed_into_nonsense(content, name):
    with pytest.raises(ReadError, match="save it as UTF-8"):
        decode((content * 10).encode(name))


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 9, bytes(range(256)) * 20, b"\0" * 500])
def test_what_is_not_text_is_refused(data):
    with pytest.raises(ReadError):
        decode(data)


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"])))
def test_utf_8_is_always_read_as_it_is(content):
    assert decode(content.encode()) == content.removeprefix("\ufeff")
    assert decode(codecs.BOM_UTF8 + content.encode()) == content


def test_paragraphs_are_separated_by_empty_lines_and_wrapped_lines_are_joined():
    assert kinds("It began in\nApril with a cease-\nfire.\n \t\n\nIt ended.\n") == [
        ("paragraph", "It began in April with a cease-fire."),
        ("paragraph", "It ended."),
    ]


def test_paragraphs_without_empty_lines_between_them_are_told_by_long_lines_indents_and_bylines():
    long = "전쟁은 사월에 시작되어 여러 해 이어졌다. " * 9
    assert [kind for kind, _ in kinds(f"{long}\n끝과 시작\n{long}\n")] == [
        "paragraph",
        "heading",
        "paragraph",
    ]
    assert len(kinds(" 전쟁은 사월에\n시작됐다.\n 그리고 여러 해\n이어졌다.\n")) == 2
    assert kinds("The War\nBy Ann Lee, 8 July 2023\n\nIt began.\n")[:2] == [
        ("heading", "The War"),
        ("paragraph", "By Ann Lee, 8 July 2023"),
    ]


def test_short_lines_that_stand_alone_without_a_full_stop_are_headings():
    found = kinds(
        "The War\n\nIt began.\n\nWhat came after?\n\nPeace came.\n\nIt was said:\n\nNo.\n\nThe end of it\n"
    )
    assert [kind for kind, _ in found] == ["heading", "paragraph", "heading", *["paragraph"] * 4]


def test_a_subtitle_after_a_dash_is_no_list():
    found = text.parse("협상이 시작됐다\n\n- 강대국의 거래\n\n그들은 만났다.\n".encode()).blocks
    assert [(block.kind.value, block.level, block.text) for block in found[:2]] == [
        ("heading", 1, "협상이 시작됐다"),
        ("heading", 2, "강대국의 거래"),
    ]


def test_verses_and_rows_of_names_are_no_headings():
    found = kinds("It began.\n\nAnn Lee of Seoul\n\nBo Kim of Busan\n\nCho Min\n\nDo Ri\n\nEnd.\n")
    assert {kind for kind, _ in found} == {"paragraph"}


def test_lists_keep_markers_and_depth():
    found = text.parse(
        "- one\n  goes on\n  * deep\n- two\n\n1. 하나\n2. 둘\n\n가. 셋\n나. 넷\n\n① 다섯\n".encode()
    ).blocks
    assert [(block.marker, block.level, block.text) for block in found] == [
        ("•", 1, "one goes on"),
        ("•", 2, "deep"),
        ("•", 1, "two"),
        ("1.", 1, "하나"),
        ("2.", 1, "둘"),
        ("가.", 1, "셋"),
        ("나.", 1, "넷"),
        ("①", 1, "다섯"),
    ]


def test_a_wrapped_line_that_only_looks_like_a_list_item_is_none():
    assert kinds("그들은 그렇게 말했\n다. 그리고 떠났다.") == [
        ("paragraph", "그들은 그렇게 말했 다. 그리고 떠났다.")
    ]
    assert kinds("He was born in\n8. Then he left.") == [("paragraph", "He was born in 8. Then he left.")]


def test_a_numbered_line_before_a_paragraph_is_a_heading():
    assert kinds("1. 서론\n\n전쟁이 시작됐다.\n\n2. 결론\n\n전쟁이 끝났다.\n")[::2] == [
        ("heading", "1. 서론"),
        ("heading", "2. 결론"),
    ]


def test_written_out_notes_are_tied_to_their_marks_in_both_halves():
    document = read("Truth.[1] And more [2].\n\n[1] A note.\n[2] Another\nnote.\n\n진실이다.[1] 인용 [9].\n")
    assert [(block.kind.value, block.label, block.text) for block in document.blocks[1:3]] == [
        ("footnote", "1", "A note."),
        ("footnote", "2", "Another note."),
    ]
    assert [[reference.label for reference in block.references] for block in document.blocks] == [
        ["1", "2"],
        [],
        [],
        ["1"],
    ]
    first, last = document.blocks[0], document.blocks[3]
    assert first.text[first.references[1].span.slice] == "[2]"
    assert last.text[last.references[0].span.slice] == "[1]"


def test_brackets_without_a_note_are_mere_text():
    assert read("See array[1] there.\n").blocks == (
        Block(BlockKind.PARAGRAPH, "See array[1] there.", lang="en"),
    )


def test_two_halves_give_two_titles_and_two_authors_and_the_date():
    document = read(
        "The War\n\nBy Ann Lee, The Institute, 8 July 2023,\n\nIt began in April and went on for years.\n\n"
        "전쟁\n\n이안나, 연구소, 2023 7 8,\n\n"
        "전쟁은 사월에 시작되어 여러 해 이어졌다. 많은 사람이 집을 떠났고 끝내 돌아오지 못했다.\n\n"
        "NBC News report 2023\n\n끝났다.\n"
    )
    assert document.titles == Bilingual("The War", "전쟁")
    assert document.authors == ("Ann Lee", "이안나")
    assert document.date == Date(2023, 7, 8)
    assert [block.lang for block in document.blocks] == ["en"] * 3 + ["ko"] * 5
    assert [block.level for block in document.blocks if block.kind is BlockKind.HEADING][:2] == [1, 1]


def test_a_foreign_word_at_the_end_makes_no_second_half():
    document = read("Hangul\n\nHangul is the alphabet of Korea.\n\nIts name is written so in it: 한글.\n")
    assert document.titles == Bilingual("Hangul", "")
    assert {block.lang for block in document.blocks} == {"en"}


def test_without_a_heading_the_name_of_the_file_is_the_title():
    assert read("It began.\n\nIt ended.\n").titles == Bilingual("name", "")
    assert read("시작됐다.\n", "ko").titles == Bilingual("", "name")


def test_a_file_without_text_is_an_error():
    with pytest.raises(ReadError, match="no text"):
        read(" \n\u200b\n")


@pytest.mark.parametrize(
    "line",
    [
        "8 July 2023",
        "July 8, 2023",
        "Sat., Jul. 8th, 2023",
        "2023-07-08T12:00:00+09:00",
        "2023년 7월 8일(토)",
        "2023. 7. 8.",
        "2023/7/8",
        "2023 7 8,",
        "2023年 7月 8日",
    ],
)
def test_dates_are_read_in_every_usual_form(line):
    assert find_date(line) == Date(2023, 7, 8)


@pytest.mark.parametrize("line", ["July 2023", "2023년 7월", "2023-13-40", "12345678", "1.2.3", "8 people"])
def test_what_is_no_full_date_is_none(line):
    assert find_date(line) is None


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Michael Pröbsting, Some International Tendency (SIT), 8 July 2023,", ("Michael Pröbsting",)),
        ("미하엘 프뢰브스팅, 어떤 국제 동맹 (SIT), 2023년 7월 8일", ("미하엘 프뢰브스팅",)),
        ("by Ann Lee and Bo Kim", ("Ann Lee", "Bo Kim")),
        ("글쓴이: 홍길동·김철수", ("홍길동", "김철수")),
        ("홍길동 기자, 2023. 7. 8.", ("홍길동",)),
        ("By Ludwig van Beethoven", ("Ludwig van Beethoven",)),
        ("8 July 2023", ()),
    ],
)
def test_bylines_name_authors(line, authors):
    assert parse_byline(line).authors == authors


@pytest.mark.parametrize(
    "line",
    [
        "By 1953 the war was over and everybody went home.",
        "By the end of the year it was over",
        "서울, 2023년 7월 8일에 그들은 다시 만나 이야기를 나누었다",
        "They met in April, in New York, and parted as friends.",
        "We met the editors, 8 July 2023",
        "By Monday the team",
        "By Christmas the war was over, 8 July 2023",
        "그들이 다시 만난 번역팀, 2023년 7월 8일",
    ],
)
def test_sentences_are_no_bylines(line):
    found = parse_byline(line)
    assert found is None or found.authors == ()


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Hanyeong editors, 12 May 2021", "Hanyeong editors"),
        ("By the Hanyeong editorial board, 12 May 2021", "Hanyeong editorial board"),
        ("Hanyeong editors, 12 May 2021", "Hanyeong editors"),
        ("한영 편집부, 2021년 5월 12일", "한영 편집부"),
        ("글: 한영 편집위원회", "한영 편집위원회"),
        ("한영 번역팀, 2021. 5. 12.", "한영 번역팀"),
    ],
)
def test_a_byline_of_those_who_sign_together(line, author):
    assert parse_byline(line).authors == (author,)


def test_names_are_split_at_every_mark_and_in_time_however_many_spaces_there_are():
    assert split_authors("A, , B ; C  and D와 E") == ("A", "B", "C", "D와 E")
    start = time.process_time()
    assert len(split_authors("A" + " " * 50_000 + "B")) == 1
    assert time.process_time() - start < 5


def test_a_title_in_both_languages_without_an_empty_line_between_them():
    title = "A Peace Treaty for Korea\n한국을 위한 평화 조약"
    source = f"{title}\n\nThe war has not ended.\n\n전쟁은 아직 끝나지 않았다.\n"
    document = read(source)
    assert document.titles == Bilingual("A Peace Treaty for Korea", "한국을 위한 평화 조약")
    assert [block.lang for block in document.blocks[:2]] == [None, None]
    assert [block.kind for block in document.blocks[:2]] == [BlockKind.HEADING] * 2
