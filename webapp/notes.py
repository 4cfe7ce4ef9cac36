"""Which footnote each reference leads to, and back.  Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.model.archive import MarkedPassage
from indexer.model.text import BlockKind, Lang, Passage, Span
from webapp.pieces import NoteLink

__all__ = ["NoteBook", "note_book"]

Sides = Mapping[Lang, Sequence[MarkedPassage]]


@dataclass(frozen=True, slots=True)
class NoteBook:
    """The references of what is shown, joined to their notes."""

    links: Mapping[int, Sequence[tuple[NoteLink, Span]]]
    """By the ordinal of a passage: its references that lead to a note."""
    backlinks: Mapping[int, Sequence[str]]
    """By the ordinal of a note: the anchors of the references that lead to it, in reading order."""
    borrowed: Mapping[Lang, Sequence[MarkedPassage]]
    """By a shown side: the notes it leads to that stand in a side which is not shown."""


def note_book(sides: Sides, shown: Sequence[Lang], anchors: Mapping[int, str]) -> NoteBook:
    """Every reference of the shown sides joined to the note of the same label.

    A side's own notes come first; a label without a note in its own side leads to the other side's
    note. A reference without any note stays plain text.
    """
    notes = _by_label(sides)
    links: dict[int, list[tuple[NoteLink, Span]]] = defaultdict(list)
    backlinks: dict[int, list[str]] = defaultdict(list)
    borrowed: dict[Lang, dict[int, MarkedPassage]] = defaultdict(dict)
    for lang in shown:
        for passage in (marked.passage for marked in sides[lang]):
            for count, reference in enumerate(passage.references, start=1):
                home, note = _find(notes, lang, passage, reference.label)
                if note is None:
                    continue
                at = note.passage.ordinal
                link = NoteLink(reference.label, f"ref-{anchors[passage.ordinal]}-{count}", anchors[at])
                links[passage.ordinal].append((link, reference.span))
                backlinks[at].append(link.anchor)
                if home not in shown:
                    borrowed[lang][at] = note
    return NoteBook(
        links, backlinks, {lang: [own[at] for at in sorted(own)] for lang, own in borrowed.items()}
    )


_Notes = Mapping[Lang, Mapping[str, Sequence[MarkedPassage]]]


def _by_label(sides: Sides) -> _Notes:
    notes: dict[Lang, dict[str, list[MarkedPassage]]] = {lang: defaultdict(list) for lang in sides}
    for lang, passages in sides.items():
        for marked in passages:
            if marked.passage.kind is BlockKind.FOOTNOTE and not marked.passage.continues:
                notes[lang][marked.passage.label].append(marked)
    return notes


def _find(notes: _Notes, lang: Lang, passage: Passage, label: str) -> tuple[Lang, MarkedPassage | None]:
    """The note that a reference leads to, with the side it stands in.

    Where a label comes several times (notes at the end of each chapter), the next one below is meant.
    """
    for home in sorted(notes, key=lambda side: side != lang):
        named = notes[home].get(label, ())
        below = [note for note in named if home == lang and note.passage.ordinal > passage.ordinal]
        if named:
            return home, (*below, *named)[0]
    return lang, None
