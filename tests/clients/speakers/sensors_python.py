"""The Python SDK of 神策 tells the story, with the consumer that the second argument names."""

from __future__ import annotations

import sys

import sensorsanalytics as sa

url, kind = sys.argv[1], sys.argv[2]
if kind == "default":
    consumer = sa.DefaultConsumer(f"{url}/sa?project=key-1")
elif kind == "batch":
    consumer = sa.BatchConsumer(f"{url}/sa?project=key-1", max_size=20)
elif kind == "async":
    consumer = sa.AsyncBatchConsumer(f"{url}/sa?project=key-1")
else:
    consumer = sa.DebugConsumer(f"{url}/sa?project=key-1", write_data=kind == "debug")
story = sa.SensorsAnalytics(consumer)


def told(call, *arguments, **named):
    """Call until it is not refused: this SDK sends no batch again by itself."""
    for _ in range(3):
        try:
            return call(*arguments, **named)
        except (sa.SensorsAnalyticsNetworkException, OSError, ValueError):
            call, arguments, named = story.flush, (), {}
    raise AssertionError("nothing comes through")


story.track("a-1", "ProductViewed", {"item_id": "sku-1", "said": '😀 "a"&b=c+d%/'})
story.track_signup("u-1", "a-1")
order = {"order_id": "o-1", "total": 12.5, "currency": "CNY", "products_item_id": ["sku-1"], "products_quantity": ["2"]}
story.track("u-1", "OrderCompleted", order, is_login_id=True)
story.profile_set("u-1", {"city": "杭州", "name": "张三"}, is_login_id=True)
story.profile_append("u-1", {"likes": ["茶"]}, is_login_id=True)
login, mobile = (
    sa.SensorsAnalyticsIdentity("$identity_login_id", "u-1"),
    sa.SensorsAnalyticsIdentity("$identity_mobile", "13800138000"),
)
story.bind(login, mobile)
story.unbind(mobile)
story.item_set("sku", "sku-1", {"title": "杯"})
for _ in range(2):
    story.track("a-1", "Tapped", {"$time": 1777600800123})
told(story.flush)
told(story.close)
