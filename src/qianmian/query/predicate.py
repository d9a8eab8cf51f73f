"""What a built-in tag asks of one row of history, as declared data.

A tag declares a `RowCondition` and never text, so its SQL holds only codes, dates and declared column names, all
written out: the runner can put the conditions of many tags into one scan without counting placeholders.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from qianmian.query.fields import CodeOf, HistoryField
from qianmian.query.tree import EVER, Last

Language = Literal["en", "zh-CN"]


@dataclass(frozen=True)
class AnyOf:
    """The field holds one of these texts.

    Attributes:
        field: a coded column of history.
        values: at least one text.
    """

    field: HistoryField
    values: frozenset[str]

    def __post_init__(self) -> None:
        if not self.field.coded or not self.values:
            raise ValueError(f"{self.field.name!r} must be coded and be given at least one value")


@dataclass(frozen=True)
class RowCondition:
    """One row of history counts for a tag.

    Attributes:
        events: names of the events; at least one.
        filters: all must hold on the row.
        window_days: the n local dates that end with today; None for all up to today.
    """

    events: frozenset[str]
    filters: tuple[AnyOf, ...] = ()
    window_days: int | None = None

    def __post_init__(self) -> None:
        if not self.events or (self.window_days is not None and self.window_days < 1):
            raise ValueError("a row condition needs an event, and a window of at least one day")

    @property
    def reads_lines(self) -> bool:
        """Whether it tells about products, so that one event may have several matching rows."""
        return any(each.field.line for each in self.filters)


def sql(condition: RowCondition, codes: CodeOf, today: date) -> str:
    """The condition as a boolean expression over the columns of ``history``.

    A condition that reads no lines holds for one row an event at most, as in `compile`. A name without a code never
    occurred and matches nothing.
    """
    window = EVER if condition.window_days is None else Last(condition.window_days)
    start, end = window.dates(today)
    parts = [_coded("event", condition.events, codes)]
    parts.append(f"happened_on BETWEEN DATE '{start.isoformat()}' AND DATE '{end.isoformat()}'")
    if not condition.reads_lines:
        parts.append("line = 0")
    parts += [_coded(each.field.column, each.values, codes) for each in condition.filters]
    return " AND ".join(parts)


def _coded(column: str, texts: frozenset[str], codes: CodeOf) -> str:
    found = sorted(int(code) for code in (codes(column, text) for text in texts) if code is not None)
    return f'"{column}" IN ({", ".join(map(str, found))})' if found else "FALSE"


def describe(condition: RowCondition, language: Language) -> str:
    """The condition in words, for the evidence of a tag's value.

    >>> describe(RowCondition(frozenset({"Order Completed"}), window_days=30), "en")
    'Order Completed in the last 30 days'
    >>> describe(RowCondition(frozenset({"Order Completed"}), window_days=30), "zh-CN")
    '近 30 天「Order Completed」'
    """
    return _in_chinese(condition) if language == "zh-CN" else _in_english(condition)


def _in_english(condition: RowCondition) -> str:
    filters = [f"{each.field.name} {' or '.join(sorted(each.values))}" for each in condition.filters]
    window = {None: "", 1: " today"}.get(condition.window_days, f" in the last {condition.window_days} days")
    return " or ".join(sorted(condition.events)) + (f" with {' and '.join(filters)}" if filters else "") + window


def _in_chinese(condition: RowCondition) -> str:
    filters = [f"{each.field.name} 为{'或'.join(map(_bracketed, sorted(each.values)))}" for each in condition.filters]
    window = {None: "", 1: "今天"}.get(condition.window_days, f"近 {condition.window_days} 天")
    events = "或".join(map(_bracketed, sorted(condition.events)))
    return window + events + (f"，且 {'，'.join(filters)}" if filters else "")


def _bracketed(text: str) -> str:
    return f"「{text}」"
