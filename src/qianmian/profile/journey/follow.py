"""The stage of a build that follows purchase journeys: of everybody, or of those touched since the last build."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.engines.base import Context, Output
from qianmian.lake.connection import Connection, fetch
from qianmian.profile.history import files, segments
from qianmian.profile.history.files import column
from qianmian.profile.journey.definition import JourneyRules, journey_rules
from qianmian.profile.journey.kernels import BOUGHT, LOOK, NEVER, ROWS, walk
from qianmian.profile.tags.dimensions import Dimensions, dimensions
from qianmian.query.tree import STAGES

_DAY = 86_400_000_000
_STAGES = "journey_stages"
#: By what a stay begins, in the order of the kernel's numbers.
CAUSES = ("event", "lapse", "refund")
#: Orders of which all is given back, and since when.
_REFUNDED = """
SELECT event_key, min(back_at) AS back_at FROM (
    SELECT orders.event_key, orders.paid, refunds.occurred_at AS back_at,
           sum(refunds.amount) OVER (PARTITION BY source, order_id ORDER BY refunds.occurred_at, refunds.event_key
                                     ROWS UNBOUNDED PRECEDING) AS back
    FROM orders JOIN refunds USING (source, order_id))
WHERE back >= paid GROUP BY event_key ORDER BY event_key
"""
#: Who has new rows, or lost rows to a move.
_TOUCHED = """
FROM (SELECT person_id FROM masked WHERE segment = getvariable('build') UNION FROM newest)
WHERE person_id BETWEEN $first AND $last ORDER BY person_id
"""
#: Of people without stays now, those who had some at the build before.
_HELD = f"SELECT DISTINCT person_id FROM {_STAGES} SEMI JOIN without USING (person_id) ORDER BY person_id"


def follow_journeys(context: Context) -> Output:
    """Write the stays in stages of the people of the buckets.

    Params:
        build: number of the build.
        journeys_anew: whether everybody is followed; else only who has new rows or lost some.
    """
    tables = (*segments.TABLES, "codes", "normal_words", "items", "item_changes", "orders", "refunds", _STAGES)
    with context.connect(*tables) as connection:
        rows, touched = _rows(context, connection)
        found = dimensions(connection, context.snapshot.instant)
        stays = stays_of(rows, found, fetch(connection, _REFUNDED), journey_rules())
        without = np.setdiff1d(touched, stays.column("person_id").to_numpy())
        connection.register("without", pa.table({"person_id": without}))
        gone = fetch(connection, _HELD)
    layer = int(context.params["build"])
    written = [context.write(_STAGES, stays, layer=layer)] if stays.num_rows else []
    if gone.num_rows:  # only of whom there is something in a layer below
        written.append(context.write_gone(_STAGES, gone, layer=layer))
    files_of = {_STAGES: tuple(written)} if written else {}
    return Output(files_of, {"stays": stays.num_rows}, rows_read=rows.num_rows)


def _rows(context: Context, connection: Connection) -> tuple[pa.Table, NDArray[np.int64]]:
    """Rows of the people to follow, and who they are (empty when everybody is)."""
    parts = segments.segments(connection, context.lake.storage, context.buckets)
    if context.params["journeys_anew"]:
        return files.merged(files.read(part, context.buckets) for part in parts), np.empty(0, np.int64)
    newest = [files.read(part, context.buckets) for part in parts if part.number == context.params["build"]]
    ids = np.concatenate([np.empty(0, np.int64), *(np.unique(column(part, "person_id")) for part in newest)])
    connection.register("newest", pa.table({"person_id": ids}))
    within = {"first": context.buckets.first, "last": context.buckets.last}
    touched: NDArray[np.int64] = fetch(connection, _TOUCHED, within).column(0).to_numpy()
    return files.merged(files.of_people(part, touched) for part in parts), touched


def stays_of(rows: pa.Table, meaning: Dimensions, refunded: pa.Table, rules: JourneyRules) -> pa.Table:
    """The stays in stages that rows of history tell.

    Args:
        rows: of history, in its order, all of each person.
        meaning: what codes mean.
        refunded: orders that are wholly given back: ``event_key``, ascending, and ``back_at``.
        rules: of the stages.
    """
    roles = _roles(meaning, rules)[column(rows, "event")]
    category = meaning.by_name["category"].codes[column(rows, "item")]
    kept = np.flatnonzero((roles != 0) & (category != 0))
    person, category = column(rows, "person_id")[kept], category[kept]
    order = np.lexsort((category, person))  # stable: within a person and category the order of time stays
    kept, person, category = kept[order], person[order], category[order]
    begins = np.flatnonzero((np.diff(person, prepend=-1) != 0) | (np.diff(category, prepend=-1) != 0))
    of: dict[str, Any] = {name: column(rows, name)[kept] for name in (*ROWS[:4], "event")}
    of |= {"roles": roles[kept], "person_id": person, "category": category}
    of["refunded_at"] = _refunded_at(of["event_key"], of["roles"], refunded)
    told = walk(np.append(begins, len(kept)), np.stack([of[name].astype(np.int64) for name in ROWS]), _rule(rules))
    return _told(told, begins, of, meaning)


def _roles(meaning: Dimensions, rules: JourneyRules) -> NDArray[np.int64]:
    """What each event's code speaks for, as bits."""
    roles = np.zeros(max(meaning.event_codes.values(), default=0) + 1, np.int64)
    said = [(name, bit) for bit, rule in enumerate(rules.stages) for name in rule.events]
    for name, bit in [*said, *((name, LOOK) for name in rules["comparing"].looks)]:
        if name in meaning.event_codes:
            roles[meaning.event_codes[name]] |= 1 << bit
    return roles


