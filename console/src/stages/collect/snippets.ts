export const sdks = ['curl', 'python', 'node', 'web', 'rudder', 'saPython', 'saWeb', 'saMini'] as const;
export type Sdk = (typeof sdks)[number];

/** The protocol that an SDK speaks. */
export const dialectOf = (sdk: Sdk): 'segment' | 'sensors' => (sdk.startsWith('sa') ? 'sensors' : 'segment');

const EVENT = 'Product Viewed';

/** What to write so that an SDK sends its first event to a server. */
export function snippet(sdk: Sdk, base: string, key: string): string {
  const secure = base.startsWith('https:');
  const host = base.replace(/^https?:\/\//, '');
  switch (sdk) {
    case 'curl':
      return `curl ${base}/v1/track -u ${key}: -d '{"userId": "u-1", "event": "${EVENT}", "properties": {"product_id": "sku-1"}}'`;
    case 'python':
      return `import segment.analytics as analytics

analytics.write_key = "${key}"
analytics.host = "${base}"
analytics.track("u-1", "${EVENT}", {"product_id": "sku-1"})
analytics.flush()`;
    case 'node':
      return `import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({ writeKey: '${key}', host: '${base}' });
analytics.track({ userId: 'u-1', event: '${EVENT}', properties: { product_id: 'sku-1' } });
await analytics.closeAndFlush();`;
    case 'web':
      return `import { AnalyticsBrowser } from '@segment/analytics-next';

const analytics = AnalyticsBrowser.load(
  { writeKey: '${key}', cdnURL: '${base}' },
  { integrations: { 'Segment.io': { apiHost: '${host}/v1', protocol: '${secure ? 'https' : 'http'}' } } },
);
analytics.track('${EVENT}', { product_id: 'sku-1' });`;
    case 'rudder':
      return `import { RudderAnalytics } from '@rudderstack/analytics-js';

const analytics = new RudderAnalytics();
analytics.load('${key}', '${base}', { configUrl: '${base}' });
analytics.track('${EVENT}', { product_id: 'sku-1' });`;
    case 'saPython':
      return `import sensorsanalytics

consumer = sensorsanalytics.BatchConsumer("${base}/sa?project=${key}")
sa = sensorsanalytics.SensorsAnalytics(consumer)
sa.track("u-1", "ProductViewed", {"item_id": "sku-1"}, is_login_id=True)
sa.flush()`;
    case 'saWeb':
      return `import sensors from 'sa-sdk-javascript';

sensors.init({ server_url: '${base}/sa?project=${key}' });
sensors.track('ProductViewed', { item_id: 'sku-1' });`;
    case 'saMini':
      return `import sensors from 'sa-sdk-miniprogram';

sensors.setPara({ server_url: '${base}/sa?project=${key}' });
sensors.init();
sensors.track('ProductViewed', { item_id: 'sku-1' });`;
  }
}
