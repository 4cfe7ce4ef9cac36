import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import IndexMissingError, UnknownAddressError, UnknownDocumentError
from indexer.interchange import Paths, search_json
from indexer.model.dates import Date
from indexer.query import parse_query
from indexer.snippets import merge_spans

FILES = {
    "war": """The Long War

By Ann Kim, 8 July 2023

The negotiators agreed on a cease-fire and talked about a frozen conflict.

Both sides negotiate in secret. The U.S. takes part; they told us nothing.

The ceasefire holds. Nobody sends an e-mail, and the F-16 stays on the ground.

라브로프와의 협상이 시작되었고, 라브로프가 입을 열었다.

강대국들이 정전협상을 도왔다. 그들은 해방투쟁이 끝났다고 보았다.

정전 협상은 어려웠지만 서로 도우며 이어 갔다.

현상(現狀) 유지는 누구에게도 이롭지 않다.
""",
    "river": """물과 강

김소월, 2020년 3월 1일

강에는 물이 흐른다. 물은 아래로 흐른다.

크림반도의 강은 짧다. 국가인권위원회가 조사했다.

시민사회단체는 정전평화거래를 비판했다.

펜타닐 문제와 비급여 진료는 서로 다른 이야기다.

現狀을 바꾸려는 사람들이 모였다.
""",
    "undated": """Notes without a date

A cease fire is not a peace. Peace takes longer than a cease fire.

Email came from the museum in 1991; COVID-19 closed it.
""",
}


@pytest.fixture(scope="module")
def archive(small_module):
    small_module.write(**FILES)
    small_module.reindex()
    return small_module


def has(text):
    return lambda found: any(text in one for one in found)


# --- finding -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "passages"),
    [
        ("라브로프", ["라브로프와의"]),
        ("강대국", ["강대국들이"]),
        ("해방 투쟁", ["해방투쟁이"]),
        ("해방투쟁", ["해방투쟁이"]),
        ("돕다", ["도왔다", "도우며"]),
        ("도와서", ["도왔다", "도우며"]),
        ("크림", ["크림반도"]),
        ("크림반도", ["크림반도"]),
        ("크림 반도", ["크림반도"]),
        ("국가인권위원회", ["국가인권위원회"]),
        ("인권", ["국가인권위원회"]),
        ("국가 인권 위원회", ["국가인권위원회"]),
        ("사회단체", ["시민사회단체"]),
        ("시민 사회", ["시민사회단체"]),
        ("시민사회", ["시민사회단체"]),
        ("시민단체", []),
        ("정전평화거래", ["정전평화거래"]),
        ("펜타닐", ["펜타닐"]),
        ("비급여", ["비급여"]),
        ("물", ["물이", "물과"]),
        ("강", ["강에는", "크림반도의 강", "물과 강"]),
        ("現狀", ["현상(現狀)", "現狀을"]),
        ("현상", ["현상(現狀)", "現狀을"]),
        ("현상 유지", ["현상(現狀) 유지"]),
        ("ceasefire", ["cease-fire", "ceasefire", "cease fire"]),
        ("cease-fire", ["cease-fire", "ceasefire", "cease fire"]),
        ("cease fire", ["cease-fire", "ceasefire", "cease fire"]),
        ("negotiate", ["negotiators", "negotiate"]),
        ("email", ["e-mail", "Email"]),
        ("e-mail", ["e-mail", "Email"]),
        ("F-16", ["F-16"]),
        ("F16", ["F-16"]),
        ("COVID-19", ["COVID-19"]),
        ("COVID", ["COVID-19"]),
        ("U.S.", ["The U.S."]),
        ("US", ["The U.S."]),
    ],
)
def test_every_passage_that_a_reader_would_expect_is_found(archive, query, passages):
    found = archive.texts(query)
    assert [text for text in passages if not has(text)(found)] == []
    if not passages:
        assert found == [] or has("시민")(found)


def test_a_noun_finds_a_word_in_which_kiwi_does_not_see_it(archive):
    """정전평화거래 is 정 + 전 + 평화 + 거래 to Kiwi; a reader sees 정전 in it."""
    assert has("정전평화거래")(archive.texts("정전"))


