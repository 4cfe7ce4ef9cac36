import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.model.dates import Date
from indexer.model.text import Bilingual, Block, BlockKind, Document, Reference, Span
from indexer.normalise import normalise
from indexer.passages import MAX_LENGTH, cut, languages, parts

SENTENCES = st.sampled_from(
    [
        "The talks began in April. ",
        "Dr. Kim met U.S. officials on 3.14 Street? ",
        "“It is over!” ",
        "정전 협상이 시작됐다. ",
        "그는 “끝났다.”라고 말했다.[12] ",
        "現狀 維持, ",
        "1953. 7. 27. ",
        "word ",
        "낱말 ",
        "x" * 300 + " ",
        "[3] ",
        "👨\u200d👩\u200d👧",
    ]
)
TEXTS = (
    st.lists(SENTENCES, min_size=1, max_size=120).map(lambda pieces: normalise("".join(pieces))).filter(bool)
)


def document(*blocks, titles=None):
    return Document("d", titles or Bilingual(), ("A",), Date(2023, 7, 8), blocks)


def paragraph(text, **more):
    return Block(BlockKind.PARAGRAPH, text, **more)


def with_marks(text):
    at = [index for index in range(len(text)) if text.startswith(("[3]", "[12]"), index)]
    marks = [Span(index, text.index("]", index) + 1) for index in at]
    return paragraph(text, references=tuple(Reference(text[mark.slice][1:-1], mark) for mark in marks))


@settings(max_examples=60)
@given(st.lists(TEXTS, max_size=4))
def test_passages_are_in_order_short_enough_and_lose_nothing_but_white_space(texts):
    passages = cut(document(*map(paragraph, texts)))
    assert [passage.ordinal for passage in passages] == list(range(len(passages)))
    assert all(0 < len(passage.text) <= MAX_LENGTH for passage in passages)
    assert "".join("".join(passage.text.split()) for passage in passages) == "".join(
        "".join(t.split()) for t in texts
    )
    assert sum(not passage.continues for passage in passages) == len(texts)


@settings(max_examples=60)
@given(TEXTS)
def test_parts_are_disjoint_and_between_them_is_only_white_space(text):
    spans = parts(text)
    edges = [0, *(edge for span in spans for edge in (span.start, span.end)), len(text)]
    assert edges == sorted(edges)
    assert all(not text[edges[at] : edges[at + 1]].strip() for at in range(0, len(edges), 2))


@settings(max_examples=60)
@given(TEXTS)
def test_every_reference_still_points_at_its_mark(text):
    block = with_marks(text)
    passages = cut(document(block))
    found = [(passage, reference) for passage in passages for reference in passage.references]
    assert len(found) == len(block.references)
    assert all(passage.text[reference.span.slice] == f"[{reference.label}]" for passage, reference in found)


def test_one_block_is_one_passage():
    blocks = (
        Block(BlockKind.HEADING, "Origins", level=2),
        Block(BlockKind.LIST_ITEM, "one", level=1, marker="1."),
        Block(BlockKind.FOOTNOTE, "A note.", label="1"),
    )
    passages = cut(document(*blocks))
    assert [(p.kind, p.text, p.level, p.marker, p.label) for p in passages] == [
        (b.kind, b.text, b.level, b.marker, b.label) for b in blocks
    ]
    assert {passage.address for passage in passages} == {""}


@pytest.mark.parametrize(
    ("sentence", "end"),
    [
        ("The U.S. and Dr. Kim met J. Smith at 3.14 p.m. on the spot.", "on the spot."),
        ("It was “the end.” ", "“the end.”"),
        ("그는 2023. 7. 8. 서울에서 “끝났다.”", "“끝났다.”"),
        ("전쟁이 끝났다고 했다.[12] ", "했다.[12]"),
        ("Is it over?! ", "over?!"),
    ],
)
def test_long_blocks_are_cut_where_sentences_end(sentence, end):
    text = normalise(f"{sentence} " * 200)
    passages = cut(document(paragraph(text)))
    assert len(passages) > 1
    assert all(passage.text.endswith(end) for passage in passages)
    assert [passage.continues for passage in passages] == [False] + [True] * (len(passages) - 1)


