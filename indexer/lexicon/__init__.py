"""A dictionary that an archive teaches by its own pairs, and the search across languages that it carries.

`Teacher` takes up passages and pairs of passages; `Teacher.save` writes what they teach; `Lexicon` looks
it up; `translate` turns a query into one in the other language; `rendering_spans` marks the other side of
a hit.
"""

from indexer.lexicon.glossary import read_glossary
from indexer.lexicon.learn import Correspondence, Text
from indexer.lexicon.lookup import Known, Lexicon
from indexer.lexicon.marks import rendering_spans
from indexer.lexicon.teacher import Teacher
from indexer.lexicon.translate import known_terms, other_language, translate

__all__ = [
    "Correspondence",
    "Known",
    "Lexicon",
    "Teacher",
    "Text",
    "known_terms",
    "other_language",
    "read_glossary",
    "rendering_spans",
    "translate",
]
