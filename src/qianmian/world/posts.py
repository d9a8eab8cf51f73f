"""What people post: about which item, where, and whether they praise or warn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qianmian.core import events
from qianmian.world.calendar import DAY, HOUR
from qianmian.world.goods import pick
from qianmian.world.people import draw_cells
from qianmian.world.scene import Scene
from qianmian.world.signing import from_own_device
from qianmian.world.trace import Flags, Integers, Trace, join_traces

PLATFORMS = ("xiaohongshu", "weibo", "wechat", "douyin", "kuaishou")
XIAOHONGSHU = 0
_PLATFORM_SHARES = (0.42, 0.16, 0.2, 0.14, 0.08)
#: Posts in 60 days, by role.
_POSTS = np.array([0.12, 10.0, 6.0, 6.0, 2.0])
_WARNS = 0.18
#: Followers that the platform shows, for each one whom we know, by role.
_SHOWN = np.array([20, 900, 75, 70, 40])
STAR_FOLLOWERS = 402_118
_FOLLOWED_SHARE = 0.25


@dataclass(frozen=True)
class Posts:
    """Posts of one neighbourhood in order of time; every array has one entry a post.

    Attributes:
        author: who wrote it.
        at: when.
        item: the item that it is about.
        platform: position in `PLATFORMS`.
        warns: whether it warns of the item.
    """

    author: Integers
    at: Integers
    item: Integers
    platform: Integers
    warns: Flags

    def __len__(self) -> int:
        return len(self.author)


def write_posts(scene: Scene) -> Posts:
    """Let people post."""
    random, people, calendar = scene.random("posts"), scene.people, scene.calendar
    rate = _POSTS[people.role] * scene.pace
    rate[scene.cast.machines] = 0
    author = np.repeat(np.arange(len(people)), random.poisson(rate))
    at = calendar.draw(random, people.chronotype[author])
    alive = np.flatnonzero(scene.traits.alive(author, at) & (at < calendar.end - 2 * HOUR))
    author, at = author[alive], at[alive]
    order = np.argsort(at, kind="stable")
    author, at = author[order], at[order]
    return Posts(
        author=author,
        at=at,
        item=pick(random, scene.goods, draw_cells(random, people, author)),
        platform=np.searchsorted(np.cumsum(_PLATFORM_SHARES)[:-1], random.random(len(author))),
        warns=(random.random(len(author)) < _WARNS) & (people.role[author] != 1),
    )


def publish(scene: Scene, posts: Posts) -> Trace:
    """The events of the posts, and of those who begin to follow somebody."""
    number = np.arange(len(posts))
    code = scene.random("post texts").integers(0, 1 << 29, len(posts)) * 2 + posts.warns
    created = from_own_device(
        scene, events.POST_CREATED, posts.author, posts.at, item=posts.item, ref=number, via=posts.platform, code=code
    )
    return join_traces([created, _follows(scene)])


def shown_followers(scene: Scene, person: Integers) -> Integers:
    """Number of followers that the platform shows of each person, bought ones included."""
    known = scene.ties.fans.count(person)
    shown = known * _SHOWN[scene.people.role[person]] + person % 17
    followers: Integers = np.where(person == scene.cast.star, STAR_FOLLOWERS, shown)
    return followers


def _follows(scene: Scene) -> Trace:
    """Some began to follow within the window, at any time; bought accounts all within two nights."""
    random, fans, calendar = scene.random("follows"), scene.ties.fans, scene.calendar
    followed = np.repeat(np.arange(len(scene.people)), np.diff(fans.start))
    follower = fans.other
    bought = np.isin(follower, scene.cast.bought)
    chosen = bought | (random.random(len(follower)) < _FOLLOWED_SHARE * min(scene.pace, 1.0))
    follower, followed, bought = follower[chosen], followed[chosen], bought[chosen]
    at = calendar.draw(random, scene.people.chronotype[follower])
    night = calendar.start + 9 * DAY + 3 * HOUR + random.integers(0, 2, len(at)) * DAY
    at = np.where(bought, np.minimum(night, calendar.end - 2 * DAY) + random.integers(0, HOUR, len(at)), at)
    kept = np.flatnonzero(scene.traits.alive(follower, at))
    return from_own_device(scene, events.USER_FOLLOWED, follower[kept], at[kept], ref=followed[kept])
