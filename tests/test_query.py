import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import query as reading
from indexer import words as reading_words
from indexer.analysis import analyze, has_korean
from indexer.model.query import AnyOf, Phrase, Prefix, Query, Word
from indexer.model.terms import Field
from indexer.query import MAX_CHARACTERS, MAX_WORDS, NOTICES, parse_query


def texts(clauses):
    return [clause.clauses[0].text if isinstance(clause, AnyOf) else clause.text for clause in clauses]


def terms(clause):
    """The ways in which a word may stand in a text, each a list of terms."""
    return [[term.text for term in variant.terms] for variant in clause.variants]


def words(query):
    """All words of a query, however deep."""

    def of(clause):
        match clause:
            case Word():
                return [clause]
            case Prefix():
                return [clause.word]
            case Phrase():
                return list(clause.words)
            case AnyOf():
                return [word for one in clause.clauses for word in of(one)]

    everything = (*query.clauses, *query.nearby, *query.excluded, *query.titles, *query.authors)
    return [word for clause in everything for word in of(clause)]


# --- words ---------------------------------------------------------------------------------------------


def test_words_are_looked_for_one_by_one():
    assert texts(parse_query("ceasefire talks").clauses) == ["ceasefire", "talks"]


def test_nothing_is_nothing_to_look_for():
    for typed in ("", "   ", '""', "—", "*", "-", '"'):
        assert not parse_query(typed)


def test_stop_words_do_not_count_beside_others():
    the, war = parse_query("the war").clauses
    assert the.optional
    assert not war.optional


def test_a_query_of_stop_words_alone_looks_for_them():
    assert [word.optional for word in parse_query("to be or not").clauses] == [False] * 4


def test_an_acronym_in_capitals_is_no_stop_word():
    (us,) = parse_query("US").clauses
    assert not us.optional
    assert ["u.s."] in terms(us)


@pytest.mark.parametrize("typed", ["cease-fire", "ceasefire", "cease fire"])
def test_hyphen_variants_meet_each_other(typed):
    query = parse_query(typed)
    either = [way for word in query.clauses for way in terms(word)]
    assert ["ceasefir"] in either
    assert ["ceas", "fire"] in either or [way[:1] for way in either if way in (["ceas"], ["fire"])]


@pytest.mark.parametrize(
    ("typed", "apart"),
    [
        ("ceasefire", [["cea", "sefir"], ["cea", "efir"], ["ceas", "fire"], ["ceasef", "ire"]]),
        ("email", [["e", "mail"]]),
        ("setup", []),  # "up" is a stop word
        ("reuse", [["re", "use"]]),
        ("state", []),
    ],
)
def test_a_word_is_also_searched_as_two_of_which_either_may_stand_alone(typed, apart):
    (word,) = parse_query(typed).clauses
    assert [way for way in terms(word) if len(way) > 1] == apart


@pytest.mark.parametrize("typed", ["정전협상", "정전 협상", "정전  협상"])
def test_spacing_does_not_matter(typed):
    query = parse_query(typed)
    assert texts(query.clauses) == ["정전", "협상"]
    assert texts(query.nearby) == ["정전 협상"]


def test_a_compound_of_the_dictionary_is_one_word_found_whole_or_as_neighbours():
    (word,) = parse_query("국가인권위원회").clauses
    assert ["국가인권위원회"] in terms(word)
    assert ["국가", "인권", "위원회"] in terms(word)
    assert not [way for way in terms(word) if way in (["국가"], ["인권"], ["위원회"])], "not a bag"


@pytest.mark.parametrize("typed", ["비급여", "재협상", "펜타닐"])
def test_a_word_with_pieces_that_mean_nothing_alone_is_searched_as_neighbours(typed):
    query = parse_query(typed)
    assert texts(query.clauses) == [typed]
    assert all(
        len(variant.terms) > 1 or variant.terms[0].text == typed for variant in query.clauses[0].variants
    )


def test_syllables_count_less_than_words():
    (word,) = parse_query("협상").clauses
    weights = {variant.terms[0].field: variant.weight for variant in word.variants}
    assert weights[Field.BIGRAM] < weights[Field.KOREAN] == 1.0


