// @segment/analytics-node tells the story.
import { Analytics } from "@segment/analytics-node";

const analytics = new Analytics({ writeKey: "key-1", host: process.argv[2], flushInterval: 200 });
const who = { userId: "u-1", anonymousId: "a-1" };
analytics.track({ anonymousId: "a-1", event: "Product Viewed", properties: { product_id: "sku-1", 说: '😀 "a"&b=c+d%' } });
analytics.identify({ ...who, traits: { phone: "13800138000", city: "杭州", name: "张三" } });
analytics.track({ ...who, event: "Order Completed",
  properties: { order_id: "o-1", total: 12.5, currency: "CNY", products: [{ product_id: "sku-1", quantity: 2, price: 6.25 }] } });
analytics.page({ ...who, category: "商品", name: "详情", properties: { url: "https://shop.example.com/1" } });
analytics.screen({ ...who, category: "商品", name: "首屏" });
analytics.group({ ...who, groupId: "g-1", traits: { phone: "13900139000" } });
analytics.alias({ userId: "u-1", previousId: "a-0" });
analytics.track({ userId: "u-1", event: "Odd", properties: { price: NaN, none: null, big: 2 ** 53 - 1, cut: "😀".slice(0, 1) } });
await analytics.closeAndFlush({ timeout: 30000 });
