"""The measuring of ranking itself, on invented sets; and the floors, on samples of the judged ones."""

import json

import numpy as np
import pytest
from relevance import floors
from relevance.archives import index_set, morphemes_alone
from relevance.measures import MEASURES, estimate, measure
from relevance.options import parse_options
from relevance.peers import PEERS
from relevance.ranking import run
from relevance.sets import SetError, find_sets, fixed_order, read_set, sample

from indexer import page
from indexer.model.terms import Field

PASSAGES = [
    {"_id": 7, "title": "The armistice", "text": "Talks about a ceasefire went on for two years."},
    {"_id": "b", "text": "The price of grain rose.\n\nNobody was paid for the harvest."},
    {"_id": "c", "title": None, "text": ""},
    {"_id": "d", "title": "Bread", "text": " ".join(f"Bakers of town {n} sell rye." for n in range(200))},
]
QUESTIONS = [
    {"_id": 1, "text": "when did the ceasefire talks end?"},
    {"_id": "2", "text": "grain"},
    {"_id": "3", "text": "nobody judged this"},
    {"_id": "4", "text": '"rye: -bakers* OR (sell) title:'},
    {"_id": "5", "text": "bakers who sell rye in town " * 60},
    {"_id": "6", "text": "?"},
]
QRELS = "query-id\tcorpus-id\tscore\n1\t7\t2\n2\tb\t1\n4\td\t1\n5\td\t1\n6\tb\t1\n9\tb\t1\n2\tgone\t0\n"


def write(folder, passages=PASSAGES, questions=QUESTIONS, qrels=QRELS, suffix=""):
    folder.mkdir(parents=True, exist_ok=True)
    for stem, many in (("corpus", passages), ("queries", questions)):
        lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in many)
        (folder / f"{stem}{suffix}.jsonl").write_text(lines, encoding="utf-8")
    (folder / "qrels.tsv").write_text(qrels, encoding="utf-8")


@pytest.fixture
def invented(tmp_path):
    write(tmp_path / "bread")
    return read_set(*find_sets(tmp_path))


def test_ids_are_texts_and_what_is_missing_is_empty(invented):
    assert list(invented.passages) == ["7", "b", "c", "d"]
    assert invented.passages["b"].title == invented.passages["c"].title == invented.passages["c"].text == ""
    assert list(invented.questions) == ["1", "2", "4", "5", "6"]
    assert invented.lang == "en"


@pytest.mark.parametrize(
    "qrels",
    [
        "1\t7\t2\n",
        "query-id\tcorpus-id\tscore\n1\t7\t2\n",
        "1\t0\t7\t2\n",
        "qid iteration docid grade\n1 Q0 7 2.0\n\n",
        "\ufeff1\t7\t2\r\n",
    ],
)
def test_qrels_may_have_three_or_four_columns_and_their_names(tmp_path, qrels):
    write(tmp_path / "bread", qrels=qrels)
    assert read_set(*find_sets(tmp_path)).grades == {"1": {"7": 2}}


def test_a_set_in_two_languages_is_two_sets(tmp_path):
    write(tmp_path / "both", suffix=".en")
    write(tmp_path / "both", suffix=".ko")
    write(tmp_path / "other")
    (tmp_path / "pairs").mkdir()
    (tmp_path / "note.txt").touch()
    assert [one.name for one in find_sets(tmp_path)] == ["both/ko", "both/en", "other"]
    assert [one.name for one in find_sets(tmp_path, ["both"])] == ["both/ko", "both/en"]
    assert [one.name for one in find_sets(tmp_path, ["other", "both/en"])] == ["both/en", "other"]
    assert [read_set(one).lang for one in find_sets(tmp_path, ["both"])] == ["ko", "en"]


