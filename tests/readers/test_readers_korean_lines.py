"""Korean lines as two ways of typesetting break them, flush on the right, put together again."""

import itertools
import re
from pathlib import Path

import pytest

from indexer.readers import markdown, text
from indexer.readers.pdf_layout import Line, blocks_of_lines

DOCUMENTS = Path(__file__).parents[2] / "data" / "documents"
WIDTH = 36
"""Of a line, in syllables."""


def paragraphs():
    """The Korean paragraphs of the sample archive, without brackets, which some lines would end in."""
    files = [*DOCUMENTS.rglob("*.txt"), *DOCUMENTS.rglob("*.md")]
    readers = {".txt": text.parse, ".md": markdown.parse}
    blocks = [block for path in sorted(files) for block in readers[path.suffix](path.read_bytes()).blocks]
    return [
        " ".join(block.text.split())
        for block in blocks
        if len(block.text) > 2 * WIDTH and len(re.findall("[가-힣]", block.text)) > len(block.text) / 2
    ]


def between_words(paragraph):
    lines = [""]
    for word in paragraph.split():
        if len(lines[-1]) + len(word) >= WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def anywhere(paragraph):
    return [paragraph[at : at + WIDTH].strip() for at in range(0, len(paragraph), WIDTH)]


def put_together(pages):
    """The text of paragraphs of such lines, all but the last of each as wide as the column."""
    lines, top = [], 100_000
    for page in pages:
        for at, line in enumerate(page):
            lines.append(Line(line, 0, 72, 200 if at == len(page) - 1 else 432, top, top + 10))
            top -= 14
        top -= 20
    return " ".join(block.text for block in blocks_of_lines(lines))


def right(pages, originals):
    """The share of line ends between two syllables that are put together as they were."""
    together, original = put_together(pages), " ".join(originals)
    ends = [
        (one[-6:], two[:6])
        for page in pages
        for one, two in itertools.pairwise(page)
        if re.match("[가-힣]", one[-1]) and re.match("[가-힣]", two)
    ]
    ends = [(f"{one} {two}", one + two) for one, two in ends]
    assert len(ends) > 100
    return sum(
        (apart in together) == (apart in original) and (joined in together) == (joined in original)
        for apart, joined in ends
    ) / len(ends)


def test_lines_that_are_broken_between_words_get_a_space_at_each_end():
    originals = paragraphs()
    assert right([between_words(one) for one in originals], originals) == 1


def test_of_lines_that_are_broken_anywhere_most_words_are_mended():
    originals = paragraphs()
    assert right([anywhere(one) for one in originals], originals) > 0.85


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("항구는 그해 봄에 다시 준설되었고", "옛 부두는 철거되었다.", "준설되었고 옛 부두는"),
        ("두 나라의 대표는 그곳에서 협정을", "맺기로 하였다.", "협정을 맺기로"),
        ("그 배는 이튿날 아침까지도 움직이", "는 것처럼 보였다.", "움직이는 것처럼"),
        ("두 나라는 오래도록 국경을 지키고 있", "었으나 싸우지 않았다.", "있었으나"),
    ],
)
def test_two_lines_alone_are_put_together_by_their_syllables(first, second, expected):
    assert expected in put_together([[first, second]])
