"""Our codec against Whoosh's own matchers, and against plain Python."""

import json
import os
import struct
import tempfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from by_hand import document, phrase, put, query, tokens
from hypothesis import given, settings
from hypothesis import strategies as st
from test_executor import archives
from whoosh import fields as whoosh_fields
from whoosh import query as whoosh_query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.filedb.filestore import RamStorage
from whoosh.scoring import BM25F, Frequency
from whoosh.searching import Searcher

from indexer.engine.whoosh import WhooshEngine, store
from indexer.engine.whoosh.arrayfile import ArrayFile
from indexer.engine.whoosh.arrayformat import HEADER
from indexer.engine.whoosh.arraywriter import ArrayFileWriter
from indexer.engine.whoosh.ascending import ranges
from indexer.engine.whoosh.fields import FieldReader
from indexer.engine.whoosh.inverted import BLOCK, FieldWriter, Inverted
from indexer.engine.whoosh.narrow import NarrowColumn, NarrowReader, NarrowWriter
from indexer.engine.whoosh.numbers import pack, unpack, unpack_one
from indexer.engine.whoosh.schema import FIELDS, OCCURRENCE, is_of_documents
from indexer.engine.whoosh.snapshot import leaves
from indexer.engine.whoosh.terms import Terms
from indexer.engine.whoosh.toc import ArrayIndex
from indexer.errors import DamagedFileError, IndexOutdatedError
from indexer.model.terms import Field, Token
from indexer.model.text import Span

# --- the words of postings -----------------------------------------------------------------------------


@st.composite
def postings(draw):
    """The rows of a segment, and the passages of some terms."""
    rows = draw(st.sampled_from([1, 65_535, 65_536, 65_537, 200_000, 1_000_000]))
    row = (
        st.integers(0, rows - 1)
        | st.integers(max(0, rows - 70), rows - 1)
        | st.integers(0, min(rows, 70) - 1)
    )
    terms = draw(st.lists(st.sets(row, min_size=1, max_size=90), min_size=1, max_size=6))
    return rows, [sorted(term) for term in terms]


@given(postings())
def test_packed_passages_come_back_one_term_at_a_time_and_all_together(given_):
    rows, terms = given_
    frequencies = np.array([len(term) for term in terms])
    words, sizes = pack(frequencies, np.concatenate([np.array(term) for term in terms]), rows)
    if sizes is None:
        assert rows <= 65_536
        assert words.tolist() == [number for term in terms for number in term]
        return
    assert unpack(frequencies, words, rows).tolist() == [number for term in terms for number in term]
    ends = np.cumsum(sizes)
    for term, size, end in zip(terms, sizes, ends, strict=True):
        assert unpack_one(words[end - size : end], len(term), rows).tolist() == term


# --- numbers that are nearly always small ---------------------------------------------------------------


@settings(max_examples=60)
@given(
    st.sets(st.integers(0, 1999), max_size=300),
    st.sampled_from([0, 1, 2]),
    st.data(),
)
def test_small_numbers_and_those_beside_come_back_in_any_order(unusual, width, data):
    values = np.ones(2000, dtype=np.int64)
    values[sorted(unusual)] = 70_000
    with tempfile.TemporaryDirectory() as folder:
        writer = ArrayFileWriter(Path(folder))
        column = NarrowColumn("n", width, usual=1)
        NarrowWriter(writer, "x", column).append(values)
        with (Path(folder) / "numbers").open("w+b") as out:
            writer.write(out)
        writer.close()
        file = ArrayFile(Path(folder) / "numbers")
        fresh = NarrowReader(file, "x", column)
        first = data.draw(st.integers(0, 1999))
        few = np.array(sorted(data.draw(st.sets(st.integers(0, 1999), min_size=1, max_size=150))))
        for _ in ("as it is", "once all is checked"):
            for asked in (np.arange(first, 2000), few, few[::-1], np.repeat(few, 2)):
                assert fresh.take(asked).tolist() == values[asked].tolist()
            file.check_all()


