"""The shop's own systems: members of its CRM and orders of its stores, as workbooks with ¥ and thousands commas.

Assumed: every CRM names its columns otherwise; these are common ones. A member stands once, as last known.
"""

from __future__ import annotations

from decimal import Decimal

from qianmian.core import events
from qianmian.world.exports.columns import always, local, take, words, yuan
from qianmian.world.exports.part import Part, Row
from qianmian.world.exports.shape import Shape

_SEX = {"female": "女", "male": "男"}
_STATES = {
    "paid": "已付款",
    "delivered": "已完成",
    "cancelled": "已取消",
    "refunded": "已退款",
    "part_refunded": "部分退款",
}


def members(part: Part) -> list[Row]:
    """The latest profile of each member."""
    told = [row for row in part.named(events.PROFILE_UPDATED) if row["user_id"]]
    return list({row["user_id"]: row for row in sorted(told, key=lambda row: row["at"])}.values())


def discount(row: Row) -> str:
    """What a coupon took off a line."""
    off = row["unit_price"] * row["quantity"] - row["amount"]
    return f"-¥{off:,.2f}" if off > Decimal() else ""


SHAPES = (
    Shape(
        platform="crm",
        file="会员.xlsx",
        rows=members,
        columns={
            "会员卡号": take("user_id"),
            "昵称": take("nickname"),
            "性别": words("gender", _SEX),
            "年龄段": take("age_band"),
            "手机号": take("phone"),
            "邮箱": take("email"),
            "UnionID": take("wechat_unionid"),
            "所在地区": take("region"),
            "会员等级": always("普通会员"),
            "资料更新时间": local("at", "%Y/%m/%d %H:%M"),
        },
    ),
    Shape(
        platform="crm",
        file="门店订单.xlsx",
        rows=lambda part: part.lines_of("store"),
        title=("拾野集 门店销售明细", "金额单位：元"),
        columns={
            "小票号": take("order_id"),
            "收银时间": local("at", "%Y年%m月%d日 %H:%M:%S"),
            "会员手机": take("phone"),
            "门店": take("region"),
            "货号": take("item_id"),
            "品名": take("title"),
            "数量": take("quantity"),
            "单价": yuan("unit_price", "¥{:,.2f}"),
            "优惠": discount,
            "小计": yuan("amount", "¥{:,.2f}"),
            "实收": yuan("paid", "¥{:,.2f}"),
            "券号": take("coupon_id"),
            "状态": words("state", _STATES),
        },
    ),
    Shape(
        platform="crm",
        file="门店退款.csv",
        rows=lambda part: part.of_orders(part.refunds, "store"),
        columns={
            "退款单号": take("refund_id"),
            "小票号": take("order_id"),
            "退款金额": yuan("total", "¥{:,.2f}"),
            "退款时间": local("at"),
            "原因": take("reason"),
        },
    ),
)
