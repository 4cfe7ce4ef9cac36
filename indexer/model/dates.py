"""When a document is from, as far as that is known: a year, a year and a month, or a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from indexer.frozen import quickly_pickled

__all__ = ["Date"]


@quickly_pickled
@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A date of which the day, or the month and the day, may be unknown; such a one comes first in its time.

    >>> Date(1990) < Date(1990, 6) < Date(1990, 6, 1) < Date(1991)
    True

    Raises:
        ValueError: there is no such date, or a day without its month.
    """

    year: int
    """From 1 to 9999."""
    month: int = 0
    """0 where it is unknown."""
    day: int = 0
    """0 where it is unknown."""

    def __post_init__(self) -> None:
        if self.day and not self.month:
            raise ValueError(f"day {self.day} of {self.year} has no month")
        self.first_day()

    def first_day(self) -> dt.date:
        """The first day that it may mean."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    def toordinal(self) -> int:
        """The proleptic Gregorian ordinal of the first day that it may mean."""
        return self.first_day().toordinal()

    def isoformat(self) -> str:
        """What is known of it as in ISO 8601: YYYY, YYYY-MM or YYYY-MM-DD.

        >>> Date(1990).isoformat(), Date(1990, 6).isoformat(), Date(1990, 6, 5).isoformat()
        ('1990', '1990-06', '1990-06-05')
        """
        month = f"-{self.month:02d}" if self.month else ""
        return f"{self.year:04d}{month}" + (f"-{self.day:02d}" if self.day else "")

    @classmethod
    def fromisoformat(cls, text: str) -> Date:
        """The date that `isoformat` has written so.

        Raises:
            ValueError: it is not written so, or there is no such date.
        """
        return cls(*map(int, text.split("-")))
