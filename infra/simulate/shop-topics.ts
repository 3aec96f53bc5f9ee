// What the simulated shop measures: twenty topics as a company has them, some calm, some in trouble now and then.
import { counter, gauge, type ShopTopic } from './shop-series.ts';
import { faults, latency, level, queue, share, whole } from './shop-shapes.ts';
import { systemTopics } from './system-topics.ts';

const quantile = ['0.5', '0.9', '0.99'];
const regions = ['eu', 'us', 'apac'];
const psp = (topic: string, emitter: string, methods: string[]): ShopTopic => ({
  topic,
  emitter,
  families: [
    gauge('approval_ratio', '1', 'Share of payments that were approved', { method: methods }, share(0.94)),
    gauge('latency_seconds', 's', 'Time until the provider answers', { method: methods, quantile }, latency(0.22)),
    counter('payments_total', '{payment}', 'Payments sent to the provider', { method: methods }, 14),
    gauge('timeouts_ratio', '1', 'Share of calls without an answer', {}, faults(0.004)),
  ],
});

export const shopTopics: ShopTopic[] = [
  {
    topic: 'shop.checkout',
    emitter: 'checkout-api',
    families: [
      gauge(
        'latency_seconds',
        's',
        'Time to answer a request',
        { service: ['api', 'basket', 'payment'], quantile },
        latency(0.045),
      ),
      counter('orders_total', '{order}', 'Orders placed', { region: regions }, 22),
      gauge(
        'error_ratio',
        '1',
        'Share of requests that failed',
        { service: ['api', 'basket', 'payment'] },
        faults(0.004),
      ),
      gauge(
        'approval_rate',
        '1',
        'Share of payments approved',
        { provider: ['adyen', 'stripe', 'klarna'] },
        share(0.95),
      ),
      gauge('active_carts', '{cart}', 'Carts that somebody is filling', {}, whole(level(2400, 0.08))),
      gauge('outbox_depth', '{event}', 'Events waiting to be sent', { host: ['co-1', 'co-2', 'co-3'] }, queue(12)),
    ],
  },
  {
    topic: 'shop.cart',
    emitter: 'cart-service',
    families: [
      gauge('latency_seconds', 's', 'Time to answer a request', { quantile }, latency(0.018)),
      counter('items_added_total', '{item}', 'Items put into carts', { region: regions }, 55),
      gauge('abandoned_ratio', '1', 'Share of carts left behind', { region: regions }, share(0.68)),
    ],
  },
  {
    topic: 'shop.search',
    emitter: 'search',
    families: [
      gauge('latency_ms', 'ms', 'Time to the first result', { index: ['products', 'help'], quantile }, latency(38)),
      counter('queries_total', '{query}', 'Searches', { region: regions }, 90),
      gauge('no_result_ratio', '1', 'Share of searches without a result', {}, faults(0.06)),
      gauge('index_age', 's', 'Age of the index', { index: ['products', 'help'] }, ({ s, own }) => (s + own * 60) % 60),
    ],
  },
  {
    topic: 'shop.inventory',
    emitter: 'stock-scanner',
    families: [
      gauge(
        'scans_per_minute',
        '{scan}/min',
        'Scans in the warehouse; idle at times',
        { warehouse: ['berlin', 'lyon', 'gdansk'] },
        ({ s, own, wave }) => ((s + own * 300) % 300 < 60 ? null : Math.round(80 + 30 * wave(20))),
      ),
      gauge('out_of_stock', '{product}', 'Products sold out', { region: regions }, whole(level(140, 0.05))),
    ],
  },
  {
    topic: 'shop.pricing',
    emitter: 'pricing',
    families: [
      gauge('rules_active', '{rule}', 'Price rules in force', {}, ({ s }) => 212 + (Math.floor(s / 900) % 7)),
      gauge('margin_ratio', '1', 'Margin over all orders', { region: regions }, share(0.31)),
      gauge('quote_seconds', 's', 'Time to make a price', { quantile }, latency(0.006)),
    ],
  },
  {
    topic: 'payments.eu.latency',
    emitter: 'payments-eu',
    families: [
      gauge(
        'latency_seconds',
        's',
        'Time of a payment step',
        { step: ['authorise', 'capture', 'refund'], quantile },
        latency(0.16),
      ),
    ],
  },
  psp('payments.eu.psp.adyen', 'psp-adyen', ['card', 'ideal', 'sepa']),
  psp('payments.eu.psp.klarna', 'psp-klarna', ['invoice', 'instalments']),
  {
    topic: 'payments.us.latency',
    emitter: 'payments-us',
    families: [
      gauge(
        'latency_seconds',
        's',
        'Time of a payment step',
        { step: ['authorise', 'capture'], quantile },
        latency(0.13),
      ),
    ],
  },
  psp('payments.us.psp.stripe', 'psp-stripe', ['card', 'ach']),
  ...systemTopics,
  {
    topic: 'web.frontend',
    emitter: 'web-render',
    families: [
      gauge('lcp_seconds', 's', 'Largest contentful paint', { device: ['desktop', 'phone'], quantile }, latency(1.1)),
      // Rendered by short-lived workers: its counter starts over every 20 minutes.
      counter('page_views_total', '{view}', 'Pages shown', { page: ['home', 'product', 'checkout'] }, 120, 1200),
      gauge(
        'js_error_ratio',
        '1',
        'Share of pages with a script error',
        { device: ['desktop', 'phone'] },
        faults(0.008),
      ),
    ],
  },
  {
    topic: 'web.cdn',
    emitter: 'cdn-logs',
    families: [
      gauge('hit_ratio', '1', 'Share served from the edge', { region: regions }, share(0.93), { everyS: 5 }),
      counter('bytes_out_total', 'By', 'Bytes delivered', { region: regions }, 31_000_000),
    ],
  },
  {
    topic: 'data.pipeline',
    emitter: 'pipeline',
    families: [
      gauge(
        'rows_loaded',
        '{row}',
        'Rows of a finished load, when one finishes',
        { job: ['orders', 'clicks', 'stock'] },
        ({ s, own, wave }) =>
          (s + Math.floor(own * 53)) % 53 === 0 ? Math.round(40_000 + 25_000 * wave(53)) : undefined,
        { isSparse: true },
      ),
      gauge(
        'watermark_age',
        's',
        'How old the newest loaded row is',
        { job: ['orders', 'clicks', 'stock'] },
        ({ s, own }) => 10 + ((s + own * 90) % 90),
        { everyS: 10 },
      ),
    ],
  },
  {
    topic: 'ml.fraud',
    emitter: 'fraud-scorer',
    families: [
      gauge('score', '1', 'Score of a payment', { model: ['v7', 'v8'], quantile }, share(0.2)),
      gauge('blocked_ratio', '1', 'Share of payments blocked', { model: ['v7', 'v8'] }, faults(0.012)),
      counter('scored_total', '{payment}', 'Payments scored', { model: ['v7', 'v8'] }, 38),
    ],
  },
  {
    topic: 'logistics.tracking',
    emitter: 'gps-north',
    families: [
      gauge('vans_moving', '{van}', 'Vans on the road', { city: ['hamburg', 'kiel'] }, whole(level(60, 0.1))),
      gauge('delay_minutes', 'min', 'Delay against the plan', { city: ['hamburg', 'kiel'] }, level(7, 0.4)),
    ],
  },
  {
    topic: 'mobile.api',
    emitter: 'mobile-gateway',
    families: [
      gauge('latency_seconds', 's', 'Time to answer', { os: ['android', 'ios'], quantile }, latency(0.09)),
      counter('requests_total', '{request}', 'Requests', { os: ['android', 'ios'] }, 260),
      gauge('crash_free_ratio', '1', 'Share of sessions without a crash', { os: ['android', 'ios'] }, share(0.996)),
    ],
  },
  {
    topic: 'mobile.push',
    emitter: 'push-sender',
    families: [
      gauge('queue_depth', '{message}', 'Messages waiting', { os: ['android', 'ios'] }, queue(80)),
      counter('sent_total', '{message}', 'Messages sent', { os: ['android', 'ios'] }, 75),
    ],
  },
];
