"""The files that history is made of now: a base and daily segments, with what later segments made void."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.engines.base import Buckets, Context, Output
from qianmian.lake.connection import Connection, fetch
from qianmian.lake.storage import Storage
from qianmian.profile.history import files
from qianmian.profile.history.files import Segment
from qianmian.profile.history.fold import deal
from qianmian.profile.history.rows import SCHEMA
from qianmian.unify.fresh import show_corrected
from qianmian.unify.identity.place import placed, show_owners

TABLES = ("segments", "masked")


def segments(connection: Connection, storage: Storage, buckets: Buckets) -> list[Segment]:
    """The files that may hold people of the buckets; the connection has views of `TABLES`."""
    listed = connection.execute(
        """SELECT segment, file, rows FROM segments WHERE first_id <= $last AND last_id >= $first
           ORDER BY segment, first_id""",
        {"first": buckets.first, "last": buckets.last},
    ).fetchall()
    table = fetch(connection, "SELECT person_id, max(segment) AS segment FROM masked GROUP BY ALL ORDER BY 1")
    person, since = table.column("person_id").to_numpy(), table.column("segment").to_numpy()
    folder = storage.root / files.FOLDER
    return [Segment(number, folder / file, rows, person[since > number], storage) for number, file, rows in listed]


def lift(context: Context) -> Output:
    """Deal the rows of people who moved out again, each placed anew by its key node and instant.

    People whose money was folded wrongly are lifted too, without those events: they are folded again.

    Params:
        build: number of the build, which makes their rows in earlier segments void.
        version: the identity version that moved them.
        shift: how far a person_id is shifted to give its part.
    """
    with context.connect(*TABLES, "moved", "persons") as connection:
        show_corrected(context, connection)
        people = _people_to_lift(connection, context.buckets)
        rows = files.merged(
            files.of_people(segment, people) for segment in segments(connection, context.lake.storage, context.buckets)
        )
        connection.register("history_rows", rows.drop_columns(["person_id"]))
        show_owners(connection, "SELECT node_id FROM history_rows")
        connection.execute(
            "CREATE TEMP VIEW lifted_rows AS SELECT * FROM history_rows ANTI JOIN corrected USING (event_key)"
        )
        dealt = deal(context, connection, "lifted_rows") if rows.num_rows else 0
    void = pa.table({"segment": np.full(len(people), context.params["build"]), "person_id": people})
    masked = context.write("masked", void)
    return Output({"masked": (masked,)}, {"rows": dealt, "people": len(people)}, rows_read=rows.num_rows)


def _people_to_lift(connection: Connection, buckets: Buckets) -> NDArray[np.int64]:
    """Sorted person_ids in the buckets that lost something in the build's identity version, or have wrong rows."""
    show_owners(connection, "SELECT node_id FROM corrected")
    found = fetch(
        connection,
        f"""SELECT DISTINCT person_id FROM (
                SELECT old AS person_id FROM moved WHERE version = getvariable('version') AND old <> 0
                UNION ALL SELECT person_id FROM ({placed(connection, "corrected")}))
            WHERE person_id BETWEEN $first AND $last ORDER BY 1""",
        {"first": buckets.first, "last": buckets.last},
    )
    people: NDArray[np.int64] = found.column("person_id").to_numpy()
    return people


def gather(context: Context) -> Output:
    """Write what was dealt to these buckets as one sorted file of history.

    Params:
        build: number of the build.
        parts: number of ranges of person_id.
    """
    width = 2**63 // int(context.params["parts"])
    dealt = context.dealt("fold", context.buckets.first // width)
    if not dealt:
        return Output()
    with context.connect() as connection:
        ordered = fetch(
            connection,
            f"""SELECT {", ".join(SCHEMA.names)} FROM read_parquet($files, hive_partitioning = false)
                ORDER BY person_id, occurred_at, event_key, line""",
            {"files": [str(path) for path in dealt]},
        )
    path = files.write(context.lake.storage, ordered)
    entry = pa.table(
        {
            "segment": [int(context.params["build"])],
            "first_id": [context.buckets.first],
            "last_id": [context.buckets.last],
            "file": [path.name],
            "rows": [ordered.num_rows],
        }
    )
    return Output({"segments": (context.write("segments", entry),)}, {"rows": ordered.num_rows}, ordered.num_rows)
