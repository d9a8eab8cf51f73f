"""Numbers become the columns that a client sends: the only place where events turn into text."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.core import events
from qianmian.core.events import TRACKING_PLAN
from qianmian.world.agents import AGENTS
from qianmian.world.contacts import mistype_emails, mistype_phones
from qianmian.world.devices import CHANNELS, DEVICE_TYPES, POS, STORE
from qianmian.world.glyphs import choose, coded, scramble, uuids
from qianmian.world.goods import item_id
from qianmian.world.life import Life
from qianmian.world.orders import Orders
from qianmian.world.plan import Neighbourhood
from qianmian.world.properties import CONSENTS, products, properties, serial
from qianmian.world.regions import CITIES
from qianmian.world.scene import Scene
from qianmian.world.trace import (
    ANONYMOUS,
    CODES,
    DEVICE,
    EMAIL,
    NONE,
    PHONE,
    UNION,
    USER,
    Integers,
    Trace,
)

SLICE_ROWS = 131_072
INSTANT = pa.timestamp("us", tz="UTC")
MONEY = pa.decimal128(18, 4)
_SHOWS_CONSENT = [CODES[name] for name in (events.SIGNED_IN, events.PROFILE_UPDATED, events.ORDER_COMPLETED)]
_SHOWS_PRODUCTS = [CODES[name] for name in (events.CHECKOUT_STARTED, events.ORDER_COMPLETED)]


def message_ids(place: Neighbourhood, serials: Integers) -> pa.Array:
    """The message id of each event, by serial number."""
    numbers = (np.int64(place.number) << 40) + serials
    seed = place.plan.seed
    return uuids(np.hstack([scramble(numbers, seed + 11), scramble(numbers, seed + 12)]))


def render(life: Life, slice_rows: int = SLICE_ROWS) -> Iterator[pa.Table]:
    """The deliveries of a neighbourhood, in slices that bound the memory."""
    lines = products(life.scene, life.orders)
    for start in range(0, len(life.sent.serial), slice_rows):
        yield _render(life, lines, slice(start, start + slice_rows))


def decimals(cents: Integers) -> pa.Array:
    """Cents as money with four decimals; null where negative."""
    known = np.asarray(cents, np.int64) >= 0
    words = np.zeros((len(known), 2), np.int64)
    words[:, 0] = np.where(known, cents, 0) * 100
    bitmap = pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Decimal128Array.from_buffers(MONEY, len(known), [bitmap, pa.py_buffer(words)])


def instants(at: Integers) -> pa.Array:
    """Microseconds since 1970 as instants in UTC."""
    return pa.array(np.asarray(at, np.int64)).cast(INSTANT)


def _render(life: Life, lines: pa.Array, rows: slice) -> pa.Table:
    sent, scene = life.sent, life.scene
    serials = sent.serial[rows]
    traces = sent.events.take(serials)
    identify = traces.kind == CODES[events.PROFILE_UPDATED]
    paid = traces.kind == CODES[events.ORDER_COMPLETED]
    money = np.where(paid, _declared(life.orders, traces), traces.money)
    with_lines = np.isin(traces.kind, _SHOWS_PRODUCTS) & (traces.order >= 0) & (traces.order < len(life.orders))
    return pa.table(
        {
            "message_id": message_ids(scene.place, serials),
            "type": coded(("track", "identify"), identify.astype(np.int32)),
            "event": coded(TRACKING_PLAN, traces.kind),
            "timestamp": instants(sent.client_at[rows]),
            "sent_at": instants(sent.sent_at[rows]),
            "received_at": instants(sent.received_at[rows]),
            **_identifiers(scene, traces, sent.slips[serials], serials),
            "channel": coded(CHANNELS, traces.channel),
            "device_type": coded(DEVICE_TYPES, _device_types(scene, traces)),
            "user_agent": coded(AGENTS, np.where(traces.device >= 0, scene.devices.agent[traces.device], NONE)),
            "region": coded(CITIES, traces.place),
            "order_id": _numbered(scene, b"SY", traces.order),
            "refund_id": _numbered(
                scene, b"RF", np.where(traces.kind == CODES[events.ORDER_REFUNDED], traces.ref, NONE)
            ),
            "item_id": coded([item_id(item) for item in range(len(scene.goods.cents))], traces.item),
            "total": decimals(money),
            "currency": coded(("CNY",), np.where(money >= 0, 0, NONE)),
            "coupon_id": _numbered(scene, b"CP", traces.coupon),
            "products": choose(lines, np.where(with_lines, traces.order, 0), with_lines),
            "properties": properties(scene, traces),
            "consent": coded(CONSENTS, _consents(scene, traces)),
        }
    )


def _identifiers(scene: Scene, traces: Trace, slips: Integers, drawn: Integers) -> dict[str, pa.Array]:
    contacts, shows = scene.contacts, traces.shows
    person, device = np.maximum(traces.person, 0), np.maximum(traces.device, 0)
    phones = choose(contacts.phones, scene.people.phone_slot(person, traces.at), shows & PHONE > 0)
    emails = choose(contacts.emails, person, shows & EMAIL > 0)
    wrong_phone, wrong_email = slips & PHONE > 0, slips & EMAIL > 0
    slipped = mistype_phones(phones.filter(pa.array(wrong_phone)), drawn[wrong_phone])
    return {
        "user_id": choose(contacts.user_ids, person, shows & USER > 0),
        "anonymous_id": choose(contacts.anonymous_ids, device, shows & ANONYMOUS > 0),
        "device_id": choose(contacts.device_ids, device, shows & DEVICE > 0),
        "phone": pc.replace_with_mask(phones, pa.array(wrong_phone), slipped),
        "email": pc.if_else(pa.array(wrong_email), mistype_emails(emails), emails),
        "wechat_unionid": choose(contacts.union_ids, person, shows & UNION > 0),
    }


def _numbered(scene: Scene, prefix: bytes, numbers: Integers) -> pa.Array:
    """Numbers as text where there is one; most events have none, so only those are written out."""
    rows = np.flatnonzero(numbers >= 0)
    where = np.zeros(len(numbers), np.int64)
    where[rows] = np.arange(len(rows))
    return choose(serial(prefix, scene, numbers[rows]), where, numbers >= 0)


def _declared(orders: Orders, traces: Trace) -> Integers:
    if not len(orders):
        return traces.money
    declared: Integers = orders.declared[np.clip(traces.order, 0, len(orders) - 1)]
    return declared


def _device_types(scene: Scene, traces: Trace) -> Integers:
    kinds: Integers = np.where(
        traces.device >= 0, scene.devices.kind[traces.device], np.where(traces.channel == STORE, POS, NONE)
    )
    return kinds


def _consents(scene: Scene, traces: Trace) -> Integers:
    person = np.maximum(traces.person, 0)
    people = scene.people
    # Who withdraws falls back from marketing to the same without it.
    kept = np.where(
        traces.at >= people.withdraws_at[person], np.maximum(people.consent[person], 1), people.consent[person]
    )
    stated = np.isin(traces.kind, _SHOWS_CONSENT) & (traces.person >= 0) & (traces.device >= 0)
    consents: Integers = np.where(stated, kept, NONE)
    return consents
