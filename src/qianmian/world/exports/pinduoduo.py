"""拼多多 商家后台: 订单, 售后, 评价. CSV in UTF-8 with a mark; numbers and times stand behind a tab; nobody is named.

Seen: 商品, 订单号, 订单状态, 商品总价(元), 邮费(元), 店铺优惠折扣(元), 平台优惠折扣(元), 多多支付立减金额(元),
用户实付金额(元), 商家实收金额(元), 商品数量(件), 发货时间, 确认收货时间, 商品id, 商品规格, 样式ID, 商家编码-规格维度,
售后状态, 订单成交时间, and 申请时间 and 同意退款时间 of after-sales. Assumed: 支付时间, 收货人, 手机, 省 and 市
beside them, and all heads of reviews. 拼多多 numbers an order a SKU; the world's baskets keep one number, so equal
numbers are lines of one order.
"""

from __future__ import annotations

from qianmian.core import events
from qianmian.world.exports.columns import (
    always,
    behind_tab,
    local,
    masked_name,
    masked_phone,
    place,
    take,
    words,
    yuan,
)
from qianmian.world.exports.shape import Shape

STATES = {
    "paid": "已发货，待收货",
    "delivered": "已收货",
    "cancelled": "已取消",
    "refunded": "已发货，退款成功",
    "part_refunded": "已收货",
}

SHAPES = (
    Shape(
        platform="pinduoduo",
        file="orders_export.csv",
        rows=lambda part: part.lines_of("pinduoduo"),
        columns={
            "商品": take("title"),
            "订单号": behind_tab(take("order_id")),
            "订单状态": words("state", STATES),
            "商品总价(元)": lambda row: f"{row['unit_price'] * row['quantity']:.2f}",
            "邮费(元)": always("0"),
            "店铺优惠折扣(元)": lambda row: f"{row['unit_price'] * row['quantity'] - row['amount']:.2f}",
            "平台优惠折扣(元)": always("0"),
            "多多支付立减金额(元)": always("0"),
            "用户实付金额(元)": yuan("amount"),
            "商家实收金额(元)": yuan("amount"),
            "商品数量(件)": take("quantity"),
            "支付时间": behind_tab(local("at")),
            "订单成交时间": behind_tab(local("at")),
            "发货时间": behind_tab(always("")),
            "确认收货时间": behind_tab(local("delivered_at")),
            "商品id": lambda row: f"6{row['item_id'][-5:]}",
            "商品规格": take("category"),
            "样式ID": take("item_id"),
            "商家编码-规格维度": take("item_id"),
            "售后状态": lambda row: "退款成功" if row["refunded"] else "无售后或售后取消",
            "收货人": masked_name,
            "手机": behind_tab(masked_phone("phone")),
            "省": place(0),
            "市": place(1),
        },
    ),
    Shape(
        platform="pinduoduo",
        file="aftersales_export.csv",
        rows=lambda part: part.of_orders(part.refunds, "pinduoduo"),
        columns={
            "售后编号": behind_tab(take("refund_id")),
            "订单编号": behind_tab(take("order_id")),
            "售后类型": always("仅退款"),
            "售后状态": always("退款成功"),
            "售后原因": take("reason"),
            "交易金额": lambda row: f"{row['order']['paid']:.2f}",
            "退款金额": yuan("total"),
            "申请时间": behind_tab(local("at")),
            "同意退款时间": behind_tab(local("at")),
        },
    ),
    Shape(
        platform="pinduoduo",
        file="reviews_export.csv",
        rows=lambda part: part.of_orders(part.named(events.REVIEW_WRITTEN), "pinduoduo"),
        columns={
            "订单编号": behind_tab(take("order_id")),
            "样式ID": take("item_id"),
            "商品名称": take("title"),
            "评价星级": take("stars"),
            "评价内容": take("text"),
            "评价时间": behind_tab(local("at")),
        },
    ),
)
