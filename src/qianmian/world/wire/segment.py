"""Messages and requests of the Segment HTTP tracking API, as three of its clients send them.

========= ============================== ===================================================================
client    speaks as                      sends
========= ============================== ===================================================================
browser   analytics-next 1.84.3          each message alone to ``/v1/t``, ``/v1/i``…, with ``sentAt`` inside
app       analytics-node 3.1.0           up to 15 messages, or what came within 10 s, to ``/v1/batch``
server    segment-analytics-python 2.4   up to 100 messages within 0.5 s to ``/v1/batch``; ids of nobody are ``null``
========= ============================== ===================================================================

Segment has no SDK for mini-programs: apps and mini-programs stand for shops that relay through their own server. The
order's products carry Segment's names (``product_id``, ``price``, ``quantity``, ``coupon``). Phone, e-mail and union id
travel as traits; channel, region and consent in the context. An event that names nobody gets its message id as a fresh
anonymous id, because the API asks for one.
"""

from __future__ import annotations

import base64

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.world.glyphs import choose
from qianmian.world.trace import Integers
from qianmian.world.wire import json_text as json
from qianmian.world.wire.calls import ALIAS, GROUP, IDENTIFY, PAGE, TRACK, TYPES, Calls, group_ids
from qianmian.world.wire.deliveries import BROWSER, SERVER, Flush
from qianmian.world.wire.json_text import joined
from qianmian.world.wire.requests import Requests

FLUSHES = (Flush(1, 0.0), Flush(15, 10.0), Flush(100, 0.5))
WRITE_KEY = "world-write-key"
SITE = "https://shiyeji.example.com"
_AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
_LOCALE = '"locale":"zh-CN","timezone":"Asia/Shanghai",'
_CONTEXTS = (
    '"library":{"name":"analytics.js","version":"npm:next-1.84.3"},' + _LOCALE,
    '"library":{"name":"@segment/analytics-node","version":"3.1.0"},"app":{"name":"拾野集","version":"5.2.0"},'
    + _LOCALE,
    '"library":{"name":"analytics-python","version":"2.4.0"},',
)
_INTEGRATIONS = ('{"Segment.io":true}', "{}", "{}")
_CONTENT_TYPES = ("text/plain", "application/json", "application/json")
_AGENTS = (_AGENT, "node-fetch", "analytics-python/2.4.0")


def messages(calls: Calls) -> pa.Array:
    """The JSON of each call, without the closing brace: what differs between line and request comes behind."""
    body = joined(
        "{",
        json.members([("type", json.fixed(choose(TYPES, calls.kind))), ("messageId", json.fixed(calls.message_id))]),
        json.members([("timestamp", json.instants(calls.column("timestamp")))]),
        _who(calls),
        json.members(_what(calls)),
        json.members([("context", _context(calls)), ("integrations", choose(_INTEGRATIONS, calls.client))]),
    )
    return pc.utf8_rtrim(body, ",")


def lines(calls: Calls, texts: pa.Array) -> pa.Array:
    """Messages as the lines of a raw log, which add when each was sent and received."""
    sent, received = json.instants(calls.sent_at), json.instants(calls.received_at)
    return joined(texts, ',"sentAt":', sent, ',"receivedAt":', received, "}\n")


def requests(calls: Calls, texts: pa.Array) -> Requests:
    """The requests that carry the messages."""
    first = calls.first_of_requests
    client, sent = calls.client[first], json.instants(calls.sent_at.take(pa.array(first)))
    bodies = pa.ListArray.from_arrays(pa.array(np.append(first, len(calls)).astype(np.int32)), joined(texts, "}"))
    batch = joined('{"batch":[', pc.binary_join(bodies, ","), '],"writeKey":"', WRITE_KEY, '","sentAt":', sent, "}")
    # A browser sends each call alone, also those of one event.
    alone = joined(texts, ',"sentAt":', json.instants(calls.sent_at), ',"writeKey":"', WRITE_KEY, '"}')
    browser = calls.client == BROWSER
    paths = choose([f"/v1/{name[0]}" for name in TYPES], calls.kind)
    posts = np.concatenate([np.flatnonzero(browser), first[client != BROWSER]])
    order = np.argsort(posts, kind="stable")
    together = np.zeros(len(calls), np.int32)
    together[first] = np.arange(len(first))
    single = pa.array(browser[posts[order]])
    taken = pa.array(posts[order])
    return Requests(
        received_at=calls.received_at.take(taken),
        path=pc.if_else(single, paths.take(taken), "/v1/batch"),
        headers=_headers(calls, posts[order]),
        body=pc.if_else(single, alone.take(taken), batch.take(pa.array(together[posts[order]]))),
    )


def _headers(calls: Calls, posts: Integers) -> pa.Array:
    """Headers by client, of the calls at some positions; a retry counts itself."""
    basic = base64.b64encode(f"{WRITE_KEY}:".encode()).decode()
    client, retry = calls.client[posts], calls.retry[posts]
    pool = [f'{{"Authorization":"Basic {basic}","Content-Type":"{kind}","User-Agent":' for kind in _CONTENT_TYPES]
    browsers = json.quoted(_agents(calls).take(pa.array(posts)))
    agents = pc.if_else(pa.array(client == BROWSER), browsers, json.quoted(choose(_AGENTS, client)))
    counts = choose(("}", ',"X-Retry-Count":"1"}'), retry.astype(np.int64))
    return joined(choose(pool, client), agents, counts)