def file_of(folder, **arrays):
    writer = ArrayFileWriter(folder)
    for name, values in arrays.items():
        writer.append(name, values)
    path = folder / "arrays"
    with path.open("w+b") as file:
        writer.write(file)
    writer.close()
    return path


def test_pieces_of_one_array_have_one_type(tmp_path):
    writer = ArrayFileWriter(tmp_path)
    writer.append("x", np.array([1], dtype=np.uint8))
    with pytest.raises(TypeError, match="x is of uint8, and not of int64"):
        writer.append("x", np.array([300], dtype=np.int64))
    writer.close()


@pytest.mark.skipif(os.name == "nt", reason="only elsewhere the system notes when a file was changed")
def test_a_file_that_was_written_over_is_noticed_though_its_time_was_set_back(tmp_path):
    path = file_of(tmp_path, x=np.arange(5000, dtype="<u4"))
    file = ArrayFile(path)
    file.check_all()
    assert file.is_as_opened()
    before = path.stat()
    while path.stat().st_ctime_ns == before.st_ctime_ns:  # the clock of a file system may be coarse
        with path.open("r+b") as over:
            over.seek(8000)
            over.write(b"\xff" * 100)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not file.is_as_opened()


# --- one field -----------------------------------------------------------------------------------------

SMALL = st.integers(0, 300) | st.sampled_from([255, 256, 65_535, 65_536, 4_000_000_000])


@st.composite
def fields(draw):
    """By term, by passage, a list of places."""
    texts = draw(
        st.lists(
            st.text(min_size=1, max_size=4).filter(lambda t: t.isprintable()),
            min_size=1,
            max_size=8,
            unique=True,
        )
    )
    place = st.tuples(SMALL, st.integers(1, 3), SMALL, SMALL)
    of_term = st.dictionaries(
        st.integers(0, 999), st.lists(place, min_size=1, max_size=3), min_size=1, max_size=5
    )
    return {text.encode(): draw(of_term) for text in sorted(texts, key=lambda t: t.encode())}


def inverted(field):
    flat = [(number, places) for rows in field.values() for number, places in sorted(rows.items())]
    places = [place for _, some in flat for place in some]
    return Inverted(
        list(field),
        np.array([len(rows) for rows in field.values()]),
        np.array([number for number, _ in flat]),
        np.array([len(some) for _, some in flat]),
        tuple(np.array(column) for column in zip(*places, strict=True)),
    )


def written(folder, name, parts, rows=1000):
    writer = ArrayFileWriter(folder)
    field = FieldWriter(writer, name, np.arange(rows, dtype="<u4") % 7 + 1)
    for part in parts:
        field.append(part)
    field.finish()
    path = folder / "file"
    with path.open("wb") as file:
        writer.write(file)
    writer.close()
    return FieldReader(ArrayFile(path), name, rows)


