"""What a shop's server tells by an SDK with Segment's calls; RudderStack's has the same."""

from __future__ import annotations

from typing import Any


def tell(analytics: Any) -> None:
    """One of each call, an order, and values that are odd."""
    analytics.track(
        anonymous_id="a-1", event="Product Viewed", properties={"product_id": "sku-1", "说": '😀 "a"&b=c+d%'}
    )
    analytics.identify("u-1", {"phone": "13800138000", "city": "杭州", "name": "张三"}, anonymous_id="a-1")
    products = [{"product_id": "sku-1", "quantity": 2, "price": 6.25}]
    order = {"order_id": "o-1", "total": 12.5, "currency": "CNY", "products": products}
    analytics.track("u-1", "Order Completed", order, anonymous_id="a-1")
    analytics.page("u-1", "商品", "详情", {"url": "https://shop.example.com/1"}, anonymous_id="a-1")
    analytics.screen("u-1", "商品", "首屏", anonymous_id="a-1")
    analytics.group("u-1", "g-1", {"phone": "13900139000"})
    analytics.alias("a-0", "u-1")
    analytics.track("u-1", "Odd", {"price": float("nan"), "none": None, "big": 2**53 - 1, "empty": ""})
    analytics.shutdown()
