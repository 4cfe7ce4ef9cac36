"""The editor's own glossary, `glossary.tsv` in the archive's folder: it is obeyed above what is learned.

One line is a term, a tab, and its rendering in the other language, whichever of the two comes first; empty
lines and lines that begin with `#` are passed over.  A term may have several lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from indexer.analysis import analyze
from indexer.errors import SettingsError
from indexer.lexicon.learn import Correspondence
from indexer.model import Field
from indexer.normalise import normalise

__all__ = ["obey", "read_glossary"]


def read_glossary(path: Path) -> tuple[Correspondence, ...]:
    """What the glossary says; nothing where there is none.

    Raises:
        SettingsError: the file cannot be read, or a line of it does not have a term in each language.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}; it must be a text in UTF-8") from error
    return tuple(
        _correspondence(path, number, line)
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith("#")
    )


def obey(given: Sequence[Correspondence], learned: Iterable[Correspondence]) -> list[Correspondence]:
    """What is given, and of what was learned only that which says nothing else about the same terms."""
    english = {one.english for one in given}
    korean = {one.korean for one in given}
    rest = [one for one in learned if one.english not in english and one.korean not in korean]
    return [*given, *rest]


def _correspondence(path: Path, number: int, line: str) -> Correspondence:
    cells = [normalise(cell).strip() for cell in line.split("\t")]
    if len(cells) != 2 or not all(cells):  # noqa: PLR2004
        raise SettingsError(f"{path}, line {number}: write a term, one tab, and its rendering")
    korean = [cell for cell in cells if _is_korean(cell)]
    if len(korean) != 1:
        raise SettingsError(f"{path}, line {number}: one of the two must be English and the other Korean")
    english = next(cell for cell in cells if cell != korean[0])
    keys = (_key(english), _key(korean[0]))
    if not all(keys):
        raise SettingsError(f"{path}, line {number}: there is no word in {line.strip()!r}")
    return Correspondence(
        keys[0], keys[1], english, korean[0], 1.0, 1.0, together=0, english_pairs=0, korean_pairs=0,
        chance=0.0, given=True,
    )  # fmt: skip


def _key(text: str) -> str:
    """The terms of the smallest units of `text`, in a row."""
    smallest = {
        token.position: token.term
        for token in reversed(analyze(text))
        if token.field in (Field.ENGLISH, Field.KOREAN) and token.length == 1 and not token.term.endswith(".")
    }
    return " ".join(smallest[position] for position in sorted(smallest))


def _is_korean(text: str) -> bool:
    return any("가" <= character <= "힣" for character in text)
