"""快手: comments and live visits. CSV in UTF-8 with a mark, Chinese heads.

Assumed throughout: 快手 publishes no shape of such a file; the heads are those that merchants' tools commonly give.
"""

from __future__ import annotations

from qianmian.core import events
from qianmian.world.exports.columns import account, always, local, nickname, take
from qianmian.world.exports.shape import Shape

OPENID = account("kuaishou")

SHAPES = (
    Shape(
        platform="kuaishou",
        file="comments.csv",
        rows=lambda part: part.on("kuaishou", events.POST_COMMENTED),
        columns={
            "评论ID": take("message_id"),
            "作品ID": take("post_id"),
            "用户昵称": nickname,
            "用户ID": OPENID,
            "评论内容": take("text"),
            "评论时间": local("at", "%Y/%m/%d %H:%M:%S"),
            "点赞数": always("0"),
        },
    ),
    Shape(
        platform="kuaishou",
        file="live_visits.csv",
        rows=lambda part: part.live_on("kuaishou"),
        columns={
            "记录ID": take("message_id"),
            "直播间ID": take("room_id"),
            "用户昵称": nickname,
            "用户ID": OPENID,
            "进入时间": local("at", "%Y/%m/%d %H:%M:%S"),
        },
    ),
)
