"""The finish of a build: each person's rows are folded into partials, and the shop's totals are summed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import Connection, fetch
from qianmian.lake.files import DataFile
from qianmian.profile.history import files, segments
from qianmian.profile.history.files import column
from qianmian.profile.history.rows import SCHEMA
from qianmian.profile.tags import kernels
from qianmian.profile.tags.builtin import TAGS
from qianmian.profile.tags.cuts import buyers
from qianmian.profile.tags.dimensions import Dimensions, dimensions
from qianmian.profile.tags.partial import Fold, Partial
from qianmian.profile.tags.union import Masks, Union, masks, union

_EPOCH = date(1970, 1, 1)
#: People whose partials must be folded again: they have new rows, lost rows to a move, or a window passes a row today.
_TOUCHED = """
FROM (SELECT person_id FROM partials WHERE next_change_on <= getvariable('today')::DATE
      UNION SELECT person_id FROM masked WHERE segment = getvariable('build') UNION FROM newest)
WHERE person_id BETWEEN getvariable('first') AND getvariable('last') ORDER BY person_id
"""
_COUNTED = ["person_id", "order_rows", "order_last_at", "money_amount"]
#: What the totals need of those who are folded now, and of all others in the buckets.
_EVERYBODY = f"""
CREATE TEMP VIEW everybody AS
FROM folded
UNION ALL BY NAME
SELECT {", ".join(_COUNTED)} FROM partials ANTI JOIN touched USING (person_id)
WHERE NOT getvariable('anew') AND person_id BETWEEN getvariable('first') AND getvariable('last')
"""


@dataclass(frozen=True)
class People:
    """Rows of history, sorted, with the place where each person's begin.

    Attributes:
        ids: person_id of each person.
        start: first row of each person; one more entry than people.
        rows: the rows.
    """

    ids: NDArray[np.int64]
    start: NDArray[np.int64]
    rows: pa.Table

    @staticmethod
    def of(rows: pa.Table) -> People:
        """Find the people of sorted rows."""
        person = column(rows, "person_id") if rows.num_rows else np.empty(0, np.int64)
        start = np.flatnonzero(np.r_[True, person[1:] != person[:-1]]) if len(person) else np.empty(0, np.int64)
        return People(person[start], np.r_[start, len(person)].astype(np.int64), rows)


@dataclass(frozen=True)
class Reckoning:
    """What the kernels need beside the rows.

    Attributes:
        needs: the union of the tags' needs.
        today: the build's local date, in days since 1970.
        silence: microseconds that end a session.
        dimensions: what codes mean.
    """

    needs: Union
    today: int
    silence: int
    dimensions: Dimensions

    @property
    def masks(self) -> Masks:
        """The conditions as look-up tables."""
        return masks(self.needs, self.dimensions.event_codes)


def fold_partials(context: Context) -> Output:
    """Fold the people of the buckets, all or only those touched, and write their partials.

    Params:
        build: number of the build.
        today: the build's local date.
        zone: the workspace's time zone.
        silence: minutes that end a session.
        anew: whether everybody is folded; else untouched people keep their partials.
    """
    with context.connect(*segments.TABLES, "codes", "normal_words", "items", "item_changes", "partials") as connection:
        reckoning = Reckoning(
            union(TAGS),
            (date.fromisoformat(str(context.params["today"])) - _EPOCH).days,
            int(context.params["silence"]) * 60_000_000,
            dimensions(connection, context.snapshot.instant),
        )
        connection.execute(f"SET VARIABLE first = {context.buckets.first}; SET VARIABLE last = {context.buckets.last}")
        rows, touched = _rows(context, connection)
        folded = fold_people(People.of(rows), reckoning)
        connection.register("folded", folded.select(_COUNTED))
        connection.register("touched", pa.table({"person_id": touched}))
        connection.execute(_EVERYBODY)
        people = connection.execute("SELECT count(*) FROM everybody").fetchall()[0][0]
        summary = {"people": people, "folded": folded.num_rows, "buyers": buyers(connection, "everybody")}
    return Output({"partials": _written(context, folded, touched)}, summary, rows_read=rows.num_rows)


def _written(context: Context, folded: pa.Table, touched: NDArray[np.int64]) -> tuple[DataFile, ...]:
    """The people folded, and those who were touched and have no row any more."""
    layer = int(context.params["build"])
    gone = np.setdiff1d(touched, folded.column("person_id").to_numpy(), assume_unique=True)
    written = [context.write("partials", folded, layer=layer)] if folded.num_rows else []
    if len(gone):
        written.append(context.write_gone("partials", pa.table({"person_id": gone}), layer=layer))
    return tuple(written)


def _rows(context: Context, connection: Connection) -> tuple[pa.Table, NDArray[np.int64]]:
    """Rows of the people to fold, and who they are (empty when everybody is)."""
    parts = segments.segments(connection, context.lake.storage, context.buckets)
    if context.params["anew"]:
        return files.merged(files.read(part, context.buckets) for part in parts), np.empty(0, np.int64)
    newest = [files.read(part, context.buckets) for part in parts if part.number == context.params["build"]]
    ids = np.concatenate([np.empty(0, np.int64), *(np.unique(column(part, "person_id")) for part in newest)])
    connection.register("newest", pa.table({"person_id": ids}))
    touched: NDArray[np.int64] = fetch(connection, _TOUCHED).column(0).to_numpy()
    return files.merged(files.of_people(part, touched) for part in parts), touched


def fold_people(people: People, reckoning: Reckoning) -> pa.Table:
    """The partials of each person, in the columns of the table."""
    needs, rows = reckoning.needs, people.rows if people.rows.num_rows else SCHEMA.empty_table()
    age = files.ages(rows, reckoning.today)
    held = kernels.row_masks(column(rows, "event"), age, column(rows, "line"), *_tables(reckoning.masks))
    counts = kernels.counts(people.start, held, len(needs.conditions))
    leaves = kernels.next_change(people.start, age, reckoning.today, np.array(needs.windows, np.int32))
    columns: dict[str, Any] = {"person_id": people.ids, "next_change_on": _dates(leaves)}
    for bit, condition in enumerate(needs.conditions):
        columns[f"{condition.name}_rows"] = counts[bit]
    for partial in needs.partials:
        columns |= _fold(partial, people, held, reckoning)
    return pa.table(columns)


def _tables(found: Masks) -> Iterable[NDArray[np.int64]]:
    return found.by_event, found.by_age, found.by_line


def _fold(partial: Partial, people: People, held: NDArray[np.int64], reckoning: Reckoning) -> dict[str, Any]:
    """One partial of everybody, as the columns that hold it."""
    start, bit = people.start, reckoning.needs.bit(partial.condition)
    at = column(people.rows, "occurred_at")
    found: Any = None
    match partial.fold:
        case Fold.COUNT:
            return {}  # the evidence has it
        case Fold.TOP:
            return _top(partial, people, held, reckoning)
        case Fold.SUM:
            found = kernels.total(start, held, bit, column(people.rows, "amount"))
        case Fold.DAYS:
            found = kernels.days(start, held, bit, column(people.rows, "happened_on"))
        case Fold.SESSIONS:
            found = kernels.sessions(start, held, bit, at, reckoning.silence)
        case Fold.FIRST_AT:
            found = _instants(kernels.first_and_last(start, held, bit, at)[0])
        case Fold.LAST_AT:
            found = _instants(kernels.first_and_last(start, held, bit, at)[1])
    return {partial.name: found}


def _top(partial: Partial, people: People, held: NDArray[np.int64], reckoning: Reckoning) -> dict[str, Any]:
    dimension = reckoning.dimensions.by_name[partial.by]
    events = column(people.rows, "event")
    weight = reckoning.dimensions.weight[events] if partial.half_life_days else np.ones(len(events))
    code, share = kernels.top(
        people.start,
        held,
        reckoning.needs.bit(partial.condition),
        dimension.codes[column(people.rows, dimension.column)],
        weight,
        column(people.rows, "occurred_at"),
        partial.half_life_days or 0.0,
        len(dimension.words),
    )
    words = pa.array(dimension.words[1:], pa.string())
    found = pa.DictionaryArray.from_arrays(pa.array(code - 1, mask=code == 0), words)
    return {partial.name: found, f"{partial.name}_share": share}


def _instants(micros: NDArray[np.int64]) -> pa.Array:
    return pa.array(micros.view("datetime64[us]")).cast(pa.timestamp("us", tz="UTC"))


def _dates(days: NDArray[np.int32]) -> pa.Array:
    never = days == np.iinfo(np.int32).max
    return pa.array(days, mask=never).cast(pa.date32())