def test_korean_sentences_without_a_space_between_them_are_told_apart():
    passages = cut(document(paragraph("정전 협정이 맺어졌다." * 150)))
    assert all(passage.text.endswith("맺어졌다.") for passage in passages)


def test_a_sentence_that_is_too_long_is_cut_after_a_clause_else_at_a_space_else_anywhere():
    clauses = cut(document(paragraph(normalise("one two three four, " * 100))))
    assert all(passage.text.endswith(",") for passage in clauses)
    words = cut(document(paragraph(normalise("낱말들이 " * 400))))
    assert {word for passage in words for word in passage.text.split()} == {"낱말들이"}
    assert [len(passage.text) for passage in cut(document(paragraph("가" * 3000)))] == [1200, 1200, 600]


def test_code_is_cut_between_lines_and_keeps_its_indentation():
    code = "\n".join(["def f():"] + ["    return 'a. b'"] * 100)
    passages = cut(document(Block(BlockKind.CODE, code)))
    assert len(passages) > 1
    assert "\n".join(passage.text for passage in passages) == code


def test_the_language_is_that_of_the_script():
    blocks = [paragraph("1953"), paragraph("정전 협정"), paragraph("(1953)"), paragraph("The armistice")]
    assert languages(blocks) == ["ko", "ko", "ko", "en"]


def test_a_declared_language_holds_unless_the_script_clearly_contradicts_it():
    english = "This whole long paragraph was left in English by its translator."
    assert languages([paragraph("Debian GNU/Linux", lang="ko"), paragraph(english, lang="ko")]) == [
        "ko",
        "en",
    ]
    assert languages(
        [Block(BlockKind.CODE, english, lang="ko"), Block(BlockKind.FOOTNOTE, english, lang="ko")]
    ) == [
        "ko",
        "ko",
    ]


def test_each_title_comes_right_before_the_first_block_of_its_language_and_is_not_repeated():
    blocks = (
        Block(BlockKind.HEADING, "The War [1]", level=1, references=(Reference("1", Span(8, 11)),)),
        paragraph("It began."),
        paragraph("전쟁이 시작됐다."),
        Block(BlockKind.HEADING, "결과", level=1),
    )
    passages = cut(document(*blocks, titles=Bilingual("The war", "전쟁")))
    assert [(p.kind.value, p.lang, p.text) for p in passages] == [
        ("title", "en", "The War [1]"),
        ("paragraph", "en", "It began."),
        ("title", "ko", "전쟁"),
        ("paragraph", "ko", "전쟁이 시작됐다."),
        ("heading", "ko", "결과"),
    ]
    assert passages[0].references == blocks[0].references


def test_a_title_whose_language_has_no_text_stands_first():
    passages = cut(document(paragraph("전쟁이 시작됐다."), titles=Bilingual("The war", "전쟁")))
    assert [(passage.kind.value, passage.lang) for passage in passages] == [
        ("title", "en"),
        ("title", "ko"),
        ("paragraph", "ko"),
    ]


def test_a_document_without_blocks_has_no_passages():
    assert cut(document()) == ()


@pytest.mark.parametrize("run", [".", "!?", ". ", '."', ".'", "(", "[1]", "가.", "1.", "A."])
def test_a_hostile_run_is_cut_at_once(run):
    """Ten thousand of each: a rule that goes back and forth would take minutes."""
    spans = parts(run * 10_000)
    assert spans[0].start == 0
    assert all(span.end - span.start <= MAX_LENGTH for span in spans)


@pytest.mark.parametrize("run", [".", " ", "\t", "[", '"', "-", "*", "1", "가.", "[1]", "\u200d", "👨\u200d"])
@pytest.mark.parametrize("kind", [BlockKind.PARAGRAPH, BlockKind.CODE])
def test_a_hostile_megabyte_is_cut_in_seconds(run, kind):
    text = f"x{run * (1_000_000 // len(run))}x"
    start = time.process_time()
    passages = cut(document(Block(kind, text)))
    assert time.process_time() - start < 5
    assert sum(len("".join(passage.text.split())) for passage in passages) == len("".join(text.split()))


def test_a_row_of_joined_emoji_is_cut_into_long_parts_and_one_emoji_is_not_torn():
    assert len(parts("👨\u200d" * 6000)) == 10
    family = "👨\u200d👩\u200d👧"
    assert all(span.start % len(family) == 0 for span in parts(family * 2000))
