"""The same site over an archive whose results are at hand: what a page costs without the search.

A process of its own: the archive's folder and a file of queries come on the command line.
"""

from __future__ import annotations

import sys
from inspect import signature
from pathlib import Path
from typing import Any, Final

from indexer.engine.whoosh import WhooshEngine
from indexer.model.results import SearchResults
from indexer.search import Archive
from indexer.settings import Settings
from tests.bench.questions import from_json
from webapp.server import serve_forever

__all__ = ["main"]


class _AtHand(Archive):
    """An archive that searches once, before it is asked."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, WhooshEngine(settings.index))
        self._ready: dict[tuple[Any, ...], SearchResults] = {}

    def prepare(self, text: str, options: dict[str, Any]) -> None:
        """Searches, and keeps what is found for good."""
        found = self._ready[_key(text, options)] = super().search(text, **options)
        if options["page"] > found.pages:  # a reader is shown the last page instead
            self.prepare(text, {**options, "page": found.pages})

    def search(self, text: str, **options: Any) -> SearchResults:
        """What was found before."""
        return self._ready[_key(text, options)]

    def warm(self) -> None:
        """Nothing is left to load."""


def _key(text: str, options: dict[str, Any]) -> tuple[Any, ...]:
    return text, *sorted((name, value) for name, value in options.items() if value != _DEFAULTS[name])


_DEFAULTS: Final = {
    name: one.default
    for name, one in signature(Archive.search).parameters.items()
    if name not in ("self", "text")
}
"""What a page asks for in so many words, whether it is anything but usual or not."""


def main() -> None:
    """Serves until it is ended."""
    archive = _AtHand(Settings(Path(sys.argv[1])))
    for line in Path(sys.argv[2]).read_text(encoding="utf-8").splitlines():
        asked = from_json(line)
        options = {"lang": asked.only, "years": asked.years, "sort": "relevance", "page": asked.page}
        archive.prepare(asked.text, options)
    serve_forever(archive, "127.0.0.1", 0, announce=lambda url: print(f"at {url} ", flush=True))


if __name__ == "__main__":
    main()
