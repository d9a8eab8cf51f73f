"""企业微信: customers as ``externalcontact/batch/get_by_user`` answers, members of groups as ``groupchat/get`` does.

Seen: ``group_chat`` with ``member_list`` of ``userid``, ``type``, ``join_time``, ``join_scene``, ``invitor``,
``group_nickname``, ``name``, ``unionid`` and ``state``. Assumed, from memory of the vendor's documentation:
``external_contact_list``, ``follow_info.createtime``, ``add_way``, ``remark_mobiles``. The administrator's CSV of
customers names no union id, so it could join nobody; it is left out.
"""

from __future__ import annotations

from qianmian.core import events
from qianmian.world.exports.columns import account, always, epoch, nickname, value
from qianmian.world.exports.part import Part, Row
from qianmian.world.exports.shape import Shape

EXTERNAL = account("wecom")


def customers(part: Part) -> list[Row]:
    """Who adds one of our members, of those whose union id is known; the others follow the 公众号."""
    return [row for row in part.with_union_id(events.USER_FOLLOWED) if row["person"] % 2]


SHAPES = (
    Shape(
        platform="wecom",
        file="customers.json",
        rows=customers,
        records="external_contact_list",
        columns={
            "external_contact.external_userid": lambda row: f"wm{EXTERNAL(row)}",
            "external_contact.name": nickname,
            "external_contact.type": always(1),
            "external_contact.unionid": value("wechat_unionid"),
            "follow_info.userid": value("target_user_id"),
            "follow_info.createtime": epoch("at"),
            "follow_info.tag_id": always([]),
            "follow_info.remark_mobiles": always([]),
            "follow_info.add_way": always(1),
        },
    ),
    Shape(
        platform="wecom",
        file="group_members.json",
        rows=lambda part: part.with_union_id(events.INVITE_ACCEPTED),
        records="group_chat.member_list",
        columns={
            "userid": lambda row: f"wm{EXTERNAL(row)}",
            "type": always(2),
            "join_time": epoch("at"),
            "join_scene": always(2),
            "state": value("invite_code"),
            "invitor.userid": always("shiyeji"),
            "group_nickname": always(""),
            "name": nickname,
            "unionid": value("wechat_unionid"),
        },
    ),
)
