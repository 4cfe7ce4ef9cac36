"""Terms by their hashes, and addresses as numbers."""

from zlib import crc32

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.whoosh.addressing import addresses_of, number_of, numbers_of
from indexer.engine.whoosh.hashing import hash_table, hashes, slot_of


def looked_up(table, term, terms):
    """The places that the table has for `term`, up to the first empty slot."""
    bits = len(terms).bit_length()
    slot, rest = slot_of(term, len(terms))
    while table[slot]:
        if int(table[slot]) >> bits == rest:
            yield (int(table[slot]) & ((1 << bits) - 1)) - 1
        slot += 1


@given(st.lists(st.binary(max_size=3), min_size=1, max_size=70, unique=True), st.binary(max_size=3))
def test_every_term_stands_before_the_next_empty_slot(terms, other):
    table = hash_table(hashes(terms))
    for place, term in enumerate(terms):
        assert place in looked_up(table, term, terms)
    assert all(crc32(terms[place]) == crc32(other) for place in looked_up(table, other, terms))


def test_terms_of_one_hash_stand_one_after_the_other():
    table = hash_table(np.full(5, 0xFFFF_FFFF, dtype=np.uint32))
    assert sorted(table[table > 0] & 7) == [1, 2, 3, 4, 5]
    assert table[-1] == 0


@given(st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=1, max_size=12))
def test_an_address_is_its_number(address):
    assert addresses_of([number_of(address)]) == [address]


@given(st.text() | st.text("0aAzZ", max_size=14), st.text() | st.text("0aAzZ", max_size=14))
def test_of_any_other_text_there_is_a_number_but_no_address(one, other):
    for text in (one, other):
        assert 0 <= number_of(text) < 1 << 64
        assert addresses_of([number_of(text)]) in ([text], [None])
    if number_of(one) == number_of(other):
        assert one == other or crc32(one.encode("utf-8", "surrogatepass")) == crc32(
            other.encode("utf-8", "surrogatepass")
        )


@given(st.lists(st.text(max_size=12) | st.from_regex("[0-9a-hjkmnp-tv-z]{9}", fullmatch=True)))
def test_many_addresses_have_the_numbers_that_each_has(addresses):
    assert numbers_of(addresses).tolist() == [number_of(one) if one else 0 for one in addresses]
