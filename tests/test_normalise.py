import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import normalise as own
from indexer.normalise import normalise, normalise_code


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)
    assert normalise_code(normalise_code(text)) == normalise_code(text)


@given(st.text())
def test_what_comes_out_is_nfc_not_padded_and_has_no_white_space_but_single_spaces(text):
    found = normalise(text)
    assert unicodedata.is_normalized("NFC", found)
    assert found == " ".join(found.split())


@given(st.text(st.characters(categories=["L", "N", "P"], max_codepoint=0xD7A3)))
def test_visible_letters_survive(text):
    assert normalise(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (unicodedata.normalize("NFD", "한글 맞춤법"), "한글 맞춤법"),
        ("ᄒ\u200bᅡᆫ글", "한글"),
        ("정\u200b전\ufeff 협\u00ad상", "정전 협상"),
        ("status\u00a0quo\u3000유지\u2003end", "status quo 유지 end"),
        ("\u202eevil\u202c text", "evil text"),
        ("ﾡﾢ", "ㄱㄲ"),
        ("\uf914園", "樂園"),
        ("👨\u200d👩\u200d👧 가족", "👨\u200d👩\u200d👧 가족"),
        ("가\u200d나", "가나"),
        ("❤\ufe0f", "❤"),
        ("葛\U000e0100城", "葛城"),
        ("null\x00 bell\x07 tab\tend", "null bell tab end"),
        ("가\u3164나", "가 나"),
        ("bad \ud800 half", "bad half"),
    ],
)
def test_one_spelling_for_what_looks_the_same(raw, expected):
    assert normalise(raw) == expected


def test_code_keeps_its_lines_and_its_indentation():
    assert (
        normalise_code("\r\n    def f():\r\n        return\u00a01\t# x\u200b\r\n\r\n")
        == "def f():\n    return 1\t# x"
    )


def test_what_is_plain_at_first_sight_has_nothing_that_is_dropped_or_written_otherwise():
    plain = "".join(one for one in map(chr, range(sys.maxunicode + 1)) if own._is_plain(one))
    assert {" ", "a", "é", "가", "ᄀ", "中", "😀", "\u0301"} <= set(plain)
    assert own._INVISIBLE.search(plain) is None
    assert own._STRAY_JOINER.search(plain) is None
    assert own._SPACES.findall(plain) == [" "]
    assert own._CODE_SPACE.search(plain) is None
    assert own._LINE_END.search(plain) is None
    assert plain.translate(own._HALFWIDTH_JAMO) == plain
