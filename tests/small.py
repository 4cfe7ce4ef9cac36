"""A small archive of text files that a test writes, changes and reindexes."""

from indexer.engine.whoosh import WhooshEngine
from indexer.reindex import reindex
from indexer.search import open_archive
from indexer.settings import Settings


class Small:
    """An archive of a few files."""

    def __init__(self, data):
        self.settings = Settings(data)
        self.engine = WhooshEngine(self.settings.index)
        self.archive = open_archive(self.settings)
        self.settings.documents.mkdir(parents=True, exist_ok=True)

    def write(self, **files):
        """Writes text files; `a="..."` is `documents/a.txt`."""
        for name, text in files.items():
            (self.settings.documents / f"{name}.txt").write_text(text, encoding="utf-8")

    def remove(self, name):
        (self.settings.documents / f"{name}.txt").unlink()

    def reindex(self, *sources, **options):
        return list(reindex(self.settings, self.engine, sources, **options))

    def texts(self, query, **options):
        """The texts of the passages that a query finds, best first."""
        results = self.archive.passages(query, limit=1000, **options)
        return [hit.passage.text for group in results.groups for hit in group.hits]

    def marked(self, query):
        """What is marked in each passage found, best first."""
        results = self.archive.passages(query, limit=1000)
        hits = [hit for group in results.groups for hit in group.hits]
        return [[hit.passage.text[span.slice] for span in hit.highlights] for hit in hits]

    def addresses(self):
        """By document and text, the address of every passage."""
        documents = [self.archive.document(info.id) for info in self.archive.documents()]
        passages = [marked.passage for document in documents for marked in document.passages]
        return {(passage.document, passage.ordinal, passage.text): passage.address for passage in passages}
