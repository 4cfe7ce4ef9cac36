"""Judged sets as they lie in a folder: passages, questions, and which passage answers which question.

A set is a folder with `corpus.jsonl` (`{"_id", "title", "text"}` a line), `queries.jsonl` (`{"_id", "text"}`)
and `qrels.tsv` (question, passage and grade, or question, iteration, passage and grade as TREC has it).  A
set in two languages has `corpus.ko.jsonl` and `corpus.en.jsonl`, `queries.ko.jsonl` and `queries.en.jsonl`;
each language is then a set of its own, named `set/ko` and `set/en`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from indexer.model import LANGS, Lang
from indexer.scripts import script_lang

__all__ = ["JudgedPassage", "JudgedSet", "SetError", "find_sets", "fixed_order", "sample"]

_PLAIN: Final = ""
_COLUMNS: Final = {3: (0, 1, 2), 4: (0, 2, 3)}
"""By the number of columns of `qrels.tsv`, where question, passage and grade stand."""


class SetError(Exception):
    """A set cannot be read; one line that names the file and says what is wrong."""


@dataclass(frozen=True, slots=True)
class JudgedPassage:
    """A passage of a set; either part may be empty."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """Passages, and questions with the passages that answer them."""

    name: str
    lang: Lang
    passages: Mapping[str, JudgedPassage]
    questions: Mapping[str, str]
    """Only those that have an answer."""
    grades: Mapping[str, Mapping[str, int]]
    """By question and passage; above 0 for an answer, the better the higher."""


def find_sets(folder: Path, names: Sequence[str] = ()) -> Iterator[JudgedSet]:
    """The sets in `folder`, by name, one at a time; folders without judged questions are passed over.

    Args:
        folder: a folder of sets, each a folder; or one set.
        names: only these: `set` (in every language it has) or `set/ko`.

    Raises:
        SetError: a set is damaged, or one of `names` is not there.
    """
    found = [
        (f"{path.name}/{suffix}" if suffix else path.name, path, suffix)
        for path in [folder, *sorted(folder.iterdir())]
        for suffix in (_PLAIN, "ko", "en")
        if _is_set(path, suffix)
    ]
    for name in names:
        if not any(name in (one, path.name) for one, path, _ in found):
            there = ", ".join(one for one, _, _ in found) or "none"
            raise SetError(f"{folder}: there is no judged set {name!r}; there are: {there}")
    for name, path, suffix in found:
        if not names or name in names or path.name in names:
            yield _read(name, path, suffix)


def fixed_order(keys: Iterable[str]) -> list[str]:
    """The keys as if shuffled, but always in the same way, whatever order they come in."""
    return sorted(keys, key=lambda key: hashlib.sha256(key.encode("utf-8", "replace")).digest())


def sample(judged: JudgedSet, passages: int) -> JudgedSet:
    """So many passages of a set (or all), with the questions whose answers are all among them.

    First come the passages that answer a question, with all others that answer it, in a fixed order of the questions;
    what room they leave is filled with others.
    """
    kept: dict[str, None] = {}
    questions: list[str] = []
    for question in fixed_order(judged.questions):
        answers = [key for key, grade in judged.grades[question].items() if grade > 0]
        if len(kept.keys() | answers) <= passages // 2 and all(key in judged.passages for key in answers):
            kept |= dict.fromkeys(answers)
            questions.append(question)
    for key in fixed_order(judged.passages):
        if len(kept) >= passages:
            break
        kept[key] = None
    return replace(
        judged,
        passages={key: passage for key, passage in judged.passages.items() if key in kept},
        questions={key: judged.questions[key] for key in questions},
        grades={
            key: {one: grade for one, grade in judged.grades[key].items() if one in kept} for key in questions
        },
    )


def _is_set(path: Path, suffix: str) -> bool:
    files = (_file(path, "corpus", suffix), _file(path, "queries", suffix), path / "qrels.tsv")
    return all(file.is_file() for file in files)


def _file(path: Path, stem: str, suffix: str) -> Path:
    return path / (f"{stem}.{suffix}.jsonl" if suffix else f"{stem}.jsonl")


def _read(name: str, path: Path, suffix: str) -> JudgedSet:
    passages = {
        key: JudgedPassage(_text(one, "title"), _text(one, "text"))
        for key, one in _lines(_file(path, "corpus", suffix))
    }
    typed = {key: _text(one, "text") for key, one in _lines(_file(path, "queries", suffix))}
    grades = _grades(path / "qrels.tsv")
    questions = {
        key: text for key, text in typed.items() if any(grade > 0 for grade in grades.get(key, {}).values())
    }
    if not questions or not passages:
        what = "passage" if questions else "question with an answer in qrels.tsv"
        raise SetError(f"{path}: has no {what}; its ids may not agree")
    lang = next((lang for lang in LANGS if lang == suffix), None) or _language(questions.values())
    return JudgedSet(name, lang, passages, questions, {key: grades[key] for key in questions})


def _lines(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object of a file with its id."""
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                one = json.loads(line)
                yield str(one["_id"] if "_id" in one else one["id"]), one
            except (ValueError, KeyError, TypeError) as error:
                raise SetError(f"{file}:{number}: is no JSON object with an _id ({error})") from error


def _text(one: Mapping[str, Any], key: str) -> str:
    value = one.get(key)
    return "" if value is None else str(value)


def _grades(file: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), 1):
        columns = [column.strip() for column in (line.split("\t") if "\t" in line else line.split())]
        if not any(columns):
            continue
        try:
            question, passage, grade = (columns[at] for at in _COLUMNS[len(columns)])
            grades.setdefault(question, {})[passage] = round(float(grade))
        except (KeyError, ValueError) as error:
            if number == 1 and len(columns) in _COLUMNS:
                continue  # the names of the columns
            raise SetError(f"{file}:{number}: is not question, passage and grade, by tabs") from error
    return grades


def _language(texts: Iterable[str]) -> Lang:
    return script_lang(" ".join(texts)) or "en"