@pytest.mark.parametrize("typed", ["물", "강", "돌", "섬"])
def test_a_word_of_one_syllable_can_be_searched(typed):
    (word,) = parse_query(typed).clauses
    assert [typed] in terms(word)
    assert not word.optional


def test_hanja_are_looked_for_by_their_reading_too():
    (word,) = parse_query("現狀").clauses
    assert {"現狀", "현상"} <= {way[0] for way in terms(word)}


def test_an_unknown_name_is_looked_for_without_the_particle_that_kiwi_left_on_it():
    found = [way for word in parse_query("맥라렌은").clauses for way in terms(word)]
    assert ["맥라렌"] in found or ["맥라", "라렌"] in found


@pytest.mark.parametrize(
    "typed",
    [
        "지어서",
        "않는",
        "못한",
        "아니한",
        "때문에",
        "우리",
        "그것",
        "여기",
        "주다",
        "버렸다",
        "싶다",
        "보다",
        "및",
        "즉",
    ],
)
def test_every_korean_word_that_is_typed_is_looked_for(typed):
    """A search for one word must not come to nothing because of what kind of word Kiwi takes it for."""
    assert parse_query(typed).clauses


# --- phrases, minus, OR, star --------------------------------------------------------------------------


def test_a_phrase_is_one_clause():
    assert texts(parse_query('"frozen conflict"').clauses) == ["frozen conflict"]


@pytest.mark.parametrize(
    "typed",
    [
        '"frozen conflict"',
        "“frozen conflict”",
        "„frozen conflict“",
        "«frozen conflict»",
        "＂frozen conflict＂",
    ],
)
def test_all_kinds_of_quotation_marks_make_a_phrase(typed):
    assert parse_query(typed).clauses == parse_query('"frozen conflict"').clauses


def test_a_quotation_mark_that_is_not_closed_is_ignored():
    assert texts(parse_query('"frozen conflict').clauses) == ["frozen", "conflict"]


def test_stop_words_count_in_a_phrase():
    (phrase,) = parse_query('"state of the union"').clauses
    assert texts(phrase.words) == ["state", "of", "the", "union"]


def test_a_phrase_of_many_words_is_looked_for():
    typed = '"academics leaders major think tanks research institutes others russian foreign policy sphere"'
    query = parse_query(typed)
    assert query.clauses
    assert query.notices == ()


def test_minus_leaves_out():
    query = parse_query('war -peace -"frozen conflict" -정전')
    assert texts(query.clauses) == ["war"]
    assert texts(query.excluded)[0] == "peace"
    assert len(query.excluded) == 3


def test_a_hyphen_inside_a_word_is_no_minus():
    assert parse_query("cease-fire").excluded == ()


def test_excluded_words_alone_are_not_searched_and_it_says_so():
    query = parse_query("-war")
    assert not query
    assert query.notices == ("only-excluded",)


@pytest.mark.parametrize("typed", ["-lang:ko war", "-year:2023 war", "-title:peace war", "-author:kim war"])
def test_a_minus_before_a_filter_never_turns_into_the_opposite(typed):
    query = parse_query(typed)
    assert (query.lang, query.years, query.titles, query.authors) == (None, None, (), ())


def test_or_joins_its_neighbours():
    (either,) = parse_query("war OR peace").clauses
    assert isinstance(either, AnyOf)
    assert texts(either.clauses) == ["war", "peace"]


def test_or_joins_more_than_two():
    (either,) = parse_query('war OR "frozen conflict" OR 정전*').clauses
    assert len(either.clauses) >= 3


def test_or_takes_only_the_words_next_to_it():
    kinds = [type(clause) for clause in parse_query("secret war OR peace talks").clauses]
    assert kinds == [Word, AnyOf, Word]


@pytest.mark.parametrize("typed", ["OR war", "war OR", "OR OR war OR OR", "-OR war"])
def test_an_or_without_two_sides_joins_nothing(typed):
    assert "war" in texts(clause for clause in parse_query(typed).clauses if isinstance(clause, Word))


def test_a_small_or_is_a_word():
    assert texts(parse_query("war or peace").clauses) == ["war", "or", "peace"]