def _who(calls: Calls) -> pa.Array:
    user, anonymous = json.fixed(calls.column("user_id")), json.fixed(calls.column("anonymous_id"))
    nobody = pc.and_(pc.is_null(user), pc.is_null(anonymous))
    anonymous = pc.if_else(nobody, json.fixed(calls.message_id), anonymous)
    python = pa.array(calls.client == SERVER)
    alias = pa.array(calls.kind == ALIAS)
    null = pa.scalar(None, pa.string())
    return json.members(
        [
            ("userId", pc.if_else(pc.and_(python, pc.is_null(user)), "null", user)),
            ("anonymousId", pc.if_else(alias, null, pc.if_else(pc.is_null(anonymous), "null", anonymous))),
            ("previousId", pc.if_else(alias, anonymous, null)),
        ]
    )


def _what(calls: Calls) -> list[json.Member]:
    """The members that depend on the kind of call."""
    rows, null = len(calls), pa.scalar(None, pa.string())

    def only(kind: int, value: pa.Array) -> pa.Array:
        return pc.if_else(pa.array(calls.kind == kind), value, null)

    told = json.closed(joined(json.inner(calls.column("properties")), json.members(_commerce(calls))))
    page = json.closed(json.members(_page(calls)))
    traits = pc.if_else(pa.array(calls.beside), "{}", json.closed(joined(json.inner(calls.column("properties")),
                                                                         json.members(_contacts(calls)))))  # fmt: skip
    return [
        ("event", only(TRACK, json.quoted(calls.column("event")))),
        ("name", only(PAGE, json.constant('"商品详情"', rows))),
        ("groupId", only(GROUP, json.fixed(group_ids(calls)))),
        ("properties", pc.coalesce(only(TRACK, told), only(PAGE, page))),
        ("traits", pc.coalesce(only(IDENTIFY, traits), only(GROUP, json.constant("{}", rows)))),
    ]


def _commerce(calls: Calls) -> list[json.Member]:
    """Orders, goods and money, under Segment's names."""
    column = calls.column
    return [
        ("order_id", json.fixed(column("order_id"))),
        ("refund_id", json.fixed(column("refund_id"))),
        ("product_id", json.quoted(column("item_id"))),
        ("total", json.money(column("total"))),
        ("currency", json.quoted(column("currency"))),
        ("coupon", json.fixed(column("coupon_id"))),
        ("products", _products(column("products"))),
    ]


def _products(texts: pa.Array) -> pa.Array:
    """Order lines under Segment's names; few events have them, so only those are rewritten."""
    rows = np.flatnonzero(pc.is_valid(texts).to_numpy(False))
    told = texts.take(pa.array(rows))
    for old, new in (('"item_id":', '"product_id":'), ('"coupon_id":', '"coupon":')):
        told = pc.replace_substring(told, old, new)
    told = pc.replace_substring_regex(told, '"unit_price":"([^"]*)"', '"price":\\1')
    told = pc.replace_substring_regex(told, '"amount":"([^"]*)"', '"amount":\\1')
    where = np.full(len(texts), -1)
    where[rows] = np.arange(len(rows))
    return choose(told, np.maximum(where, 0), where >= 0) if len(rows) else texts


def _contacts(calls: Calls) -> list[json.Member]:
    column = calls.column
    return [
        ("phone", json.fixed(column("phone"))),
        ("email", json.quoted(column("email"))),
        ("wechat_unionid", json.fixed(column("wechat_unionid"))),
    ]


def _context(calls: Calls) -> pa.Array:
    column, null = calls.column, pa.scalar(None, pa.string())
    traits = json.members(_contacts(calls))
    in_traits = (calls.kind == IDENTIFY) & ~calls.beside
    bare = pc.or_(pc.equal(traits, ""), pa.array(in_traits))
    device = json.members([("id", json.fixed(column("device_id"))), ("type", json.quoted(column("device_type")))])
    page = pc.if_else(pa.array(calls.client == BROWSER), json.closed(json.members(_page(calls))), null)
    pairs = [
        ("userAgent", pc.if_else(pa.array(calls.client == BROWSER), json.quoted(_agents(calls)), null)),
        ("page", page),
        ("device", pc.if_else(pc.equal(device, ""), null, json.closed(device))),
        ("channel", json.quoted(column("channel"))),
        ("location", _location(column("region"))),
        ("traits", pc.if_else(bare, null, json.closed(traits))),
        ("consent", json.quoted(column("consent"))),
    ]
    return json.closed(joined(choose(_CONTEXTS, calls.client), json.members(pairs)))


def _agents(calls: Calls) -> pa.Array:
    """What each browser says of itself."""
    return pc.fill_null(calls.column("user_agent").cast(pa.string()), _AGENT)


def _location(regions: pa.DictionaryArray) -> pa.Array:
    """A region 省/市 as an object; each of the few regions is written once."""
    objects = []
    for region in regions.dictionary.to_pylist():
        province, _, city = region.partition("/")
        objects.append(f'{{"country":"CN","region":"{province}","city":"{city}"}}')
    return pc.take(pa.array(objects, pa.string()), regions.indices)


def _page(calls: Calls) -> list[json.Member]:
    path = joined("/item/", pc.fill_null(pc.cast(calls.column("item_id"), pa.string()), "list"))
    return [
        ("path", json.fixed(path)),
        ("referrer", json.constant('""', len(calls))),
        ("search", json.constant('""', len(calls))),
        ("title", json.constant('"拾野集"', len(calls))),
        ("url", joined(f'"{SITE}', path, '"')),
    ]
