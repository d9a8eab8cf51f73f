"""The tables of truth about causes: traits, communities, who passed what to whom, journeys, opinions, stories."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from qianmian.core import events
from qianmian.world.glyphs import choose, coded
from qianmian.world.goods import CATEGORIES, item_id
from qianmian.world.group_buys import RELATIONS
from qianmian.world.habits import habits
from qianmian.world.journeys import BUY, ENGAGE, STAGES
from qianmian.world.life import Life
from qianmian.world.patterns import PATTERNS
from qianmian.world.people import interests
from qianmian.world.posts import PLATFORMS
from qianmian.world.properties import room_ids, serial
from qianmian.world.render import instants
from qianmian.world.reviews import ASPECT_NAMES, ASPECTS, FORMS, opinions, subject_of
from qianmian.world.rooms import SEGMENT, SEGMENTS
from qianmian.world.stories.tables import story_tables
from qianmian.world.trace import NONE, Integers
from qianmian.world.traits import RESPONSES

_CATEGORIES = [category.name for category in CATEGORIES]


def causes(life: Life, ids: pa.Array) -> dict[str, pa.Table]:
    """The truth about causes of a neighbourhood by table name.

    Args:
        life: what happened.
        ids: message id of each event, by serial number.
    """
    return {
        "traits": _traits(life),
        "habits": habits(life.scene),
        "exposures": _exposures(life),
        "group_offers": _group_offers(life),
        "invitations": _invitations(life),
        "live_segments": _live_segments(life),
        "purchase_journeys": _journeys(life),
        "patterns": _patterns(life),
        "opinions": _opinions(life, ids),
        **story_tables(life),
    }


def _persons(life: Life, numbers: Integers) -> pa.Array:
    numbers = np.asarray(numbers, np.int64)
    return pa.array(numbers + life.scene.place.first, mask=numbers < 0)


def _orders(life: Life, errands: Integers) -> pa.Array:
    """Number of the order that each planned visit ended in; empty = none."""
    number = life.orders_of(errands)
    return choose(serial(b"SY", life.scene, number), np.arange(len(number)), number >= 0)


def _items(life: Life, items: Integers) -> pa.Array:
    return coded([item_id(item) for item in range(len(life.scene.goods.cents))], items)


def _traits(life: Life) -> pa.Table:
    """One row a person: what nobody sees."""
    traits, people, scene = life.scene.traits, life.scene.people, life.scene
    never = traits.leaves_at >= scene.calendar.end
    taste = interests(people)
    return pa.table(
        {
            "person": _persons(life, np.arange(len(people))),
            "community": (np.int64(scene.place.number) << 20) + scene.ties.community,
            "price_sensitivity": traits.price_sensitivity,
            "response": coded(RESPONSES, traits.response),
            "sway": traits.sway,
            "openness": traits.openness,
            "weekly_hazard": traits.hazard,
            "activity": people.activity,
            "joins_at": instants(traits.joins_at),
            "leaves_at": pa.array(np.where(never, 0, traits.leaves_at), mask=never).cast(instants(np.zeros(0)).type),
            **{f"interest_{name}": taste[:, column] for column, name in enumerate(_CATEGORIES)},
        }
    )


def _exposures(life: Life) -> pa.Table:
    """One row an exposure to a post: who passed it on, in which generation, and the order that came of it."""
    exposures, posts = life.plans.exposures, life.plans.posts
    return pa.table(
        {
            "post_id": serial(b"p", life.scene, exposures.post),
            "author": _persons(life, posts.author[exposures.post]),
            "platform": coded(PLATFORMS, posts.platform[exposures.post]),
            "warns": posts.warns[exposures.post],
            "item_id": _items(life, posts.item[exposures.post]),
            "person": _persons(life, exposures.person),
            "passed_by": _persons(life, exposures.by),
            "generation": exposures.generation.astype(np.int8),
            "occurred_at": instants(exposures.at),
            "order_id": _orders(life, exposures.errand),
        }
    )


def _group_offers(life: Life) -> pa.Table:
    """One row a place in a group buy that was offered."""
    buys = life.plans.group_buys
    offers = buys.offers
    return pa.table(
        {
            "group_id": serial(b"g", life.scene, offers.group),
            "opener": _persons(life, buys.opener[offers.group]),
            "person": _persons(life, offers.person),
            "relation": coded(RELATIONS, offers.relation),
            "likes_category": offers.likes,
            "joins": offers.joins,
        }
    )


def _invitations(life: Life) -> pa.Table:
    """One row an invitation of the fission campaign: the tree of who brought whom."""
    invites = life.plans.invites
    return pa.table(
        {
            "invite_code": serial(b"iv", life.scene, np.arange(len(invites))),
            "inviter": _persons(life, invites.inviter),
            "invitee": _persons(life, invites.invitee),
            "generation": invites.generation.astype(np.int8),
            "accepted": invites.accepted_at != NONE,
            "fake": invites.fake.astype(np.bool_),
        }
    )


def _live_segments(life: Life) -> pa.Table:
    """One row a segment of a live room: what was shown, who saw it, what came of it."""
    rooms = life.plans.rooms
    size = len(rooms.begins_at) * SEGMENTS
    cell = rooms.room[rooms.seen_viewer] * SEGMENTS + rooms.seen_segment
    ordered = life.orders_of(rooms.errand) >= 0
    room, segment = np.divmod(np.arange(size), SEGMENTS)
    return pa.table(
        {
            "room_id": room_ids(life.scene, rooms.begins_at[room]),
            "segment": segment + 1,
            "begins_at": instants(rooms.begins_at[room] + segment * SEGMENT),
            "item_id": _items(life, rooms.item.reshape(-1)),
            "viewers": np.bincount(cell, minlength=size),
            "clicks": np.bincount(cell[rooms.clicked], minlength=size),
            "orders": np.bincount(cell[ordered], minlength=size),
        }
    )


def _journeys(life: Life) -> pa.Table:
    """One row a person, category and stage that was reached for the first time; who reviews the purchase engages."""
    journeys = life.plans.journeys
    order = life.orders_of(journeys.errand)
    reviewed = np.full(max(len(life.orders), 1), np.iinfo(np.int64).max)
    reviews = life.sent.events.take(life.sent.events.named(events.REVIEW_WRITTEN))
    reviewed[reviews.order] = reviews.at
    bought = np.flatnonzero((journeys.stage == BUY) & (order >= 0))
    engaged = bought[reviewed[order[bought]] < life.scene.calendar.end]
    made = np.concatenate([np.flatnonzero(life.planned[journeys.errand] >= 0), engaged])
    stage = journeys.stage[made].copy()
    since = journeys.since[made].copy()
    stage[len(made) - len(engaged) :], since[len(made) - len(engaged) :] = ENGAGE, reviewed[order[engaged]]
    key = (journeys.person[made].astype(np.int64) * len(_CATEGORIES) + journeys.category[made]) * len(STAGES) + stage
    by_time = np.lexsort((since, key))
    first = by_time[np.unique(key[by_time], return_index=True)[1]]
    ids = serial(b"SY", life.scene, order[made[first]])
    return pa.table(
        {
            "person": _persons(life, journeys.person[made[first]]),
            "category": coded(_CATEGORIES, journeys.category[made[first]]),
            "stage": coded(STAGES, stage[first]),
            "since": instants(since[first]),
            "order_id": choose(ids, np.arange(len(first)), (stage[first] >= BUY) & (order[made[first]] >= 0)),
        }
    )


def _patterns(life: Life) -> pa.Table:
    """One row a person who follows a pattern, with its first and last step."""
    pattern = life.plans.pattern
    return pa.table(
        {
            "pattern": coded(PATTERNS, pattern.kind),
            "person": _persons(life, pattern.person),
            "item_id": _items(life, pattern.item),
            "first_at": instants(pattern.first_at),
            "last_at": instants(pattern.last_at),
        }
    )


def _opinions(life: Life, ids: pa.Array) -> pa.Table:
    """One row a review and aspect; a review that judges no aspect has one row with an empty aspect."""
    traces = life.sent.events
    rows = traces.named(events.REVIEW_WRITTEN)
    mood, subject = traces.ref[rows], subject_of(life.scene.goods, traces.item[rows])
    said = opinions(mood, subject, traces.code[rows].astype(np.int64))
    names = np.array([[ASPECT_NAMES.index(name) for name in aspects] for aspects in ASPECTS])
    shown = said.aspect >= 0
    shown[:, 0] = True
    review, turn = np.nonzero(shown)
    aspect, form = said.aspect[review, turn], said.form[review]
    return pa.table(
        {
            "message_id": ids.take(pa.array(rows[review])),
            "form": coded(FORMS, form),
            "sentiment": coded(("positive", "negative"), (mood[review] > 0).astype(np.int64)),
            "aspect": coded(ASPECT_NAMES, np.where(aspect >= 0, names[subject.category[review], aspect], NONE)),
            "aspect_sentiment": coded(
                ("negative", "positive"), np.where(aspect >= 0, said.praised[review, turn].astype(np.int64), NONE)
            ),
        }
    )
