"""The finish of a build: each person's rows are folded into partials, and the shop's totals are summed."""

from __future__ import annotations

from collections.abc import Sequence
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
from qianmian.profile.tables import partials_table
from qianmian.profile.tags import cuts, kernels
from qianmian.profile.tags.built_in import all_tags
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.dimensions import Dimension, Dimensions, dimensions
from qianmian.profile.tags.formulas import Ranked
from qianmian.profile.tags.masks import masks
from qianmian.profile.tags.partial import BY, Fold, Partial
from qianmian.profile.tags.union import BITS, Union, union
from qianmian.profile.tags.values import select_tags, with_used

_EPOCH = date(1970, 1, 1)
#: People whose partials must be folded again: they have new rows, lost rows to a move, or a window passes a row today.
_TOUCHED = """
FROM (SELECT person_id FROM partials WHERE next_change_on <= getvariable('today')::DATE
      UNION SELECT person_id FROM masked WHERE segment = getvariable('build') UNION FROM newest)
WHERE person_id BETWEEN getvariable('first') AND getvariable('last') ORDER BY person_id
"""
_COUNTED = ("person_id", "order_rows", "order_last_at", "money_amount")
#: What the totals need of those who are folded now, and of all others in the buckets.
_EVERYBODY = """
CREATE TEMP VIEW everybody AS
FROM folded
UNION ALL BY NAME
SELECT {columns} FROM partials ANTI JOIN touched USING (person_id)
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


def fold_partials(context: Context) -> Output:
    """Fold the people of the buckets, all or only those touched, and write their partials.

    Params:
        build: number of the build.
        today: the build's local date.
        zone: the workspace's time zone.
        silence: minutes that end a session.
        anew: whether everybody is folded; else untouched people keep their partials.
        tags: the shop's own, see `Declaration.to_json`.
    """
    tags = all_tags(str(context.params["tags"]))
    needs = union(tags)
    context.lake.declare(partials_table(needs))
    with context.connect(*segments.TABLES, "codes", "normal_words", "items", "item_changes", "partials") as connection:
        reckoning = Reckoning(
            needs,
            (date.fromisoformat(str(context.params["today"])) - _EPOCH).days,
            int(context.params["silence"]) * 60_000_000,
            dimensions(connection, context.snapshot.instant),
        )
        connection.execute(f"SET VARIABLE first = {context.buckets.first}; SET VARIABLE last = {context.buckets.last}")
        rows, touched = _rows(context, connection)
        folded = fold_people(People.of(rows), reckoning)
        connection.register("touched", pa.table({"person_id": touched}))
        summary = {"folded": folded.num_rows, **_totals(connection, tags, folded)}
    return Output({"partials": _written(context, folded, touched)}, summary, rows_read=rows.num_rows)


def _totals(connection: Connection, tags: Sequence[Tag], folded: pa.Table) -> dict[str, Any]:
    """People, totals of the buyers, and how often each value of each ranking occurs."""
    rankings = [tag for tag in tags if isinstance(tag.formula, Ranked)]
    made_of = [tag for tag in with_used(rankings, tags) if tag not in rankings]
    columns = list(dict.fromkeys([*_COUNTED, *union(rankings).columns]))
    connection.register("folded", folded.select(columns))
    connection.execute(_EVERYBODY.format(columns=", ".join(columns)))
    people = connection.execute("SELECT count(*) FROM everybody").fetchall()[0][0]
    measures = {tag.name: tag.formula.measure for tag in rankings if isinstance(tag.formula, Ranked)}
    told = cuts.ranked(connection, select_tags(made_of, "everybody"), measures) if measures else {}
    return {"people": people, "buyers": {**cuts.buyers(connection, "everybody"), "ranked": told}}


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
    held = masks(needs, reckoning.dimensions).of(rows, age)
    counts = np.concatenate([kernels.counts(people.start, mask, BITS) for mask in held])
    leaves = kernels.next_change(people.start, age, reckoning.today, np.array(needs.windows, np.int32))
    columns: dict[str, Any] = {"person_id": people.ids, "next_change_on": _dates(leaves)}
    for index, condition in enumerate(needs.conditions):
        columns[f"{condition.name}_rows"] = counts[index]
    for partial in needs.partials:
        mask, bit = needs.place(partial.condition)
        fold = _fold_dimension if partial.fold in BY else _fold
        columns |= fold(partial, people, _Met(held[mask], bit), reckoning)
    return pa.table(columns)


@dataclass(frozen=True)
class _Met:
    """The rows of one condition: a bit of a mask."""

    mask: NDArray[np.int64]
    bit: int


def _fold(partial: Partial, people: People, met: _Met, reckoning: Reckoning) -> dict[str, Any]:
    """One partial of everybody, as the columns that hold it."""
    of, rows = (people.start, met.mask, met.bit), people.rows
    found: Any = None
    match partial.fold:
        case Fold.COUNT:
            return {}  # the evidence has it
        case Fold.EVENTS:
            found = kernels.groups(*of, column(rows, "event_key"))
        case Fold.SUM:
            found = kernels.total(*of, column(rows, "amount"))
        case Fold.LARGEST | Fold.SMALLEST:
            found = _whole(kernels.extremes(*of, column(rows, "amount"))[partial.fold is Fold.LARGEST])
        case Fold.DAYS:
            found = kernels.days(*of, column(rows, "happened_on"))
        case Fold.SESSIONS:
            found = kernels.sessions(*of, column(rows, "occurred_at"), reckoning.silence)
        case Fold.FIRST_AT | Fold.LAST_AT:
            ends = kernels.first_and_last(*of, column(rows, "occurred_at"))
            found = _instants(ends[partial.fold is Fold.LAST_AT])
    return {partial.name: found}


def _fold_dimension(partial: Partial, people: People, met: _Met, reckoning: Reckoning) -> dict[str, Any]:
    """The same of a partial that is told by a dimension."""
    dimension = reckoning.dimensions.by_name[partial.by]
    code = dimension.codes[column(people.rows, dimension.column)]
    of = people.start, met.mask, met.bit, code
    if partial.fold is Fold.DISTINCT:
        return {partial.name: kernels.distinct(*of, len(dimension.words))}
    if partial.fold is not Fold.TOP:
        return {partial.name: _words(kernels.ends(*of)[partial.fold is Fold.LAST], dimension)}
    events = column(people.rows, "event")
    weight = reckoning.dimensions.weight[events] if partial.half_life_days else np.ones(len(events))
    at, half_life = column(people.rows, "occurred_at"), partial.half_life_days or 0.0
    best, share = kernels.top(*of, weight, at, half_life, len(dimension.words))
    return {partial.name: _words(best, dimension), f"{partial.name}_share": share}


def _words(code: NDArray[np.int32], dimension: Dimension) -> pa.Array:
    words = pa.array(dimension.words[1:], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(code - 1, mask=code == 0), words)


def _whole(numbers: NDArray[np.int64]) -> pa.Array:
    return pa.array(numbers, mask=numbers == kernels.NONE)


def _instants(micros: NDArray[np.int64]) -> pa.Array:
    return pa.array(micros.view("datetime64[us]")).cast(pa.timestamp("us", tz="UTC"))


def _dates(days: NDArray[np.int32]) -> pa.Array:
    never = days == np.iinfo(np.int32).max
    return pa.array(days, mask=never).cast(pa.date32())
