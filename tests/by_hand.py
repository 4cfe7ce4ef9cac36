"""Documents made of tokens by hand, so that the engine can be tested without analysis and without Kiwi."""

from indexer.engine import IndexedDocument, IndexedPassage, SourceState
from indexer.model.dates import Date
from indexer.model.query import Phrase, Query, Variant, Word
from indexer.model.terms import Field, Term, Token
from indexer.model.text import Bilingual, BlockKind, DocumentInfo, Passage, Span


def tokens(text, field=Field.ENGLISH):
    """One token for each word between spaces."""
    found, at = [], 0
    for position, word in enumerate(text.split()):
        start = text.index(word, at)
        at = start + len(word)
        found.append(Token(field, word, Span(start, at), position))
    return tuple(found)


def document(name, *texts, lang="en", year=2023, title="", author="", passages=None):
    """A document whose passages are these texts; or `passages`, ready-made pairs of text and tokens."""
    made = passages if passages is not None else [(text, tokens(text)) for text in texts]
    indexed = tuple(
        IndexedPassage(
            Passage(name, ordinal, BlockKind.PARAGRAPH, lang, text, address=f"{name}-{ordinal}"),
            tuple(of_text),
        )
        for ordinal, (text, of_text) in enumerate(made)
    )
    date = Date(year, 7, 8) if year else None
    authors = (author,) if author else ()
    info = DocumentInfo(name, Bilingual(**{lang: title}), authors, date)
    source = SourceState(f"{name}.txt", 1, 1, "0" * 64)
    return IndexedDocument(info, (source,), indexed, tokens(title), tokens(author))


def word(*terms, field=Field.ENGLISH, optional=False):
    """A word of a query; several terms stand each right after the other."""
    return Word(" ".join(terms), (Variant(tuple(Term(field, term) for term in terms)),), optional=optional)


def phrase(*words):
    return Phrase(" ".join(words), tuple(word(one) for one in words))


def query(*clauses, **more):
    return Query("…", tuple(word(one) if isinstance(one, str) else one for one in clauses), **more)


def put(engine, *documents, remove=(), rebuild=False):
    """Writes in one commit."""
    with engine.writer(rebuild=rebuild) as writer:
        for name in remove:
            writer.remove(name)
        for one in documents:
            writer.add(one)
        writer.commit()


def found(snapshot, asked):
    """The texts of the passages that match, best first."""
    return [passage.text for passage in snapshot.passages(int(n) for n in snapshot.rank(asked).numbers)]
