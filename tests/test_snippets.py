from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.model.results import Snippet
from indexer.model.text import Span
from indexer.snippets import cut_snippet, merge_spans, trim_spans

SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 12)).map(lambda s: Span(s[0], s[0] + s[1])), max_size=12
)
WORDS = st.sampled_from(
    ["war", "negotiations", "정전", "협상했다", "라브로프와의", "x" * 50, "가" * 40, "😀", "[1]", "a"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=120).flatmap(
    lambda words: st.sampled_from([" ", "\n", "\t", ""]).map(lambda gap: gap.join(words))
)


def merge(spans):
    return merge_spans((span.start, span.end) for span in spans)


def covered(spans):
    return {at for span in spans for at in range(span.start, span.end)}


@given(SPANS)
def test_merged_spans_are_sorted_disjoint_not_empty_and_cover_the_same(spans):
    merged = merge(spans)
    assert covered(merged) == covered(spans)
    assert all(span.start < span.end for span in merged)
    assert all(left.end < right.start for left, right in pairwise(merged))


@given(SPANS)
def test_merging_again_changes_nothing(spans):
    assert merge(merge(spans)) == merge(spans)


@given(SPANS)
def test_merging_does_not_depend_on_order(spans):
    assert merge(reversed(spans)) == merge(spans)


@given(SPANS, st.integers(0, 60), st.integers(0, 40))
def test_trimmed_spans_cover_what_lies_in_the_window(spans, start, length):
    window = Span(start, start + length)
    trimmed = trim_spans(merge(spans), window)
    assert {at + start for at in covered(trimmed)} == covered(spans) & set(range(window.start, window.end))
    assert all(0 <= span.start < span.end <= length for span in trimmed)


@st.composite
def marked_texts(draw):
    text = draw(TEXTS)
    spans = draw(st.lists(st.tuples(st.integers(0, len(text) - 1), st.integers(1, 15)), max_size=8))
    return text, merge_spans((start, min(len(text), start + length)) for start, length in spans)


@settings(max_examples=200)
@given(marked_texts(), st.sampled_from(["en", "ko"]))
def test_a_snippet_is_a_piece_of_its_text_with_marks_on_the_same_characters(marked, lang):
    text, spans = marked
    snippet = cut_snippet(text, spans, lang)
    assert snippet.text
    assert snippet.text in text
    assert merge(snippet.highlights) == snippet.highlights
    assert all(0 <= span.start < span.end <= len(snippet.text) for span in snippet.highlights)
    if snippet.starts_inside or snippet.ends_inside:
        assert len(snippet.text) <= {"en": 320, "ko": 180}[lang] + 2 * 24
    else:
        assert snippet.text.strip() == text.strip()
    if spans:
        assert snippet.highlights, "a snippet of a passage with matches shows one"
    whole = {text[span.slice] for span in spans}
    assert all(any(snippet.text[span.slice] in one for one in whole) for span in snippet.highlights)


@settings(max_examples=100)
@given(marked_texts(), st.sampled_from(["en", "ko"]))
def test_the_parts_of_a_snippet_joined_are_its_text(marked, lang):
    snippet = cut_snippet(*marked, lang)
    parts = list(snippet.parts())
    assert "".join(part for part, _ in parts) == snippet.text
    assert all(part for part, _ in parts)
    assert [part for part, is_match in parts if is_match] == [
        snippet.text[s.slice] for s in snippet.highlights
    ]


@given(st.text(max_size=30), SPANS)
def test_parts_of_any_snippet_joined_are_its_text(text, spans):
    inside = tuple(span for span in merge(spans) if span.end <= len(text))
    assert "".join(part for part, _ in Snippet(text, inside).parts()) == text


def test_a_short_text_is_shown_whole():
    snippet = cut_snippet("정전 협상을 시작했다.", [Span(0, 2)], "ko")
    assert (snippet.text, snippet.starts_inside, snippet.ends_inside) == (
        "정전 협상을 시작했다.",
        False,
        False,
    )


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_window_is_cut_between_words_where_there_are_any(lang):
    text = " ".join(f"word{n:03}" for n in range(200))
    at = text.index("word150")
    snippet = cut_snippet(text, [Span(at, at + 7)], lang)
    assert snippet.starts_inside
    assert snippet.ends_inside
    assert set(snippet.text.split()) <= set(text.split())
    assert "word150" in snippet.text


def test_the_window_shows_where_most_is_marked():
    text = "war " + "x " * 300 + "war and war and war " + "x " * 300
    found = [Span(at, at + 3) for at in range(len(text)) if text.startswith("war", at)]
    assert cut_snippet(text, found, "en").text.count("war") == 3


def test_without_marks_the_beginning_is_shown():
    text = "word " * 200
    snippet = cut_snippet(text, [], "en")
    assert text.startswith(snippet.text)
    assert snippet.ends_inside


def test_a_mark_beyond_32768_characters_is_shown():
    """Whoosh's own highlighter gives an empty snippet from there on."""
    text = "x " * 20_000 + "war"
    snippet = cut_snippet(text, [Span(40_000, 40_003)], "en")
    assert snippet.text.endswith("war")
    assert [snippet.text[span.slice] for span in snippet.highlights] == ["war"]


def test_no_korean_word_is_broken_at_the_ends_of_a_window():
    text = "라브로프와의 협상을 " * 60
    at = text.index("협상", 400)
    snippet = cut_snippet(text, [Span(at, at + 2)], "ko")
    assert set(snippet.text.split()) == {"라브로프와의", "협상을"}
