"""A reindex as one JSON object a line, for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from json.encoder import encode_basestring as quoted

from indexer.changes import Change, Unchanged
from indexer.obeyed import in_json

__all__ = ["print_events"]


def print_events(changes: Iterable[Change]) -> list[Change]:
    """Prints each change as it comes; returns what was seen.  Those that change nothing may come late."""
    seen: list[Change] = []
    write = sys.stdout.write
    for change in changes:
        seen.append(change)
        if isinstance(change, Unchanged):  # ten thousand of them, in a large archive
            document, path = quoted(change.document), quoted(change.path)
            write(in_json(f'{{"event": "unchanged", "document": {document}, "path": {path}}}\n'))
        else:
            told = {"event": type(change).__name__.lower(), **asdict(change)}
            write(in_json(json.dumps(told, ensure_ascii=False)) + "\n")
            sys.stdout.flush()
    sys.stdout.flush()
    return seen
