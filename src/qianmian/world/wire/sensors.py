"""Events and requests of 神策 (Sensors Analytics), as three of its clients send them.

========= ========================= =========================================================================
client    speaks as                 sends
========= ========================= =========================================================================
browser   sa-sdk-javascript 1.27.11 ``batch_send``: what came within 6 s, to ``/sa.gif``, base64 without gzip
app       sa-sdk-node 1.2.6         up to 20 events within 10 s, to ``/sa``, gzip and base64
server    SensorsAnalytics Python   up to 50 events within 5 s, to ``/sa``, gzip and base64
========= ========================= =========================================================================

The SDKs of apps and mini-programs were not recorded: apps stand for shops that relay through their own server, with the
device's clock in ``_flush_time``. Names of events and properties keep to the vendor's alphabet: ``Product Viewed`` is
``ProductViewed``. Properties are flat, so an order's products are lists of texts, one a field. A sign-in is a
``track_signup`` beside the event; a changed profile is a ``profile_set``. There is no message id on this wire; the shop
adds one as a property of its own, ``message_id``. Who is nobody gets the message id as a fresh ``distinct_id``.
"""

from __future__ import annotations

import base64
import csv
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.world.glyphs import choose, number_text
from qianmian.world.trace import Flags, Integers
from qianmian.world.wire import json_text as json
from qianmian.world.wire.calls import IDENTIFY, PAGE, Calls
from qianmian.world.wire.deliveries import BROWSER, SERVER, Flush
from qianmian.world.wire.json_text import joined
from qianmian.world.wire.requests import Requests

FLUSHES = (Flush(6, 6.0), Flush(20, 10.0), Flush(50, 5.0))
PROJECT = "shiyeji"
_LIBRARIES = (
    '{"$lib":"js","$lib_method":"code","$lib_version":"1.27.11"}',
    '{"$lib":"Node","$lib_method":"code","$lib_version":"1.2.6","$app_version":"5.2.0"}',
    '{"$lib":"python","$lib_method":"code","$lib_version":"1.11.0"}',
)
_OF_BROWSER = (
    '"$timezone_offset":-480,"$screen_width":1920,"$screen_height":1080,"$is_first_day":false,'
    '"$latest_traffic_source_type":"直接流量","$latest_search_keyword":"未取到值_直接打开",'
)
_PRESETS = (
    '"$lib":"js","$lib_version":"1.27.11",' + _OF_BROWSER,
    '"$lib":"Node","$lib_version":"1.2.6","$app_version":"5.2.0",',
    '"$lib":"python","$lib_version":"1.11.0",',
)
_PATHS = (f"/sa.gif?project={PROJECT}", f"/sa?project={PROJECT}", f"/sa?project={PROJECT}")
_HEADERS = '{"Content-Type":"application/x-www-form-urlencoded"}'
_LINE_FIELDS = ("item_id", "quantity", "unit_price", "amount", "coupon_id")


def messages(calls: Calls) -> pa.Array:
    """The JSON of each call, whole; empty for a call that this protocol does not have."""
    track_id = pc.if_else(pa.array(calls.client == SERVER), pa.scalar(None, pa.string()), _track_ids(calls))
    flushed = pc.if_else(pa.array(calls.client == SERVER), pa.scalar(None, pa.string()), json.millis(calls.sent_at))
    body = json.members(
        [
            ("type", _types(calls)),
            ("event", _names(calls)),
            ("time", json.millis(calls.column("timestamp"))),
            *_who(calls),
            ("properties", _properties(calls)),
            ("lib", choose(_LIBRARIES, calls.client)),
            ("_track_id", track_id),
            ("_flush_time", flushed),
        ]
    )
    return pc.if_else(pa.array(_spoken(calls)), json.closed(body), "")


def lines(calls: Calls, texts: pa.Array) -> pa.Array:
    """Events as the lines of a file."""
    return joined(texts.filter(pa.array(_spoken(calls))), "\n")


def requests(calls: Calls, texts: pa.Array) -> Requests:
    """The requests that carry the events, as form data."""
    first = calls.first_of_requests
    client = calls.client[first]
    bodies = list(_forms(texts.to_pylist(), np.append(first, len(calls)), client != BROWSER))
    return Requests(
        received_at=calls.received_at.take(pa.array(first)),
        path=choose(_PATHS, client),
        headers=json.constant(_HEADERS, len(first)),
        body=pa.array(bodies, pa.string()),
    )


def item_sets(goods: Path) -> Iterator[bytes]:
    """The goods catalogue as ``item_set`` lines, a line a row of ``goods.csv``."""
    with goods.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            item, since = row.pop("item_id"), datetime.fromisoformat(row.pop("valid_from"))
            attributes = row.pop("attributes").split(";")
            facts = {**row, "price": float(row["price"]), "cost": float(row["cost"]), "stock": int(row["stock"])}
            facts |= {name: value for name, _, value in (pair.partition(":") for pair in attributes)}
            at = int(since.timestamp() * 1_000)
            known = {"type": "item_set", "item_type": "sku", "item_id": item, "time": at, "properties": facts}
            yield orjson.dumps(known | {"lib": orjson.Fragment(_LIBRARIES[SERVER])}) + b"\n"


def _forms(texts: list[str], bounds: Integers, gzipped: Flags) -> Iterator[str]:
    for number, packed in enumerate(gzipped.tolist()):
        spoken = filter(None, texts[bounds[number] : bounds[number + 1]])
        data = f"[{','.join(spoken)}]".encode()
        if packed:
            deflate = zlib.compressobj(1, wbits=31)  # gzip without the time of writing: equal plans give equal bytes
            data = deflate.compress(data) + deflate.flush()
        told = base64.b64encode(data).decode().replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
        yield f"data_list={told}&gzip={1 if packed else 0}"


