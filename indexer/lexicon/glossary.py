"""The editor's own glossary, `glossary.tsv` in the archive's folder: it is obeyed above what is learned.

One line is a term, a tab, and its rendering in the other language, whichever of the two comes first; empty
lines and lines that begin with `#` are passed over.  A term may have several lines.  A line that cannot be
used is told and passed over.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from indexer.analysis import analyze_all
from indexer.errors import ReadError
from indexer.lexicon.learn import Correspondence
from indexer.model.terms import Field, Token
from indexer.normalise import normalise
from indexer.readers.charset import decode

__all__ = ["Fault", "Glossary", "glossary_version", "obey", "read_glossary"]

_MOST_BYTES: Final = 16 << 20
_LONGEST_TERM: Final = 200
"""Code points of a term; what is longer is no term."""
_MOST_TERMS: Final = 100_000
_MOST_TOLD: Final = 20
"""Lines that are told one by one; of more, how many there are."""


class Fault(NamedTuple):
    """What could not be used."""

    reason: str
    """One line that names the place as well."""
    lines: int = 1
    """How many lines of the glossary; 0 where it is the whole file."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """What an editor says."""

    terms: tuple[Correspondence, ...] = ()
    faults: tuple[Fault, ...] = ()


def glossary_version(path: Path) -> str:
    """Changes with the content of the glossary; empty where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:32]
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def read_glossary(path: Path) -> Glossary:
    """What the glossary says; nothing where there is none."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            return _unread(path, f"is larger than {_MOST_BYTES >> 20} MB and was left out")
        text = decode(content)
    except FileNotFoundError:
        return Glossary()
    except OSError as error:
        return _unread(path, f"cannot be read: {error.strerror or error}")
    except ReadError as error:
        return _unread(path, str(error))
    faults: list[Fault] = []
    places: dict[tuple[str, str], list[int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        pair = _pair(line)
        if isinstance(pair, str):
            faults.append(Fault(f"{path}, line {number}: {pair}"))
        elif len(places) < _MOST_TERMS:
            places.setdefault(pair, []).append(number)
        else:
            reason = f"there are more than {_MOST_TERMS:,} terms; it was left out"
            faults.append(Fault(f"{path}, line {number}: {reason}"))
            break
    terms = tuple(_correspondences(path, places, faults))
    if len(faults) > _MOST_TOLD:
        more = len(faults) - _MOST_TOLD
        told = f"{path}: {more:,} more line{'' if more == 1 else 's'} that cannot be used"
        faults = [*faults[:_MOST_TOLD], Fault(told, more)]
    return Glossary(terms, tuple(faults))


def _unread(path: Path, reason: str) -> Glossary:
    return Glossary(faults=(Fault(f"{path}: {reason}", 0),))


def obey(given: Sequence[Correspondence], learned: Iterable[Correspondence]) -> list[Correspondence]:
    """What is given, and of what was learned only that which says nothing else about the same terms."""
    english = {one.english for one in given}
    korean = {one.korean for one in given}
    rest = [one for one in learned if one.english not in english and one.korean not in korean]
    return [*given, *rest]


def _pair(line: str) -> tuple[str, str] | str:
    """The English and the Korean term of a line, or what is wrong with it."""
    if any(unicodedata.category(one) == "Cc" for one in line.replace("\t", "")):
        return "there is a control character in it"
    cells = [normalise(cell).strip() for cell in line.rstrip("\t").split("\t")]
    if how := _no_pair(line, cells):
        return f"{how}; write a term, one tab, and its rendering"
    if max(map(len, cells)) > _LONGEST_TERM:
        return f"a term has at most {_LONGEST_TERM} characters"
    korean = [cell for cell in cells if _is_korean(cell)]
    if len(korean) != 1:
        return "one of the two must be English and the other Korean"
    return next(cell for cell in cells if cell != korean[0]), korean[0]


def _no_pair(line: str, cells: Sequence[str]) -> str:
    """Why the cells of a line are no term and its rendering; empty where they are."""
    if "\t" not in line:
        return "there is no tab"
    if len(cells) > 2:  # noqa: PLR2004
        return "there is more than one tab"
    if not cells[0]:
        return "there is no term before the tab"
    return "" if cells[-1] and len(cells) > 1 else "there is no rendering after the tab"


def _correspondences(
    path: Path, places: dict[tuple[str, str], list[int]], faults: list[Fault]
) -> Iterator[Correspondence]:
    """The terms that have words, each once; adds the others to `faults`."""
    tokens = analyze_all([text for pair in places for text in pair])
    seen: set[tuple[str, str]] = set()
    for (english, korean), numbers in places.items():
        keys = (_key(next(tokens)), _key(next(tokens)))
        if not all(keys):
            what = f"there is no word in {english!r} or in {korean!r}"
            faults.extend(Fault(f"{path}, line {number}: {what}") for number in numbers)
        elif keys not in seen:
            seen.add(keys)
            yield Correspondence(
                keys[0], keys[1], english, korean, 1.0, 1.0, together=0, english_pairs=0, korean_pairs=0,
                chance=0.0, given=True,
            )  # fmt: skip


def _key(tokens: Sequence[Token]) -> str:
    """The terms of the smallest units of a text, in a row."""
    smallest = {
        token.position: token.term
        for token in reversed(tuple(tokens))
        if token.field in (Field.ENGLISH, Field.KOREAN) and token.length == 1 and not token.term.endswith(".")
    }
    return " ".join(smallest[position] for position in sorted(smallest))


def _is_korean(text: str) -> bool:
    return any("가" <= character <= "힣" for character in text)
