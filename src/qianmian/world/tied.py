"""The truth about ties: who is a friend, and who acted on whom."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from qianmian.core import events
from qianmian.world.glyphs import coded
from qianmian.world.life import Life
from qianmian.world.trace import CODES, NONE, USER, Flags, Integers

#: Relations: friends as they were planted, and what people did by the kinds of tie that can be judged.
RELATIONS = ("friend", "follow", "like", "comment", "share", "invite", "group_buy")
_FRIEND, _SHARE, _GROUP_BUY = 0, 4, 6
_ACTS = {
    events.USER_FOLLOWED: 1,
    events.POST_LIKED: 2,
    events.POST_COMMENTED: 3,
    events.POST_SHARED: _SHARE,
    events.INVITE_ACCEPTED: 5,
}


def tied(life: Life) -> pa.Table:
    """One row a pair and relation: ``person`` acted on ``other``; friends and group buys stand both ways.

    ``by_user_id`` says whether user ids alone would show it: an event of it shows the user id of ``person``, and
    ``other`` has one.
    """
    friends = life.scene.ties.friends
    person = np.repeat(np.arange(len(life.scene.people)), np.diff(friends.start))
    planted = _rows(_FRIEND, person, friends.other, np.zeros(len(person), np.bool_))
    rows = np.concatenate([planted, *_acts(life), _group_buys(life)], axis=1)
    people = life.sent.events.person
    seen = np.isin(rows[1:3], people[people >= 0]).all(axis=0)  # of the others nobody can know a thing
    relation, person, other, shown = rows[:, (rows[1] != rows[2]) & seen]
    shown &= life.scene.people.registered[other]
    size = np.int64(len(life.scene.people))
    pairs, where = np.unique((relation * size + person) * size + other, return_inverse=True)
    by_user_id = np.zeros(len(pairs), np.bool_)
    np.logical_or.at(by_user_id, where, shown.astype(np.bool_))
    first = np.int64(life.scene.place.first)
    return pa.table(
        {
            "relation": coded(RELATIONS, (pairs // size // size).astype(np.int32)),
            "person": pairs // size % size + first,
            "other": pairs % size + first,
            "by_user_id": by_user_id,
        }
    )


def _acts(life: Life) -> list[Integers]:
    """Follows, acts on posts, and invitations that were accepted."""
    made = []
    for name, relation in _ACTS.items():
        some = life.sent.events.take(life.sent.events.named(name))
        made.append(_rows(relation, some.person, _whose(life, name, some.ref), some.shows & USER > 0))
    return [*made, _opened_shares(life)]


def _opened_shares(life: Life) -> Integers:
    """Who opened what somebody had passed on."""
    traces = life.sent.events
    shared, viewed = traces.take(traces.named(events.POST_SHARED)), traces.take(traces.named(events.POST_VIEWED))
    opened = viewed.take(viewed.via >= 0)
    sharer = np.full(int(max(shared.via.max(initial=-1), opened.via.max(initial=-1))) + 1, NONE)
    sharer[shared.via] = shared.person
    return _rows(_SHARE, opened.person, sharer[opened.via], opened.shows & USER > 0)


def _whose(life: Life, name: str, ref: Integers) -> Integers:
    """Whose the people, invitations or posts are that events of a name refer to."""
    if name == events.USER_FOLLOWED:
        return ref
    of = life.plans.invites.inviter if name == events.INVITE_ACCEPTED else life.plans.posts.author
    whose: Integers = of[ref]
    return whose


def _group_buys(life: Life) -> Integers:
    """Everybody in a group buy with everybody else in it."""
    traces = life.sent.events
    kinds = [CODES[events.GROUP_BUY_OPENED], CODES[events.GROUP_BUY_JOINED]]
    some = traces.take(np.flatnonzero(np.isin(traces.kind, kinds)))
    members = pa.table({"group": some.ref, "person": some.person, "shown": some.shows & USER > 0})
    pairs = members.join(members, "group", right_suffix="_of_other", join_type="inner")
    person, other, shown = (pairs[name].to_numpy() for name in ("person", "person_of_other", "shown"))
    return _rows(_GROUP_BUY, person, other, shown)


def _rows(relation: int, person: Integers, other: Integers, shown: Flags) -> Integers:
    columns = (np.full(len(person), relation), person, other, shown)
    rows: Integers = np.stack([np.asarray(column, np.int64) for column in columns])
    return rows
