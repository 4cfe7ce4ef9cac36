"""A document laid out for reading, before any HTML."""

from fake_archive import ARMISTICE, HANGUL, C, H, L, N, P, Q, R, T, make_document
from hypothesis import given
from hypothesis import strategies as st

from indexer.model.archive import MarkedDocument, MarkedPassage
from indexer.model.text import Bilingual, DocumentInfo, Span
from webapp.pieces import NoteLink, cells_of, cut
from webapp.reading import anchors, lay_out
from webapp.sides import split_sides


def marked(*lines, highlights=()):
    document = make_document(DocumentInfo("test", Bilingual("Test")), lines)
    passages = tuple(MarkedPassage(p, tuple(highlights)) for p in document.passages)
    return MarkedDocument(document.info, passages)


def sides_of(*lines):
    sides = split_sides(marked(*lines).passages)
    return {lang: [m.passage.ordinal for m in passages] for lang, passages in sides.items()}


def disjoint_spans(text):
    edges = st.lists(st.integers(0, len(text)), unique=True, max_size=8).map(sorted)
    return edges.map(lambda at: [Span(a, b) for a, b in zip(at[::2], at[1::2], strict=False)])


@st.composite
def texts_with_spans(draw):
    text = draw(st.text(alphabet="ab [1]정전\t", max_size=40))
    matches = list(enumerate(draw(disjoint_spans(text)), start=1))
    links = [(NoteLink("1", f"r{i}", "n"), span) for i, span in enumerate(draw(disjoint_spans(text)))]
    return text, matches, links


class TestPieces:
    @given(texts_with_spans())
    def test_joined_they_give_the_text(self, case):
        text, matches, links = case
        assert "".join(piece.text for piece in cut(text, matches, links)) == text

    @given(texts_with_spans())
    def test_every_match_begins_once_unless_a_longer_link_holds_it_whole(self, case):
        text, matches, links = case
        firsts = [piece.match for piece in cut(text, matches, links) if piece.first]
        inside = [n for n, m in matches for _, s in links if s.start <= m.start and m.end <= s.end]
        assert len(firsts) == len(set(firsts))
        assert {number for number, _ in matches} - set(inside) <= set(firsts)

    @given(texts_with_spans())
    def test_every_link_is_one_piece(self, case):
        text, matches, links = case
        linked = [piece for piece in cut(text, matches, links) if piece.link]
        assert [piece.text for piece in linked] == [text[span.slice] for _, span in links]

    @given(texts_with_spans())
    def test_the_cells_of_a_row_give_its_text_back(self, case):
        text, matches, links = case
        cells = cells_of(cut(text, matches, links))
        assert "\t".join("".join(piece.text for piece in cell) for cell in cells) == text


class TestSides:
    def test_english_whole_and_then_korean_whole_are_two_sides(self):
        passages = [MarkedPassage(p) for p in ARMISTICE.passages]
        sides = split_sides(passages)
        assert list(sides) == ["en", "ko"]
        assert all(m.passage.lang == lang for lang, side in sides.items() for m in side)

    def test_an_english_line_in_the_korean_half_stays_there(self):
        assert sides_of(
            ("en", P, "A long English paragraph, as one writes it."),
            ("ko", P, "같은 말을 하는 긴 한국어 문단이다. 한국어로 썼다."),
            ("en", P, "Adobe PDF"),
            ("ko", P, "그리고 또 하나의 한국어 문단이 이어진다."),
        ) == {"en": [0], "ko": [1, 2, 3]}

    def test_korean_may_come_first(self):
        assert sides_of(("ko", P, "한국어가 먼저 나온다."), ("en", P, "The English comes second.")) == {
            "en": [1],
            "ko": [0],
        }

    def test_a_korean_document_with_an_english_title_is_one_side(self):
        assert sides_of(("en", T, "Title"), *[("ko", P, "긴 한국어 문단이 이어진다. " * 5)] * 3) == {
            "ko": [0, 1, 2, 3]
        }

    def test_languages_that_alternate_are_told_apart_passage_by_passage(self):
        english, korean = ("en", P, "A sentence in English."), ("ko", P, "한국어 문장 하나.")
        assert sides_of(*[english, korean] * 4) == {"en": [0, 2, 4, 6], "ko": [1, 3, 5, 7]}

    def test_a_second_title_parts_a_half_translated_document(self):
        english = ("en", P, "This paragraph has not been translated yet.")
        assert sides_of(
            ("en", T, "Title"), english, ("ko", T, "제목"), english, ("ko", P, "번역한 문단.")
        ) == {
            "en": [0, 1],
            "ko": [2, 3, 4],
        }

    @given(st.lists(st.tuples(st.sampled_from(["en", "ko"]), st.just(P), st.text("a", min_size=1))))
    def test_no_passage_is_lost_or_doubled(self, lines):
        sides = sides_of(*lines)
        assert sorted(ordinal for side in sides.values() for ordinal in side) == list(range(len(lines)))
        assert all(side == sorted(side) for side in sides.values())

    def test_a_note_stands_in_the_side_that_alone_refers_to_it(self):
        assert sides_of(
            ("en", P, "An English paragraph with a note [1]"),
            ("ko", P, "주가 달린 한국어 문단이 여기에 있다.[2]"),
            ("en", N, "English note", {"label": "1"}),
            ("ko", N, "한국어 주", {"label": "2"}),
        ) == {"en": [0, 2], "ko": [1, 3]}

    def test_an_empty_document_has_no_side(self):
        assert sides_of() == {}


