"""Questions in one language over passages in the other: how well a lexicon learned from half the pairs
serves.

The pairs of half the passages, chosen by a fixed hash of their ids, teach; the other half is indexed
without its pairs and searched in the other language.  Then the halves change their parts, so that nothing is
tuned to one of them.  Beside it: the query as it was typed, and a first try that takes the three best
renderings of IBM model 1 as so many words more.

Two costs are measured in processor time: a search with what it finds in the other language, beside the same
search without; and learning, beside analysing and writing as many passages.  Learning is what a reindex does:
the lessons are written as lines and read again, and Python looks for rings among its objects seldom.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

import ir_measures
from ir_measures import RR, R
from rich.console import Console
from rich.table import Table

from indexer.analysis import analyze_all
from indexer.engine import IndexedDocument, IndexedPassage, Snapshot
from indexer.engine.whoosh import WhooshEngine
from indexer.garbage import few_collections
from indexer.lexicon import Lexicon, Teacher, translate
from indexer.lexicon.lessons import Lesson, Text, lesson_of_pair
from indexer.lexicon.units import UnitReader
from indexer.model.query import Query
from indexer.model.text import Bilingual, BlockKind, DocumentInfo, Lang, Passage
from indexer.query import parse_query
from indexer.search import Archive
from indexer.settings import Settings

from .first_try import FirstTry
from .options import Options
from .renderings import LEAST_RIGHT, check, shown_for, to_be_judged

__all__ = ["run"]

_LANGS: Final[tuple[Lang, ...]] = ("en", "ko")
_MEASURES: Final = {"MRR@10": RR @ 10, "recall@10": R @ 10}
_MUST: Final = {"MRR@10": 0.66, "recall@10": 0.80}
_TIMED: Final = 300
"""Questions of each language that are timed."""
_OTHER: Final[Mapping[Lang, Lang]] = {"en": "ko", "ko": "en"}


@dataclass(frozen=True, slots=True)
class _Set:
    """Passages that exist in both languages, and judged questions in both."""

    name: str
    texts: dict[Lang, dict[str, str]]
    questions: dict[Lang, dict[str, str]]
    answers: dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class _Result:
    """One way of searching, in one direction."""

    set: str
    half: int
    """Which half taught."""
    direction: str
    way: str
    measures: Mapping[str, float]
    milliseconds: float
    """Of a query, the median, without the analysis of the question."""


def run(options: Options) -> int:
    """Measures and prints; 1 where what must be reached is not."""
    console = Console(stderr=True)
    found = [options.data] if _is_set(options.data) else sorted(filter(_is_set, options.data.iterdir()))
    sets = [path for path in found if not options.sets or path.name in options.sets]
    if not sets:
        console.print(f"no set in {options.data} has corpus.en.jsonl and corpus.ko.jsonl")
        return 2
    results: list[_Result] = []
    notes: dict[str, dict[str, float]] = {}
    for path in sets:
        console.print(f"{path.name}: reading and analysing")
        judged = _read_set(path)
        ids = sorted(judged.texts["en"].keys() & judged.texts["ko"].keys())
        began = time.process_time()
        with few_collections():
            texts = {lang: _analyse({one: judged.texts[lang][one] for one in ids}) for lang in _LANGS}
        analysing = (time.process_time() - began) / 2
        for half in (0, 1):
            console.print(f"{path.name}: indexing, learning, searching ({half + 1} of 2)")
            measured, notes[f"{path.name}, half {half + 1}"] = _measure(judged, texts, half, analysing)
            results += measured
    _print(results, notes, as_json=options.as_json)
    ours = [result for result in results if result.way == "lexicon"]
    reached = all(result.measures[name] >= least for result in ours for name, least in _MUST.items())
    right = all(
        said["renderings right"] >= LEAST_RIGHT for said in notes.values() if said["renderings judged"]
    )
    return 0 if reached and right else 1


def _is_set(path: Path) -> bool:
    return all((path / name).is_file() for name in ("corpus.en.jsonl", "corpus.ko.jsonl", "qrels.tsv"))


def _read_set(path: Path) -> _Set:
    answers: defaultdict[str, set[str]] = defaultdict(set)
    for line in (path / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, passage, score = line.split("\t")
        if int(score) > 0:
            answers[question].add(passage)
    return _Set(
        path.name,
        {lang: _read_texts(path / f"corpus.{lang}.jsonl") for lang in _LANGS},
        {lang: _read_texts(path / f"queries.{lang}.jsonl") for lang in _LANGS},
        dict(answers),
    )


def _read_texts(path: Path) -> dict[str, str]:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {row["_id"]: f"{row.get('title', '')}\n{row['text']}".strip() for row in rows}


def _half(passage: str) -> int:
    """The half that a passage and its other side are in."""
    return zlib.crc32(passage.encode()) % 2


def _measure(
    judged: _Set, texts: Mapping[Lang, Mapping[str, Text]], half: int, analysing: float
) -> tuple[list[_Result], dict[str, float]]:
    ids = list(texts["en"])
    pairs = [(texts["en"][one], texts["ko"][one]) for one in ids if _half(one) == half]
    rest = [one for one in ids if _half(one) != half]
    with TemporaryDirectory() as folder:
        settings = Settings(Path(folder))
        settings.index.mkdir()
        learning = time.process_time()
        with few_collections():
            teacher, correspondences = _learn(pairs, settings.lexicon)
        learning = time.process_time() - learning
        for lang in _LANGS:
            for one in rest:
                teacher.add(
                    texts[lang][one], lang
                )  # names among what is searched can be found by their sound
        teacher.save(settings.lexicon)
        indexing = time.process_time()
        with few_collections():
            engine, snapshot, numbers = _index(
                settings.index, {lang: {o: texts[lang][o] for o in rest} for lang in _LANGS}
            )
        indexing = time.process_time() - indexing
        lexicon = Lexicon(settings.lexicon)
        first = FirstTry(pairs)
        shown = shown_for(lexicon, pairs)
        for english, korean in to_be_judged(shown):
            print(f"not judged yet: {english}\t{korean}", file=sys.stderr)
        results = list(_compare(judged, half, set(rest), snapshot, numbers, lexicon, first))
        notes = {
            "pairs": len(teacher),
            "passages searched": len(rest),
            "correspondences": correspondences,
            "a search with the other language costs x times one without": _cost(settings, engine, judged),
            "learning, part of analysing, writing and learning": round(
                learning / (analysing + indexing + learning), 3
            ),
            "seconds to learn": round(learning, 1),
            **check(shown),
        }
    return results, notes


def _learn(pairs: Sequence[tuple[Text, Text]], path: Path) -> tuple[Teacher, int]:
    """Who learned from the pairs, each a document, and how many correspondences were written to `path`."""
    reader, teacher = UnitReader(), Teacher()
    lines = [
        lesson_of_pair(str(number), [english], [korean], reader).to_json()
        for number, (english, korean) in enumerate(pairs, start=1)
    ]
    for line in lines:
        teacher.add_lesson(Lesson.from_json(line))
    return teacher, teacher.save(path)


def _cost(settings: Settings, engine: WhooshEngine, judged: _Set) -> float:
    """How much more processor time searches take with what is found and marked by its renderings."""
    plain = Settings(settings.data / "plain")
    shutil.copytree(settings.index, plain.index, ignore=shutil.ignore_patterns(settings.lexicon.name))
    ways = [Archive(plain, WhooshEngine(plain.index)), Archive(settings, engine)]
    asked = [text for lang in _LANGS for text in list(judged.questions[lang].values())[:_TIMED]]
    for text in asked[::20]:  # whatever is loaded by the first searches is no cost of one
        for way in ways:
            way.search(text, page=2)
    spent = [0.0, 0.0]
    for number, text in enumerate(asked):
        for way in (0, 1) if number % 2 else (1, 0):
            began = time.process_time()
            ways[way].search(text)
            spent[way] += time.process_time() - began
    return round(spent[1] / spent[0], 2)


def _analyse(texts: Mapping[str, str]) -> dict[str, Text]:
    tokens = analyze_all(list(texts.values()))
    return {one: (text, next(tokens)) for one, text in texts.items()}


def _index(
    folder: Path, texts: Mapping[Lang, Mapping[str, Text]]
) -> tuple[WhooshEngine, Snapshot, dict[int, str]]:
    """An index of the passages, each a document, and the passage's id by its number in the snapshot."""
    engine = WhooshEngine(folder)
    with engine.writer(rebuild=True) as writer:
        for lang, passages in texts.items():
            for one, (text, tokens) in passages.items():
                passage = Passage(
                    f"{one}/{lang}", 0, BlockKind.PARAGRAPH, lang, text, address=f"{one}.{lang}"
                )
                indexed = (IndexedPassage(passage, tokens),)
                writer.add(IndexedDocument(DocumentInfo(passage.document, Bilingual()), (), indexed, (), ()))
        writer.commit()
    snapshot = engine.snapshot()
    living = [number for number, living in enumerate(snapshot.columns.passage) if living]
    return (
        engine,
        snapshot,
        {
            number: passage.document.partition("/")[0]
            for number, passage in zip(living, snapshot.passages(living), strict=True)
        },
    )


