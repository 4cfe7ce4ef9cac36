"""The lexicon: what pairs teach, what stays silent, names by their sound, the editor's glossary, and
queries."""

import gc
import random
import re
import weakref
from collections import Counter
from math import comb, log
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from small import Small

from indexer.analysis import analyze, analyze_all
from indexer.cli import main
from indexer.errors import IndexOutdatedError, ReadError
from indexer.lexicon import Lexicon, Teacher, learn, other_language, read_glossary, translate
from indexer.lexicon.glossary import Fault, Glossary
from indexer.lexicon.learn import Pairs
from indexer.lexicon.lessons import Lesson, PairOfTexts, lesson_of, lesson_of_pair
from indexer.lexicon.likeness import Likeness
from indexer.lexicon.meetings import Texts, count_meetings
from indexer.lexicon.significance import log_chance
from indexer.lexicon.sounds import (
    english_keys,
    keys_of_english,
    keys_of_korean,
    korean_key,
    letters_of,
)
from indexer.lexicon.storage import TableFile, write_tables
from indexer.lexicon.units import Unit, UnitReader
from indexer.model.query import Rendered
from indexer.model.text import BlockKind, Passage
from indexer.query import parse_query
from indexer.readers.charset import decode

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


def test_a_number_renders_no_word_but_one_that_says_it(tmp_path):
    pairs = list(invented(60))
    # As in copies of one text: whatever the one word means, the number is always beside it.
    pairs = [(f"{english} armistice", f"{korean} 27") for english, korean in pairs[:30]] + [
        (f"July {english} sixty", f"7 {korean} 60") for english, korean in pairs[30:]
    ]
    lexicon = taught(tmp_path, pairs)
    found = {(key, known.key) for lang in ("en", "ko") for key, known in lexicon.words("", lang)}
    mixed = {pair for pair in found if any(map(str.isalpha, pair[0])) != any(map(str.isalpha, pair[1]))}
    assert mixed == {("juli", "7"), ("7", "juli"), ("sixti", "60"), ("60", "sixti")}


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


def test_a_quoted_phrase_is_its_words_renderings_in_a_row_or_nothing(tmp_path):
    lexicon = taught(tmp_path, invented(300))
    (phrase,) = translate(parse_query('"war peace"'), lexicon, "ko").clauses
    assert phrase.text == "war peace"
    best = phrase.renderings[0]
    assert (best.text, len(best.terms), best.sure) == ("전쟁 평화", 2, True)
    assert {len(one.terms) for one in phrase.renderings} == {2}
    (phrase,) = translate(parse_query('"NATO war"'), lexicon, "ko").clauses
    assert all("nato" in [term.text for term in one.terms] for one in phrase.renderings)
    assert not translate(parse_query('"전쟁 지느러미"'), lexicon, "en").clauses


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
    assert lexicon.sounding("lavrov", "en")[0].is_sure
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


@given(
    st.lists(st.text("abcdefghiknoqrstuwxyz", max_size=9), max_size=6),
    st.lists(st.text("가각강링컨라브로프ab-", max_size=5), max_size=6),
)
def test_the_keys_of_many_words_are_those_of_each(english, korean):
    assert keys_of_english(english) == [english_keys(word) for word in english]
    assert keys_of_korean(korean) == [korean_key(word) for word in korean]


def test_the_editor_is_obeyed_above_what_is_learned(tmp_path):
    path = tmp_path / "glossary.tsv"
    path.write_text("# ours\nwar\t분쟁\n\n휴전 회담\tarmistice talks\n", encoding="utf-8")
    lexicon = taught(tmp_path / "lexicon", invented(300), glossary=read_glossary(path).terms)
    assert [known.text for known in lexicon.shown("war", "en")] == ["분쟁"]
    assert not lexicon.renderings("전쟁", "ko") or lexicon.renderings("전쟁", "ko")[0].text != "war"
    query = translate(parse_query("armistice talks"), lexicon, "ko")
    assert [[one.text for one in clause.renderings] for clause in query.clauses] == [["휴전 회담"]]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("war", "there is no tab; write a term, one tab, and its rendering"),
        ("war\t", "there is no rendering after the tab;"),
        ("war\t \t", "there is no rendering after the tab;"),
        ("\t전쟁", "there is no term before the tab;"),
        ("war\t전쟁\tmore", "there is more than one tab;"),
        ("war\t\t전쟁", "there is more than one tab;"),
        ("war\tbattle", "one of the two must be English and the other Korean"),
        ("전쟁\t분쟁", "one of the two must be English and the other Korean"),
        ("...\t전쟁", "there is no word in '...' or in '전쟁'"),
    ],
)
def test_a_broken_line_of_the_glossary_is_named_with_what_is_wrong(tmp_path, line, reason):
    path = tmp_path / "glossary.tsv"
    path.write_text(f"# first\n{line}\n", encoding="utf-8")
    said = read_glossary(path)
    assert not said.terms
    assert [f"{path}, line 2: {reason}" in told for told, lines in said.faults if lines == 1] == [True]


