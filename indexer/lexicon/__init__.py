"""A dictionary that an archive teaches by its own pairs, and the search across languages that it carries.

`lessons` tells what a document teaches; `Teacher` takes up lessons, and its `save` writes what they teach;
`Lexicon` looks it up; `translate` turns a query into one in the other language.
"""

from typing import TYPE_CHECKING

from indexer.late import late

if TYPE_CHECKING:
    from indexer.lexicon.glossary import read_glossary
    from indexer.lexicon.lookup import Known, Lexicon
    from indexer.lexicon.teacher import Teacher
    from indexer.lexicon.translation import known_terms, other_language, translate

__all__ = ["Known", "Lexicon", "Teacher", "known_terms", "other_language", "read_glossary", "translate"]

__getattr__ = late(
    __name__,
    {
        "glossary": ("read_glossary",),
        "lookup": ("Known", "Lexicon"),
        "teacher": ("Teacher",),
        "translation": ("known_terms", "other_language", "translate"),
    },
)
"""A reindex of one file needs little of this."""
