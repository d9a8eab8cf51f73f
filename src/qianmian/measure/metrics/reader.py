"""Reads a dictionary of metrics: measures first, then formulas of them; a shop's own would be read the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from qianmian.collect.declaration_reader import DeclarationReader
from qianmian.core.errors import InputError, RulesError
from qianmian.core.messages import Message
from qianmian.measure.metrics.declare import (
    EVER,
    FAMILIES,
    SIGNS,
    Better,
    Formula,
    Joined,
    Measure,
    Metric,
    Take,
    Unit,
    Where,
    Worded,
)
from qianmian.measure.metrics.sources import SOURCES

_BOUNDS = {"at_least": ">=", "at_most": "<="}
_MEASURE = (
    "title",
    "of",
    "count",
    "sum",
    "by_date",
    "where",
    "at_least",
    "window_days",
    "after_days",
    "opens",
    "opens_today",
)
_METRIC = (
    "title",
    "family",
    "meaning",
    "trap",
    "formula",
    "unit",
    "better",
    "events",
    "owner",
    "version",
    "opens",
    "opens_today",
)
_MOST_DEEP = 5


class Reader(DeclarationReader):
    """Reads the whole text; see `DeclarationReader`."""

    error, most_bytes = RulesError, 1024 * 1024
    too_large, start = Message("metrics_too_large", most=1024), Message("metrics_start")
    unknown_key = Message("metrics_unknown_key")


def read_metrics(text: str, name: str | Message) -> tuple[Metric, ...]:
    """Parse and check a dictionary.

    Args:
        text: the YAML.
        name: what messages call it.

    Raises:
        RulesError: the first thing that is wrong, with its place and what was expected.
    """
    reader = Reader(name)
    top = reader.section(reader.load(text), "file", ("measures", "metrics"))
    measures = {
        key: _Entry(reader, f"measures.{key}", reader.section(told, f"measures.{key}", _MEASURE)).measure(key)
        for key, told in reader.section(top.get("measures", {}), "measures").items()
    }
    return tuple(
        _Entry(reader, f"metrics.{key}", reader.section(told, f"metrics.{key}", _METRIC)).metric(key, measures)
        for key, told in reader.section(top.get("metrics", {}), "metrics").items()
    )


@dataclass(frozen=True)
class _Entry:
    """What an author says of one measure or metric."""

    reader: Reader
    path: str
    told: Mapping[str, Any]

    def measure(self, name: str) -> Measure:
        source = SOURCES[self.choice("of", tuple(SOURCES))]
        is_sum = "sum" in self.told
        filters = self.reader.section(self.told.get("where", {}), f"{self.path}.where", tuple(source.columns))
        return Measure(
            name=name,
            title=self.worded("title"),
            source=source.name,
            take=Take.SUM if is_sum else Take(self.choice("count", (Take.ROWS, Take.PEOPLE, Take.PERSON_DAYS))),
            on=self.choice("by_date", source.dates, source.dates[0]),
            column=self.choice("sum", tuple(source.columns)) if is_sum else "",
            where=tuple(where for column, value in filters.items() for where in self.filters(column, value)),
            at_least=self.number("at_least", 1),
            window_days=EVER if self.told.get("window_days") == "ever" else self.number("window_days", 0),
            after_days=self.number("after_days", 0),
            opens=self.text("opens"),
            opens_today=self.text("opens_today"),
        )

    def metric(self, name: str, measures: Mapping[str, Measure]) -> Metric:
        return Metric(
            name=name,
            family=self.choice("family", FAMILIES),
            title=self.worded("title"),
            meaning=self.worded("meaning"),
            trap=self.worded("trap") if "trap" in self.told else Worded("", ""),
            formula=self.formula(self.told.get("formula"), measures),
            unit=Unit(self.choice("unit", tuple(Unit))),
            better=Better(self.choice("better", tuple(Better))),
            events=tuple(self.told.get("events", ())),
            opens=self.text("opens"),
            opens_today=self.text("opens_today"),
            owner=self.text("owner") or "Qianmian",
            version=self.number("version", 1),
        )

    def formula(self, told: Any, measures: Mapping[str, Measure], deep: int = 0) -> Formula:
        """A measure's name, or a sign with two formulas."""
        if isinstance(told, str) and told in measures:
            return measures[told]
        if isinstance(told, dict) and len(told) == 1 and deep < _MOST_DEEP:
            (sign, sides), *_ = told.items()
            if sign in SIGNS and isinstance(sides, list) and len(sides) == 2:  # left and right
                left, right = (self.formula(side, measures, deep + 1) for side in sides)
                return Joined(sign, left, right)
        raise self.wrong("formula", Message("metric_formula", signs=tuple(SIGNS)), str(told))

    def filters(self, column: str, value: Any) -> list[Where]:
        """A value, some of which any holds, or bounds."""
        if isinstance(value, dict):
            self.reader.known(value, _BOUNDS, f"{self.path}.where.{column}.")
            return [Where(column, _BOUNDS[bound], (number,)) for bound, number in value.items()]
        return [Where(column, "in", tuple(value) if isinstance(value, list) else (value,))]

    def wrong(self, key: str, expected: Message, got: object = None) -> InputError:
        return self.reader.wrong(f"{self.path}.{key}", expected, got)

    def choice(self, key: str, choices: tuple[str, ...], otherwise: str = "") -> str:
        value = self.told.get(key, otherwise)
        if value not in choices:
            raise self.wrong(key, Message("mapping_choice", choices=tuple(map(str, choices))), str(value))
        return str(value)

    def number(self, key: str, otherwise: int) -> int:
        value = self.told.get(key, otherwise)
        return value if value == otherwise else self.reader.whole(value, f"{self.path}.{key}", EVER)

    def text(self, key: str) -> str:
        value = self.told.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(key, Message("rules_text", most=2000), value)
        return value.strip()

    def worded(self, key: str) -> Worded:
        told = self.reader.section(self.told.get(key), f"{self.path}.{key}", ("zh", "en"))
        return Worded(*(" ".join(str(told.get(language, "")).split()) for language in ("zh", "en")))
