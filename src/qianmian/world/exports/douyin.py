"""抖音 open API: comments as ``item/comment/list`` answers, and who came into a live room as the room's messages tell.

Assumed throughout, from memory of the vendor's documentation: ``comment_id``, ``comment_user_id``, ``content``,
``create_time`` in seconds, ``digg_count``, ``reply_comment_total``; and ``msg_id``, ``sec_openid``, ``nickname``,
``timestamp`` in milliseconds of live messages (the public interface pushes comments, gifts and likes; that of a visit
is made alike).
"""

from __future__ import annotations

from qianmian.core import events
from qianmian.world.exports.columns import account, always, epoch, nickname, value
from qianmian.world.exports.shape import Shape

OPENID = account("douyin")

SHAPES = (
    Shape(
        platform="douyin",
        file="comments.json",
        rows=lambda part: part.on("douyin", events.POST_COMMENTED),
        records="data.list",
        columns={
            "comment_id": value("message_id"),
            "comment_user_id": OPENID,
            "content": value("text"),
            "create_time": epoch("at"),
            "digg_count": always(0),
            "reply_comment_total": always(0),
            "top": always(False),
            "item_id": value("post_id"),
        },
    ),
    Shape(
        platform="douyin",
        file="live_visits.json",
        rows=lambda part: part.live_on("douyin"),
        columns={
            "msg_id": value("message_id"),
            "sec_openid": OPENID,
            "nickname": nickname,
            "timestamp": epoch("at", 1000),
            "room_id": value("room_id"),
        },
    ),
)
