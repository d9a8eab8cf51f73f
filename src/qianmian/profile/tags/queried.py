"""Tags that a SELECT answers: each runs in the sandbox at the end of a build; what fails keeps its last good values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.core.errors import SqlError, SqlLimitError, SqlProcessError
from qianmian.engines.base import Context, Output
from qianmian.engines.sandbox.contracts import Limits
from qianmian.engines.sandbox.result import values
from qianmian.engines.sandbox.run import run
from qianmian.lake.connection import Connection, fetch
from qianmian.profile.history import files, segments
from qianmian.profile.history.files import column
from qianmian.profile.tags.built_in import all_tags
from qianmian.profile.tags.cuts import Totals
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.dimensions import Dimensions, dimensions
from qianmian.profile.tags.formulas import Queried
from qianmian.profile.tags.values import select_tags, set_totals, with_used

#: What one run may take, beside a share of the task's memory.
SECONDS = 60.0
#: Columns of history that are words, by their name here and the dimension that has the words.
_WORDS = ("item", "category", "brand", "price_band", "channel", "device_type", "region")
_LAST_GOOD = """
SELECT tag, person_id, value FROM queried SEMI JOIN partials USING (person_id)
WHERE tag = $tag ORDER BY person_id
"""


def query_tags(context: Context) -> Output:
    """Answer every tag that is declared as a SELECT; what they answered before is replaced.

    Params:
        tags: the shop's own, see `Declaration.to_json`.
        totals: of the build, see `Totals.to_json`.
    """
    tags = all_tags(str(context.params["tags"]))
    totals = Totals.from_json(str(context.params["totals"]))
    tables = ("partials", "traits", "queried", "codes", "normal_words", "items", "item_changes", *segments.TABLES)
    answers, failed = [], {}
    with context.connect(*tables) as connection:
        set_totals(connection, totals)
        meaning = dimensions(connection, context.snapshot.instant)

        def history() -> pa.Table:
            parts = segments.segments(connection, context.lake.storage, context.buckets)
            return worded(files.merged(files.read(part, context.buckets) for part in parts), meaning)

        limits = Limits(SECONDS, max(64, context.memory_mib // 2))
        for tag in tags:
            if isinstance(tag.formula, Queried):
                try:
                    answers.append(answer(connection, tag, tags, history, limits=limits))
                except (SqlError, SqlLimitError, SqlProcessError) as error:
                    answers.append(fetch(connection, _LAST_GOOD, {"tag": tag.name}))
                    failed[tag.name] = error.message.stored()
    told = pa.concat_tables(answers)
    found = {tag: told.filter(pc.equal(told["tag"], tag)).num_rows for tag in set(told["tag"].to_pylist())}
    if not told.num_rows:
        return Output({}, {"failed": failed, "answered": found})
    told = told.sort_by([("tag", "ascending"), ("person_id", "ascending")])
    return Output({"queried": (context.write("queried", told),)}, {"failed": failed, "answered": found})


def answer(
    connection: Connection,
    tag: Tag,
    known: Sequence[Tag],
    history: Callable[[], pa.Table],
    *,
    limits: Limits,
    partials: str = "partials",
) -> pa.Table:
    """What the SELECT of a tag answers, in the columns of the table ``queried``.

    Args:
        connection: has the partials, and the totals that formulas name.
        tag: one whose formula is `Queried`.
        known: the tag and all that it uses.
        history: makes the relation ``history``; called only if the SELECT names it.
        limits: what it may take.
        partials: relation of the partials of the people that it sees.

    Raises:
        SqlError: it is refused, fails, or does not answer one value a person.
        SqlLimitError: it takes too much.
        SqlProcessError: its process ended in a way that nobody foresaw.
    """
    assert isinstance(tag.formula, Queried)
    used = [one for one in with_used([tag], known) if one != tag]
    names = ", ".join(["person_id", *tag.uses])
    profiles = fetch(connection, f"SELECT {names} FROM ({select_tags(used, partials)}) ORDER BY person_id")
    relations = {"profiles": profiles, **({"history": history()} if tag.formula.reads_history else {})}
    found = values(run(tag.formula.select, relations, limits), tag.type, profiles.column("person_id"))
    connection.register("answered", found)
    return fetch(
        connection,
        "SELECT $tag AS tag, person_id, value::VARCHAR AS value FROM answered WHERE value IS NOT NULL "
        "ORDER BY person_id",
        {"tag": tag.name},
    )


def worded(rows: pa.Table, meaning: Dimensions) -> pa.Table:
    """History as a SELECT reads it: words for codes, money in the currency, one row an event and product."""
    told: dict[str, Any] = {name: rows.column(name) for name in ("person_id", "occurred_at", "happened_on")}
    names: list[str | None] = [None] * (max(meaning.event_codes.values(), default=0) + 1)
    for name, code in meaning.event_codes.items():
        names[code] = name
    told["event"] = _said(column(rows, "event"), names)
    for name in _WORDS:
        dimension = meaning.by_name[name]
        told[name] = _said(dimension.codes[column(rows, dimension.column)], dimension.words)
    told["hour"], told["line"] = rows.column("hour"), rows.column("line")
    told["amount"] = pa.array(column(rows, "amount") / 10_000)
    return pa.table(told)


def _said(codes: Any, words: Sequence[str | None]) -> pa.DictionaryArray:
    index = pa.array(np.asarray(codes, np.int32), mask=np.array([word is None for word in words])[codes])
    return pa.DictionaryArray.from_arrays(index, pa.array([word or "" for word in words], pa.string()))
