// A panel in a real browser, through every state that can make its numbers old.
import { afterEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { Live } from '#lib/live/live.svelte.ts';
import { ViewState } from '#lib/view/view-state.svelte.ts';
import { createTestPort } from './panel-feed.ts';
import PanelHarness from './panel-harness.svelte';

const links: unknown[] = [];
async function show() {
  const feed = createTestPort();
  const live = new Live(feed.port);
  const view = new ViewState({
    serverNow: feed.port.serverNow,
    taken: () => live.taken(),
    onChange: (link) => links.push(link),
  });
  const screen = await render(PanelHarness, { live, view, facts: { offlineSince: null } });
  return { feed, live, view, screen };
}
afterEach(() => {
  links.length = 0;
});

/** Colours that are drawn inside of the plot, other than nothing. */
function inkOf(): number {
  let ink = 0;
  for (const canvas of document.querySelectorAll('canvas')) {
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    for (let at = 3; at < data.length; at += 4) if ((data[at] as number) > 0) ink++;
  }
  return ink;
}
const header = () => document.querySelector('header')?.textContent ?? '';

describe('a metric panel', () => {
  test('opens its topic, draws what history says, and names the lines at their ends', async () => {
    const { feed } = await show();
    feed.open();
    await expect.element(page.getByText('a-01')).toBeInTheDocument();
    await expect.poll(inkOf).toBeGreaterThan(1_000);
    expect(feed.counts()).toEqual({ opened: 1, closed: 0 });
    expect(header()).toMatch(/latency/);
    expect(header()).toMatch(/ms/);
  });

  test('unsubscribes when it is gone', async () => {
    const { feed, screen } = await show();
    feed.open();
    await expect.element(page.getByText('a-01')).toBeInTheDocument();
    await screen.unmount();
    await expect.poll(() => feed.counts().closed).toBe(1);
  });

  test('after a revoke shows who to ask, and holds no value in the page, the canvas or the store', async () => {
    const { feed, live } = await show();
    feed.open();
    await expect.poll(inkOf).toBeGreaterThan(1_000);
    feed.forbid();
    await expect.element(page.getByText('You may not see this topic')).toBeInTheDocument();
    await expect.element(page.getByText('Owner: Team Checkout')).toBeInTheDocument();
    expect(document.querySelectorAll('canvas').length).toBe(0);
    expect(document.body.textContent).not.toMatch(/a-01|b-02/);
    expect(live.feed('shop.checkout').store.byKey.size).toBe(0);
  });

  test('says since when all of it is silent, and which of it where some is', async () => {
    const { feed } = await show();
    feed.open();
    await expect.element(page.getByText('a-01')).toBeInTheDocument();
    feed.states('stale', 42_000, [1]);
    await expect.poll(header).toMatch(/1 of 2 stale/);
    await expect.element(page.getByText(/No sample since .* from b-02/)).toBeInTheDocument();
    feed.states('stale', 42_000);
    await expect.poll(header).toMatch(/Stale 4\d s/);
    feed.states('lagging', 4_200);
    await expect.poll(header).toMatch(/Lag 4\.\d s/);
    feed.states('fresh', 0);
    await expect.poll(header).not.toMatch(/Lag|Stale/);
  });

  test('says that Kafka is out of reach of the gateway, and that the gateway is behind', async () => {
    const { feed } = await show();
    feed.open();
    await expect.element(page.getByText('a-01')).toBeInTheDocument();
    feed.upstream({ state: 'unreachable', since: Date.now() - 8_000 });
    await expect.poll(header).toMatch(/No Kafka 8 s/);
    feed.upstream({ state: 'behind', since: Date.now(), lagOffsets: 18_240, lagMs: 4_200 });
    await expect.element(page.getByText('Gateway is 18,240 offsets behind Kafka')).toBeInTheDocument();
  });

  test('offline says so, whatever else it was', async () => {
    const { feed, screen } = await show();
    feed.open();
    await expect.element(page.getByText('a-01')).toBeInTheDocument();
    await screen.rerender({ facts: { offlineSince: Date.now() - 42_000 } });
    await expect.poll(header).toMatch(/offline 0:4\d/);
  });

  test('paused stands still while samples go on, and says how many wait', async () => {
    const { feed, view, live } = await show();
    feed.open();
    await expect.poll(inkOf).toBeGreaterThan(1_000);
    view.pause();
    await expect.poll(header).toMatch(/0:0\d/);
    const at = Math.floor(Date.now() / 1_000) * 1_000 + 1_000;
    const columns = { time: at, series: [0, 1], last: [999, 999], min: [999, 999], max: [999, 999] };
    live.feed('shop.checkout').store.delta({
      topicId: 1,
      from: 2,
      to: 3,
      at,
      defs: [],
      retired: [],
      states: [],
      ages: [],
      buckets: [columns],
      checksum: null,
    });
    expect(view.waiting()).toBe(2);
    expect(document.body.textContent).not.toMatch(/999/);
    view.live();
    expect(view.waiting()).toBe(0);
  });

  test('is a table too, of the same samples, and can be read by keys', async () => {
    const { feed } = await show();
    feed.open();
    await expect.poll(inkOf).toBeGreaterThan(1_000);
    const slider = page.getByRole('slider');
    await expect.poll(() => document.querySelectorAll('li b').length).toBe(2);
    (slider.element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowLeft}');
    await expect
      .poll(() => slider.element().getAttribute('aria-valuetext'))
      .toMatch(/a-01 1\d\d ms, b-02 1\d\d ms|b-02 1\d\d ms, a-01 1\d\d ms/);
    await page.getByRole('button', { name: /as table/ }).click();
    await expect.element(page.getByRole('table')).toBeInTheDocument();
    expect(document.querySelectorAll('tbody tr').length).toBeGreaterThan(10);
  });
});
