"""Stretches of time: the dates that count, and how long something may take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

MAX_WINDOW_DAYS = 3_660
_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60}


@dataclass(frozen=True)
class Last:
    """``last='7d'``: the n local dates that end with today."""

    days: int

    def dates(self, today: date) -> tuple[date, date]:
        """First and last date of the window.

        >>> Last(7).dates(date(2026, 11, 11))
        (datetime.date(2026, 11, 5), datetime.date(2026, 11, 11))
        """
        return today - timedelta(days=self.days - 1), today

    def __str__(self) -> str:
        return f"last='{self.days}d'"


@dataclass(frozen=True)
class Dates:
    """``from='2026-10-01', to='2026-10-31'``: local dates, both belong; either may be left out."""

    start: date | None = None
    end: date | None = None

    def dates(self, today: date) -> tuple[date, date]:
        """First and last date of the window; what comes after today never counts."""
        return self.start or date.min, min(self.end or today, today)

    def __str__(self) -> str:
        parts = (("from", self.start), ("to", self.end))
        return ", ".join(f"{word}='{day.isoformat()}'" for word, day in parts if day)


EVER = Dates()
Window: TypeAlias = Last | Dates


def write_seconds(seconds: int) -> str:
    """How long something may take, in the largest unit that says it in whole numbers; weeks are told in days.

    >>> write_seconds(604_800), write_seconds(7_200), write_seconds(5_400)
    ('7d', '2h', '90m')
    """
    return next(f"{seconds // size}{unit}" for unit, size in _UNITS.items() if unit != "w" and seconds % size == 0)


def read_seconds(text: str) -> int | None:
    """The seconds that a text like ``7d``, ``12h`` or ``30m`` stands for; None for another spelling, or too many.

    >>> read_seconds("2w"), read_seconds("30m"), read_seconds("0d"), read_seconds("7")
    (1209600, 1800, None, None)
    """
    many, unit = text[:-1], text[-1:]
    if unit not in _UNITS or not (many.isascii() and many.isdigit() and len(many) <= 6):
        return None
    seconds = int(many) * _UNITS[unit]
    return seconds if 0 < seconds <= MAX_WINDOW_DAYS * _UNITS["d"] else None


def read_date(text: str) -> date | None:
    """The date that a text like ``2026-10-01`` stands for; None for any other spelling.

    >>> read_date("2026-10-01"), read_date("2026-02-30"), read_date("20261001")
    (datetime.date(2026, 10, 1), None, None)
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None
