"""Addresses of former times, seen through an archive: they lead on, or to a tombstone."""

import json
import os

import pytest

from indexer.addresses import past
from indexer.changes import Checked
from indexer.check import check
from indexer.errors import AddressesError, UnknownAddressError

KAESONG = "The negotiations began at Kaesong on 10 July 1951 and moved to Panmunjom in October."
GENEVA = "A conference on Korea opened at Geneva in April 1954. It ended without an agreement in June."
PRISONERS = "The hardest question was that of the prisoners of war: might a prisoner refuse to go home?"


def text(*paragraphs):
    return "\n\n".join(["The Long War", *paragraphs]) + "\n"


def by_text(small):
    return {text: address for (_, _, text), address in small.addresses().items()}


def fates(small, kind):
    return [
        one
        for each in check(small.settings)
        if isinstance(each, Checked)
        for one in getattr(each.comparison, kind)
    ]


@pytest.fixture
def war(small):
    """An archive with a document of three paragraphs, and their addresses."""
    small.write(war=text(KAESONG, GENEVA, PRISONERS))
    small.reindex()
    return by_text(small)


def test_a_changed_passage_keeps_its_address(small, war):
    small.write(war=text(KAESONG.replace("moved", "went"), GENEVA, PRISONERS))
    (changed,) = fates(small, "changed")
    assert (changed.address, changed.text, changed.now) == (
        war[KAESONG],
        KAESONG,
        KAESONG.replace("moved", "went"),
    )
    small.reindex()
    assert small.archive.passage(war[KAESONG]).text == KAESONG.replace("moved", "went")


def test_the_address_of_a_merged_passage_leads_to_the_whole(small, war):
    small.write(war=text(f"{KAESONG} {GENEVA}", PRISONERS))
    (merged,) = fates(small, "merged")
    small.reindex()
    whole = small.archive.passage(war[KAESONG])
    assert whole.text == f"{KAESONG} {GENEVA}"
    assert small.archive.passage(war[GENEVA]) == whole == small.archive.passage(merged.address, "en")
    assert small.archive.place(war[GENEVA], "ko")[0] == whole
    assert small.archive.tombstone(war[GENEVA]) is None


def test_a_split_passage_keeps_its_address_and_the_part_knows_where_it_came_from(small, war):
    first, second = GENEVA.split(". ")
    small.write(war=text(KAESONG, f"{first}.", second, PRISONERS))
    (split,) = fates(small, "split")
    assert (split.text, split.now) == (second, war[GENEVA])
    small.reindex()
    assert small.archive.passage(war[GENEVA]).text == f"{first}."
    rows = [json.loads(line) for line in small.settings.addresses.read_text(encoding="utf-8").splitlines()]
    assert [row["from"] for row in rows if row["text"] == second] == [war[GENEVA]]


def test_a_deleted_passage_has_a_tombstone_with_the_nearest_that_lives(small, war):
    small.write(war=text(KAESONG, PRISONERS))
    assert [one.address for one in fates(small, "lost")] == [war[GENEVA]]
    small.reindex()
    with pytest.raises(UnknownAddressError):
        small.archive.passage(war[GENEVA])
    gone = small.archive.tombstone(war[GENEVA])
    assert (gone.text, gone.document, gone.lang, gone.info.titles.en) == (GENEVA, "war", "en", "The Long War")
    assert gone.nearest.text == KAESONG
    small.write(war=text(PRISONERS))
    small.reindex()
    assert small.archive.tombstone(war[GENEVA]).nearest.text == "The Long War"


def test_of_a_deleted_document_nothing_is_near(small, war):
    small.write(other="Another text\n\nIt stays.\n")
    small.remove("war")
    small.reindex()
    gone = small.archive.tombstone(war[GENEVA])
    assert (gone.text, gone.info, gone.nearest) == (GENEVA, None, None)


def test_a_passage_that_went_to_another_document_is_found_there(small, war):
    """Whichever document is read first."""
    small.write(war=text(KAESONG, PRISONERS), annex=f"Annex\n\n{GENEVA}\n", zone="Zone\n\nNothing yet.\n")
    assert [(one.address, one.now) for one in fates(small, "moved")] == [(war[GENEVA], "annex")]
    small.reindex()
    assert (small.archive.passage(war[GENEVA]).document) == "annex"
    small.write(annex="Annex\n\nNothing is left.\n", zone=f"Zone\n\n{GENEVA.replace('April', 'May')}\n")
    small.reindex()
    assert small.archive.passage(war[GENEVA]).document == "zone"


