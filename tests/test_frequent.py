"""What a warmed snapshot has read beforehand."""

import pytest

from indexer.engine.whoosh import WhooshEngine, frequent
from indexer.engine.whoosh import terms as terms_module
from indexer.model.terms import Field
from indexer.query import parse_query
from tests.small import Small

TEXTS = {
    "war": "Talks\n\nThe talks on peace went on. Peace talks.\n\nThe ceasefire holds; peace is near.",
    "peace": "평화\n\n평화 협상이 시작되었다. 협상은 길었다.\n\n정전 뒤에 평화가 왔다.",
    "river": "A river\n\nThe river is calm, and peace is on it.",
}


@pytest.fixture
def small(tmp_path, monkeypatch):
    monkeypatch.setattr(frequent, "_LEAST", 1)
    small = Small(tmp_path / "data")
    small.write(**TEXTS)
    small.reindex()
    small.write(late="Late\n\nA late letter on peace.")
    small.reindex()
    small.remove("river")
    small.reindex()
    return small


def ranked(snapshot, text):
    found = snapshot.rank(parse_query(text))
    return found.numbers.tolist(), found.scores.tolist()


def test_the_most_frequent_come_first(small):
    leaves = small.engine.snapshot()._leaves
    assert len(leaves) > 1
    found = list(frequent.most_frequent(leaves))
    frequencies = [frequency for _, _, frequency in found]
    assert frequencies == sorted(frequencies, reverse=True)
    many = {(kind, term): frequency for kind, term, frequency in found}
    assert many[Field.ENGLISH, "peac"] == 4  # one of which was deleted


def test_terms_of_few_passages_are_left(small, monkeypatch):
    monkeypatch.setattr(frequent, "_LEAST", 3)
    found = {term for _, term, _ in frequent.most_frequent(small.engine.snapshot()._leaves)}
    assert "talk" not in found  # two passages have it


@pytest.mark.parametrize(
    "text", ["peace", "peace talks", '"peace talks"', "평화 협상", "tal*", "late OR river"]
)
def test_a_warmed_snapshot_answers_as_any_other(small, text):
    expected = ranked(WhooshEngine(small.settings.index).snapshot(), text)
    warmed = WhooshEngine(small.settings.index).snapshot()
    warmed.warm()
    assert ranked(warmed, text) == expected
    assert expected[0]


def test_no_more_is_read_than_is_kept(small, monkeypatch):
    most = 9 * (terms_module._PER_TERM + 5 * 40)
    monkeypatch.setattr(terms_module, "_KEPT", most)
    read = []
    put = terms_module._Kept.put
    monkeypatch.setattr(
        terms_module._Kept, "put", lambda own, key, *more: read.append(key) or put(own, key, *more)
    )
    snapshot = WhooshEngine(small.settings.index).snapshot()
    snapshot.warm()
    kept = snapshot._terms._found._kept
    assert sorted(read) == sorted(kept._kept)
    assert 0 < kept._bytes <= most


def test_what_segments_and_deletions_add_is_counted(tmp_path):
    small = Small(tmp_path / "data")
    small.write(**TEXTS)
    small.reindex()

    def bytes_of_peace():
        terms = WhooshEngine(small.settings.index).snapshot()._terms
        found = terms.find("text_en", "peac")
        return (terms._found._kept._bytes - terms_module._PER_TERM) / len(found.numbers)

    whole = bytes_of_peace()
    small.write(late="Late\n\nA late letter on peace.")
    small.reindex()
    shared = bytes_of_peace()
    small.remove("river")
    small.reindex()
    assert whole < shared < bytes_of_peace()
