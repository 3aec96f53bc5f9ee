import type { TopicRow } from '@tidewatch/schemas/message-server';
import { describe, expect, test } from 'vitest';
import { homeVerdict, troubledTopics } from '#lib/shell/home-verdict.ts';

const NOW = 1_764_000_000_000;
const row = (topic: string, states: number[], more: Partial<TopicRow> = {}): TopicRow => ({
  topic,
  owner: 'Team',
  isSensitive: false,
  rights: ['subscribe'],
  until: null,
  series: states.reduce((a, b) => a + b, 0),
  states,
  lastSeen: NOW - 1_000,
  upstream: { state: 'live', since: 0 },
  ...more,
});
const say = (rows: TopicRow[], more: Partial<Parameters<typeof homeVerdict>[0]> = {}) =>
  homeVerdict({ rows, isKnown: true, isOnline: true, isConnecting: false, ...more }).title;

describe('home', () => {
  test('says that everything reports only where everything does', () => {
    expect(say([row('a', [5, 0, 0, 2])])).toBe('Everything reports');
    expect(say([row('a', [5, 0, 1, 0])])).toBe('1 series has fallen silent');
    expect(say([row('a', [5, 2, 1, 0])])).toBe('2 series are late');
    expect(say([row('a', [5, 0, 0, 0], { upstream: { state: 'unreachable', since: NOW } })])).toBe(
      'The gateway does not reach Kafka',
    );
  });
  test('never says so while it cannot know', () => {
    const rows = [row('a', [5, 0, 0, 0])];
    expect(say(rows, { isOnline: false })).toMatch(/Unknown/);
    expect(say(rows, { isKnown: false })).toMatch(/Reading/);
    expect(say([])).toMatch(/No topic has been seen/);
    expect(say([row('a', [], { rights: [] })])).toMatch(/open to you/);
  });
  test('lists the worst first, and of equals the longest silent', () => {
    const rows = [
      row('quiet', [0, 0, 3, 0], { lastSeen: NOW - 20_000 }),
      row('quieter', [0, 0, 3, 0], { lastSeen: NOW - 90_000 }),
      row('late', [2, 1, 0, 0]),
      row('fine', [3, 0, 0, 0]),
    ];
    expect(
      troubledTopics(rows, NOW).map(({ row: { topic }, text, since }) => `${topic}: ${text} ${since}`.trim()),
    ).toEqual(['late: 1 of 3 series late', 'quieter: silent 1:30', 'quiet: silent 20 s']);
  });
});
