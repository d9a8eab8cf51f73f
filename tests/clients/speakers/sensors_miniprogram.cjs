// sa-sdk-miniprogram tells the story. A small stand-in for the app of WeChat gives it what it asks of `wx`.
const stored = new Map();
const later = (given, told) => setTimeout(() => { given.success?.(told); given.complete?.(told); }, 1);
const system = { brand: "Brand", model: "Model", platform: "ios", system: "iOS 17.0", version: "8.0.50", SDKVersion: "3.4.0",
  screenWidth: 390, screenHeight: 844, windowWidth: 390, windowHeight: 750, pixelRatio: 3, language: "zh_CN" };

globalThis.wx = {
  getStorageSync: (key) => stored.get(key) ?? "",
  setStorageSync: (key, value) => void stored.set(key, value),
  getStorage: (given) => later(given, { data: stored.get(given.key) ?? "" }),
  setStorage: (given) => { stored.set(given.key, given.data); later(given, {}); },
  getSystemInfo: (given) => later(given, system),
  getSystemInfoSync: () => system,
  getAppBaseInfo: () => system,
  getNetworkType: (given) => later(given, { networkType: "wifi" }),
  onNetworkStatusChange: () => {},
  onAppShow: () => {},
  onAppHide: () => {},
  getLaunchOptionsSync: () => ({ path: "pages/index", query: {}, scene: 1001 }),
  getAccountInfoSync: () => ({ miniProgram: { appId: "wx1", version: "1.0.0", envVersion: "release" } }),
  request: ({ url, method, data, dataType, header, success, fail, complete }) =>
    void fetch(url, { method, body: data, headers: { "content-type": "application/json", ...header } })
      .then(async (answer) => success?.({ statusCode: answer.status, data: await answer.text() }), fail)
      .finally(() => complete?.()),
};
globalThis.__wxConfig = {};
globalThis.App = (given) => given;
globalThis.Page = (given) => given;
globalThis.Component = (given) => given;
globalThis.getApp = () => ({});
globalThis.getCurrentPages = () => [{ route: "pages/index" }];

const sa = require("sa-sdk-miniprogram");
sa.setPara({ name: "sensors", server_url: `${process.argv[2]}/sa?project=key-1`, show_log: false, batch_send: process.argv[3] === "batch",
  send_timeout: 3000, autoTrack: { appLaunch: false, appShow: false, appHide: false, pageShow: false, pageShare: false } });
sa.init();
sa.track("ProductViewed", { item_id: "sku-1", said: '😀 "a"&b=c+d%/' });
sa.login("u-1");
sa.track("OrderCompleted", { order_id: "o-1", total: 12.5, currency: "CNY", products_item_id: ["sku-1"], products_quantity: ["2"] });
sa.setProfile({ city: "杭州" });
for (let tap = 0; tap < 6; tap += 1) sa.track("Tapped", { tap });
setTimeout(() => process.exit(0), 8000);