def _rule(rules: JourneyRules) -> NDArray[np.int64]:
    """The numbers of the rules as the kernel reads them."""
    comparing, engaging, loyal = rules["comparing"], rules["engaging"], rules["loyal"]
    holds = [stage.holds_days * _DAY for stage in rules.stages]
    looks = [comparing.items, comparing.returns, comparing.within_days * _DAY]
    return np.array([*holds, *looks, engaging.within_days * _DAY, loyal.orders, loyal.within_days * _DAY], np.int64)


def _refunded_at(keys: NDArray[np.int64], held: NDArray[np.int64], refunded: pa.Table) -> NDArray[np.int64]:
    found = np.full(len(keys), NEVER, np.int64)
    known, at = refunded.column("event_key").to_numpy(), column(refunded, "back_at")
    place = np.searchsorted(known, keys)
    is_back = (held >> BOUGHT & 1 == 1) & (place < len(known))
    is_back[is_back] = known[place[is_back]] == keys[is_back]
    found[is_back] = at[place[is_back]]
    return found


def _told(told: NDArray[np.int64], begins: NDArray[np.int64], of: dict[str, Any], meaning: Dimensions) -> pa.Table:
    """The kernel's answer in the columns of the table, sorted as it is."""
    stage, begin, end, cause, row, group = told
    first = begins[group]
    events: list[str | None] = [None] * (max(meaning.event_codes.values(), default=0) + 1)
    for name, code in meaning.event_codes.items():
        events[code] = name
    words, without = pa.array(meaning.by_name["category"].words, pa.string()), row < 0
    code, key = (of[name][np.maximum(row, 0)] for name in ("event", "event_key"))
    table = pa.table(
        {
            "person_id": of["person_id"][first],
            "category": words.take(pa.array(of["category"][first])),
            "began_at": _instants(begin),
            "ended_at": _instants(end),
            "stage": pa.array(STAGES, pa.string()).take(pa.array(stage)),
            "cause": pa.array(CAUSES, pa.string()).take(pa.array(cause)),
            "event": pa.array(events, pa.string()).take(pa.array(code.astype(np.int64), mask=without)),
            "evidence_key": pa.array(key, mask=without),
        }
    )
    return table.sort_by([("person_id", "ascending"), ("category", "ascending"), ("began_at", "ascending")])


def _instants(micros: NDArray[np.int64]) -> pa.Array:
    return pa.array(micros.view("datetime64[us]")).cast(pa.timestamp("us", tz="UTC"))
