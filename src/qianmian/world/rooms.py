"""Live rooms (直播): who watches which minutes of the evening, what is shown then, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.core import events
from qianmian.world.agenda import Agenda
from qianmian.world.calendar import DAY, HOUR, SECOND, WEDNESDAY, ZONE
from qianmian.world.goods import pick
from qianmian.world.scene import Scene
from qianmian.world.signing import from_own_device
from qianmian.world.trace import Integers, Trace, join_traces

SEGMENTS, SEGMENT = 8, 15 * 60 * SECOND
_VIEWERS, _CLICKS, _BUYS = 0.03, 0.12, 0.02
#: The segment with the lucky bag holds people and sells best.
BEST_SEGMENT, BEST_CLICKS, BEST_BUYS = 3, 2.0, 3.0
_FESTIVALS = (((10, 20), (10, 23)), ((10, 31), (11, 3)), ((11, 9), (11, 11)))


@dataclass(frozen=True)
class Rooms:
    """Live rooms of one neighbourhood.

    Attributes:
        begins_at: when each room opens.
        item: what each room shows, one column a segment.
        room: room of each viewer.
        person: who watches.
        joined_at: since when.
        left_at: until when.
        seen_viewer: viewer of each segment that somebody saw.
        seen_segment: which segment.
        clicked: whether the viewer clicked the item.
        errand: number of the purchase that came of it; `NONE` = none.
    """

    begins_at: Integers
    item: Integers
    room: Integers
    person: Integers
    joined_at: Integers
    left_at: Integers
    seen_viewer: Integers
    seen_segment: Integers
    clicked: Integers
    errand: Integers


def watch(scene: Scene, agenda: Agenda) -> Rooms:
    """Open the rooms and let people in; some buy what is shown."""
    random, people = scene.random("rooms"), scene.people
    begins_at = _evenings(scene)
    count, size = len(begins_at), len(people)
    item = pick(random, scene.goods, random.integers(0, len(scene.goods.cell_start), count * SEGMENTS))
    item = item.reshape(count, SEGMENTS)
    rate = _VIEWERS * scene.daily_pace * scene.traits.openness * np.minimum(people.activity, 4) ** 0.5
    rate[scene.cast.machines] = 0
    room = np.repeat(np.arange(count), random.poisson(rate.sum(), count))
    person = np.searchsorted(np.cumsum(rate), random.random(len(room)) * rate.sum()).clip(max=size - 1)
    minute = np.where(
        random.random(len(room)) < 0.25,
        random.normal(BEST_SEGMENT * 15 + 2, 5, len(room)),
        random.gamma(1.2, 30, len(room)),
    )
    joined_at = begins_at[room] + (np.clip(minute, 0, 112) * 60).astype(np.int64) * SECOND
    stays = (random.gamma(1.3, 13, len(room)) * 60).astype(np.int64) * SECOND + 20 * SECOND
    left_at = np.minimum(joined_at + stays, begins_at[room] + SEGMENTS * SEGMENT)
    _, once = np.unique(room.astype(np.int64) * size + person, return_index=True)
    once = once[scene.traits.alive(person[once], joined_at[once])]
    room, person, joined_at, left_at = room[once], person[once], joined_at[once], left_at[once]
    viewer, segment = _segments_seen(begins_at[room], joined_at, left_at)
    best = segment == BEST_SEGMENT
    clicked = random.random(len(viewer)) < _CLICKS * np.where(best, BEST_CLICKS, 1.0)
    likes = np.where(scene.goods.category[item[room[viewer], segment]] == people.category[person[viewer]], 2.5, 0.7)
    chance = _BUYS * likes * scene.traits.openness[person[viewer]] * np.where(best, BEST_BUYS, 1.0)
    buys = np.flatnonzero(random.random(len(viewer)) < np.minimum(chance, 0.6))
    at = np.maximum(begins_at[room[viewer[buys]]] + segment[buys] * SEGMENT, joined_at[viewer[buys]])
    at += (random.exponential(4, len(buys)) * 60 * SECOND).astype(np.int64) + 40 * SECOND
    errand = np.full(len(viewer), -1)
    errand[buys] = agenda.plan(person[viewer[buys]], at, wants=item[room[viewer[buys]], segment[buys]])
    return Rooms(begins_at, item, room, person, joined_at, left_at, viewer, segment, clicked | (errand >= 0), errand)


def room_events(scene: Scene, rooms: Rooms) -> Trace:
    """Joining, clicking and leaving."""
    random = scene.random("room events")
    clicks = np.flatnonzero(rooms.clicked)
    viewer, segment = rooms.seen_viewer[clicks], rooms.seen_segment[clicks]
    room = rooms.room[viewer]
    number = rooms.begins_at
    begin = np.maximum(rooms.begins_at[room] + segment * SEGMENT, rooms.joined_at[viewer])
    end = np.minimum(rooms.begins_at[room] + (segment + 1) * SEGMENT, rooms.left_at[viewer])
    at = begin + ((end - begin) * random.random(len(clicks))).astype(np.int64)
    seconds = (rooms.left_at - rooms.joined_at) // SECOND
    return join_traces(
        [
            from_own_device(scene, events.LIVE_JOINED, rooms.person, rooms.joined_at, ref=number[rooms.room]),
            from_own_device(
                scene,
                events.LIVE_PRODUCT_CLICKED,
                rooms.person[viewer],
                at,
                ref=number[room],
                item=rooms.item[room, segment],
                via=segment,
            ),
            from_own_device(scene, events.LIVE_LEFT, rooms.person, rooms.left_at, ref=number[rooms.room], code=seconds),
        ]
    )


def _evenings(scene: Scene) -> Integers:
    """Eight in the evening of each Wednesday and Saturday, and of the days of a festival."""
    calendar = scene.calendar
    midnights = np.arange(calendar.start, calendar.end, DAY)
    weekday = ((midnights + ZONE) // DAY + 3) % 7
    open_ = (weekday == WEDNESDAY) | (weekday == WEDNESDAY + 3)
    for first, last in _FESTIVALS:
        begin, end = calendar.dates(first, last)
        open_ |= (midnights >= begin) & (midnights < end)
    evenings: Integers = midnights[open_] + 20 * HOUR
    return evenings


def _segments_seen(begins_at: Integers, joined_at: Integers, left_at: Integers) -> tuple[Integers, Integers]:
    """Every segment that each viewer saw a part of."""
    first = (joined_at - begins_at) // SEGMENT
    last = np.minimum((left_at - begins_at - 1) // SEGMENT, SEGMENTS - 1)
    count = np.maximum(last - first + 1, 1)
    viewer = np.repeat(np.arange(len(first)), count)
    turn = np.arange(len(viewer)) - np.repeat(np.cumsum(count) - count, count)
    return viewer, np.minimum(first[viewer] + turn, SEGMENTS - 1)
