"""What was received of somebody and no build has counted yet: in the lake since the last build, or not even there.

An event belongs to whom the last build gives its strongest identifier. One whose strongest identifier no build knows is
shown with everybody whose identifiers it names; who becomes whom is the next build's work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from qianmian.app.answers import Computed
from qianmian.app.people import find_person
from qianmian.app.questions.timeline import TimelineEvent, TimelineItem, properties_of
from qianmian.app.recent import Found
from qianmian.app.shop import Shop
from qianmian.collect.goods import item_states
from qianmian.core.errors import NotBuiltError, UnknownNameError
from qianmian.core.events import ORDER_COMPLETED, ORDER_REFUNDED
from qianmian.core.people import Identifier, id_text, parse_identifier
from qianmian.lake.connection import Connection, fetch
from qianmian.privacy.pseudonyms import pseudonymise
from qianmian.unify.fresh import NOTHING_FOLDED, Folded

#: Events listed, the newest, and how many of the lake's are looked at.
MOST_EVENTS, MOST_RECEIVED = 100, 1000
_TABLES = ("persons", "nodes", "links", "events", "event_lines", "items", "item_changes")
_MINE = "SELECT node_id, since, until FROM persons WHERE person_id = $person"
_KNOWN = "SELECT DISTINCT node_id FROM persons WHERE node_id IN (SELECT unnest($nodes))"
#: Who was named together with one of them since the build.
_LINKED = "SELECT DISTINCT a FROM links WHERE batch > $batch AND b IN (SELECT unnest($nodes)) AND kind <> 'sign_out'"
#: Two branches, so that row groups of counted batches are skipped by statistics.
_RECEIVED = """
SELECT * FROM (
    SELECT * FROM events WHERE batch > $batch AND node_id IN (SELECT unnest($nodes))
    UNION ALL
    SELECT * FROM events WHERE batch <= $batch AND day >= $instant::DATE AND occurred_at > $instant
                           AND node_id IN (SELECT unnest($nodes)))
ORDER BY occurred_at DESC, event_key DESC LIMIT $most
"""
_FIRST_ITEMS = """
SELECT event_key, item_id FROM event_lines
WHERE line = 0 AND day IN (SELECT unnest($days)) AND event_key IN (SELECT unnest($keys))
"""
#: Of some events, those that the lake has.
_STORED = """
SELECT event_key FROM events WHERE day IN (SELECT unnest($days)) AND node_id IN (SELECT unnest($nodes))
                               AND event_key IN (SELECT unnest($keys))
