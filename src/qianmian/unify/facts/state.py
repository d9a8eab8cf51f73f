"""Events become statements: what each says of its person's traits, in one spelling."""

from __future__ import annotations

import pyarrow as pa

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import Connection
from qianmian.lake.write import write_rows
from qianmian.unify.facts.declaration import LONGEST
from qianmian.unify.facts.rules import FactRules, Trait, TraitKind
from qianmian.unify.fresh import fresh

#: A property of one event, or of all of kind identify where ``event`` is empty, that states a trait.
_CLUES = pa.schema([("position", pa.int64()), ("event", pa.string()), ("rank", pa.int64()), ("trait", pa.string()),
                    ("kind", pa.string()), ("is_age", pa.bool_()), ("is_listed", pa.bool_()),
                    ("endings", pa.list_(pa.string()))])  # fmt: skip
_SPELLINGS = pa.schema([("trait", pa.string()), ("word", pa.string()), ("meant", pa.string())])
#: Events that can state something, with all properties that may do so, read in one go. Two branches, so that the
#: common one is found by statistics.
_OF_EVENTS = """
SELECT source, event_key, node_id, occurred_at, {event} AS event,
       json_extract_string(properties, $pointers) AS told
FROM ({fresh}) WHERE {which} AND node_id <> 0 AND properties IS NOT NULL
"""
_COLUMNS = "source, event_key, node_id, occurred_at, kind, name, properties"
_IDENTIFY = _OF_EVENTS.format(event="''", fresh=fresh(_COLUMNS), which="kind = 'identify'")
_NAMED = _OF_EVENTS.format(event="name", fresh=fresh(_COLUMNS), which="name IN (SELECT event FROM clues)")
_SAID = """
CREATE TEMP TABLE said AS
SELECT told.* EXCLUDE (position, event), clues.* EXCLUDE (position, event), lower(trim(text, ' \t\r\n　')) AS word
FROM (SELECT * EXCLUDE (told), unnest(told) AS text, generate_subscripts(told, 1) AS position FROM ({events})) AS told
JOIN clues USING (position, event)
WHERE word <> '' AND word NOT IN (SELECT unnest($nothing::VARCHAR[]))
"""
_ENDING = "coalesce(list_filter(endings, lambda one: suffix(word, one) AND length(word) > length(one))[1], '')"
#: A date in any of the usual orders, or a year; of it the year alone.
_DATE = r"^(?:\d{1,2}\D\d{1,2}\D)?((?:19|20)\d\d)(?:\d{4}|\D.*)?$"
_NUMBER = "CASE WHEN isfinite(try_cast(bare AS DOUBLE)) THEN try_cast(bare AS DOUBLE) END"
_YEAR = f"""
CASE WHEN NOT is_age THEN try_cast(regexp_extract(bare, '{_DATE}', 1) AS BIGINT)
     WHEN try_cast(bare AS DOUBLE) BETWEEN 0 AND 120 THEN year(occurred_at) - floor(try_cast(bare AS DOUBLE))::BIGINT
END
"""
_VALUE = f"""
CASE WHEN length(bare) > {LONGEST} THEN NULL
     WHEN kind = '{TraitKind.WORD}' THEN CASE WHEN is_listed THEN meant ELSE bare END
     WHEN kind = '{TraitKind.YEAR}' THEN CASE WHEN birth <= year(occurred_at) THEN birth::VARCHAR END
     WHEN number = floor(number) AND abs(number) < 1e15 THEN number::BIGINT::VARCHAR
     ELSE number::VARCHAR END
"""
#: Of several properties of an event that state one trait, the first that can be read.
_STATED = f"""
CREATE TEMP VIEW stated AS
SELECT node_id, source, event_key, occurred_at, trait, value, getvariable('build')::BIGINT AS build
FROM (SELECT *, {_VALUE} AS value FROM (
        SELECT *, {_NUMBER} AS number, {_YEAR} AS birth
        FROM (SELECT *, left(word, (length(word) - length({_ENDING}))::BIGINT) AS bare FROM said)
        LEFT JOIN (SELECT trait, word AS bare, meant FROM spellings) AS spellings USING (trait, bare)))
QUALIFY row_number() OVER (PARTITION BY event_key, trait ORDER BY value IS NULL, rank) = 1
"""
_COUNT = "SELECT count(*), count(*) FILTER (value IS NULL), (SELECT count(*) FROM said) FROM stated"


def state(context: Context) -> Output:
    """Write the statements of the events that no build has read.

    Params:
        build: number of the build.
        batch, instant: how far the last build came (see `Folded`).
        facts: see `FactRules.to_json`.
    """
    rules = FactRules.from_json(context.params["facts"])
    pointers = list(dict.fromkeys(_pointer(name) for one in rules.traits for name in (*one.properties, *one.ages)))
    if not pointers:
        return Output(summary={"statements": 0, "unreadable": 0})
    with context.connect("events", "left_out") as connection:
        _show_rules(connection, rules, pointers)
        has_named = any(one.events for one in rules.traits)
        events = f"{_IDENTIFY} UNION ALL {_NAMED}" if has_named else _IDENTIFY
        asked = {"pointers": pointers, "nothing": list(rules.nothing)}
        connection.execute(_SAID.format(events=events), asked)
        connection.execute(_STATED)
        statements, unreadable, read = connection.execute(_COUNT).fetchall()[0]
        files = write_rows(context.lake, connection, "statements", "stated")
    summary = {"statements": statements, "unreadable": unreadable}
    return Output({"statements": files} if files else {}, summary, rows_read=read)


def _show_rules(connection: Connection, rules: FactRules, pointers: list[str]) -> None:
    """Make the relations ``clues`` and ``spellings``."""
    clues = [clue for trait in rules.traits for clue in _clues(trait, pointers)]
    connection.register("clues", pa.Table.from_pylist(clues, _CLUES))
    spellings = [
        {"trait": trait.name, "word": word, "meant": value}
        for trait in rules.traits
        for value, others in trait.values
        for word in dict.fromkeys((value, *others))
    ]
    connection.register("spellings", pa.Table.from_pylist(spellings, _SPELLINGS))


def _clues(trait: Trait, pointers: list[str]) -> list[dict[str, object]]:
    named = [*((name, False) for name in trait.properties), *((name, True) for name in trait.ages)]
    return [
        {
            "position": pointers.index(_pointer(name)) + 1,
            "event": event,
            "rank": rank,
            "trait": trait.name,
            "kind": trait.kind,
            "is_age": is_age,
            "is_listed": bool(trait.values),
            "endings": sorted(trait.endings, key=len, reverse=True),
        }
        for rank, (name, is_age) in enumerate(named)
        for event in ("", *trait.events)
    ]


def _pointer(name: str) -> str:
    return "/" + name.replace("~", "~0").replace("/", "~1")
