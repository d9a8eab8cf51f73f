"""Rows that were here before: of a repeated id the first stands, in the file and across the lake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from qianmian.collect.imports.check import DUPLICATE, Reason
from qianmian.collect.imports.mapping import Grain
from qianmian.collect.imports.shape import Shape
from qianmian.collect.imports.stage import STAGED, is_few, read_days
from qianmian.collect.seen import SeenEvents
from qianmian.lake.connection import Connection, fetch, literal

#: What makes two deliveries of an event the same: not when it was sent or received, for a retry changes that.
_CONTENT = (
    *("event_id", "kind", "name", "node_id", "consent", "item_id", "order_id", "refund_id"),
    *("total", "currency", "channel", "device_type", "region", "properties", "products"),
)


Days: TypeAlias = tuple[date, ...]
#: Days with fewer rows are written together, for each stretch is asked several questions.
STRETCH_ROWS = 50_000


def open_drops(connection: Connection) -> None:
    """Make the empty table ``drops`` (row, why, day): typed rows that do not stand."""
    connection.execute('CREATE TABLE drops ("row" BIGINT, why VARCHAR, day DATE)')


def drop_repeated(connection: Connection, shape: Shape, replaced_batch: int, seen: SeenEvents | None) -> None:
    """Note in ``drops`` the rows whose event is in the lake, and the repeats within the file.

    Args:
        connection: has ``staged``, ``drops`` and the lake's ``events``.
        shape: of the import.
        replaced_batch: a batch that leaves with this import and so does not count; 0 = none.
        seen: says which events may be in the lake, so that it is not read for all others; None = nobody knows.
    """
    source = (shape.mapping.source, replaced_batch)
    if seen is None:
        _drop_held(connection, f"(FROM staged WHERE {_SOUND})", "true", source)
    elif _suspects(connection, seen):
        # What is sent again is of the same day, nearly always.
        _drop_held(connection, "suspects", _near(connection), source)
        if connection.execute(f"SELECT 1 FROM suspects WHERE {_STANDS} LIMIT 1").fetchall():
            _drop_held(connection, f"(FROM suspects WHERE {_STANDS})", "true", source)
    if shape.mapping.grain is Grain.EVENT and "event_id" in shape.mapping.fields:
        _drop_within(connection)


def _drop_held(connection: Connection, rows: str, where: str, source: tuple[str, int]) -> None:
    held = f"SELECT event_key FROM events WHERE source = ? AND batch <> ? AND {where}"
    connection.execute(
        f"""INSERT INTO drops SELECT "row", '{DUPLICATE}', day FROM {rows}
        WHERE event_key IN (SELECT event_key FROM ({held}) SEMI JOIN {rows} AS these USING (event_key))""",
        source,
    )


def _suspects(connection: Connection, seen: SeenEvents) -> bool:
    """Make the table ``suspects`` (row, event_key, day) of the sound rows that may have been seen, if there is any."""
    rows = fetch(connection, f'SELECT "row", event_key, day FROM staged WHERE {_SOUND}')
    some = rows.filter(pa.array(seen.may_hold(rows["event_key"].to_numpy())))
    if some.num_rows:
        connection.register("found", some)
        connection.execute("CREATE TABLE suspects AS SELECT * FROM found")
        connection.unregister("found")
    return bool(some.num_rows)


def _near(connection: Connection) -> str:
    """SQL: a day of a suspect, or the one before or after it."""
    (first, last), *_ = connection.execute("SELECT min(day) - 1, max(day) + 1 FROM suspects").fetchall()
    return f"day BETWEEN DATE '{first}' AND DATE '{last}'"


_STANDS = '"row" NOT IN (SELECT "row" FROM drops)'
_SOUND = f"verdict IS NULL AND {_STANDS}"


def _drop_within(connection: Connection) -> None:
    content = ", ".join(f"{name} := {name}" for name in _CONTENT)
    connection.execute(
        f"""CREATE TABLE repeated AS
        SELECT event_key FROM staged WHERE {_SOUND} GROUP BY event_key HAVING count(*) > 1"""
    )
    connection.execute(
        f"""INSERT INTO drops
        SELECT "row", CASE WHEN content = first THEN '{DUPLICATE}' ELSE '{Reason.ID_CONFLICT}' END, day
        FROM (
            SELECT "row", day, content, first_value(content) OVER same AS first, row_number() OVER same AS place
            FROM (
                SELECT "row", day, event_key, md5(to_json(struct_pack(
                    at := coalesce(client_at, occurred_at), {content}))::VARCHAR) AS content
                FROM staged WHERE {_SOUND} AND event_key IN (SELECT event_key FROM repeated)
            )
            WINDOW same AS (PARTITION BY event_key ORDER BY "row")
        )
        WHERE place > 1"""
    )


def drop_told_twice(connection: Connection, key: str) -> None:
    """Note in ``drops`` the rows whose key the file told before: of repeats and contradictions the first row stands.

    Args:
        connection: has ``staged``, whose rows have a ``content``, and ``drops``.
        key: columns of a fact's key.
    """
    connection.execute(
        f"""INSERT INTO drops ("row", why)
        SELECT "row", CASE WHEN content = first THEN '{DUPLICATE}' ELSE '{Reason.ID_CONFLICT}' END
        FROM (
            SELECT "row", content, first_value(content) OVER same AS first, row_number() OVER same AS place
            FROM staged WHERE {_SOUND}
            WINDOW same AS (PARTITION BY {key} ORDER BY "row")
        )
        WHERE place > 1"""
    )


def keep_standing(connection: Connection) -> None:
    """Make the view ``sound`` over the rows that stand, as they are."""
    connection.execute(f"CREATE VIEW sound AS SELECT * FROM staged WHERE {_SOUND}")


def keep_sound(connection: Connection, shape: Shape, scratch: Path) -> SoundDays:
    """Make ``sound`` of the rows that stand, with ``is_head`` and ``line``.

    Order lines of one event are brought together on the day of their first row, whose fields the event takes.
    """
    if shape.mapping.grain is Grain.EVENT:
        connection.execute(f"CREATE VIEW sound AS SELECT *, true AS is_head, 0 AS line FROM staged WHERE {_SOUND}")
        return SoundDays(None if is_few(shape) else scratch / STAGED, _days(connection))
    connection.execute(
        f"""CREATE TABLE heads AS
        SELECT event_key, min("row") AS head, arg_min(day, "row") AS head_day, arg_min(occurred_at, "row") AS head_at
        FROM staged WHERE {_SOUND} GROUP BY event_key"""
    )
    rows = f"""SELECT staged.* REPLACE (head_day AS day, head_at AS occurred_at), "row" = head AS is_head,
        (row_number() OVER (PARTITION BY event_key ORDER BY "row") - 1)::INTEGER AS line
        FROM staged JOIN heads USING (event_key) WHERE {_SOUND}"""
    folder = scratch / "sound"
    if (
        is_few(shape) or not connection.execute("SELECT 1 FROM heads LIMIT 1").fetchall()
    ):  # without a row there is no file
        connection.execute(f"CREATE TABLE sound AS {rows}")
        return SoundDays(None, _days(connection))
    connection.execute(f"COPY ({rows}) TO {literal(str(folder))} (FORMAT parquet, PARTITION_BY (day))")
    connection.execute(f"CREATE VIEW sound AS SELECT * FROM {read_days(folder)}")
    return SoundDays(folder, _days(connection))


def _days(connection: Connection) -> tuple[Days, ...]:
    counted = connection.execute("SELECT day, count(*) FROM sound GROUP BY day ORDER BY day").fetchall()
    stretches, rows = list[list[date]](), STRETCH_ROWS
    for day, more in counted:
        if rows + more > STRETCH_ROWS:
            stretches.append([])
            rows = 0
        stretches[-1].append(day)
        rows += more
    return tuple(map(tuple, stretches))


@dataclass(frozen=True)
class SoundDays:
    """The rows that stand, a stretch of days at a time: each is sorted alone, in memory that one day needs.

    Attributes:
        folder: of their files, if they are many.
        stretches: of the days on which there are any, in order; days with few rows stand together.
    """

    folder: Path | None
    stretches: tuple[Days, ...]

    def load(self, connection: Connection, days: Days) -> None:
        """Make the temporary table ``stretch`` the rows of some days."""
        values = {"first": days[0], "last": days[-1]}
        if self.folder is None:
            rows = "FROM sound WHERE day BETWEEN $first AND $last"
            connection.execute(f"CREATE OR REPLACE TEMP TABLE stretch AS {rows}", values)
            return
        head = "" if self.folder.name != STAGED else ", true AS is_head, 0 AS line"
        stands = 'verdict IS NULL AND "row" NOT IN (SELECT "row" FROM drops WHERE day BETWEEN $first AND $last)'
        rows = f"SELECT *{head} FROM {read_days(self.folder, days)} WHERE {stands}"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE stretch AS {rows}", values)
