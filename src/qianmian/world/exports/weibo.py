"""微博 open API: statuses, comments and reposts as JSON documents, times as ``Wed Nov 18 20:15:09 +0800 2026``.

Seen: ``created_at``, ``id``, ``mid``, ``text``, ``reposts_count``, ``comments_count``, ``attitudes_count``, ``user``
with ``id`` and ``screen_name``, and ``retweeted_status``. Assumed: ``followers_count`` is nought, because the world
counts no followers.
"""

from __future__ import annotations

from qianmian.core import events
from qianmian.world.exports.columns import Expression, always, local, nickname, number, value
from qianmian.world.exports.shape import Shape

UID = number("weibo")
_USER: dict[str, Expression] = {
    "user.id": lambda row: int(UID(row)),
    "user.idstr": UID,
    "user.screen_name": nickname,
    "user.followers_count": always(0),
}
_CREATED_AT = local("at", "%a %b %d %H:%M:%S %z %Y")

SHAPES = (
    Shape(
        platform="weibo",
        file="statuses.json",
        rows=lambda part: part.on("weibo", events.POST_CREATED),
        records="statuses",
        columns={
            "created_at": _CREATED_AT,
            "id": value("post_id"),
            "mid": value("post_id"),
            "text": value("text"),
            "source": always("微博网页版"),
            **_USER,
            "reposts_count": always(0),
            "comments_count": always(0),
            "attitudes_count": always(0),
        },
    ),
    Shape(
        platform="weibo",
        file="comments.json",
        rows=lambda part: part.on("weibo", events.POST_COMMENTED),
        records="comments",
        columns={
            "created_at": _CREATED_AT,
            "id": value("message_id"),
            "mid": value("message_id"),
            "text": value("text"),
            **_USER,
            "status.id": value("post_id"),
        },
    ),
    Shape(
        platform="weibo",
        file="reposts.json",
        rows=lambda part: part.on("weibo", events.POST_SHARED),
        records="reposts",
        columns={
            "created_at": _CREATED_AT,
            "id": value("message_id"),
            "mid": value("message_id"),
            "text": always("转发微博"),
            **_USER,
            "retweeted_status.id": value("post_id"),
        },
    ),
)
