"""Values that go from one process to another come out as they went in."""

import pickle
from dataclasses import FrozenInstanceError, fields

import pytest

from indexer.model.text import Block, BlockKind, DocumentInfo, Passage, Reference, Span
from indexer.readers import Cut, FileState

REFERENCE = Reference("3", Span(2, 5))
PASSAGE = Passage(
    "letters/a", 4, BlockKind.LIST_ITEM, "ko", "정전[3]", 2, "•", "1", (REFERENCE,),
    continues=True, address="0123456789", partners=(1, 2),
)  # fmt: skip
VALUES = [
    Span(1, 2),
    REFERENCE,
    Block(BlockKind.HEADING, "Peace", 2, "", "4", (REFERENCE,), "en"),
    PASSAGE,
    FileState(5, 7, 9, "ab"),
    Cut(DocumentInfo("a", titles=None, authors=("x",)), (PASSAGE,), (FileState(5, 7, 9, "ab"),)),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_what_is_pickled_quickly_comes_back_whole(value):
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        back = pickle.loads(pickle.dumps(value, protocol))
        assert type(back) is type(value)
        assert [getattr(back, one.name) for one in fields(back)] == [
            getattr(value, one.name) for one in fields(value)
        ]
        assert hash(back) == hash(value)
        with pytest.raises(FrozenInstanceError):
            setattr(back, fields(back)[0].name, 1)


def test_an_addressed_passage_differs_in_its_address_alone():
    addressed = PASSAGE.addressed("zz")
    assert addressed.address == "zz"
    assert addressed.addressed(PASSAGE.address) == PASSAGE
