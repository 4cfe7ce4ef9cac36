"""Is the lexicon still what the archive's pairs teach, or when is it learned again?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from indexer.errors import IndexOutdatedError
from indexer.lexicon.lesson_lines import Head, read_head, read_lessons
from indexer.lexicon.lessons import MOST_PAIRS
from indexer.settings import Settings

if TYPE_CHECKING:
    from indexer.lexicon.following import Following
    from indexer.lexicon.glossary import Fault

__all__ = ["Learned", "Postponed", "about_lexicon", "learn", "postponed"]

_AT_ONCE: Final = 2_000
"""Up to so many pairs, learning takes about two seconds, and is done after each change."""
_POSTPONED: Final = 0.05
"""The part of the pairs that may have changed before a larger archive is learned from again."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The lexicon has been learned again; it knows all pairs of the archive."""

    pairs: int
    renderings: int
    """Correspondences of words that it knows."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """The lexicon has not been learned again, as little has changed."""

    pairs: int
    changed: int
    """Pairs that have changed since it was learned."""


def postponed(settings: Settings) -> Postponed | None:
    """What the lexicon has not been learned from yet; `None` where it knows all pairs."""
    about, head = about_lexicon(settings.lexicon), read_head(settings.lessons)
    if head is None or not head.altered or about.get("generation", head.generation) == head.generation:
        return None
    return Postponed(head.pairs, head.changed)


def learn(
    settings: Settings, head: Head, about: Mapping[str, str], following: Following | None
) -> Iterator[Fault | Learned | Postponed]:
    """Learns the lexicon again where that is due, and tells so; before, what cannot be used of the glossary.

    Args:
        settings: the archive.
        head: what the first line of its lessons says.
        about: what the lexicon knows of itself, see `about_lexicon`.
        following: has taken up the lessons as they were made, if they are new.

    Raises:
        OSError: the disk is full or not writable; the old lexicon stays.
    """
    if not head.pairs and not settings.glossary.exists():
        settings.lexicon.unlink(missing_ok=True)
        return
    from indexer.lexicon.glossary import Fault, glossary_version  # noqa: PLC0415 - see `about_lexicon`

    glossary = glossary_version(settings.glossary)
    if about.get("glossary") == glossary and "unused" in about:
        few = head.changed <= _POSTPONED * head.pairs and not head.removed
        learned = not head.altered or about["generation"] == head.generation
        if learned or (head.pairs > _AT_ONCE and few):
            yield from (Fault(*one) for one in json.loads(about["unused"]))
            if not learned:
                yield Postponed(head.pairs, head.changed)
            return
    from indexer.lexicon import Teacher, read_glossary  # noqa: PLC0415 - see `about_lexicon`

    said = read_glossary(settings.glossary)
    yield from said.faults
    teacher = following.teacher(head.lessons) if following is not None else None
    if teacher is None:
        teacher = Teacher(MOST_PAIRS)
        for lesson in read_lessons(settings.lessons):
            teacher.add_lesson(lesson)
    noted = {
        "generation": head.generation, "glossary": glossary, "pairs": str(head.pairs),
        "unused": json.dumps(said.faults),  # told each time, without a second analysis of the glossary
    }  # fmt: skip
    yield Learned(head.pairs, teacher.save(settings.lexicon, said.terms, noted))


def about_lexicon(path: Path) -> Mapping[str, str]:
    """What the lexicon knows of itself; nothing where there is none that can be read."""
    if not path.exists():
        return {}
    from indexer.lexicon import Lexicon  # noqa: PLC0415 - an archive without pairs does not need it

    try:
        lexicon = Lexicon(path)
        lexicon.check()
    except (FileNotFoundError, IndexOutdatedError):
        return {}
    return lexicon.about
