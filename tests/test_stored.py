"""Stored rows come back as they were written, whatever their number, and wherever their blocks came from."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.engine.whoosh import rows as passage_rows
from indexer.engine.whoosh import stored
from indexer.engine.whoosh.arrayfile import ArrayFile
from indexer.engine.whoosh.arraywriter import ArrayFileWriter
from indexer.engine.whoosh.stored import StoredReader, StoredWriter, dump
from indexer.model.text import BlockKind, Passage, Reference, Span

WORDS = (
    "the",
    "peace",
    "talks",
    "of",
    "July",
    "정전",
    "협상",
    "회의",
    "기록",
    "in",
    "Kaesong",
    "were",
    "held",
)


@pytest.fixture(autouse=True)
def sparing(monkeypatch):
    """Dictionaries for a few kilobytes, so that little text has several."""
    for name, size in {"_GATHERED": 2000, "_FEWEST": 600, "_LARGEST": 500, "_LASTING": 4000}.items():
        monkeypatch.setattr(stored, name, size)


def rows_of(seed, many):
    return [
        [seed, n, " ".join(WORDS[(seed * n + at) % len(WORDS)] for at in range(n % 23))] for n in range(many)
    ]


def written(folder, name, fill):
    writer = ArrayFileWriter(folder)
    rows = StoredWriter(writer, "some")
    fill(rows)
    rows.finish()
    with (folder / name).open("wb") as file:
        writer.write(file)
    writer.close()
    return StoredReader(ArrayFile(folder / name), "some")


def filled(folder, name, rows):
    return written(folder, name, lambda out: [out.append(dump(row)) for row in rows])


@settings(max_examples=25)
@given(st.integers(0, 300), st.integers(1, 9))
def test_rows_come_back(tmp_path_factory, many, seed):
    rows = rows_of(seed, many)
    reader = filled(tmp_path_factory.mktemp("stored"), "rows", rows)
    assert reader.all() == rows
    assert [reader[at] for at in range(many)] == rows
    assert [json.loads(reader.line(at)) for at in range(many)] == rows
    assert [row for first, last in reader.blocks() for row in range(first, last)] == list(range(many))


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 200), st.booleans()), max_size=5))
def test_blocks_of_other_files_and_new_rows_may_take_turns(tmp_path_factory, parts):
    folder = tmp_path_factory.mktemp("stored")
    expected = []

    def fill(out):
        for seed, (many, copied) in enumerate(parts):
            rows = rows_of(seed, many)
            expected.extend(rows)
            if not copied:
                for row in rows:
                    out.append(dump(row))
                continue
            source = filled(folder, f"part{seed}", rows)
            for block, (first, last) in enumerate(source.blocks()):
                out.append_block(source.block(block), last - first, source.dictionary(block))

    assert written(folder, "whole", fill).all() == expected


def test_many_rows_share_a_dictionary_and_few_have_none(tmp_path):
    many, few = filled(tmp_path, "many", rows_of(3, 400)), filled(tmp_path, "few", rows_of(3, 5))
    dictionaries = {many.dictionary(block) for block in range(len(many.blocks()))}
    assert 1 < len(dictionaries) < len(many.blocks())
    assert all(0 < len(one) <= 500 for one in dictionaries)
    assert few.dictionary(0) == b""


def test_the_same_dictionary_is_written_once(tmp_path):
    source = filled(tmp_path, "source", rows_of(3, 30))

    def fill(out):
        for _ in range(50):
            for block, (first, last) in enumerate(source.blocks()):
                out.append_block(source.block(block), last - first, source.dictionary(block))

    size = (tmp_path / "source").stat().st_size
    whole = written(tmp_path, "whole", fill)
    assert whole.all() == source.all() * 50
    assert (tmp_path / "whole").stat().st_size < 50 * size


PASSAGES = st.builds(
    Passage,
    document=st.just("d"),
    ordinal=st.just(7),
    kind=st.sampled_from(BlockKind),
    lang=st.sampled_from(["en", "ko"]),
    text=st.text(),
    level=st.integers(0, 2),
    marker=st.sampled_from(["", "1."]),
    label=st.text(max_size=2),
    references=st.sampled_from([(), (Reference("1", Span(0, 2)),)]),
    continues=st.booleans(),
    address=st.just("012345678"),
    partners=st.sampled_from([(), (2, 3)]),
)


@given(PASSAGES)
def test_a_passage_comes_back_from_its_row(passage):
    row = passage_rows.dump_passage(passage)
    assert row == dump(json.loads(row))
    assert passage_rows.passage("d", 7, json.loads(row)) == passage
