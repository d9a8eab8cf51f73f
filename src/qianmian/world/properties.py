"""The properties of each event as JSON text, built column by column."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.core import events
from qianmian.core.events import TRACKING_PLAN
from qianmian.world import phrases, texts
from qianmian.world.calendar import DAY, MOTHER
from qianmian.world.contacts import user_ids
from qianmian.world.coupons import CAMPAIGNS
from qianmian.world.glyphs import choose, digits, joined, money_text, number_text, text
from qianmian.world.goods import item_id
from qianmian.world.group_buys import RELATIONS
from qianmian.world.invites import REWARD_CENTS
from qianmian.world.orders import REASONS, Orders
from qianmian.world.people import AGES, GROUP_LEADER, LEVELS
from qianmian.world.posts import PLATFORMS, shown_followers
from qianmian.world.reviews import DISPLEASED, LEAKED, opinions, post_texts, review_texts, stars, subject_of
from qianmian.world.scene import Scene
from qianmian.world.trace import NONE, Integers, Trace

#: Purposes that people agree to: everything, all but marketing, the analysis only, nothing but the shop itself.
CONSENTS = ("operate,analyse,personalise,marketing", "operate,analyse,personalise", "operate,analyse", "operate")
_CONTACT_HINTS = ("，加我微信", "，有意私聊", "，电话联系")
_PAGES = ("home", "search", "live", "post", "category", "activity")
_PAYMENT_ERRORS = ("wxpay_ios_checkout_-8001", "insufficient_balance", "bank_declined", "cancelled_by_user")
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
    pool = [_json({"campaign": campaign.name, "value": f"{campaign.cents / 100:.2f}"}) for campaign in CAMPAIGNS]
    return choose(pool, traces.ref)


def _group(scene: Scene, traces: Trace) -> pa.Array:
    return joined('{"group_id":"', serial(b"g", scene, traces.ref), '","size":3}')


def _offered_group(scene: Scene, traces: Trace) -> pa.Array:
    by = choose(("friend", "recommended", "recommended"), traces.code % len(RELATIONS))
    return joined('{"group_id":"', serial(b"g", scene, traces.ref), '","size":3,"by":"', by, '"}')


def _invite(scene: Scene, traces: Trace) -> pa.Array:
    return joined('{"invite_code":"', serial(b"iv", scene, traces.ref), '"}')


def _reward(scene: Scene, traces: Trace) -> pa.Array:
    payee = serial(b"pay", scene, traces.via)
    amount = f'","amount":"{REWARD_CENTS / 100:.2f}","payee":"'
    return joined('{"invite_code":"', serial(b"iv", scene, traces.ref), amount, payee, '"}')


def _post(scene: Scene, traces: Trace) -> pa.Array:
    drawn, warns = traces.code.astype(np.int64) // 2, traces.code % 2 == 1
    said = _with_contacts(scene, traces, post_texts(warns, subject_of(scene.goods, traces.item), drawn))
    platform, fans = choose(PLATFORMS, traces.via), number_text(shown_followers(scene, traces.person))
    head = joined('{"post_id":"', serial(b"p", scene, traces.ref), '","platform":"', platform)
    return joined(head, '","author_followers":', fans, ',"text":"', said, '"}')


def _post_id(scene: Scene, traces: Trace) -> pa.Array:
    return joined('{"post_id":"', serial(b"p", scene, traces.ref), '"}')


def _comment(scene: Scene, traces: Trace) -> pa.Array:
    said = texts.comments(traces.code)
    return joined('{"post_id":"', serial(b"p", scene, traces.ref), '","text":"', said, '"}')


def _share(scene: Scene, traces: Trace) -> pa.Array:
    target, share = choose(_TARGETS, traces.code % len(_TARGETS)), serial(b"sh", scene, traces.via)
    return joined('{"post_id":"', serial(b"p", scene, traces.ref), '","share_id":"', share, '","to":"', target, '"}')


def _seen_post(scene: Scene, traces: Trace) -> pa.Array:
    shared = joined('","via":"share","share_id":"', serial(b"sh", scene, traces.via), '"}')
    tail = pc.if_else(pa.array(traces.via >= 0), shared, '","via":"feed"}')
    return joined('{"post_id":"', serial(b"p", scene, traces.ref), tail)


def _follow(scene: Scene, traces: Trace) -> pa.Array:
    return joined('{"target_user_id":"', user_ids(scene.place.first + traces.ref), '"}')


def _chat(scene: Scene, traces: Trace) -> pa.Array:
    return joined('{"chat_id":"', serial(b"ch", scene, traces.ref), '"}')


def _message(scene: Scene, traces: Trace) -> pa.Array:
    kind, drawn = traces.code % 4, traces.code // 4
    said = _with_contacts(scene, traces, texts.chat_texts(kind, drawn))
    return joined('{"chat_id":"', serial(b"ch", scene, traces.ref), '","text":"', said, '"}')


def room_ids(scene: Scene, begins_at: Integers) -> pa.Array:
    """The shop's name of each live room, by when it opened."""
    place = np.full(len(begins_at), scene.place.number)
    return text(b"live-", digits(place, 4), digits(begins_at // DAY, 6))


def _live(scene: Scene, traces: Trace) -> pa.Array:
    return joined('{"room_id":"', room_ids(scene, traces.ref), '"}')


def _live_click(scene: Scene, traces: Trace) -> pa.Array:
    return joined('{"room_id":"', room_ids(scene, traces.ref), '","segment":', number_text(traces.via + 1), "}")


def _live_left(scene: Scene, traces: Trace) -> pa.Array:
    return joined('{"room_id":"', room_ids(scene, traces.ref), '","seconds":', number_text(traces.code), "}")


def _review(scene: Scene, traces: Trace) -> pa.Array:
    drawn, subject = traces.code.astype(np.int64), subject_of(scene.goods, traces.item)
    said = opinions(traces.ref, subject, drawn)
    told = review_texts(traces.ref, subject, said, drawn)
    told = pc.if_else(pc.equal(told, phrases.NOTHING_WRITTEN), told, _with_contacts(scene, traces, told))
    return joined('{"stars":', number_text(stars(traces.ref, said, drawn)), ',"text":"', told, '"}')


def _failed_payment(_: Scene, traces: Trace) -> pa.Array:
    return choose([_json({"error": error}) for error in _PAYMENT_ERRORS], traces.code)


def _ticket(scene: Scene, traces: Trace) -> pa.Array:
    pools = ((phrases.LEAK_QUESTION,), phrases.SERVICE_TEXTS, *phrases.CATEGORY_SERVICE_TEXTS)
    leaked, category = traces.ref == LEAKED, scene.goods.category[traces.item].astype(np.int64)
    about = np.where(texts.dice(traces.code, 71, 100) < 45, 2 + category, 1)
    said = texts.nested(pools, np.where(leaked, 0, about), traces.code, 73)
    reason = choose(("咨询", "售后", "投诉"), np.where(leaked, 1, texts.dice(traces.code, 72, 3)))
    head = joined('{"ticket_id":"', serial(b"tk", scene, traces.via), '","reason":"', reason)
    return joined(head, '","text":"', said, '"}')


def _closed_ticket(scene: Scene, traces: Trace) -> pa.Array:
    return joined('{"ticket_id":"', serial(b"tk", scene, traces.via), '","minutes":', number_text(traces.code), "}")


def _stock(scene: Scene, traces: Trace) -> pa.Array:
    place = np.full(len(traces), scene.place.number)
    return joined('{"warehouse":"', text(b"wh-", digits(place, 4)), '","stock":', number_text(traces.code), "}")


def _survey(_: Scene, traces: Trace) -> pa.Array:
    drawn = traces.code.astype(np.int64)
    score = np.where(traces.ref >= DISPLEASED, drawn % 7, 7 + drawn % 4)
    heard = choose(("friend", "post", "live", "search", "store"), drawn // 11 % 5)
    return joined('{"survey_id":"after-order","nps":', number_text(score), ',"heard_from":"', heard, '"}')


def _profile(scene: Scene, traces: Trace) -> pa.Array:
    people, person = scene.people, traces.person
    gender = choose(("male", "female"), people.female[person].astype(np.int32))
    drawn = person.astype(np.int64) + np.int64(scene.place.first) * 31 + np.int64(scene.place.plan.seed) * 7_919
    leads, mother = people.role[person] == GROUP_LEADER, people.chronotype[person] == MOTHER
    nickname = texts.nicknames(leads, mother, drawn)
    age, level = choose(AGES, people.age[person]), choose(LEVELS, people.level[person])
    head = joined('{"gender":"', gender, '","age_band":"', age, '","level":"', level)
    return joined(head, '","nickname":"', nickname, '"}')


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
    events.DEPOSIT_PAID: _any_of(['{"stage":"deposit"}']),
    events.PAYMENT_FAILED: _failed_payment,
    events.ORDER_COMPLETED: _order,
    events.ORDER_CANCELLED: _any_of(_pool(reason=("不想要了", "地址填错", "拍错了", "等活动再买"))),
    events.ORDER_REFUNDED: _any_of(_pool(reason=REASONS)),
    events.ORDER_DELIVERED: _any_of(_pool(carrier=_CARRIERS)),
    events.COUPON_GRANTED: _coupon,
    events.COUPON_CLAIMED: _coupon,
    events.COUPON_USED: _coupon,
    events.GROUP_BUY_OPENED: _group,
    events.GROUP_BUY_OFFERED: _offered_group,
    events.GROUP_BUY_JOINED: _group,
    events.GROUP_BUY_FILLED: _group,
    events.GROUP_BUY_FAILED: _group,
    events.INVITE_SENT: _invite,
    events.INVITE_ACCEPTED: _invite,
    events.REWARD_GRANTED: _reward,
    events.POST_CREATED: _post,
    events.POST_VIEWED: _seen_post,
    events.POST_LIKED: _post_id,
    events.POST_COMMENTED: _comment,
    events.POST_SHARED: _share,
    events.USER_FOLLOWED: _follow,
    events.CHAT_INVITED: _chat,
    events.CHAT_JOINED: _chat,
    events.CHAT_POSTED: _message,
    events.CHAT_LEFT: _chat,
    events.LIVE_JOINED: _live,
    events.LIVE_PRODUCT_CLICKED: _live_click,
    events.LIVE_LEFT: _live_left,
    events.REVIEW_WRITTEN: _review,
    events.SURVEY_ANSWERED: _survey,
    events.SERVICE_CONTACTED: _ticket,
    events.TICKET_CLOSED: _closed_ticket,
    events.STOCK_REPORTED: _stock,
    events.SIGNED_IN: _any_of(_pool(method=_SIGN_INS)),
    events.PROFILE_UPDATED: _profile,
}
