"""Measures are counted together: what all of them need is united, and each source is scanned once."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa

from qianmian.lake.connection import fetch
from qianmian.measure.metrics.declare import EVER, Measure, Take, Where
from qianmian.measure.metrics.periods import Period
from qianmian.measure.metrics.sources import OF_EVENTS, OF_GOODS, OF_PEOPLE, SOURCES, Source, rows_of
from qianmian.profile.reading import Reading

_OF_PEOPLE = (Take.PEOPLE, Take.PERSON_DAYS)
#: (number of the period, value of the dimension) → what a measure has there; 0 where it says nothing.
Numbers = dict[tuple[int, str | None], Any]


@dataclass(frozen=True)
class Asked:
    """What is asked of measures.

    Attributes:
        periods: oldest first, without gaps.
        by: dimension; None = over all.
        zone: of local dates.
        is_among: whether only people of the relation ``among`` count.
    """

    periods: tuple[Period, ...]
    by: str | None
    zone: str
    is_among: bool


def count(found: Reading, measures: Sequence[Measure], asked: Asked) -> dict[Measure, Numbers]:
    """What each measure has in each period, by each value of the dimension that occurs.

    Args:
        found: shows the lake's tables that the sources read.
        measures: each once.
        asked: of all of them.
    """
    _show_words(found, asked.by)
    told: dict[Measure, Numbers] = {}
    for name, source in SOURCES.items():
        own = [measure for measure in measures if measure.source == name]
        if name == "calendar":
            told |= {measure: _dates(found, asked) for measure in own}
        elif own:
            told |= _Scan(found, source, own, asked).numbers()
    return told


def _dates(found: Reading, asked: Asked) -> Numbers:
    """The number of dates, which is the same for every value."""
    return {(number, None): period.days(found.today) for number, period in enumerate(asked.periods)}


@dataclass(frozen=True)
class _Scan:
    """One source's measures, counted in one scan of it: first by person and date, then by period."""

    found: Reading
    source: Source
    measures: list[Measure]
    asked: Asked

    def numbers(self) -> dict[Measure, Numbers]:
        self._scan()
        told: dict[Measure, Numbers] = {}
        for on in dict.fromkeys(measure.on for measure in self.measures):
            told |= self._by_period(on, [one for one in self.measures if one.on == on and not one.window_days])
        return told | {one: self._in_windows(one) for one in self.measures if one.window_days}

    def _name(self, measure: Measure) -> str:
        return f"m{self.measures.index(measure)}"

    def _scan(self) -> None:
        """Make the table ``scanned``: what each person has of each measure on each date; nobody is person 0."""
        values: dict[str, Any] = {"today": self.found.today}
        if "$zone" in (rows := rows_of(self.source, self.asked.by, self._columns(), is_among=self.asked.is_among)):
            values["zone"] = self.asked.zone
        told = ", ".join(f"{self._taken(one, values)} AS {self._name(one)}" for one in self.measures)
        who = "person_id" if any(one.take in _OF_PEOPLE for one in self.measures) else "0::BIGINT AS person_id"
        dates = ", ".join(dict.fromkeys(measure.on for measure in self.measures))
        where = " OR ".join(f"({self._dated(on, values)})" for on in dates.split(", "))
        self.found.connection.execute(
            f'CREATE OR REPLACE TEMP TABLE scanned AS SELECT {who}, {dates}, "by", {told} FROM ({rows}) '
            f"WHERE {where} GROUP BY ALL",
            values,
        )

    def _columns(self) -> frozenset[str]:
        filters = {where.column for measure in self.measures for where in measure.where}
        return frozenset({one.on for one in self.measures} | {one.column for one in self.measures} | filters)

    def _dated(self, on: str, values: dict[str, Any]) -> str:
        """Rows whose date any measure looks at."""
        back = max((one.window_days for one in self.measures if one.on == on), default=0)
        first = self.asked.periods[0].first
        values |= {f"{on}_from": _days_before(first, back), f"{on}_to": self.asked.periods[-1].last}
        return f"{on} BETWEEN ${on}_from AND ${on}_to"

    def _taken(self, measure: Measure, values: dict[str, Any]) -> str:
        """The aggregate of a measure over a person's rows of a date."""
        terms = [self._filter(where, values) for where in measure.where]
        if measure.after_days:
            terms.append(f"{measure.on} < $today - {int(measure.after_days)}")
        told = f"sum({self._told(measure.column)})" if measure.take is Take.SUM else "count(*)"
        return f"{told} FILTER (WHERE {' AND '.join(terms)})" if terms else told

    def _filter(self, where: Where, values: dict[str, Any]) -> str:
        bound = []
        for value in where.values:
            name = f"v{len(values)}"
            codes = self.found.dimensions.event_codes
            values[name] = codes.get(str(value), -1) if where.column == "event" else value
            bound.append(f"${name}")
        right = f"({', '.join(bound)})" if where.operator == "in" else bound[0]
        return f"{self._told(where.column)} {where.operator} {right}"

    def _told(self, column: str) -> str:
        """A column as an expression on rows; those that earlier rows tell are columns already."""
        return column if column in self.source.windows else f"({self.source.columns[column]})"

    def _dated_rows(self, on: str) -> str:
        """The counted rows with the number of their period."""
        periods = self.asked.periods
        if len(periods) == 1:
            return (
                f"(SELECT *, 0 AS period FROM scanned WHERE {on} BETWEEN '{periods[0].first}' AND '{periods[0].last}')"
            )
        days = [
            (period.first + timedelta(days=day), number)
            for number, period in enumerate(periods)
            for day in range((period.last - period.first).days + 1)
        ]
        dates, numbers = zip(*days, strict=True)
        told = {"date": pa.array(dates, pa.date32()), "period": pa.array(numbers, pa.int32())}
        self.found.connection.register("calendar", pa.table(told))
        return f"scanned JOIN calendar ON {on} = calendar.date"

    def _by_period(self, on: str, measures: list[Measure]) -> dict[Measure, Numbers]:
        """Sums, and people who have enough rows: one who has them on several dates counts once."""
        if not measures:
            return {}
        names = [self._name(measure) for measure in measures]
        each = ", ".join(
            f"count(*) FILTER (WHERE {name} > 0 AND person_id > 0) AS {name}"
            if one.take is Take.PERSON_DAYS
            else f"sum({name}) AS {name}"
            for name, one in zip(names, measures, strict=True)
        )
        told = ", ".join(
            f"count(*) FILTER (WHERE {name} >= {int(one.at_least)} AND person_id > 0) AS {name}"
            if one.take is Take.PEOPLE
            else f"sum({name}) AS {name}"
            for name, one in zip(names, measures, strict=True)
        )
        rows = fetch(
            self.found.connection,
            f'SELECT period, "by", {told} FROM (SELECT period, "by", person_id, {each} FROM {self._dated_rows(on)} '
            "GROUP BY ALL) GROUP BY ALL",
        ).to_pylist()
        word = self._words()
        keyed = [((row["period"], word(row["by"])), row) for row in rows]
        return {
            one: {key: _plain(row[name]) for key, row in keyed if row[name]}
            for name, one in zip(names, measures, strict=True)
        }

    def _in_windows(self, measure: Measure) -> Numbers:
        """People with a row in the dates that end with each period's last one.

        Each date of a person counts until the next one, or as long as the window is; so a running sum of those who
        begin and end to count gives everybody once, however many periods there are.
        """
        name, days = self._name(measure), int(measure.window_days)
        rows = self.found.connection.execute(
            f'WITH days AS (SELECT DISTINCT person_id, "by", {measure.on} AS begins FROM scanned '
            f"WHERE {name} > 0 AND person_id > 0), spans AS ("
            f'SELECT "by", begins, least(begins + {days}, lead(begins) OVER (PARTITION BY person_id, "by" '
            "ORDER BY begins)) AS ends FROM days) "
            'SELECT "by", changed, sum(change)::BIGINT FROM (SELECT "by", begins AS changed, 1 AS change FROM spans '
            'UNION ALL SELECT "by", ends, -1 FROM spans) GROUP BY ALL ORDER BY changed'
        ).fetchall()
        word = self._words()
        changes: defaultdict[str | None, list[tuple[date, int]]] = defaultdict(list)
        for by, changed, change in rows:
            before = changes[word(by)][-1][1] if changes[word(by)] else 0
            changes[word(by)].append((changed, before + change))
        told: Numbers = {}
        for by, counted in changes.items():
            for number, period in enumerate(self.asked.periods):
                at = bisect_right(counted, min(period.last, self.found.today), key=lambda one: one[0])
                if at and counted[at - 1][1]:
                    told[number, by] = counted[at - 1][1]
        return told

    def _words(self) -> Any:
        """How a value of the dimension is read: history has events' words as codes."""
        if self.source.name == "events" and self.asked.by in OF_EVENTS:
            words = self.found.dimensions.by_name[self.asked.by].words
            return lambda code: words[code] if code else None
        return lambda word: word


