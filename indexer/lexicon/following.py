"""A teacher that takes up lessons as they are made, so that nobody reads them again when all is written."""

from __future__ import annotations

from typing import Final

from indexer.lexicon.lessons import MOST_PAIRS, Lesson
from indexer.lexicon.teacher import Teacher
from indexer.model.text import LANGS

__all__ = ["Following"]

_MOST_UNITS: Final = 2_000_000
"""Units of all lessons; of more, the teacher would take the memory that the writing of the index needs."""


class Following:
    """Takes up lessons as long as they come in the order of their documents, which is that of the file."""

    def __init__(self) -> None:
        self._teacher: Teacher | None = Teacher(MOST_PAIRS)
        self._last = ""
        self._lessons = self._units = 0

    def add(self, lesson: Lesson, *, as_written: bool) -> None:
        """Takes up a lesson; one that is not read as it is now, since it could not be written so, is none."""
        if self._teacher is None:
            return
        self._units += sum(len(lesson.units[lang]) for lang in LANGS)
        if lesson.document <= self._last or self._units > _MOST_UNITS or not as_written:
            self.give_up()
        else:
            self._teacher.add_lesson(lesson)
            self._last = lesson.document
            self._lessons += 1

    def give_up(self) -> None:
        """Knows nothing any more: a lesson that was taken up does not hold."""
        self._teacher = None

    def teacher(self, lessons: int) -> Teacher | None:
        """The teacher where it has taken up so many lessons, and so all of them; else `None`."""
        return self._teacher if self._lessons == lessons else None
