"""The tables of truth about events, identifiers and orders, as they are written beside the events."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.core import events
from qianmian.world.calendar import SECOND
from qianmian.world.causes import causes
from qianmian.world.dirt import Sent
from qianmian.world.fake_orders import fake, naive_fake
from qianmian.world.life import Life
from qianmian.world.naive import naive_persons
from qianmian.world.orders import Orders
from qianmian.world.properties import serial
from qianmian.world.render import decimals, instants, message_ids
from qianmian.world.scene import Scene
from qianmian.world.tied import tied
from qianmian.world.trace import EMAIL, NONE, PHONE, Flags, Integers


def testify(life: Life) -> dict[str, pa.Table]:
    """The truth of a neighbourhood by table name."""
    ids = message_ids(life.scene.place, np.arange(len(life.sent.events)))
    return {
        "persons": _persons(life.scene, life.sent, ids),
        "identifiers": _identifiers(life.scene, life.sent),
        "orders": _orders(life.scene, life.orders),
        "duplicates": pa.table({"message_id": ids.filter(pa.array(life.sent.repeated))}),
        "dirt": _dirt(life, ids),
        "ties": tied(life),
        **causes(life, ids),
    }


def _persons(scene: Scene, sent: Sent, ids: pa.Array) -> pa.Table:
    """One row an event: whose it truly is, empty = nobody's; and whose the naive baseline takes it for."""
    first = scene.place.first
    naive = naive_persons(scene, sent).astype(np.int64)
    return pa.table(
        {
            "message_id": ids,
            "person": _numbers(sent.events.person + np.int64(first), sent.events.person >= 0),
            "naive": _numbers((np.int64(scene.place.number) << 32) + naive, naive >= 0),
        }
    )


def _orders(scene: Scene, orders: Orders) -> pa.Table:
    """One row a paid order."""
    return pa.table(
        {
            "order_id": serial(b"SY", scene, np.arange(len(orders))),
            "person": orders.person.astype(np.int64) + scene.place.first,
            "occurred_at": instants(orders.at),
            "paid": decimals(orders.paid),
            "refunded": decimals(orders.refunded),
            "net": decimals(orders.paid - orders.refunded),
        }
    )


def _identifiers(scene: Scene, sent: Sent) -> pa.Table:
    """One row an identifier and interval: whose it is since then; since empty = always, person empty = nobody's."""
    people, devices, contacts, first = scene.people, scene.devices, scene.contacts, scene.place.first
    everybody, size = np.arange(len(people)), len(people)
    members = np.flatnonzero(people.registered)
    own = np.flatnonzero(devices.owner >= 0)
    with_id = own[devices.has_id[own]]
    takers = np.flatnonzero(people.takes_from >= 0)
    givers = people.takes_from[takers]
    rows = [
        ("user_id", contacts.user_ids.take(pa.array(members)), members, None),
        ("wechat_unionid", contacts.union_ids.take(pa.array(members)), members, None),
        ("email", contacts.emails, everybody, None),
        ("phone", contacts.phones.slice(0, size), everybody, None),
        ("phone", contacts.phones.take(pa.array(givers)), takers, people.takes_at[takers]),
        ("phone", contacts.phones.take(pa.array(givers + size)), givers, people.gives_at[givers]),
        ("anonymous_id", contacts.anonymous_ids.take(pa.array(own)), devices.owner[own], None),
        ("device", contacts.device_ids.take(pa.array(with_id)), devices.owner[with_id], None),
    ]
    held, holder, since = _hands(scene, sent)
    rows.append(("anonymous_id", contacts.anonymous_ids.take(pa.array(held)), holder, since))
    rows.append(("device", contacts.device_ids.take(pa.array(held)), holder, since))
    return pa.concat_tables([_interval(*row, first=first) for row in rows])


def _hands(scene: Scene, sent: Sent) -> tuple[Integers, Integers, Integers]:
    """In whose hands each shared device is since when; nobody's after a sign-out."""
    traces = sent.events
    signs = np.concatenate([traces.named(events.SIGNED_IN), traces.named(events.SIGNED_OUT)])
    signs = signs[(traces.device[signs] >= 0) & (scene.devices.owner[traces.device[signs]] < 0)]
    signs = signs[np.lexsort((traces.at[signs], traces.device[signs]))]
    leaves = np.isin(signs, traces.named(events.SIGNED_OUT))
    return traces.device[signs], np.where(leaves, NONE, traces.person[signs]), traces.at[signs]


def _interval(namespace: str, values: pa.Array, person: Integers, since: Integers | None, *, first: int) -> pa.Table:
    size = len(values)
    return pa.table(
        {
            "namespace": pa.array([namespace] * size, pa.string()),
            "value": values,
            "since": pa.nulls(size, instants(np.zeros(0)).type) if since is None else instants(since),
            "person": _numbers(person.astype(np.int64) + first, person >= 0),
        }
    )


def _dirt(life: Life, ids: pa.Array) -> pa.Table:
    """One row an event and flaw; outliers, gaps and texts need no list, the events show them."""
    sent, devices = life.sent, life.scene.devices
    device = sent.events.device
    flaws = {
        "mistyped_phone": sent.slips & PHONE > 0,
        "mistyped_email": sent.slips & EMAIL > 0,
        "late": sent.late,
        "skewed_clock": (device >= 0) & (devices.skew[device] != 0),
        "bot": device >= devices.bots,
        "twin": _twins(life),
        "naive_twin": _naive_twins(life),
    }
    if life.scene.place.plan.fake_orders:
        flaws["fake_order"] = fake(life.scene, sent.events)
        flaws["naive_fake_order"] = naive_fake(sent.events)
    return pa.concat_tables(
        pa.table({"message_id": ids.filter(pa.array(rows)), "kind": pa.array([kind] * int(rows.sum()), pa.string())})
        for kind, rows in flaws.items()
    )


def _twins(life: Life) -> Flags:
    """The later of two events about the payment of one order."""
    traces = life.sent.events
    paid = traces.named(events.ORDER_COMPLETED)
    paid = paid[np.lexsort((traces.at[paid], traces.order[paid]))]
    again = np.zeros(len(traces), np.bool_)
    again[paid[1:]] = traces.order[paid[1:]] == traces.order[paid[:-1]]
    return again


def _naive_twins(life: Life) -> Flags:
    """What a naive person did again, by the name of the event, within 5 seconds."""
    traces, person = life.sent.events, naive_persons(life.scene, life.sent)
    order = np.lexsort((traces.at, traces.kind, person))
    later, earlier = order[1:], order[:-1]
    same = (person[later] == person[earlier]) & (traces.kind[later] == traces.kind[earlier]) & (person[later] >= 0)
    again = np.zeros(len(traces), np.bool_)
    again[later] = same & (traces.at[later] - traces.at[earlier] <= 5 * SECOND)
    return again


def _numbers(numbers: Integers, known: Flags) -> pa.Array:
    return pc.if_else(pa.array(known), pa.array(numbers.astype(np.int64)), pa.scalar(None, pa.int64()))
