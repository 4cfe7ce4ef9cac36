"""Who is one author under two spellings, and who is not."""

import time

import pytest

from indexer.authors import authors_in, authors_of
from indexer.model.text import Bilingual, DocumentInfo

SYLLABLES = "ga na da ra mi ji su ho ha ju do a jae tae in eun jin min yeon yeong"
ONE, BOTH = Bilingual("War"), Bilingual("War", "전쟁")


def groups(*authors, titles=ONE):
    return [set(group) for group in authors_of(DocumentInfo("x", titles, authors), "en")]


@pytest.mark.parametrize(
    ("name", "korean"),
    [
        ("Kim Min-jung", "김민정"),
        ("Jung Woo-sung", "정우성"),  # so far from the letters' usual sounds that these alone say nothing
        ("Syngman Rhee", "이승만"),
        ("Anna Petrova", "안나 페트로바"),
        ("Li Keqiang", "리커창"),
    ],
)
def test_one_person_in_two_scripts(name, korean):
    assert groups(name, korean) == [{name, korean}]


@pytest.mark.parametrize("titles", [ONE, BOTH])
@pytest.mark.parametrize(
    ("name", "korean"),
    [
        ("Kim Min-ji", "김민정"),
        ("Park Ji-hoon", "박지환"),
        ("Lee Su-jin", "이수빈"),
        ("Choi Han-na", "최한별"),
    ],
)
def test_two_people_whose_names_begin_alike(name, korean, titles):
    assert groups(name, korean, titles=titles) == [{name}, {korean}]


def test_of_people_whose_names_begin_alike_each_finds_their_own():
    names = ("Kim Min-ji", "Kim Min-jung", "Kim Min-su")
    assert groups(*names, "김민수", "김민정", "김민지") == [
        {"Kim Min-ji", "김민지"},
        {"Kim Min-jung", "김민정"},
        {"Kim Min-su", "김민수"},
    ]


def test_the_two_files_of_a_document_may_name_the_authors_in_another_order():
    info = DocumentInfo("x", BOTH, ("Kim Min-ji", "Lee Su-jin", "이수진", "김민지"))
    assert authors_of(info, "ko") == (("김민지", "Kim Min-ji"), ("이수진", "Lee Su-jin"))
    assert authors_in(info, "en") == ("Kim Min-ji", "Lee Su-jin")


def test_what_no_rule_knows_is_paired_by_its_place_where_both_files_name_as_many():
    info = DocumentInfo("x", BOTH, ("The Editors", "Kim Min-ji", "편집부", "김민지"))
    assert authors_of(info, "en") == (("The Editors", "편집부"), ("Kim Min-ji", "김민지"))


@pytest.mark.parametrize(
    ("name", "korean"),
    [
        ("Ahn Eak-tai", "안익태"),
        ("Kim Swoo-geun", "김수근"),
        ("Helen Kim", "김활란"),
        ("Lee O-young", "이어령"),
        ("Park Y.", "박영수"),
        ("Jay Y. Lee", "이재용"),
        ("Younghill Kang", "강용흘"),
    ],
)
def test_who_spells_the_name_in_a_way_of_their_own_stands_there_once(name, korean):
    assert groups(name, korean, titles=BOTH) == [{name, korean}]
    others = ("Lee Young-ae", "이영애")
    assert groups(name, others[0], korean, others[1], titles=BOTH) == [{name, korean}, {*others}]


def test_of_two_orders_the_one_that_the_rules_are_sure_of_is_taken():
    names = ("Helen Kim", "Kim Min-ji", "The Editors", "김민지", "김활란", "편집부")
    assert groups(*names, titles=BOTH) == [
        {"Helen Kim", "김활란"},
        {"Kim Min-ji", "김민지"},
        {"The Editors", "편집부"},
    ]


def test_of_two_files_that_name_other_people_only_these_stay_apart():
    names = ("Ahn Eak-tai", "Kim Min-ji", "안익태", "김민정")
    assert groups(*names, titles=BOTH) == [{"Ahn Eak-tai", "안익태"}, {"Kim Min-ji"}, {"김민정"}]


def test_hundreds_of_names_in_another_order_are_compared_up_to_a_bound():
    spelled = dict(zip("가나다라미지수호하주도아재태인은진민연영", SYLLABLES.split(), strict=True))
    names = [f"김{first}{second}" for first in spelled for second in spelled]
    latin = [f"Kim {spelled[name[1]]}-{spelled[name[2]]}" for name in reversed(names)]
    started = time.process_time()
    found = groups(*latin, *names, titles=BOTH)
    assert time.process_time() - started < 5
    assert {"Kim yeong-yeong", "김영영"} not in found  # beyond the bound