def test_a_glossary_that_is_no_text_is_told_once_how_to_mend_it(tmp_path):
    (fault,) = said(tmp_path / "glossary.tsv", b"caf\xe9\tcaf\xe9\n").faults
    assert (fault.reason.count("save it as UTF-8"), fault.lines) == (1, 0)


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
    teacher.add_lesson(lesson_of("d", passages, UnitReader()))
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


def said(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_glossary(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_a_glossary_is_read_in_the_encodings_that_editors_save(tmp_path, encoding):
    content = "# 우리 용어집\r\nwar\t분쟁\r\n정전 협정\tArmistice Agreement\r\n".encode(encoding)
    glossary = said(tmp_path / "glossary.tsv", content)
    assert not glossary.faults
    assert [(one.english, one.korean) for one in glossary.terms] == [
        ("war", "분쟁"),
        ("armistic agreement", "정전 협정"),
    ]


def test_a_term_that_is_said_twice_counts_once_and_may_have_several_renderings(tmp_path):
    glossary = said(tmp_path / "glossary.tsv", "war\t분쟁\nwar\t분쟁\n분쟁\twar\nwars\t분쟁\nwar\t싸움\n")
    assert [one.korean for one in glossary.terms] == ["분쟁", "싸움"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("war\0\t전쟁\n".encode(), "glossary.tsv: "),
        (b"\xff\xfe\xff\xff\xff", "glossary.tsv: "),
        ("war\x1b[31m\t전쟁\n".encode(), "line 1: there is a control character"),
        ("wa\u202er\t전쟁\n".encode(), "line 1: "),
        (f"{'war ' * 100}\t전쟁\n".encode(), "line 1: a term has at most"),
        (b"x" * ((16 << 20) + 1), "is larger than 16 MB"),
    ],
)
def test_what_a_glossary_has_that_is_no_term_is_told_in_one_line(tmp_path, content, reason):
    glossary = said(tmp_path / "glossary.tsv", content)
    (fault,) = (one.reason for one in glossary.faults or (Fault(""),))
    if glossary.terms:  # invisible characters are dropped, as everywhere
        assert [one.english for one in glossary.terms] == ["war"]
    else:
        assert reason in fault
        assert "\n" not in fault
        assert fault.isprintable()


def test_a_glossary_of_ten_megabytes_of_nonsense_is_told_in_few_lines(tmp_path):
    line = "no tab in this line, and no end of such lines either\n"
    glossary = said(tmp_path / "glossary.tsv", line * (10_000_000 // len(line)) + "war\t분쟁\n")
    assert [one.korean for one in glossary.terms] == ["분쟁"]
    assert len(glossary.faults) == 21
    assert "more lines" in glossary.faults[-1].reason
    assert sum(one.lines for one in glossary.faults) == 10_000_000 // len(line)


def test_a_glossary_that_is_a_folder_is_told(tmp_path):
    (tmp_path / "glossary.tsv").mkdir()
    (fault,) = read_glossary(tmp_path / "glossary.tsv").faults
    assert ("cannot be read" in fault.reason, fault.lines) == (True, 0)


def accounted(path, faults):
    """The numbers of the lines that are told, and how many more there are."""
    numbers = [re.match(re.escape(f"{path}, line ") + r"(\d+): ", one.reason) for one in faults[:20]]
    rest = re.escape(f"{path}: ") + r"([\d,]+) more lines? .*"
    more = re.fullmatch(rest, faults[20].reason) if faults[20:] else None
    return [int(one[1]) for one in numbers], int(more[1].replace(",", "")) if more else 0


GLOSSARY_LINES = st.one_of(
    st.sampled_from(
        ["war\t전쟁", "평화\tpeace", "city\t도시", "# ours", "", "war", "\twar", "war\t", "...\t전쟁"]
    ),
    st.text(st.characters(codec="utf-8"), max_size=8),
)


@given(st.one_of(st.binary(max_size=300), st.lists(GLOSSARY_LINES, max_size=60).map("\n".join)))
def test_any_bytes_are_a_glossary_or_told(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("glossary") / "glossary.tsv"
    glossary = said(path, content)
    assert all(fault.reason.isprintable() for fault in glossary.faults)
    try:
        lines, refused = decode(path.read_bytes()).splitlines(), ""
    except ReadError as error:
        lines, refused = [], f"{path}: {error}"
    if refused:
        assert glossary == Glossary(faults=(Fault(refused, 0),))
        return
    wanted = {at: line for at, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")}
    told, more = accounted(path, glossary.faults)
    assert set(told) <= wanted.keys()
    assert len(glossary.faults) == len(told) + bool(more)
    assert sum(one.lines for one in glossary.faults) == len(told) + more
    assert not more or len(told) == 20
    good = len(wanted) - len(told) - more  # some of them may be the same term
    assert bool(good) == bool(glossary.terms)
    assert len(glossary.terms) <= good
    assert not {"war", "\twar", "war\t", "...\t전쟁"} & {
        line for at, line in wanted.items() if not more and at not in told
    }


@pytest.mark.parametrize("content", [b"", b"PK", b"#key\n", b"PK\x05\x06" + b"\0" * 18])
def test_a_foreign_file_is_no_lexicon_and_says_so_in_one_line(tmp_path, content):
    path = tmp_path / "lexicon.zip"
    path.write_bytes(content)
    with pytest.raises(IndexOutdatedError, match="run: hanyeong reindex") as caught:
        Lexicon(path)
    assert "\n" not in str(caught.value)


@settings(max_examples=60)
@given(st.data())
def test_a_changed_byte_never_passes_unseen_or_changes_nothing(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "changed" / "lexicon.zip"
    if not path.exists():
        taught(path, invented(60))
    content = path.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    changed = path.with_name("other.zip")
    changed.write_bytes(
        content[:at] + bytes([content[at] ^ 1 << data.draw(st.integers(0, 7))]) + content[at + 1 :]
    )
    try:
        lexicon = Lexicon(changed)
        lexicon.check()
    except IndexOutdatedError:
        return
    whole = Lexicon(path)
    assert [lexicon.renderings(word, "en") for word in WORDS] == [
        whole.renderings(word, "en") for word in WORDS
    ]


def test_a_lexicon_that_nobody_holds_is_gone_at_once(tmp_path):
    lexicon = taught(tmp_path, invented(60))
    lexicon.check()
    assert lexicon.renderings("war", "en") is lexicon.renderings("war", "en"), "what was asked is remembered"
    held = weakref.ref(lexicon)
    gc.disable()
    try:
        del lexicon
        assert held() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("most", [50, 120])
def test_of_more_pairs_than_the_bound_an_even_sample_is_kept_in_memory(tmp_path, most):
    teacher = Teacher(most)
    for english, korean in invented(700):
        teacher.add_pair([text(english)], [text(korean)])
        assert teacher.sampled <= most
    assert len(teacher) == 700
    assert teacher.sampled > most // 4
    teacher.save(tmp_path / "lexicon.zip")
    for word, several in shown(Lexicon(tmp_path / "lexicon.zip")).items():
        assert several[0] == WORDS[word]


@pytest.mark.parametrize("long", [False, True])
def test_a_lexicon_does_not_depend_on_the_order_in_which_documents_come_beyond_the_bound(monkeypatch, long):
    reader = UnitReader()
    lessons = [
        lesson_of_pair(f"d{at}", [text(english)], [text(korean)], reader)
        for at, (english, korean) in enumerate(invented(200))
    ]
    kept = []
    if long:  # the words that may meet are too many, though the pairs are not
        cells = sum(len(one.english) * len(one.korean) for lesson in lessons for one in lesson.texts)
        monkeypatch.setattr(learn, "_MOST_CELLS", cells // 3)
    for order in (lessons, lessons[::-1]):
        pairs = Pairs(1000 if long else 60)
        for lesson in order:
            pairs.add(lesson)
        kept.append((pairs.sampled, pairs.least, sorted(pairs._ranks)))
    assert kept[0] == kept[1]


@given(
    st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12), st.booleans()), max_size=8),
    st.text(max_size=5),
)
def test_a_lesson_goes_round_by_its_line(units, document):
    clean = tuple(
        Unit(*(part.encode("utf-8", "replace").decode() for part in unit[:2]), unit[2]) for unit in units
    )
    document = document.encode("utf-8", "replace").decode()
    texts = (PairOfTexts(0, tuple(range(len(clean))), ()),)
    lesson = Lesson(document, "f", {0: 1}, {"en": clean, "ko": ()}, texts)
    line = lesson.to_json()
    assert "\n" not in line
    assert Lesson.from_json(line) == lesson


PIECES = st.sampled_from(
    [
        " ",
        " ",
        " ",
        "-",
        "(",
        "NASA",
        "A",
        "cease-fire",
        "prime minister",
        "정전협상",
        "프레임워크를",
        "위성",
        "한",
        "저건",
    ]
)


@settings(max_examples=100)
@given(st.lists(st.lists(PIECES, max_size=8).map("".join), max_size=4), st.sampled_from(["en", "ko"]))
def test_words_without_another_side_are_told_once_as_they_are_read(written, lang):
    tokens = list(analyze_all(written))
    reader, other = UnitReader(), UnitReader()
    met, told, read = {}, [], []
    for one, its_tokens in zip(written, tokens, strict=True):
        told += [reader.units[at] for at in reader.touching(one, its_tokens, lang, met)]
        read += [other.units[at] for at in other.read(one, its_tokens, lang)]
    assert _touching(told) == _touching(read)


def _touching(units):
    return list(dict.fromkeys(unit for unit in units if unit.touching))


@given(st.lists(st.lists(st.integers(0, 5), max_size=6), min_size=1, max_size=6), st.randoms())
def test_meetings_are_counted_once_a_pair_of_texts(lefts, chance):
    rights = [[chance.randrange(4) for _ in range(chance.randrange(6))] for _ in lefts]
    met = count_meetings(
        *(
            Texts.of([np.array(t, dtype=np.int64) for t in side], size)
            for side, size in ((lefts, 6), (rights, 4))
        )
    )
    expected = Counter(
        (one, other) for a, b in zip(lefts, rights, strict=True) for one in set(a) for other in set(b)
    )
    found = dict(
        zip(zip(*(word.tolist() for word in met.words), strict=True), met.together.tolist(), strict=True)
    )
    assert found == dict(expected)


def test_silence_below_the_significance_bound(tmp_path):
    """One pair says nothing about its words, however often it is read; ten that agree on one do."""
    once = taught(tmp_path / "a", [("war peace", "전쟁 평화")])
    assert not shown(once)
    same = taught(tmp_path / "b", [("war peace city", "전쟁 평화 도시")] * 50)
    assert not shown(same), "words that always stand together cannot be told apart"
    chance = list(invented(40, seed=3))
    agreed = taught(tmp_path / "c", [(f"{a} armistice", f"{b} 정전") for a, b in chance[:10]] + chance[10:])
    assert [one.text for one in agreed.shown("armistic", "en")] == ["정전"]


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            ["war", "전쟁", "정전평화거래", "2019", "NATO", "OR", "-war", "돕다", "가", '"war peace"', "전*"]
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["en", "ko"]),
)
def test_every_clause_of_a_translation_has_something_to_be_searched(tmp_path_factory, words, into):
    path = tmp_path_factory.getbasetemp() / "translated" / "lexicon.zip"
    lexicon = Lexicon(path) if path.exists() else taught(path, invented(300))
    query = translate(parse_query(" ".join(words)), lexicon, into)
    rendered = [clause for clause in (*query.clauses, *query.excluded) if isinstance(clause, Rendered)]
    assert all(clause.renderings and all(one.terms for one in clause.renderings) for clause in rendered)


@pytest.mark.parametrize(
    ("likeness", "korean", "sure"), [(8.2, "크림", False), (12.0, "레닌", True), (8.2, "바이든", True)]
)
def test_a_short_word_is_found_by_its_sound_alone_where_it_sounds_like_no_other(likeness, korean, sure):
    lexicon = SimpleNamespace(
        _alike=lambda *_: [("claim", korean, "claim")],
        _likeness=SimpleNamespace(weigh=lambda pairs: np.full(len(pairs), likeness)),
    )
    (known,) = Lexicon.sounding(lexicon, korean, "ko")
    assert known.is_sure is sure
