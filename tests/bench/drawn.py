"""Queries that were drawn before are kept beside the analysed corpus."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from indexer.versions import ANALYSIS_VERSION
from tests.bench import census, corpus, questions, store
from tests.bench.census import written_beside
from tests.bench.questions import Asked, as_json, draw, from_json
from tests.bench.store import Store

__all__ = ["drawn"]


def drawn(opened: Store, size: int, each: int, skip: int = 0) -> list[Asked]:
    """What `draw` gives; read where the same was drawn before by the same modules and the same analysis."""
    kept = opened.folder / f"asked-{size}-{each}-{skip}-{_how()}.jsonl"
    if kept.exists():
        return [from_json(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    made = draw(opened, size, each, skip)
    unfinished = written_beside(kept)
    unfinished.write_text("".join(as_json(one) + "\n" for one in made), encoding="utf-8")
    unfinished.replace(kept)
    return made


def _how() -> str:
    """Another text whenever other queries could be drawn: seeds and rules stand in these modules."""
    digest = sha256(ANALYSIS_VERSION.encode())
    for module in (census, corpus, questions, store):
        digest.update(Path(module.__file__).read_bytes())
    return digest.hexdigest()[:12]