def _compare(  # noqa: PLR0917
    judged: _Set,
    half: int,
    rest: set[str],
    snapshot: Snapshot,
    numbers: Mapping[int, str],
    lexicon: Lexicon,
    first: FirstTry,
) -> list[_Result]:
    results = []
    for lang in _LANGS:
        into = _OTHER[lang]
        asked = {q: text for q, text in judged.questions[lang].items() if judged.answers.get(q, set()) & rest}
        queries = {q: parse_query(text) for q, text in asked.items()}
        answers = [ir_measures.Qrel(q, one, 1) for q in queries for one in judged.answers[q] & rest]
        ways: dict[str, Callable[[Query], Query]] = {
            "same language": lambda query, lang=lang: replace(query, lang=lang),
            "no translation": lambda query, into=into: replace(query, lang=into),
            "first try": lambda query, into=into: first.translate(query, into),
            "lexicon": lambda query, into=into: translate(query, lexicon, into),
        }
        for way, ask in ways.items():
            measures, milliseconds = _ask(queries, ask, snapshot, numbers, answers)
            shown = lang if way == "same language" else into
            results.append(_Result(judged.name, half + 1, f"{lang} > {shown}", way, measures, milliseconds))
    return results


def _ask(
    queries: Mapping[str, Query],
    ask: Callable[[Query], Query],
    snapshot: Snapshot,
    numbers: Mapping[int, str],
    answers: Sequence[ir_measures.Qrel],
) -> tuple[dict[str, float], float]:
    ranked: list[ir_measures.ScoredDoc] = []
    seconds: list[float] = []
    for one, query in queries.items():
        began = time.perf_counter()
        asked = ask(query)
        ranking = snapshot.rank(asked) if asked.clauses else None
        seconds.append(time.perf_counter() - began)
        if ranking is not None:
            # The order is the engine's; equal scores must not be put in another by the measure.
            ranked += [
                ir_measures.ScoredDoc(one, numbers[int(number)], -float(place))
                for place, number in enumerate(ranking.numbers[:10])
            ]
    values = ir_measures.calc_aggregate(list(_MEASURES.values()), answers, ranked)
    return {name: float(values[measure]) for name, measure in _MEASURES.items()}, 1000 * median(seconds)


def _print(results: Sequence[_Result], notes: Mapping[str, Mapping[str, float]], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "set": r.set,
                "half": r.half,
                "direction": r.direction,
                "way": r.way,
                **r.measures,
                "ms": r.milliseconds,
            }
            for r in results
        ]
        print(json.dumps({"results": rows, "notes": notes}, ensure_ascii=False, indent=1))
        return
    console = Console()
    table = Table("set", "half", "question > passage", "way", *_MEASURES, "ms")
    for r in results:
        values = (f"{r.measures[name]:.3f}" for name in _MEASURES)
        table.add_row(r.set, str(r.half), r.direction, r.way, *values, f"{r.milliseconds:.1f}")
    console.print(table)
    for name, said in notes.items():
        console.print(f"{name}: " + ", ".join(f"{what} {value:g}" for what, value in said.items()))
