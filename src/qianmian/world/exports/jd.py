"""京东 商家后台: 订单, 售后, 评价. CSV in GBK; one row a SKU, and 应付金额 is the whole order's in every row.

Seen: 订单号, 商品ID, 商品名称, 订购数量, 支付方式, 下单时间, 京东价, 订单金额, 结算金额, 余额支付, 应付金额,
订单状态, 订单类型, 下单帐号, 客户姓名, 客户地址, 联系电话, 订单备注, 付款确认时间. Assumed: 商家SKUID, and all heads
of after-sales and of reviews.
"""

from __future__ import annotations

from qianmian.core import events
from qianmian.world.exports.columns import (
    account,
    always,
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
    "paid": "等待确认收货",
    "delivered": "完成",
    "cancelled": "(删除)等待出库",
    "refunded": "完成",
    "part_refunded": "完成",
}
PIN = account("jd", 14)

SHAPES = (
    Shape(
        platform="jd",
        file="订单.csv",
        rows=lambda part: part.lines_of("jd"),
        encoding="gb18030",
        columns={
            "订单号": take("order_id"),
            "商品ID": lambda row: f"100{row['item_id'][-5:]}",
            "商品名称": take("title"),
            "订购数量": take("quantity"),
            "支付方式": always("在线支付"),
            "下单时间": local("at"),
            "京东价": yuan("unit_price"),
            "商品金额": yuan("amount"),
            "订单金额": yuan("paid"),
            "结算金额": yuan("paid"),
            "余额支付": always("0.00"),
            "应付金额": yuan("paid"),
            "订单状态": words("state", STATES),
            "订单类型": always("SOP"),
            "下单帐号": PIN,
            "客户姓名": masked_name,
            "客户地址": lambda row: f"{place(0)(row)}{place(1)(row)}****",
            "联系电话": masked_phone("phone"),
            "订单备注": always(""),
            "付款确认时间": local("at"),
            "商家SKUID": take("item_id"),
        },
    ),
    Shape(
        platform="jd",
        file="售后.csv",
        rows=lambda part: part.of_orders(part.refunds, "jd"),
        encoding="gb18030",
        columns={
            "服务单号": take("refund_id"),
            "订单号": take("order_id"),
            "下单帐号": PIN,
            "退款金额": yuan("total"),
            "申请原因": take("reason"),
            "申请时间": local("at"),
            "退款时间": local("at"),
            "处理结果": always("退款"),
        },
    ),
    Shape(
        platform="jd",
        file="评价.csv",
        rows=lambda part: part.of_orders(part.named(events.REVIEW_WRITTEN), "jd"),
        columns={
            "订单号": take("order_id"),
            "用户账号": PIN,
            "商家SKUID": take("item_id"),
            "商品名称": take("title"),
            "评分": lambda row: f"{row.get('stars', 5)}星",
            "评价内容": take("text"),
            "评价时间": local("at", "%Y-%m-%d %H:%M"),
        },
    ),
)
