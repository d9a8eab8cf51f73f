"""小红书: notes as a workbook with a line of explanation above its heads, comments as CSV.

Seen: 笔记标题 and 评论内容 as heads that tools read. Assumed: all others. The time of notes is written as the
创作服务平台 writes it (2026年11月18日20时15分09秒); its own export names neither note nor author, so those heads come
from merchants' tools.
"""

from __future__ import annotations

from qianmian.core import events
from qianmian.world.exports.columns import account, always, local, nickname, take
from qianmian.world.exports.shape import Shape

UID = account("xiaohongshu")

SHAPES = (
    Shape(
        platform="xiaohongshu",
        file="笔记.xlsx",
        rows=lambda part: part.on("xiaohongshu", events.POST_CREATED),
        title=("最多导出排序后前1000条笔记",),
        columns={
            "笔记ID": take("post_id"),
            "笔记标题": lambda row: row.get("text", "")[:12],
            "笔记正文": take("text"),
            "作者昵称": nickname,
            "作者ID": UID,
            "首次发布时间": local("at", "%Y年%m月%d日%H时%M分%S秒"),
            "体裁": always("图文"),
            "点赞": always(0),
            "评论": always(0),
            "收藏": always(0),
        },
    ),
    Shape(
        platform="xiaohongshu",
        file="评论.csv",
        rows=lambda part: part.on("xiaohongshu", events.POST_COMMENTED),
        columns={
            "评论ID": take("message_id"),
            "笔记ID": take("post_id"),
            "用户昵称": nickname,
            "用户ID": UID,
            "评论内容": take("text"),
            "评论时间": local("at"),
            "点赞数": always("0"),
        },
    ),
)