@pytest.mark.parametrize(
    ("together", "apart"),
    [
        ("정전협상", "정전 협상"),
        ("해방투쟁", "해방 투쟁"),
        ("현상유지", "현상 유지"),
        ("평화거래", "평화 거래"),
    ],
)
def test_spacing_does_not_matter(archive, together, apart):
    assert archive.texts(together) == archive.texts(apart)


def test_a_word_with_a_prefix_does_not_find_the_word_without_it(small):
    small.write(a="보험\n\n급여 진료는 보험이 된다.\n\n비급여 진료는 보험이 안 된다.\n")
    small.reindex()
    assert small.texts("비급여") == ["비급여 진료는 보험이 안 된다."]


def test_a_noun_and_its_particle_are_not_found_across_their_border(small):
    small.write(a="길\n\n평화의 길을 걷는다.\n")
    small.reindex()
    assert small.texts("화의") == []


# --- operators -----------------------------------------------------------------------------------------


def test_a_phrase_is_found_in_one_place(archive):
    assert len(archive.texts('"frozen conflict"')) == 1
    assert archive.texts('"conflict frozen"') == []


def test_a_korean_phrase_may_be_spaced_in_any_way(archive):
    assert archive.texts('"정전 협상"') == archive.texts('"정전협상"') != []


def test_hyphen_variants_meet_in_a_phrase_too(archive):
    assert has("a cease-fire")(archive.texts('"a ceasefire"'))
    assert has("The ceasefire holds")(archive.texts('"the cease fire holds"'))


def test_stop_words_count_in_a_phrase(archive):
    assert archive.texts('"on the ground"') != []
    assert archive.texts('"on a ground"') == []


def test_a_long_phrase_of_ordinary_words_is_found(small):
    sentence = "academics leaders major think tanks research institutes others russian foreign policy sphere"
    small.write(a=f"Title\n\nThe {sentence}.\n")
    small.reindex()
    assert small.texts(f'"{sentence}"') != []


def test_minus_leaves_passages_out(archive):
    with_peace, without = archive.texts("cease-fire"), archive.texts("cease-fire -peace")
    assert [text for text in with_peace if "eace takes" not in text] == without


def test_or_finds_either(archive):
    found = archive.texts("펜타닐 OR museum")
    assert has("펜타닐")(found)
    assert has("museum")(found)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("negot*", "negotiators"),
        ("라브*", "라브로프"),
        ("크림*", "크림반도"),
        ("국가인*", "국가인권위원회"),
        ("muse*", "museum"),
    ],
)
def test_a_star_finds_what_begins_so(archive, query, text):
    assert has(text)(archive.texts(query))


def test_filters_narrow(archive):
    assert not [t for t in archive.texts("lang:ko") if "The" in t]
    assert has("The Long War")(archive.texts("title:war"))
    assert archive.texts("author:kim ceasefire")
    assert archive.texts("author:nobody ceasefire") == []
    assert all("cease" in text for text in archive.texts("ceasefire year:2023"))
    assert archive.texts("ceasefire year:2020..2022") == []


def test_passages_with_all_the_words_come_first(archive):
    found = archive.texts("ceasefire museum F-16 holds")
    assert "F-16" in found[0]


# --- highlights ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "marks"),
    [
        ("라브로프", {"라브로프"}),
        ("강대국", {"강대국"}),
        ("협상", {"협상"}),
        ("돕다", {"도왔다", "도우며"}),
        ("크림", {"크림"}),
        ("negotiate", {"negotiators", "negotiate"}),
        ("ceasefire", {"cease-fire", "ceasefire", "cease fire"}),
        ("국가인권위원회", {"국가인권위원회"}),
        ("펜타닐", {"펜타닐"}),
        ("정전평화거래", {"정전평화거래"}),
        ("비급여", {"비급여"}),
        ("'frozen conflict'", {"frozen", "conflict"}),
        ('"frozen conflict"', {"frozen conflict"}),
    ],
)
def test_marks_cover_the_word_that_a_reader_sees_and_no_more(archive, query, marks):
    assert {mark for marked in archive.marked(query) for mark in marked} == marks


