"""Terms that are rendered in several ways."""

from indexer.consistency import SeveralWays
from indexer.model.text import BlockKind, Passage
from indexer.report import FindingKind, review

KNOWN = {"armistice": ["정전", "휴전"], "talks": ["회담"], "border": ["국경", "경계"]}


def pairs(*texts):
    """A document of pairs: English and Korean in turns."""
    return [
        Passage("d", at, BlockKind.PARAGRAPH, "ko" if at % 2 else "en", text, partners=(at ^ 1,))
        for at, text in enumerate(text for pair in texts for text in pair)
    ]


def found(passages):
    several = SeveralWays(lambda word: KNOWN.get(word, []))
    return [one for one in review(passages, several) if one.kind is FindingKind.TERMS]


def test_a_term_that_is_rendered_in_two_ways_is_shown_with_a_pair_for_each():
    document = pairs(
        ("The armistice was signed.", "정전 협정이 서명되었다."),
        ("An Armistice ends no war.", "정전은 전쟁을 끝내지 않는다."),
        ("The armistice held.", "휴전은 지켜졌다."),
        ("After the armistice came talks.", "휴전 뒤에 회담이 열렸다."),
    )
    (finding,) = found(document)
    assert finding.term == "armistice"
    shown = [
        (place.passage.ordinal, [place.passage.text[s.slice] for s in place.spans])
        for place in finding.places
    ]
    assert shown == [(0, ["armistice"]), (1, ["정전"]), (4, ["armistice"]), (5, ["휴전"])]


def test_one_way_or_a_single_exception_is_no_finding():
    once = pairs(
        *[("The armistice held.", "정전은 지켜졌다.")] * 4,
        ("The armistice ended.", "휴전이 끝났다."),
        *[("The talks went on.", "회담이 이어졌다.")] * 5,
    )
    assert found(once) == []


def test_a_pair_that_has_both_renderings_says_nothing():
    both = pairs(*[("The border, and the line.", "국경과 경계.")] * 5)
    assert found(both) == []


def test_without_a_lexicon_nothing_is_said():
    assert found(pairs(("A word.", "낱말."))) == []