def test_a_renamed_and_edited_document_keeps_its_addresses(small, war):
    (small.settings.documents / "war.txt").unlink()
    edited = [
        KAESONG.replace("moved", "went"),
        GENEVA.replace("opened", "began"),
        PRISONERS.replace("war:", "war;"),
    ]
    small.write(peace=text(*edited).replace("The Long War", "The Short Peace"))
    small.reindex()
    assert [by_text(small)[one] for one in edited] == [war[KAESONG], war[GENEVA], war[PRISONERS]]


def test_a_document_that_vanished_with_the_index_is_laid_to_rest(small, war):
    small.write(other="Another text\n\nIt stays.\n")
    small.remove("war")
    for path in sorted(small.settings.index.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    small.reindex()
    assert small.archive.tombstone(war[GENEVA]).text == GENEVA


def test_an_address_that_nobody_minted_is_unknown(small, war):
    assert small.archive.tombstone("000000000") is None
    with pytest.raises(UnknownAddressError):
        small.archive.passage("000000000")


def test_the_registry_is_read_only_for_addresses_that_the_index_does_not_have(small, war):
    small.settings.addresses.write_text("{\n", encoding="utf-8")
    assert small.archive.passage(war[GENEVA]).text == GENEVA
    with pytest.raises(AddressesError, match="line 1"):
        small.archive.passage("000000000")


def test_the_registry_is_read_again_only_when_it_was_replaced(small, war, monkeypatch):
    small.write(war=text(KAESONG, PRISONERS))
    small.reindex()
    assert small.archive.tombstone(war[GENEVA])
    path, status = small.settings.addresses, small.settings.addresses.stat()
    kept = path.read_bytes()
    path.write_bytes(b"{" * len(kept))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert small.archive.tombstone(war[GENEVA]), "same time, same size: not read"
    path.write_bytes(kept[: kept.index(b"\n") + 1])
    assert small.archive.tombstone(war[GENEVA]) is None


def test_a_damaged_registry_is_read_once_until_it_is_replaced(small, war, monkeypatch):
    path = small.settings.addresses
    kept = path.read_bytes()
    reads = []
    real = past.read_registrations
    monkeypatch.setattr(past, "read_registrations", lambda path: reads.append(path) or real(path))
    path.write_bytes(kept + b"<<<<<<< HEAD\n")
    for _ in range(3):
        with pytest.raises(AddressesError, match="line 5: a conflict of git"):
            small.archive.former("nothing")
    assert len(reads) == 1
    path.write_bytes(kept)
    assert small.archive.former("nothing") is None
    assert len(reads) == 2


def test_a_registry_that_could_not_be_opened_is_tried_again(small, war, monkeypatch):
    real = past.read_registrations

    def fail(path):
        raise AddressesError("cannot be read") from OSError(24, "Too many open files")

    monkeypatch.setattr(past, "read_registrations", fail)
    with pytest.raises(AddressesError):
        small.archive.former("nothing")
    monkeypatch.setattr(past, "read_registrations", real)
    assert small.archive.former("nothing") is None


def test_an_edit_changes_one_line_of_the_registry_and_an_insertion_adds_one(small, war):
    before = small.settings.addresses.read_text(encoding="utf-8").splitlines()
    small.write(
        war=text(KAESONG.replace("moved", "went"), GENEVA, "A new paragraph stands here now.", PRISONERS)
    )
    small.reindex()
    after = small.settings.addresses.read_text(encoding="utf-8").splitlines()
    assert len(after) == len(before) + 1
    assert [line for line in before if line not in after] == [before[1]]
    assert [before[0], before[2], before[3]] == [after[0], after[2], after[4]]
    small.write(war=text(KAESONG.replace("moved", "went"), "A new paragraph stands here now.", PRISONERS))
    small.reindex()
    last = small.settings.addresses.read_text(encoding="utf-8").splitlines()
    assert [at for at, (one, two) in enumerate(zip(after, last, strict=True)) if one != two] == [2]


def rename(small, name, new):
    (small.settings.documents / f"{name}.txt").rename(small.settings.documents / f"{new}.txt")
    small.reindex()


def lines(small):
    return [json.loads(line) for line in small.settings.addresses.read_text(encoding="utf-8").splitlines()]


def test_a_renamed_document_is_found_by_every_id_that_it_had(small, war):
    small.write(other="Another\n\nThis has nothing to do with it, and stays as it is.\n")
    small.reindex()
    rename(small, "war", "long-war")
    small.write(**{"long-war": text("A new beginning that nobody has read yet.", KAESONG, GENEVA, PRISONERS)})
    small.reindex()
    (small.settings.documents / "korea").mkdir()
    rename(small, "long-war", "korea/war")
    for once in ("war", "long-war"):
        assert small.archive.former(once).now == "korea/war"
    assert small.archive.former("other") is None
    assert small.archive.former("never") is None
    assert [row["was"] for row in lines(small) if "was" in row] == [["war", "long-war"]]
    small.reindex(rebuild=True)
    assert small.archive.former("war").now == "korea/war"
    rename(small, "korea/war", "war")
    assert small.archive.former("korea/war").now == small.archive.former("long-war").now == "war"
    assert [row["was"] for row in lines(small) if "was" in row] == [["long-war", "korea/war"]]


def test_an_id_that_two_documents_had_leads_to_neither_and_names_both(small, war):
    rename(small, "war", "first")
    small.write(war="Another war\n\nIt was fought elsewhere, and long before the one that is told of here.\n")
    small.reindex()
    rename(small, "war", "second")
    former = small.archive.former("war")
    assert (former.now, former.begins) == ("", None)
    assert [info.id for info in former.elsewhere] == ["first", "second"]


def test_of_two_documents_that_had_an_id_the_one_that_lives_is_led_to(small, war):
    rename(small, "war", "first")
    small.write(war="Another war\n\nIt was fought elsewhere, and long before the one that is told of here.\n")
    small.remove("first")
    small.reindex()
    rename(small, "war", "second")
    assert small.archive.former("war").now == "second"
    assert small.archive.former("first").begins.en == "The Long War"


def test_two_documents_that_became_one_lead_to_it(small, war):
    other = "The harvest of 1951 was poor, and the price of rice in Pusan rose threefold within that year."
    small.write(rice=f"The Price of Rice\n\n{other}\n\nNo figures are known for the years before the war.\n")
    small.reindex()
    both = (small.settings.documents / "rice.txt").read_text(encoding="utf-8")
    for one in ("war", "rice"):
        (small.settings.documents / f"{one}.txt").unlink()
    small.write(all=f"War and Rice\n\n{KAESONG}\n\n{GENEVA}\n\n{PRISONERS}\n\n{both}")
    small.reindex()
    assert [small.archive.former(one).now for one in ("war", "rice")] == ["all", "all"]


def test_a_document_of_which_little_is_elsewhere_is_gone_and_tells_where(small, war):
    small.write(annex="Annex\n\nNothing yet.\n")
    small.reindex()
    small.write(annex=f"Annex\n\n{GENEVA}\n")
    small.remove("war")
    small.reindex()
    former = small.archive.former("war")
    assert (former.now, former.begins.en) == ("", "The Long War")
    assert [info.id for info in former.elsewhere] == ["annex"]


def test_of_a_document_that_is_gone_its_beginning_is_left(small, war):
    rename(small, "war", "long-war")
    small.write(other="Another\n\nThis has nothing to do with it, and stays as it is.\n")
    small.remove("long-war")
    small.reindex()
    for once in ("war", "long-war"):
        former = small.archive.former(once)
        assert (former.now, former.begins.en) == ("", "The Long War")
    grave = small.archive.tombstone(war[GENEVA])
    assert (grave.info, grave.begins.en) == (None, "The Long War")
    assert small.archive.former("other") is None


@pytest.mark.parametrize("was", ['"war"', "[1]", "{}", "null"])
def test_former_ids_that_are_none_are_told(small, war, was):
    content = small.settings.addresses.read_text(encoding="utf-8")
    small.settings.addresses.write_text(content.replace("}\n", f',"was":{was}}}\n', 1), encoding="utf-8")
    with pytest.raises(AddressesError, match="line 1: was must be a list"):
        small.archive.former("war")