@given(fields(), st.data())
def test_a_field_comes_back_however_it_is_read(field, data):
    terms = list(field)
    cut = data.draw(st.integers(0, len(terms)))
    halves = [dict(list(field.items())[:cut]), dict(list(field.items())[cut:])]
    with tempfile.TemporaryDirectory() as folder:
        reader = written(Path(folder), "f", [inverted(half) for half in halves if half])
        assert reader.texts(0, len(reader)) == terms
        for at, (term, rows) in enumerate(field.items()):
            numbers = sorted(rows)
            assert reader.find(term) == at
            postings = reader.postings(at)
            assert postings.numbers.tolist() == numbers
            assert reader.frequency(at) == len(postings) == len(numbers)
            assert postings.tf.tolist() == [len(rows[number]) for number in numbers]
            everywhere = [place for number in numbers for place in rows[number]]
            assert list(zip(*(c.tolist() for c in postings.places()[1]), strict=True)) == everywhere
            firsts = [rows[number][0][0] for number in numbers]
            assert postings.first_positions().tolist() == firsts
            chosen = sorted(data.draw(st.sets(st.integers(0, len(numbers) - 1))))
            begins, tf = reader.postings(at).runs(np.array(chosen, dtype=np.intp))
            at_ = ranges(begins, tf)
            places = (*reader.occurrences.units_at(at_), *reader.occurrences.spans_at(at_))
            some = [place for n in chosen for place in rows[numbers[n]]]
            assert tf.tolist() == [len(rows[numbers[n]]) for n in chosen]
            assert list(zip(*(c.tolist() for c in places), strict=True)) == some
        prefix = data.draw(st.sampled_from([term[:1] for term in terms]) | st.binary(max_size=2))
        first, last = reader.beginning_with(prefix)
        assert terms[first:last] == [term for term in terms if term.startswith(prefix)]
        for missing in (b"", prefix + b"\x00"):
            assert (reader.find(missing) is not None) == (missing in field)
        whole = reader.invert(cut, len(terms))
        if halves[1]:
            expected = inverted(halves[1])
            assert whole.terms == expected.terms
            for got, wanted in zip(whole.places, expected.places, strict=True):
                assert got.tolist() == wanted.tolist()
            assert whole.numbers.tolist() == expected.numbers.tolist()


def test_more_occurrences_than_can_be_counted_are_refused(tmp_path):
    """What is written down of them is not looked at for this, and is short."""
    places = tuple(np.array([0, 0]) for _ in range(4))
    too_many = Inverted([b"a"], np.array([2]), np.array([0, 1]), np.array([0xFFFF_FFFF, 1]), places)
    writer = ArrayFileWriter(tmp_path)
    field = FieldWriter(writer, "f", np.ones(2, dtype="<u4"))
    with pytest.raises(ValueError, match="the field f of one segment cannot hold so much"):
        field.append(too_many)
    writer.close()


def test_no_posting_is_better_than_its_block_says(tmp_path):
    field = {
        f"t{n}".encode(): {row: [(0, 1, 0, 1)] * (row % 5 + 1) for row in range(n, 1000, n + 1)}
        for n in range(9)
    }
    reader = written(tmp_path, "f", [inverted(field)])
    for at, rows in enumerate(field.values()):
        until_second, tf, length = reader.bounds(at)
        for index, number in enumerate(sorted(rows)):
            block = max(0, -(-(index + 1 - until_second) // BLOCK))
            assert len(rows[number]) <= tf[block]
            assert number % 7 + 1 >= length[block]


# --- Whoosh's matchers and the fast way ----------------------------------------------------------------


def by_whoosh(reader, field, term):
    """By passage or document, the places of the term as Whoosh's matcher tells them."""
    matcher = reader.postings(field, term)
    found = {}
    while matcher.is_active():
        places = np.frombuffer(matcher.value(), dtype=OCCURRENCE)
        assert matcher.weight() == len(places)
        found[matcher.id()] = [tuple(place) for place in places.tolist()]
        matcher.next()
    return found


@settings(max_examples=25)
@given(archives(), st.data())
def test_whoosh_s_matchers_and_our_arrays_tell_the_same(archive, data):
    commits, _ = archive
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder))
        for removed, added in commits:
            put(engine, *added, remove=removed)
        reader = ArrayIndex(store.SyncedStorage(store.current(Path(folder)))).reader()
        terms = Terms(leaves(reader))
        columns = engine.snapshot().columns
        for field in FIELDS:
            for term in [*reader.lexicon(field), b"nowhere"]:
                text = term.decode()
                expected = by_whoosh(reader, field, term) if (field, term) in reader else {}
                if is_of_documents(field):
                    expected = spread(expected, columns)
                got = terms.postings(field, text)
                assert dict(zip(got.numbers.tolist(), got.counts.tolist(), strict=True)) == {
                    number: len(places) for number, places in expected.items()
                }
                only = sorted(
                    data.draw(st.sets(st.integers(0, max(0, len(columns.passage) - 1)), max_size=5))
                )
                assert rows_of(terms.occurrences(field, text)) == flat(expected)
                assert rows_of(terms.occurrences(field, text, np.array(only, dtype=np.int64))) == flat(
                    {number: expected[number] for number in only if number in expected}
                )


