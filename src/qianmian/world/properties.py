"""The properties of each event as JSON text, built column by column."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.core import events
from qianmian.core.events import TRACKING_PLAN
from qianmian.world import texts
from qianmian.world.contacts import user_ids
from qianmian.world.glyphs import choose, digits, joined, money_text, number_text, text
from qianmian.world.goods import item_id
from qianmian.world.orders import CAMPAIGNS, Orders
from qianmian.world.people import AGES
from qianmian.world.scene import Scene
from qianmian.world.trace import NONE, Integers, Trace

#: Purposes that people agree to: everything, all but marketing, the analysis only, nothing but the shop itself.
CONSENTS = ("operate,analyse,personalise,marketing", "operate,analyse,personalise", "operate,analyse", "operate")
_NICKNAMES = (
    "小鹿不吃草",
    "城南李姐团长",
    "momo",
    "半糖去冰",
    "一只阿呆",
    "今天也没睡够",
    "豆豆妈",
    "山有木兮",
    "爱吃土豆",
    "风吹麦浪",
)
_CONTACT_HINTS = ("，加我微信", "，有意私聊", "，电话联系")
_PAGES = ("home", "search", "live", "post", "category", "activity")
_REASONS = ("色差", "漏液", "尺码不合适", "不想要了", "买贵了", "质量问题", "发货太慢", "七天无理由")
_CARRIERS = ("甲运速递", "云雀快运", "驿马物流")
_PAYMENTS = ("wechat", "alipay", "card", "balance")
_SIGN_INS = ("phone", "wechat", "password", "one_tap")
_TARGETS = ("wechat_group", "moments", "friend", "weibo", "xiaohongshu")


def serial(prefix: bytes, scene: Scene, numbers: Integers) -> pa.Array:
    """Numbers of orders, posts, groups… as the shop writes them; unique in the world."""
    place = np.full(len(numbers), scene.place.number)
    return text(prefix, digits(place, 4), digits(np.maximum(numbers, 0), 8))


def properties(scene: Scene, traces: Trace) -> pa.Array:
    """JSON text of the properties of each event; null if it has none."""
    made, places = [], []
    for kind in np.unique(traces.kind):
        write = _WRITERS.get(TRACKING_PLAN[kind])
        if write is not None:
            rows = np.flatnonzero(traces.kind == kind)
            made.append(write(scene, traces.take(rows)))
            places.append(rows)
    where = np.full(len(traces), NONE)
    if places:
        where[np.concatenate(places)] = np.arange(sum(map(len, places)))
    written = pa.chunked_array(made, pa.string()).combine_chunks() if made else pa.array([], pa.string())
    return choose(written, np.maximum(where, 0), where >= 0)


def products(scene: Scene, orders: Orders) -> pa.Array:
    """JSON text of the lines of each order."""
    if not len(orders):
        return pa.array([], pa.string())
    coupon = joined(',"coupon_id":"', serial(b"CP", scene, orders.line_coupon), '"}')
    lines = joined(
        '{"item_id":"',
        choose([item_id(item) for item in range(len(scene.goods.cents))], orders.line_item),
        '","quantity":',
        number_text(orders.line_quantity),
        ',"unit_price":"',
        money_text(orders.line_price),
        '","amount":"',
        money_text(orders.line_amount),
        '"',
        pc.if_else(pa.array(orders.line_coupon >= 0), coupon, "}"),
    )
    offsets = np.append(orders.first_line, len(orders.line_order)).astype(np.int32)
    return joined("[", pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), lines), ","), "]")


def _pool(**choices: tuple[str, ...]) -> list[str]:
    """Every combination of some values, as JSON text."""
    rows: list[dict[str, str]] = [{}]
    for name, values in choices.items():
        rows = [{**row, name: value} for row in rows for value in values]
    return [_json(row) for row in rows]


def _json(row: object) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _any_of(pool: list[str]) -> Callable[[Scene, Trace], pa.Array]:
    return lambda _, traces: choose(pool, traces.code.astype(np.int64) % len(pool))


_QUERIES = texts.queries()


def _search(_: Scene, traces: Trace) -> pa.Array:
    pool = [_json({"query": query}) for words in _QUERIES for query in words]
    category, drawn = np.divmod(traces.code, 1_000)
    return choose(pool, category * len(_QUERIES[0]) + drawn % len(_QUERIES[0]))


def _order(scene: Scene, traces: Trace) -> pa.Array:
    payment = choose(_PAYMENTS, traces.order % len(_PAYMENTS))
    group = joined('","group_id":"', serial(b"g", scene, traces.ref))
    return joined('{"payment":"', payment, pc.if_else(pa.array(traces.ref >= 0), group, ""), '"}')


def _coupon(_: Scene, traces: Trace) -> pa.Array:
    pool = [
        _json({"campaign": f"autumn-{number + 1}", "value": f"{cents / 100:.2f}"})
        for number, (_, cents) in enumerate(CAMPAIGNS)
    ]
    return choose(pool, traces.ref)


def _group(scene: Scene, traces: Trace) -> pa.Array:
    return joined('{"group_id":"', serial(b"g", scene, traces.ref), '","size":3}')


def _invite(scene: Scene, traces: Trace) -> pa.Array:
    return joined('{"invite_code":"', serial(b"iv", scene, traces.ref), '"}')


def _post(scene: Scene, traces: Trace) -> pa.Array:
    said = _with_contacts(scene, traces, texts.posts(scene.people.category[traces.person], traces.code))
    return joined('{"post_id":"', serial(b"p", scene, traces.ref), '","text":"', said, '"}')


def _like(scene: Scene, traces: Trace) -> pa.Array:
    return joined('{"post_id":"', serial(b"p", scene, traces.ref), '"}')


def _comment(scene: Scene, traces: Trace) -> pa.Array:
    said = choose(texts.COMMENTS, traces.code % len(texts.COMMENTS))
    return joined('{"post_id":"', serial(b"p", scene, traces.ref), '","text":"', said, '"}')


def _share(scene: Scene, traces: Trace) -> pa.Array:
    target = choose(_TARGETS, traces.code % len(_TARGETS))
    return joined('{"post_id":"', serial(b"p", scene, traces.ref), '","to":"', target, '"}')


def _follow(scene: Scene, traces: Trace) -> pa.Array:
    return joined('{"target_user_id":"', user_ids(scene.place.first + traces.ref), '"}')


def _live(_: Scene, traces: Trace) -> pa.Array:
    return joined('{"room_id":"live-', text(digits(traces.ref, 6)), '"}')


def _review(scene: Scene, traces: Trace) -> pa.Array:
    drawn = traces.code.astype(np.int64)
    stars = np.where(traces.ref == 1, 1 + drawn % 3, 4 + (drawn % 5 > 0))
    said = texts.reviews(scene.goods.category[traces.item], traces.ref, drawn)
    said = _with_contacts(scene, traces, said)
    return joined('{"stars":', number_text(stars), ',"text":"', said, '"}')


def _survey(_: Scene, traces: Trace) -> pa.Array:
    drawn = traces.code.astype(np.int64)
    score = np.where(traces.ref == 1, drawn % 7, 7 + drawn % 4)
    heard = choose(("friend", "post", "live", "search", "store"), drawn // 11 % 5)
    return joined('{"survey_id":"after-order","nps":', number_text(score), ',"heard_from":"', heard, '"}')


def _profile(scene: Scene, traces: Trace) -> pa.Array:
    people, person = scene.people, traces.person
    gender = choose(("male", "female"), people.female[person].astype(np.int32))
    nickname = joined(choose(_NICKNAMES, person % len(_NICKNAMES)), number_text(person % 97))
    age = choose(AGES, people.age[person])
    return joined('{"gender":"', gender, '","age_band":"', age, '","nickname":"', nickname, '"}')


def _with_contacts(scene: Scene, traces: Trace, said: pa.Array) -> pa.Array:
    """A few people type their own phone number or e-mail into what they write."""
    drawn = traces.code.astype(np.int64) // 3 % 100
    hint = choose(_CONTACT_HINTS, traces.code % len(_CONTACT_HINTS))
    phone = choose(scene.contacts.phones, scene.people.phone_slot(traces.person, traces.at), drawn == 0)
    email = choose(scene.contacts.emails, traces.person, drawn == 1)
    return joined(said, pc.fill_null(joined(hint, pc.coalesce(phone, email)), ""))


_WRITERS: dict[str, Callable[[Scene, Trace], pa.Array]] = {
    events.PRODUCT_VIEWED: _any_of(_pool(page=_PAGES, position=tuple(str(place) for place in range(1, 13)))),
    events.PRODUCTS_SEARCHED: _search,
    events.PRODUCT_ADDED: _any_of(['{"quantity":1}']),
    events.ORDER_COMPLETED: _order,
    events.ORDER_CANCELLED: _any_of(_pool(reason=("不想要了", "地址填错", "拍错了", "等活动再买"))),
    events.ORDER_REFUNDED: _any_of(_pool(reason=_REASONS)),
    events.ORDER_DELIVERED: _any_of(_pool(carrier=_CARRIERS)),
    events.COUPON_GRANTED: _coupon,
    events.COUPON_USED: _coupon,
    events.GROUP_BUY_OPENED: _group,
    events.GROUP_BUY_JOINED: _group,
    events.GROUP_BUY_FILLED: _group,
    events.INVITE_SENT: _invite,
    events.INVITE_ACCEPTED: _invite,
    events.POST_CREATED: _post,
    events.POST_LIKED: _like,
    events.POST_COMMENTED: _comment,
    events.POST_SHARED: _share,
    events.USER_FOLLOWED: _follow,
    events.LIVE_JOINED: _live,
    events.REVIEW_WRITTEN: _review,
    events.SURVEY_ANSWERED: _survey,
    events.SERVICE_CONTACTED: _any_of(_pool(reason=("咨询", "售后", "投诉"), text=texts.SERVICE_TEXTS)),
    events.SIGNED_IN: _any_of(_pool(method=_SIGN_INS)),
    events.PROFILE_UPDATED: _profile,
}