def test_a_set_may_be_named_itself(tmp_path):
    write(tmp_path / "bread")
    assert [one.name for one in find_sets(tmp_path / "bread")] == ["bread"]


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ({"passages": [["no object"]]}, r"corpus.jsonl:1: "),
        ({"passages": []}, "holds no passage"),
        ({"qrels": "1\t7\t1\n1 what\n"}, r"qrels.tsv:2: "),
        ({"qrels": "unknown\t7\t1\n"}, "holds no question"),
    ],
)
def test_a_damaged_set_is_named_in_one_line(tmp_path, damage, complaint):
    write(tmp_path / "bread", **damage)
    with pytest.raises(SetError, match=complaint) as caught:
        read_set(*find_sets(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_sample_keeps_whole_questions_and_is_always_the_same(invented):
    small = sample(invented, 2)
    assert len(small.passages) == 2
    assert small.questions
    assert all(set(small.grades[question]) <= small.passages.keys() for question in small.questions)
    assert floors.digest(small) == floors.digest(sample(invented, 2))
    assert floors.digest(small) != floors.digest(sample(invented, 3))
    assert fixed_order("abcdef") == fixed_order("fedcba") != list("abcdef")


def test_questions_find_whole_documents_through_the_archive(invented):
    with index_set(invented) as indexed:
        found = {question: indexed.search(text) for question, text in invented.questions.items()}
        assert indexed.index_bytes > 0
    assert found["1"][0] == "7"
    assert found["2"] == ["b"]
    assert found["4"] in ([], ["d"])
    assert found["5"][0] == "d"
    assert len(set(found["5"])) == len(found["5"])
    assert found["6"] == []


def test_a_kept_index_is_used_again_while_nothing_changes(invented, tmp_path):
    kept = tmp_path / "kept"
    for _ in range(2):
        with index_set(invented, kept) as indexed:
            generation = indexed.archive.stats().generation
    with index_set(invented, kept) as indexed:
        assert indexed.archive.stats().generation == generation
    with index_set(sample(invented, 2), kept):
        assert len(list(kept.iterdir())) == 2


def test_morphemes_alone_leave_the_other_evidence_out(tmp_path):
    write(
        tmp_path / "ko",
        [{"_id": "a", "text": "국가인권위원회가 정전협상을 도왔다."}],
        [{"_id": "1", "text": "정전 협상"}],
        "1\ta\t1\n",
    )
    judged = read_set(*find_sets(tmp_path))
    with index_set(judged) as full:
        larger = full.index_bytes
        found = full.search("위원회")
    with morphemes_alone(), index_set(judged) as plain:
        assert plain.index_bytes < larger
        assert plain.search("협상") == found == ["a"]
        query = page.parse_query("국가인권위원회")
        fields = {
            term.field for clause in query.clauses for variant in clause.variants for term in variant.terms
        }
        assert fields <= {Field.KOREAN, Field.ENGLISH}


def test_measures_count_what_is_not_found_as_nothing():
    values = measure({"1": {"a": 1}, "2": {"b": 1, "c": 2}, "3": {"d": 1}}, {"1": ["x", "a"], "2": []})
    assert list(values) == list(MEASURES)
    assert values["MRR@10"].tolist() == [0.5, 0, 0]
    assert values["recall@10"].tolist() == [1, 0, 0]
    assert values["nDCG@10"][0] == pytest.approx(1 / np.log2(3))


def test_only_the_first_ten_count_for_measures_at_ten():
    values = measure({"1": {"a": 1}}, {"1": [*(f"x{n}" for n in range(10)), "a"]})
    assert {name: figures[0] for name, figures in values.items()} == {
        "nDCG@10": 0,
        "MRR@10": 0,
        "recall@10": 0,
        "recall@100": 1,
    }


def test_the_interval_holds_the_mean_and_never_changes():
    values = np.array([0.0, 1.0] * 50)
    one = estimate(values)
    assert one == estimate(values)
    assert one.mean == 0.5
    assert 0.35 < one.low < 0.45
    assert 0.55 < one.high < 0.65
    assert estimate(np.ones(3)) == pytest.approx(estimate(np.ones(1)))


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_a_peer_finds_what_has_the_words_and_bears_any_question(peer):
    if missing := peer.missing():
        pytest.skip(f"needs {', '.join(missing)}")
    texts = {
        "en": ["grain prices rose", "", "a ceasefire was signed", "bread"],
        "ko": ["곡식 가격이 올랐다", "", "정전협정을 체결하였다", "빵"],
    }
    asked = {"en": "when was the ceasefire signed?", "ko": "누가 정전협정을 체결했나?"}
    for lang in peer.langs:
        search = peer.make(texts[lang], 100)
        assert search(asked[lang])[0] == 2
        for question in ("", "?", '"(rye OR -x*) AND: ^NEAR{', "\0", "나" * 3, "word " * 900):
            assert len(search(question)) <= len(texts[lang])


def test_nori_takes_compounds_and_inflected_forms_apart():
    (peer,) = (peer for peer in PEERS if peer.name == "Nori's way")
    if missing := peer.missing():
        pytest.skip(f"needs {', '.join(missing)}")
    search = peer.make(["국가인권위원회에서 말했다", "도왔다"], 10)
    assert search("인권") == [0]
    assert search("돕는 사람") == [1]
    assert search("에서") == search("다.") == []


def options(folder, *more):
    return parse_options(["ranking", "--data", str(folder), *more])


def test_it_prints_one_object_or_a_table(tmp_path, capsys):
    write(tmp_path / "bread")
    assert run(options(tmp_path, "--no-peers", "--json")) == 0
    (one,) = json.loads(capsys.readouterr().out).values()
    assert one["systems"]["Hanyeong"]["recall@10"].keys() == {"mean", "low", "high"}
    assert (one["passages"], one["questions"], one["cost"]) == (4, 5, None)
    assert run(options(tmp_path, "--no-peers")) == 0
    assert "Hanyeong" in capsys.readouterr().out


def test_peers_and_cost_stand_beside_it(tmp_path, capsys):
    write(tmp_path / "bread")
    assert run(options(tmp_path, "--json")) == 0
    (one,) = json.loads(capsys.readouterr().out).values()
    ready = {peer.name for peer in PEERS if "en" in peer.langs and not peer.missing()}
    assert one["systems"].keys() == {"Hanyeong", *ready}
    assert min(one["cost"].values()) > 0


def test_exit_codes_tell_what_could_be_measured(tmp_path, capsys):
    assert run(options(tmp_path, "--no-peers")) == 2
    write(tmp_path / "damaged", qrels="nothing")
    assert run(options(tmp_path, "--no-peers")) == 2
    assert run(options(tmp_path, "--no-peers", "--sets", "absent")) == 2
    write(tmp_path / "bread")
    capsys.readouterr()
    assert run(options(tmp_path, "--no-peers")) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("name", json.loads(floors.FLOORS.read_text(encoding="utf-8")))
def test_no_floor_is_broken(shared, name):
    if not (shared / "eval").is_dir():
        pytest.skip("needs the judged sets in ../shared/eval, which are not here")
    floor = json.loads(floors.FLOORS.read_text(encoding="utf-8"))[name]
    small = sample(read_set(*find_sets(shared / "eval", [name])), floors.PASSAGES)
    assert floors.digest(small) == floor.pop("sample"), "another sample than the floors were measured on"
    now = floors.reached(small)
    broken = {measure: now[measure] for measure, least in floor.items() if now[measure] < least}
    assert not broken, f"{name}: {broken} is less than {floor}"