def spread(of_documents, columns):
    """By passage, what is told of its document."""
    found = {}
    for entry, places in of_documents.items():
        number = entry + 1
        while (
            number < len(columns.passage)
            and columns.passage[number]
            and columns.document[number] == columns.document[entry]
        ):
            found[number] = places
            number += 1
    return found


def flat(by_number):
    return [(number, *place) for number, places in sorted(by_number.items()) for place in places]


def rows_of(places):
    told = (places.begins, places.ends, places.starts, places.stops)
    columns = [places.numbers, *(place & 0xFFFF_FFFF for place in told)]
    return list(zip(*(column.tolist() for column in columns), strict=True))


@settings(max_examples=15)
@given(archives(), st.sampled_from(["a", "b", "c", "ab"]), st.sampled_from(["a", "b", "bc"]))
def test_whoosh_s_queries_and_scorers_work_over_the_codec(archive, one, other):
    commits, _ = archive
    with tempfile.TemporaryDirectory() as folder:
        engine = WhooshEngine(Path(folder))
        for removed, added in commits:
            put(engine, *added, remove=removed)
        reader = ArrayIndex(store.SyncedStorage(store.current(Path(folder)))).reader()
        terms = Terms(leaves(reader))
        having = [set(terms.postings("text_en", text).numbers.tolist()) for text in (one, other)]
        left, right = (whoosh_query.Term("text_en", text) for text in (one, other))
        for weighting in (Frequency(), BM25F()):
            searcher = Searcher(reader, weighting=weighting)
            for asked, expected in (
                (left, having[0]),
                (left & right, having[0] & having[1]),
                (left | right, having[0] | having[1]),
                (whoosh_query.And([left, whoosh_query.Not(right)]), having[0] - having[1]),
            ):
                hits = searcher.search(asked, limit=None)
                assert {hit.docnum for hit in hits} == expected
                if isinstance(asked, whoosh_query.And) and isinstance(asked[1], whoosh_query.Not):
                    continue  # see the next test
                best = searcher.search(asked, limit=2)
                assert [round(hit.score, 6) for hit in best] == [round(hit.score, 6) for hit in hits][:2]


def test_whoosh_itself_may_miss_one_of_the_best_of_a_query_with_not():
    """What matches a Not scores 1, which Whoosh forgets in its bounds: over its own codec, too.

    So the best of such a query are not compared above.
    """
    text = whoosh_fields.TEXT(analyzer=SpaceSeparatedTokenizer())
    index = RamStorage().create_index(whoosh_fields.Schema(text=text))
    with index.writer() as writer:
        for words in ("w z z z z z z z", "w z z z z z z z", "w", "w z", "w"):
            writer.add_document(text=words)
    asked = whoosh_query.And(
        [whoosh_query.Term("text", "w"), whoosh_query.Not(whoosh_query.Term("text", "nowhere"))]
    )
    with index.searcher(weighting=BM25F()) as searcher:
        every = [hit.docnum for hit in searcher.search(asked, limit=None)]
        assert every[:3] == [2, 4, 3]
        assert [hit.docnum for hit in searcher.search(asked, limit=2)] == [2, 3], "the fifth is missed"


def test_the_best_ten_of_many_blocks_are_those_of_all(tmp_path):
    """Whoosh skips blocks by their bounds."""
    engine = WhooshEngine(tmp_path)
    put(engine, document("d", *["w " * (n * 7919 % 13 + 1) + "z " * (n * 104_729 % 31) for n in range(3000)]))
    searcher = Searcher(ArrayIndex(store.SyncedStorage(store.current(tmp_path))).reader(), weighting=BM25F())
    asked = whoosh_query.Term("text_en", "w") | whoosh_query.Term("text_en", "z")
    scores = [hit.score for hit in searcher.search(asked, limit=None)]
    assert [hit.score for hit in searcher.search(asked, limit=10)] == pytest.approx(scores[:10])