def test_a_part_of_a_compound_that_brings_a_passage_up_is_marked(small):
    small.write(
        a="위원회\n\n국가인권위원회 설립을 논의했다.\n\n인권 기구 설립을 논의했다.\n\n설립을 미루었다.\n"
    )
    small.reindex()
    assert small.marked("국가인권위원회 설립") == [["국가인권위원회", "설립"], ["인권", "설립"], ["설립"]]
    assert small.marked("국가인권위원회") == [["국가인권위원회"]]
    document = small.archive.document("a", text="국가인권위원회")
    assert [len(one.highlights) for one in document.passages] == [0, 1, 0, 0], (
        "where the word is, and no part of it"
    )


def test_an_acronym_is_marked_with_its_last_dot_and_the_pronoun_is_not(archive):
    assert archive.marked("U.S.") == archive.marked("US") == [["U.S."]]


def test_hanja_and_their_reading_are_both_marked(archive):
    assert sorted({m for marked in archive.marked("현상") for m in marked}) in (
        ["現狀", "현상"],
        ["現狀", "현상", "현상(現狀)"],
    )


def test_what_is_left_out_is_not_marked(archive):
    assert not [m for marked in archive.marked("ceasefire -museum") for m in marked if "museum" in m]


def test_stop_words_are_not_marked_beside_others(archive):
    assert not [m for marked in archive.marked("the ceasefire") for m in marked if m.lower() == "the"]


def test_a_match_beyond_32768_characters_of_a_document_is_marked(small):
    small.write(
        a="Long\n\n"
        + "\n\n".join(f"Paragraph number {n} says nothing at all." for n in range(1500))
        + "\n\nHere is the quetzal.\n"
    )
    small.reindex()
    assert small.marked("quetzal") == [["quetzal"]]


def test_the_whole_document_is_marked_for_reading(archive):
    marked = archive.archive.document("war", text="라브로프 ceasefire")
    found = [m.passage.text[s.slice] for m in marked.passages for s in m.highlights]
    assert found.count("라브로프") == 2
    assert "cease-fire" in found
    assert [m.passage.ordinal for m in marked.passages] == list(range(len(marked.passages)))


@pytest.mark.parametrize("text", ["", "  ", "lang:ko", "-war", "—"])
def test_a_document_without_words_to_look_for_is_not_marked(archive, text):
    assert not [m for m in archive.archive.document("war", text=text).passages if m.highlights]


QUERIES = st.lists(
    st.sampled_from(
        [
            *(
                "ceasefire",
                "the",
                "라브로프",
                "정전협상",
                "현상",
                "강",
                "물",
                "negot*",
                "크림*",
                "U.S.",
                "F-16",
                "OR",
            ),
            *(
                "-peace",
                "lang:ko",
                "국가인권위원회",
                "펜타닐",
                "비급여",
                "1991",
                "title:war",
                "year:2020..2023",
            ),
            *("그들은", "시민사회", "cease", "fire", '"frozen conflict"', '"정전 협상"'),
        ]
    ),
    min_size=1,
    max_size=5,
).map(" ".join)


@settings(max_examples=80)
@given(QUERIES)
def test_every_hit_of_a_text_query_has_a_mark_and_marks_are_sound(archive, text):
    wanted = parse_query(text).clauses
    for group in archive.archive.search(text, per_page=50, per_document=50).groups:
        for hit in group.hits:
            assert bool(hit.highlights) == bool(wanted)
            assert hit.highlights == merge_spans((span.start, span.end) for span in hit.highlights)
            assert all(hit.passage.text[span.slice].strip() for span in hit.highlights)
            assert bool(hit.snippet.highlights) == bool(wanted)
            assert "".join(part for part, _ in hit.snippet.parts()) == hit.snippet.text
            assert hit.snippet.text in hit.passage.text


@settings(max_examples=120)
@given(st.text(st.characters(), max_size=40) | QUERIES)
def test_no_text_raises(archive, text):
    results = archive.archive.search(text)
    assert results.total >= sum(len(group.hits) for group in results.groups)


