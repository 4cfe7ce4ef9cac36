"""The lexicon: what pairs teach, what stays silent, names by their sound, the editor's glossary, and
queries."""

import random
from math import comb, log

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from small import Small

from indexer.analysis import analyze
from indexer.cli import main
from indexer.lexicon import Lexicon, Teacher, other_language, read_glossary, rendering_spans, translate
from indexer.lexicon.glossary import Glossary
from indexer.lexicon.significance import log_chance
from indexer.lexicon.sounds import Likeness, english_keys, korean_key, letters_of
from indexer.lexicon.storage import TableFile, write_tables
from indexer.model import BlockKind, Passage
from indexer.query import parse_query

WORDS = {
    "government": "정부", "war": "전쟁", "peace": "평화", "weather": "날씨", "school": "학교", "hospital":
    "병원", "city": "도시", "river": "강물", "forest": "숲속", "farmer": "농부", "teacher": "교사",
    "music": "음악", "winter": "겨울", "summer": "여름", "bridge": "다리", "letter": "편지", "museum":
    "박물관", "library": "도서관", "kitchen": "부엌", "soldier": "군인", "market": "시장", "island":
    "섬나라", "doctor": "의사", "photograph": "사진",
}  # fmt: skip


def text(words):
    return words, analyze(words)


def taught(path, pairs, singles=(), glossary=()):
    """A lexicon learned from pairs of texts; `path` is its file, or a folder for it."""
    path = path if path.suffix else path / "lexicon.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    teacher = Teacher()
    for english, korean in pairs:
        teacher.add_pair([text(english)], [text(korean)])
    for words, lang in singles:
        teacher.add(text(words), lang)
    teacher.save(path, glossary)
    return Lexicon(path)


def invented(number, seed=7):
    """Pairs of passages of six words each, the Korean words in another order."""
    chance = random.Random(seed)
    for _ in range(number):
        chosen = chance.sample(sorted(WORDS), 6)
        rendered = [WORDS[word] for word in chosen]
        chance.shuffle(rendered)
        yield " ".join(chosen), " ".join(rendered)


def shown(lexicon):
    found = {}
    for word in WORDS:
        terms = [token.term for token in analyze(word)]
        if known := lexicon.shown(terms[0], "en"):
            found[word] = [one.text for one in known]
    return found


def test_what_is_offered_grows_with_the_pairs_and_is_right(tmp_path):
    counts = []
    for number in (0, 10, 100, 1000):
        found = shown(taught(tmp_path / str(number), invented(number)))
        assert all(renderings[0] == WORDS[word] for word, renderings in found.items())
        counts.append(len(found))
    assert counts[0] == counts[1] == 0
    assert 0 < counts[2] <= counts[3]
    assert counts[3] >= 20


def test_chance_pairings_do_not_show(tmp_path):
    """Korean sides that have nothing to do with the English ones teach nothing."""
    pairs = list(invented(200))
    others = [korean for _, korean in invented(200, seed=8)]
    found = shown(
        taught(tmp_path, [(english, korean) for (english, _), korean in zip(pairs, others, strict=True)])
    )
    assert len(found) <= 1


def test_terms_of_several_words_are_one_term(tmp_path):
    pairs = [(f"{english} prime minister", f"{korean} 총리") for english, korean in invented(60)]
    pairs += list(invented(60, seed=9))
    lexicon = taught(tmp_path, pairs)
    assert lexicon.shown("prime minist", "en")[0].text == "총리"
    assert lexicon.shown("총리", "ko")[0].word == "총리"
    assert lexicon.shown("총리", "ko")[0].text == "prime minister"
    assert not [known.text for known in lexicon.shown("prime", "en")]


def test_a_phrase_is_translated_as_a_phrase(tmp_path):
    pairs = [(f"{english} prime minister", f"{korean} 총리") for english, korean in invented(60)]
    lexicon = taught(tmp_path, pairs + list(invented(60, seed=9)))
    query = translate(parse_query("prime minister"), lexicon, "ko")
    assert query.clauses[0].text == "prime minister"
    assert query.clauses[0].renderings[0].text == "총리"


def test_a_query_carries_its_renderings_and_its_filters(tmp_path):
    lexicon = taught(tmp_path, invented(300))
    query = translate(parse_query("the war -peace year:2001"), lexicon, "ko")
    assert query.lang == "ko"
    assert query.years == (2001, 2001)
    assert [clause.text for clause in query.clauses] == ["war"]
    assert query.clauses[0].renderings[0].weight <= 1
    assert "전쟁" in [rendering.text for rendering in query.clauses[0].renderings if rendering.learned]
    assert "평화" in [one.text for clause in query.excluded[1:] for one in clause.renderings]


def test_a_query_of_which_nothing_is_known_has_no_clauses(tmp_path):
    lexicon = taught(tmp_path, invented(300))
    assert translate(parse_query("qwertyuiop 2019"), lexicon, "ko").clauses == ()


@pytest.mark.parametrize(
    ("query", "lang"), [("war", "ko"), ("정전", "en"), ("정전 NATO", "en"), ("the war and 평화 treaty", "ko")]
)
def test_the_language_that_a_query_is_translated_into(query, lang):
    assert other_language(parse_query(query)) == lang


def test_a_name_is_found_by_its_sound(tmp_path):
    lexicon = taught(
        tmp_path, invented(30), [("라브로프는 모스크바로 돌아갔다.", "ko"), ("Mr. Kissinger spoke.", "en")]
    )
    assert lexicon.sounding("lavrov", "en")[0].text == "라브로프"
    assert lexicon.sounding("키신저", "ko")[0].text == "kissinger"
    assert not lexicon.sounding("weather", "en")