class TestLayout:
    def test_deeper_list_items_hang_on_the_item_above(self):
        (side,) = lay_out(
            marked(
                ("en", L, "one", {"level": 1, "marker": "•"}),
                ("en", L, "one a", {"level": 2, "marker": "1."}),
                ("en", L, "two", {"level": 1, "marker": "•"}),
            )
        ).sides
        (group,) = side.groups
        assert not group.ordered
        assert [item.passage.text for item in group.items] == ["one", "two"]
        (child,) = group.items[0].children
        assert child.ordered
        assert [item.passage.text for item in child.items] == ["one a"]

    def test_rows_that_follow_one_another_are_a_table_and_a_head_begins_a_new_one(self):
        head = {"marker": "head"}
        (side,) = lay_out(
            marked(("en", R, "A\tB", head), ("en", R, "1\t2"), ("en", R, "C", head), ("en", R, "3"))
        ).sides
        assert [[item.passage.text for item in group.items] for group in side.groups] == [
            ["A\tB", "1\t2"],
            ["C", "3"],
        ]

    def test_the_parts_of_an_over_long_block_are_one_block(self):
        (side,) = lay_out(marked(("en", P, "First."), ("en", P, "Second.", {"continues": True}))).sides
        ((item,),) = [group.items for group in side.groups]
        assert [line.passage.text for line in item.lines] == ["First.", "Second."]

    def test_headings_leave_no_level_out(self):
        (side,) = lay_out(
            marked(*[("en", H, "Heading", {"level": level}) for level in (3, 3, 6, 1, 2, 5, 2)])
        ).sides
        assert [heading.depth for heading in side.outline] == [2, 2, 3, 2, 3, 4, 3]

    def test_neighbouring_quotations_are_one_and_code_stands_alone(self):
        (side,) = lay_out(marked(("en", Q, "a"), ("en", Q, "b"), ("en", C, "c"), ("en", C, "d"))).sides
        assert [len(group.items) for group in side.groups] == [2, 1, 1]

    def test_matches_are_numbered_through_in_the_order_they_are_read(self):
        reading = lay_out(marked(("en", P, "abc"), ("en", P, "def"), highlights=[Span(0, 1), Span(2, 3)]))
        pieces = [p for g in reading.sides[0].groups for i in g.items for p in i.lines[0].cells[0]]
        assert [piece.match for piece in pieces if piece.first] == [1, 2, 3, 4]
        assert reading.matches == 4

    def test_one_language_shows_one_side_and_a_missing_one_what_there_is(self):
        hangul = MarkedDocument(HANGUL.info, tuple(MarkedPassage(p) for p in HANGUL.passages))
        assert [side.lang for side in lay_out(hangul, "ko").sides] == ["ko"]
        assert lay_out(hangul, "ko").langs == ("en", "ko")
        english = marked(("en", P, "Only English."))
        assert [side.lang for side in lay_out(english, "ko").sides] == ["en"]


class TestNotes:
    def armistice(self, show="both"):
        return lay_out(
            MarkedDocument(ARMISTICE.info, tuple(MarkedPassage(p) for p in ARMISTICE.passages)), show
        )

    def links(self, side):
        lines = [line for group in side.groups for item in group.items for line in item.lines]
        return {
            piece.link.label: piece.link
            for line in lines
            for cell in line.cells
            for piece in cell
            if piece.link
        }

    def test_korean_references_without_notes_of_their_own_lead_to_the_english_ones(self):
        english, korean = self.armistice().sides
        assert korean.notes == ()
        notes = {note.passage.label: note.lines[0].anchor for note in english.notes}
        assert {label: link.target for label, link in self.links(korean).items()} == notes

    def test_a_note_leads_back_to_every_reference(self):
        english, korean = self.armistice().sides
        for note in english.notes:
            label = note.passage.label
            assert self.links(english)[label].anchor in note.references
            assert self.links(korean)[label].anchor in note.references

    def test_a_note_may_itself_refer_to_a_note(self):
        english, _ = self.armistice().sides
        assert len(english.notes[0].references) == 3

    def test_a_reference_without_any_note_is_plain_text(self):
        _, korean = self.armistice().sides
        assert "9" not in self.links(korean)

    def test_the_korean_side_alone_borrows_the_english_notes_it_leads_to(self):
        (korean,) = self.armistice("ko").sides
        assert [note.passage.label for note in korean.notes] == ["1", "2"]
        assert {note.passage.lang for note in korean.notes} == {"en"}

    def test_a_label_that_comes_again_means_the_next_note_below(self):
        document = marked(
            ("en", P, "First [1]"),
            ("en", N, "Note of the first chapter", {"label": "1"}),
            ("en", P, "Second [1]"),
            ("en", N, "Note of the second chapter", {"label": "1"}),
        )
        (side,) = lay_out(document).sides
        assert [len(note.references) for note in side.notes] == [1, 1]


class TestAnchors:
    def test_are_the_addresses_where_these_are_unique(self):
        passages = HANGUL.passages
        assert list(anchors(passages).values()) == [passage.address for passage in passages]

    @given(st.lists(st.tuples(st.sampled_from(["AAAA1111", "BBBB2222"]), st.sampled_from(["en", "ko"]))))
    def test_are_unique_whatever_the_passages_share(self, pairs):
        lines = [(lang, P, "text", {"address": address}) for address, lang in pairs]
        ids = list(anchors(make_document(DocumentInfo("x", Bilingual("X")), lines).passages).values())
        assert len(set(ids)) == len(ids) == len(pairs)

    def test_tell_the_second_side_of_a_pair_apart_by_its_language(self):
        lines = [(lang, P, "text", {"address": "AAAA1111"}) for lang in ("en", "ko")]
        ids = anchors(make_document(DocumentInfo("x", Bilingual("X")), lines).passages)
        assert ids == {0: "AAAA1111", 1: "AAAA1111-ko"}