def _days_before(first: date, days: int) -> date:
    """So many dates back, the first one counted too; no further than the calendar goes."""
    if not days:
        return first
    return date.min if days >= EVER else max(first - timedelta(days=days - 1), date.min)


def _plain(value: Any) -> Any:
    """Whole numbers of sums are whole; money stays decimal."""
    is_whole = isinstance(value, Decimal) and value.as_tuple().exponent == 0
    return int(value) if is_whole else value


def _show_words(found: Reading, by: str | None) -> None:
    """Make the relations ``first_seen``, and of the dimension ``goods_words`` or ``people_words``."""
    found.show_history()
    found.connection.execute(
        f"CREATE OR REPLACE TEMP VIEW first_seen AS SELECT person_id, first_seen_on "
        f"FROM ({found.select(['first_seen_on'])})"
    )
    if by in OF_PEOPLE:
        found.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW people_words AS SELECT person_id, {found.tag(by).name}::VARCHAR AS word "
            f"FROM ({found.select([by])})"
        )
    if by in OF_GOODS:
        found.connection.register("goods_told", _goods(found))
        found.connection.execute(
            "CREATE OR REPLACE TEMP VIEW goods_words AS SELECT goods_told.*, text[:strpos(text, '/') - 1] AS source, "
            "text[strpos(text, '/') + 1:] AS item_id FROM goods_told "
            "JOIN (SELECT code AS item, text FROM codes WHERE kind = 'item') USING (item)"
        )


def _goods(found: Reading) -> pa.Table:
    by_name: Mapping[str, Any] = {name: found.dimensions.by_name[name] for name in OF_GOODS}
    words = {name: [one.words[code] for code in one.codes] for name, one in by_name.items()}
    size = len(words["category"])
    columns = {name: pa.array(values, pa.string()) for name, values in words.items()}
    return pa.table({"item": pa.array(range(size), pa.int32()), **columns})