# --- segments ------------------------------------------------------------------------------------------


def many(count, first=0):
    return [
        document(f"d{n}", f"a w{n} {'b ' * (n % 5)}", f"c w{n}", title=f"t{n % 3}")
        for n in range(first, first + count)
    ]


def told(engine):
    """Everything that the index has, without its numbers."""
    snapshot = engine.snapshot()
    reader = ArrayIndex(store.SyncedStorage(store.current(engine._index))).reader()
    terms = Terms(leaves(reader))
    everything = {}
    for field in FIELDS:
        for term in reader.lexicon(field):
            places = terms.occurrences(field, term.decode())
            addresses = [p.address for p in snapshot.passages(places.numbers.tolist())]
            rest = [row[1:] for row in rows_of(places)]
            if addresses:
                everything[field, term] = sorted(zip(addresses, rest, strict=True))
    return everything


def test_little_memory_and_many_commits_give_the_same_index(tmp_path):
    whole, spilled, grown = (
        WhooshEngine(tmp_path / name, memory) for name, memory in (("a", 1 << 30), ("b", 3000), ("c", 3000))
    )
    put(whole, *many(60))
    put(spilled, *many(60))
    for n in range(0, 60, 3):
        put(grown, *many(3, n))
        if n:
            put(grown, *many(1, n - 2), remove=[f"d{n - 2}"])
    assert told(whole) == told(spilled) == told(grown)


def test_who_writes_all_anew_leaves_one_segment(tmp_path):
    engine = WhooshEngine(tmp_path, 3000)
    for _ in range(2):
        put(engine, *many(60), rebuild=True)
        assert len(list(store.current(tmp_path).glob("*.seg"))) == 1


def test_segments_stay_few_and_what_was_deleted_goes(tmp_path):
    engine = WhooshEngine(tmp_path)
    for n in range(40):
        put(engine, *many(2, 2 * n))
    segments = ArrayIndex(store.SyncedStorage(store.current(tmp_path))).reader().leaf_readers()
    assert len(segments) < 4
    assert len(list(store.current(tmp_path).glob("*.seg"))) == len(segments)
    put(engine, remove=[f"d{n}" for n in range(50)])
    reader = ArrayIndex(store.SyncedStorage(store.current(tmp_path))).reader()
    assert reader.doc_count() == reader.doc_count_all() == 30 * 3
    assert b"w3" not in set(reader.lexicon("text_en"))


def test_passages_out_of_order_are_refused(tmp_path):
    engine = WhooshEngine(tmp_path)
    one = document("d", "a", "b")
    wrong = type(one)(one.info, one.sources, one.passages[::-1], one.title, one.authors)
    with pytest.raises(ValueError, match="passage 1 stands where 0 should"):
        put(engine, wrong)


def test_a_segment_of_more_than_65536_rows_keeps_every_passage(tmp_path):
    engine = WhooshEngine(tmp_path)
    made = [(f"w{n}", tokens(f"w{n // 7} all")) for n in range(66_000)]
    put(engine, document("d", passages=made), document("e", "w1 all"))
    put(engine, document("f", "all"))
    terms = Terms(leaves(ArrayIndex(store.SyncedStorage(store.current(tmp_path))).reader()))
    assert len(terms.postings("text_en", "all").numbers) == 66_002
    assert terms.postings("text_en", f"w{65_999 // 7}").numbers.tolist()[-1] == 66_000
    assert terms.occurrences("text_en", "all", np.array([66_000])).starts.tolist() == [
        66_000 << 32 | len(f"w{65_999 // 7} ")
    ]