NOUNS = [
    "정전",
    "협상",
    "평화",
    "거래",
    "해방",
    "투쟁",
    "시민",
    "단체",
    "인권",
    "문제",
    "진료",
    "현상",
    "유지",
]


@settings(max_examples=40)
@given(st.sampled_from(NOUNS), st.sampled_from(NOUNS))
def test_pairs_of_nouns_find_the_same_with_and_without_a_space(archive, left, right):
    """Where Kiwi reads the two syllable pairs as the two nouns also when they are written together."""
    if [word.text for word in parse_query(left + right).clauses] != [left, right]:
        return
    assert archive.texts(left + right) == archive.texts(f"{left} {right}")


# --- results -------------------------------------------------------------------------------------------


def test_results_are_grouped_by_document_with_the_rest_behind_more(archive):
    results = archive.archive.search("협상 OR ceasefire OR 라브로프", per_document=1)
    assert len({group.document.id for group in results.groups}) == len(results.groups) == results.documents
    assert all(len(group.hits) == 1 for group in results.groups)
    assert results.total == sum(1 + group.more for group in results.groups)


def test_the_best_document_comes_first_and_its_best_passage_first(archive):
    results = archive.archive.search("ceasefire")
    assert [list(group.hits) for group in results.groups] == [
        sorted(group.hits, key=lambda hit: -hit.score) for group in results.groups
    ]
    best = [group.hits[0].score for group in results.groups]
    assert best == sorted(best, reverse=True)


def test_sorting_by_date_puts_the_newest_first_and_undated_last(archive):
    results = archive.archive.search("ceasefire OR 강 OR museum", sort="date")
    assert [group.document.date for group in results.groups] == [
        Date(2023, 7, 8),
        Date(2020, 3, 1),
        None,
    ]


def test_pages_together_hold_every_document_once(archive):
    whole = archive.archive.search("ceasefire OR 강", per_page=100)
    pages = [archive.archive.search("ceasefire OR 강", per_page=1, page=n) for n in range(1, whole.pages + 5)]
    ids = [group.document.id for page in pages for group in page.groups]
    assert ids == [group.document.id for group in whole.groups]
    assert {page.pages for page in pages} == {len(ids)}
    assert {page.total for page in pages} == {whole.total}


def test_passages_come_in_one_list_page_by_page(archive):
    whole = archive.archive.passages("ceasefire OR 강", limit=100)
    pages = [archive.archive.passages("ceasefire OR 강", limit=2, page=n) for n in range(1, 10)]
    assert [g.hits[0].passage.address for p in pages for g in p.groups] == [
        g.hits[0].passage.address for g in whole.groups
    ]
    assert len(whole.groups) == whole.total


def test_the_list_of_all_hits_keeps_the_order_of_the_results(archive):
    """Passages with all the words stay ahead, and dates stay dates, in the JSON too."""
    for text, sort in (("ceasefire museum holds", "relevance"), ("ceasefire OR 강 OR museum", "date")):
        results = archive.archive.passages(text, limit=100, sort=sort)
        ranked = [group.hits[0].passage.address for group in results.groups]
        assert [hit.passage.address for hit in results.hits] == ranked
        assert [hit["address"] for hit in search_json(results, Paths())["hits"]] == ranked


def test_a_passage_with_all_the_words_is_first_in_the_json_even_with_a_lower_score(small):
    small.write(
        a="T\n\n"
        + "rare " * 8
        + "\n\nrare common "
        + "filler word after word " * 30
        + "\n\n"
        + "common thing\n\n" * 6
    )
    small.reindex()
    results = small.archive.passages("rare common", limit=3)
    assert search_json(results, Paths())["hits"][0]["text"].startswith("rare common")


def test_facets_count_what_each_choice_would_leave(archive):
    results = archive.archive.search("ceasefire OR 강 OR museum")
    assert results.facets.langs["en"] + results.facets.langs["ko"] == results.total
    for lang, count in results.facets.langs.items():
        assert archive.archive.search("ceasefire OR 강 OR museum", lang=lang).total == count
    for year, count in results.facets.years.items():
        assert archive.archive.search("ceasefire OR 강 OR museum", years=(year, year)).total == count
    assert list(results.facets.years) == sorted(results.facets.years, reverse=True)


