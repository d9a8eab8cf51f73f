"""Statements become traits: what holds of each person, of those of whom anything is new."""

from __future__ import annotations

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import Connection, fetch
from qianmian.lake.write import write_rows
from qianmian.unify.facts.rules import FactRules
from qianmian.unify.facts.vote import resolved, show_rules
from qianmian.unify.identity.place import placed, show_owners

_MINE = "person_id BETWEEN {first} AND {last}"
_REDONE = """
CREATE TEMP TABLE redone AS
SELECT DISTINCT person_id FROM (
    SELECT unnest([old, new]) AS person_id FROM moved WHERE version = getvariable('version')
    UNION ALL SELECT person_id FROM ({stated}))
WHERE person_id <> 0 AND {mine}
"""
_OF_REDONE = "SELECT DISTINCT node_id FROM persons SEMI JOIN redone USING (person_id)"
_GONE = """
SELECT person_id FROM redone SEMI JOIN traits USING (person_id) ANTI JOIN written USING (person_id) ORDER BY ALL
"""


def resolve(context: Context) -> Output:
    """Write the traits of the people in a range of ids of whom anything is new.

    Params:
        build: number of the build.
        version: the identity version that moved people.
        facts: see `FactRules.to_json`.
        facts_anew: whether all people are looked at.
    """
    anew, layer = bool(context.params["facts_anew"]), int(context.params["build"])
    mine = _MINE.format(first=context.buckets.first, last=context.buckets.last)
    with context.connect("statements", "persons", "moved", "traits") as connection:
        show_rules(connection, FactRules.from_json(context.params["facts"]))
        if anew:
            show_owners(connection)
            connection.execute(f"CREATE TEMP VIEW spoken AS FROM ({placed(connection, 'statements')}) WHERE {mine}")
        else:
            _show_redone(connection, mine)
        connection.execute(f"CREATE TEMP TABLE written AS {resolved('spoken')}")
        written = write_rows(context.lake, connection, "traits", "written", layer=layer)
        gone = None if anew else fetch(connection, _GONE)
        if gone is not None and gone.num_rows:
            written = (*written, context.write_gone("traits", gone, layer=layer))
    rows = sum(file.rows for file in written)
    return Output({"traits": written} if written else {}, {"traits": rows}, rows_read=rows)


def _show_redone(connection: Connection, mine: str) -> None:
    """Make the relation ``spoken``: all statements of people with fresh ones, or who are somebody else now."""
    connection.execute("CREATE TEMP VIEW stated AS FROM statements WHERE build = getvariable('build')")
    show_owners(connection, "SELECT node_id FROM stated")
    connection.execute(_REDONE.format(stated=placed(connection, "stated"), mine=mine))
    connection.execute(f"CREATE TEMP VIEW held AS FROM statements SEMI JOIN ({_OF_REDONE}) USING (node_id)")
    show_owners(connection, _OF_REDONE)
    connection.execute(
        f"CREATE TEMP VIEW spoken AS FROM ({placed(connection, 'held')}) SEMI JOIN redone USING (person_id)"
    )
