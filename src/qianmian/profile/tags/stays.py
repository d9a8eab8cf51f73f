"""Stays: since when a tag with few values says of a person what it says, as the builds told it.

A build adds a row for each value that is another than the newest one before; nothing is written of who stays. Rows of
its own instant or later are written again, so that a build that is repeated adds none.
"""

from __future__ import annotations

from collections.abc import Mapping

from qianmian.core.tables import Type
from qianmian.engines.base import Context
from qianmian.lake.connection import Connection, fetch
from qianmian.lake.files import DataFile
from qianmian.profile.tables import TAG_STAYS
from qianmian.profile.tags.declare import Kind, Tag

#: With more values, a person would move at every other build.
MOST_VALUES = 12
_KINDS = (Kind.LIFECYCLE, Kind.RFM, Kind.RULE)
THESE = "person_id BETWEEN getvariable('first') AND getvariable('last')"
#: What was said before this build, and what it says: a row where they differ. Who is gone is said nothing of any more.
_NEW = """
WITH before AS (
    SELECT person_id, tag, arg_max_null(value, since) AS value FROM earlier GROUP BY ALL)
SELECT person_id, tag, getvariable('now') AS since, said.value
FROM (FROM before WHERE tag IN (SELECT unnest($tags))) AS before FULL JOIN said USING (person_id, tag)
WHERE before.value IS DISTINCT FROM said.value
"""
#: Stays that ended before what is kept; the one that went on then stays.
_KEPT = """
SELECT person_id, tag, since, value FROM earlier WHERE tag IN (SELECT unnest($tags))
QUALIFY coalesce(lead(since) OVER (PARTITION BY person_id, tag ORDER BY since), getvariable('now'))
    > getvariable('now') - to_days(getvariable('retention'))
"""


def has_stays(tag: Tag) -> bool:
    """Whether stays are kept of a tag: it cuts people into few declared classes."""
    return tag.kind in _KINDS and tag.type is Type.TEXT and 0 < len(tag.values) <= MOST_VALUES


def stays(context: Context, connection: Connection, names: list[str]) -> Mapping[str, tuple[DataFile, ...]]:
    """Write the stays that begin with a build; all of them, if the table is written anew.

    Params:
        anew_stays: whether the table is written anew, without stays that are too old.
        erasing: whether people were erased: nothing is kept of who is gone.

    Args:
        context: of the task.
        connection: has the relation ``told`` with the values of everybody in the buckets, and ``tag_stays``.
        names: of the tags of which stays are kept.
    """
    for name, value in vars(context.buckets).items():
        connection.execute(f"SET VARIABLE {name} = $value", {"value": value})
    connection.execute(f"SET VARIABLE retention = {TAG_STAYS.retention_days}")
    there = " AND person_id IN (SELECT person_id FROM told)" if context.params["erasing"] else ""
    connection.execute(
        "CREATE TEMP TABLE earlier AS SELECT person_id, tag, since, value FROM tag_stays "
        f"WHERE {THESE} AND since < getvariable('now'){there}"
    )
    said = f"UNPIVOT told ON {', '.join(names)} INTO NAME tag VALUE value" if names else ""
    connection.execute(f"CREATE TEMP VIEW said AS {said or 'SELECT person_id, tag, value FROM earlier WHERE false'}")
    rows = f"({_NEW}) UNION ALL ({_KEPT})" if context.params["anew_stays"] else _NEW
    written = fetch(connection, f"FROM ({rows}) ORDER BY person_id, tag, since", {"tags": names})
    return {TAG_STAYS.name: (context.write(TAG_STAYS.name, written),)} if written.num_rows else {}