def test_likeness_learns_from_names(tmp_path):
    names = [("lavrov", "라브로프"), ("merkel", "메르켈"), ("obama", "오바마"), ("clinton", "클린턴")]
    before = Likeness()
    after = before.learn(names)
    assert (after.weigh(names) >= before.weigh(names) - 0.5).all()
    assert after.weigh([("lavrov", "라브로프")])[0] > 5 > after.weigh([("lavrov", "메르켈")])[0]
    assert np.allclose(Likeness.of(after.rows()).weigh(names), after.weigh(names), atol=0.05)


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=6), st.text(max_size=8))
def test_any_word_has_letters_and_keys(korean, other):
    assert bool(letters_of(korean)) == bool(korean)
    assert set(korean_key(korean)) <= set("PTKSRMN")
    assert all(isinstance(key, str) for key in english_keys(other))


def test_the_editor_is_obeyed_above_what_is_learned(tmp_path):
    path = tmp_path / "glossary.tsv"
    path.write_text("# ours\nwar\t분쟁\n\n휴전 회담\tarmistice talks\n", encoding="utf-8")
    lexicon = taught(tmp_path / "lexicon", invented(300), glossary=read_glossary(path).terms)
    assert [known.text for known in lexicon.shown("war", "en")] == ["분쟁"]
    assert not lexicon.renderings("전쟁", "ko") or lexicon.renderings("전쟁", "ko")[0].text != "war"
    query = translate(parse_query("armistice talks"), lexicon, "ko")
    assert [[one.text for one in clause.renderings] for clause in query.clauses] == [["휴전 회담"]]


@pytest.mark.parametrize(
    "line", ["war", "war\t", "war\tbattle", "전쟁\t분쟁", "war\t전쟁\tmore", "...\t전쟁"]
)
def test_a_broken_line_of_the_glossary_is_named(tmp_path, line):
    path = tmp_path / "glossary.tsv"
    path.write_text(f"# first\n{line}\n", encoding="utf-8")
    said = read_glossary(path)
    assert not said.terms
    assert [f"{path}, line 2: " in fault for fault in said.faults] == [True]


def test_no_glossary_says_nothing(tmp_path):
    assert read_glossary(tmp_path / "glossary.tsv") == Glossary()


@settings(max_examples=50)
@given(st.lists(st.tuples(st.text(min_size=1, max_size=4), st.text(max_size=4)), max_size=30))
def test_a_table_finds_its_rows(tmp_path_factory, rows):
    clean = [tuple("".join(c for c in cell if c.isprintable()) for cell in row) for row in rows]
    clean = [row for row in clean if row[0]]
    path = tmp_path_factory.mktemp("table") / "tables.zip"
    write_tables(path, {"a.tsv": (("one", "two"), clean), "b.tsv": (("one",), [("x",)])})
    table = TableFile(path).table("a.tsv")
    for key, _ in clean:
        assert [tuple(row) for row in table.rows(key)] == [row for row in clean if row[0] == key]
    assert table.rows("no such key") == []
    assert sorted(map(tuple, table.beginning_with(""))) == sorted(clean)


@given(st.integers(2, 60).flatmap(lambda n: st.tuples(st.just(n), *[st.integers(1, n)] * 3)))
def test_chance_is_fishers_exact_test_at_least(numbers):
    """Never surer than the exact test, and close to it where the words meet more often than by chance."""
    pairs, left, right, together = numbers
    together = min(together, left, right)
    if left + right - together > pairs:
        return
    exact = sum(
        comb(left, k) * comb(pairs - left, right - k) for k in range(together, min(left, right) + 1)
    ) / comb(pairs, right)
    found = float(log_chance(*(np.array([n]) for n in (together, left, right)), pairs)[0])
    assert found >= log(exact) - 1e-6
    assert found <= 0


def test_the_words_that_answer_to_the_query_are_marked_in_the_other_side(tmp_path):
    lexicon = taught(tmp_path, invented(300))
    other = "정부는 전쟁을 끝냈다."
    spans = rendering_spans(parse_query("war government"), lexicon, analyze(other), "ko")
    assert [other[span.slice] for span in spans] == ["정부", "전쟁"]
    assert rendering_spans(parse_query("qwerty"), lexicon, analyze(other), "ko") == ()


def test_a_document_teaches_by_the_partners_of_its_passages(tmp_path):
    teacher = Teacher()
    passages = []
    for number, (english, korean) in enumerate(invented(300)):
        here, there = 2 * number, 2 * number + 1
        passages.append(
            (Passage("d", here, BlockKind.PARAGRAPH, "en", english, partners=(there,)), analyze(english))
        )
        passages.append(
            (Passage("d", there, BlockKind.PARAGRAPH, "ko", korean, partners=(here,)), analyze(korean))
        )
    teacher.add_document("d", passages)
    teacher.save(tmp_path / "lexicon.zip")
    assert len(teacher) == 300
    assert Lexicon(tmp_path / "lexicon.zip").shown("war", "en")[0].text == "전쟁"


def test_the_glossary_of_an_archive_is_taken_up_at_reindex(tmp_path):
    small = Small(tmp_path)
    small.write(a="One text.")
    (tmp_path / "glossary.tsv").write_text("cease-fire\t정전\n", encoding="utf-8")
    small.reindex(rebuild=True)
    assert [[one.text for one in known] for _, known in small.archive.terms("cease-fire")] == [["정전"]]
    result = CliRunner().invoke(main, ["--data", str(tmp_path), "terms", "cease-fire"])
    assert "정전   the glossary says so" in result.output
    (tmp_path / "glossary.tsv").unlink()
    small.reindex(rebuild=True)
    assert small.archive.terms("cease-fire") == []
