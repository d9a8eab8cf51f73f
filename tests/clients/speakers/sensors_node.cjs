// sa-sdk-node tells the story.
const SensorsAnalytics = require("sa-sdk-node");

const sa = new SensorsAnalytics();
const mode = process.argv[3] || "track";
sa.submitTo({ url: `${process.argv[2]}/${mode === "track" ? "sa" : "debug"}?project=key-1`, gzip: process.argv[4] !== "plain", mode });
sa.track("a-1", "ProductViewed", { item_id: "sku-1", said: '😀 "a"&b=c+d%/' });
sa.trackSignup("u-1", "a-1");
sa.track("u-1", "OrderCompleted", { $is_login_id: true, order_id: "o-1", total: 12.5, currency: "CNY",
  products_item_id: ["sku-1"], products_quantity: ["2"] });
sa.profileSet("u-1", { city: "杭州" });
sa.profileAppend("u-1", { likes: ["茶"] });
sa.itemSet("sku", "sku-1", { title: "杯" });
const time = new Date(1777600800123);
for (let tap = 0; tap < 20; tap += 1) sa.track("a-1", "Tapped", { $time: time, tap });
