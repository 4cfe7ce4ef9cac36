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

from indexer.model.text import Lang
from indexer.scripts import script_lang

__all__ = [
    "JudgedPassage",
    "JudgedSet",
    "SetError",
    "SetFiles",
    "find_sets",
    "fixed_order",
    "read_set",
    "sample",
]

_COLUMNS: Final = {3: (0, 1, 2), 4: (0, 2, 3)}
"""By the number of columns of `qrels.tsv`, where question, passage and grade stand."""


class SetError(Exception):
    """A set cannot be read; one line that names the file and says what is wrong."""


@dataclass(frozen=True, slots=True)
class SetFiles:
    """Where a set lies."""

    folder: Path
    lang: Lang | None
    """The language in the names of its files, if there is one."""

    @property
    def name(self) -> str:
        """The folder's name, and the language after a slash where the files name one."""
        return self.folder.name if self.lang is None else f"{self.folder.name}/{self.lang}"

    def file(self, stem: str) -> Path:
        """The file of passages (`corpus`) or of questions (`queries`)."""
        return self.folder / (f"{stem}.jsonl" if self.lang is None else f"{stem}.{self.lang}.jsonl")


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


def find_sets(folder: Path, names: Sequence[str] = ()) -> list[SetFiles]:
    """The sets in `folder`, by name; folders without judged questions are passed over.

    Args:
        folder: a folder of sets, each a folder; or one set.
        names: only these: `set` (in every language it has) or `set/ko`.

    Raises:
        SetError: one of `names` is not there.
    """
    folders = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]
    found = [SetFiles(path, lang) for path in folders for lang in (None, "ko", "en") if _is_set(path, lang)]
    for name in names:
        if not any(name in (one.name, one.folder.name) for one in found):
            there = ", ".join(one.name for one in found) or "none"
            raise SetError(f"{folder}: there is no judged set {name!r}; there are: {there}")
    return [one for one in found if not names or {one.name, one.folder.name} & set(names)]


def fixed_order(keys: Iterable[str]) -> list[str]:
    """The keys as if shuffled, but always in the same way, whatever order they come in."""
    return sorted(keys, key=lambda key: hashlib.sha256(key.encode("utf-8", "replace")).digest())


def sample(judged: JudgedSet, passages: int) -> JudgedSet:
    """So many passages of a set (or all), with the questions whose answers are all among them.

    At most half of them are the answers of at most as many questions, which are taken in a fixed order; the
    others come in a fixed order too.
    """
    kept: dict[str, None] = {}
    questions: list[str] = []
    for question in fixed_order(judged.questions):
        if len(questions) >= passages // 2:
            break
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


def _is_set(folder: Path, lang: Lang | None) -> bool:
    one = SetFiles(folder, lang)
    return all(file.is_file() for file in (one.file("corpus"), one.file("queries"), folder / "qrels.tsv"))


def read_set(files: SetFiles) -> JudgedSet:
    """What the files of a set hold.

    Raises:
        SetError: they are damaged, or hold no question with an answer.
    """
    passages = {
        key: JudgedPassage(_text(one, "title"), _text(one, "text"))
        for key, one in _lines(files.file("corpus"))
    }
    typed = {key: _text(one, "text") for key, one in _lines(files.file("queries"))}
    grades = _grades(files.folder / "qrels.tsv")
    questions = {
        key: text for key, text in typed.items() if any(grade > 0 for grade in grades.get(key, {}).values())
    }
    if not passages or not questions:
        what = "question with an answer in qrels.tsv; do the ids agree?" if passages else "passage"
        raise SetError(f"{files.folder}: holds no {what}")
    lang = files.lang or script_lang(" ".join(questions.values())) or "en"
    return JudgedSet(files.name, lang, passages, questions, {key: grades[key] for key in questions})


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
    for number, line in enumerate(file.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1):
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