# --- damage --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    engine = WhooshEngine(folder)
    put(engine, *many(30))
    (path,) = store.current(folder).glob("*.seg")
    return path.read_bytes()


def everything(path):
    file = ArrayFile(path)
    return {name: file.read(name).tolist() for name in file.names()}


@settings(max_examples=60)
@given(st.data())
def test_a_wrong_byte_anywhere_is_found(whole, data):
    at = data.draw(st.integers(0, len(whole) - 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.seg"
        path.write_bytes(whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :])
        with pytest.raises(DamagedFileError):
            everything(path)


@settings(max_examples=30)
@given(st.data())
def test_a_file_that_ends_early_or_goes_on_is_not_opened(whole, data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.seg"
        path.write_bytes(
            data.draw(st.sampled_from([whole[: data.draw(st.integers(0, len(whole) - 1))], whole + b"x"]))
        )
        with pytest.raises(DamagedFileError):
            ArrayFile(path)


def with_directory(whole, listing):
    """The file with another directory, whose checksums are right."""
    magic, version, _, offset, _, _ = HEADER.unpack(whole[: HEADER.size])
    head = HEADER.pack(magic, version, len(listing), offset, zlib.crc32(listing), 0)[:-4]
    return head + struct.pack("<I", zlib.crc32(head)) + whole[HEADER.size : offset] + listing


@pytest.mark.parametrize(
    "change",
    [
        {"page": None},
        {"page": 0},
        {"page": -16384},
        {"page": 64},
        {"page": "16384"},
        {"pages": [1]},
        {"pages": ["0", 1, 2]},
        {"arrays": []},
        {"arrays": {"rows": ["<u4", 8]}},
        {"arrays": {"rows": ["nonsense", 8, 1]}},
        {"arrays": {"rows": ["<u4", 8, 1 << 40]}},
        {"arrays": {"rows": ["<u4", -8, 1]}},
        {"arrays": {"rows": ["<u4", "8", 1]}},
        {"arrays": {"rows": ["<u4", 8.0, 1]}},
        {"arrays": {"rows": ["O", 8, 1]}},
    ],
)
def test_a_directory_of_another_form_is_damage(whole, tmp_path, change):
    """An older build may have left a value out that is needed now."""
    told = json.loads(whole[HEADER.unpack(whole[: HEADER.size])[3] :])
    changed = {key: value for key, value in {**told, **change}.items() if value is not None}
    path = tmp_path / "file.seg"
    path.write_bytes(with_directory(whole, json.dumps(told).encode()))
    assert everything(path)
    for listing in (json.dumps(changed).encode(), b"[]", b"7", b"null", b"{", b"\xff"):
        path.write_bytes(with_directory(whole, listing))
        with pytest.raises(DamagedFileError, match="the directory of file"):
            ArrayFile(path)


def test_damage_that_opening_does_not_meet_is_told_by_the_query_that_meets_it(tmp_path):
    engine = WhooshEngine(tmp_path)
    put(engine, document("d", *[f"w{n} x{n * 7919 % 6007} end" for n in range(6000)]))
    (path,) = store.current(tmp_path).glob("*.seg")
    at = ArrayFile(path)._directory["text_en.numbers"][1] + 4000
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)
    snapshot = WhooshEngine(tmp_path).snapshot()
    with pytest.raises(IndexOutdatedError, match="run: hanyeong reindex --rebuild"):
        snapshot.rank(query("end"))


def test_nothing_of_an_index_is_a_pickle(tmp_path):
    put(WhooshEngine(tmp_path), *many(3))
    for path in store.current(tmp_path).iterdir():
        assert path.suffix in {".seg", ".toc", ".json"} or "LOCK" in path.name
        assert not path.read_bytes().startswith(b"\x80"), path


def test_a_syllable_pair_of_any_length_keeps_its_span(tmp_path):
    engine = WhooshEngine(tmp_path)
    odd = (Token(Field.BIGRAM, "가나", Span(0, 2), 0), Token(Field.BIGRAM, "나 다", Span(1, 4), 0, 2))
    put(engine, document("d", passages=[("가나 다", odd)]))
    terms = Terms(leaves(ArrayIndex(store.SyncedStorage(store.current(tmp_path))).reader()))
    assert rows_of(terms.occurrences("text_bigram", "나 다")) == [(1, 0, 2, 1, 4)]


def test_damage_is_met_by_checking_beforehand_and_what_was_checked_is_read_alike(tmp_path):
    engine = WhooshEngine(tmp_path)
    put(engine, document("d", *[f"w{n} x{n * 7919 % 6007} end" for n in range(6000)]))
    asked = query("end"), query("x17"), query(phrase("w3", "x5736")), query("nowhere")
    fresh, warmed = (WhooshEngine(tmp_path).snapshot() for _ in range(2))
    warmed.warm()
    for one in asked:
        assert warmed.rank(one).numbers.tolist() == fresh.rank(one).numbers.tolist()
    (path,) = store.current(tmp_path).glob("*.seg")
    at = ArrayFile(path)._directory["text_en.span"][1] + 5000
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)
    snapshot = WhooshEngine(tmp_path).snapshot()
    for _ in range(2):
        with pytest.raises(IndexOutdatedError, match="run: hanyeong reindex --rebuild"):
            snapshot.warm()


