"""微信公众号: followers as ``user/info/batchget`` answers, comments as ``comment/list`` does; times in seconds.

Seen: ``subscribe``, ``openid``, ``language``, ``subscribe_time``, ``unionid``, ``remark``, ``tagid_list``,
``subscribe_scene``. Assumed: ``user_info_list`` around them, and the fields of comments (``user_comment_id``,
``openid``, ``create_time``, ``content``, ``comment_type``), which are those of the vendor's documentation from
memory. An account's openid tells us nobody; the union id does.
"""

from __future__ import annotations

from qianmian.core import events
from qianmian.world.exports.columns import account, always, epoch, value
from qianmian.world.exports.part import Part, Row
from qianmian.world.exports.shape import Shape

OPENID = account("wechat")


def followers(part: Part) -> list[Row]:
    """Who follows an account of ours: every second one of those whose union id is known; the others add a member."""
    return [row for row in part.with_union_id(events.USER_FOLLOWED) if row["person"] % 2 == 0]


SHAPES = (
    Shape(
        platform="wechat",
        file="followers.json",
        rows=followers,
        records="user_info_list",
        columns={
            "subscribe": always(1),
            "openid": lambda row: f"o{OPENID(row)}",
            "language": always("zh_CN"),
            "subscribe_time": epoch("at"),
            "unionid": value("wechat_unionid"),
            "remark": always(""),
            "groupid": always(0),
            "tagid_list": always([]),
            "subscribe_scene": always("ADD_SCENE_PROFILE_CARD"),
            "qr_scene_str": value("target_user_id"),
        },
    ),
    Shape(
        platform="wechat",
        file="comments.json",
        rows=lambda part: part.on("wechat", events.POST_COMMENTED),
        records="comment",
        columns={
            "user_comment_id": value("message_id"),
            "openid": lambda row: f"o{OPENID(row)}",
            "create_time": epoch("at"),
            "content": value("text"),
            "comment_type": always(0),
            "msg_data_id": value("post_id"),
            "unionid": value("wechat_unionid"),
        },
    ),
)
