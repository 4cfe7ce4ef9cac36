"""What somebody copies out of a text, to look for it."""

import re

from indexer.references import blank

_WORD = re.compile(r"[\w'’.-]+")


def passages(archive):
    """All passages of an archive, in reading order."""
    documents = [archive.document(info.id) for info in archive.documents()]
    return [marked.passage for document in documents for marked in document.passages]


def words(passages):
    """By word as it stands there (with its particles), the addresses of the passages that have it."""
    places = {}
    for passage in passages:
        for word in _WORD.findall(blank(passage.text, [reference.span for reference in passage.references])):
            places.setdefault(word.strip(".'’-"), set()).add(passage.address)
    places.pop("", None)
    return places


def found(archive, query):
    """The addresses of the passages that a query finds."""
    return {hit.passage.address for hit in archive.passages(query, limit=100_000).hits}


def missed(archive, places):
    """The words that do not find one of the passages they were copied from."""
    return [word for word, addresses in places.items() if addresses - found(archive, word)]
