"""What a reindex is measured beside, in a process of its own: Kiwi alone, or tantivy alone.

The name and a file of texts, one a line in JSON, come on the command line; the seconds go to standard output.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

__all__ = ["main"]


def main() -> None:
    """Does the work and prints how long each part of it took."""
    texts = [json.loads(line) for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()]
    print(json.dumps(_WORK[sys.argv[1]](texts)))


def _kiwi(texts: list[str]) -> dict[str, float]:
    began = perf_counter()
    from kiwipiepy import Kiwi  # noqa: PLC0415 - its loading is measured

    kiwi: Any = Kiwi()
    kiwi.tokenize("한영")  # the first call loads the rest
    loaded = perf_counter()
    for _ in kiwi.tokenize(texts):
        pass
    return {"load": loaded - began, "work": perf_counter() - loaded}


def _tantivy(texts: list[str]) -> dict[str, float]:
    began = perf_counter()
    import tantivy  # noqa: PLC0415

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=True, tokenizer_name="en_stem", index_option="position")
    loaded = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        writer = tantivy.Index(builder.build(), path=folder).writer(heap_size=512_000_000)
        for text in texts:
            document = tantivy.Document()
            document.add_text("text", text)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        return {"load": loaded - began, "work": perf_counter() - loaded}


_WORK: dict[str, Callable[[list[str]], dict[str, float]]] = {"kiwi": _kiwi, "tantivy": _tantivy}

if __name__ == "__main__":
    main()
