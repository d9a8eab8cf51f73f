"""Money against the truth of a generated world, to the cent.

An order's net money needs no person. A person's does, and whoever is taken for whom decides it; so the second test
asks about the money alone: it builds the same events under the truth's who-is-who. Of the two tables that the truth
has for that, `persons` (whose each event is) is taken and not `identifiers` (whose each identifier is): the latter does
not list mistyped phones, bots and order numbers, and a rule for those would be one more opinion about who is who.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from qianmian.app import build as building
from qianmian.engines.base import Context, Output
from tests.evidence.raw import PAID, Lake
from tests.evidence.worlds import ZONE, World

#: True persons are numbered from here on; what is nobody's stays with its node, a number far above.
_FIRST_PERSON = 1


def lake(world: World) -> Lake:
    """The raw tables of the world's shop."""
    return Lake(world.shop.workspace.folder, world.end, ZONE)


def true_net(world: World) -> dict[int, Decimal]:
    """Net money by true person."""
    net: defaultdict[int, Decimal] = defaultdict(Decimal)
    for order in world.truth["orders"].to_pylist():
        net[order["person"]] += order["net"]
    return dict(net)


def true_owners(world: World) -> dict[int, list[tuple[datetime | None, int]]]:
    """Whose each node truly is since when: a new interval wherever the next event of the node is another's."""
    whose = dict(zip(*(world.truth["persons"][name].to_pylist() for name in ("message_id", "person")), strict=True))
    owners: dict[int, list[tuple[datetime | None, int]]] = {}
    for event in sorted(lake(world).events, key=lambda event: event["occurred_at"]):
        person = whose[event["event_id"]]
        owner = event["node_id"] if person is None else person + _FIRST_PERSON
        intervals = owners.setdefault(event["node_id"], [])
        if not intervals or intervals[-1][1] != owner:
            intervals.append((event["occurred_at"] if intervals else None, owner))
    return owners


def with_orders(world: World, owners: dict[int, list[tuple[datetime | None, int]]]) -> None:
    """Give each order number to the person of its payment."""
    raw = lake(world)
    whose = dict(zip(*(world.truth["persons"][name].to_pylist() for name in ("message_id", "person")), strict=True))
    paid = {event["event_id"]: whose[event["event_id"]] for event in raw.events if event["name"] == PAID}
    for link in raw.rows("links"):
        if link["rule"] == "order_number" and link["event_id"] in paid:
            owners[link["b"]] = [(None, paid[link["event_id"]] + _FIRST_PERSON)]


def test_the_net_money_of_every_order_is_the_truths(world: World) -> None:
    ours = {row["order_id"]: (row["paid"], row["refunded"], row["net"]) for row in lake(world).rows("orders")}
    truth = world.truth["orders"].to_pylist()
    assert ours == {row["order_id"]: (row["paid"], row["refunded"], row["net"]) for row in truth}


def test_the_net_money_of_every_person_is_the_truths_once_everybody_is_known(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    owners = true_owners(world)
    with_orders(world, owners)

    def publish_the_truth(context: Context) -> Output:
        rows = [
            {"node_id": node, "since": since, "until": until, "person_id": person, "version": context.params["version"]}
            for node, intervals in sorted(owners.items())
            for (since, person), until in zip(intervals, [*(start for start, _ in intervals[1:]), None], strict=True)
        ]
        table = pa.Table.from_pylist(rows, schema=_PERSONS)
        return Output({"persons": (context.write("persons", table, layer=1),)}, {"nodes": len(owners), "moved": 0})

    monkeypatch.setattr(building, "publish", publish_the_truth)
    world.shop.build(full=True, instant=world.end)
    net = {row["person_id"] - _FIRST_PERSON: row["net_revenue"] for row in world.shop.table("profiles").to_pylist()}
    expected = true_net(world)
    assert {person: net.get(person) for person in expected} == expected
    assert sum(net.values()) == sum(expected.values())


_PERSONS = pa.schema(
    [
        ("node_id", pa.int64()),
        ("since", pa.timestamp("us", tz="UTC")),
        ("until", pa.timestamp("us", tz="UTC")),
        ("person_id", pa.int64()),
        ("version", pa.int64()),
    ]
)
