"""segment-analytics-python tells the story."""

from __future__ import annotations

import sys

from segment import analytics

analytics.write_key, analytics.host, analytics.gzip = "key-1", sys.argv[1], "gzip" in sys.argv
analytics.track(anonymous_id="a-1", event="Product Viewed", properties={"product_id": "sku-1", "说": '😀 "a"&b=c+d%'})
analytics.identify("u-1", {"phone": "13800138000", "city": "杭州", "name": "张三"}, anonymous_id="a-1")
analytics.track("u-1", "Order Completed", {"order_id": "o-1", "total": 12.5, "currency": "CNY",
                "products": [{"product_id": "sku-1", "quantity": 2, "price": 6.25}]}, anonymous_id="a-1")  # fmt: skip
analytics.page("u-1", "商品", "详情", {"url": "https://shop.example.com/1"}, anonymous_id="a-1")
analytics.screen("u-1", "商品", "首屏", anonymous_id="a-1")
analytics.group("u-1", "g-1", {"phone": "13900139000"})
analytics.alias("a-0", "u-1")
analytics.track("u-1", "Odd", {"price": float("nan"), "none": None, "big": 2**53 - 1, "empty": ""})
analytics.shutdown()