@pytest.mark.parametrize(
    ("typed", "beginning"),
    [("negot*", "negot"), ("Negot*", "negot"), ("크림*", "크림"), ("정전＊", "정전"), ("café*", "cafe")],
)
def test_a_star_makes_a_beginning(typed, beginning):
    (prefix,) = parse_query(typed).clauses
    assert isinstance(prefix, Prefix)
    assert prefix.beginning == beginning


@pytest.mark.parametrize("typed", ["wa*r", "*war", "* war", "war **"])
def test_a_star_elsewhere_is_ignored(typed):
    assert "war" in "".join(texts(parse_query(typed).clauses)) or texts(parse_query(typed).clauses) == [
        "wa",
        "r",
    ]


# --- filters -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "lang"), [("lang:ko", "ko"), ("lang:en", "en"), ("LANG:KO", "ko"), ("lang：ko", "ko")]
)
def test_lang_narrows_to_one_language(typed, lang):
    query = parse_query(f"{typed} war")
    assert query.lang == lang
    assert texts(query.clauses) == ["war"]


@pytest.mark.parametrize(
    ("typed", "years"),
    [
        ("year:2023", (2023, 2023)),
        ("year:2020..2023", (2020, 2023)),
        ("year:2023..2020", (2020, 2023)),
        ("year:2020-2023", (2020, 2023)),
    ],
)
def test_year_narrows_to_years(typed, years):
    assert parse_query(typed).years == years


def test_title_and_author_take_words_and_phrases():
    query = parse_query('title:전쟁 title:"frozen conflict" author:Pröbsting author:김')
    assert texts(query.titles)[0] == "전쟁"
    assert texts(query.authors) == ["Pröbsting", "김"]
    assert query.clauses == ()


@pytest.mark.parametrize(
    "typed",
    [
        "lang:fr",
        "year:abc",
        "year:20",
        "year:2020..",
        "title:",
        "lang:",
        "colour:red",
        "http://example.org",
        "10:30",
    ],
)
def test_a_filter_that_means_nothing_is_words(typed):
    query = parse_query(typed)
    assert query.clauses
    assert (query.lang, query.years, query.titles, query.authors) == (None, None, (), ())


@pytest.mark.parametrize("typed", ["title:—", 'title:""', "author:*"])
def test_a_filter_without_a_word_filters_nothing(typed):
    assert parse_query(f"war {typed}").titles == ()


# --- spelling ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["정전협상", "현상(現狀)", "café", "크림*"])
def test_a_decomposed_query_is_the_same_query(typed):
    decomposed = unicodedata.normalize("NFD", typed)
    assert parse_query(decomposed).clauses == parse_query(typed).clauses


@pytest.mark.parametrize("invisible", ["\u200b", "\ufeff", "\u00ad", "\u2060", "\u200d"])
@pytest.mark.parametrize(("left", "right"), [("정", "전협상"), ("cease", "fire"), ("", "war"), ("크림", "*")])
def test_invisible_characters_make_no_difference(invisible, left, right):
    """They come with what is copied from a web page; the readers drop them from the texts."""
    assert parse_query(left + invisible + right).clauses == parse_query(left + right).clauses


def test_case_makes_no_difference():
    assert [terms(word) for word in parse_query("NATO Talks").clauses] == [
        terms(word) for word in parse_query("nato talks").clauses
    ]


# --- bounds --------------------------------------------------------------------------------------------


def test_a_long_query_is_cut_and_says_so():
    query = parse_query("war " * 200)
    assert "too-long" in query.notices
    assert len(query.text) <= MAX_CHARACTERS


def test_a_query_of_500_characters_is_not_cut():
    query = parse_query("x" * 499 + "y")
    assert query.notices == ()
    assert query.text.endswith("y")
    assert parse_query("x" * 500 + " \n").notices == ()


def test_many_words_are_cut_and_it_says_so():
    query = parse_query(" ".join("abcdefghij"[n % 10] + str(n) for n in range(80)))
    assert "too-many-words" in query.notices
    assert 0 < len(query.clauses) <= MAX_WORDS


def test_64_words_are_not_cut():
    query = parse_query(" ".join(f"x{n}"[:6] for n in range(64)))
    assert query.notices == ()
    assert len(query.clauses) == 64


