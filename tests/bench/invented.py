"""A small corpus of invented passages, for trying the measurements where the real texts are not at hand."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Final

from indexer.model.text import LANGS

__all__ = ["write_corpus"]

_WORDS: Final = {
    "en": (
        "harbour treaty border village archive letter witness ceasefire teacher market river island winter "
        "museum ferry journal election pottery lantern orchard bridge census railway weaver festival "
        "translator prisoner delegation mountain library"
    ),
    "ko": (
        "항구 조약 국경 마을 기록 편지 증인 정전 교사 시장 강물 섬마을 겨울 박물관 나룻배 일기 선거 도자기 "
        "등불 과수원 다리 인구 철도 직공 축제 번역 포로 대표단 산맥 도서관"
    ),
}
_ENDINGS: Final = {
    "en": ("of the old town", "in the autumn", "for many years", "near the coast"),
    "ko": ("이야기를 적었다", "소식을 들었다", "사람을 만났다", "길을 걸었다"),
}
_PER_DOCUMENT: Final = 5


def write_corpus(folder: Path, passages: int) -> None:
    """Writes both of the corpus's files with so many passages together."""
    for lang in LANGS:
        rng, words = random.Random(lang), _WORDS[lang].split()
        with gzip.open(folder / f"speed-{lang}.jsonl.gz", "wt", encoding="utf-8") as file:
            for number in range(passages // len(LANGS)):
                text = ". ".join(_sentence(rng, words, lang) for _ in range(rng.randint(2, 4)))
                document, place = divmod(number, _PER_DOCUMENT)
                title = words[document % len(words)]
                line = {"_id": f"invented/{document}#{place}", "title": title, "text": f"{text}."}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _sentence(rng: random.Random, words: list[str], lang: str) -> str:
    chosen = rng.choices(words, [rank**3 for rank in range(1, len(words) + 1)], k=rng.randint(5, 9))
    return f"{' '.join(chosen)} {rng.choice(_ENDINGS[lang])}"
