"""What a translation editor is told about a document."""

import re

import pytest

from indexer.model.archive import Tally
from indexer.model.text import BlockKind, Passage, Reference, Span
from indexer.report import Finding, FindingKind, Place, in_both_languages, review, tally

P, C, N = BlockKind.PARAGRAPH, BlockKind.CODE, BlockKind.FOOTNOTE


def passages(*lines):
    """Passages from `(lang, text, partners)`; a kind may follow."""
    made = []
    for ordinal, (lang, text, partners, *kind) in enumerate(lines):
        references = tuple(Reference(m[1], Span(*m.span())) for m in re.finditer(r"\[(\d)\]", text))
        made.append(
            Passage(
                "d", ordinal, kind[0] if kind else P, lang, text, references=references, partners=partners
            )
        )
    return made


def pair(english, korean):
    return passages(("en", english, (1,)), ("ko", korean, (0,)))


def kinds(found):
    return [finding.kind for finding in found]


def marked(finding):
    return [[place.passage.text[span.slice] for span in place.spans] for place in finding.places]


def test_a_document_in_one_language_has_nothing_to_check():
    texts = passages(("en", "Only English here, in 1953.", ()), ("en", "And here.", ()))
    assert not in_both_languages(texts)
    assert review(texts) == ()


def test_a_passage_without_a_partner_is_named():
    texts = passages(("en", "Both.", (2,)), ("en", "Only in English.", ()), ("ko", "두 언어.", (0,)))
    (finding,) = review(texts)
    assert (finding.kind, [place.passage.ordinal for place in finding.places]) == (FindingKind.UNPAIRED, [1])


def test_code_and_what_has_no_letters_need_no_partner():
    texts = passages(
        ("en", "Both.", (3,)), ("en", "* * *", ()), ("en", "print(1)", (), C), ("ko", "두 언어.", (0,))
    )
    assert review(texts) == ()


def test_unequal_footnotes_are_marked_on_both_sides():
    (finding,) = review(pair("It was signed. [1] It held. [2]", "서명되고 지켜졌다.[1]"))
    assert finding.kind is FindingKind.FOOTNOTES
    assert marked(finding) == [["[1]", "[2]"], ["[1]"]]


def test_the_number_of_a_footnote_is_no_number_of_the_text():
    assert review(pair("It was signed. [7]", "서명되었다.[3]")) == ()


def test_numbers_that_differ_are_marked():
    (finding,) = review(pair("On 27 July 1953, 1,200 people came.", "1953년 7월 27일에 1,300명이 왔다."))
    assert finding.kind is FindingKind.NUMBERS
    assert marked(finding) == [["1,200"], ["1,300"]]


def test_numbers_in_words_are_compared_where_both_sides_count():
    (finding,) = review(pair("Seven delegates came.", "대표 여덟 명이 왔다."))
    assert marked(finding) == [["Seven"], ["여덟 명"]]
    assert review(pair("Seven delegates came.", "대표들이 왔다.")) == ()


def test_code_is_not_compared():
    assert review(passages(("en", "wait(3)", (1,), C), ("ko", "기다려(4)", (0,), C))) == ()


def test_what_one_side_says_in_two_passages_is_taken_together():
    texts = passages(
        ("en", "In 1952 the boat came. In 1953 it left.", (1, 2)),
        ("ko", "1952년에 배가 왔다.", (0,)),
        ("ko", "1953년에 떠났다.", (0,)),
    )
    assert review(texts) == ()


def test_terms_are_told_of_only_by_somebody_who_knows_them():
    texts = pair("An armistice.", "정전 협정.")

    def renderings(pairs):
        ((english, korean),) = pairs
        yield Finding(
            FindingKind.TERMS, (Place(english[0], (Span(3, 12),)), Place(korean[0])), term="armistice"
        )

    assert kinds(review(texts)) == []
    assert kinds(review(texts, renderings)) == [FindingKind.TERMS]


def test_findings_are_counted_by_kind():
    texts = passages(
        ("en", "Both in 1953 [1].", (2,)), ("en", "Only in English.", ()), ("ko", "두 언어, 1954년.", (0,))
    )
    assert tally(review(texts)) == Tally(unpaired=1, footnotes=1, numbers=1)
    assert (Tally(1, 2, 3, 4) + Tally(1, 1, 1, 1)).total == 14


@pytest.mark.parametrize("broken", [(5,), (1, 9)])
def test_a_partner_that_is_not_there_does_no_harm(broken):
    assert review(passages(("en", "In 1953.", broken), ("ko", "1953년.", (0,)))) == ()


def test_a_measure_that_was_converted_is_no_difference():
    assert review(pair("50 miles of coast", "80킬로미터의 해안")) == ()
    (finding,) = review(pair("50 miles of coast in 1952", "1953년 80킬로미터의 해안"))
    assert marked(finding) == [["1952"], ["1953"]]
