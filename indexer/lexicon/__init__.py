"""A dictionary that an archive teaches by its own pairs, and the search across languages that it carries.

`lesson_of` tells what a document teaches; `Teacher` takes up lessons, or passages and pairs of passages, and
`Teacher.save` writes what they teach; `Lexicon` looks it up; `translate` turns a query into one in the other
language; `rendering_spans` marks the other side of a hit.
"""

from typing import TYPE_CHECKING

from indexer.late import late

if TYPE_CHECKING:
    from indexer.lexicon.glossary import read_glossary
    from indexer.lexicon.learn import Correspondence
    from indexer.lexicon.lessons import Lesson, Text, fingerprint, lesson_of
    from indexer.lexicon.lookup import Known, Lexicon
    from indexer.lexicon.marks import rendering_spans
    from indexer.lexicon.teacher import Teacher
    from indexer.lexicon.translation import known_terms, other_language, translate
    from indexer.lexicon.units import UnitReader

__all__ = [
    "Correspondence",
    "Known",
    "Lesson",
    "Lexicon",
    "Teacher",
    "Text",
    "UnitReader",
    "fingerprint",
    "known_terms",
    "lesson_of",
    "other_language",
    "read_glossary",
    "rendering_spans",
    "translate",
]

__getattr__ = late(
    __name__,
    {
        "glossary": ("read_glossary",),
        "learn": ("Correspondence",),
        "lessons": (
            "Lesson",
            "Text",
            "fingerprint",
            "lesson_of",
        ),
        "lookup": (
            "Known",
            "Lexicon",
        ),
        "marks": ("rendering_spans",),
        "teacher": ("Teacher",),
        "translation": (
            "known_terms",
            "other_language",
            "translate",
        ),
        "units": ("UnitReader",),
    },
)
"""A reindex of one file needs little of this."""
