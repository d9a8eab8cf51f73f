"""淘宝/天猫 千牛: 宝贝报表, 退款, 评价. CSV in GBK (reviews in UTF-8), numbers as ``="…"``.

Seen: 订单编号, 买家会员名, 买家应付货款, 买家实际支付金额, 订单状态, 收货人姓名, 收货地址, 联系手机, 订单创建时间,
订单付款时间, 退款金额 of the order report, 标题, 价格, 购买数量, 商品属性 of the item report, and the heads of
refunds. Assumed: that the item report repeats the order's columns in every line (newer ones do), 商家编码 as our SKU,
and all heads of reviews. The buyer's name stands in full here; since 2022 sellers without a contract see it
encrypted.
"""

from __future__ import annotations

from qianmian.core import events
from qianmian.world.exports.columns import (
    account,
    always,
    as_formula,
    behind_apostrophe,
    local,
    masked_name,
    masked_phone,
    nickname,
    of,
    place,
    take,
    words,
    yuan,
)
from qianmian.world.exports.shape import Shape

STATES = {
    "paid": "卖家已发货，等待买家确认",
    "delivered": "交易成功",
    "cancelled": "交易关闭",
    "refunded": "交易关闭",
    "part_refunded": "交易成功",
}
RATINGS = {1: "差评", 2: "差评", 3: "中评"}
NICK = account("taobao", 10)

SHAPES = (
    Shape(
        platform="taobao",
        file="ExportOrderDetailList.csv",
        rows=lambda part: part.lines_of("taobao"),
        encoding="gb18030",
        columns={
            "子订单编号": as_formula(lambda row: f"{row['order_id']}{row['line']:02d}"),
            "主订单编号": as_formula(take("order_id")),
            "买家会员名": NICK,
            "标题": take("title"),
            "价格": yuan("unit_price"),
            "购买数量": take("quantity"),
            "外部系统编号": take("item_id"),
            "商品属性": take("category"),
            "商家编码": take("item_id"),
            "优惠券编号": take("coupon_id"),
            "子订单金额": yuan("amount"),
            "买家应付货款": yuan("paid"),
            "买家应付邮费": always("0.00"),
            "买家实际支付金额": yuan("paid"),
            "退款金额": yuan("refunded"),
            "订单状态": words("state", STATES),
            "收货人姓名": masked_name,
            "收货地址": lambda row: f"{place(0)(row)} {place(1)(row)} ****".strip(),
            "联系手机": behind_apostrophe(masked_phone("phone")),
            "订单创建时间": local("at"),
            "订单付款时间": local("at"),
        },
    ),
    Shape(
        platform="taobao",
        file="退款.csv",
        rows=lambda part: part.of_orders(part.refunds, "taobao"),
        encoding="gb18030",
        columns={
            "订单编号": as_formula(take("order_id")),
            "退款编号": as_formula(take("refund_id")),
            "买家会员名": NICK,
            "订单付款时间": of("order", local("at")),
            "宝贝标题": lambda row: row["order"]["lines"][0]["title"],
            "买家实际支付金额": of("order", yuan("paid")),
            "买家退款金额": yuan("total"),
            "手工退款/系统退款": always("手工退款"),
            "是否需要退货": always("否"),
            "退款的申请时间": local("at"),
            "退款完结时间": local("at"),
            "退款状态": always("退款成功"),
            "退款原因": take("reason"),
        },
    ),
    Shape(
        platform="taobao",
        file="评价.csv",
        rows=lambda part: part.of_orders(part.named(events.REVIEW_WRITTEN), "taobao"),
        columns={
            "订单编号": as_formula(take("order_id")),
            "买家昵称": NICK,
            "宝贝标题": take("title"),
            "商家编码": take("item_id"),
            "评价结果": lambda row: RATINGS.get(row.get("stars", 5), "好评"),
            "描述相符": take("stars"),
            "评价内容": take("text"),
            "评价时间": local("at"),
            "展示昵称": nickname,
        },
    ),
)