def test_every_notice_has_a_friendly_line():
    assert set(NOTICES) == {
        "too-long",
        "too-many-words",
        "too-many-expansions",
        "only-excluded",
        "no-lexicon",
    }
    assert all(line.endswith(".") and len(line) < 120 for line in NOTICES.values())


PIECES = st.sampled_from(
    [
        *(
            '"',
            "-",
            "OR",
            "*",
            "title:",
            "lang:ko",
            "year:2020..2023",
            "year:",
            "author:",
            ":",
            "..",
            "정전협상",
        ),
        *(
            "국가인권위원회",
            "現狀",
            "펜타닐은",
            "war",
            "cease-fire",
            "the",
            "U.S.",
            "ʼ",
            "ﾞ",
            "\u200b",
            "😀",
            " ",
            " ",
        ),
        *("\ud800", "\x00", "ㅈ", "“", "(", "[1]", "2023년", "비급여"),
    ]
)


@settings(max_examples=250)
@given(st.lists(PIECES, max_size=14).map("".join) | st.text(st.characters(), max_size=60))
def test_nothing_that_is_typed_raises(typed):
    query = parse_query(typed)
    assert isinstance(query, Query)
    assert set(query.notices) <= set(NOTICES)
    for word in words(query):
        assert word.variants, "a word without a way to stand in a text could never be found"
        for variant in word.variants:
            assert variant.terms
            assert all(term.text for term in variant.terms)
            assert 0 < variant.weight <= 1


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from(["war", "peace", "정전", '"a b c d e f g"', "x*", "OR", "-y", "the"]), max_size=150
    ).map(" ".join)
)
def test_no_query_has_more_words_than_the_bound(typed):
    def size(clause):
        match clause:
            case Phrase():
                return len(clause.words)
            case AnyOf():
                return max((size(one) for one in clause.clauses), default=0)
            case _:
                return 1

    assert sum(size(clause) for clause in parse_query(typed).clauses) <= MAX_WORDS


@settings(max_examples=60)
@given(st.lists(PIECES, max_size=10).map("".join))
def test_a_query_that_is_asked_again_is_the_same(typed):
    assert parse_query(typed) == parse_query(typed)


@pytest.mark.parametrize(
    "typed", ["정전협정(停戰協定)", "백운(白雲)이", "‘흑룡만리(黑龍萬里)’라고도", "이두(吏讀)를"]
)
def test_every_piece_of_a_word_with_its_hanja_can_be_found(typed):
    for word in words(parse_query(typed)):
        assert isinstance(word, Phrase) or word.variants
    assert ["停戰"] in [way for word in parse_query("정전협정(停戰協定)").clauses for way in terms(word)]


# --- shorter ways to the same ----------------------------------------------------------------------------

ENGLISH = "the of US U.S. war ceasefire cease-fire don't 1,200.50 F-16s COVID-19 café or OR and -war x: 3·1 e"
KOREAN = "정전 협상 정전협상 3·1운동 2023년 펜타닐은 섬 은 韓國 한국(韓國) “war” \u200b"
TYPED = st.sampled_from([*re.split(" ", f"{ENGLISH} {KOREAN}"), *" -*.'’", ""])


@given(st.lists(TYPED, max_size=6), st.sampled_from(["", " ", "  "]))
@settings(max_examples=150)
def test_words_alone_are_what_they_are_beside_syntax(pieces, between):
    typed = between.join(pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_SYNTAX", re.compile(""))
        slowly = parse_query.__wrapped__(typed)
    assert parse_query.__wrapped__(typed) == slowly


@given(st.lists(TYPED, max_size=6), st.sampled_from(["", " ", "-", "'"]))
@settings(max_examples=150)
def test_words_are_the_same_in_every_company(pieces, between):
    typed = between.join(pieces)
    if not has_korean(typed):
        assert reading_words._latin_words(typed) == reading_words._words(typed, analyze(typed))


@given(st.text("abcdeginrsty", min_size=1, max_size=14) | st.sampled_from(["us", "it", "cooperate", "email"]))
@settings(max_examples=200, deadline=None)
def test_a_plain_word_is_read_as_by_its_tokens(word):
    for written in (word, word.upper(), word.title()):
        assert reading_words._latin_words(written) == reading_words._words(written, analyze(written))