"""
_TITLES = f"""
SELECT source, item_id, arg_max(title, valid_from) AS title
FROM ({item_states("title", where="item_id IN (SELECT unnest($items))")}) GROUP BY ALL
"""


@dataclass(frozen=True)
class RecentEvent(TimelineEvent):
    """Something that a person did and no profile has yet.

    Attributes:
        received_at: when we received it.
    """

    received_at: datetime


@dataclass(frozen=True)
class RecentEvents:
    """What is not in the profile yet.

    Attributes:
        person: id of the person; None = the last build knows nobody by that name.
        total: how many events there are; of those in the lake, the newest thousand are counted.
        events: the newest of them, newest first.
        upto: if more waits than one question reads, when the last was received that was looked at.
        computed: the last build; None = there was none.
    """

    person: str | None
    total: int
    events: list[RecentEvent]
    upto: datetime | None
    computed: Computed | None


@dataclass(frozen=True)
class _Asked:
    """Somebody, as the last build knows them.

    Attributes:
        person: person_id; None = nobody.
        spans: node → its intervals (start, end) that are the person's; None = without a beginning or an end.
    """

    person: int | None
    spans: Mapping[int, Sequence[tuple[datetime | None, datetime | None]]]

    def has(self, node: int, at: datetime) -> bool:
        """Whether a node was theirs at an instant."""
        spans = self.spans.get(node, ())
        return any((since is None or since <= at) and (until is None or at < until) for since, until in spans)


def recent(shop: Shop, name: str, *, purpose: str) -> RecentEvents:
    """What was received of a person and is not in the profile yet.

    Args:
        shop: the shop.
        name: ``namespace:value``, a bare user_id, or ``person:<id>``; an identifier may be one that no build knows.
        purpose: what it is looked up for.

    Raises:
        PurposeError: the purpose is not registered.
        UnknownNameError: nobody has that id.
    """
    mark = shop.recent.mark()  # before the lake is opened: what it leaves out is then in the lake
    with _opened(shop, purpose) as (connection, folded, computed):
        asked, names = _who(shop, connection, name)
        found = shop.recent.of(list(names.values()), mark)
        rows = {row["event_key"]: row for row in _waiting(connection, asked, found)}
        rows |= {row["event_key"]: row for row in _received(connection, asked, folded)}
        left = [row for row in rows.values() if not _is_erased(shop, names, row)]
        newest = sorted(left, key=lambda row: (row["occurred_at"], row["event_key"]), reverse=True)[:MOST_EVENTS]
        _name_items(connection, newest)
    person = None if asked.person is None else id_text(asked.person)
    return RecentEvents(person, len(left), [_event(row) for row in newest], found.upto, computed)


@contextmanager
def _opened(shop: Shop, purpose: str) -> Iterator[tuple[Connection, Folded, Computed | None]]:
    """The tables as they are now, and how far the last build came; before the first build too."""
    try:
        shop.computed  # noqa: B018  # asked for its error
    except NotBuiltError:
        workspace = shop.workspace
        workspace.purposes.check(purpose)
        snapshot = workspace.lake.snapshot(instant=workspace.clock.now())
        with workspace.connected(snapshot, *_TABLES) as connection:
            yield connection, NOTHING_FOLDED, None
        return
    with shop.asking(purpose, *_TABLES) as (found, computed):
        yield found.connection, Folded(computed.batch, computed.instant), computed


def _who(shop: Shop, connection: Connection, name: str) -> tuple[_Asked, dict[int, Identifier]]:
    """Who is asked for, and their identifiers by node."""
    workspace = shop.workspace
    try:
        person = find_person(workspace, connection, name)
    except UnknownNameError:
        if name.startswith("person:"):
            raise
        identifier = parse_identifier(name)
        [node] = pseudonymise(workspace.keys.node, identifier.namespace, [identifier.value])[0].tolist()
        return _Asked(None, {node: [(None, None)]} if node else {}), {node: identifier} if node else {}
    spans: dict[int, list[tuple[datetime | None, datetime | None]]] = {}
    for row in fetch(connection, _MINE, {"person": person}).to_pylist():
        spans.setdefault(row["node_id"], []).append((row["since"], row["until"]))
    return _Asked(person, spans), dict(workspace.vault.reveal(list(spans)))


def _waiting(connection: Connection, asked: _Asked, found: Found) -> list[dict[str, Any]]:
    """What the journal has of them, the first of each event, and not what the lake has already."""
    known = _known(connection, [row["node_id"] for row in found.rows])
    mine: dict[int, dict[str, Any]] = {}
    for row in found.rows:
        is_keyed = asked.person is not None and row["node_id"] in known
        nodes = [row["node_id"]] if is_keyed else [row["node_id"], *row["nodes"]]
        if any(asked.has(node, row["occurred_at"]) for node in nodes):
            mine.setdefault(row["event_key"], row)
    if not mine:
        return []
    days = sorted({row["occurred_at"].date() for row in mine.values()})
    values = {"days": days, "nodes": sorted({row["node_id"] for row in mine.values()}), "keys": sorted(mine)}
    stored = set(fetch(connection, _STORED, values).column("event_key").to_pylist())
    return [row for key, row in mine.items() if key not in stored]


def _received(connection: Connection, asked: _Asked, folded: Folded) -> list[dict[str, Any]]:
    """What came into the lake since the last build."""
    nodes = sorted(asked.spans)
    linked = fetch(connection, _LINKED, {"batch": folded.batch, "nodes": nodes}).column("a").to_pylist()
    new = set(linked) - (_known(connection, linked) if asked.person is not None else set())
    values = {"batch": folded.batch, "instant": folded.instant, "nodes": sorted({*nodes, *new}), "most": MOST_RECEIVED}
    rows = fetch(connection, _RECEIVED, values).to_pylist()
    return [row for row in rows if row["node_id"] in new or asked.has(row["node_id"], row["occurred_at"])]


def _known(connection: Connection, nodes: Sequence[int]) -> set[int]:
    """Those of some nodes that the last build knows."""
    if not nodes:
        return set()
    return set(fetch(connection, _KNOWN, {"nodes": sorted(set(nodes))}).column("node_id").to_pylist())


def _is_erased(shop: Shop, names: Mapping[int, Identifier], row: Mapping[str, Any]) -> bool:
    """Whether an erasure covers the event: it is refused from that instant on, whatever still holds it."""
    return any(
        (since is None or since <= row["occurred_at"]) and row["occurred_at"] < until
        for node in {row["node_id"], *row.get("nodes", ())} & set(names)
        for since, until in shop.workspace.suppression.intervals(names[node])
    )


def _name_items(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Give each row its ``item``, the first of several if need be, and the item's ``title``."""
    lacking = [row for row in rows if not row["item_id"] and "first_item" not in row]
    if lacking:
        days = sorted({row["occurred_at"].date() for row in lacking})
        values = {"days": days, "keys": sorted(row["event_key"] for row in lacking)}
        first = {row["event_key"]: row["item_id"] for row in fetch(connection, _FIRST_ITEMS, values).to_pylist()}
        for row in lacking:
            row["first_item"] = first.get(row["event_key"])
    for row in rows:
        row["item"] = row["item_id"] or row["first_item"]
    items = sorted({row["item"] for row in rows if row["item"]})
    told = fetch(connection, _TITLES, {"items": items}).to_pylist() if items else []
    titles = {(row["source"], row["item_id"]): row["title"] for row in told}
    for row in rows:
        row["title"] = titles.get((row["source"], row["item"]))


def _event(row: Mapping[str, Any]) -> RecentEvent:
    kept = ("source", "event_id", "name", "occurred_at", "received_at", "channel", "device_type", "region", "order_id")
    return RecentEvent(
        **{name: row[name] for name in (*kept, "currency")},
        item=TimelineItem(row["source"], row["item"], row["title"]) if row["item"] else None,
        amount=_amount(row["name"], row["total"]),
        properties=properties_of(row["properties"]),
        left_out=None,
    )


def _amount(name: str, total: Decimal | None) -> Decimal | None:
    """What the event says of money: orders and refunds are settled by the build."""
    if total is None or name not in (ORDER_COMPLETED, ORDER_REFUNDED):
        return None
    return -abs(total) if name == ORDER_REFUNDED else total
