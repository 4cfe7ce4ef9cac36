import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.addresses import ADDRESS, Registration, load_registry, registration
from indexer.addresses.file import encoded, parsed
from indexer.errors import AddressesError
from indexer.model.text import BlockKind, Passage


def passages(*texts, lang="en", document="d"):
    return [Passage(document, n, BlockKind.PARAGRAPH, lang, text) for n, text in enumerate(texts)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "addresses.jsonl"


def addresses(registry, *texts, document="d", **more):
    return [
        passage.address for passage in registry.assign(document, passages(*texts, document=document, **more))
    ]


def test_an_address_is_nine_characters_of_crockford_base32(path):
    for address in addresses(load_registry(path), *map(str, range(200))):
        assert ADDRESS.fullmatch(address)
        assert not set(address) & set("ilouILOU")
        assert address == address.lower()


@pytest.mark.parametrize("made", ["abcd", "aabcd", "bbcd", "babcd"])
def test_no_new_address_is_taken_already_nor_made_twice(monkeypatch, made):
    monkeypatch.setattr(registration, "_minted", (letter * 9 for letter in made + made + "efgh"))
    taken = {"a" * 9}
    new = registration.mint_all(taken, 3)
    assert len(set(new)) == 3
    assert "a" * 9 not in new
    assert taken == {"a" * 9, *new}


def test_every_passage_has_an_address_of_its_own(path):
    assert len(set(addresses(load_registry(path), *["same"] * 50, *map(str, range(50))))) == 100


def test_a_passage_keeps_its_address_by_its_exact_text(path):
    registry = load_registry(path)
    old, new = ["Alpha", "Bravo", "Charlie"], ["Xylophone", "Charlie", "Alpha", "Bravo"]
    before = dict(zip(old, addresses(registry, *old), strict=True))
    after = dict(zip(new, addresses(registry, *new), strict=True))
    assert {text: after[text] for text in old} == before
    assert after["Xylophone"] not in before.values()


def test_of_several_with_the_same_text_the_first_is_the_first(path):
    registry = load_registry(path)
    first, second = addresses(registry, "same", "same")
    assert addresses(registry, "same", "same", "same")[:2] == [first, second]


def test_of_several_with_the_same_text_each_stays_between_its_neighbours(path):
    registry = load_registry(path)
    _, _, _, second, _ = addresses(registry, "One", "same", "Two", "same", "Three")
    assert addresses(registry, "One", "Two", "same", "Three")[2] == second


def test_the_same_text_in_another_document_or_language_has_another_address(path):
    registry = load_registry(path)
    assert (
        len(
            {
                *addresses(registry, "a"),
                *addresses(registry, "a", document="e"),
                *addresses(registry, "a", document="f", lang="ko"),
            }
        )
        == 3
    )


def test_what_was_saved_is_known_again(path):
    registry = load_registry(path)
    before = addresses(registry, "Alpha", "Bravo")
    registry.save()
    assert addresses(load_registry(path), "Bravo", "Alpha") == before[::-1]


def test_a_passage_that_comes_back_has_its_old_address(path):
    registry = load_registry(path)
    before = addresses(registry, "a", "b")
    addresses(registry, "b")
    registry.save()
    assert addresses(load_registry(path), "a", "b") == before


def test_a_document_that_comes_back_has_its_old_addresses(path):
    registry = load_registry(path)
    before = addresses(registry, "a", "b")
    registry.retire("d")
    registry.save()
    assert addresses(load_registry(path), "a", "b") == before


def test_a_deleted_passage_keeps_a_tombstone_with_its_text(path):
    registry = load_registry(path)
    gone, kept = addresses(registry, "a", "b")
    addresses(registry, "b")
    registry.save()
    rows = {row["address"]: row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
    assert rows[gone] == {"address": gone, "document": "d", "lang": "en", "text": "a", "gone": True}
    assert "gone" not in rows[kept]


def test_the_address_of_a_deleted_passage_is_never_given_to_another(path):
    registry = load_registry(path)
    (gone,) = addresses(registry, "a")
    addresses(registry, "b")
    registry.retire("d")
    registry.save()
    registry = load_registry(path)
    assert gone not in addresses(registry, *map(str, range(300)))


def test_saving_without_a_change_writes_nothing(path):
    registry = load_registry(path)
    addresses(registry, "a")
    registry.save()
    before = path.stat().st_mtime_ns, path.stat().st_ino
    registry = load_registry(path)
    addresses(registry, "a")
    registry.save()
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_the_file_is_one_json_object_a_line_in_a_stable_order_and_readable(path):
    registry = load_registry(path)
    for document in ("b", "a"):
        addresses(registry, "정전 협상", "two\nlines", document=document, lang="ko")
    registry.save()
    lines = path.read_text(encoding="utf-8").split("\n")
    assert [json.loads(line)["document"] for line in lines[:-1]] == ["a", "a", "b", "b"]
    assert "정전 협상" in lines[0]


TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=1, max_size=6)


@settings(max_examples=100)
@given(texts=TEXTS | st.just(["a\u2028b", "a\x85b", "a\x0bb", "a\rb", "a\x1eb"]))
def test_any_text_survives_saving(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("registry") / "addresses.jsonl"
    registry = load_registry(path)
    before = addresses(registry, *texts)
    registry.save()
    assert addresses(load_registry(path), *texts) == before


@settings(max_examples=100)
@given(
    st.lists(
        st.lists(st.sampled_from(["Alpha", "Bravo", "Charlie", "Delta"]), max_size=6), min_size=1, max_size=6
    )
)
def test_over_any_edits_no_address_is_shared_and_exact_texts_keep_theirs(tmp_path_factory, versions):
    path = tmp_path_factory.mktemp("registry") / "addresses.jsonl"
    last = {}
    for texts in versions:
        registry = load_registry(path)
        given_ = addresses(registry, *texts)
        registry.save()
        assert len(set(given_)) == len(given_)
        now = {}
        for text, address in zip(texts, given_, strict=True):
            now.setdefault(text, []).append(address)
        for text in now.keys() & last.keys():
            if len(now[text]) == len(last[text]):
                assert {*now[text]} == {*last[text]}
        last = now


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not a JSON object"),
        ("[]", "not a JSON object"),
        ("1", "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"address":"000000000"}', "not a JSON object"),
        ('{"address":"000000000","document":"d","lang":"fr","text":"x"}', "lang must be"),
        ('{"address":"000000000","document":1,"lang":"en","text":"x"}', "must be texts"),
        ('{"address":"000000000","document":"d","lang":"en","text":"x","gone":1}', "must be"),
        ('{"address":"short","document":"d","lang":"en","text":"x"}', "not an address"),
        ('{"address":"00000000I","document":"d","lang":"en","text":"x"}', "not an address"),
        ("<<<<<<< HEAD", "a conflict of git"),
        ("=======", "a conflict of git"),
        ('{"address":"000000000","document":"d","lang":"en","text":"x","now":"short"}', "'short' is not an"),
        (
            '{"address":"000000000","document":"d","lang":"en","text":"x","gone":true,"now":"111111111"}',
            "both|cannot",
        ),
        (
            '{"address":"000000000","document":"d","lang":"en","text":"x","now":"222222222"}',
            "stands in no line",
        ),
        ('{"address":"000000000","document":"d","lang":"en","text":"x","now":"000000000"}', "back to itself"),
    ],
)
def test_a_line_that_cannot_be_understood_is_named_and_nothing_is_overwritten(path, line, says):
    good = '{"address":"111111111","document":"d","lang":"en","text":"x"}'
    path.write_text(f"{good}\n\n{line}\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(AddressesError, match=rf"addresses.jsonl, line 3: .*{says}.*mend the line") as raised:
        load_registry(path)
    assert "\n" not in str(raised.value)
    assert path.read_bytes() == before


def test_an_address_that_stands_twice_is_named(path):
    line = '{"address":"111111111","document":"d","lang":"en","text":"x"}\n'
    path.write_text(line + line.replace('"d"', '"e"'), encoding="utf-8")
    with pytest.raises(AddressesError, match="line 2: the address 111111111 stands in line 1 already"):
        load_registry(path)


def test_of_two_lines_with_one_address_it_is_said_which_to_keep(path):
    line = '{"address":"111111111","document":"d","lang":"en","text":"x"}\n'
    path.write_text(line + line.replace('"d"', '"e"'), encoding="utf-8")
    with pytest.raises(AddressesError, match=r"the document that holds the passage now \(d or e\), take out"):
        load_registry(path)
    path.write_text(line + line.replace('"x"', '"y"'), encoding="utf-8")
    with pytest.raises(AddressesError, match="keep the line whose text stands in the document now, take out"):
        load_registry(path)


def row(address, document, text, **more):
    row = {"address": address * 9, "document": document, "lang": "en", "text": text, **more}
    return json.dumps(row, ensure_ascii=False) + "\n"


def test_where_one_branch_renamed_a_document_and_the_other_edited_it_the_new_name_counts(path):
    edited = [
        row("1", "a", "One."),
        row("2", "a", "The second is told here at great length."),
        row("3", "a", "Added."),
        row("4", "a", "Four."),
    ]
    renamed = [
        row("1", "b", "One.", was=["a"]),
        row("2", "b", "The second is told here at some length."),
        row("4", "b", "Four."),
        row("5", "b", "Five."),
    ]
    for lines in ([*edited, *renamed], [*renamed, *edited]):
        path.write_text(
            "".join([row("0", "a0", "Before."), *lines, row("6", "k", "Other.")]), encoding="utf-8"
        )
        registry = load_registry(path)
        assert [(one.address[0], one.document, one.text, one.was) for one in registry.registrations()] == [
            ("0", "a0", "Before.", ()),
            ("1", "b", "One.", ("a",)),
            ("2", "b", "The second is told here at some length.", ()),
            ("3", "b", "Added.", ()),
            ("4", "b", "Four.", ()),
            ("5", "b", "Five.", ()),
            ("6", "k", "Other.", ()),
        ]
        assert not registry.knows("a")
        texts = ["One.", "The second is told here at great length.", "Added.", "Four.", "Five."]
        assert [one.address[0] for one in registry.assign("b", passages(*texts))] == list("12345")


def test_a_line_that_stands_twice_as_it_is_counts_once(path):
    path.write_text(row("1", "d", "x") * 2, encoding="utf-8")
    assert len(load_registry(path).registrations()) == 1


@pytest.mark.parametrize(
    "lines",
    [
        [row("1", "b", "x", was=["a"]), row("1", "c", "x", was=["a"])],
        [row("1", "a", "x", was=["b"]), row("1", "b", "x", was=["a"])],
        [
            row("1", "a", "x"),
            row("2", "a", "y"),
            row("1", "b", "x", was=["a"]),
            row("2", "c", "y", was=["a"]),
        ],
        [
            row("1", "a", "x"),
            row("1", "b", "x", was=["a"]),
            row("2", "b", "y"),
            row("2", "c", "y", was=["b"]),
        ],
    ],
    ids=["both renamed it", "each is the other", "two at once", "one after the other"],
)
def test_where_it_is_not_clear_which_name_is_the_new_one_it_is_asked(path, lines):
    path.write_text("".join(lines), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(
        AddressesError, match=r"line \d: the address .* stands in line \d already: keep the line"
    ):
        load_registry(path)
    assert path.read_bytes() == before


def test_the_two_sides_of_a_pair_may_share_an_address(path):
    line = '{"address":"111111111","document":"d","lang":"en","text":"x"}\n'
    path.write_text(line + line.replace('"en"', '"ko"'), encoding="utf-8")
    registry = load_registry(path)
    assert addresses(registry, "x") == ["111111111"]
    assert addresses(load_registry(path), "x", lang="ko") == ["111111111"]


def test_a_file_that_begins_as_notepad_begins_it_is_read(path):
    registry = load_registry(path)
    registry.assign("d", passages("One.", "Two."))
    registry.save()
    written = path.read_bytes()
    path.write_bytes("\ufeff".encode() + written)
    again = load_registry(path)
    assert again.registrations() == registry.registrations()


def test_a_file_in_another_encoding_is_one_line(path):
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AddressesError, match="cannot be read"):
        load_registry(path)


def test_a_crash_while_saving_leaves_the_old_file(path, monkeypatch):
    registry = load_registry(path)
    addresses(registry, "a")
    registry.save()
    before = path.read_bytes()
    addresses(registry, "b")

    def fail(*_args):
        raise OSError(28, "No space left on device")

    for broken in ("fsync", "replace"):
        monkeypatch.setattr(os, broken, fail)
        with pytest.raises(OSError, match="No space"):
            registry.save()
        monkeypatch.undo()
        assert path.read_bytes() == before
    registry.save()
    assert path.read_bytes() != before


def test_the_file_and_then_its_folder_are_synced(path, monkeypatch):
    """Otherwise a power cut after the index's commit could take the addresses back that the index has."""
    events = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(
        os,
        "fsync",
        lambda fd: events.append("folder" if Path(f"/proc/self/fd/{fd}").is_dir() else "file") or fsync(fd),
    )
    monkeypatch.setattr(os, "replace", lambda a, b: events.append("replace") or replace(a, b))
    registry = load_registry(path)
    addresses(registry, "a")
    registry.save()
    assert events == ["file", "replace", "folder"]


def test_a_registry_may_be_made_of_nothing(path):
    load_registry(path).save()
    assert path.read_bytes() == b""


# --- as it was written -----------------------------------------------------------------------------------


def both_ways(path, work):
    """What stands in the file after `work`, known as it was written or read as a whole."""
    noted = path.with_name("noted")
    whole = path.with_name("whole.jsonl")
    whole.write_bytes(path.read_bytes())
    for one, where in ((path, noted), (whole, None)):
        registry = load_registry(one, where)
        work(registry)
        registry.settle()
        registry.save()
    return load_registry(path, noted).registrations(), load_registry(whole).registrations()


@pytest.mark.parametrize("step", [1, 3, 40])
def test_a_registry_known_as_it_was_written_changes_like_one_that_was_read(path, step):
    names = [f'{number:02} "é" \\ {number % 3}' for number in range(80)]
    registry = load_registry(path, path.with_name("noted"))
    for name in names:
        addresses(registry, f'"a"\n{name}', f'{{"document":"{name}"', document=name)
    registry.save()

    def work(registry):
        assert registry.knows(names[1])
        assert not registry.knows("nothing")
        for name in names[::step]:
            addresses(registry, f'"a"\n{name}', "another text that is new here", document=name)
            addresses(registry, "a document between", document=f"{name} a")
        addresses(registry, "first of all", document="")
        addresses(registry, "last of all", document="한")
        registry.retire(names[5])

    seen, read = both_ways(path, work)
    assert [(one.document, one.text, one.gone) for one in seen] == [
        (one.document, one.text, one.gone) for one in read
    ]
    assert len({one.key for one in seen}) == len(seen)
    old = {one.key for one in seen} & {one.key for one in read}
    assert len(old) >= 160


def test_a_registry_that_was_not_written_here_is_read_as_a_whole(path):
    noted = path.with_name("noted")
    registry = load_registry(path, noted)
    addresses(registry, "a text")
    registry.save()
    path.write_bytes(path.read_bytes().replace(b'"lang":"en"', b'"lang":"fr"'))
    with pytest.raises(AddressesError, match="line 1"):
        load_registry(path, noted)


@given(
    st.text(), st.text(), st.booleans(), st.sampled_from(["", "abcdefghj"]), st.lists(st.text(), max_size=2)
)
def test_a_line_is_the_json_that_a_library_writes(document, text, gone, other, was):
    one = Registration("012345678", document, "ko", text, gone, "" if gone else other, other, tuple(was))
    row = {"address": "012345678", "document": document, "lang": "ko", "text": text}
    row |= {
        name: value
        for name, value in (("gone", gone), ("now", one.now), ("from", other), ("was", was))
        if value
    }
    (line,) = encoded([one]).decode().split("\n")[:-1]
    assert line == json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    assert parsed(line.encode()) == [one]