def test_a_facet_leaves_its_own_choice_out_of_account(archive):
    free = archive.archive.search("ceasefire OR 강")
    korean = archive.archive.search("ceasefire OR 강", lang="ko")
    assert korean.facets.langs == free.facets.langs
    recent = archive.archive.search("ceasefire OR 강", years=(2023, 2023))
    assert recent.facets.years == free.facets.years


def test_titles_authors_and_dates_come_with_the_documents(archive):
    (group,) = archive.archive.search("라브로프").groups
    assert group.document.authors == ("Ann Kim",)
    assert group.document.date == Date(2023, 7, 8)
    assert group.document.titles.en == "The Long War"


def test_nothing_typed_finds_nothing(archive):
    results = archive.archive.search("  ")
    assert (results.total, results.groups, results.pages) == (0, (), 1)


@pytest.mark.parametrize("page", [0, -1, 10**9])
def test_a_page_that_is_not_there_is_empty(archive, page):
    assert archive.archive.search("ceasefire", page=page).groups == ()


def test_a_filter_alone_lists_passages_newest_first_in_reading_order(archive):
    results = archive.archive.search("lang:en", per_page=10, per_document=50)
    dates = [group.document.date or Date(1) for group in results.groups]
    assert dates == sorted(dates, reverse=True)
    for group in results.groups:
        assert [hit.passage.ordinal for hit in group.hits] == sorted(
            hit.passage.ordinal for hit in group.hits
        )


# --- single passages and documents ---------------------------------------------------------------------


def test_a_passage_is_found_by_its_address(archive):
    (group,) = archive.archive.search("펜타닐").groups
    passage = group.hits[0].passage
    assert archive.archive.passage(passage.address) == passage
    assert archive.archive.passage(passage.address, "en") == passage


@pytest.mark.parametrize("address", ["", "000000000", "zzz", "\udcff", "../etc"])
def test_an_unknown_address_is_said_to_be_unknown(archive, address):
    with pytest.raises(UnknownAddressError, match="no passage"):
        archive.archive.passage(address)


def test_an_unknown_document_is_said_to_be_unknown(archive):
    with pytest.raises(UnknownDocumentError, match="no document 'nowhere'"):
        archive.archive.document("nowhere")


def test_without_an_index_every_question_says_what_to_run(small):
    for ask in (
        lambda a: a.search("war"),
        lambda a: a.documents(),
        lambda a: a.stats(),
        lambda a: a.document("x"),
        lambda a: a.passage("x"),
    ):
        with pytest.raises(IndexMissingError, match=r"run: hanyeong .*reindex"):
            ask(small.archive)


def test_an_empty_archive_answers(small):
    small.reindex()
    assert small.archive.search("war").total == 0
    assert small.archive.documents() == ()
    assert small.archive.stats().documents == 0


def test_an_opened_archive_sees_a_new_commit(small):
    small.write(a="One\n\nThe quetzal.\n")
    small.reindex()
    assert small.texts("quetzal") == ["The quetzal."]
    small.write(b="Two\n\nAnother quetzal.\n")
    small.reindex()
    assert len(small.texts("quetzal")) == 2


def test_the_same_question_is_answered_once_a_commit(small):
    small.write(a="One\n\nThe quetzal.\n")
    small.reindex()
    first = small.archive.search("quetzal")
    assert small.archive.search("quetzal") is first
    assert small.archive.search("quetzal", page=2) is not first
    assert small.archive.search("quetzal", sort="date") is not first
    assert small.archive.passages("quetzal") is not first
    small.write(b="Two\n\nAnother quetzal.\n")
    small.reindex()
    assert small.archive.search("quetzal").total == 2


def test_whether_there_is_an_index(small):
    assert not small.archive.is_built()
    small.reindex()
    assert small.archive.is_built()
    generation = small.archive.generation
    small.write(a="One\n\nThe quetzal.\n")
    small.reindex()
    assert small.archive.generation != generation
