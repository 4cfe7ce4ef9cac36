"""Who is one author under two spellings, and who is not."""

import pytest

from indexer.authors import authors_in, authors_of
from indexer.model.text import Bilingual, DocumentInfo

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