def _spoken(calls: Calls) -> Flags:
    """A sign-in already joins the ids, so there is no alias; and there are no groups."""
    flags: Flags = ~calls.beside | np.isin(calls.kind, (IDENTIFY, PAGE))
    return flags


def _types(calls: Calls) -> pa.Array:
    kinds = ("track", "track_signup", "profile_set")
    which = np.where(calls.kind == IDENTIFY, np.where(calls.beside, 1, 2), 0)
    return json.fixed(choose(kinds, which))


def _names(calls: Calls) -> pa.Array:
    told = calls.column("event")
    plain = pc.replace_substring(told.dictionary.cast(pa.string()), " ", "")
    names = json.quoted(pa.DictionaryArray.from_arrays(told.indices, plain))
    names = pc.if_else(pa.array(calls.kind == IDENTIFY), '"$SignUp"', names)
    names = pc.if_else(pa.array(calls.kind == PAGE), '"$pageview"', names)
    profile = (calls.kind == IDENTIFY) & ~calls.beside
    return pc.if_else(pa.array(profile), pa.scalar(None, pa.string()), names)


def _who(calls: Calls) -> list[json.Member]:
    user, anonymous, null = calls.column("user_id"), calls.column("anonymous_id"), pa.scalar(None, pa.string())
    browser, signs_up = pa.array(calls.client == BROWSER), pa.array((calls.kind == IDENTIFY) & calls.beside)
    mobile = joined("$identity_mobile+", calls.column("phone"))
    distinct = pc.coalesce(user, anonymous, mobile, calls.message_id)
    device = pc.if_else(browser, null, json.fixed(calls.column("device_id")))
    identities = json.members(
        [
            ("$identity_login_id", json.fixed(user)),
            ("$identity_cookie_id", pc.if_else(browser, json.fixed(anonymous), null)),
            ("$identity_anonymous_id", pc.if_else(browser, null, json.fixed(anonymous))),
            ("device_number", device),
            ("$identity_mobile", json.fixed(calls.column("phone"))),
            ("$identity_email", json.quoted(calls.column("email"))),
            ("$identity_mp_unionid", json.fixed(calls.column("wechat_unionid"))),
        ]
    )
    return [
        ("distinct_id", json.fixed(distinct)),
        ("original_id", pc.if_else(signs_up, json.fixed(anonymous), null)),
        ("anonymous_id", pc.if_else(browser, json.fixed(anonymous), null)),
        ("login_id", pc.if_else(browser, json.fixed(user), null)),
        ("identities", pc.if_else(pc.equal(identities, ""), null, json.closed(identities))),
    ]


def _properties(calls: Calls) -> pa.Array:
    column = calls.column
    profile = pa.array((calls.kind == IDENTIFY) & ~calls.beside)
    login = pc.if_else(pc.is_valid(column("user_id")), "true", "false")
    own = json.inner(pc.if_else(pa.array(calls.beside), pa.scalar(None, pa.string()), column("properties")))
    given = json.members(
        [
            ("channel", json.quoted(column("channel"))),
            ("device_type", json.quoted(column("device_type"))),
            ("$user_agent", json.quoted(column("user_agent"))),
            ("region", json.quoted(column("region"))),
            ("consent", json.quoted(column("consent"))),
            ("message_id", json.fixed(calls.message_id)),
        ]
    )
    facts = joined(json.members(_commerce(calls)), _lists(column("products")))
    facts = pc.if_else(pa.array(calls.beside), "", facts)
    presets = joined(choose(_PRESETS, calls.client), '"$is_login_id":', login, ",")
    return json.closed(joined(pc.if_else(profile, "", presets), own, facts, given))


def _commerce(calls: Calls) -> list[json.Member]:
    column = calls.column
    return [
        ("order_id", json.fixed(column("order_id"))),
        ("refund_id", json.fixed(column("refund_id"))),
        ("item_id", json.quoted(column("item_id"))),
        ("total", json.money(column("total"))),
        ("currency", json.quoted(column("currency"))),
        ("coupon_id", json.fixed(column("coupon_id"))),
    ]


def _lists(products: pa.Array) -> pa.Array:
    """Order lines as members that are lists of texts; few events have lines, so only those are looked into."""
    rows = np.flatnonzero(pc.is_valid(products).to_numpy(False))
    told = []
    for text in products.take(pa.array(rows)).to_pylist():
        lines = orjson.loads(text)
        flat = {f"products_{name}": [str(line.get(name, "")) for line in lines] for name in _LINE_FIELDS}
        told.append(orjson.dumps(flat).decode()[1:-1] + ",")
    where = np.full(len(products), -1)
    where[rows] = np.arange(len(rows))
    return pc.fill_null(choose([*told, ""], np.maximum(where, 0), where >= 0), "")


def _track_ids(calls: Calls) -> pa.Array:
    """Five digits that look random, then the last four of the clock; not unique alone, as on the real wire."""
    ids = calls.message_id
    start = np.frombuffer(ids.buffers()[1], np.int32)[ids.offset : ids.offset + len(ids)]
    glyphs = np.frombuffer(ids.buffers()[2], np.uint8)
    drawn = glyphs[start[:, None] + np.arange(8)].copy().view(np.uint64)[:, 0] % np.uint64(90_000)
    clock = pc.cast(calls.column("timestamp"), pa.int64()).to_numpy() // 1_000 % 10_000
    return number_text((drawn.astype(np.int64) + 10_000) * 10_000 + clock)