def written_over(path, at, content):
    """Writes into a file that others have open, as a copying program does."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def in_an_index(folder, text):
    """The file of an index whose passages have `text` in many places, and where its postings are."""
    put(WhooshEngine(folder), document("d", *[f"w{n} {text} x{n * 7919 % 6007}" for n in range(6000)]))
    (path,) = store.current(folder).glob("*.seg")
    return path, ArrayFile(path)._directory["text_en.numbers"][1] + 4000


@pytest.mark.parametrize("warm", [False, True])
def test_an_index_that_is_written_over_while_it_is_read_is_no_answer(tmp_path, warm):
    path, at = in_an_index(tmp_path, "end")
    engine, whole = WhooshEngine(tmp_path), path.read_bytes()
    if warm:
        engine.snapshot().warm()
        assert engine.snapshot().checked
    assert len(engine.snapshot().rank(query("end")).numbers) == 6000
    written_over(path, at, bytes(8000))
    assert not engine.snapshot().checked, "what has been checked is not what is there now"
    with pytest.raises(IndexOutdatedError, match="run: hanyeong reindex --rebuild"):
        engine.snapshot().rank(query("end"))
    path.write_bytes(whole)  # as it was: it is looked at anew, without a restart
    assert len(engine.snapshot().rank(query("end")).numbers) == 6000


def test_what_ends_early_while_it_is_read_is_not_read_beyond_its_end(tmp_path):
    path, _ = in_an_index(tmp_path, "end")
    engine = WhooshEngine(tmp_path)
    engine.snapshot().warm()
    with path.open("r+b") as file:
        file.truncate(5000)
    for _ in range(2):
        with pytest.raises(IndexOutdatedError, match="run: hanyeong reindex --rebuild"):
            engine.snapshot()


def test_damage_that_somebody_has_met_is_told_to_everybody_until_there_is_another_index(tmp_path):
    path, at = in_an_index(tmp_path, "end")
    written_over(path, at, b"\xff" * 8)
    engine = WhooshEngine(tmp_path)
    assert len(engine.snapshot().rank(query("w7")).numbers) == 1  # nobody knows yet
    with pytest.raises(DamagedFileError):
        engine.snapshot().warm()
    for _ in range(2):
        with pytest.raises(IndexOutdatedError, match=f"{path.name} is damaged near byte"):
            engine.snapshot()
    put(WhooshEngine(tmp_path), document("e", "the end"), rebuild=True)
    assert len(engine.snapshot().rank(query("end")).numbers) == 1
